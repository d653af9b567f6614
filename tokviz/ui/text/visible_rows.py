"""The rows in sight, moved along with edits only when somebody looks at them."""

from collections.abc import Iterator, Sequence
from typing import overload

from tokviz.ui.text.row_space import PlacedRow

Placed = tuple[int, PlacedRow]


class VisibleRows(Sequence[Placed]):
    """(y, row) of each row in sight, from the top. A key moves the rows after it: that is put off."""

    def __init__(self, rows: list[Placed]) -> None:
        self._rows = rows
        self._behind: list[int] = [0] * len(rows)

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
        for number in range(last, len(self._behind)):
            self._behind[number] += delta
        return self
