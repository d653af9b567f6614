"""Lays out segments: where their rows begin, and the shape of each row, made when asked for and cached."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QTextLayout, QTextLine, QTextOption

from tokviz.ui.editor.layout.chunked_row_shape import ChunkedRowShape
from tokviz.ui.editor.layout.fonts import TextStyle
from tokviz.ui.editor.layout.row_shapes import PlainRowShape, QtRowShape, RowShape
from tokviz.ui.editor.layout.segments import Segment, chunk_end
from tokviz.ui.editor.layout.shaping import UNBOUNDED, ShapedChunk
from tokviz.ui.editor.layout.wrapping import Chunk, RowBreaks, is_plain, wrap_plain

CHUNK = 1536
"""Bytes that Qt shapes together: a chunk break costs nothing, as chunks end where a row ends."""
UNWRAPPED_CHUNK = 512
"""The same in a long row that does not wrap, of which only a part is in sight."""
SHAPED_MEMORY = 192 << 10
"""Characters whose shape is remembered (Qt needs some 50 bytes for each)."""
SHAPES_REMEMBERED = 400
BREAKS_MEMORY = 2 << 20
"""Bytes of segments whose row breaks are remembered."""
TAB_COLUMNS = 4

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Preedit:
    """Text that an input method is composing at byte ``offset``, not yet part of the text."""

    offset: int
    text: str
    formats: list[QTextLayout.FormatRange]
    cursor: int
    """Where its caret is, in UTF-16 units of ``text``; -1 where it shows none."""


class LeastRecent(Generic[Key, Value]):
    """Remembers what was made lately, up to a total size."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._size = 0

    def get(self, key: Key, size: int, make: Callable[[], Value]) -> Value:
        """What was made for ``key``, or what ``make`` makes now, which weighs ``size``."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
            return entry[0]
        value = make()
        self._entries[key] = (value, size)
        self._size += size
        while self._size > self._limit and len(self._entries) > 1:
            self._size -= self._entries.popitem(last=False)[1][1]
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._size = 0


class LineLayout:
    """Lays out segments by content, so that an edit elsewhere costs nothing."""

    def __init__(self, style: TextStyle) -> None:
        self.style = style
        self.columns: int | None = None
        self.version = 0
        """Changes with the font, the width and what is being composed."""
        self.preedit: Preedit | None = None
        self._chunks: LeastRecent[tuple[object, ...], ShapedChunk] = LeastRecent(SHAPED_MEMORY)
        self._plain_lines: LeastRecent[str, tuple[QTextLayout, QTextLine]] = LeastRecent(SHAPED_MEMORY)
        self._shapes: LeastRecent[tuple[object, ...], RowShape] = LeastRecent(SHAPES_REMEMBERED)
        self._breaks: LeastRecent[tuple[object, ...], RowBreaks] = LeastRecent(BREAKS_MEMORY)

    def configure(self, style: TextStyle, columns: int | None) -> None:
        """Use another font or width: ``columns`` to wrap at, or None not to wrap."""
        if (style, columns) != (self.style, self.columns):
            if style != self.style:
                self._plain_lines.clear()
            self.style, self.columns = style, columns
            self._chunks.clear()
            self._breaks.clear()
            self._shapes.clear()
            self.version += 1

    def compose(self, preedit: Preedit | None) -> None:
        """Show ``preedit`` in place, or nothing."""
        if preedit is not None or self.preedit is not None:
            self.preedit = preedit
            self.version += 1

    @property
    def wrap_width(self) -> float | None:
        """The width of a row in pixels, or None where rows do not wrap."""
        return None if self.columns is None else self.columns * self.style.advance

    def wrap(self, segment: Segment) -> RowBreaks:
        """The rows of the segment."""
        key = (segment.content, segment.right_to_left, self._composition_in(segment))
        return self._breaks.get(key, len(segment.content) + 200, lambda: self._wrap_anew(segment))

    def shape(self, segment: Segment, breaks: RowBreaks, number: int) -> RowShape:
        """The shape of row ``number`` of the segment."""
        key = (segment.content, segment.right_to_left, self._composition_in(segment), number)
        return self._shapes.get(key, 1, lambda: self._shape_row(segment, breaks, number))

    def composing_row(self, segment: Segment, breaks: RowBreaks, last: int) -> int:
        """The row, ``last`` or one before, where the caret of what is composed stands."""
        cursor = max(0, self.preedit.cursor) if self.preedit is not None else 0
        while last:
            shape = self.shape(segment, breaks, last)
            if not (isinstance(shape, QtRowShape) and shape.begins_after(cursor)):
                break
            last -= 1
        return last

    def _shape_row(self, segment: Segment, breaks: RowBreaks, number: int) -> RowShape:
        content, advance = segment.content, self.style.advance
        if not breaks.chunks:
            start = breaks.start(number)
            return PlainRowShape(
                start, content[start : breaks.end(number)], TAB_COLUMNS, advance, self._plain_line
            )
        if self.columns is None and len(content) > UNWRAPPED_CHUNK:
            return self._chunked(segment)
        chunk = breaks.chunk_of(number)
        return QtRowShape(
            self._shape(segment, chunk.start, chunk.end), number - chunk.first_row, chunk.start, advance
        )

    def _chunked(self, segment: Segment) -> ChunkedRowShape:
        content = segment.content
        ends = [0]
        while ends[-1] < len(content):
            ends.append(chunk_end(content, ends[-1], UNWRAPPED_CHUNK))

        def shape(start: int, end: int) -> QtRowShape:
            return QtRowShape(self._shape(segment, start, end), 0, start, self.style.advance)

        return ChunkedRowShape(0, len(content), list(pairwise(ends)), shape)

    def _wrap_anew(self, segment: Segment) -> RowBreaks:
        length = len(segment.content)
        plain = self.style.monospaced and is_plain(segment.content)
        if not plain or self._composition_in(segment) is not None:
            return self._wrap_shaped(segment)
        if self.columns is None:
            return RowBreaks(length, [0])
        return RowBreaks(length, wrap_plain(segment.content, self.columns, TAB_COLUMNS))

    def _wrap_shaped(self, segment: Segment) -> RowBreaks:
        content = segment.content
        if self.columns is None:
            breaks = RowBreaks(len(content), [0])
            breaks.chunks.append(Chunk(0, len(content), 0))
            return breaks
        position = 0

        def more(starts: list[int], chunks: list[Chunk]) -> bool:
            nonlocal position
            end, rows = self._fill(segment, position, CHUNK)
            chunks.append(Chunk(position, end, len(starts)))
            after = end
            if end < len(content) and len(rows) > 1:
                rows, after = rows[:-1], position + rows[-1]
            starts += [position + row for row in rows]
            position = after
            return position >= len(content)

        return RowBreaks(len(content), [], more)

    def _fill(self, segment: Segment, start: int, size: int) -> tuple[int, list[int]]:
        """Where the chunk of about ``size`` bytes that begins at ``start`` ends, and where in it its rows do
        begin: more bytes where the last row would begin within what is composed, which must not be split."""
        end = chunk_end(segment.content, start, size)
        rows = self._shape(segment, start, end).row_starts
        composed = self.preedit.offset - segment.start - start if self.preedit is not None else -1
        if end < len(segment.content) and rows[-1] == composed and self._composition_in(segment) is not None:
            return self._fill(segment, start, 2 * size)
        return end, rows

    def _shape(self, segment: Segment, start: int, end: int) -> ShapedChunk:
        content, composition = segment.content[start:end], self._composition_in(segment)
        if composition is not None:
            at = composition[0] - start
            ends_here = at == len(content) == len(segment.content) - start
            composition = (at, self.version) if 0 <= at < len(content) or ends_here else None
        key = (content, segment.right_to_left, composition)
        make = partial(self._shape_anew, content, segment.right_to_left, composition and composition[0])
        return self._chunks.get(key, len(content) + 32, make)

    def _shape_anew(self, content: bytes, right_to_left: bool, composed_at: int | None) -> ShapedChunk:
        style, preedit = self.style, None
        if composed_at is not None and self.preedit is not None:
            preedit = (composed_at, self.preedit.text, self.preedit.formats)
        tab = TAB_COLUMNS * style.advance
        return ShapedChunk(content, style.font, self.wrap_width, tab, right_to_left, preedit)

    def _composition_in(self, segment: Segment) -> tuple[int, int] | None:
        """Where in the segment text is being composed, and a number that changes with that text; None where
        there is none."""
        preedit = self.preedit
        if preedit is None or not segment.start <= preedit.offset <= segment.end:
            return None
        if preedit.offset == segment.end and not segment.ends_line:
            return None
        return preedit.offset - segment.start, self.version

    def _plain_line(self, text: str) -> tuple[QTextLayout, QTextLine]:
        return self._plain_lines.get(text, len(text) + 32, lambda: _shape_plain_line(text, self.style.font))


def _shape_plain_line(text: str, font: QFont) -> tuple[QTextLayout, QTextLine]:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(UNBOUNDED)
    line.setPosition(QPointF(0, 0))
    layout.endLayout()
    return layout, line
