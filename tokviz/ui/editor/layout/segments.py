"""Lines as the view shows them: whole, or split into segments where they are long."""

import unicodedata
from dataclasses import dataclass

from PySide6.QtCore import QTextBoundaryFinder

from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.text_positions import Utf16Map, for_qt

PLAIN_SEGMENT = 1 << 16
"""Bytes of a long line that are wrapped together where they are ASCII: only rows in sight are shaped."""
MIXED_SEGMENT = 1 << 14
"""The same where they are not, and Qt has to shape all of them to know the rows."""
_LOOK_BACK = 256
_STRONG = {"L": False, "R": True, "AL": True}


@dataclass(frozen=True, slots=True)
class Segment:
    """A line, or a part of a long one. Offsets are bytes in the text: the content is ``start`` to ``end``,
    the line break (if the line ends here and has one) ``end`` to ``stop``."""

    start: int
    end: int
    stop: int
    line_start: int
    ends_line: bool
    content: bytes
    right_to_left: bool

    @property
    def starts_line(self) -> bool:
        """Whether the line begins here."""
        return self.start == self.line_start

    def moved(self, by: int) -> "Segment":
        """The same segment after an edit before it. (``dataclasses.replace`` takes three times as long.)"""
        start, end, stop, line_start = self.start + by, self.end + by, self.stop + by, self.line_start + by
        return Segment(start, end, stop, line_start, self.ends_line, self.content, self.right_to_left)


class Segments:
    """Finds the segments of a buffer's text, wherever one asks, from what is near."""

    def __init__(self, buffer: TextBuffer) -> None:
        self._buffer = buffer
        self._last: tuple[int, Segment | None] = (-1, None)
        """A revision, and the segment asked for last in it."""
        self._line = (-1, 0, 0)
        """A revision, and the start and stop of a line in it."""

    def at(self, offset: int) -> Segment:
        """The segment that holds the byte at ``offset``; the last one for the text's end."""
        revision, last = self._last
        if last is None or revision != self._buffer.revision or not last.start <= offset < last.stop:
            last = self._find(offset)
            self._last = self._buffer.revision, last
        return last

    def _line_at(self, offset: int) -> tuple[int, int]:
        """Start and stop of the line that holds ``offset``; that of the line asked for last is remembered, as
        a line of 50 MB has a thousand segments."""
        revision, start, stop = self._line
        if revision != self._buffer.revision or not start <= offset < stop:
            lines = self._buffer.lines
            start, stop = lines.start_of_line(offset), lines.end_of_line(offset)
            self._line = self._buffer.revision, start, stop
        return start, stop

    def _find(self, offset: int) -> Segment:
        line_start, line_stop = self._line_at(offset)
        if line_stop - line_start <= MIXED_SEGMENT:
            return self._segment(line_start, line_stop, line_start, line_stop)
        start, stop = self._bounds(line_start, line_stop, offset)
        return self._segment(start, stop, line_start, line_stop)

    def following(self, segment: Segment) -> Segment | None:
        """The next segment, or None after the last."""
        if segment.stop == len(self._buffer) and (not segment.ends_line or segment.stop == segment.end):
            return None
        return self.at(segment.stop)

    def preceding(self, segment: Segment) -> Segment | None:
        """The segment before, or None before the first."""
        return self.at(segment.start - 1) if segment.start else None

    def _segment(self, start: int, stop: int, line_start: int, line_stop: int) -> Segment:
        buffer = self._buffer
        ends_line = stop == line_stop
        end = stop - buffer.break_length(stop) if ends_line and stop > start else stop
        content = buffer.slice(start, end)
        backwards = not content.isascii() and self._right_to_left(line_start, line_stop)
        return Segment(start, end, stop, line_start, ends_line, content, backwards)

    def _right_to_left(self, line_start: int, line_stop: int) -> bool:
        """The direction of the line's first letter that has one."""
        end = self._buffer.boundary_before(min(line_stop, line_start + 4096))
        for character in self._buffer.slice(line_start, end).decode():
            strong = _STRONG.get(unicodedata.bidirectional(character))
            if strong is not None:
                return strong
        return False

    def _bounds(self, line_start: int, line_stop: int, offset: int) -> tuple[int, int]:
        """Start and stop of the segment of a long line that holds ``offset``."""
        start, stop = self._stride(line_start, line_stop, offset, PLAIN_SEGMENT)
        if self._buffer.slice(start, stop).isascii():
            return start, stop
        return self._stride(start, stop, offset, MIXED_SEGMENT)

    def _stride(self, base: int, end: int, offset: int, size: int) -> tuple[int, int]:
        number = max(0, (min(offset, end - 1) - base) // size)
        start = self._split_before(base + number * size, base, end)
        if start == end and number:  # what is left at the end is too little for a segment of its own
            number -= 1
            start = self._split_before(base + number * size, base, end)
        stop = self._split_before(base + (number + 1) * size, base, end)
        if offset >= stop and stop < end:
            start, stop = stop, self._split_before(base + (number + 2) * size, base, end)
        return start, stop

    def _split_before(self, wanted: int, floor: int, ceiling: int) -> int:
        """The split point at or a little before ``wanted``, where no character as people see it is torn."""
        if wanted <= floor:
            return floor
        if wanted >= ceiling - _LOOK_BACK:
            return ceiling
        low = self._buffer.boundary_before(wanted - _LOOK_BACK)
        return low + last_split(self._buffer.slice(low, self._buffer.boundary_after(wanted)))


def last_split(window: bytes) -> int:
    """The last good split point of ``window`` (valid UTF-8), 0 if there is none but its end.

    After a blank if possible, else between two ASCII characters, else between two characters as people see
    them. Its very end is no candidate, as what follows is not known.
    """
    blank = window.rfind(b" ", 0, len(window) - 1)
    if blank > 0 and window[blank - 1] < 0x80 and 0x20 <= window[blank + 1] < 0x80:
        return blank + 1
    for at in range(len(window) - 1, 0, -1):
        if 0x20 <= window[at] < 0x7F and 0x20 <= window[at - 1] < 0x7F:
            return at
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, for_qt(window.decode()))
    positions = Utf16Map(window)
    finder.setPosition(positions.units)
    found = finder.toPreviousBoundary()
    return positions.byte(found) if found > 0 else 0


def chunk_end(content: bytes, start: int, size: int) -> int:
    """Where the chunk of about ``size`` bytes that begins at ``start`` ends."""
    end = start + size
    if end + size // 2 >= len(content):
        return len(content)
    while content[end] & 0xC0 == 0x80:
        end -= 1
    low = end - min(256, size // 2)
    while content[low] & 0xC0 == 0x80:
        low += 1
    return low + (last_split(content[low:end]) or end - low)
