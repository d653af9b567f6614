"""JSON, pretty and minified, and JSON Lines: read with a note of what is lost in reading, and written."""

import json
import re
from collections.abc import Callable
from json.encoder import encode_basestring

from tokviz.analysis.forms.values import (
    TOO_DEEP,
    BoundsError,
    FormError,
    Value,
    check_bounds,
    first_repeated,
    named_twice,
    number,
    spelled,
    wrong_at,
)

Note = Callable[[str], object]
"""Is told what a reader could not keep, as one sentence."""
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a UTF-16 pair, which JSON can escape and UTF-8 cannot hold."""


def read_json(text: str, note: Note) -> Value:
    """The data of a JSON text. ``NaN`` and ``Infinity``, which Python writes, are read too."""
    try:
        value: Value = _decoder(note).decode(text)
    except json.JSONDecodeError as error:
        raise FormError(wrong_at(error.lineno, error.colno, error.msg)) from None
    except RecursionError:
        raise BoundsError(TOO_DEEP) from None
    check_bounds(value)
    return value


def read_json_lines(text: str, note: Note) -> Value:
    """The data of each line, as a list; blank lines are skipped."""
    decoder, values = _decoder(note), []
    for number_, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                values.append(decoder.decode(line))
            except json.JSONDecodeError as error:
                raise FormError(wrong_at(number_, error.colno, error.msg)) from None
            except RecursionError:
                raise BoundsError(TOO_DEEP) from None
    check_bounds(values)
    return values


def _decoder(note: Note) -> json.JSONDecoder:
    def unite(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
        united = dict(pairs)
        if len(united) < len(pairs):
            twice = first_repeated(name for name, _value in pairs)
            note(named_twice(twice or ""))
        return united

    return json.JSONDecoder(object_pairs_hook=unite, parse_int=number, parse_float=number)


def write_minified(value: Value) -> str:
    """JSON without any white space."""
    parts: list[str] = []
    _write(value, parts.append, None, "")
    return _escaped("".join(parts))


def write_pretty(value: Value) -> str:
    """JSON with two spaces a level, and a line end."""
    parts: list[str] = []
    _write(value, parts.append, "  ", "\n")
    return _escaped("".join(parts) + "\n")


def write_json_lines(value: Value) -> str:
    """A minified line for each item of a list, or one line for anything else."""
    items = value if isinstance(value, list) else [value]
    return "".join(f"{write_minified(item)}\n" for item in items)


def _write(value: Value, put: Callable[[str], object], indent: str | None, line: str) -> None:
    """``indent``: a level's white space, None for none; ``line`` begins a line at the level of ``value``."""
    if isinstance(value, str):
        put(encode_basestring(value))
    elif not isinstance(value, list | dict):
        put(spelled(value))
    elif not value:
        put("{}" if isinstance(value, dict) else "[]")
    else:
        inner, colon = ("", ":") if indent is None else (line + indent, ": ")
        named = isinstance(value, dict)
        before = ("{" if named else "[") + inner
        for name, item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
            put(before if name is None else f"{before}{encode_basestring(name)}{colon}")
            _write(item, put, indent, inner)
            before = f",{inner}"
        put(f"{line}{'}' if named else ']'}")


def _escaped(text: str) -> str:
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
