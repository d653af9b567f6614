"""Draws the rows in sight."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tokviz.ui.text.backgrounds import Look, RowBackground, paint_row, row_spans
from tokviz.ui.text.buffer import TextBuffer
from tokviz.ui.text.line_layout import LineLayout
from tokviz.ui.text.row_space import Caret, PlacedRow, RowSpace
from tokviz.ui.text.rows import ShapedRow
from tokviz.ui.text.scene import DisplayOptions, Geometry, Marks, Tokens
from tokviz.ui.text.token_colors import NO_TOKENS, Pixels, TokenColors, TokenRun, pixel
from tokviz.ui.text.whitespace import draw_break, draw_whitespace
from tokviz.ui.theme import Theme

BAND = 3
"""The height of the coloured band that is drawn over a character split over several tokens."""
TICK_DISTANCE = 2.5
"""Pixels between ticks in that band; where a character has more tokens than room, only colours tell them."""
FOOT = 5
"""The height of the marks at boundaries between characters."""
Visible = Sequence[tuple[int, PlacedRow]]


@dataclass(frozen=True, slots=True)
class CaretLook:
    """How the caret is to be drawn now."""

    caret: Caret
    shown: bool
    overwrite: bool
    selection: tuple[int, int]


class TextPainter:
    """Draws rows, and remembers their backgrounds until something changes."""

    def __init__(self, buffer: TextBuffer, layout: LineLayout, rows: RowSpace, theme: Theme) -> None:
        self._buffer = buffer
        self._layout = layout
        self._rows = rows
        self._backgrounds: dict[tuple[int, int, int, int, int], RowBackground] = {}
        self._valid_for: tuple[object, ...] = ()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self._colors = TokenColors(theme)
        self._backgrounds.clear()

    def paint(
        self,
        painter: QPainter,
        area: QRect,
        visible: Visible,
        geometry: Geometry,
        options: DisplayOptions,
        tokens: Tokens,
        marks: Marks,
        caret: CaretLook,
    ) -> None:
        """Draw what of ``visible`` touches ``area``."""
        height = self._layout.style.row_height
        shown = [(y, row) for y, row in visible if y < area.bottom() + 1 and y + height > area.top()]
        painter.fillRect(area, self._theme.surface)
        painter.setClipRect(area)
        painter.setPen(self._theme.text)
        painter.setFont(self._layout.style.font)
        backgrounds = self._backgrounds_of(shown, geometry, options, tokens, caret.selection)
        for (y, placed), background in zip(shown, backgrounds, strict=True):
            self._draw_row(painter, y, placed, background, geometry, options)
        self._draw_marks(painter, shown, geometry, marks)
        self._draw_caret(painter, shown, geometry, caret, marks)
        if geometry.gutter:
            self._draw_gutter(painter, area, shown, geometry, caret)

    # -- backgrounds -----------------------------------------------------------------------------------

    def _backgrounds_of(
        self,
        shown: Visible,
        geometry: Geometry,
        options: DisplayOptions,
        tokens: Tokens,
        selection: tuple[int, int],
    ) -> Iterator[RowBackground]:
        state = (
            self._buffer.revision,
            tokens.version,
            options,
            geometry.width,
            geometry.scrolled,
            geometry.ratio,
            geometry.gutter,
            self._layout.version,
        )
        if state != self._valid_for:
            self._backgrounds.clear()
            self._valid_for = state
        if len(self._backgrounds) > 2000:
            self._backgrounds.clear()
        run: TokenRun | None = None
        colors: Pixels = np.zeros(0, np.uint32)
        for _, placed in shown:
            low = min(max(selection[0], placed.start), placed.stop)
            high = min(max(selection[1], placed.start), placed.stop)
            low, high = (low, high) if low < high else (0, 0)
            key = (placed.start, placed.stop, placed.number, low, high)
            background = self._backgrounds.get(key)
            if background is None:
                if run is None:
                    run = NO_TOKENS
                    if tokens.source is not None:
                        run = tokens.source.tokens_in(shown[0][1].start, shown[-1][1].stop)
                    colors = self._colors.of(run, tokens.special, options.heat, options.colors)
                background = self._paint_background(placed, run, colors, geometry, options, (low, high))
                self._backgrounds[key] = background
            yield background

    def _paint_background(
        self,
        placed: PlacedRow,
        run: TokenRun,
        colors: Pixels,
        geometry: Geometry,
        options: DisplayOptions,
        selected: tuple[int, int],
    ) -> RowBackground:
        left = float(-geometry.margin + geometry.scrolled)
        look = Look(
            surface=self._colors.surface,
            marks=self._mark_colors(options),
            selection=pixel(self._colors.selection),
            selected=selected,
            ratio=geometry.ratio,
            visible=(left, left + geometry.width - geometry.gutter),
        )
        return paint_row(self._rows.row(placed), placed, run, colors, self._layout.style.advance, look)

    def _mark_colors(self, options: DisplayOptions) -> tuple[int, int] | None:
        """A gap and a tick at the foot where colours tell tokens apart; else a line of full height."""
        if not options.boundaries:
            return None
        boundary = pixel(self._theme.boundary)
        return (self._colors.surface if options.colors else boundary, boundary)

    # -- rows ------------------------------------------------------------------------------------------

    def _draw_row(
        self,
        painter: QPainter,
        y: int,
        placed: PlacedRow,
        background: RowBackground,
        geometry: Geometry,
        options: DisplayOptions,
    ) -> None:
        style = self._layout.style
        x, height = geometry.text_left, style.row_height
        for left, right in background.selected:
            painter.fillRect(QRectF(x + left, y, right - left, height), self._colors.selection)
        size = background.pixels.shape[1]
        left, width = x + background.left, background.width
        body = QRect(left, y + 1, width, height - 2 - FOOT)
        painter.drawImage(body, background.image, QRect(0, 0, size, 1))
        foot = QRect(left, y + height - 1 - FOOT, width, FOOT)
        painter.drawImage(foot, background.image, QRect(0, 1, size, 1))
        row = self._rows.row(placed)
        painter.setPen(self._theme.text)
        clip = (float(geometry.gutter - x), float(geometry.width - x))
        row.draw(painter, x, y + style.baseline, clip)
        if options.whitespace:
            draw_whitespace(painter, self._theme.whitespace, placed, row, QPointF(x, y), style)
            draw_break(painter, self._theme.whitespace, self._buffer, placed, row, QPointF(x, y), style)
        if background.inner:
            self._draw_inner(painter, x, y + height - 1, background)
        for at in background.empty:
            painter.fillRect(QRectF(x + at - 1, y, 2, height), self._theme.special)

    def _draw_inner(self, painter: QPainter, x: int, bottom: int, background: RowBackground) -> None:
        """The colours of the tokens that share a character, as a band over its foot, and ticks between."""
        lines: list[QLineF] = []
        scale = background.pixels.shape[1] / background.width
        drawn = -TICK_DISTANCE
        for at, left, right in background.inner:
            band = QRectF(x + left, bottom - BAND, right - left, BAND)
            source = QRectF((left - background.left) * scale, 0, (right - left) * scale, 1)
            painter.drawImage(band, background.image, source)
            if abs(at - drawn) >= TICK_DISTANCE and right - at >= TICK_DISTANCE:
                lines.append(QLineF(x + at, bottom - BAND - 2, x + at, bottom))
                drawn = at
        painter.setPen(QPen(self._theme.boundary, 1))
        painter.drawLines(lines)

    def _draw_gutter(
        self, painter: QPainter, area: QRect, shown: Visible, geometry: Geometry, caret: CaretLook
    ) -> None:
        style = self._layout.style
        painter.fillRect(QRect(0, area.top(), geometry.gutter, area.height()), self._theme.window)
        number = -1
        for y, placed in shown:
            if not placed.starts_line:
                continue
            number = self._buffer.lines.line_of(placed.start) if number < 0 else number + 1
            here = placed.start <= caret.caret.offset < max(placed.stop, placed.start + 1)
            painter.setPen(self._theme.text if here else self._theme.muted)
            box = QRectF(0, y, geometry.gutter - 8, style.row_height)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{number + 1}"
            )

    # -- marks and caret -------------------------------------------------------------------------------

    def _draw_marks(self, painter: QPainter, shown: Visible, geometry: Geometry, marks: Marks) -> None:
        for span in marks.highlighted:
            self._outline(painter, shown, geometry, span, self._theme.warning, 2)
        if marks.hovered:
            self._outline(painter, shown, geometry, marks.hovered, self._theme.accent, 1)
        if marks.pinned:
            self._outline(painter, shown, geometry, marks.pinned, self._theme.accent, 2)

    def _outline(
        self,
        painter: QPainter,
        shown: Visible,
        geometry: Geometry,
        span: tuple[int, int],
        color: QColor,
        width: int,
    ) -> None:
        painter.setPen(QPen(color, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        for left, top, right, bottom in self.boxes(shown, geometry, span):
            painter.drawRect(
                QRectF(left + inset, top + inset, right - left + 1 - width, bottom - top - width)
            )

    def boxes(
        self, shown: Visible, geometry: Geometry, span: tuple[int, int]
    ) -> Iterator[tuple[float, float, float, float]]:
        """(left, top, right, bottom) of what of the bytes ``span`` is in sight."""
        style, x = self._layout.style, geometry.text_left
        for y, placed in shown:
            low, high = max(span[0], placed.start), min(span[1], placed.stop)
            if low >= high:
                continue
            cuts = np.array(sorted({placed.start, low, high, placed.stop}), np.int64)
            spans = row_spans(self._rows.row(placed), placed, cuts, style.advance)
            for owner, left, right in zip(spans.owners, spans.lefts, spans.rights, strict=True):
                if low <= int(cuts[owner]) < high:
                    yield x + left, y, x + right, y + style.row_height

    def _draw_caret(
        self, painter: QPainter, shown: Visible, geometry: Geometry, look: CaretLook, marks: Marks
    ) -> None:
        if marks.drop_caret is not None:
            self._draw_caret_at(painter, shown, geometry, Caret(marks.drop_caret), self._theme.accent, False)
        if look.shown:
            self._draw_caret_at(painter, shown, geometry, look.caret, self._theme.caret, look.overwrite)

    def _draw_caret_at(
        self,
        painter: QPainter,
        shown: Visible,
        geometry: Geometry,
        caret: Caret,
        color: QColor,
        overwrite: bool,
    ) -> None:
        where = self.caret_box(shown, geometry, caret)
        if where is None:
            return
        if overwrite:
            foot = QRectF(where.left(), where.bottom() - 2, self._layout.style.advance, 2)
            painter.fillRect(foot, color)
        painter.fillRect(where, color)
        placed = self._rows.at(caret)
        row = self._rows.row(placed)
        if isinstance(row, ShapedRow) and row.bidirectional:
            side = -4.0 if placed.segment.right_to_left else 4.0
            painter.setPen(QPen(color, 2))
            top = QPointF(where.center().x(), where.top() + 1)
            painter.drawLine(top, top + QPointF(side, 0))

    def caret_box(self, shown: Visible, geometry: Geometry, caret: Caret) -> QRectF | None:
        """The caret's rectangle in the view, or None if its row is not in sight."""
        placed = self._rows.at(caret)
        y = next((y for y, row in shown if (row.start, row.number) == (placed.start, placed.number)), None)
        if y is None:
            return None
        row = self._rows.row(placed)
        preedit = self._layout.preedit
        if preedit is not None and isinstance(row, ShapedRow) and preedit.offset == caret.offset:
            x = row.composing_x(max(0, preedit.cursor))
        else:
            x = row.x_of(min(caret.offset, placed.end) - placed.segment.start)
        return QRectF(geometry.text_left + round(x) - 1, y + 1, 2, self._layout.style.row_height - 2)
