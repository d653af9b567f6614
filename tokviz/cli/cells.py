"""Texts by the cells that they take in a terminal: Chinese and Japanese letters take two, accents none."""

import re
import unicodedata
from collections.abc import Iterator
from textwrap import wrap

_NO_CELL = {"Mn", "Me", "Cf"}
"""Categories of what is drawn onto the letter before, or not at all."""
_SOFT_HYPHEN = "\u00ad"
"""The one of them that terminals give a cell."""
_STARTS_NO_LINE = frozenset(
    "、。，．・：；？！）」』】〕］｝〉》ー～…‥々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.:;?!)]}%”’"
)
_ENDS_NO_LINE = frozenset("（「『【〔［｛〈《([{“‘$")
_WORDS = re.compile(r"\s+|\S+")


def display_width(text: str) -> int:
    """How many cells ``text`` takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def pad(text: str, width: int, right: bool) -> str:
    """``text`` filled up with spaces to ``width`` cells."""
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def shortened(text: str, most: int) -> str:
    """``text`` if it takes at most so many cells; else its beginning and an ellipsis."""
    return text if display_width(text) <= most else _beginning(text, most - 1) + "…"


def shortened_inside(text: str, most: int) -> str:
    """``text`` if it takes at most so many cells; else its two ends and an ellipsis between them."""
    if display_width(text) <= most:
        return text
    start = _beginning(text, most // 2)
    return f"{start}…{_end(text, most - 1 - display_width(start))}"


def shortened_before(text: str, most: int) -> str:
    """``text`` if it takes at most so many cells; else an ellipsis and its end."""
    return text if display_width(text) <= most else "…" + _end(text, most - 1)


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most ``width`` cells, all but the first indented. Words of Latin letters stay whole; a line
    may end between letters that take two cells, except before a full stop and the like."""
    if not any(_width(letter) == 2 for letter in text):
        return wrap(text, width, subsequent_indent=indent)
    lines: list[str] = []
    line = ""
    for word in _unbroken(" ".join(text.split())):
        room = width - display_width(line)
        if display_width(word.rstrip()) > room and line.strip():
            lines.append(line.rstrip())
            line, room = indent, width - len(indent)
        while display_width(word.rstrip()) > room:
            part = _beginning(word, room) or word[0]
            lines.append(line + part)
            line, word, room = indent, word[len(part) :], width - len(indent)
        line += word if line.strip() else word.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _width(letter: str) -> int:
    if unicodedata.category(letter) in _NO_CELL and letter != _SOFT_HYPHEN:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _beginning(text: str, most: int) -> str:
    """As many letters as take at most so many cells."""
    for at, letter in enumerate(text):
        most -= _width(letter)
        if most < 0:
            return text[:at]
    return text


def _end(text: str, most: int) -> str:
    """As many of the last letters as take at most so many cells."""
    found = _beginning(text[::-1], most)[::-1]
    marks = next((at for at, letter in enumerate(found) if _width(letter)), len(found))
    return found[marks:]  # without the marks of a letter that is not there


def _unbroken(text: str) -> Iterator[str]:
    """The parts of ``text`` between which a line may end; each has the spaces that follow it."""
    part = ""
    for found in _WORDS.finditer(text):
        for letter in found[0] if not found[0].isspace() else [found[0]]:
            if part and _may_break(part[-1], letter[0]):
                yield part
                part = ""
            part += letter
    yield part


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or not _width(after):
        return False
    if before.isspace():
        return True
    wide = _width(before) == 2 or _width(after) == 2
    return wide and before not in _ENDS_NO_LINE and after not in _STARTS_NO_LINE
