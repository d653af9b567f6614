"""The list of pieces under a token map, and everything that is read from it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.token_map_chunks import UNKNOWN, TokenChunk, clipped, head, tail, unknown

_NO_IDS = np.zeros(0, np.uint32)
_NO_OFFSETS = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class TokenRun:
    """Successive tokens: ``ids`` uint32[n], ``starts`` and ``ends`` int64[n] (byte offsets in the text),
    ``stale`` bool[n]: the token is one of before an edit, or (id ``UNKNOWN``) not known at all.

    The first token may begin before the range asked for and the last end after it; a stale one may be as
    long as the text. ``first_index`` is the index of the first token in the text, -1 if not known yet.
    """

    first_index: int
    ids: NDArray[np.uint32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    stale: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


NO_TOKENS = TokenRun(-1, _NO_IDS, _NO_OFFSETS, _NO_OFFSETS, np.zeros(0, np.bool_))


class TokenList:
    """The pieces of one text in order, inside the tokens that frame it. Offsets are bytes, indices tokens."""

    def __init__(
        self, pieces: Sequence[TokenChunk], prefix: Sequence[int] = (), suffix: Sequence[int] = ()
    ) -> None:
        self._frame = tuple(
            TokenChunk(0, np.array(ids, np.uint32), np.zeros(len(ids), np.uint32), True)
            for ids in (prefix, suffix)
        )
        self._pieces = [piece for piece in pieces if piece.length]
        self._lay_out()

    def __len__(self) -> int:
        """How long the text is."""
        return self._length

    @property
    def complete(self) -> bool:
        """Whether every token is known."""
        return self.known_bytes == self._length

    @property
    def count(self) -> int | None:
        """How many tokens the text has; None until all are known."""
        return self.known_tokens if self.complete else None

    @property
    def known_tokens(self) -> int:
        """How many tokens are known to be right."""
        return self._known_tokens

    @property
    def known_bytes(self) -> int:
        """How many bytes of the text have their right tokens."""
        return self._known_bytes

    def is_known(self, start: int, end: int) -> bool:
        """Whether the tokens of these bytes are right."""
        if self.complete or start >= end:
            return True
        first, last = self._number_at(max(start, 0)), self._number_at(end - 1)
        return all(piece.fresh for piece in self._all[first : last + 1])

    def tokens_in(self, start: int, end: int) -> TokenRun:
        """The tokens that cover any byte of ``start`` to ``end``, and those between them without bytes (the
        model's frame too, at the ends of the text)."""
        return self._run(self._parts_in(start, end))

    def shown_in(self, start: int, end: int) -> TokenRun:
        """The same, but old tokens pass for right ones: only what is unknown is stale, and old tokens count
        in ``first_index``."""
        parts = self._parts_in(start, end)
        if not parts:
            return NO_TOKENS
        run, (number, low, _) = self._run(parts), parts[0]
        return replace(run, first_index=self._firsts[number] + low, stale=run.ids == UNKNOWN)

    def _parts_in(self, start: int, end: int) -> list[tuple[int, int, int]]:
        parts: list[tuple[int, int, int]] = []
        for number in range(self._number_at(start) if start > 0 else 0, len(self._all)):
            piece, base = self._all[number], self._starts[number]
            if base > end or (base == end and piece.length):
                break
            low, high = 0, len(piece.ends)
            if start > base:
                low = int(piece.ends.searchsorted(np.uint32(start - base), side="right"))
            if end < base + piece.length:
                # The first token that ends at or after ``end`` is the last one wanted.
                high = min(int(piece.ends.searchsorted(np.uint32(end - base))) + 1, high)
            if low < high:
                parts.append((number, low, high))
        return parts

    def tokens_between(self, first: int, last: int) -> TokenRun:
        """Tokens ``first`` to ``last`` (excluded) by index; cut short where indices are not known yet."""
        parts: list[tuple[int, int, int]] = []
        for number in range(max(bisect_right(self._firsts, first) - 1, 0), len(self._all)):
            if number >= self._indexed or self._firsts[number] >= last:
                break
            base = self._firsts[number]
            low, high = max(first - base, 0), min(last - base, len(self._all[number].ids))
            if low < high:
                parts.append((number, low, high))
        return self._run(parts)

    def index_at(self, offset: int) -> int:
        """The index of the token that holds the byte at ``offset`` (past the end: the count); -1 if it is
        not known yet."""
        number = self._number_at(max(offset, 0))
        if number < 0:
            return 0
        if number >= self._indexed:
            return -1
        within = np.uint32(max(offset - self._starts[number], 0))
        return self._firsts[number] + int(np.searchsorted(self._all[number].ends, within, side="right"))

    def token(self, index: int) -> tuple[int, int, int] | None:
        """Id, start and end of the token at ``index``; None if it is not known yet or there is none."""
        run = self.tokens_between(index, index + 1) if index >= 0 else None
        return (int(run.ids[0]), int(run.starts[0]), int(run.ends[0])) if run else None

    def span(self, index: int) -> tuple[int, int] | None:
        """Start and end of the token at ``index``; None if it is not known yet or there is none."""
        token = self.token(index)
        return token[1:] if token else None

    def runs(self) -> Iterator[TokenRun]:
        """All tokens in order, in runs of a size that is quick to work on. No edit may come between."""
        for number, piece in enumerate(self._all):
            if len(piece.ids):
                yield self._run([(number, 0, len(piece.ids))])

    def ids(self) -> NDArray[np.uint32]:
        """Every token id (``UNKNOWN`` where it is not known), as one array of its own."""
        return np.concatenate([_NO_IDS, *(piece.ids for piece in self._all)])

    def ends(self) -> NDArray[np.int64]:
        """Every token's end, as one array of its own."""
        placed = zip(self._all, self._starts, strict=True)
        return np.concatenate([_NO_OFFSETS, *(piece.ends + np.int64(base) for piece, base in placed)])

    def _lay_out(self) -> None:
        """Work out where each piece begins, in bytes (``_starts``) and in tokens (``_firsts``): right for the
        first ``_indexed`` pieces only."""
        before, behind = ([piece] if len(piece.ids) else [] for piece in self._frame)
        self._before = len(before)
        self._all = [*before, *self._pieces, *behind]
        self._starts: list[int] = []
        self._firsts: list[int] = []
        self._indexed = 0
        self._length = self._known_bytes = self._known_tokens = 0
        tokens = 0
        for piece in self._all:
            self._starts.append(self._length)
            self._firsts.append(tokens)
            self._length += piece.length
            tokens += len(piece.ids)
            if piece.fresh:
                self._indexed += self._indexed == len(self._firsts) - 1
                self._known_bytes += piece.length
                self._known_tokens += len(piece.ids)

    def _number_at(self, offset: int) -> int:
        """Which of ``_all`` holds the byte at ``offset``; past the end the last one, -1 if there is none."""
        return bisect_right(self._starts, offset) - 1

    def _run(self, parts: Sequence[tuple[int, int, int]]) -> TokenRun:
        """The tokens of some pieces: (number in ``_all``, first, last) each."""
        runs = [self._part(*part) for part in parts]
        if len(runs) == 1:
            return runs[0]
        if not runs:
            return NO_TOKENS
        return TokenRun(
            runs[0].first_index,
            np.concatenate([run.ids for run in runs]),
            np.concatenate([run.starts for run in runs]),
            np.concatenate([run.ends for run in runs]),
            np.concatenate([run.stale for run in runs]),
        )

    def _part(self, number: int, low: int, high: int) -> TokenRun:
        piece = self._all[number]
        bounds = np.empty(high - low + 1, np.int64)
        bounds[0] = piece.ends[low - 1] if low else 0
        bounds[1:] = piece.ends[low:high]
        bounds += self._starts[number]
        first = self._firsts[number] + low if number < self._indexed else -1
        stale = np.zeros(high - low, np.bool_) if piece.fresh else np.ones(high - low, np.bool_)
        return TokenRun(first, piece.ids[low:high], bounds[:-1], bounds[1:], stale)

    def _shown(self, start: int, end: int) -> TokenChunk:
        """The tokens of a range as a piece that is not fresh, those at its edges cut off there."""
        if start >= end:
            return unknown(0)
        run = self.tokens_in(start, end)
        inside = (run.ends > start) & (run.starts < end)
        return clipped(run.ids[inside], run.ends[inside], start, end)

    def _put(self, start: int, end: int, piece: TokenChunk) -> None:
        """Have ``piece`` take the place of the bytes ``start`` to ``end``, and lay out anew."""
        low = max(self._number_at(start) - self._before, 0)
        high = max(bisect_left(self._starts, end) - self._before, low)
        parts = [piece]
        if low < len(self._pieces) and start > (base := self._starts[low + self._before]):
            parts.insert(0, head(self._pieces[low], start - base))
        if (
            high > low
            and end < (base := self._starts[high - 1 + self._before]) + self._pieces[high - 1].length
        ):
            parts.append(tail(self._pieces[high - 1], end - base))
        self._pieces[low:high] = [part for part in parts if part.length]
        self._lay_out()
