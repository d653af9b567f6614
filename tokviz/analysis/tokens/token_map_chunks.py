"""The chunks of a token map: bytes between two split points, with their tokens or what is left of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.range_map import Chunk

UNKNOWN = 0xFFFF_FFFF
"""The id of a token that is not known yet; no vocabulary has it."""

Ids = NDArray[np.uint32]


@dataclass(slots=True, eq=False)
class TokenChunk(Chunk):
    """``length`` bytes of text with the tokens that cover them.

    ``ids`` and ``ends`` are ``uint32[n]``; ``ends`` counts bytes from the chunk's start (four bytes a token,
    and an edit before the chunk moves nothing in it), and the last one is ``length``. Only a chunk that is
    ``valid`` has the right tokens; another shows those it had before an edit, or one ``UNKNOWN`` token. A
    valid one may have none: some tokenizers drop a text of nothing but blanks.
    """

    ids: Ids
    ends: Ids
    valid: bool

    def part(self, start: int, end: int) -> "TokenChunk":
        """The bytes ``start`` to ``end`` (0 <= start <= end <= length) with their tokens.

        A token that does not end at an edge is cut off there, and the part is not valid. At a safe split
        point no token of a valid chunk is cut off. Tokens without bytes at an edge (a normalizer's surplus)
        belong to the text before it.
        """
        if end - start == self.length:
            return self
        if not len(self.ends):
            return unknown(end - start)
        low, starts_whole = self._upto(start) if start else (0, True)
        high, ends_whole = self._upto(end)
        high += not ends_whole
        ends = self.ends[low:high] - np.uint32(start)
        ends[-1:] = end - start
        valid = self.valid and starts_whole and ends_whole
        return TokenChunk(end - start, self.ids[low:high].copy(), ends, valid)

    def _upto(self, at: int) -> tuple[int, bool]:
        """How many tokens end at or before ``at``, and whether none is divided there."""
        number = int(self.ends.searchsorted(np.uint32(at), side="right"))
        return number, at == 0 or (number > 0 and int(self.ends[number - 1]) == at)

    def stretched(self, more: int, first: bool = False) -> "TokenChunk":
        """The chunk, not valid, with its last (or ``first``) token made ``more`` bytes longer."""
        if not len(self.ends):
            return unknown(self.length + more)
        ends = self.ends.copy()
        ends[0 if first else -1 :] += np.uint32(more)
        return TokenChunk(self.length + more, self.ids, ends, False)


def unknown(length: int) -> TokenChunk:
    """A chunk of which no token is known."""
    size = 1 if length else 0
    return TokenChunk(length, np.full(size, UNKNOWN, np.uint32), np.full(size, length, np.uint32), False)


def unknown_tokens(length: int, ends: NDArray[np.int64]) -> TokenChunk:
    """A chunk of unknown tokens that end at ``ends``, which may be of a part of the text only."""
    inside = ends[(ends > 0) & (ends < length)]
    bounds = np.append(inside, length).astype(np.uint32) if length else np.zeros(0, np.uint32)
    return TokenChunk(length, np.full(len(bounds), UNKNOWN, np.uint32), bounds, False)


def join(chunks: Sequence[TokenChunk]) -> TokenChunk:
    """The chunks as a new one; valid if all are. The token before a chunk without tokens gets its bytes."""
    chunks = [chunk for chunk in chunks if chunk.length]
    bases = list(accumulate((chunk.length for chunk in chunks), initial=0))
    length = bases.pop()
    if not length:
        return unknown(0)
    parts: list[Ids] = []
    for chunk, base in zip(chunks, bases, strict=True):
        if len(chunk.ends):
            parts.append(chunk.ends + np.uint32(base))
        elif parts:
            parts[-1][-1] = base + chunk.length
    ends = np.concatenate([np.zeros(0, np.uint32), *parts])
    ids = np.concatenate([chunk.ids for chunk in chunks])
    return TokenChunk(length, ids, ends, all(chunk.valid for chunk in chunks))
