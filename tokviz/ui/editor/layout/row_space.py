"""The rows of the whole text as one walks them: the next, the one before, the one that holds a byte."""

from dataclasses import dataclass

from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.layout.line_layout import LineLayout
from tokviz.ui.editor.layout.rows import Row
from tokviz.ui.editor.layout.segments import Segment, Segments
from tokviz.ui.editor.layout.wrapped import Wrapped


@dataclass(frozen=True, slots=True)
class Caret:
    """A place between two characters: a byte offset, and on which row it stands where a row ends there."""

    offset: int
    upstream: bool = False
    """At the end of the row before rather than at the beginning of the next."""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row and where it is in the text. Offsets are bytes in the text."""

    segment: Segment
    wrapped: Wrapped
    number: int

    @property
    def start(self) -> int:
        """Where the row begins."""
        return self.segment.start + self.wrapped.start(self.number)

    @property
    def is_last(self) -> bool:
        """Whether the segment has no row after this."""
        return not self.wrapped.has(self.number + 1)

    @property
    def end(self) -> int:
        """Where the row's text ends, before a line break."""
        return self.segment.start + self.wrapped.end(self.number)

    @property
    def stop(self) -> int:
        """Where the next row begins."""
        return self.segment.stop if self.is_last else self.end

    @property
    def starts_line(self) -> bool:
        """Whether a line begins with this row."""
        return self.number == 0 and self.segment.starts_line

    def moved(self, by: int) -> "PlacedRow":
        """The same row after an edit before it."""
        old = self.segment
        segment = Segment(
            old.start + by,
            old.end + by,
            old.stop + by,
            old.line_start + by,
            old.ends_line,
            old.content,
            old.right_to_left,
        )
        return PlacedRow(segment, self.wrapped, self.number)

    def is_same(self, other: "PlacedRow") -> bool:
        """Whether both are the row at one place."""
        return self.segment.start == other.segment.start and self.number == other.number


class RowSpace:
    """Walks the rows of a buffer's text as a layout wraps them."""

    def __init__(self, buffer: TextBuffer, layout: LineLayout) -> None:
        self._buffer = buffer
        self._layout = layout
        self._segments = Segments(buffer)
        start = Caret(0)
        self._last = ((start, -1, -1), self._find(start))

    def at(self, caret: Caret) -> PlacedRow:
        """The row on which ``caret`` stands."""
        asked = (caret, self._buffer.revision, self._layout.version)
        if asked != self._last[0]:
            self._last = (asked, self._find(caret))
        return self._last[1]

    def _find(self, caret: Caret) -> PlacedRow:
        segment = self._segments.at(caret.offset)
        if caret.upstream and caret.offset == segment.start and not segment.starts_line:
            segment = self._segments.at(caret.offset - 1)
        wrapped = self._layout.wrap(segment)
        within = min(caret.offset, segment.end) - segment.start
        number = wrapped.number_at(within)
        preedit = self._layout.preedit
        if preedit is not None and preedit.offset == caret.offset:
            number = self._layout.composing_row(segment, wrapped, number)
        elif caret.upstream and number and wrapped.start(number) == within:
            number -= 1
        return PlacedRow(segment, wrapped, number)

    def first_of(self, offset: int) -> PlacedRow:
        """The first row of the segment that holds ``offset``."""
        segment = self._segments.at(offset)
        return PlacedRow(segment, self._layout.wrap(segment), 0)

    def following(self, row: PlacedRow) -> PlacedRow | None:
        """The next row; None after the last."""
        if not row.is_last:
            return PlacedRow(row.segment, row.wrapped, row.number + 1)
        segment = self._segments.following(row.segment)
        return None if segment is None else PlacedRow(segment, self._layout.wrap(segment), 0)

    def preceding(self, row: PlacedRow) -> PlacedRow | None:
        """The row before; None before the first."""
        if row.number:
            return PlacedRow(row.segment, row.wrapped, row.number - 1)
        segment = self._segments.preceding(row.segment)
        if segment is None:
            return None
        wrapped = self._layout.wrap(segment)
        return PlacedRow(segment, wrapped, wrapped.count() - 1)

    def row(self, placed: PlacedRow) -> Row:
        """The row itself, which measures and draws."""
        return self._layout.row(placed.segment, placed.wrapped, placed.number)

    def x_of(self, placed: PlacedRow, offset: int) -> float:
        """Where on the row the caret stands at ``offset``."""
        within = min(offset, placed.end) - placed.segment.start
        return self.row(placed).x_of(within)

    def caret_at(self, placed: PlacedRow, x: float) -> Caret:
        """The caret nearest to ``x`` on the row."""
        offset = placed.segment.start + self.row(placed).offset_at(x)
        return Caret(offset, upstream=offset == placed.end and not placed.is_last)

    def character_at(self, placed: PlacedRow, x: float) -> int:
        """The offset of the character drawn at ``x``; the row's end (its line break) beyond the text."""
        row = self.row(placed)
        left, right = row.extent
        if left <= x < right:
            return placed.segment.start + row.character_at(x)
        return placed.end if (x >= right) is not placed.segment.right_to_left else placed.start
