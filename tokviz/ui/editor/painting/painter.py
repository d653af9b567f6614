"""Paints frames: the rows in sight, their backgrounds, and what is drawn over them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tokviz.analysis.tokens.token_list import NO_TOKENS
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.layout.line_layout import LeastRecent
from tokviz.ui.editor.layout.row_navigator import Caret, Row
from tokviz.ui.editor.layout.row_shapes import PlainRowShape, QtRowShape, Spans
from tokviz.ui.editor.layout.text_viewport import TextViewport
from tokviz.ui.editor.painting.backgrounds import Backgrounds, Look
from tokviz.ui.editor.painting.frame import Frame
from tokviz.ui.editor.painting.token_colors import Pixels, TokenColors, TokenRun, heats_of, pixel
from tokviz.ui.editor.painting.visible_rows import VisibleRow, bounds_in_sight, groups, split_at_tokens
from tokviz.ui.editor.painting.whitespace import draw_break, draw_whitespace

SPAN_MEMORY = 100_000
"""Boundaries whose positions are remembered."""


class TextPainter:
    """Paints frames of one viewport."""

    def __init__(self, buffer: TextBuffer, viewport: TextViewport, theme: Theme) -> None:
        self._buffer = buffer
        self._viewport = viewport
        self._spans: LeastRecent[tuple[object, ...], Spans] = LeastRecent(SPAN_MEMORY)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme
        self._colors = TokenColors(theme)
        self._boundary = pixel(theme.muted)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Draw the frame's rows, what belongs over them, and have its overlays draw over that."""
        style, geometry = self._viewport.layout.style, frame.geometry
        painter.fillRect(frame.area, self._theme.surface)
        if geometry.gutter or frame.options.whitespace:  # the rows' own text brings its font
            painter.setFont(style.pixel_font)
        rows, backgrounds = self._backgrounds(painter, frame)
        for number, row in enumerate(rows):
            # What stands out of a row is cut off, or it would come and go with what is drawn again beside it.
            painter.setClipRect(QRect(0, row.y, geometry.width, style.row_height) & frame.area)
            self._draw_row(painter, frame, row, number, backgrounds)
        painter.setClipRect(frame.area)
        self._draw_decorations(painter, frame)
        if frame.decorations.drop_caret is not None:
            self._draw_caret(painter, Caret(frame.decorations.drop_caret), self._theme.accent)
        if frame.caret_shown:
            self._draw_caret(painter, frame.caret, self._theme.text, frame.overwrite)
        if geometry.gutter:
            self._draw_gutter(painter, frame)
        for overlay in frame.overlays:
            if overlay.draws:
                painter.save()
                painter.setClipRect(frame.area & geometry.text_area)
                painter.translate(geometry.text_left, 0)
                try:
                    overlay.draw(painter, rows, style.row_height)
                finally:
                    painter.restore()

    # -- backgrounds -----------------------------------------------------------------------------------

    def _backgrounds(self, painter: QPainter, frame: Frame) -> tuple[list[VisibleRow], Backgrounds]:
        """The frame's rows, split at token boundaries, and what is under (and over) their text."""
        tokens, options = frame.tokens, frame.options
        bounds = [bounds_in_sight(row, frame.geometry.clip, self._buffer) for _, row in frame.rows]
        backgrounds = Backgrounds(len(bounds), self._look(frame))
        shown: list[VisibleRow] = []
        for group in groups(bounds):
            run: TokenRun = NO_TOKENS  # what there is to draw while no tokenizer has answered
            heats = None
            if tokens.source is not None:
                run = tokens.source.tokens_in(bounds[group][0][0], bounds[group][-1][1])
                heats = heats_of(tokens.source, run, options.heat_map)
            colors = self._colors.of(run, tokens.special, heats, options.colors)
            rows = split_at_tokens(frame.rows[group], bounds[group], run)
            spans = [self._spans_of(row, row.boundaries) for row in rows]
            backgrounds.fill(group.start, spans, [self._range_colors(row, colors) for row in rows])
            for number, (row, own) in enumerate(zip(rows, spans, strict=True), group.start):
                self._select(painter, backgrounds, number, row, frame)
                if len(own.inner):
                    backgrounds.split(number, own)
                backgrounds.empty[number] = [row.row.x_of(at) for at in row.empty]
            backgrounds.mark(group.start, rows, spans)
            shown += rows
        return shown, backgrounds

    def _range_colors(self, row: VisibleRow, colors: Pixels) -> Pixels:
        """The colour of each range of a row."""
        if not len(colors):
            return np.full(len(row.tokens), self._colors.surface, np.uint32)
        return np.where(row.tokens < 0, np.uint32(self._colors.surface), colors[row.tokens])

    def _select(
        self, painter: QPainter, backgrounds: Backgrounds, number: int, row: VisibleRow, frame: Frame
    ) -> None:
        """Draw what is selected, over the row's whole height: it is one area, not a stripe a row."""
        low, high = max(frame.selection[0], row.start), min(frame.selection[1], row.stop)
        if low >= high:
            return
        boundaries = np.unique(np.array([row.start, low, high, row.stop]))
        selected = (boundaries[:-1] >= low) & (boundaries[:-1] < high)
        chosen = np.where(selected, np.uint32(pixel(self._colors.selection)), np.uint32(0))
        spans = self._spans_of(row, boundaries)
        backgrounds.fill(number, [spans], [chosen])
        height, text_left = self._viewport.row_height, frame.geometry.text_left
        for owner, left, right in spans:
            if chosen[owner]:
                painter.fillRect(
                    QRectF(text_left + left, row.y, right - left, height), self._colors.selection
                )

    def _spans_of(self, visible: VisibleRow, boundaries: NDArray[np.int64]) -> Spans:
        """Where the ranges between ``boundaries`` stand; cached by content, as asking Qt takes its time."""
        row, layout = visible.row, self._viewport.layout
        if layout.preedit is not None or isinstance(visible.shape, PlainRowShape):
            return visible.spans(boundaries)
        segment = row.segment
        within = (boundaries - segment.start).tobytes()
        key = (segment.content, segment.right_to_left, row.number, within, layout.version)
        return self._spans.get(key, len(boundaries), lambda: visible.spans(boundaries))

    def _look(self, frame: Frame) -> Look:
        # A gap and a tick at the foot where colours tell tokens apart; else a line of full height.
        body = self._colors.surface if frame.options.colors else self._boundary
        return Look(
            surface=self._colors.surface,
            marks=(body, self._boundary) if frame.options.boundaries else None,
            tick=self._boundary,
            left=frame.geometry.text_left,
            width=frame.geometry.width,
            ratio=frame.geometry.ratio,
        )

    # -- rows ------------------------------------------------------------------------------------------

    def _draw_row(
        self, painter: QPainter, frame: Frame, visible: VisibleRow, number: int, backgrounds: Backgrounds
    ) -> None:
        style, y, theme = self._viewport.layout.style, visible.y, self._theme
        x = frame.geometry.text_left
        backgrounds.draw(painter, number, y, style.row_height)
        painter.setPen(theme.text)
        visible.shape.draw(painter, x, y + style.baseline, frame.geometry.clip)
        if frame.options.whitespace:
            draw_whitespace(painter, theme.muted, visible, QPointF(x, y), style)
            draw_break(painter, theme.muted, self._buffer, visible, QPointF(x, y), style)
        backgrounds.draw_over(painter, number, y, style.row_height)
        for at in backgrounds.empty.get(number, ()):
            painter.fillRect(QRectF(x + at - 1, y, 2, style.row_height), theme.violet)

    def _draw_gutter(self, painter: QPainter, frame: Frame) -> None:
        gutter, area = frame.geometry.gutter, frame.area
        painter.fillRect(QRect(0, area.top(), gutter, area.height()), self._theme.window)
        number = -1
        for y, row in frame.rows:
            if not row.starts_line:
                continue
            number = self._buffer.lines.line_of(row.start) if number < 0 else number + 1
            here = row.start <= frame.caret.offset < max(row.stop, row.start + 1)
            painter.setPen(self._theme.text if here else self._theme.muted)
            box = QRectF(0, y, gutter - 8, self._viewport.row_height)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{number + 1}"
            )

    # -- decorations and caret -------------------------------------------------------------------------

    def _draw_decorations(self, painter: QPainter, frame: Frame) -> None:
        shown = frame.decorations
        for span in shown.highlighted:
            self._outline(painter, frame.rows, span, self._theme.warning, 2)
        if shown.hovered:
            self._outline(painter, frame.rows, shown.hovered, self._theme.accent, 1)
        if shown.pinned:
            self._outline(painter, frame.rows, shown.pinned, self._theme.accent, 2)

    def _outline(
        self,
        painter: QPainter,
        rows: Sequence[tuple[int, Row]],
        span: tuple[int, int],
        color: QColor,
        width: int,
    ) -> None:
        painter.setPen(QPen(color, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        for box in self._viewport.boxes(span, rows):
            painter.drawRect(box.adjusted(inset, inset, inset + 1 - width, inset - width))

    def _draw_caret(self, painter: QPainter, caret: Caret, color: QColor, overwrite: bool = False) -> None:
        box = self._viewport.caret_box(caret)
        if box is None:
            return
        if overwrite:
            foot = QRectF(box.left(), box.bottom() - 2, self._viewport.layout.style.advance, 2)
            painter.fillRect(foot, color)
        painter.fillRect(box, color)
        row = self._viewport.navigator.of_caret(caret)
        shape = row.shape
        if isinstance(shape, QtRowShape) and shape.bidirectional:
            side = -4.0 if row.segment.right_to_left else 4.0
            painter.setPen(QPen(color, 2))
            top = QPointF(box.center().x(), box.top() + 1)
            painter.drawLine(top, top + QPointF(side, 0))
