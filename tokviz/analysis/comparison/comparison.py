"""Where tokenizers have the same boundaries in a text, and where they do not: arithmetic on byte offsets.

A *boundary* is a byte offset strictly inside a text at which a token ends (the text's own start and end are
no boundaries: every tokenizer has them). It is *common* if all compared tokenizers have it and *differing*
if only some have. A *difference* is the range between two neighbouring common boundaries (or the text's
start or end) that holds at least one differing boundary.

Tokens enter as *boundary sources*, functions that give the ends in a range, so that arrays and token maps
are compared alike, a text of any size in steps, and what is on the screen by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.statistics import text_size
from tokviz.tokenization.tokenizer import Tokenizer

Offsets: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
BoundarySource: TypeAlias = Callable[[int, int], Offsets]
"""``source(start, stop)``: every token end in ``start <= end < stop``, ascending, ``int64[n]``."""

_WORDS, _COMMON, _DIFFERING = "words", "common boundaries", "differing boundaries"  # verbatim
"""Columns of figures that add up over many texts."""
BUCKETS = 1024
"""Into how many equal parts of the text differing boundaries are counted: more than a screen has rows."""
_BLOCK = 1 << 17
"""Bytes compared in one step: a row of flags for each tokenizer stays in the processor's cache."""


def boundary_source(ends: Offsets) -> BoundarySource:
    """The source of one whole tokenization, given its ends (``Tokenization.ends``)."""

    def ends_in(start: int, stop: int) -> Offsets:
        low, high = np.searchsorted(ends, (start, stop), side="left")
        return ends[low:high]

    return ends_in


def boundary_flags(sources: Sequence[BoundarySource], start: int, stop: int) -> Flags:
    """``bool[len(sources), stop - start]``: whether a token of tokenizer ``k`` ends at byte ``start + i``."""
    flags = np.zeros((len(sources), stop - start), np.bool_)
    _raise_flags(flags, sources, start, stop)
    return flags


def _raise_flags(flags: Flags, sources: Sequence[BoundarySource], start: int, stop: int) -> None:
    for row, source in zip(flags, sources, strict=True):
        row[source(start, stop) - start] = True


def boundaries(
    sources: Sequence[BoundarySource], start: int, stop: int
) -> tuple[Offsets, NDArray[np.uint32]]:
    """The offsets in ``start <= offset < stop`` at which any tokenizer ends a token, ascending, and who does.

    Bit ``k`` of a mask is set if tokenizer ``k`` ends a token there. At most 32 tokenizers.
    """
    flags = boundary_flags(sources, start, stop)
    at = np.flatnonzero(flags.any(axis=0))
    bits = np.left_shift(np.uint32(1), np.arange(len(sources), dtype=np.uint32))
    masks: NDArray[np.uint32] = (flags[:, at] * bits[:, None]).sum(axis=0, dtype=np.uint32)
    return at + start, masks


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two tokenizers' boundaries in one text lie to each other."""

    shared: int
    """Boundaries that both have."""
    only_first: int
    only_second: int

    @property
    def share(self) -> float:
        """Shared boundaries of all that either has (the Jaccard index): 1.0 if they are the same."""
        either = self.shared + self.only_first + self.only_second
        return self.shared / either if either else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryCounts:
    """How many boundaries tokenizers share, tokenizers by their position in the comparison."""

    shared: NDArray[np.int64]
    """``int64[n, n]``: boundaries that tokenizers i and j both have; on the diagonal, those that i has."""
    common: int
    """Boundaries that all have."""
    differing: int
    """Boundaries that only some have."""

    def __add__(self, other: "BoundaryCounts") -> "BoundaryCounts":
        """Those of two texts kept apart, such as two files."""
        return BoundaryCounts(
            self.shared + other.shared, self.common + other.common, self.differing + other.differing
        )

    def agreement(self, first: int, second: int) -> Agreement:
        """That of two of the tokenizers."""
        both, one, other = (
            int(self.shared[at]) for at in ((first, second), (first, first), (second, second))
        )
        return Agreement(both, one - both, other - both)

    @property
    def any(self) -> bool:
        """Whether any tokenizer has a boundary at all, so that there is something to compare."""
        return self.common + self.differing > 0

    @property
    def common_share(self) -> float:
        """Boundaries that all have, of those that any has; 1.0 where nobody has one."""
        either = self.common + self.differing
        return self.common / either if either else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What a comparison of one text of ``size`` bytes found."""

    size: int
    counts: BoundaryCounts
    density: NDArray[np.int64]
    """``int64[buckets]``: differing boundaries in each of so many equal parts of the text."""


class Comparing:
    """A comparison under way: ``advance`` until it says that it is done."""

    def __init__(self, size: int, sources: Sequence[BoundarySource], buckets: int = BUCKETS) -> None:
        """Of a text of ``size`` bytes."""
        self._size = size
        self._sources = sources
        self._edges = [size * number // buckets for number in range(buckets + 1)]
        self._bucket = 0
        self._shared = np.zeros((len(sources), len(sources)), np.int64)
        self._density = np.zeros(buckets, np.int64)
        self._common = 0
        # Kept between blocks: fresh memory for each would cost as much as the work itself.
        block = min(_BLOCK, max(size, 1))
        self._flags = np.zeros((len(sources), block), np.bool_)
        self._both = np.zeros(block, np.bool_)
        self._position = 1  # offset 0 is no boundary

    @property
    def position(self) -> int:
        """Up to which byte the text has been compared."""
        return min(self._position, self._size)

    def advance(self, amount: int = 1 << 20) -> bool:
        """Compare ``amount`` bytes more (for four tokenizers 6 ns each); whether that was all."""
        end = min(self._position + amount, self._size)
        while self._position < end:
            stop = min(self._position + _BLOCK, end)
            flags = self._flags[:, : stop - self._position]
            flags.fill(False)
            _raise_flags(flags, self._sources, self._position, stop)
            self._take(self._position, flags)
            self._position = stop
        return self._position >= self._size

    def result(self) -> Comparison:
        """What has been found so far."""
        mirrored = self._shared + np.triu(self._shared, 1).T
        counts = BoundaryCounts(mirrored, self._common, int(self._density.sum()))
        return Comparison(self._size, counts, self._density.copy())

    def _take(self, start: int, flags: Flags) -> None:
        both = self._both[: flags.shape[1]]
        for row in range(len(flags)):
            self._shared[row, row] += np.count_nonzero(flags[row])
        for first, second in combinations(range(len(flags)), 2):
            np.logical_and(flags[first], flags[second], out=both)
            self._shared[first, second] += np.count_nonzero(both)
        np.logical_and.reduce(flags, out=both)
        self._common += int(np.count_nonzero(both))
        both ^= np.logical_or.reduce(flags)
        self._spread(start, both)

    def _spread(self, start: int, differing: Flags) -> None:
        """Count flags from byte ``start`` on into the buckets that their offsets lie in."""
        stop = start + len(differing)
        while start < stop:
            while self._edges[self._bucket + 1] <= start:
                self._bucket += 1
            upto = min(stop, self._edges[self._bucket + 1])
            part = differing[len(differing) - (stop - start) : len(differing) - (stop - upto)]
            self._density[self._bucket] += np.count_nonzero(part)
            start = upto


def compare(size: int, ends: Sequence[Offsets], buckets: int = BUCKETS) -> Comparison:
    """Compare whole tokenizations of one text of ``size`` bytes, given their ends."""
    comparing = Comparing(size, [boundary_source(each) for each in ends], buckets)
    comparing.advance(size)
    return comparing.result()


class BoundaryCounter:
    """Tokens of each tokenizer, words, and the boundaries that tokenizers share: a ``scan.Counter``."""

    def __init__(self, tokenizers: Sequence[Tokenizer]) -> None:
        self._tokenizers = tuple(tokenizers)
        names = [each.name for each in self._tokenizers]
        shared = [f"{one} and {other}" for one in names for other in names]  # verbatim
        self.columns: tuple[str, ...] = (*names, _WORDS, _COMMON, _DIFFERING, *shared)

    @property
    def names(self) -> tuple[str, ...]:
        """The tokenizers' names, in their order."""
        return self.columns[: len(self._tokenizers)]

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:  # noqa: ARG002
        """``int64[len(texts), len(columns)]`` of texts in valid UTF-8, each compared by itself."""
        values = np.zeros((len(texts), len(self.columns)), np.int64)
        for row, text in zip(values, texts, strict=True):
            self._fill(row, text)
        return values

    def words(self, sums: Callable[[str], int]) -> int:
        """The words of all texts, given the sum of each column."""
        return sums(_WORDS)

    def boundaries(self, sums: Callable[[str], int]) -> BoundaryCounts:
        """The boundaries of all texts, given the sum of each column."""
        count = len(self._tokenizers)
        shared = np.array([sums(column) for column in self.columns[count + 3 :]], np.int64)
        return BoundaryCounts(shared.reshape(count, count), sums(_COMMON), sums(_DIFFERING))

    def _fill(self, row: NDArray[np.int64], text: bytes) -> None:
        count = len(self._tokenizers)
        ends = [tokenizer.encode(text).ends for tokenizer in self._tokenizers]
        found = compare(len(text), ends, buckets=1).counts
        row[:count] = [len(each) for each in ends]
        row[count : count + 3] = text_size(text).words, found.common, found.differing
        row[count + 3 :] = found.shared.ravel()
