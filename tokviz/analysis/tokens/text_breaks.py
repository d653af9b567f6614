"""Where the lines and sentences of a text end, near an offset. Offsets are bytes; only what is near is read.

A line ends behind its break (``\\n``, ``\\r\\n`` or ``\\r``). A sentence ends as Unicode's annex 29 has it,
but a single line break ends none (prose is wrapped), nor does the full stop of an initial or of a numbered
line. The white space behind it belongs to the sentence.
"""

from collections.abc import Callable
from enum import StrEnum

import regex

from tokviz.analysis.tokens.characters import character_start
from tokviz.tokenization.splitting.split_points import Text

_CLOSE = r"""[\p{Pe}\p{Pf}"']*"""
_SENTENCE_END = regex.compile(
    rf"""
    (?: (?<! \b\p{{Lu}} | (?:^|[\r\n])[ \t]*\d{{1,3}} ) [.…]++ {_CLOSE} (?=\s++\P{{Ll}}|\s*\Z)
      | [.…]*[!?‽][.…!?‽]* {_CLOSE} (?=\s|\Z)
      | (?![.!?‽])\p{{Sentence_Break=STerm}}+ {_CLOSE}
      | (?=(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r))
    ) (?P<space>\s*)
    """,
    regex.VERBOSE,
)
_LINE_BREAK = regex.compile(rb"\r\n|\n|\r")
_FIRST_BLOCK, _LARGEST_BLOCK = 1 << 11, 1 << 16
"""Bytes looked at in one step."""
_CONTEXT = 256
"""Bytes beside them that may decide: the longest run of closing brackets and white space to expect."""


class BreakAt(StrEnum):
    """Where a text may be cut."""

    TOKEN = "token"
    LINE = "line"
    SENTENCE = "sentence"


def last_break(text: Text, start: int, end: int, at: BreakAt) -> int:
    """The last offset in ``start < offset <= end`` where a line or sentence ends; -1 if there is none."""
    size, find = _FIRST_BLOCK, _FINDERS[at]
    while start < end:
        low = character_start(text, max(start, end - size))
        if found := [min(stop, end) for stop in find(text, low, end) if min(stop, end) > start]:
            return found[-1]
        end, size = low, min(4 * size, _LARGEST_BLOCK)
    return -1


def first_break(text: Text, start: int, end: int, at: BreakAt) -> int:
    """The first offset in ``start <= offset < end`` behind the end of a line or sentence; -1 if there is
    none."""
    size, find = _FIRST_BLOCK, _FINDERS[at]
    low = character_start(text, max(start - 1, 0))
    while low < end - 1:
        high = character_start(text, min(low + size, end - 1))
        if high <= low:  # a character larger than what is left
            return -1
        if found := [stop for stop in find(text, low, high) if start <= stop <= high]:
            return found[0]
        low, size = high, min(4 * size, _LARGEST_BLOCK)
    return -1


def _line_ends(text: Text, low: int, high: int) -> list[int]:
    """Where lines end in ``low < offset <= high``."""
    block = bytes(text[low : high + 1])
    ends = (low + match.end() for match in _LINE_BREAK.finditer(block))
    return [end for end in ends if low < end <= high]


def _sentence_ends(text: Text, low: int, high: int) -> list[int]:
    """Where sentences end of whose end, or the white space behind it, some part is in
    ``low < offset <= high``."""
    first = character_start(text, max(low - _CONTEXT, 0))
    last = character_start(text, min(high + _CONTEXT, len(text)))
    block = bytes(text[first:last]).decode()
    ends: list[int] = []
    done, offset = 0, first
    for match in _SENTENCE_END.finditer(block):
        word_end = match.start("space")
        offset += len(block[done:word_end].encode())
        end = offset + len(match["space"].encode())
        done = word_end
        if offset > high:
            break
        if end > low:
            ends.append(end)
    return ends


_FINDERS: dict[BreakAt, Callable[[Text, int, int], list[int]]] = {
    BreakAt.LINE: _line_ends,
    BreakAt.SENTENCE: _sentence_ends,
}
