"""Where the rows of a segment begin: found as far down as one looks, for plain ASCII by arithmetic."""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_PLAIN = bytes(range(0x20, 0x7F)) + b"\t"
_NICE_BREAK = re.compile(rb"[-,;})\]>/&]")


class Chunk(NamedTuple):
    """Bytes ``start`` to ``end`` of a segment, shaped together; its row 0 is the segment's ``first_row``."""

    start: int
    end: int
    first_row: int


class RowBreaks:
    """Where the rows of a segment begin, in bytes from its start, and the chunks they were shaped in (none
    where it is plain). A chunk's last row may belong to the next chunk, which begins there."""

    def __init__(
        self, length: int, starts: list[int], more: Callable[[list[int], list[Chunk]], bool] | None = None
    ) -> None:
        """``more`` adds the rows of one more chunk to what it is given, and tells whether it was the last."""
        self._length = length
        self._starts = starts
        self.chunks: list[Chunk] = []
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

    def chunk_of(self, number: int) -> Chunk:
        """The chunk in which row ``number`` was shaped."""
        self.has(number)
        return self.chunks[bisect_right(self.chunks, number, key=lambda chunk: chunk.first_row) - 1]

    def _add(self) -> None:
        if self._more is not None and self._more(self._starts, self.chunks):
            self._more = None


def is_plain(data: bytes) -> bool:
    """Whether ``data`` is printable ASCII and tabs, so that columns tell where everything stands."""
    return not data.translate(None, delete=_PLAIN)


def columns_before(data: bytes, tab: int) -> NDArray[np.int64] | None:
    """The column at which each byte of a row stands, ``int64[len + 1]``; None where that is its offset."""
    if b"\t" not in data:
        return None
    widths = np.ones(len(data), np.int64)
    column = position = 0
    while (found := data.find(b"\t", position)) >= 0:
        column += found - position
        widths[found] = tab - column % tab
        column += int(widths[found])
        position = found + 1
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(widths)))


def wrap_plain(data: bytes, columns: int, tab: int) -> list[int]:
    """The offsets at which rows of at most ``columns`` begin (one blank may stand beyond the last column)."""
    starts = [0]
    position, size = 0, len(data)
    tabs = b"\t" in data
    while True:
        limit = position + columns
        if tabs:
            limit = _fitting(data, position, columns, tab)
        if limit >= size:
            return starts
        position = _break_before(data, position, limit)
        if position >= size:
            return starts
        starts.append(position)


def _fitting(data: bytes, start: int, columns: int, tab: int) -> int:
    """The end of the bytes from ``start`` on that fit in ``columns``: at least one."""
    column, position = 0, start
    while True:
        found = data.find(b"\t", position, start + columns + 1)
        if found < 0 or column + found - position >= columns:
            return max(start + 1, position + columns - column)
        column += found - position
        width = tab - column % tab
        if column + width > columns:
            return max(start + 1, found)
        column += width
        position = found + 1


def _break_before(data: bytes, start: int, limit: int) -> int:
    """The best offset to begin the next row when the bytes from ``start`` to ``limit`` fit in this one."""
    if data[limit] == 0x20:
        return limit + 1
    blank = max(data.rfind(b" ", start, limit), data.rfind(b"\t", start, limit))
    if blank > start:
        return blank + 1
    mark = _NICE_BREAK.search(data[limit - (limit - start) // 4 : limit][::-1])
    return limit - mark.start() if mark else limit
