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

    def head(self, at: int) -> "TokenChunk":
        """The chunk's part before ``at`` (0 <= at <= length).

        Where ``at`` divides a token, that token is cut off there, and the part is not valid. At a safe split
        point no token of a valid chunk is divided. Tokens without bytes at the split point (a normalizer's
        surplus) belong to the text before it.
        """
        if at == self.length:
            return self
        if not len(self.ends):
            return unknown(at)
        upto = int(np.searchsorted(self.ends, np.uint32(at), side="right"))
        if at == 0 or (upto and int(self.ends[upto - 1]) == at):
            return TokenChunk(at, self.ids[:upto].copy(), self.ends[:upto].copy(), self.valid)
        ends = self.ends[: upto + 1].copy()
        ends[-1] = at
        return TokenChunk(at, self.ids[: upto + 1].copy(), ends, False)

    def tail(self, at: int) -> "TokenChunk":
        """The chunk's part from ``at``, like ``head``."""
        if at == 0:
            return self
        if not len(self.ends):
            return unknown(self.length - at)
        past = int(np.searchsorted(self.ends, np.uint32(at), side="right"))
        whole = past > 0 and int(self.ends[past - 1]) == at
        ends = self.ends[past:] - np.uint32(at)
        return TokenChunk(self.length - at, self.ids[past:].copy(), ends, self.valid and whole)

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
    """The chunks as a new one; valid if all are."""
    chunks = [chunk for chunk in chunks if chunk.length]
    bases = list(accumulate((chunk.length for chunk in chunks), initial=0))
    length = bases.pop()
    if not length:
        return unknown(0)
    ends = np.concatenate([chunk.ends + np.uint32(base) for chunk, base in zip(chunks, bases, strict=True)])
    ids = np.concatenate([chunk.ids for chunk in chunks])
    return TokenChunk(length, ids, ends, all(chunk.valid for chunk in chunks))
