"""How many rows are above an offset, estimated from each block's bytes and lines: for the scroll bar."""

from math import floor

import numpy as np
from numpy.typing import NDArray

from tokviz.text.buffer import TextBuffer
from tokviz.text.line_index import break_ends
from tokviz.ui.editor.layout.segments import MIXED_SEGMENT, PLAIN_SEGMENT

Floats = NDArray[np.float64]
_FEW = 64
"""Offsets that are looked up in the lines of their block."""


class RowEstimate:
    """Rows before an offset, and the offset at so many rows: the two are each other's inverse.

    Without wrapping the rows of lines that are not long are counted exactly. ``columns`` is None then.
    """

    def __init__(self, buffer: TextBuffer) -> None:
        self._buffer = buffer
        self._columns: int | None = None
        self._known: tuple[int, int, int | None] | None = None
        self._through: Floats = np.zeros(1)
        """The rows above each block of the line index."""
        self._asked: tuple[int | None, ...] = ()
        self._answer: tuple[NDArray[np.int64], Floats] = (np.zeros(1, np.int64), np.zeros(1))

    def set_columns(self, columns: int | None) -> None:
        """Wrap at ``columns``, or not at all."""
        self._columns = columns

    def total(self) -> float:
        """The rows of the whole text."""
        self._refresh()
        return float(self._through[-1]) + self._uncounted() + 1.0

    def before(self, offset: int) -> float:
        """The rows above the row that begins at ``offset``."""
        self._refresh()
        starts = self._buffer.lines.block_table().bytes
        block = min(int(np.searchsorted(starts, offset, side="right")) - 1, len(starts) - 2)
        if block < 0:
            return 0.0
        offsets, rows = self._inside(int(starts[block]), int(starts[block + 1]))
        share = float(np.interp(offset, offsets, rows)) / max(float(rows[-1]), 1e-9)
        return float(self._through[block]) + share * float(self._through[block + 1] - self._through[block])

    def shares(self, offsets: NDArray[np.int64]) -> Floats:
        """Where the rows of these offsets are: 0.0 is the first row, 1.0 behind the last. Of large texts, or
        for many offsets, to the block."""
        self._refresh()
        total = self.total()
        if len(offsets) <= _FEW:
            return np.array([floor(self.before(offset)) / total for offset in offsets.tolist()], np.float64)
        starts = self._buffer.lines.block_table().bytes
        rows: Floats = np.interp(offsets, starts, self._through) / total
        return rows

    def offset_at(self, rows: float) -> int:
        """The offset with so many rows above it, in a segment near enough."""
        self._refresh()
        lines = self._buffer.lines
        if rows > float(self._through[-1]) and not lines.complete:
            share = (rows - float(self._through[-1])) / max(self._uncounted(), 1e-9)
            return lines.covered + int(min(share, 1.0) * (len(self._buffer) - lines.covered))
        starts = self._buffer.lines.block_table().bytes
        block = min(int(np.searchsorted(self._through, rows, side="right")) - 1, len(starts) - 2)
        if block < 0:
            return 0
        low, high = float(self._through[block]), float(self._through[block + 1])
        offsets, inside = self._inside(int(starts[block]), int(starts[block + 1]))
        share = min(1.0, (rows - low) / max(high - low, 1e-9))
        return int(np.interp(share * float(inside[-1]), inside, offsets))

    def _uncounted(self) -> float:
        """The rows of what the index has not reached, at the rate of what it has."""
        lines = self._buffer.lines
        return float(self._through[-1]) * (len(self._buffer) - lines.covered) / max(1, lines.covered)

    def _refresh(self) -> None:
        state = (self._buffer.revision, self._buffer.lines.covered, self._columns)
        if state == self._known:
            return
        self._known = state
        table = self._buffer.lines.block_table()
        sizes, breaks = np.diff(table.bytes), np.diff(table.breaks)
        if self._columns is None:
            rows = breaks + np.where(breaks == 0, sizes / PLAIN_SEGMENT, 0.0)
        else:
            points = np.maximum(np.diff(table.points), 1)
            columns = points * np.where(sizes > 2.2 * points, 1.8, 1.0)
            lines = np.maximum(breaks, 1)
            average = columns / lines / self._columns
            rows = np.where(breaks == 0, average, lines * np.maximum(1.0, average + 0.45))
        self._through = np.concatenate((np.zeros(1), np.cumsum(rows, dtype=np.float64)))

    def _inside(self, start: int, stop: int) -> tuple[NDArray[np.int64], Floats]:
        """The offsets of a block's line starts and the rows before each."""
        asked = (start, stop, *(self._known or ()))
        if asked != self._asked:
            self._asked, self._answer = asked, self._look_inside(start, stop)
        return self._answer

    def _look_inside(self, start: int, stop: int) -> tuple[NDArray[np.int64], Floats]:
        ends = break_ends(self._buffer.text, start, stop)
        offsets = np.unique(np.concatenate((np.array([start]), ends, np.array([stop]))))
        sizes = np.diff(offsets)
        broken = len(ends)
        if self._columns is None:
            rows = np.where(sizes > MIXED_SEGMENT, sizes / PLAIN_SEGMENT, 0.0)
            rows[:broken] = np.maximum(rows[:broken], 1.0)
        else:
            rows = sizes / self._columns
            rows[:broken] = np.ceil(rows[:broken])
        return offsets, np.concatenate((np.zeros(1), np.cumsum(rows)))
