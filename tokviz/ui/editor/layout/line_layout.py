"""Rows of segments: wrapped or not, shaped only where one looks, remembered for a while."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QTextLayout, QTextLine, QTextOption

from tokviz.ui.editor.layout.chunked_row import ChunkedRow
from tokviz.ui.editor.layout.rows import PlainRow, Row, ShapedRow
from tokviz.ui.editor.layout.segments import Segment
from tokviz.ui.editor.layout.shaping import UNBOUNDED, ShapedPiece
from tokviz.ui.editor.layout.text_cuts import last_cut
from tokviz.ui.editor.layout.wrapped import Piece, Wrapped
from tokviz.ui.editor.layout.wrapping import is_plain, wrap_plain

PIECE = 1536
"""Bytes that Qt shapes together: a cut costs nothing, as pieces end where a row ends."""
UNWRAPPED_PIECE = 512
"""The same in a long row that does not wrap, of which only a part is in sight."""
SHAPED_MEMORY = 192 << 10
"""Characters whose shape is remembered (Qt needs some 50 bytes for each)."""
ROWS_REMEMBERED = 400
TAB_COLUMNS = 4

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The measures of a font, in pixels."""

    font: QFont
    advance: float
    row_height: int
    baseline: int
    """From a row's top."""
    pixel_font: QFont
    """The same font for ``QPainter.drawText``, which measures points by the device it draws on."""
    monospaced: bool
    """Whether all of printable ASCII is exactly ``advance`` wide."""

    @classmethod
    def of(cls, font: QFont) -> "TextStyle":
        """Measure ``font``. A row is high enough for the scripts that stand taller than Latin."""
        metrics = QFontMetricsF(font)
        advance = metrics.horizontalAdvance("0")
        printable = "".join(map(chr, range(0x20, 0x7F)))
        monospaced = all(abs(metrics.horizontalAdvance(letter) - advance) < 0.01 for letter in printable)
        height = round(max(metrics.height() * 1.2, QFontInfo(font).pixelSize() * 1.65))
        baseline = round((height - metrics.height()) / 2 + metrics.ascent())
        pixel_font = QFont(font)
        pixel_font.setPixelSize(max(1, QFontInfo(font).pixelSize()))
        return cls(font, advance, height, baseline, pixel_font, monospaced)


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
        self._pieces: LeastRecent[tuple[bytes, bool], ShapedPiece] = LeastRecent(SHAPED_MEMORY)
        self._composed: dict[tuple[bytes, bool, int], ShapedPiece] = {}
        """Those of ``_pieces`` that hold what is being composed."""
        self._chunks: LeastRecent[str, tuple[QTextLayout, QTextLine]] = LeastRecent(SHAPED_MEMORY)
        self._rows: LeastRecent[tuple[bytes, bool, int], Row] = LeastRecent(ROWS_REMEMBERED)
        self._wrapped: LeastRecent[tuple[bytes, bool], Wrapped] = LeastRecent(1 << 21)

    def configure(self, style: TextStyle, columns: int | None) -> None:
        """Use another font or width: ``columns`` to wrap at, or None not to wrap."""
        if (style, columns) != (self.style, self.columns):
            if style != self.style:
                self._chunks.clear()
            self.style, self.columns = style, columns
            self._pieces.clear()
            self._composed.clear()
            self._wrapped.clear()
            self._rows.clear()
            self.version += 1

    def compose(self, preedit: Preedit | None) -> None:
        """Show ``preedit`` in place, or nothing."""
        if preedit is not None or self.preedit is not None:
            self.preedit = preedit
            self._composed.clear()
            self.version += 1

    @property
    def wrap_width(self) -> float | None:
        """The width of a row in pixels, or None where rows do not wrap."""
        return None if self.columns is None else self.columns * self.style.advance

    def wrap(self, segment: Segment) -> Wrapped:
        """The rows of the segment."""
        if self._composes_in(segment):
            return self._wrap_shaped(segment)
        key = (segment.content, segment.right_to_left)
        return self._wrapped.get(key, len(segment.content) + 200, lambda: self._wrap_anew(segment))

    def row(self, segment: Segment, wrapped: Wrapped, number: int) -> Row:
        """Row ``number`` of the segment."""
        if self._composes_in(segment):
            return self._row_anew(segment, wrapped, number)
        key = (segment.content, segment.right_to_left, number)
        return self._rows.get(key, 1, lambda: self._row_anew(segment, wrapped, number))

    def composing_row(self, segment: Segment, wrapped: Wrapped, last: int) -> int:
        """The row, ``last`` or one before, where the caret of what is composed stands."""
        cursor = max(0, self.preedit.cursor) if self.preedit is not None else 0
        while last:
            row = self.row(segment, wrapped, last)
            if not (isinstance(row, ShapedRow) and row.begins_after(cursor)):
                break
            last -= 1
        return last

    def _row_anew(self, segment: Segment, wrapped: Wrapped, number: int) -> Row:
        content, advance = segment.content, self.style.advance
        if not wrapped.pieces:
            start = wrapped.start(number)
            return PlainRow(start, content[start : wrapped.end(number)], TAB_COLUMNS, advance, self._chunk)
        if self.columns is None and len(content) > UNWRAPPED_PIECE:
            return self._chunked(segment)
        piece = wrapped.piece_of(number)
        return ShapedRow(
            self._shape(segment, piece.start, piece.end), number - piece.first_row, piece.start, advance
        )

    def _chunked(self, segment: Segment) -> ChunkedRow:
        content = segment.content
        ends = [0]
        while ends[-1] < len(content):
            ends.append(_piece_end(content, ends[-1], UNWRAPPED_PIECE))

        def shape(start: int, end: int) -> ShapedRow:
            return ShapedRow(self._shape(segment, start, end), 0, start, self.style.advance)

        return ChunkedRow(0, len(content), list(pairwise(ends)), shape)

    def _wrap_anew(self, segment: Segment) -> Wrapped:
        length = len(segment.content)
        if not (self.style.monospaced and is_plain(segment.content)):
            return self._wrap_shaped(segment)
        if self.columns is None:
            return Wrapped(length, [0])
        return Wrapped(length, wrap_plain(segment.content, self.columns, TAB_COLUMNS))

    def _wrap_shaped(self, segment: Segment) -> Wrapped:
        content = segment.content
        if self.columns is None:
            wrapped = Wrapped(len(content), [0])
            wrapped.pieces.append(Piece(0, len(content), 0))
            return wrapped
        position = 0

        def more(starts: list[int], pieces: list[Piece]) -> bool:
            nonlocal position
            end, rows = self._fill(segment, position, PIECE)
            pieces.append(Piece(position, end, len(starts)))
            after = end
            if end < len(content) and len(rows) > 1:
                rows, after = rows[:-1], position + rows[-1]
            starts += [position + row for row in rows]
            position = after
            return position >= len(content)

        return Wrapped(len(content), [], more)

    def _fill(self, segment: Segment, start: int, size: int) -> tuple[int, list[int]]:
        """Where the piece of about ``size`` bytes that begins at ``start`` ends, and where in it its rows do
        begin: more bytes where the last row would begin within what is composed, which must not be cut."""
        end = _piece_end(segment.content, start, size)
        rows = self._shape(segment, start, end).row_starts
        composed = self.preedit.offset - segment.start - start if self.preedit is not None else -1
        if end < len(segment.content) and rows[-1] == composed and self._composes_in(segment):
            return self._fill(segment, start, 2 * size)
        return end, rows

    def _shape(self, segment: Segment, start: int, end: int) -> ShapedPiece:
        content, backwards = segment.content[start:end], segment.right_to_left
        preedit = self.preedit
        if preedit is not None and self._composes_in(segment):
            at = preedit.offset - segment.start - start
            if 0 <= at < len(content) or at == len(content) == len(segment.content) - start:
                place = (content, backwards, at)
                if place not in self._composed:
                    composed = (at, preedit.text, preedit.formats)
                    self._composed[place] = self._shape_anew(content, backwards, composed)
                return self._composed[place]
        key = (content, backwards)
        return self._pieces.get(key, len(content) + 32, lambda: self._shape_anew(content, backwards, None))

    def _shape_anew(
        self,
        content: bytes,
        backwards: bool,
        preedit: tuple[int, str, list[QTextLayout.FormatRange]] | None,
    ) -> ShapedPiece:
        style = self.style
        tab = TAB_COLUMNS * style.advance
        return ShapedPiece(content, style.font, self.wrap_width, tab, backwards, preedit)

    def _composes_in(self, segment: Segment) -> bool:
        preedit = self.preedit
        if preedit is None or not segment.start <= preedit.offset <= segment.end:
            return False
        return preedit.offset < segment.end or segment.ends_line

    def _chunk(self, text: str) -> tuple[QTextLayout, QTextLine]:
        return self._chunks.get(text, len(text) + 32, lambda: _shape_chunk(text, self.style.font))


def _shape_chunk(text: str, font: QFont) -> tuple[QTextLayout, QTextLine]:
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


def _piece_end(content: bytes, start: int, size: int) -> int:
    """Where the piece of about ``size`` bytes that begins at ``start`` ends."""
    end = start + size
    if end + size // 2 >= len(content):
        return len(content)
    while content[end] & 0xC0 == 0x80:
        end -= 1
    low = end - min(256, size // 2)
    while content[low] & 0xC0 == 0x80:
        low += 1
    return low + (last_cut(content[low:end]) or end - low)
