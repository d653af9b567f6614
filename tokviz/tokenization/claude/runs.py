"""Long runs of one character, in which the longest piece of that character comes again and again.

Let M be the characters of that longest piece. Of the pieces that lie in a run and are shorter, fewer than M
are ever needed: of any M of them, some have lengths that add up to a multiple of M, and longest pieces cover
that with fewer tokens. At each end of the run another piece may reach into it. So where a run has more than
M² characters and those of two pieces, a longest piece is among the fewest, and without it there is one token
less.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Runs:
    """Shortens runs. Immutable."""

    def __init__(self, pieces: Sequence[str]) -> None:
        """``pieces``: sorted, so that of one character's runs the longest comes last."""
        self._longest = {
            piece[0]: len(piece)
            for piece in pieces
            if piece[0] == piece[-1] and piece == piece[0] * len(piece)
        }
        self._reach = 2 * max(map(len, pieces), default=0)

    def surplus(self, character: str, length: int) -> tuple[int, int]:
        """Of a run, how many characters can be left out, and how many tokens those are."""
        longest = self._longest.get(character, 1)
        tokens = max(length - longest**2 - self._reach, 0) // longest if longest > 1 else 0
        return tokens * longest, tokens

    def shorten(
        self, codes: NDArray[np.uint32], more: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Texts with long runs shortened, and what has to be added at each character."""
        if len(codes) <= self._reach:
            return codes, more
        starts = np.append(0, np.flatnonzero(codes[1:] != codes[:-1]) + 1)
        lengths = np.diff(np.append(starts, len(codes)))
        long = np.flatnonzero(lengths > self._reach)
        kept, added = np.ones(len(codes), np.bool_), more.copy()
        for start, length in zip(starts[long].tolist(), lengths[long].tolist(), strict=True):
            characters, tokens = self.surplus(chr(int(codes[start])), length)
            kept[start + 1 : start + 1 + characters] = False
            added[start] += tokens
        return codes[kept], added[kept]
