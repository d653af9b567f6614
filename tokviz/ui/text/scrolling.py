"""Which row is on top, and what the scroll bar shows, without laying out what is not in sight.

Without wrapping, rows are counted exactly. With it, the rows above are estimated from the bytes and lines of
each block, so the bar's handle may be off by a little; what one scrolls by is always exact, row by row.
"""

from tokviz.ui.text.buffer import TextBuffer
from tokviz.ui.text.line_layout import LineLayout
from tokviz.ui.text.row_estimate import RowEstimate
from tokviz.ui.text.row_space import Caret, PlacedRow, RowSpace


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

    def visible(self, height: int) -> list[tuple[int, PlacedRow]]:
        """(y, row) of each row that a view of ``height`` pixels shows."""
        placed: list[tuple[int, PlacedRow]] = []
        row: PlacedRow | None = self.top_row()
        y = -self.pixel
        while row is not None and y < height:
            placed.append((y, row))
            y += self._row_height
            row = self._rows.following(row)
        return placed

    def scroll_by(self, pixels: int) -> None:
        """Move down (or up, if negative) by exactly ``pixels``, as far as there are rows."""
        row = self.top_row()
        self.pixel += pixels
        while self.pixel < 0:
            before = self._rows.preceding(row)
            if before is None:
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
        if pixels > 0:
            self.keep_filled()

    def keep_filled(self) -> None:
        """Move up as far as needed for the last row to stand at the bottom, not above it."""
        row: PlacedRow | None = self.top_row()
        shown = -self.pixel
        while row is not None:
            shown += self._row_height
            if shown >= self.height:
                return
            row = self._rows.following(row)
        missing = self.height - shown
        row = self.top_row()
        self.pixel -= missing
        while self.pixel < 0:
            before = self._rows.preceding(row)
            if before is None:
                self.pixel = 0
                break
            row = before
            self.pixel += self._row_height
        self.top = row.start

    def show(self, caret: Caret, margin: int = 0) -> None:
        """Move as little as needed for the caret's row, and ``margin`` rows around it, to be in sight."""
        wanted = self._rows.at(caret)
        reach = self.height // self._row_height + 2
        offset = self._distance(wanted, reach)
        if offset is None:
            self.top, self.pixel = wanted.start, 0
            self.scroll_by(-(self.height - self._row_height) // 2)
            self.keep_filled()
            return
        around = min(margin, max(0, (self.height // self._row_height - 1) // 2)) * self._row_height
        low, high = around, self.height - self._row_height - around
        if offset < low:
            self.scroll_by(offset - low)
        elif offset > high and offset > low:
            self.scroll_by(offset - max(low, high))

    def _distance(self, wanted: PlacedRow, reach: int) -> int | None:
        """The y of a row; None if it is more than ``reach`` rows away."""
        below: PlacedRow | None = self.top_row()
        above = below
        y = -self.pixel
        for step in range(reach):
            if below is not None and below.start == wanted.start and below.number == wanted.number:
                return y + step * self._row_height
            if above is not None and above.start == wanted.start and above.number == wanted.number:
                return y - step * self._row_height
            below = below and self._rows.following(below)
            above = above and self._rows.preceding(above)
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
        number = min(int(rest), len(row.starts) - 1)
        self.top = row.segment.start + row.starts[number]
        self.pixel = min(round((rest - number) * self._row_height), self._row_height - 1)
        self.keep_filled()
