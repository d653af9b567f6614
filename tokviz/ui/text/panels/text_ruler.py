"""The text's scroll bar as an overview: where the window ends, matches, special tokens, and the caret."""

from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollBar, QWidget

from tokviz.language import _
from tokviz.ui.common.theme import Theme

WIDTH = 14
_THUMB, _THUMB_HOVER = 6, 8
_LEAST_THUMB = 24
_MARK = 2
"""The height of a mark."""
_HATCH = 0.35
"""How strongly what does not fit is hatched."""

Shares = NDArray[np.float64]
"""Places in the text: 0.0 is its first row, 1.0 behind its last."""
_NONE: Shares = np.zeros(0)


class Mark(Enum):
    """What is marked."""

    MATCH = auto()
    SPECIAL = auto()
    END = auto()
    OTHER_END = auto()
    """The end of another model's window."""
    CARET = auto()


_COLUMNS = {
    Mark.MATCH: (2, 4),
    Mark.SPECIAL: (7, 4),
    Mark.END: (0, WIDTH),
    Mark.OTHER_END: (WIDTH - 6, 6),
    Mark.CARET: (1, 5),
}
"""The left edge and the width of each kind."""


class TextRuler(QScrollBar):
    """Scrolls like any other. It shows nothing that is not told in words elsewhere."""

    marks_moved = Signal()
    """The ruler has another height."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._theme = theme
        self._marks: dict[Mark, Shares] = {}
        self._rows: dict[Mark, list[int]] = {}
        """Where they are drawn at this height: a ruler is painted anew with every scroll."""
        self._over: float | None = None
        self._dragged: float | None = None
        self._hovered = False
        self.setFixedWidth(WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Position in the text"))

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    def set_marks(self, mark: Mark, shares: Shares = _NONE) -> None:
        """Mark these places; every row of pixels once, however many they are."""
        before = self._marks.get(mark, _NONE)
        if not np.array_equal(before, shares):
            self._marks[mark] = shares
            self._rows.pop(mark, None)
            self.update()

    def set_over(self, share: float | None) -> None:
        """What does not fit begins here; None: all fits."""
        if share != self._over:
            self._over = share
            self.update()

    def y_of(self, share: float) -> float:
        """Where a place is on the ruler, in pixels."""
        return share * self.height()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 2 * _LEAST_THUMB)

    # -- painting --------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.surface)
            painter.fillRect(QRectF(0, 0, 1, self.height()), theme.hair)
            if self._over is not None:
                self._hatch(painter, self.y_of(self._over))
            for mark, color in (
                (Mark.MATCH, theme.accent),
                (Mark.SPECIAL, theme.violet),
                (Mark.OTHER_END, theme.error),
                (Mark.END, theme.error),
            ):
                self._draw_marks(painter, mark, color)
            self._draw_thumb(painter)
            self._draw_marks(painter, Mark.CARET, theme.text, 1)

    def _hatch(self, painter: QPainter, y: float) -> None:
        color = QColor(self._theme.error)
        painter.fillRect(QRectF(1, y, WIDTH, self.height() - y), self._theme.error_soft)
        color.setAlphaF(_HATCH)
        painter.save()
        painter.setClipRect(QRectF(1, y, WIDTH, self.height() - y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1))
        step = 5
        for top in range(int(y) - WIDTH, self.height() + WIDTH, step):
            painter.drawLine(QPointF(1, top + WIDTH), QPointF(WIDTH + 1, top))
        painter.restore()

    def _draw_marks(self, painter: QPainter, mark: Mark, color: QColor, height: int = _MARK) -> None:
        left, width = _COLUMNS[mark]
        if mark not in self._rows:
            rows = np.rint(self._marks.get(mark, _NONE) * self.height()).astype(np.int64)
            self._rows[mark] = np.unique(rows.clip(0, self.height() - height)).tolist()
        for y in self._rows[mark]:
            painter.fillRect(left, y, width, height, color)

    def _draw_thumb(self, painter: QPainter) -> None:
        if self.maximum() <= self.minimum():
            return
        wide = _THUMB_HOVER if self._hovered or self._dragged is not None else _THUMB
        top, length = self._thumb()
        box = QRectF((WIDTH + 1 - wide) / 2, top, wide, length)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        active = wide == _THUMB_HOVER
        painter.setBrush(QBrush(self._theme.thumb_hover if active else self._theme.thumb))
        painter.drawRoundedRect(box, wide / 2, wide / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _thumb(self) -> tuple[float, float]:
        """The thumb's top and length, in pixels."""
        span = self.maximum() - self.minimum() + self.pageStep()
        length = max(float(_LEAST_THUMB), self.height() * self.pageStep() / max(span, 1))
        length = min(length, float(self.height()))
        share = (self.sliderPosition() - self.minimum()) / max(1, self.maximum() - self.minimum())
        return share * (self.height() - length), length

    # -- the mouse: the thumb is drawn here, so it is grabbed here ----------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        top, length = self._thumb()
        y = event.position().y()
        inside = top <= y < top + length
        self._dragged = y - top if inside else length / 2
        self.setSliderDown(True)
        if not inside:
            self._drag_to(y)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._drag_to(event.position().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            super().mouseReleaseEvent(event)
            return
        self._dragged = None
        self.setSliderDown(False)
        self.update()

    def _drag_to(self, y: float) -> None:
        _, length = self._thumb()
        room = max(1.0, self.height() - length)
        share = (y - (self._dragged or 0.0)) / room
        self.setSliderPosition(self.minimum() + round(share * (self.maximum() - self.minimum())))
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self._hovered = event.type() is QEvent.Type.HoverEnter
            self.update()
        elif event.type() is QEvent.Type.Resize:
            self._rows.clear()
            self.marks_moved.emit()
        return super().event(event)
