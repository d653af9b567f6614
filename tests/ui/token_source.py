"""Tokens for a view, made up for a test."""

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.token_list import TokenRun
from tokviz.text.change import Change


class FixedTokens:
    """Tokens that end at the given bytes; ids count from 100. Answers as a ``TokenMap`` does."""

    def __init__(self, ends: list[int], first_index: int = 0, stale: list[int] | None = None) -> None:
        self._ends: NDArray[np.int64] = np.array(ends, np.int64)
        self._starts = np.concatenate((np.zeros(1, np.int64), self._ends[:-1])) if ends else self._ends
        self._ids = np.arange(100, 100 + len(ends)).astype(np.uint32)
        self._first = first_index
        self._stale = np.zeros(len(ends), np.bool_)
        self._stale[stale or []] = True

    @classmethod
    def every(cls, size: int, length: int) -> "FixedTokens":
        """Tokens of ``size`` bytes over a text of ``length`` bytes."""
        return cls([*range(size, length, size), length] if length else [])

    def edited(self, change: Change) -> None:
        """Move the tokens as a ``TokenMap`` moves old ones: what it touches grows or shrinks."""
        self._ends = np.array([change.map_offset(end, -1) for end in self._ends.tolist()], np.int64)
        self._starts = np.concatenate((np.zeros(1, np.int64), self._ends[:-1]))

    def tokens_in(self, start: int, end: int) -> TokenRun:
        """The tokens that touch these bytes, and those without bytes at the ends of the text."""
        first = int(np.searchsorted(self._ends, start, side="right")) if start else 0
        last = max(first, int(np.searchsorted(self._starts, end, side="left")))
        while last < len(self._ends) and self._starts[last] == self._ends[last] == end:
            last += 1
        part = slice(first, last)
        index = self._first + first if self._first >= 0 else -1
        return TokenRun(index, self._ids[part], self._starts[part], self._ends[part], self._stale[part])
