"""Rows of segments: wrapped or not, shaped only where one looks, remembered for a while."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QTextLayout, QTextLine, QTextOption

from tokviz.ui.text.rows import ChunkedRow, PlainRow, Row, ShapedRow
from tokviz.ui.text.segments import Segment
from tokviz.ui.text.shaping import UNBOUNDED, ShapedPiece
from tokviz.ui.text.wrapping import columns_before, is_plain, wrap_plain

PIECE = 1536
"""Bytes that Qt shapes together: a cut costs nothing, as pieces end where a row ends."""
SHAPED_MEMORY = 192 << 10
"""Characters whose shape is remembered (Qt needs some 50 bytes for each)."""
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
        return cls(font, advance, height, baseline, monospaced)


@dataclass(frozen=True, slots=True)
class Preedit:
    """Text that an input method is composing at byte ``offset``, not yet part of the text."""

    offset: int
    text: str
    formats: list[QTextLayout.FormatRange]
    cursor: int
    """Where its caret is, in UTF-16 units of ``text``; -1 where it shows none."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """Where the rows of a segment begin, and the pieces they were shaped in (none where it is plain)."""

    starts: tuple[int, ...]
    pieces: tuple[tuple[int, int, int, int], ...]
    """(start, end, first row, rows that belong to the segment) of each; the rest of its rows are dropped."""


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
        self._chunks: LeastRecent[str, tuple[QTextLayout, QTextLine]] = LeastRecent(SHAPED_MEMORY)
        self._wrapped: LeastRecent[tuple[bytes, bool], Wrapped] = LeastRecent(1 << 21)

    def configure(self, style: TextStyle, columns: int | None) -> None:
        """Use another font or width: ``columns`` to wrap at, or None not to wrap."""
        if (style, columns) != (self.style, self.columns):
            if style != self.style:
                self._chunks.clear()
            self.style, self.columns = style, columns
            self._pieces.clear()
            self._wrapped.clear()
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

    def row_starts(self, segment: Segment) -> tuple[int, ...]:
        """The offsets, in the segment, at which its rows begin."""
        return self._wrap(segment).starts

    def row(self, segment: Segment, number: int) -> Row:
        """Row ``number`` of the segment."""
        content, wrapped = segment.content, self._wrap(segment)
        if not wrapped.pieces:
            start = wrapped.starts[number]
            end = wrapped.starts[number + 1] if number + 1 < len(wrapped.starts) else len(content)
            data = content[start:end]
            columns = columns_before(data, TAB_COLUMNS)
            return PlainRow(start, data, columns, self.style.advance, self._chunk)
        if self.columns is None and len(wrapped.pieces) > 1:
            pairs = [(start, end) for start, end, _, _ in wrapped.pieces]
            return ChunkedRow(
                0, len(content), pairs, lambda a, b: ShapedRow(self._shape(segment, a, b), 0, a)
            )
        piece = next(p for p in reversed(wrapped.pieces) if p[2] <= number)
        return ShapedRow(self._shape(segment, piece[0], piece[1]), number - piece[2], piece[0])

    def _wrap(self, segment: Segment) -> Wrapped:
        if self._composes_in(segment):
            return self._wrap_shaped(segment)
        key = (segment.content, segment.right_to_left)
        return self._wrapped.get(key, len(segment.content) + 200, lambda: self._wrap_anew(segment))

    def _wrap_anew(self, segment: Segment) -> Wrapped:
        if not (self.style.monospaced and is_plain(segment.content)):
            return self._wrap_shaped(segment)
        if self.columns is None:
            return Wrapped((0,), ())
        return Wrapped(tuple(wrap_plain(segment.content, self.columns, TAB_COLUMNS)), ())

    def _wrap_shaped(self, segment: Segment) -> Wrapped:
        content = segment.content
        starts: list[int] = []
        pieces: list[tuple[int, int, int, int]] = []
        position = 0
        while True:
            end = _piece_end(content, position)
            if self.columns is None:
                rows = [0]
            else:
                rows = self._shape(segment, position, end).row_starts
                if end < len(content) and len(rows) > 1:
                    rows, after = rows[:-1], position + rows[-1]
                else:
                    after = end
            kept = rows if self.columns is not None or not starts else []
            pieces.append((position, end, len(starts), len(kept)))
            starts += [position + row for row in kept]
            position = end if self.columns is None else after
            if position >= len(content):
                return Wrapped(tuple(starts), tuple(pieces))

    def _shape(self, segment: Segment, start: int, end: int) -> ShapedPiece:
        content, backwards = segment.content[start:end], segment.right_to_left
        preedit = self.preedit
        if preedit is not None and self._composes_in(segment):
            at = preedit.offset - segment.start - start
            if 0 <= at < len(content) or at == len(content) == len(segment.content) - start:
                return self._shape_anew(content, backwards, (at, preedit.text, preedit.formats))
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


def _piece_end(content: bytes, start: int) -> int:
    """Where the piece that begins at ``start`` ends: between two ASCII letters, if there are such."""
    end = start + PIECE
    if end + PIECE // 2 >= len(content):
        return len(content)
    for at in range(end, end - 256, -1):
        if content[at] < 0x80 and content[at - 1] < 0x80:
            return at
    while content[end] & 0xC0 == 0x80:
        end -= 1
    return end
