"""The window of a model, to scale, filled with the parts of one request's context."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.conversation.stack import Layer, StackRow
from tokviz.language import _
from tokviz.ui.common.chart_scale import brief
from tokviz.ui.common.painted_parts import PaintedParts
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import CHIP, LEGEND, scaled, sized
from tokviz.ui.conversation.layer_colors import layer_color, paint_layer, text_on

_BAR, _AXIS = 36.0, 18.0
"""Pixels of the stack, and of the scale below it."""
_LINE = 16.0
"""Pixels of a line of words in a segment."""
_LEAST = 2.0


@dataclass(frozen=True, slots=True)
class _Segment:
    row: StackRow
    start: float
    """Pixels."""
    width: float


class WindowStack(PaintedParts):
    """A segment is chosen by click, or by the arrow keys. It is filled in the direction of reading, as the
    bars of all models are."""

    MIRRORED = True

    chosen = Signal(object)
    """A ``Layer``."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("What fills the window"), parent)
        self._theme = theme
        self._rows: Sequence[StackRow] = ()
        self._window: int | None = None
        self._layer: Layer | None = None
        self._pointed: Layer | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    def set_rows(self, rows: Sequence[StackRow], window: int | None) -> None:
        """Show these layers in a window of so many tokens; None: to the scale of their sum."""
        self._rows = [row for row in rows if row.tokens]
        self._window = window
        self.show_parts()

    def choose(self, layer: Layer | None) -> None:
        """Show which layer is chosen."""
        self._layer = layer
        self.show_parts()

    def sizeHint(self) -> QSize:
        return QSize(420, self._bar + self._tall(_AXIS) + 4)

    def _tall(self, height: float) -> int:
        """A height that grows with the letters."""
        return max(round(height), scaled(self.font(), height))

    @property
    def _bar(self) -> int:
        return self._tall(_BAR)

    @property
    def _scale(self) -> int:
        """Tokens of the whole width: the window, or more where the context is larger."""
        return max(self._window or 0, sum(row.tokens or 0 for row in self._rows), 1)

    def _segments(self) -> list[_Segment]:
        each, start, found = (self.width() - 2) / self._scale, 1.0, []
        for row in self._rows:
            width = (row.tokens or 0) * each
            wide = max(width, _LEAST)
            found.append(_Segment(row, self._lies(start, wide), wide))
            start += width
        return found

    def _lies(self, start: float, width: float = 0.0) -> float:
        """The left edge of what begins ``start`` pixels from the window's beginning."""
        return self.width() - start - width if self.isRightToLeft() else start

    def _at(self, x: float) -> StackRow | None:
        return next(
            (each.row for each in reversed(self._segments()) if each.start <= x < each.start + each.width),
            None,
        )

    def words(self, row: StackRow) -> str:
        """What is known of a layer."""
        share = formatting.percent((row.tokens or 0) / self._scale)
        figures = {"layer": row.layer.words, "tokens": formatting.tokens(row.tokens or 0), "share": share}
        # Translators: {layer} is such as "Tool results".
        told = _("{layer}: {tokens}, {share} of the bar", **figures)
        if self._window == self._scale:
            # Translators: {layer} is such as "Tool results".
            told = _("{layer}: {tokens}, {share} of the window", **figures)
        lines = [told, row.detail]
        return "\n".join(line for line in lines if line)

    def tip_at(self, point: QPointF) -> str:
        row = self._at(point.x())
        return self.words(row) if row else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().x()) if event.position().y() <= self._bar else None
        self._point(row.layer if row else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def _point(self, layer: Layer | None) -> None:
        if layer is not self._pointed:
            self._pointed = layer
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().x())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(row.layer)

    def part_count(self) -> int:
        return len(self._rows)

    def part_words(self, number: int) -> str:
        return self.words(self._rows[number])

    def part_box(self, number: int) -> QRectF:
        segment = self._segments()[number]
        return QRectF(segment.start, 0, segment.width, self._bar)

    def current_part(self) -> int | None:
        layers = [row.layer for row in self._rows]
        return layers.index(self._layer) if self._layer in layers else None

    def choose_part(self, number: int) -> None:
        self._choose(self._rows[number].layer)

    def overview(self) -> str:
        return "; ".join(f"{row.layer.words}: {formatting.grouped(row.tokens)}" for row in self._rows)

    def _choose(self, layer: Layer) -> None:
        self.choose(layer)
        self.chosen.emit(layer)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for segment in self._segments():
                self._paint_segment(painter, segment)
            self._paint_end(painter)
            self._paint_axis(painter)
            if self.hasFocus():
                painter.setPen(QPen(self._theme.accent, 1.5))
                painter.drawRect(QRectF(0.5, 0.5, self.width() - 1, self._bar))

    def _paint_segment(self, painter: QPainter, segment: _Segment) -> None:
        theme, row = self._theme, segment.row
        rect = QRectF(segment.start, 1, segment.width, self._bar - 1)
        paint_layer(painter, rect.adjusted(0, 0, -1 if rect.width() > 3 else 0, 0), row.layer, theme)
        if row.layer in (self._layer, self._pointed):
            painter.setPen(QPen(theme.text, 2 if row.layer is self._layer else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -2, -1))
        number = formatting.grouped(row.tokens)
        font = sized(self.font(), CHIP)
        if row.layer is Layer.HIDDEN or rect.width() < QFontMetricsF(font).horizontalAdvance(number) + 10:
            return
        painter.setPen(text_on(layer_color(row.layer, theme), theme))
        title, line = sized(self.font(), LEGEND, True), self._tall(_LINE)
        name = row.layer.words
        metrics = QFontMetricsF(title)
        if metrics.horizontalAdvance(name) > rect.width() - 10:
            name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width() - 10)
        painter.setFont(title)
        painter.drawText(
            QRectF(rect.left() + 5, 3, rect.width() - 8, line), Qt.AlignmentFlag.AlignVCenter, name
        )
        painter.setFont(font)
        painter.drawText(
            QRectF(rect.left() + 5, 2 + line, rect.width() - 8, line), Qt.AlignmentFlag.AlignVCenter, number
        )

    def _paint_end(self, painter: QPainter) -> None:
        """Where the window ends, if the context is larger."""
        if self._window is None or self._window >= self._scale:
            return
        end = 1 + self._window * (self.width() - 2) / self._scale
        x, beyond = self._lies(end), self.width() - 1 - end
        painter.setPen(QPen(self._theme.error, 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, self._bar + 3))
        over = QRectF(self._lies(end, beyond), self._bar - 2, beyond, 3)
        painter.fillRect(over, self._theme.error)

    def _paint_axis(self, painter: QPainter) -> None:
        painter.setFont(sized(self.font(), LEGEND))
        painter.setPen(self._theme.muted)
        scale, step = self._scale, _step(self._scale)
        room = QFontMetricsF(painter.font()).horizontalAdvance(formatting.grouped(scale)) + 12
        for tokens in (*range(0, scale, step), scale):
            at = 1 + tokens * (self.width() - 2) / scale
            if 0 < tokens < scale and at > self.width() - room:
                continue
            x = self._lies(at)
            painter.drawLine(QPointF(x, self._bar), QPointF(x, self._bar + 3))
            words = formatting.grouped(tokens) if tokens in (0, scale) else brief(tokens)
            # The painter turns left and right round with the direction of reading.
            start, wide, side = at - 40, 80, Qt.AlignmentFlag.AlignHCenter
            if tokens == scale:
                start, wide, side = at - 100, 100, Qt.AlignmentFlag.AlignRight
            elif tokens == 0:
                start, wide, side = at, 60, Qt.AlignmentFlag.AlignLeft
            rect = QRectF(self._lies(start, wide), self._bar + 3, wide, self._tall(_AXIS) - 3)
            painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, words)


def _step(whole: int) -> int:
    """A round number of which three to five make the whole."""
    size = 1
    while whole / size > 10:
        size *= 10
    return next((s for s in (max(1, size // 2), size, size * 5 // 2, size * 5) if whole / s <= 5), size * 5)
