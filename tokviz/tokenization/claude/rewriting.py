"""Normalized texts as Claude's tokenizer sees them: marks for words, their capitals, and single spaces.

A text is split into runs of one kind. A word stands between OPEN and CLOSE; a run of punctuation, signs or
numbers of other scripts takes OPEN on the left where it stands behind a space, CLOSE on the right where it
stands before a single one. A space between CLOSE and OPEN is left out: the two say it. Each rule was measured
by ctok's author against the maker's own counts. Many texts are rewritten at once, in numpy.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.claude.characters import (
    CAPITAL,
    CASELESS,
    FLOATING,
    KIND,
    NEW_CASE_PAIRS,
    SMALL,
    Characters,
    Kind,
)
from tokviz.tokenization.claude.families import Family
from tokviz.tokenization.claude.vocabulary import CAPITALS, CLOSE, OPEN, SHIFT, Codes

_Flags = NDArray[np.bool_]
_Numbers = NDArray[np.int64]

_ONE_LETTER = [ord(c) for c in "stdm"]
_TWO_LETTERS = [ord(a) << 16 | ord(b) for a, b in ("ll", "re", "ve")]
"""What an apostrophe joins to the word before it, in small letters only."""
_SPACE, _APOSTROPHE = ord(" "), ord("'")
_DOTTED_I, _SHARP_S = ord("İ"), ord("ẞ")
_NEVER_LOWERED = ord("\u03f4")
_WITHOUT_CASE_MARK = 0x01
"""Of a character: no mark says that a word with it has capitals. (In place of its kind.)"""


class _Group(IntEnum):
    """Which kinds make up a run."""

    WORD = 0
    DIGITS = 1
    PUNCTUATION = 2
    SPACE = 3
    SIGNS = 4
    NUMBERS = 5
    LETTERS = 6
    EDGE = 7
    """A separator: always a run of its own."""


_EDGE = 15
"""The kind of separators."""
_GROUPS = {
    Kind.WORD: _Group.WORD,
    Kind.WORD_SYMBOL: _Group.WORD,
    Kind.DIGIT: _Group.DIGITS,
    Kind.OTHER_DIGIT: _Group.DIGITS,
    Kind.PUNCTUATION: _Group.PUNCTUATION,
    Kind.SPACE: _Group.SPACE,
    Kind.SIGN: _Group.SIGNS,
    Kind.DECIMAL: _Group.NUMBERS,
    Kind.NUMBER: _Group.NUMBERS,
    Kind.LETTER_ALONE: _Group.LETTERS,
    Kind.SELECTOR: _Group.LETTERS,
}


@dataclass(frozen=True, slots=True)
class _Runs:
    """The runs of some texts, their separators among them; one entry for each run. Behind the last and
    before the first stands a separator, so neighbours are found by rolling."""

    codes: Codes
    starts: _Numbers
    lengths: _Numbers
    groups: NDArray[np.uint8]
    first: NDArray[np.uint8]
    """The kind of the first character."""
    last: NDArray[np.uint8]
    uniform: _Flags
    """Whether all characters of a run of numbers are of one kind."""

    @property
    def initial(self) -> Codes:
        """The first characters."""
        return self.codes[self.starts]

    @property
    def opening(self) -> _Flags:
        """Whether the run takes OPEN behind a space."""
        of_first: _Flags = (self.first == Kind.OTHER_DIGIT) | (self.first == Kind.SELECTOR)
        opening: _Flags = self._bordered | of_first
        return opening

    @property
    def closing(self) -> _Flags:
        """Whether the run takes CLOSE before a single space. A word always does: of one, whether a
        contraction behind it is none."""
        of_last: _Flags = (self.last == Kind.OTHER_DIGIT) | (self.last == Kind.SELECTOR)
        closing: _Flags = self._bordered | of_last | (self.last == Kind.WORD_SYMBOL)
        return closing

    @property
    def _bordered(self) -> _Flags:
        """Whether it takes both."""
        whole: _Flags = (self.groups == _Group.PUNCTUATION) | (self.groups == _Group.SIGNS) | self.uniform
        return whole

    @property
    def apostrophes(self) -> _Flags:
        """Whether the run is one apostrophe."""
        alone = (self.groups == _Group.PUNCTUATION) & (self.lengths == 1)
        apostrophes: _Flags = alone & (self.initial == _APOSTROPHE)
        return apostrophes

    @property
    def contractions(self) -> _Flags:
        """Whether the run is a word joined to the one before by an apostrophe that stands alone."""
        second = self.codes[np.minimum(self.starts + 1, len(self.codes) - 1)]
        one = (self.lengths == 1) & np.isin(self.initial, _ONE_LETTER)
        two = (self.lengths == 2) & np.isin(self.initial << 16 | second, _TWO_LETTERS)
        joined: _Flags = (one | two) & np.roll(self.apostrophes, 1) & ~np.roll(self.closing, 2)
        return joined


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Texts with their marks."""

    codes: Codes
    """The new characters; a 0 before, between and behind texts."""
    ends: _Numbers
    """For each of them how far into the given characters it reaches. Marks take up nothing; a space left
    out belongs to what follows it."""


class Rewriter:
    """Rewrites normalized texts for one family. Immutable."""

    def __init__(self, family: Family, characters: Characters) -> None:
        self._opens_word = family.opens_word
        self._shortest_capitals = family.shortest_capitals
        self._kinds = characters & KIND
        self._kinds[0] = _EDGE
        self._groups = np.full(16, _Group.EDGE, np.uint8)
        self._groups[list(_GROUPS)] = list(_GROUPS.values())
        self._cases = characters & ~np.uint8(KIND)
        self._cases[_DOTTED_I] = SMALL
        self._cases[_SHARP_S] |= _WITHOUT_CASE_MARK
        self._lowered = _small_letters()

    def rewrite(self, codes: Codes, leading_space: _Flags) -> Rewritten:
        """``codes``: the characters of texts without line feeds at their ends, a 0 before, between and behind
        them. ``leading_space``: whether each text began with a space before it was normalized."""
        origin = np.arange(len(codes))
        if self._opens_word and leading_space.any():
            start = np.flatnonzero(codes[:-1] == 0)[leading_space] + 1
            said = start[codes[start] == _SPACE]
            # The frame's opening mark already says it.
            origin = np.delete(origin, said[codes[said + 1] != _SPACE])
            codes = codes[origin]
        runs = self._runs(codes)
        words = runs.groups == _Group.WORD
        quoting = runs.apostrophes & np.roll(words, -1)
        space = runs.groups == _Group.SPACE
        behind = np.roll(space & (codes[runs.starts + runs.lengths - 1] == _SPACE), 1)
        if self._opens_word:
            behind |= np.roll(runs.groups == _Group.EDGE, 1)
        second = codes[np.minimum(runs.starts + 1, len(codes) - 1)]
        double = (runs.lengths > 1) & (second == _SPACE)
        single = np.roll(space & (runs.initial == _SPACE) & ~double, -1)
        opened = np.where(words, ~runs.contractions, runs.opening & behind & ~quoting)
        closed = words | (runs.closing & single)
        capitals, begins = self._capitals(runs)
        framed = self._framed(runs, quoting)
        between = space & (runs.lengths == 1) & (runs.initial == _SPACE)
        dropped = between & np.roll(closed, 1) & np.roll(opened, -1)
        marks = (
            framed,
            np.where(capitals, ord(CAPITALS), np.where(begins, ord(SHIFT), 0)),
            np.where(opened, ord(OPEN), 0),
        )
        small = np.where(np.repeat(capitals | begins, runs.lengths), self._lowered[codes & 0xFFFF], codes)
        return _joined(runs, small, marks, np.where(closed, ord(CLOSE), 0), dropped, origin)

    def _runs(self, codes: Codes) -> _Runs:
        low = np.minimum(codes, 0xFFFF)
        kinds = np.where(codes > 0xFFFF, np.uint8(Kind.LETTER_ALONE), self._kinds[low])
        groups = self._groups[kinds]
        for place in np.flatnonzero(kinds == Kind.SELECTOR).tolist():
            # It belongs to the sign, number or letter before it.
            if groups[place - 1] in (_Group.SIGNS, _Group.NUMBERS):
                groups[place] = groups[place - 1]
        starts = np.append(0, np.flatnonzero((groups[1:] != groups[:-1]) | (codes[1:] == 0)) + 1)
        lengths = np.diff(np.append(starts, len(codes)))
        uniform = groups[starts] == _Group.NUMBERS
        if uniform.any():
            uniform &= np.minimum.reduceat(kinds, starts) == np.maximum.reduceat(kinds, starts)
        last = kinds[starts + lengths - 1]
        return _Runs(codes, starts, lengths, groups[starts], kinds[starts], last, uniform)

    def _capitals(self, runs: _Runs) -> tuple[_Flags, _Flags]:
        """Which words are in capitals, and which others begin with one and have no other. (İ is neither
        capital nor small in the middle of a word, ẞ keeps a word from either, and so does a first character
        that is a mark without a letter.)"""
        cases = np.where(runs.codes > 0xFFFF, np.uint8(0), self._cases[np.minimum(runs.codes, 0xFFFF)])
        some = np.bitwise_or.reduceat(cases, runs.starts)
        first = cases[runs.starts]
        free = (runs.groups == _Group.WORD) & (some & _WITHOUT_CASE_MARK == 0) & (first & FLOATING == 0)
        capitals = np.zeros(len(runs.starts), np.bool_)
        if self._shortest_capitals is not None:
            capitals = free & (some & CAPITAL != 0) & (some & (SMALL | CASELESS) == 0)
            capitals &= runs.lengths >= self._shortest_capitals
        number = np.add.reduceat((cases & CAPITAL != 0).astype(np.int64), runs.starts)
        return capitals, free & ~capitals & (first & CAPITAL != 0) & (number == 1)

    def _framed(self, runs: _Runs, quoting: _Flags) -> NDArray[np.int64]:
        """What becomes of the opening mark that the frame ends in: a character before the first run of each
        text, or 0 where that run takes it up."""
        if not self._opens_word:
            return np.zeros(len(runs.starts), np.int64)
        begins = np.roll(runs.groups == _Group.EDGE, 1)
        begins[0] = False
        takes_it = (runs.groups == _Group.WORD) | runs.opening | (runs.initial == _SPACE)
        return np.where(begins, np.where(quoting, _SPACE, np.where(takes_it, 0, ord(OPEN))), 0)


def _joined(
    runs: _Runs,
    body: Codes,
    marks: tuple[NDArray[np.int64], ...],
    close: NDArray[np.int64],
    dropped: _Flags,
    origin: _Numbers,
) -> Rewritten:
    """The runs with their marks before and behind them, without those that are dropped."""
    lengths = np.where(dropped, 0, runs.lengths)
    before = np.sum([mark != 0 for mark in marks], axis=0)
    sizes = before + lengths + (close != 0)
    until = np.cumsum(sizes)
    codes = np.zeros(int(until[-1]), np.uint32)
    ends = np.zeros(len(codes), np.int64)
    at = until - sizes
    limits = np.append(origin, origin[-1] + 1)
    for mark in marks:
        here = np.flatnonzero(mark)
        codes[at[here]] = mark[here]
        ends[at[here]] = limits[runs.starts[here]]
        at = at + (mark != 0)
    kept = np.repeat(~dropped, runs.lengths)
    places = (np.repeat(at - runs.starts, runs.lengths) + np.arange(len(body)))[kept]
    codes[places] = body[kept]
    ends[places] = origin[kept] + 1
    here = np.flatnonzero(close)
    codes[until[here] - 1] = close[here]
    ends[until[here] - 1] = origin[runs.starts[here] + runs.lengths[here] - 1] + 1
    return Rewritten(codes, ends)


def _small_letters() -> Codes:
    """``uint32[65536]``: each character in small letters, by itself. İ and ϴ are left as they are."""
    codes = np.arange(0x10000, dtype=np.uint32)
    halves = [bytes(codes[a:b].tobytes()).decode("utf-32-le", "surrogatepass") for a, b in _AROUND_DOTTED_I]
    lowered = "İ".join(half.lower() for half in halves)
    small = np.frombuffer(lowered.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    small[_NEVER_LOWERED] = _NEVER_LOWERED
    for capital, letter in NEW_CASE_PAIRS.items():
        small[ord(capital)] = ord(letter)
    return small


_AROUND_DOTTED_I = ((0, _DOTTED_I), (_DOTTED_I + 1, 0x10000))
"""The one character that becomes two."""
