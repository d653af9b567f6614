"""What happened to a text: one immutable value that says where every earlier offset is now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Parts: TypeAlias = NDArray[np.int64]
"""``int64[n, 3]``: the start (before the change), the bytes removed and the bytes inserted of each range that
really changed. In order; no two touch."""


class Reason(Enum):
    """Why a text changed."""

    EDIT = auto()
    """Edited through the undo history, which can take it back."""
    UNDO = auto()
    REDO = auto()
    LOAD = auto()
    """Another text was opened."""
    DIRECT = auto()
    """Edited past the undo history, whose steps do not fit any more."""


class Phase(IntEnum):
    """When a follower hears of a change. It may read the text and what earlier phases keep; what followers of
    its own phase keep may be of before the change or of after it, as their order is nobody's business."""

    MODEL = 0
    """What needs the text alone: undo, carets, scroll positions and other offsets."""
    DERIVED = 1
    """What is worked out from the text: tokens, counts, normalization changes."""
    VIEW = 2
    """What shows either."""


@dataclass(frozen=True, slots=True)
class Change:
    """From byte ``start`` on, ``removed_text`` gave way to ``inserted`` bytes, which made ``revision``."""

    start: int
    removed_text: bytes | bytearray = field(repr=False)
    inserted: int
    old_length: int
    """Bytes of the text before."""
    revision: int
    reason: Reason
    parts: Parts | None = field(default=None, compare=False)
    """What really changed of that (at least one part), where most of it was put back as it was, as when lines
    are indented; None: all of it."""

    @property
    def removed(self) -> int:
        """How many bytes were removed."""
        return len(self.removed_text)

    @property
    def delta(self) -> int:
        """By how many bytes what follows has moved."""
        return self.inserted - self.removed

    @property
    def is_load(self) -> bool:
        """Whether another text was opened."""
        return self.reason is Reason.LOAD

    @property
    def keeps_nothing(self) -> bool:
        """Whether no byte of the text before is left, if it had any."""
        return self.removed == self.old_length and self.parts is None

    def map_offset(self, offset: int, assoc: int) -> int:
        """Where ``offset`` of the text before is now.

        ``assoc``: -1 to stay before what was inserted at the offset, 1 to go behind it. An offset inside
        what was removed is at the start (-1) or the end (1) of what came instead. No offset survives the
        opening of another text: each is 0 then.
        """
        if self.is_load:
            return 0
        start, removed, inserted, moved = self._part_at(offset)
        if offset < start:
            return offset
        if offset > start + removed or (offset == start + removed and (removed or assoc > 0)):
            return offset + moved + inserted - removed
        return start + moved + (inserted if assoc > 0 and offset > start else 0)

    def map_range(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the bytes ``start`` to ``end`` of the text before are now; None if any was removed or
        something came between them, or if there are none. What was inserted at an edge is outside."""
        starts, removed, inserted = self._all_parts.T
        before = int((starts + removed).searchsorted(start, side="right"))
        if start >= end or before != int(starts.searchsorted(end)):
            return None
        moved = int(inserted[:before].sum() - removed[:before].sum())
        return start + moved, end + moved

    @property
    def _all_parts(self) -> Parts:
        if self.parts is not None:
            return self.parts
        return np.array([[self.start, self.removed, self.inserted]], np.int64)

    def _part_at(self, offset: int) -> tuple[int, int, int, int]:
        """Start, bytes removed and bytes inserted of the last part that begins at or before ``offset`` (or of
        the first), and by how much the parts before it have moved what follows them."""
        if self.parts is None:  # as for every key
            return self.start, self.removed, self.inserted, 0
        number = max(int(self.parts[:, 0].searchsorted(offset, side="right")) - 1, 0)
        start, removed, inserted = self.parts[number].tolist()
        moved = int(self.parts[:number, 2].sum() - self.parts[:number, 1].sum())
        return start, removed, inserted, moved


def line_parts(start: int, before: Sequence[bytes], after: Sequence[bytes]) -> Parts:
    """The parts of a change that rewrites lines, of which the first begins at ``start``, by putting something
    before each or taking something from its beginning."""
    sizes = np.fromiter(map(len, before), np.int64, len(before))
    grown = np.fromiter(map(len, after), np.int64, len(after)) - sizes
    starts = start + np.cumsum(sizes) - sizes
    parts = np.column_stack((starts, np.maximum(-grown, 0), np.maximum(grown, 0)))
    return np.compress(grown != 0, parts, axis=0)


def inverted(parts: Parts | None) -> Parts | None:
    """The parts of the change that takes a change with these parts back."""
    if parts is None:
        return None
    moved = np.cumsum(parts[:, 2] - parts[:, 1])
    starts = parts[:, 0] + np.concatenate(([0], moved[:-1]))
    return np.column_stack((starts, parts[:, 2], parts[:, 1]))
