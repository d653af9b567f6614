"""A value as JSON, made part by part, so that a large one holds up nobody."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

_STEP = 1 << 17
"""Characters of a part, and of a text that is written in one step."""
_DEEPEST = 100


def json_parts(value: object) -> Iterator[bytes]:
    """``value`` as JSON that people can read, in UTF-8. Half a surrogate pair is an escape."""
    waiting: list[str] = []
    size = 0
    for piece in _written(value, "\n", 0):
        waiting.append(piece)
        size += len(piece)
        if size >= _STEP:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _written(value: object, line: str, depth: int) -> Iterator[str]:
    """``line``: what begins a line in front of the value."""
    if is_dataclass(value):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, str):
        yield '"'
        yield from (_quoted(value[start : start + _STEP]) for start in range(0, len(value), _STEP))
        yield '"'
    elif depth < _DEEPEST and isinstance(value, Mapping) and value:
        named = ((f'"{_quoted(str(key))}": ', each) for key, each in value.items())
        yield from _enclosed("{}", named, line, depth)
    elif depth < _DEEPEST and isinstance(value, (list, tuple)) and value:
        yield from _enclosed("[]", (("", each) for each in value), line, depth)
    else:
        yield json.dumps(value)


def _enclosed(signs: str, values: Iterable[tuple[str, object]], line: str, depth: int) -> Iterator[str]:
    inner, before = f"{line}  ", signs[0]
    for name, each in values:
        yield f"{before}{inner}{name}"
        yield from _written(each, inner, depth + 1)
        before = ","
    yield f"{line}{signs[1]}"


def _quoted(text: str) -> str:
    """What stands between the quotation marks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(text)[1:-1]
    return json.dumps(text, ensure_ascii=False)[1:-1]
