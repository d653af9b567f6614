"""The rows of the whole text as one walks them: the next, the one before, the one that holds a byte."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.layout.line_layout import LineLayout
from tokviz.ui.editor.layout.row_shapes import RowShape, Spans
from tokviz.ui.editor.layout.segments import Segment, Segments
from tokviz.ui.editor.layout.wrapping import RowBreaks


@dataclass(frozen=True, slots=True)
class Caret:
    """A position between two characters: a byte offset, and on which row it stands where a row ends there."""

    offset: int
    upstream: bool = False
    """At the end of the row before rather than at the beginning of the next."""


@dataclass(frozen=True, slots=True)
class Row:
    """One visual line: row ``number`` of a segment. Offsets are bytes in the text, x is in pixels from the
    row's left edge."""

    segment: Segment
    breaks: RowBreaks
    number: int
    layout: LineLayout = field(repr=False, compare=False)

    @property
    def key(self) -> tuple[int, int]:
        """Tells rows of one text apart, and orders them. (``start`` does not: the rows of what an input
        method composes all begin where that will be inserted.)"""
        return self.segment.start, self.number

    @property
    def start(self) -> int:
        """Where the row begins."""
        return self.segment.start + self.breaks.start(self.number)

    @property
    def is_last(self) -> bool:
        """Whether the segment has no row after this."""
        return not self.breaks.has(self.number + 1)

    @property
    def end(self) -> int:
        """Where the row's text ends, before a line break."""
        return self.segment.start + self.breaks.end(self.number)

    @property
    def stop(self) -> int:
        """Where the next row begins."""
        return self.segment.stop if self.is_last else self.end

    @property
    def starts_line(self) -> bool:
        """Whether a line begins with this row."""
        return self.number == 0 and self.segment.starts_line

    @property
    def shape(self) -> RowShape:
        """What measures and draws the row, with offsets within its segment."""
        return self.layout.shape(self.segment, self.breaks, self.number)

    def moved(self, by: int) -> "Row":
        """The same row after an edit before it."""
        return Row(self.segment.moved(by), self.breaks, self.number, self.layout)

    def spans(self, boundaries: NDArray[np.int64]) -> Spans:
        """Where the text between these offsets (ascending, in the row and its line break) stands."""
        return self.shape.spans(boundaries - self.segment.start)

    def x_of(self, offset: int) -> float:
        """Where on the row the caret stands at ``offset``."""
        return self.shape.x_of(min(offset, self.end) - self.segment.start)

    def caret_at(self, x: float) -> Caret:
        """The caret nearest to ``x``."""
        offset = self.segment.start + self.shape.offset_at(x)
        return Caret(offset, upstream=offset == self.end and not self.is_last)

    def character_at(self, x: float) -> int:
        """The offset of the character drawn at ``x``; the row's end (its line break) beyond the text."""
        left, right = self.shape.extent
        if left <= x < right:
            return self.segment.start + self.shape.character_at(x)
        return self.end if (x >= right) is not self.segment.right_to_left else self.start


class RowNavigator:
    """Walks the rows of a buffer's text as a layout wraps them."""

    def __init__(self, buffer: TextBuffer, layout: LineLayout) -> None:
        self._buffer = buffer
        self._layout = layout
        self._segments = Segments(buffer)

    @property
    def version(self) -> object:
        """Changes as soon as any row may be another."""
        return self._buffer.revision, self._layout.version

    @property
    def row_height(self) -> int:
        """In pixels."""
        return self._layout.style.row_height

    def at(self, position: int) -> Row:
        """The row that holds byte ``position``, or the character that byte is in."""
        return self.of_caret(Caret(self._buffer.boundary_before(position)))

    def of_caret(self, caret: Caret) -> Row:
        """The row on which ``caret`` stands."""
        segment = self._segments.at(caret.offset)
        if caret.upstream and caret.offset == segment.start and not segment.starts_line:
            segment = self._segments.at(caret.offset - 1)
        breaks = self._layout.wrap(segment)
        within = min(caret.offset, segment.end) - segment.start
        number = breaks.number_at(within)
        preedit = self._layout.preedit
        if preedit is not None and preedit.offset == caret.offset:
            number = self._layout.composing_row(segment, breaks, number)
        elif caret.upstream and number and breaks.start(number) == within:
            number -= 1
        return self._row(segment, breaks, number)

    def first_of(self, offset: int) -> Row:
        """The first row of the segment that holds ``offset``."""
        return self._first(self._segments.at(offset))

    def following(self, row: Row) -> Row | None:
        """The next row; None after the last."""
        if not row.is_last:
            return self._row(row.segment, row.breaks, row.number + 1)
        segment = self._segments.following(row.segment)
        return None if segment is None else self._first(segment)

    def preceding(self, row: Row) -> Row | None:
        """The row before; None before the first."""
        if row.number:
            return self._row(row.segment, row.breaks, row.number - 1)
        segment = self._segments.preceding(row.segment)
        if segment is None:
            return None
        breaks = self._layout.wrap(segment)
        return self._row(segment, breaks, breaks.count() - 1)

    def _first(self, segment: Segment) -> Row:
        return self._row(segment, self._layout.wrap(segment), 0)

    def _row(self, segment: Segment, breaks: RowBreaks, number: int) -> Row:
        return Row(segment, breaks, number, self._layout)
