"""The chunks of a token map, and everything that is read from them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.range_map import RangeMap
from tokviz.analysis.tokens.token_map_chunks import UNKNOWN, TokenChunk

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


class TokenList(RangeMap[TokenChunk]):
    """The tokens of one text inside those that frame it. Offsets are bytes, indices tokens."""

    def __init__(
        self, chunks: Sequence[TokenChunk], prefix: Sequence[int] = (), suffix: Sequence[int] = ()
    ) -> None:
        """``prefix`` and ``suffix``: ids that the model adds around the text, which cover no byte of it."""
        text = [chunk for chunk in chunks if chunk.length]
        super().__init__([_frame(prefix), *text, _frame(suffix)])

    def is_valid(self, chunk: TokenChunk) -> bool:
        return chunk.valid

    @property
    def count(self) -> int | None:
        """How many tokens the text has; None until all are known."""
        return self.known_tokens if self.complete else None

    @property
    def known_tokens(self) -> int:
        """How many tokens are known to be right."""
        return sum(len(chunk.ids) for chunk in self._chunks if chunk.valid)

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
        for number in range(self._number_at(start) if start > 0 else 0, len(self._chunks)):
            chunk, base = self._chunks[number], self._starts[number]
            if base > end or (base == end and chunk.length):
                break
            low, high = 0, len(chunk.ends)
            if start > base:
                low = int(chunk.ends.searchsorted(np.uint32(start - base), side="right"))
            if end < base + chunk.length:
                # The first token that ends at or after ``end`` is the last one wanted.
                high = min(int(chunk.ends.searchsorted(np.uint32(end - base))) + 1, high)
            if low < high:
                parts.append((number, low, high))
        return parts

    def tokens_between(self, first: int, last: int) -> TokenRun:
        """Tokens ``first`` to ``last`` (excluded) by index; cut short where indices are not known yet."""
        parts: list[tuple[int, int, int]] = []
        for number in range(max(bisect_right(self._firsts, first) - 1, 0), len(self._chunks)):
            if number >= self._indexed or self._firsts[number] >= last:
                break
            base = self._firsts[number]
            low, high = max(first - base, 0), min(last - base, len(self._chunks[number].ids))
            if low < high:
                parts.append((number, low, high))
        return self._run(parts)

    def index_at(self, offset: int) -> int:
        """The index of the token that holds the byte at ``offset`` (past the end: the count); -1 if it is
        not known yet."""
        number = self._number_at(max(offset, 0))
        if number >= self._indexed:
            return -1
        within = np.uint32(max(offset - self._starts[number], 0))
        return self._firsts[number] + int(np.searchsorted(self._chunks[number].ends, within, side="right"))

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
        for number, chunk in enumerate(self._chunks):
            if len(chunk.ids):
                yield self._run([(number, 0, len(chunk.ids))])

    def ids(self) -> NDArray[np.uint32]:
        """Every token id (``UNKNOWN`` where it is not known), as one array of its own."""
        return np.concatenate([_NO_IDS, *(chunk.ids for chunk in self._chunks)])

    def ends(self) -> NDArray[np.int64]:
        """Every token's end, as one array of its own."""
        placed = zip(self._chunks, self._starts, strict=True)
        return np.concatenate([_NO_OFFSETS, *(chunk.ends + np.int64(base) for chunk, base in placed)])

    def _lay_out(self) -> None:
        """Work out at which token each chunk begins, too: right for the first ``_indexed`` chunks only."""
        super()._lay_out()
        self._firsts = list(accumulate((len(chunk.ids) for chunk in self._chunks), initial=0))
        stale = (number for number, chunk in enumerate(self._chunks) if not chunk.valid)
        self._indexed = next(stale, len(self._chunks))

    def _run(self, parts: Sequence[tuple[int, int, int]]) -> TokenRun:
        """The tokens of some chunks: (number of the chunk, first, last) each."""
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
        chunk = self._chunks[number]
        bounds = np.empty(high - low + 1, np.int64)
        bounds[0] = chunk.ends[low - 1] if low else 0
        bounds[1:] = chunk.ends[low:high]
        bounds += self._starts[number]
        first = self._firsts[number] + low if number < self._indexed else -1
        stale = np.zeros(high - low, np.bool_) if chunk.valid else np.ones(high - low, np.bool_)
        return TokenRun(first, chunk.ids[low:high], bounds[:-1], bounds[1:], stale)


def _frame(ids: Sequence[int]) -> TokenChunk:
    return TokenChunk(0, np.array(ids, np.uint32), np.zeros(len(ids), np.uint32), True)
