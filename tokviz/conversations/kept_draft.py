"""A draft as it is kept until it is saved: all of it, also what it was when it was opened."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import msgspec

from tokviz.conversations.draft import Draft

_STEP = 1 << 17
"""Characters of a text that are written in one step."""
_DEEPEST = 100


def keep_draft(draft: Draft, opened: Draft) -> bytes:
    """A draft and what was opened or saved last, as ``kept_draft`` reads them. Half a surrogate pair stays
    the escape that it was."""
    return b"".join(draft_parts(draft, opened))


def draft_parts(draft: Draft, opened: Draft) -> Iterator[bytes]:
    """The same part by part, each of which takes no time."""
    return (part.encode() for part in _written({"draft": draft, "opened": opened}, 0))


def _written(value: object, depth: int) -> Iterator[str]:
    """``value`` as JSON; all that is no ASCII as escapes, so that a text may be cut anywhere."""
    if is_dataclass(value):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, str) and len(value) > _STEP:
        yield '"'
        for start in range(0, len(value), _STEP):
            yield json.dumps(value[start : start + _STEP])[1:-1]
        yield '"'
    elif depth < _DEEPEST and isinstance(value, Mapping):
        for number, (key, each) in enumerate(value.items()):
            yield f"{', ' if number else '{'}{json.dumps(str(key))}: "
            yield from _written(each, depth + 1)
        yield "}" if value else "{}"
    elif depth < _DEEPEST and isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            yield ", " if number else "["
            yield from _written(each, depth + 1)
        yield "]" if value else "[]"
    else:
        yield json.dumps(value)


def kept_draft(data: bytes) -> tuple[Draft, Draft]:
    """The draft, and what was opened or saved. ValueError if ``data`` is nothing of the kind."""
    try:
        told = json.loads(data)
        return msgspec.convert(told["draft"], Draft), msgspec.convert(told["opened"], Draft)
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no draft that was kept") from error
