"""Where lines, characters and UTF-16 units are in a large text, without one entry for each line."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tokviz.text.storage import TextStorage

BLOCK = 1 << 15
"""Bytes counted together. A look-up scans one block (some 10 µs), an edit counts one again, and the index
of 100 MB is 3,000 rows. The scroll bar's estimate averages over a block: smaller ones would mislead it.
(One entry a line would cost eight times the text where every line is empty.)"""

_NEAR = 4096
"""Bytes on either side in which a line's beginning or end is simply looked for."""
_STEP = 64 * BLOCK
"""Bytes counted in one go while something beyond what is counted is looked for."""
_BYTES, _BREAKS, _POINTS, _UNITS, _HEAD, _TAIL, _INNER = range(7)
_COLUMNS = 7
_LF, _CR = 10, 13

Counts: TypeAlias = NDArray[np.int64]


def break_ends(text: TextStorage, start: int, end: int) -> NDArray[np.int64]:
    """The offsets in ``start < offset <= end`` right after a line feed, a CRLF or a lone CR."""
    view = text.array(start, end + 1)
    inside = view[: end - start]
    found = inside == _LF
    returns = np.flatnonzero(inside == _CR)
    if len(returns):
        following = np.full(len(returns), -1, np.int64)
        known = returns + 1 < len(view)
        following[known] = view[returns[known] + 1]
        found[returns[following != _LF]] = True
    return np.flatnonzero(found) + (start + 1)


class BlockTable(NamedTuple):
    """Totals before each block, ``int64[blocks + 1]`` each."""

    bytes: Counts
    breaks: Counts
    points: Counts


class LineIndex:
    """Counts for each block of a text: a table ``int64[blocks, 7]`` of bytes, line breaks, code points,
    UTF-16 units, and the bytes before the first break, after the last, and of the longest line between.

    A break belongs to the block that holds its last byte. The index may cover only the beginning of the
    text at first (``covered`` bytes): ``advance`` counts on, so that opening 100 MB stalls nothing. Every
    question about a position beyond counts up to it first.
    """

    def __init__(self, text: TextStorage) -> None:
        """An index of ``text``, whose edits it is told of."""
        self._text = text
        self._table: Counts = np.zeros((0, _COLUMNS), np.int64)
        self._before: Counts = np.zeros((1, 4), np.int64)
        """What lies before each block: bytes, breaks, code points, units."""
        self.covered = 0
        self.advance(BLOCK)

    @property
    def complete(self) -> bool:
        """Whether the whole text is counted."""
        return self.covered >= len(self._text)

    def advance(self, amount: int) -> bool:
        """Count at least ``amount`` bytes more (100 MB cost about 60 ms); whether all is counted now."""
        data = self._text
        end = min(len(data), self.covered + amount)
        if end < len(data):
            end -= (end - self.covered) % BLOCK
        if end > self.covered:
            self._replace(len(self._table), len(self._table), self._count(self.covered, end))
            self.covered = end
        return self.complete

    def complete_now(self) -> None:
        """Count whatever is not counted yet."""
        if not self.complete:
            self.advance(len(self._text))

    def apply(self, start: int, removed: int, inserted: int) -> None:
        """Count again around an edit that the text has already undergone. Everything must be counted
        before the edit (``complete_now``)."""
        sizes = self._before[:, _BYTES]
        first = max(int(np.searchsorted(sizes, max(start - 1, 0), side="right")) - 1, 0)
        last = min(int(np.searchsorted(sizes, start + removed, side="right")), len(self._table))
        # A block that shrank to little joins its neighbour, so that deleting cannot leave a thousand crumbs.
        if int(sizes[last]) - int(sizes[first]) - removed + inserted < BLOCK // 4 and last < len(self._table):
            last += 1
        begin, end = int(sizes[first]), int(sizes[last]) - removed + inserted
        self._replace(first, last, self._count(begin, end))
        self.covered += inserted - removed

    # -- questions -------------------------------------------------------------------------------------

    @property
    def line_count(self) -> int:
        """How many lines there are (at least one); as counted so far while the index is not complete."""
        return int(self._before[-1, _BREAKS]) + 1

    @property
    def longest_line(self) -> int:
        """The bytes of the longest line counted so far."""
        table, before = self._table, self._before
        broken = np.flatnonzero(table[:, _BREAKS])
        if not len(broken):
            return self.covered
        firsts = before[broken, _BYTES] + table[broken, _HEAD]
        lasts = before[broken + 1, _BYTES] - table[broken, _TAIL]
        across = int((firsts[1:] - lasts[:-1]).max(initial=0))
        return max(int(firsts[0]), self.covered - int(lasts[-1]), across, int(table[:, _INNER].max()))

    def line_of(self, offset: int) -> int:
        """The number (from 0) of the line that holds the byte at ``offset``."""
        block, start = self._block_at(offset)
        within = break_ends(self._text, start, offset) if offset > start else ()
        return int(self._before[block, _BREAKS]) + len(within)

    def line_start(self, line: int) -> int:
        """The offset at which line number ``line`` begins; IndexError if there is no such line."""
        if line <= 0:
            if line < 0:
                raise IndexError(f"there is no line {line}")  # verbatim
            return 0
        while int(self._before[-1, _BREAKS]) < line:
            if self.advance(_STEP) and int(self._before[-1, _BREAKS]) < line:
                raise IndexError(f"there is no line {line}")  # verbatim
        block = int(np.searchsorted(self._before[:, _BREAKS], line, side="left")) - 1
        start, end = int(self._before[block, _BYTES]), int(self._before[block + 1, _BYTES])
        return int(break_ends(self._text, start, end)[line - int(self._before[block, _BREAKS]) - 1])

    def start_of_line(self, offset: int) -> int:
        """The offset at which the line that holds ``offset`` begins."""
        near = self._start_near(offset)
        if near >= 0:
            return near
        block, start = self._block_at(offset)
        if offset > start:
            ends = break_ends(self._text, start, offset)
            if len(ends):
                return int(ends[-1])
        breaks = self._before[: block + 1, _BREAKS]
        earlier = int(np.searchsorted(breaks, breaks[-1], side="left"))
        if earlier == 0:
            return 0
        return int(self._before[earlier, _BYTES]) - int(self._table[earlier - 1, _TAIL])

    def end_of_line(self, offset: int) -> int:
        """The offset after the break of ``offset``'s line; the text's length for the last."""
        near = self._text[offset : offset + _NEAR + 1]
        line_feed = near.find(b"\n", 0, _NEAR)
        carriage_return = near.find(b"\r", 0, line_feed if line_feed >= 0 else _NEAR)
        if carriage_return >= 0:
            return offset + carriage_return + 1 + near.startswith(b"\n", carriage_return + 1)
        if line_feed >= 0:
            return offset + line_feed + 1
        block, _ = self._block_at(offset)
        while True:
            end = int(self._before[block + 1, _BYTES]) if block < len(self._table) else self.covered
            if end > offset:
                ends = break_ends(self._text, offset, end)
                if len(ends):
                    return int(ends[0])
            following = np.flatnonzero(self._table[block + 1 :, _BREAKS])
            if len(following):
                block += 1 + int(following[0])
                return int(self._before[block, _BYTES]) + int(self._table[block, _HEAD])
            if self.complete:
                return len(self._text)
            block = len(self._table) - 1
            self.advance(_STEP)

    def _start_near(self, offset: int) -> int:
        """``start_of_line`` where the line begins near; -1 where it does not."""
        low = max(0, offset - _NEAR)
        near = self._text[low : offset + 1]
        size = offset - low
        begin = near.rfind(b"\n", 0, size) + 1
        at = near.rfind(b"\r", begin, size)
        if at >= 0 and near.startswith(b"\n", at + 1):  # offset is inside a CRLF
            at = near.rfind(b"\r", begin, at)
        begin = max(begin, at + 1)
        return low + begin if begin or low == 0 else -1

    def code_points_before(self, offset: int) -> int:
        """How many code points begin before ``offset``."""
        return self._before_offset(offset, _POINTS)

    def utf16_units_before(self, offset: int) -> int:
        """How many UTF-16 units the code points that begin before ``offset`` take."""
        return self._before_offset(offset, _UNITS)

    def offset_of_code_point(self, index: int) -> int:
        """The byte offset of code point number ``index``; the text's length past the last."""
        return self._offset_of(index, _POINTS)

    def offset_of_utf16_unit(self, index: int) -> int:
        """The offset of the character that holds UTF-16 unit ``index``; the text's length past the last."""
        return self._offset_of(index, _UNITS)

    def block_table(self) -> "BlockTable":
        """What lies before each block, for estimates of height."""
        return BlockTable(self._before[:, _BYTES], self._before[:, _BREAKS], self._before[:, _POINTS])

    # -- counting --------------------------------------------------------------------------------------

    def _block_at(self, offset: int) -> tuple[int, int]:
        if offset >= self.covered and not self.complete:
            self.advance(offset - self.covered + 2 * BLOCK)
        block = int(np.searchsorted(self._before[:, _BYTES], offset, side="right")) - 1
        if block == len(self._table) and block:
            block -= 1
        return block, int(self._before[block, _BYTES])

    def _before_offset(self, offset: int, column: int) -> int:
        block, start = self._block_at(offset)
        counted = int(self._before[block, column])
        if offset > start:
            view = self._text.array(start, offset)
            counted += _points(view) + (_astral(view) if column == _UNITS else 0)
        return counted

    def _offset_of(self, index: int, column: int) -> int:
        while int(self._before[-1, column]) <= index and not self.complete:
            self.advance(_STEP)
        if index >= int(self._before[-1, column]):
            return len(self._text)
        block = int(np.searchsorted(self._before[:, column], index, side="right")) - 1
        start, end = int(self._before[block, _BYTES]), int(self._before[block + 1, _BYTES])
        view = self._text.array(start, end)
        leads = np.flatnonzero((view & 0xC0) != 0x80)
        wanted = index - int(self._before[block, column])
        if column == _POINTS:
            return start + int(leads[wanted])
        units = np.cumsum(1 + (view[leads] >= 0xF0))
        return start + int(leads[int(np.searchsorted(units, wanted, side="right"))])

    def _replace(self, first: int, last: int, rows: Counts) -> None:
        if last - first == len(rows) == 1:  # as for nearly every key
            self._before[last:] += rows[0, :4] - self._table[first, :4]
            self._table[first] = rows[0]
            return
        table = np.concatenate((self._table[:first], rows, self._table[last:]))
        before = np.zeros((len(table) + 1, 4), np.int64)
        np.cumsum(table[:, :4], axis=0, out=before[1:])
        self._table, self._before = table, before

    def _count(self, begin: int, end: int) -> Counts:
        starts = list(range(begin, end, BLOCK))
        if len(starts) > 1 and end - starts[-1] < BLOCK // 4:
            starts.pop()
        stops = [*starts[1:], end]
        rows = [_count_block(self._text, start, stop) for start, stop in zip(starts, stops, strict=False)]
        return np.array(rows, np.int64).reshape(-1, _COLUMNS)


def _count_block(text: TextStorage, start: int, stop: int) -> tuple[int, ...]:
    """The row of the table for one block, which is not empty."""
    size = points = units = stop - start
    view = text.array(start, stop)
    if int(view.max()) >= 0x80:
        points = _points(view)
        units = points + _astral(view)
    ends = break_ends(text, start, stop)
    if not len(ends):
        return size, 0, points, units, 0, 0, 0
    inner = int(np.diff(ends).max(initial=0))
    return size, len(ends), points, units, int(ends[0]) - start, stop - int(ends[-1]), inner


def _points(view: NDArray[np.uint8]) -> int:
    return len(view) - int(np.count_nonzero((view & 0xC0) == 0x80))


def _astral(view: NDArray[np.uint8]) -> int:
    return int(np.count_nonzero(view >= 0xF0))
