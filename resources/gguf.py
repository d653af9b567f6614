"""Reading the key-value part of a GGUF file, llama.cpp's format."""

import struct


def strings(value: object) -> tuple[bytes, ...]:
    """A GGUF value that must be a list of strings."""
    if not isinstance(value, tuple):
        raise ValueError("the GGUF file does not hold the expected lists")
    return value


def read_gguf(data: bytes) -> dict[str, object]:
    """The key-value part of a GGUF file; lists are tuples, strings are bytes."""
    formats = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
    at = 4

    def numbers(form: str, count: int = 1) -> tuple[int, ...]:
        nonlocal at
        form = f"<{count}{form}"
        at += struct.calcsize(form)
        return struct.unpack_from(form, data, at - struct.calcsize(form))

    def string() -> bytes:
        nonlocal at
        (size,) = numbers("Q")
        at += size
        return data[at - size : at]

    def value(kind: int) -> object:
        if kind == 8:
            return string()
        if kind != 9:
            return numbers(formats[kind])[0]
        (inner,), (count,) = numbers("I"), numbers("Q")
        return tuple(string() for _ in range(count)) if inner == 8 else numbers(formats[inner], count)

    if data[:4] != b"GGUF":
        raise ValueError("it is not a GGUF file")
    _version, _tensors, keys = *numbers("I"), *numbers("Q"), *numbers("Q")
    fields: dict[str, object] = {}
    for _ in range(keys):
        key = string().decode()
        fields[key] = value(*numbers("I"))
    return fields
