"""The parts of a token map: stretches of text between two safe cuts, each with its tokens or what is left
of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

UNKNOWN = 0xFFFF_FFFF
"""The id of a token that is not known yet; no vocabulary has it."""

Ids = NDArray[np.uint32]


@dataclass(slots=True, eq=False)
class TokenChunk:
    """``length`` bytes of text with the tokens that cover them.

    ``ids`` and ``ends`` are ``uint32[n]``; ``ends`` counts bytes from the piece's start (four bytes a token,
    and an edit before the piece moves nothing in it), and the last one is ``length``. Only a piece that is
    ``fresh`` has the right tokens; another shows those it had before an edit, or one ``UNKNOWN`` token. A
    fresh one may have none: some tokenizers drop a text of nothing but blanks.
    """

    length: int
    ids: Ids
    ends: Ids
    fresh: bool
    key: int = 0
    """The request under way for it; 0 if there is none."""
    searched: int = 0
    """Up to this offset in it a place to divide it was looked for in vain."""


def unknown(length: int) -> TokenChunk:
    """A piece of which no token is known."""
    size = 1 if length else 0
    return TokenChunk(length, np.full(size, UNKNOWN, np.uint32), np.full(size, length, np.uint32), False)


def stale_chunk(length: int, ends: NDArray[np.int64]) -> TokenChunk:
    """A piece of unknown tokens with boundaries to show meanwhile: those of ``ends``, which may be of a part
    of the text only."""
    inside = ends[(ends > 0) & (ends < length)]
    bounds = np.append(inside, length).astype(np.uint32) if length else np.zeros(0, np.uint32)
    return TokenChunk(length, np.full(len(bounds), UNKNOWN, np.uint32), bounds, False)


def head(piece: TokenChunk, at: int) -> TokenChunk:
    """The piece's part before ``at`` (0 <= at <= length).

    Where ``at`` divides a token, that token is cut off there, and the part is not fresh. At a safe cut no
    token of a fresh piece is divided. Tokens without bytes at the cut (a normalizer's surplus) belong to
    the text before it.
    """
    if at == piece.length:
        return piece
    if not len(piece.ends):
        return unknown(at)
    upto = int(np.searchsorted(piece.ends, np.uint32(at), side="right"))
    if at == 0 or (upto and int(piece.ends[upto - 1]) == at):
        return TokenChunk(at, piece.ids[:upto].copy(), piece.ends[:upto].copy(), piece.fresh)
    ends = piece.ends[: upto + 1].copy()
    ends[-1] = at
    return TokenChunk(at, piece.ids[: upto + 1].copy(), ends, False)


def tail(piece: TokenChunk, at: int) -> TokenChunk:
    """The piece's part from ``at``, like ``head``."""
    if at == 0:
        return piece
    if not len(piece.ends):
        return unknown(piece.length - at)
    past = int(np.searchsorted(piece.ends, np.uint32(at), side="right"))
    whole = past > 0 and int(piece.ends[past - 1]) == at
    ends = piece.ends[past:] - np.uint32(at)
    return TokenChunk(piece.length - at, piece.ids[past:].copy(), ends, piece.fresh and whole)


def clipped(ids: Ids, ends: NDArray[np.int64], start: int, end: int) -> TokenChunk:
    """The tokens that cover ``start`` to ``end`` of the text (each some of it) as a piece that is not fresh;
    those at its edges are cut off there. ``ends`` are offsets in the text."""
    kept = (ends - start).astype(np.uint32)
    kept[-1:] = end - start
    return TokenChunk(end - start, ids, kept, False)


def join(pieces: Sequence[TokenChunk]) -> TokenChunk:
    """The pieces as one; fresh if all are."""
    pieces = [piece for piece in pieces if piece.length]
    if len(pieces) == 1:
        return pieces[0]
    if not pieces:
        return unknown(0)
    bases = [0, *accumulate(piece.length for piece in pieces)]
    ends = np.concatenate([piece.ends + np.uint32(base) for piece, base in zip(pieces, bases, strict=False)])
    ids = np.concatenate([piece.ids for piece in pieces])
    return TokenChunk(bases[-1], ids, ends, all(piece.fresh for piece in pieces))


def stretched(piece: TokenChunk, more: int, first: bool = False) -> TokenChunk:
    """The piece, not fresh, with its last (or ``first``) token made ``more`` bytes longer."""
    if not len(piece.ends):
        return unknown(piece.length + more)
    ends = piece.ends.copy()
    ends[0 if first else -1 :] += np.uint32(more)
    return TokenChunk(piece.length + more, piece.ids, ends, False)
