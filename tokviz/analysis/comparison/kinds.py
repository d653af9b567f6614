"""What kinds of text a tokenizer spends its tokens on: words by script, whitespace, digits, punctuation.

Vectorised: 10 MB take some 0.1 s, and a few hundredths more for each tokenizer.
"""

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.comparison.scripts import SCRIPT_RANGES, SCRIPTS
from tokviz.analysis.tokens.characters import character_end
from tokviz.language import N_

_PLAIN = (
    *(N_("Whitespace"), N_("Digits"), N_("Punctuation")),
    *(N_("Symbols"), N_("Emoji"), N_("Control characters")),
)
_WHITESPACE, _DIGITS, _PUNCTUATION, _SYMBOLS, _EMOJI, _CONTROL = range(len(_PLAIN))
_OTHER_SCRIPT = len(_PLAIN) + len(SCRIPTS)
KINDS: tuple[str, ...] = (*_PLAIN, *SCRIPTS, N_("Other letters and marks"))
"""The names of the kinds in English; a kind is its index here. Letters and marks are of their script's kind,
digits include numerals of every script, and control characters include format characters such as joiners."""
FIRST_SCRIPT = len(_PLAIN)
"""The kinds from here on are words (letters and marks), by script."""

_BY_CATEGORY = {"N": _DIGITS, "P": _PUNCTUATION, "S": _SYMBOLS, "C": _CONTROL, "Z": _WHITESPACE}
_PICTOGRAPHS = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x231A, 0x231B), (0x23E9, 0x23FA), (0x2B05, 0x2B55))
"""The blocks whose symbols are drawn as emoji, or are in part (Unicode's emoji-data.txt, version 15.1)."""
_EMOJI_PARTS = ((0xFE0F, 0xFE0F), (0x20E3, 0x20E3), (0xE0020, 0xE007F))
"""What stands in emoji sequences only: the emoji presentation selector, the keycap, and tags."""
_ALL_LETTERS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x20000, 0x3FFFF))
"""Large blocks of nothing but letters: their characters need not be looked up one by one."""
_CODE_POINTS = 0x110000
_BLOCK = 1 << 16
"""Bytes or tokens taken in one step: little enough to stay in the processor's cache."""
_LONGEST_RUN = 160
"""Bytes of whitespace in one token that are common enough to be looked at for all tokens at once."""

Kinds = NDArray[np.uint8]


def byte_totals(data: bytes) -> NDArray[np.int64]:
    """The bytes of each kind in ``data`` (valid UTF-8); those of a text's parts add up to the whole's."""
    return _histogram(byte_kinds(data))


def token_totals(data: bytes, ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The tokens of each kind in ``data``, a part of a text between two tokens' ends, which tokens at
    ``ends`` (offsets in ``data``) cover; those of the parts add up to the whole's."""
    return _histogram(token_kinds(byte_kinds(data), ends))


def byte_kinds(data: bytes) -> Kinds:
    """The kind of the character that each byte of ``data`` (valid UTF-8) belongs to: ``uint8[len(data)]``."""
    table = _table()
    ascii_table = table[np.arange(256) & 0x7F].tobytes()
    kinds = np.empty(len(data), np.uint8)
    start = 0
    while start < len(data):
        stop = character_end(data, min(start + _BLOCK, len(data)))
        part = data[start:stop]
        if part.isascii():
            kinds[start:stop] = np.frombuffer(part.translate(ascii_table), np.uint8)
        else:
            kinds[start:stop] = _mixed(part, table)
        start = stop
    return kinds


def token_kinds(kinds: Kinds, ends: NDArray[np.int64]) -> Kinds:
    """The kind of each token, given those of the text's bytes: ``uint8[len(ends)]``.

    A token is of the kind of its first byte that is no whitespace (so `` the`` is a word), or whitespace if
    it has none; one that begins or ends inside a character is of that character's kind. A token without bytes
    is of the kind of the text before it.
    """
    found = np.full(len(ends), _CONTROL, np.uint8)
    if not len(kinds):
        return found
    for low in range(0, len(ends), _BLOCK):
        stops = ends[low : low + _BLOCK]
        starts = np.empty_like(stops)
        starts[:1] = ends[low - 1] if low else 0
        starts[1:] = stops[:-1]
        found[low : low + _BLOCK] = _first_solid(kinds, starts, stops)
    return found


def _first_solid(kinds: Kinds, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Kinds:
    lengths = stops - starts
    starts = starts - ((lengths == 0) & (starts > 0))
    found: Kinds = kinds.take(starts)
    # Whitespace before a word is one character as a rule, so this step for all settles nearly all.
    longer = (found == _WHITESPACE) & (lengths > 1)
    np.copyto(found, kinds.take(starts + longer), where=longer)
    open_ones = np.flatnonzero(longer & (found == _WHITESPACE) & (lengths > 2))
    for index in range(2, _LONGEST_RUN):
        if not len(open_ones):
            return found
        found[open_ones] = kinds[starts[open_ones] + index]
        still = (found[open_ones] == _WHITESPACE) & (lengths[open_ones] > index + 1)
        open_ones = open_ones[still]
    for one in open_ones:  # no known vocabulary has tokens like these; a user's own may
        solid = np.flatnonzero(kinds[starts[one] : stops[one]] != _WHITESPACE)
        found[one] = kinds[starts[one] + solid[0]] if len(solid) else _WHITESPACE
    return found


def _mixed(part: bytes, table: Kinds) -> Kinds:
    points = np.frombuffer(part.decode().encode("utf-32-le"), np.uint32)
    starts = np.flatnonzero((np.frombuffer(part, np.uint8) & 0xC0) != 0x80)
    widths = np.diff(starts, append=len(part))
    repeated: Kinds = np.repeat(table[points], widths)
    return repeated


def _histogram(kinds: Kinds) -> NDArray[np.int64]:
    counts = np.zeros(len(KINDS), np.int64)
    for start in range(0, len(kinds), _BLOCK):  # bincount copies what it counts at eight times the size
        counts += np.bincount(kinds[start : start + _BLOCK], minlength=len(KINDS))
    return counts


@cache
def _table() -> Kinds:
    """The kind of every code point: ``uint8[0x110000]``, made when first needed."""
    table = np.full(_CODE_POINTS, _CONTROL, np.uint8)
    scripts = np.full(_CODE_POINTS, _OTHER_SCRIPT, np.uint8)
    for first, last, script in SCRIPT_RANGES:
        scripts[first : last + 1] = FIRST_SCRIPT + SCRIPTS.index(script)
    for first, last in _ALL_LETTERS:
        table[first : last + 1] = scripts[first : last + 1]
    position = 0
    for first, last in (*_ALL_LETTERS[:3], (0xD800, 0xF8FF), (0x20000, 0xDFFFF), (0xE0200, _CODE_POINTS)):
        for point in range(position, first):
            character = chr(point)
            category = unicodedata.category(character)[0]
            table[point] = scripts[point] if category in "LM" else _BY_CATEGORY[category]
            if character.isspace():
                table[point] = _WHITESPACE
        position = last + 1
    for first, last in _PICTOGRAPHS:
        block = table[first : last + 1]
        block[block == _SYMBOLS] = _EMOJI
    for first, last in _EMOJI_PARTS:
        table[first : last + 1] = _EMOJI
    return table
