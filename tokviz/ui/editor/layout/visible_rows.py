"""The rows in sight, moved along with edits only when somebody looks at them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import overload

from tokviz.ui.editor.layout.row_space import PlacedRow

Placed = tuple[int, PlacedRow]


class VisibleRows(Sequence[Placed]):
    """(y, row) of each row in sight, from the top. A key moves the rows after it: that is put off."""

    def __init__(self, rows: list[Placed]) -> None:
        self._rows = rows
        self._behind: list[int] = [0] * len(rows)
        self._edited = 0

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Placed: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Placed]: ...
    def __getitem__(self, index: int | slice) -> Placed | Sequence[Placed]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self._rows)))]
        behind = self._behind[index]
        if behind:
            y, row = self._rows[index]
            self._rows[index] = (y, row.moved(behind))
            self._behind[index] = 0
        return self._rows[index]

    def __iter__(self) -> Iterator[Placed]:
        return (self[number] for number in range(len(self._rows)))

    def y_of(self, wanted: PlacedRow) -> int | None:
        """Where a row is; None if it is not in sight. The one that was edited last is looked at first."""
        if self._edited < len(self._rows):
            y, row = self[self._edited]
            if row.is_same(wanted):
                return y
        place = (wanted.start, wanted.number)  # rows of what is composed all begin where it will be inserted
        near = bisect_left(self, place, key=lambda placed: (placed[1].start, placed[1].number))
        return next((y for y, row in self[near : near + 2] if row.is_same(wanted)), None)

    def touching(self, start: int, end: int) -> Sequence[Placed]:
        """The rows that hold any of the bytes from ``start`` to ``end``."""
        first = max(0, bisect_right(self, start, key=lambda placed: placed[1].start) - 1)
        last = bisect_left(self, end, key=lambda placed: placed[1].start)
        return [placed for placed in self[first:last] if start < placed[1].stop]

    def number_at(self, offset: int) -> int:
        """The number of the first row of the segment that holds byte ``offset``; of the last that begins
        before it, if there is none."""
        first = self._edited
        if first >= len(self._rows) or not self._holds(first, offset):
            first = max(0, bisect_right(self, offset, key=lambda placed: placed[1].segment.start) - 1)
        start = self[first][1].segment.start
        while first and self[first - 1][1].segment.start == start:
            first -= 1
        return first

    def _holds(self, number: int, offset: int) -> bool:
        segment = self[number][1].segment
        return segment.start <= offset < segment.stop

    def between(self, top: int, bottom: int, height: int) -> Sequence[Placed]:
        """The rows, ``height`` pixels high each, that touch the y from ``top`` to ``bottom``."""
        if not self._rows:
            return []
        first = max(0, (top - self._rows[0][0]) // height)
        last = (bottom - self._rows[0][0]) // height + 1
        return self[first : max(first, last)]

    def edited(self, first: int, last: int, changed: Sequence[Placed], delta: int) -> "VisibleRows":
        """These rows after an edit that made rows ``first`` to ``last`` into ``changed``, as many as they."""
        self._rows[first:last] = changed
        self._behind[first:last] = [0] * len(changed)
        self._behind[last:] = [behind + delta for behind in self._behind[last:]]
        self._edited = first
        return self
