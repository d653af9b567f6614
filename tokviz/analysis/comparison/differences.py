"""Going from one difference between tokenizers to the next: see ``comparison`` for what one is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.comparison.comparison import BoundarySource, Flags, boundary_flags

_FIRST_BLOCK = 1 << 12
_LAST_BLOCK = 1 << 18
"""Bytes looked at in one step: few at first, as the next difference is mostly near."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Bytes ``start`` to ``stop``: boundaries at both ends are common, those inside differ."""

    start: int
    stop: int


class Differences:
    """Finds differences around any position in a text of ``size`` bytes."""

    def __init__(
        self, size: int, sources: Sequence[BoundarySource], density: NDArray[np.int64] | None = None
    ) -> None:
        """``density`` as ``Comparison`` has it, if it is known: parts without differences are passed over."""
        self._size = size
        self._sources = sources
        self._parts = np.zeros(0, np.int64) if density is None else np.flatnonzero(density)
        self._part_count = 0 if density is None else len(density)

    def following(self, offset: int) -> Difference | None:
        """The first difference that starts at ``offset`` or later; None if there is none."""
        start = self._first(offset, common=True)
        differing = self._first(self._skip_forward(start + 1), common=False)
        return self._around(differing) if differing < self._size else None

    def preceding(self, offset: int) -> Difference | None:
        """The last difference that stops at ``offset`` or earlier; None if there is none."""
        stop = self._last(offset, common=True)
        differing = self._last(self._skip_back(stop - 1), common=False)
        return self._around(differing) if differing > 0 else None

    def _skip_forward(self, offset: int) -> int:
        """The first position from ``offset`` on at which a differing boundary may be."""
        if not self._part_count or offset >= self._size:
            return offset
        part = int(np.searchsorted(self._parts, self._part_of(offset)))
        if part == len(self._parts):
            return self._size
        return max(offset, self._size * int(self._parts[part]) // self._part_count)

    def _skip_back(self, offset: int) -> int:
        """The last position up to ``offset`` at which a differing boundary may be."""
        if not self._part_count or offset <= 0:
            return offset
        part = int(np.searchsorted(self._parts, self._part_of(offset), side="right")) - 1
        if part < 0:
            return 0
        return min(offset, self._size * (int(self._parts[part]) + 1) // self._part_count)

    def _part_of(self, offset: int) -> int:
        """The part of the text that holds ``offset``: the parts begin where ``Comparing`` has them begin."""
        part = offset * self._part_count // self._size
        while self._size * (part + 1) // self._part_count <= offset:
            part += 1
        return part

    def _around(self, differing: int) -> Difference:
        return Difference(self._last(differing, common=True), self._first(differing, common=True))

    def _first(self, offset: int, common: bool) -> int:
        """The first common (or differing) boundary from ``offset`` on; the text's size if there is none.

        The text's start counts as common.
        """
        if offset <= 0 and common:
            return 0
        for start, stop in self._steps(max(offset, 1), forward=True):
            found = np.flatnonzero(self._wanted(start, stop, common))
            if len(found):
                return start + int(found[0])
        return self._size

    def _last(self, offset: int, common: bool) -> int:
        """The last common (or differing) boundary up to ``offset``; 0 if there is none.

        The text's end counts as common.
        """
        if offset >= self._size and common:
            return self._size
        for start, stop in self._steps(min(offset + 1, self._size), forward=False):
            found = np.flatnonzero(self._wanted(start, stop, common))
            if len(found):
                return start + int(found[-1])
        return 0

    def _wanted(self, start: int, stop: int, common: bool) -> Flags:
        flags = boundary_flags(self._sources, start, stop)
        everywhere: Flags = np.logical_and.reduce(flags)
        return everywhere if common else np.logical_or.reduce(flags) ^ everywhere

    def _steps(self, position: int, forward: bool) -> Iterator[tuple[int, int]]:
        """Ranges of growing length from ``position`` to the text's end, or back to its first boundary."""
        length = _FIRST_BLOCK
        while position < self._size if forward else position > 1:
            other = min(position + length, self._size) if forward else max(position - length, 1)
            yield (position, other) if forward else (other, position)
            position = other
            length = min(length * 4, _LAST_BLOCK)
