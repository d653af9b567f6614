"""What of a text is in sight: its rows, its measures on the screen, and which byte is at which point."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF

from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change
from tokviz.text.line_index import LineIndex
from tokviz.ui.editor.layout.chunked_row_shape import ChunkedRowShape
from tokviz.ui.editor.layout.fonts import TextStyle
from tokviz.ui.editor.layout.line_layout import LineLayout
from tokviz.ui.editor.layout.row_navigator import Caret, Row, RowNavigator
from tokviz.ui.editor.layout.row_shapes import QtRowShape
from tokviz.ui.editor.layout.segments import PLAIN_SEGMENT, Segment
from tokviz.ui.editor.layout.viewport import Viewport

_FEWEST_COLUMNS = 16


@dataclass(frozen=True, slots=True)
class Geometry:
    """The measures of the picture, in pixels."""

    width: int = 1
    height: int = 1
    gutter: int = 0
    """The width of the line numbers' column."""
    margin: int = 8
    """Between that column, or the left edge, and the text."""
    scrolled: int = 0
    """How far the text is moved to the left."""
    ratio: float = 1.0
    """Device pixels for each pixel."""

    @property
    def text_left(self) -> int:
        """The x of the rows' left edge in the view."""
        return self.gutter + self.margin - self.scrolled

    @property
    def text_area(self) -> QRect:
        """All but the line numbers' column."""
        return QRect(self.gutter, 0, self.width - self.gutter, self.height)

    def contains(self, point: QPointF) -> bool:
        """Whether a point is in the view."""
        return QRect(0, 0, self.width, self.height).contains(point.toPoint())

    @property
    def clip(self) -> tuple[float, float]:
        """The x in sight, from the rows' left edge."""
        return float(self.gutter - self.text_left), float(self.width - self.text_left)

    def columns(self, advance: float) -> int:
        """How many characters ``advance`` pixels wide fit in a row that wraps."""
        room = self.width - self.gutter - self.margin - 2 * advance
        return max(_FEWEST_COLUMNS, int(room / advance))


def gutter_width(lines: LineIndex, style: TextStyle) -> int:
    """The width of a column for the numbers of these lines, in pixels."""
    return round(max(3, len(str(lines.line_count))) * style.advance) + 18


class TextViewport(Viewport[Row]):
    """Lays out the text as wide as the view, and answers for what is in sight. Points are in the view."""

    def __init__(self, buffer: TextBuffer, style: TextStyle) -> None:
        self.layout = LineLayout(style)
        self.navigator = RowNavigator(buffer, self.layout)
        super().__init__(self.navigator)
        self._buffer = buffer
        self.geometry = Geometry()

    def configure(self, geometry: Geometry, style: TextStyle, wrap: bool) -> None:
        """Take these measures from now on; with ``wrap`` rows are as wide as the view."""
        self.geometry = geometry
        self.height = max(1, geometry.height)
        self.layout.configure(style, geometry.columns(style.advance) if wrap else None)

    @property
    def row_height(self) -> int:
        """The height of a row, in pixels."""
        return self.layout.style.row_height

    @property
    def text_width(self) -> int:
        """How wide the rows are that do not wrap, in pixels; 0 where they do."""
        if self.layout.columns is not None:
            return 0
        longest = min(self._buffer.lines.longest_line, PLAIN_SEGMENT)
        return round((longest + 3) * self.layout.style.advance) + self.geometry.margin

    def scroll_aside_to(self, scrolled: int) -> None:
        """Move the text to the left by so many pixels in all."""
        self.geometry = replace(self.geometry, scrolled=scrolled)

    def visible_bytes(self) -> tuple[int, int]:
        """The bytes (start, end) of the rows in sight."""
        rows = self.visible()
        return rows[0][1].start, rows[-1][1].stop

    # -- points and bytes ------------------------------------------------------------------------------

    def caret_at(self, point: QPointF) -> Caret:
        """The caret nearest to a point."""
        _, row = self.row_at(point.y())
        return row.caret_at(point.x() - self.geometry.text_left)

    def character_at(self, point: QPointF) -> int:
        """The offset of the character at a point, or of its row's end."""
        _, row = self.row_at(point.y())
        return row.character_at(point.x() - self.geometry.text_left)

    def is_over_text(self, point: QPointF) -> bool:
        """Whether a row's text is drawn at a point."""
        y, row = self.row_at(point.y())
        left, right = row.shape.extent
        return y <= point.y() < y + self.row_height and left <= point.x() - self.geometry.text_left < right

    def row_bytes(self, offset: int) -> tuple[int, int]:
        """The bytes (start, end) of the row that holds ``offset``, its line break included."""
        row = self.navigator.of_caret(Caret(offset))
        return row.start, row.stop

    def boxes(self, span: tuple[int, int], rows: Sequence[tuple[int, Row]]) -> Iterator[QRectF]:
        """The extents of what these bytes have in ``rows``, some of those in sight."""
        left_edge = self.geometry.text_left
        for y, row in rows:
            low, high = max(span[0], row.start), min(span[1], row.stop)
            if low >= high:
                continue
            boundaries = np.array(sorted({row.start, low, high, row.stop}), np.int64)
            for owner, left, right in row.spans(boundaries):
                if low <= int(boundaries[owner]) < high:
                    yield QRectF(left_edge + left, y, right - left, self.row_height)

    def box_of(self, start: int, end: int) -> QRect | None:
        """The extent of what these bytes have in sight; None if they have nothing."""
        boxes = list(self.boxes((start, end), self.visible()))
        whole = QRectF()
        for box in boxes:
            whole |= box
        return whole.toAlignedRect() if boxes else None

    def caret_box(self, caret: Caret) -> QRectF | None:
        """The caret's rectangle; None if its row is not in sight."""
        row = self.navigator.of_caret(caret)
        y = self.y_of(row)
        if y is None:
            return None
        shape, preedit = row.shape, self.layout.preedit
        composing = preedit is not None and preedit.offset == caret.offset
        if composing and preedit is not None and isinstance(shape, QtRowShape | ChunkedRowShape):
            x = shape.composing_x(preedit.offset - row.segment.start, max(0, preedit.cursor))
        else:
            x = row.x_of(caret.offset)
        return QRectF(self.geometry.text_left + round(x) - 1, y + 1, 2, self.row_height - 2)

    # -- following changes ----------------------------------------------------------------------------

    def apply(self, change: Change) -> tuple[int, int] | None:
        """Keep what is on top there, and lay out again what a change touched. Returns the (top, bottom) y of
        the rows that changed, if nothing else in sight moved; None if all has to be drawn again."""
        rows = self.visible_before((change.revision - 1, self.layout.version))
        self.top = change.map_offset(self.top, -1)
        self.pixel = 0 if change.keeps_nothing else self.pixel
        if change.is_load or not rows or change.start < rows[0][1].segment.start:
            return None
        first = max(0, bisect_right(rows, change.start, key=lambda shown: shown[1].segment.start) - 1)
        old = rows[first][1]
        while first and rows[first - 1][1].segment.start == old.segment.start:
            first -= 1
        new = self.navigator.first_of(old.segment.start)
        if not _is_within_line(change, old.segment, new.segment) or old.breaks.count() != new.breaks.count():
            return None
        last = first + 1
        while last < len(rows) and rows[last][1].segment.start == old.segment.start:
            last += 1
        changed = [(y, replace(new, number=row.number)) for y, row in rows[first:last]]
        delta = change.delta
        after = [(y, row.moved(delta)) for y, row in rows[last:]]
        self.set_visible([*rows[:first], *changed, *after])
        return rows[first][0], rows[last - 1][0] + self.row_height


def _is_within_line(change: Change, old: Segment, new: Segment) -> bool:
    """Whether the change was inside one whole line and left it a line of its own."""
    inside = old.start <= change.start and change.start + change.removed <= old.end
    whole = old.starts_line and old.ends_line and new.starts_line and new.ends_line
    # (Between a CR and a line feed there is no line: one that is left of nothing joins the line before.)
    same = new.start == old.start and new.stop - old.stop == change.delta and len(new.content) > 0
    # The text's last line got a break: there is another line after it.
    return inside and whole and same and (old.stop > old.end) is (new.stop > new.end)
