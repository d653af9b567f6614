"""Which rows are in sight: the row on top, the rows below it, and scrolling by pixels and by rows.

It knows rows only by walking from one to the next, so what is out of sight costs nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar


class AnyRow(Protocol):
    """A row of whatever is shown, at positions of any kind: bytes of a text, indices of tokens."""

    @property
    def start(self) -> int:
        """The position at which the row begins."""

    @property
    def stop(self) -> int:
        """The position at which the next row begins."""

    @property
    def key(self) -> Any:
        """Tells rows apart, and orders them."""


R = TypeVar("R", bound=AnyRow)


class RowSource(Protocol[R]):
    """Walks the rows."""

    @property
    def version(self) -> object:
        """Changes as soon as any row may be another."""

    @property
    def row_height(self) -> int:
        """In pixels; all rows are equally high."""

    def at(self, position: int) -> R:
        """The row that holds ``position``; the last one past the end."""

    def following(self, row: R) -> R | None:
        """The next row; None after the last."""

    def preceding(self, row: R) -> R | None:
        """The row before; None before the first."""


class Viewport(Generic[R]):
    """Holds the position at which the top row begins, and the pixels of that row out of sight above."""

    def __init__(self, rows: RowSource[R], by_rows: bool = False) -> None:
        """``by_rows``: the row on top is whole, even where the last row then leaves some room below it."""
        self.rows = rows
        self._by_rows = by_rows
        self.top = 0
        self.pixel = 0
        self.height = 1
        """In pixels, at least 1."""
        self._visible: list[tuple[int, R]] = []
        self._visible_at: tuple[object, ...] = ()

    # -- what is in sight ------------------------------------------------------------------------------

    @property
    def whole_rows(self) -> int:
        """How many rows have room: at least one."""
        return max(1, self.height // self.rows.row_height)

    def top_row(self) -> R:
        """The row on top, wherever edits and wrapping have moved it."""
        if self._is_known(self.rows.version):
            return self._visible[0][1]
        row = self.rows.at(self.top)
        self.top = row.start
        return row

    def visible(self) -> Sequence[tuple[int, R]]:
        """(y, row) of each row in sight, from the top."""
        if not self._is_known(self.rows.version):
            rows: list[tuple[int, R]] = []
            row: R | None = self.top_row()
            y = -self.pixel
            while row is not None and y < self.height:
                rows.append((y, row))
                y += self.rows.row_height
                row = self.rows.following(row)
            self.set_visible(rows)
        return self._visible

    def visible_before(self, version: object) -> Sequence[tuple[int, R]]:
        """The rows that were in sight when the rows had ``version``; none if nobody asked for them then."""
        return self._visible if self._is_known(version) else ()

    def set_visible(self, rows: list[tuple[int, R]]) -> None:
        """Take these for what is in sight: where most rows only moved, they need not be walked again."""
        self._visible = rows
        self.top = rows[0][1].start
        self._visible_at = (self.rows.version, self.top, self.pixel, self.height)

    def _is_known(self, version: object) -> bool:
        return self._visible_at == (version, self.top, self.pixel, self.height)

    def y_of(self, row: R) -> int | None:
        """Where a row is; None if it is not in sight."""
        rows, key = self.visible(), row.key
        near = bisect_left(rows, key, key=lambda shown: shown[1].key)
        return rows[near][0] if near < len(rows) and rows[near][1].key == key else None

    def row_at(self, y: float) -> tuple[int, R]:
        """(y, row) of the row at ``y``, or the one in sight that is nearest."""
        rows = self.visible()
        number = int((y - rows[0][0]) // self.rows.row_height)
        return rows[max(0, min(number, len(rows) - 1))]

    def between(self, top: int, bottom: int) -> Sequence[tuple[int, R]]:
        """The rows that touch the y from ``top`` to ``bottom``."""
        rows, height = self.visible(), self.rows.row_height
        first = max(0, (top - rows[0][0]) // height)
        last = (bottom - rows[0][0]) // height + 1
        return rows[first : max(first, last)]

    def touching(self, start: int, stop: int) -> Sequence[tuple[int, R]]:
        """The rows that hold any of the positions from ``start`` to ``stop``."""
        rows = self.visible()
        first = max(0, bisect_right(rows, start, key=lambda shown: shown[1].start) - 1)
        last = bisect_left(rows, stop, key=lambda shown: shown[1].start)
        return [shown for shown in rows[first:last] if start < shown[1].stop]

    # -- moving ----------------------------------------------------------------------------------------

    def scroll_by(self, pixels: int) -> int:
        """Move down (or up, if negative) by ``pixels``, as far as there are rows; by how many it was."""
        row, height = self.top_row(), self.rows.row_height
        self.pixel += pixels
        row, missing = self._climb(row)
        while self.pixel >= height:
            after = self.rows.following(row)
            if after is None:
                break
            row = after
            self.pixel -= height
        self.top = row.start
        return pixels + missing - (self.keep_filled() if pixels > 0 else 0)

    def keep_filled(self) -> int:
        """Move up as far as needed for the last row to stand at the bottom; by how many pixels."""
        height = self.whole_rows * self.rows.row_height if self._by_rows else self.height
        empty = height - (self.visible()[-1][0] + self.rows.row_height)
        if empty <= 0:
            return 0
        self.pixel -= empty
        row, missing = self._climb(self.top_row())
        self.top = row.start
        return empty - missing

    def _climb(self, row: R) -> tuple[R, int]:
        """The row that is on top where ``pixel`` is negative, seen from ``row``; and how many pixels are
        missing above the first row."""
        while self.pixel < 0:
            before = self.rows.preceding(row)
            if before is None:
                missing, self.pixel = -self.pixel, 0
                return row, missing
            row = before
            self.pixel += self.rows.row_height
        return row, 0

    def show(self, wanted: R, margin: int = 0) -> None:
        """Move as little as needed for this row, and ``margin`` rows around it, to be in sight; where it is
        more than a screen away it comes to the middle."""
        height = self.rows.row_height
        y = self._near_y_of(wanted)
        if y is None:
            self.top, self.pixel = wanted.start, 0
            self.scroll_by(-(self.height - height) // 2)
            self.keep_filled()
            return
        around = min(margin, max(0, (self.height // height - 1) // 2)) * height
        low, high = around, self.height - height - around
        if y < low:
            self.scroll_by(y - low)
        elif y > high and y > low:
            self.scroll_by(y - max(low, high))

    def _near_y_of(self, wanted: R) -> int | None:
        """The y of a row in sight or a screen away from that; None if it is farther."""
        rows, height = self.visible(), self.rows.row_height
        y = self.y_of(wanted)
        if y is not None:
            return y
        above: R | None = rows[0][1]
        below: R | None = rows[-1][1]
        for step in range(1, len(rows) + 1):
            above = above and self.rows.preceding(above)
            if above is not None and above.key == wanted.key:
                return rows[0][0] - step * height
            below = below and self.rows.following(below)
            if below is not None and below.key == wanted.key:
                return rows[-1][0] + step * height
        return None

    def moved(self, row: R, by: int) -> R:
        """The row so many rows down (or up, if negative), as far as there are any."""
        step = self.rows.following if by > 0 else self.rows.preceding
        for _ in range(abs(by)):
            further = step(row)
            if further is None:
                break
            row = further
        return row

    def at_top(self) -> bool:
        """Whether the first row is in sight, whole."""
        return self.top_row().start == 0 and self.pixel == 0

    def at_bottom(self) -> bool:
        """Whether the last row is in sight, whole."""
        y, last = self.visible()[-1]
        fits = y + self.rows.row_height <= self.height or (y <= 0 and self.pixel == 0)
        return fits and self.rows.following(last) is None
