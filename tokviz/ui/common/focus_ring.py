"""The ring around the control that keys go to."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from tokviz.ui.common.theme import Theme

_WIDTH, _GAP = 2.0, 1.0
"""Pixels: of the ring, and between it and the control."""
_OUT = int(_WIDTH + _GAP)
_RINGED = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit, QScrollArea)
"""What has one. Tabs and rows show the focus inside their own edge; what scrolls has it there, too."""


class FocusRing(QWidget):
    """One ring for all windows: it follows the focus that keys have moved. The mouse needs none.

    QFocusFrame would do, but its distance from the control is the style's, and lies on it.
    """

    def __init__(self, application: QApplication, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._control: QWidget | None = None
        self._watched: list[QWidget] = []
        """The control and what it lies in, up to the ground: any of them moves it."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        application.focusChanged.connect(self._follow)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Move | QEvent.Type.Resize | QEvent.Type.Show:
                self._place()
            case QEvent.Type.Hide | QEvent.Type.Close:
                self.hide()
            case QEvent.Type.Destroy | QEvent.Type.ParentChange:
                self._leave()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.accent, _WIDTH))
        edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        round_ = self._control is not None and self._control.property("chip")
        radius = edge.height() / 2 if round_ else 7
        painter.drawRoundedRect(edge, radius, radius)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        self._leave()
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is None or by_mouse or not isinstance(now, _RINGED):
            return
        around = now.parentWidget()
        if isinstance(around, QComboBox | QAbstractSpinBox):
            now = around
        self._control = now
        ground = _ground_of(now)
        at: QWidget | None = now
        while at is not None and (at is now or at is not ground):
            at.installEventFilter(self)
            self._watched.append(at)
            at = at.parentWidget()
        self.setParent(ground)
        self._place()

    def _leave(self) -> None:
        watched, self._watched = self._watched, []
        self._control = None
        for widget in watched:
            if isValid(widget):  # a dialog may have taken it along
                widget.removeEventFilter(self)
        self.hide()
        # A parent that goes would take the ring along.
        self.setParent(None)

    def _place(self) -> None:
        ground = self.parentWidget()
        if self._control is None or ground is None or not self._control.isVisible():
            return
        corner = self._control.mapTo(ground, QPoint())
        out = 0 if isinstance(self._control, QScrollArea) else _OUT
        self.setGeometry(QRect(corner, self._control.size()).adjusted(-out, -out, out, out))
        self.raise_()
        self.show()


def paint_ring(painter: QPainter, edge: QRect, theme: Theme) -> None:
    """Paint the ring inside an edge, as what fills its room has it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.accent, _WIDTH))
    painter.drawRect(edge.adjusted(1, 1, -1, -1))


def _ground_of(control: QWidget) -> QWidget:
    """What the ring is painted on: the window, or what scrolls with the control."""
    at: QWidget = control
    while (parent := at.parentWidget()) is not None and not at.isWindow():
        area = parent.parentWidget()
        if isinstance(area, QScrollArea) and parent is area.viewport():
            return at
        at = parent
    return at
