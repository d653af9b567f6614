"""Lines as the view shows them: whole, or cut into segments where they are long."""

import unicodedata
from dataclasses import dataclass

from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.layout.text_cuts import last_cut

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


class Segments:
    """Finds the segments of a buffer's text, wherever one asks, from what is near."""

    def __init__(self, buffer: TextBuffer) -> None:
        self._buffer = buffer
        self._revision = -1
        self._last: Segment | None = None
        self._line = (-1, 0, 0)
        """A revision, and the start and stop of a line in it."""

    def at(self, offset: int) -> Segment:
        """The segment that holds the byte at ``offset``; the last one for the text's end."""
        last, revision = self._last, self._buffer.revision
        if last is not None and self._revision == revision - 1:
            last = self._typed(last)
        elif self._revision != revision:
            last = None
        if last is None or not last.start <= offset < last.stop:
            last = self._find(offset)
        self._last, self._revision = last, revision
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

    def _typed(self, old: Segment) -> Segment | None:
        """``old`` after the last edit, if that was a little plain text typed into it; None if not."""
        change = self._buffer.last_change
        if (
            change is None
            or change.removed
            or not old.start <= change.start <= old.end
            or not old.content.isascii()
        ):
            return None
        size, typed = change.inserted, self._buffer.slice(change.start, change.start + change.inserted)
        whole = old.starts_line and old.ends_line and len(old.content) + size < MIXED_SEGMENT
        if not whole or not typed.isascii() or b"\n" in typed or b"\r" in typed:
            return None
        at = change.start - old.start
        content = old.content[:at] + typed + old.content[at:]
        return Segment(old.start, old.end + size, old.stop + size, old.line_start, True, content, False)

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
        start = self._cut(base + number * size, base, end)
        if start == end and number:  # what is left at the end is too little for a segment of its own
            number -= 1
            start = self._cut(base + number * size, base, end)
        stop = self._cut(base + (number + 1) * size, base, end)
        if offset >= stop and stop < end:
            start, stop = stop, self._cut(base + (number + 2) * size, base, end)
        return start, stop

    def _cut(self, wanted: int, floor: int, ceiling: int) -> int:
        """A place at or a little before ``wanted`` where no character as people see it is torn."""
        if wanted <= floor:
            return floor
        if wanted >= ceiling - _LOOK_BACK:
            return ceiling
        low = self._buffer.boundary_before(wanted - _LOOK_BACK)
        return low + last_cut(self._buffer.slice(low, self._buffer.boundary_after(wanted)))
