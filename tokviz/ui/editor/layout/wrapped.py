"""The rows of one segment, found as far down as one looks."""

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple


class Piece(NamedTuple):
    """Bytes ``start`` to ``end`` of a segment, shaped together; its row 0 is the segment's ``first_row``."""

    start: int
    end: int
    first_row: int


class Wrapped:
    """Where the rows of a segment begin, in bytes from its start, and the pieces they were shaped in (none
    where it is plain). A piece's last row may belong to the next piece, which begins there."""

    def __init__(
        self, length: int, starts: list[int], more: Callable[[list[int], list[Piece]], bool] | None = None
    ) -> None:
        """``more`` adds the rows of one more piece to what it is given, and tells whether it was the last."""
        self._length = length
        self._starts = starts
        self.pieces: list[Piece] = []
        self._more = more
        self.has(0)

    def has(self, number: int) -> bool:
        """Whether there is a row of that number."""
        while len(self._starts) <= number and self._more is not None:
            self._add()
        return number < len(self._starts)

    def start(self, number: int) -> int:
        """Where row ``number`` begins."""
        return self._starts[number]

    def end(self, number: int) -> int:
        """Where row ``number`` ends."""
        return self._starts[number + 1] if self.has(number + 1) else self._length

    def count(self) -> int:
        """How many rows there are."""
        while self._more is not None:
            self._add()
        return len(self._starts)

    def number_at(self, offset: int) -> int:
        """The number of the row that holds ``offset``."""
        while self._more is not None and self._starts[-1] <= offset:
            self._add()
        return max(0, bisect_right(self._starts, offset) - 1)

    def piece_of(self, number: int) -> Piece:
        """The piece in which row ``number`` was shaped."""
        self.has(number)
        return self.pieces[bisect_right(self.pieces, number, key=lambda piece: piece.first_row) - 1]

    def _add(self) -> None:
        if self._more is not None and self._more(self._starts, self.pieces):
            self._more = None
