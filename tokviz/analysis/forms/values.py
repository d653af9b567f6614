"""The data that all forms hold: text, numbers, true and false, nothing, lists, and objects (values by name).

A number keeps how it is spelled: it is an ``int`` or a ``float`` where Python writes it back letter for
letter, and a ``Decimal`` everywhere else (``1.50``, ``1e5``, a number of 40 digits). So nothing is rounded.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from tokviz import language
from tokviz.language import _

Scalar: TypeAlias = str | int | float | Decimal | bool | None
Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"  # verbatim

MOST_BYTES = 2_000_000
"""Bytes of a text that is written in other forms: more than half a million tokens, in some 10 s."""
DEEPEST = 100
"""Levels of lists and objects inside one another. Python's own readers and writers recurse."""
_MOST_VALUES = 250_000
"""Values of which other forms are made: a million ones in 2 MB would take a minute in each."""
_MOST_INDENTED = 4 * MOST_BYTES
"""Bytes of white space before values in the forms that indent them by two spaces a level."""
_LONGEST_INT = 4000
"""Digits of an ``int``: Python refuses to write more than 4,300."""
_LARGEST_EXPONENT = 400
"""Powers of ten: some forms write numbers out in full, and 1e999999999 would fill the memory."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)


class FormError(Exception):
    """Data cannot be read from, or written in, a form. ``str()`` is one sentence."""


class BoundsError(FormError):
    """Data may be there, but are too much of something to be read on."""


TOO_DEEP = _("Its values are nested more than {levels} levels deep.", levels=DEEPEST)


def wrong_at(line: int, column: int, what: str) -> str:
    """A sentence about a place in a text."""
    # Translators: {what} is in English, as the library that reads the text says it.
    return _("Line {line}, column {column}: {what}.", line=line, column=column, what=what)


def named_twice(name: str) -> str:
    """A sentence about a name that stands twice."""
    return _("The name “{name}” stands twice in one object; only its last value is kept.", name=name)


def number(text: str) -> int | float | Decimal:
    """The number that ``text`` spells; BoundsError where it is larger or smaller than any use has."""
    if len(text) <= _LONGEST_INT and text.lstrip("-").isdecimal() and str(int(text)) == text:
        return int(text)
    value = float(text)
    if repr(value) == text:
        return value
    try:
        exact = Decimal(text)
    except InvalidOperation:
        raise BoundsError(_("The number {number} is out of all bounds.", number=_short(text))) from None
    if exact and abs(exact.adjusted()) > max(_LARGEST_EXPONENT, len(text)):
        raise BoundsError(_("The number {number} is out of all bounds.", number=_short(text)))
    return exact


def is_number(text: str) -> bool:
    """Whether ``text`` is a number as JSON spells it, and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def spelled(value: Scalar) -> str:
    """A number, ``true``, ``false`` or ``null`` as JSON spells it; text as it is.

    What JSON has no number for (infinity, and what is none) is ``null``.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case float():
            return repr(value) if is_finite(value) else "null"
    return str(value)


def unspelled(text: str) -> Scalar:
    """The number, ``true`` or ``false`` that a cell spells, where nothing else tells; else its text."""
    if text in ("true", "false"):
        return text == "true"
    return number(text) if is_number(text) else text


def is_finite(value: float) -> bool:
    """Whether it is a number, and not infinite."""
    return value - value == 0


def check_bounds(value: Value) -> None:
    """BoundsError if lists and objects lie deeper inside one another than ``DEEPEST``, if there are too many
    values, or so many so deep that an indented form would be many times as long."""
    level: list[Value] = [value]
    indented = values = 0
    for depth in range(1, DEEPEST + 1):
        level = [inner for each in level for inner in _inside(each)]
        indented += 2 * depth * len(level)
        values += len(level)
        if values > _MOST_VALUES:
            most = language.number(_MOST_VALUES)
            raise BoundsError(_("It holds more than {n} values: select a part.", n=most))
        if indented > _MOST_INDENTED:
            raise BoundsError(
                _("Its values are nested so deeply that forms that indent them would be too long.")
            )
        if not level:
            return
    if any(isinstance(each, list | dict) for each in level):
        raise BoundsError(TOO_DEEP)


def first_repeated(names: Iterable[str]) -> str | None:
    """The first name that was there before; None if all differ."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _inside(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:17]}…"
