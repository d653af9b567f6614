"""What a codebase's files count when they are shortened, in every way there is, so that each choice is exact
and shown at once.

A choice of shortenings is a *mask*: the sum of their bits (``bit_of``). Each file's shorter texts are counted
once, under the mask of those that changed it; which of them a choice makes is arithmetic.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.scan import Counters, MeasuredBatch, count, measure
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.count_plan import CountPlan
from tokviz.documents.decoding import TextFile
from tokviz.documents.shortening.shorten import all_shortened
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.reading import BATCH, ReadAhead, TextBatch
from tokviz.tokens import Count

_WAYS = tuple(Shortening)
MASKS = 1 << len(_WAYS)
"""How many masks there are; all of them are smaller."""


def bit_of(one: Shortening) -> int:
    """The bit of one shortening in a mask."""
    return 1 << _WAYS.index(one)


def mask_of(wanted: Iterable[Shortening]) -> int:
    """The mask of several."""
    return sum(map(bit_of, set(wanted)))


def shortenings_of(mask: int) -> tuple[Shortening, ...]:
    """Those in a mask, in order."""
    return tuple(one for one in _WAYS if mask & bit_of(one))


@dataclass(frozen=True, slots=True, eq=False)
class ShortenedBatch:
    """The counts of some files' shorter texts; it pickles small and holds no text."""

    keys: NDArray[np.int64]
    """A file's number × ``MASKS`` + the mask of what changed its text: ``int64[n]``."""
    values: NDArray[np.int64]
    """``int64[n, columns]``, as in a ``CountedBatch``; the bytes too are those of the shorter text."""
    kept: dict[int, str]
    """By number, why a file cannot be shortened in one of the ways."""
    size: int
    """Bytes of the files, read as text."""


@dataclass(frozen=True, eq=False)
class ShortenedCounts:
    """The counts of all files' shorter texts."""

    keys: NDArray[np.int64]
    """In order; see ``ShortenedBatch``."""
    values: NDArray[np.int64]
    kept: Mapping[int, str]

    @classmethod
    def of(cls, batches: Sequence[ShortenedBatch], columns: int) -> "ShortenedCounts":
        """All of ``batches``."""
        keys = np.concatenate([np.zeros(0, np.int64), *(batch.keys for batch in batches)])
        values = np.concatenate([np.zeros((0, columns), np.int64), *(batch.values for batch in batches)])
        order = np.argsort(keys, kind="stable")
        kept = {number: reason for batch in batches for number, reason in batch.kept.items()}
        return cls(keys[order], values[order], kept)

    @cached_property
    def files(self) -> NDArray[np.int64]:
        """The files that can be made smaller, in order."""
        return np.unique(self.keys // MASKS)

    def rows(self, wanted: NDArray[np.uint8]) -> NDArray[np.int64]:
        """For each of ``files``, the row of the text that it has when ``wanted`` (``uint8[m]``, a mask for
        each file of the tree) is asked for; -1 where that is the whole text."""
        files, asked = self.files, wanted[self.files]
        applied = np.zeros(len(files), np.int64)
        rows = np.full(len(files), -1)
        for one in _WAYS:
            bit = bit_of(one)
            key = files * MASKS + (applied | bit)
            place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
            taken = ((asked & bit) > 0) & (self.keys[place] == key)
            applied[taken] |= bit
            rows[taken] = place[taken]
        return rows

    def shorten(self, tree: TokenTree, wanted: NDArray[np.uint8]) -> TokenTree:
        """``tree``, whose counts are those of whole texts, with the files shortened as ``wanted``."""
        files, rows = self._changed(wanted)
        shortened = np.zeros(len(tree.sizes), np.uint8)
        shortened[files] = self.keys[rows] % MASKS
        counted = (self._put(column, at, files, rows) for at, column in enumerate(tree.counted))
        return replace(tree, counted=tuple(counted), shortened=shortened)

    def columns(
        self, tree: TokenTree, positions: Sequence[int], wanted: NDArray[np.uint8]
    ) -> NDArray[np.int64]:
        """Some columns of ``shorten``, without the others: ``int64[positions, m]``."""
        files, rows = self._changed(wanted)
        return np.array([self._put(tree.counted[at], at, files, rows) for at in positions])

    def _changed(self, wanted: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The files that are another text when ``wanted``, and the row of each."""
        rows = self.rows(wanted)
        changed = rows >= 0
        return self.files[changed], rows[changed]

    def _put(
        self, column: NDArray[np.int64], at: int, files: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        found = column.copy()
        found[files] = self.values[rows, at]
        return found

    def replaced(self, other: "ShortenedCounts", among: NDArray[np.bool_]) -> "ShortenedCounts":
        """With ``other`` in the place of what is known of the files ``among`` (``bool[m]``)."""
        stays, comes = ~among[self.keys // MASKS], among[other.keys // MASKS]
        keys = np.concatenate([self.keys[stays], other.keys[comes]])
        values = np.concatenate([self.values[stays], other.values[comes]])
        order = np.argsort(keys, kind="stable")
        kept = {number: reason for number, reason in self.kept.items() if not among[number]}
        return ShortenedCounts(keys[order], values[order], {**kept, **other.kept})

    def narrowed(self, positions: Sequence[int]) -> "ShortenedCounts":
        """With some of the columns alone."""
        return ShortenedCounts(self.keys, self.values[:, list(positions)], self.kept)


@dataclass(frozen=True, slots=True)
class Saving:
    """What one shortening saves, beside those that are chosen too."""

    shortening: Shortening
    files: int
    """How many of the files are another text with it than without."""
    before: Mapping[str, Count]
    """The counts without it, by tokenizer and estimator."""
    after: Mapping[str, Count]
    """The counts with it."""
    chosen: int
    """For how many of those files it is chosen already."""

    def saves(self, name: str) -> int:
        """Tokens."""
        return self.before[name].tokens - self.after[name].tokens


def savings(
    tree: TokenTree,
    found: ShortenedCounts,
    wanted: NDArray[np.uint8],
    plan: CountPlan,
    among: NDArray[np.bool_] | None = None,
) -> list[Saving]:
    """What each shortening saves where ``wanted`` (``uint8[m]``) are chosen: of the files that take part, or
    of those of them in ``among`` (``bool[m]``). ``tree`` has the counts of whole texts."""
    part = tree.takes_part if among is None else tree.takes_part & among
    weights = part.astype(np.int64)
    whole = np.array([int(column @ weights) for column in tree.counted], np.int64)
    taken = part[found.files]
    base = np.array([column[found.files] for column in tree.counted], np.int64).T

    def sums(rows: NDArray[np.int64]) -> dict[str, Count]:
        changed = (rows >= 0) & taken
        return plan.counts(
            tree.columns, whole + self_sum(found.values[rows[changed]]) - self_sum(base[changed])
        )

    def self_sum(values: NDArray[np.int64]) -> NDArray[np.int64]:
        total: NDArray[np.int64] = values.sum(axis=0)
        return total

    answers = []
    for one in _WAYS:
        bit = np.uint8(bit_of(one))
        without, with_it = found.rows(wanted & ~bit), found.rows(wanted | bit)
        changed = (without != with_it) & taken
        chosen = int(np.count_nonzero(changed & ((wanted[found.files] & bit) > 0)))
        files = int(np.count_nonzero(changed))
        answers.append(Saving(one, files, sums(without), sums(with_it), chosen))
    return answers


class KnownShortened(Protocol):
    """What earlier runs counted of shortened files."""

    def take(self) -> Iterator[ShortenedBatch]:
        """What is known of files whose texts are not in the batches, as far as it is looked up."""

    def keep(self, looked: Sequence[int], found: ShortenedBatch) -> None:
        """Keep what was counted of the files ``looked`` at."""


class _Looked(NamedTuple):
    """What is known of a batch beside its texts."""

    numbers: list[int]
    """The files whose texts were looked at."""
    kept: dict[int, str]
    """By number, why some cannot be shortened."""
    size: int
    """Bytes of their texts."""


def shortened_batches(
    batches: Iterable[TextBatch], names: Mapping[int, str], ways: Collection[Shortening], most: int = BATCH
) -> Iterator[tuple[MeasuredBatch, "_Looked"]]:
    """The shorter texts of the files in ``batches``, measured. ``names``: by number, each file's name or
    path."""
    gathered, looked, kept, size = TextBatch(), list[int](), dict[int, str](), 0
    for batch in batches:
        for number, text in zip(batch.numbers, batch.texts, strict=True):
            size += len(text)
            looked.append(number)
            for each in all_shortened(text, names[number], ways):
                if each.kept:
                    kept[number] = each.kept
                if each.applied:
                    file = TextFile(each.text, "UTF-8", shortened=each.applied, size_before=len(text))
                    gathered.add(number * MASKS + mask_of(each.applied), file, len(each.text))
            if gathered.size >= most or size >= most:
                yield measure(gathered), _Looked(looked, kept, size)
                gathered, looked, kept, size = TextBatch(), [], {}, 0
    yield measure(gathered), _Looked(looked, kept, size)


def count_shortened(
    batches: Iterable[TextBatch],
    names: Mapping[int, str],
    counters: Counters,
    ways: Collection[Shortening] = _WAYS,
    most: int = BATCH,
    recalled: "KnownShortened | None" = None,
) -> Iterator[ShortenedBatch]:
    """Count the shorter texts of the files in ``batches`` that ``ways`` make; see ``shortened_batches``.
    ``recalled``: what is known of other files, and keeps what is counted of these."""
    about: deque[_Looked] = deque()

    def noted(source: Iterable[tuple[MeasuredBatch, _Looked]]) -> Iterator[MeasuredBatch]:
        for batch, looked in source:
            about.append(looked)
            yield batch

    with ReadAhead(shortened_batches(batches, names, ways, most)) as ahead:
        for counted in count(noted(ahead), counters):
            looked = about.popleft()
            found = ShortenedBatch(counted.numbers, counted.values, looked.kept, looked.size)
            if recalled:
                recalled.keep(looked.numbers, found)
                yield from recalled.take()
            yield found
