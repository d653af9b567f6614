"""Scrolling by the mouse wheel, by a touch pad, and by a finger on a touch screen."""

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QInputDevice,
    QMouseEvent,
    QScrollEvent,
    QScrollPrepareEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScroller, QWidget

_NOTCH = 120
"""Eighths of a degree that a wheel turns at a time."""


_FAR = 10_000_000.0
"""Pixels from where a finger touches to the ends that Qt is told of. The true ones the view knows itself, and
only as estimates: a text of 100 MB is not laid out to tell how high it is."""


class PointerHost(Protocol):
    """What is scrolled."""

    @property
    def row_height(self) -> int: ...
    def scroll_pixels(self, down: int, right: int) -> None: ...
    def zoom_by(self, steps: int) -> None: ...


def counts_pixels(event: QWheelEvent) -> bool:
    """Whether the device counts in pixels, as a touch pad does. Where a finger goes slowly, an event may hold
    none: its angle must not be taken for a turn of a wheel then."""
    return not event.pixelDelta().isNull() or event.phase() != Qt.ScrollPhase.NoScrollPhase


class PointerScrolling(QObject):
    """Scrolls a view: by pixels where the device gives them, else by rows; after a flick of a finger it goes
    on by itself. A wheel with Ctrl zooms."""

    def __init__(self, host: PointerHost, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._host = host
        self._viewport = viewport
        self._zoom = 0
        """Eighths of a degree that a wheel turned and that did not zoom yet."""
        self._at = QPointF()
        viewport.installEventFilter(self)
        QScroller.grabGesture(viewport, QScroller.ScrollerGestureType.TouchGesture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer Qt's questions about what is scrolled, and scroll."""
        if isinstance(event, QWheelEvent):
            self._turn(event)
            return True
        if isinstance(event, QScrollPrepareEvent):
            self._at = QPointF(_FAR, _FAR)
            event.setViewportSize(QSizeF(self._viewport.size()))
            event.setContentPosRange(QRectF(0, 0, 2 * _FAR, 2 * _FAR))
            event.setContentPos(self._at)
            event.accept()
            return True
        if isinstance(event, QScrollEvent):
            moved = (event.contentPos() - self._at).toPoint()
            self._at += QPointF(moved)
            self._host.scroll_pixels(moved.y(), moved.x())
            return True
        # Qt tells of a finger as of a mouse too: a touch puts the caret there, but a drag selects nothing.
        return (
            event.type() is QEvent.Type.MouseMove
            and isinstance(event, QMouseEvent)
            and event.device().type() is QInputDevice.DeviceType.TouchScreen
        )

    def _turn(self, event: QWheelEvent) -> None:
        pixels, angle, host = event.pixelDelta(), event.angleDelta(), self._host
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom += angle.y()
            steps = int(self._zoom / _NOTCH)
            self._zoom -= steps * _NOTCH
            if steps:
                host.zoom_by(steps)
        elif counts_pixels(event):
            host.scroll_pixels(-pixels.y(), -pixels.x())
        else:
            step = host.row_height * QGuiApplication.styleHints().wheelScrollLines() / _NOTCH
            aside = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            down, right = (0, angle.y() + angle.x()) if aside else (angle.y(), angle.x())
            host.scroll_pixels(-round(down * step), -round(right * step))
        event.accept()
