"""The metrics of a codebase's folders and files, whatever is counted, waiting or excluded.

A ``TokenTree`` never changes: each step gives a new version that shares what stayed the same. Metrics add
up, so a folder's are the difference of two running sums, and taking a folder out is arithmetic: nothing is
read or counted again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.languages import languages
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_density_priors import TokenDensity, likely_per_byte
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS

IMAGES = "images"  # verbatim
"""The column of what images are to a model by its maker's formula; no tokenizer is called so."""
_TELLING = 1 << 16
"""Bytes of one language from which its own ratio is taken for the files that wait."""
_FURTHEST = 2.0
"""How many times more or less than usual the first files may make the others."""


class FileState(IntEnum):
    """How far a file's counting has come."""

    WAITING = 0
    COUNTED = 1
    LEFT_OUT = 2
    """It turned out binary or unreadable, and takes part in nothing."""


class Inclusion(IntEnum):
    """How much of a node takes part."""

    NONE = 0
    PARTLY = 1
    ALL = 2


@dataclass(frozen=True, slots=True, eq=False)
class LanguageRow:
    """The files of one language that take part."""

    language: str
    files: int
    values: NDArray[np.int64]
    """``int64[columns]``."""
    certain: bool
    """All of its files are counted."""


@dataclass(frozen=True, eq=False)
class TokenTree:
    """Metrics by file: ``m`` files, ``c`` columns. Make one with ``begin``."""

    shape: TreeShape
    columns: tuple[str, ...]
    """``SIZE_COLUMNS``, then the counters'."""
    sizes: NDArray[np.int64]
    """Bytes on the disk: ``int64[m]``."""
    language_names: tuple[str, ...]
    language_of: NDArray[np.int64]
    """Each file's language, a position in ``language_names``: ``int64[m]``."""
    counted: tuple[NDArray[np.int64], ...]
    """The columns, ``int64[m]`` each; zeros where a file is not counted. Trees share those that are alike."""
    states: NDArray[np.uint8]
    """``FileState`` of each file: ``uint8[m]``."""
    included: NDArray[np.bool_]
    """Which files take part: ``bool[m]``."""
    generated: NDArray[np.bool_]
    """Which files say that a program wrote them: ``bool[m]``; False where a file is not counted."""
    shortened: NDArray[np.uint8]
    """What has made each file's text shorter, as a mask of ``shortened_counts``; 0 where its counts are those
    of the whole text: ``uint8[m]``."""
    density: TokenDensity
    """What a file that waits is taken to bring."""

    @classmethod
    def begin(
        cls, shape: TreeShape, sizes: Sequence[int], columns: Sequence[str], density: TokenDensity
    ) -> "TokenTree":
        """A tree of which only the sizes on the disk are known. ``columns`` begin with ``SIZE_COLUMNS``."""
        files = len(shape.file_nodes)
        if len(sizes) != files or tuple(columns[: len(SIZE_COLUMNS)]) != SIZE_COLUMNS:
            raise ValueError(f"{files} files need as many sizes, and columns that begin with {SIZE_COLUMNS}")
        names, numbers = languages(shape.names[node] for node in shape.file_nodes.tolist())
        return cls(
            shape=shape,
            columns=tuple(columns),
            sizes=np.array(sizes, np.int64),
            language_names=tuple(names),
            language_of=np.array(numbers, np.int64),
            counted=tuple(np.zeros(files, np.int64) for _ in columns),
            states=np.full(files, FileState.WAITING, np.uint8),
            included=np.ones(files, np.bool_),
            generated=np.zeros(files, np.bool_),
            shortened=np.zeros(files, np.uint8),
            density=density,
        )

    def with_counts(self, batches: Iterable[CountedBatch], first: int = 0) -> "TokenTree":
        """With the metrics of more files; ``first`` is the number here of what is 0 in the batches."""
        counted, states = tuple(column.copy() for column in self.counted), self.states.copy()
        generated = self.generated.copy()
        for batch in batches:
            numbers = batch.numbers + first
            gone = [number + first for number, _ in batch.left_out]
            for column, values in zip(counted, batch.values.T, strict=True):
                column[numbers] = values
                column[gone] = 0
            states[numbers] = FileState.COUNTED
            generated[numbers] = batch.generated
            states[gone] = FileState.LEFT_OUT
        return replace(self, counted=counted, states=states, generated=generated)

    def with_images(self, numbers: NDArray[np.int64], tokens: NDArray[np.int64]) -> "TokenTree":
        """With these files counted, which are no texts: ``tokens`` (``int64[m]``) of images, in one more
        column, ``IMAGES``."""
        states = self.states.copy()
        states[numbers] = FileState.COUNTED
        columns, counted = (*self.columns, IMAGES), (*self.counted, tokens)
        tree = replace(self, columns=columns, counted=counted, states=states)
        if self.waiting:  # of what waits it is not known whether it is an image
            tree.__dict__["_per_byte"] = np.vstack([self._per_byte, np.zeros(len(self.language_names))])
        return tree

    def with_included(self, nodes: Iterable[int], included: bool) -> "TokenTree":
        """With all files under each of ``nodes`` included or excluded."""
        flags = self.included.copy()
        for node in nodes:
            flags[self.shape.first_files[node] : self.shape.end_files[node]] = included
        return self.with_flags(flags)

    def with_flags(self, included: NDArray[np.bool_]) -> "TokenTree":
        """With exactly these files taking part: ``bool[m]``."""
        tree = replace(self, included=included)
        if "values" in self.__dict__:  # they do not depend on what takes part
            tree.__dict__["values"] = self.values
        return tree

    def with_values_of(self, before: "TokenTree", pairs: Iterable[tuple[int, int]]) -> "TokenTree":
        """After a new scan: with what ``before`` knew of files that did not change, as (number before,
        number now). The columns must be the same."""
        if before.columns != self.columns:
            raise ValueError(f"figures of {before.columns} are none of {self.columns}")
        old, new = np.array(list(pairs), np.int64).reshape(-1, 2).T
        counted, states, included = [], self.states.copy(), self.included.copy()
        generated = self.generated.copy()
        for column, known in zip(self.counted, before.counted, strict=True):
            counted.append(column.copy())
            counted[-1][new] = known[old]
        states[new], included[new] = before.states[old], before.included[old]
        generated[new] = before.generated[old]
        return replace(self, counted=tuple(counted), states=states, included=included, generated=generated)

    def narrowed(self, columns: Sequence[str]) -> "TokenTree":
        """With these columns and no others: sums cost that much less. ``columns`` begin with
        ``SIZE_COLUMNS``."""
        positions = self.positions(columns)
        tree = replace(
            self, columns=tuple(columns), counted=tuple(self.counted[position] for position in positions)
        )
        if self.waiting:  # worked out once for all
            tree.__dict__["_per_byte"] = self._per_byte[positions]
        return tree

    def limited(self, files: NDArray[np.bool_]) -> "TokenTree":
        """As if it had only these files (``bool[m]``); the nodes stay, and what is likely."""
        states = np.where(files, self.states, np.uint8(FileState.LEFT_OUT))
        tree = replace(self, states=states, counted=tuple(column * files for column in self.counted))
        tree.__dict__["_per_byte"] = self._per_byte
        return tree

    def column(self, name: str) -> int:
        """A column's position; ValueError if there is none of that name."""
        return self.columns.index(name)

    def positions(self, names: Iterable[str]) -> list[int]:
        """Where some columns stand."""
        return [self.column(name) for name in names]

    @cached_property
    def values(self) -> tuple[NDArray[np.int64], ...]:
        """By file, the counted metrics, and for files that wait likely ones from their size and from what is
        counted so far: the columns, ``int64[m]`` each."""
        if not self.waiting:
            return self.counted
        return tuple(self.values_in(position) for position in range(len(self.columns)))

    def values_in(self, position: int) -> NDArray[np.int64]:
        """One column of ``values``, without the others: ``int64[m]``."""
        row = np.empty(len(self.sizes), np.int64)
        self._fill_values(position, row)
        return row

    def _fill_values(self, position: int, row: NDArray[np.int64]) -> None:
        """Put one column of ``values`` into ``row``: it stays in the processor's cache, and where only sums
        are wanted, no memory for all columns is needed."""
        np.copyto(row, self.counted[position])
        numbers, sizes, of = self._waiting_files
        if len(numbers):
            row[numbers] = np.rint(sizes * self._per_byte[position][of])

    def sums(self, files: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Of these files (``bool[m]``), by column: what is counted, and what is likely in all, which is the
        sum of ``values`` but for their rounding. Twice ``int64[c]``."""
        flags = files.astype(np.int64)
        waiting = files & (self.states == FileState.WAITING)
        sizes = np.bincount(self.language_of[waiting], self.sizes[waiting], len(self.language_names))
        known = np.array([int(column @ flags) for column in self.counted], np.int64)
        return known, known + np.rint(self._per_byte @ sizes).astype(np.int64)

    def totals(self, nodes: NDArray[np.integer]) -> NDArray[np.int64]:
        """Of the files in each node that take part: ``int64[len(nodes), c]``."""
        return self._in_nodes(self._running, nodes).T

    def full_totals(self, nodes: NDArray[np.integer]) -> NDArray[np.int64]:
        """Of all files in each node, taking part or not: ``int64[len(nodes), c]``."""
        return self._in_nodes(self._running_full, nodes).T

    def total(self, node: int = 0) -> NDArray[np.int64]:
        """Of the files in one node that take part, by default of all: ``int64[c]``."""
        total: NDArray[np.int64] = self.totals(np.array([node]))[0]
        return total

    def certain(self, nodes: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Whether each node's ``totals`` are counted and not estimated: ``bool[len(nodes)]``."""
        certain: NDArray[np.bool_] = self._in_nodes(self._running_waiting, nodes) == 0
        return certain

    def file_counts(self, nodes: NDArray[np.integer]) -> NDArray[np.int64]:
        """How many files of each node take part: ``int64[len(nodes)]``."""
        counts: NDArray[np.int64] = self._in_nodes(self._running_included, nodes)
        return counts

    def inclusion(self, nodes: NDArray[np.integer]) -> NDArray[np.int8]:
        """``Inclusion`` of each node; files left out do not matter: ``int8[len(nodes)]``."""
        taken = self._in_nodes(self._running_included, nodes)
        possible = self._in_nodes(self._running_possible, nodes)
        partly = np.where(taken > 0, Inclusion.PARTLY, Inclusion.NONE)
        return np.where((taken == possible) & (taken > 0), Inclusion.ALL, partly).astype(np.int8)

    @property
    def waiting(self) -> int:
        """How many files are not counted yet."""
        return len(self._waiting_files[0])

    @cached_property
    def _waiting_files(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The files that are not counted yet: their numbers, sizes on the disk and languages."""
        numbers = np.flatnonzero(self.states == FileState.WAITING)
        return numbers, self.sizes[numbers], self.language_of[numbers]

    @cached_property
    def takes_part(self) -> NDArray[np.bool_]:
        """Which files are included and not left out: ``bool[m]``."""
        flags: NDArray[np.bool_] = self.included & (self.states != FileState.LEFT_OUT)
        return flags

    def by_language(self) -> list[LanguageRow]:
        """The files that take part, by language, in no order but the names'."""
        chosen = self.takes_part
        kinds = len(self.language_names)
        of = self.language_of[chosen]
        files = np.bincount(of, minlength=kinds)
        waiting = np.bincount(of, self.states[chosen] == FileState.WAITING, kinds)
        sums = [np.bincount(of, column[chosen], kinds) for column in self.values]
        values = np.array(sums, np.int64).T
        return [
            LanguageRow(name, int(files[i]), values[i], waiting[i] == 0)
            for i, name in enumerate(self.language_names)
            if files[i]
        ]

    @cached_property
    def _per_byte(self) -> NDArray[np.float64]:
        """What a byte on the disk brings, by column and language: what it brought in this tree, or else what
        it usually does, by as much more or less as this tree is above or below that."""
        # What turned out to be no text has brought nothing.
        done = self.states != FileState.WAITING
        of, kinds = self.language_of[done], len(self.language_names)
        known = np.bincount(of, self.sizes[done], kinds)
        ratios = likely_per_byte(self.density, self.columns, self.language_names)
        if known.sum() < _TELLING:
            return ratios
        # All files: those that are not counted have zeros.
        sums = np.array([np.bincount(self.language_of, column, kinds) for column in self.counted])
        telling, expected = known >= _TELLING, ratios @ known
        above = np.ones(len(self.columns))
        np.divide(sums.sum(axis=1), expected, out=above, where=expected > 0)
        ratios *= np.clip(above, 1 / _FURTHEST, _FURTHEST)[:, np.newaxis]
        ratios[:, telling] = sums[:, telling] / known[telling]
        return ratios

    def _in_nodes(self, running: NDArray[np.int64], nodes: NDArray[np.integer]) -> NDArray[np.int64]:
        ends, firsts = self.shape.end_files[nodes], self.shape.first_files[nodes]
        difference: NDArray[np.int64] = running[..., ends] - running[..., firsts]
        return difference

    @cached_property
    def _running(self) -> NDArray[np.int64]:
        return self._running_sums(self.takes_part)

    @cached_property
    def _running_full(self) -> NDArray[np.int64]:
        return self._running_sums(np.ones(len(self.sizes), np.bool_))

    def _running_sums(self, part: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Along the files in ``part``, with a zero before the first, by column: ``int64[c, m + 1]``."""
        files = len(self.sizes)
        sums = np.empty((len(self.columns), files + 1), np.int64)
        sums[:, 0] = 0
        factors, row = part.astype(np.int64), np.empty(files, np.int64)
        for position, into in enumerate(sums):
            self._fill_values(position, row)
            np.multiply(row, factors, out=row)
            np.cumsum(row, out=into[1:])
        return sums

    @cached_property
    def _running_waiting(self) -> NDArray[np.int64]:
        return _running_sum(self.takes_part & (self.states == FileState.WAITING))

    @cached_property
    def _running_included(self) -> NDArray[np.int64]:
        return _running_sum(self.takes_part)

    @cached_property
    def _running_possible(self) -> NDArray[np.int64]:
        return _running_sum(self.states != FileState.LEFT_OUT)


def _running_sum(values: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Along the files, with a zero before the first: ``int64[m + 1]``."""
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums
