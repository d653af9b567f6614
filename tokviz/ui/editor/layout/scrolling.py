"""Which row is on top, and what the scroll bar shows, without laying out what is not in sight.

Without wrapping, rows are counted exactly. With it, the rows above are estimated from the bytes and lines of
each block, so the bar's handle may be off by a little; what one scrolls by is always exact, row by row.
"""

from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change
from tokviz.ui.editor.layout.line_layout import LineLayout
from tokviz.ui.editor.layout.row_estimate import RowEstimate
from tokviz.ui.editor.layout.row_space import Caret, PlacedRow, RowSpace
from tokviz.ui.editor.layout.segments import Segment
from tokviz.ui.editor.layout.visible_rows import VisibleRows


class Scroller:
    """Holds the top of the view: the byte at which the top row begins, and the pixels of it out of sight."""

    def __init__(self, buffer: TextBuffer, layout: LineLayout, rows: RowSpace) -> None:
        self._buffer = buffer
        self._layout = layout
        self._rows = rows
        self._estimate = RowEstimate(buffer)
        self.top = 0
        self.pixel = 0
        self.height = 1
        self._seen_at: tuple[int, ...] = ()
        self._seen = VisibleRows([])

    def configure(self, height: int, columns: int | None) -> None:
        """The view is ``height`` pixels high and wraps at ``columns`` (None: not at all)."""
        self.height = max(1, height)
        self._estimate.set_columns(columns)

    @property
    def _row_height(self) -> int:
        return self._layout.style.row_height

    def top_row(self) -> PlacedRow:
        """The row on top, wherever edits and wrapping have moved it."""
        self.top = self._buffer.boundary_before(self.top)
        row = self._rows.at(Caret(self.top))
        self.top = row.start
        return row

    def visible(self, height: int) -> VisibleRows:
        """(y, row) of each row that a view of ``height`` pixels shows."""
        if self._seen_at != (self.top, self.pixel, height, self._buffer.revision, self._layout.version):
            row = self.top_row()
            self._seen = VisibleRows(self._walk(row, height))
            self._seen_at = (self.top, self.pixel, height, self._buffer.revision, self._layout.version)
        return self._seen

    def _walk(self, top: PlacedRow, height: int) -> list[tuple[int, PlacedRow]]:
        placed: list[tuple[int, PlacedRow]] = []
        row: PlacedRow | None = top
        y = -self.pixel
        while row is not None and y < height:
            placed.append((y, row))
            y += self._row_height
            row = self._rows.following(row)
        return placed

    def map_top(self, change: Change) -> None:
        """Keep what is on top there."""
        known = (self.top, self.pixel, self.height, change.revision - 1, self._layout.version)
        self.top = change.map_offset(self.top, -1)
        self.pixel = 0 if change.is_load else self.pixel
        if self._seen_at == known:
            self._seen_at = (self.top, *known[1:])

    def apply(self, change: Change) -> tuple[int, int] | None:
        """Lay out again what a change touched, after ``map_top``. Returns the (top, bottom) y of the rows
        that changed, if nothing else in sight moved; None if all has to be drawn again."""
        before = (self.top, self.pixel, self.height, change.revision - 1, self._layout.version)
        rows = self._seen
        if change.is_load or self._seen_at != before or not rows:
            return None
        if change.start < rows[0][1].segment.start:
            return None
        first = rows.number_at(change.start)
        old = rows[first][1].segment
        new = self._rows.first_of(old.start)
        if not self._fits(old, new.segment, change):
            return None
        if rows[first][1].wrapped.count() != new.wrapped.count():
            return None
        last = first + 1
        while last < len(rows) and rows[last][1].segment.start == old.start:
            last += 1
        changed = [(y, PlacedRow(new.segment, new.wrapped, row.number)) for y, row in rows[first:last]]
        self._seen = rows.edited(first, last, changed, change.delta)
        self.top = self._seen[0][1].start
        self._seen_at = (self.top, self.pixel, self.height, change.revision, self._layout.version)
        return rows[first][0], rows[last - 1][0] + self._row_height

    @staticmethod
    def _fits(old: Segment, new: Segment, change: Change) -> bool:
        """Whether the change was inside one whole line and left it a line of its own."""
        inside = old.start <= change.start and change.start + change.removed <= old.end
        whole = old.starts_line and old.ends_line and new.starts_line and new.ends_line
        # (Between a CR and a line feed there is no line: one that is left of nothing joins the line before.)
        same = new.start == old.start and new.stop - old.stop == change.delta and len(new.content) > 0
        # The text's last line got a break: there is another line after it.
        return inside and whole and same and (old.stop > old.end) is (new.stop > new.end)

    def scroll_by(self, pixels: int) -> int:
        """Move down (or up, if negative) by ``pixels``, as far as there are rows; by how many it was."""
        row = self.top_row()
        moved = pixels
        self.pixel += pixels
        while self.pixel < 0:
            before = self._rows.preceding(row)
            if before is None:
                moved -= self.pixel
                self.pixel = 0
                break
            row = before
            self.pixel += self._row_height
        while self.pixel >= self._row_height:
            after = self._rows.following(row)
            if after is None:
                break
            row = after
            self.pixel -= self._row_height
        self.top = row.start
        return moved - self.keep_filled() if pixels > 0 else moved

    def keep_filled(self) -> int:
        """Move up as far as needed for the last row to stand at the bottom; by how many pixels."""
        missing = self.height - (self.visible(self.height)[-1][0] + self._row_height)
        if missing <= 0:
            return 0
        row = self.top_row()
        self.pixel -= missing
        while self.pixel < 0:
            before = self._rows.preceding(row)
            if before is None:
                missing += self.pixel
                self.pixel = 0
                break
            row = before
            self.pixel += self._row_height
        self.top = row.start
        return missing

    def show(self, caret: Caret, margin: int = 0) -> None:
        """Move as little as needed for the caret's row, and ``margin`` rows around it, to be in sight."""
        wanted = self._rows.at(caret)
        y = self._y_of(wanted)
        if y is None:
            self.top, self.pixel = wanted.start, 0
            self.scroll_by(-(self.height - self._row_height) // 2)
            self.keep_filled()
            return
        around = min(margin, max(0, (self.height // self._row_height - 1) // 2)) * self._row_height
        low, high = around, self.height - self._row_height - around
        if y < low:
            self.scroll_by(y - low)
        elif y > high and y > low:
            self.scroll_by(y - max(low, high))

    def _y_of(self, wanted: PlacedRow) -> int | None:
        """The y of a row in sight or a screen away from that; None if it is farther."""
        rows = self.visible(self.height)
        y = rows.y_of(wanted)
        if y is not None:
            return y
        above: PlacedRow | None = rows[0][1]
        below: PlacedRow | None = rows[-1][1]
        for step in range(1, len(rows) + 1):
            above = above and self._rows.preceding(above)
            if above is not None and above.is_same(wanted):
                return rows[0][0] - step * self._row_height
            below = below and self._rows.following(below)
            if below is not None and below.is_same(wanted):
                return rows[-1][0] + step * self._row_height
        return None

    # -- the scroll bar --------------------------------------------------------------------------------

    def total_pixels(self) -> int:
        """The height of the whole text, estimated where it wraps."""
        return round(self._estimate.total() * self._row_height)

    def position_pixels(self) -> int:
        """The estimated height of what is above the view's top."""
        row = self.top_row()
        return round((self._estimate.before(row.segment.start) + row.number) * self._row_height) + self.pixel

    def at_top(self) -> bool:
        """Whether the first row is in sight, whole."""
        return self.top_row().start == 0 and self.pixel == 0

    def move_to_end(self) -> None:
        """Go to where the last row stands at the bottom."""
        self.top, self.pixel = len(self._buffer), 0
        self.keep_filled()

    def at_bottom(self) -> bool:
        """Whether the last row is in sight, whole."""
        y, last = self.visible(self.height)[-1]
        fits = y + self._row_height <= self.height or (y <= 0 and self.pixel == 0)
        return fits and self._rows.following(last) is None

    def move_to(self, pixels: int) -> None:
        """Go to where ``position_pixels`` is about ``pixels``."""
        wanted = max(0.0, pixels / self._row_height)
        row = self._rows.first_of(self._estimate.offset_at(wanted))
        rest = max(0.0, wanted - self._estimate.before(row.segment.start))
        number = int(rest)
        if not row.wrapped.has(number):
            number = row.wrapped.count() - 1
        self.top = row.segment.start + row.wrapped.start(number)
        self.pixel = min(round((rest - number) * self._row_height), self._row_height - 1)
        self.keep_filled()
