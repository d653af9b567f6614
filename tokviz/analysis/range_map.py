"""A text as a list of chunks between safe split points, kept right through changes of the text.

Each chunk holds what is known of its bytes: their tokens (``TokenMap``), or counts and normalization
changes (``TextValues``). A change disturbs the chunks that it touches; those after them move. **Every
boundary between two chunks is a safe split point of the text as it is now**: this is what makes the chunks'
tokens, one after the other, the text's tokens, and the chunks' counts add up to the text's.

Nothing here works on the text. Whoever owns the map asks it what to work on next, has that done elsewhere,
and hands the result back, in any order and however late.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate, chain, count
from typing import Generic, Self, TypeVar

from tokviz.text.change import Change
from tokviz.tokenization.splitting.split_points import REACH, SafeSplitRule, Text

SMALL = 1 << 14
"""A range of this many bytes is not worth dividing further."""
NEAR = 1 << 18
"""How far from an offset a split point is looked for before the chunk's own end is taken."""
_BUDGET = 1 << 20
"""Bytes searched for split points for one request (2 ns each, or ten times that where nearly every offset is
one)."""


@dataclass(slots=True, eq=False)
class Chunk:
    """``length`` bytes of text. A subclass adds what is known of them."""

    length: int
    key: int = field(default=0, kw_only=True)
    """Of the request in flight; 0 if there is none."""
    searched: int = field(default=0, kw_only=True)
    """Up to this offset in it a split point to divide it at was looked for in vain."""

    def part(self, start: int, end: int) -> Self:
        """The chunk's bytes ``start`` to ``end``: itself if that is all, else one that is not requested."""
        raise NotImplementedError


ChunkT = TypeVar("ChunkT", bound=Chunk)


@dataclass(frozen=True, slots=True)
class Request:
    """Bytes ``start`` to ``end`` of the text are to be worked on; hand in the result under ``key``."""

    key: int
    start: int
    end: int


class RangeMap(Generic[ChunkT]):
    """The chunks of one text in order. Offsets are bytes.

    A first and a last chunk of length 0 stay where they are: they frame the text.
    """

    def __init__(self, chunks: Iterable[ChunkT]) -> None:
        self._chunks = list(chunks)
        self._keys = count(1)
        self._lay_out()

    def __len__(self) -> int:
        """How long the text is."""
        return self._length

    def is_valid(self, chunk: ChunkT) -> bool:
        """Whether everything wanted is known of the chunk."""
        raise NotImplementedError

    @property
    def requested(self) -> set[int]:
        """The keys of the requests in flight: not delivered, and not overtaken by a change."""
        return {chunk.key for chunk in self._chunks if chunk.key}

    @property
    def complete(self) -> bool:
        """Whether every chunk is valid."""
        return all(map(self.is_valid, self._chunks))

    @property
    def known_bytes(self) -> int:
        """How many bytes are in valid chunks."""
        return sum(chunk.length for chunk in self._chunks if self.is_valid(chunk))

    @property
    def searching(self) -> bool:
        """Whether the search for a split point is to go on: ask for the next request again."""
        return any(chunk.searched for number, chunk in enumerate(self._chunks) if self._is_waiting(number))

    def is_known(self, start: int, end: int) -> bool:
        """Whether these bytes are in valid chunks."""
        return start >= end or all(map(self.is_valid, self._chunks[self._between(max(start, 0), end)]))

    def abandon(self, key: int | None = None) -> None:
        """Nobody works on the request ``key`` (None: on any) any more: its range waits again."""
        for chunk in self._chunks:
            if key is None or chunk.key == key:
                chunk.key = 0

    def _lay_out(self) -> None:
        """Work out where each chunk begins."""
        self._starts = list(accumulate((chunk.length for chunk in self._chunks), initial=0))
        self._length = self._starts.pop()

    def _number_at(self, offset: int) -> int:
        """The number of the chunk that holds the byte at ``offset``: the last one past the end, the first one
        before the beginning (or if there are no chunks)."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def _end_of(self, number: int) -> int:
        return self._starts[number] + self._chunks[number].length

    def _number_of(self, key: int) -> int | None:
        """The number of the chunk that was requested under ``key``; None: a change has overtaken it."""
        return next((n for n, chunk in enumerate(self._chunks) if key and chunk.key == key), None)

    def _between(self, start: int, end: int) -> slice:
        """The numbers of the chunks that hold these bytes."""
        first = self._number_at(start)
        return slice(first, max(bisect_left(self._starts, end), first))

    def _parts(self, start: int, end: int) -> list[ChunkT]:
        """The chunks of a range, divided at its edges."""
        if start >= end:
            return []
        numbers = self._between(start, end)
        placed = zip(self._chunks[numbers], self._starts[numbers], strict=True)
        return [chunk.part(max(start - base, 0), min(end - base, chunk.length)) for chunk, base in placed]

    def _replace(self, start: int, end: int, chunk: ChunkT) -> None:
        """Have ``chunk`` take the place of a range, and lay out anew."""
        numbers = self._between(start, end)
        parts = [chunk]
        if numbers.stop > numbers.start:
            before = self._parts(self._starts[numbers.start], start)
            parts = [*before, chunk, *self._parts(end, self._end_of(numbers.stop - 1))]
        self._chunks[numbers] = [part for part in parts if part.length]
        self._lay_out()

    def _touched(self, change: Change) -> tuple[int, int]:
        """The range (as of before the change) of the chunks that ``change`` touches, or whose boundary may be
        no split point any more."""
        if not self._chunks:
            return 0, 0
        first = self._number_at(change.start - REACH)
        last = self._number_at(change.start + change.removed + REACH - 1)
        return self._starts[first], self._end_of(last)

    def _next_waiting(self, start: int) -> int | None:
        """The number of the first chunk that is neither valid nor requested, from ``start`` on and round from
        the beginning."""
        first = self._number_at(start)
        numbers = chain(range(first, len(self._chunks)), range(first))
        return next((number for number in numbers if self._is_waiting(number)), None)

    def _is_waiting(self, number: int) -> bool:
        chunk = self._chunks[number]
        return not chunk.key and not self.is_valid(chunk)

    def _request_first(self, number: int, size: int, search: "SplitSearch") -> Request | None:
        """Ask for about the first ``size`` bytes of a chunk; None if the search is to go on another time."""
        chunk, base = self._chunks[number], self._starts[number]
        end = search.divide(base, base + chunk.length, size, chunk.searched)
        if end is None:
            chunk.searched = search.reached - base
            return None
        return self._request(number, base, end)

    def _request(self, number: int, start: int, end: int) -> Request:
        """Ask for a range of a chunk, which becomes a chunk by itself."""
        chunk = self._chunks[number]
        if end - start < chunk.length:
            (chunk,) = self._parts(start, end)
            self._replace(start, end, chunk)
        chunk.key = next(self._keys)
        return Request(chunk.key, start, end)


class SplitSearch:
    """Looks for split points at which chunks may be divided, within a budget of bytes."""

    def __init__(self, rule: SafeSplitRule, text: Text) -> None:
        self._rule = rule
        self._text = text
        self._left = _BUDGET
        self.reached = 0
        """Where the last search of ``divide`` that ran out of budget ended."""

    def before(self, low: int, offset: int) -> int | None:
        """The last split point near and not after ``offset``, or ``low`` (one itself) if that is near; else
        None."""
        if offset - low <= SMALL:
            return low
        bound = max(low + 1, offset - NEAR)
        split = self._rule.previous_split(self._text, bound, offset)
        self._left -= offset - max(split, bound)
        return split if split >= 0 else low if bound == low + 1 else None

    def after(self, offset: int, high: int) -> int | None:
        """The first split point near and not before ``offset``, or ``high`` (one itself) if that is near;
        else None."""
        if high - offset <= SMALL:
            return high
        bound = min(high - 1, offset + NEAR)
        split = self._rule.next_split(self._text, offset, bound)
        self._left -= (split if split >= 0 else bound) - offset
        return split if split >= 0 else high if bound == high - 1 else None

    def divide(self, low: int, high: int, size: int, searched: int) -> int | None:
        """Where the first ``size`` bytes of ``low`` to ``high`` end at a split point (or ``high``); None if
        the budget ran out first. Up to ``low + searched`` there is none."""
        if high - low <= size + SMALL:
            return high
        if searched <= size:
            half = low + max(size // 2, 1)
            split = self._rule.previous_split(self._text, half, low + size)
            self._left -= low + size - max(split, half)
            if split >= 0:
                return split
        start = low + max(size, searched)
        stop = min(high - 1, start + max(self._left, NEAR))
        split = self._rule.next_split(self._text, start, stop)
        self._left -= (split if split >= 0 else stop) - start
        if split >= 0:
            return split
        self.reached = stop + 1
        return high if stop == high - 1 else None
