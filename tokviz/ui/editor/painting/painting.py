"""Draws the rows in sight."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tokviz.analysis.tokens.token_map_list import NO_TOKENS
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.layout.chunked_row import ChunkedRow
from tokviz.ui.editor.layout.line_layout import LeastRecent, LineLayout
from tokviz.ui.editor.layout.row_space import Caret, PlacedRow, RowSpace
from tokviz.ui.editor.layout.rows import PlainRow, ShapedRow, Spans
from tokviz.ui.editor.layout.visible_rows import VisibleRows
from tokviz.ui.editor.painting.backgrounds import Canvas, Look
from tokviz.ui.editor.painting.overlay import Overlay
from tokviz.ui.editor.painting.row_parts import Cut, RowPart, cut_parts, groups
from tokviz.ui.editor.painting.scene import DisplayOptions, Geometry, Marks, Tokens
from tokviz.ui.editor.painting.token_colors import Pixels, TokenColors, TokenRun, heats_of, pixel
from tokviz.ui.editor.painting.whitespace import draw_break, draw_whitespace

LONG_ROW = 4096
"""Bytes of a row of which only what is in sight is looked at."""
SPAN_MEMORY = 100_000
"""Cuts whose places are remembered."""
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
        self._spans: LeastRecent[tuple[object, ...], Spans] = LeastRecent(SPAN_MEMORY)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self._colors = TokenColors(theme)
        self._boundary = pixel(theme.boundary)

    def paint(
        self,
        painter: QPainter,
        area: QRect,
        visible: VisibleRows,
        geometry: Geometry,
        options: DisplayOptions,
        tokens: Tokens,
        marks: Marks,
        caret: CaretLook,
        overlays: Sequence[Overlay] = (),
    ) -> None:
        """Draw what of ``visible`` touches ``area``, and have ``overlays`` draw over it."""
        style = self._layout.style
        shown = visible.between(area.top(), area.bottom(), style.row_height)
        painter.fillRect(area, self._theme.surface)
        if geometry.gutter or options.whitespace:  # the rows' own text brings its font
            painter.setFont(style.pixel_font)
        parts = [self._part(y, placed, geometry) for y, placed in shown]
        text = QRect(geometry.gutter, 0, geometry.width - geometry.gutter, geometry.height)
        canvas = self._backgrounds(painter, parts, geometry, options, tokens, caret.selection)
        for number, part in enumerate(parts):
            # What stands out of a row is cut off, or it would come and go with what is drawn again beside it.
            row = QRect(0, part.y, geometry.width, style.row_height)
            painter.setClipRect(row & area)
            self._draw_row(painter, part, number, canvas, geometry, options)
        painter.setClipRect(area)
        self._draw_marks(painter, shown, geometry, marks)
        self._draw_caret(painter, visible, geometry, caret, marks)
        if geometry.gutter:
            self._draw_gutter(painter, area, shown, geometry, caret)
        for overlay in overlays:
            if overlay.draws:
                painter.save()
                painter.setClipRect(area & text)
                painter.translate(geometry.text_left, 0)
                try:
                    overlay.draw(painter, parts, style.row_height)
                finally:
                    painter.restore()

    # -- backgrounds -----------------------------------------------------------------------------------

    def _part(self, y: int, placed: PlacedRow, geometry: Geometry) -> RowPart:
        row = self._rows.row(placed)
        start, stop = placed.start, placed.stop
        if stop - start > LONG_ROW:
            base, (left, right) = placed.segment.start, self._clip(geometry)
            start = base + row.character_at(left)
            reached = base + row.character_at(right) + 8
            stop = self._buffer.boundary_after(reached) if reached < placed.end else placed.stop
        return RowPart(y, placed, row, start, stop)

    def _clip(self, geometry: Geometry) -> tuple[float, float]:
        """The x in sight, from the rows' left edge."""
        return float(geometry.gutter - geometry.text_left), float(geometry.width - geometry.text_left)

    def _backgrounds(
        self,
        painter: QPainter,
        parts: Sequence[RowPart],
        geometry: Geometry,
        options: DisplayOptions,
        tokens: Tokens,
        selection: tuple[int, int],
    ) -> Canvas:
        look = self._look(geometry, options)
        canvas = Canvas(len(parts), look)
        number = 0
        for group in groups(parts):
            run: TokenRun = NO_TOKENS  # what there is to draw while no tokenizer has answered
            heats = None
            if tokens.source is not None:
                run = tokens.source.tokens_in(group[0].start, group[-1].stop)
                heats = heats_of(tokens.source, run, options.heat)
            colors = self._colors.of(run, tokens.special, heats, options.colors)
            cuts = cut_parts(group, run)
            rows = [self._spans_of(cut.part, cut.cuts) for cut in cuts]
            canvas.fill(number, rows, [self._stretches(cut, colors) for cut in cuts])
            for place, (cut, spans) in enumerate(zip(cuts, rows, strict=True), number):
                if selection[0] < cut.part.stop and selection[1] > cut.part.start:
                    self._select(painter, canvas, place, cut.part, selection, geometry)
                if len(spans.inner):
                    canvas.split(place, spans)
                canvas.empty[place] = [self._rows.x_of(cut.part.placed, at) for at in cut.empty]
            canvas.mark(number, rows, cuts)
            number += len(cuts)
        return canvas

    def _stretches(self, cut: Cut, colors: Pixels) -> Pixels:
        """The colour of each stretch of a row."""
        if not len(colors):
            return np.full(len(cut.tokens), self._colors.surface, np.uint32)
        return np.where(cut.tokens < 0, np.uint32(self._colors.surface), colors[cut.tokens])

    def _select(
        self,
        painter: QPainter,
        canvas: Canvas,
        number: int,
        part: RowPart,
        selection: tuple[int, int],
        geometry: Geometry,
    ) -> None:
        """Draw what is selected, over the row's whole height: it is one area, not a stripe a row."""
        low, high = max(selection[0], part.start), min(selection[1], part.stop)
        if low >= high:
            return
        cuts = np.unique(np.array([part.start, low, high, part.stop]))
        selected = (cuts[:-1] >= low) & (cuts[:-1] < high)
        chosen = np.where(selected, np.uint32(pixel(self._colors.selection)), np.uint32(0))
        spans = self._spans_of(part, cuts)
        canvas.fill(number, [spans], [chosen])
        for owner, left, right in spans:
            if chosen[owner]:
                box = QRectF(geometry.text_left + left, part.y, right - left, self._layout.style.row_height)
                painter.fillRect(box, self._colors.selection)

    def _spans_of(self, part: RowPart, cuts: NDArray[np.int64]) -> Spans:
        """Where the stretches between ``cuts`` stand; remembered by content, as asking Qt takes its time."""
        segment = part.placed.segment
        own = cuts - segment.start
        if isinstance(part.row, PlainRow) or self._layout.preedit is not None:
            return part.row.spans(own)
        key = (
            segment.content,
            segment.right_to_left,
            part.placed.number,
            own.tobytes(),
            self._layout.version,
        )
        return self._spans.get(key, len(own), lambda: part.row.spans(own))

    def _look(self, geometry: Geometry, options: DisplayOptions) -> Look:
        boundary = self._boundary
        # A gap and a tick at the foot where colours tell tokens apart; else a line of full height.
        body = self._colors.surface if options.colors else boundary
        return Look(
            surface=self._colors.surface,
            marks=(body, boundary) if options.boundaries else None,
            tick=boundary,
            selection=pixel(self._colors.selection),
            left=geometry.text_left,
            width=geometry.width,
            ratio=geometry.ratio,
        )

    # -- rows ------------------------------------------------------------------------------------------

    def _draw_row(
        self,
        painter: QPainter,
        part: RowPart,
        number: int,
        canvas: Canvas,
        geometry: Geometry,
        options: DisplayOptions,
    ) -> None:
        style, y, row = self._layout.style, part.y, part.row
        x = geometry.text_left
        canvas.draw(painter, number, y, style.row_height)
        painter.setPen(self._theme.text)
        row.draw(painter, x, y + style.baseline, self._clip(geometry))
        if options.whitespace:
            draw_whitespace(painter, self._theme.whitespace, part, QPointF(x, y), style)
            draw_break(painter, self._theme.whitespace, self._buffer, part, QPointF(x, y), style)
        canvas.draw_over(painter, number, y, style.row_height)
        for at in canvas.empty.get(number, ()):
            painter.fillRect(QRectF(x + at - 1, y, 2, style.row_height), self._theme.special)

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
            for owner, left, right in self._rows.row(placed).spans(cuts - placed.segment.start):
                if low <= int(cuts[owner]) < high:
                    yield x + left, y, x + right, y + style.row_height

    def _draw_caret(
        self, painter: QPainter, visible: VisibleRows, geometry: Geometry, look: CaretLook, marks: Marks
    ) -> None:
        if marks.drop_caret is not None:
            self._draw_caret_at(
                painter, visible, geometry, Caret(marks.drop_caret), self._theme.accent, False
            )
        if look.shown:
            self._draw_caret_at(painter, visible, geometry, look.caret, self._theme.caret, look.overwrite)

    def _draw_caret_at(
        self,
        painter: QPainter,
        visible: VisibleRows,
        geometry: Geometry,
        caret: Caret,
        color: QColor,
        overwrite: bool,
    ) -> None:
        where = self.caret_box(visible, geometry, caret)
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

    def caret_box(self, visible: VisibleRows, geometry: Geometry, caret: Caret) -> QRectF | None:
        """The caret's rectangle in the view, or None if its row is not in sight."""
        placed = self._rows.at(caret)
        y = visible.y_of(placed)
        if y is None:
            return None
        row = self._rows.row(placed)
        preedit = self._layout.preedit
        if preedit is not None and isinstance(row, ShapedRow | ChunkedRow) and preedit.offset == caret.offset:
            x = row.composing_x(preedit.offset - placed.segment.start, max(0, preedit.cursor))
        else:
            x = row.x_of(min(caret.offset, placed.end) - placed.segment.start)
        return QRectF(geometry.text_left + round(x) - 1, y + 1, 2, self._layout.style.row_height - 2)
