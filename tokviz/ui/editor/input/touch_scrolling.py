"""Scrolling by a finger on a touch screen, which goes on by itself after a flick."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF
from PySide6.QtGui import QInputDevice, QMouseEvent, QScrollEvent, QScrollPrepareEvent
from PySide6.QtWidgets import QScroller, QWidget

_FAR = 10_000_000.0
"""Pixels from where a finger touches to the ends that Qt is told of. The true ones the view knows itself, and
only as estimates: a text of 100 MB is not laid out to tell how high it is."""


class TouchScrolling(QObject):
    """Turns the gestures on ``viewport`` into calls of ``scroll``, with whole pixels down and right."""

    def __init__(self, viewport: QWidget, scroll: Callable[[int, int], object]) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._scroll = scroll
        self._at = QPointF()
        viewport.installEventFilter(self)
        QScroller.grabGesture(viewport, QScroller.ScrollerGestureType.TouchGesture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer Qt's questions about what is scrolled, and scroll."""
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
            self._scroll(moved.y(), moved.x())
            return True
        # Qt tells of a finger as of a mouse too: a touch puts the caret there, but a drag selects nothing.
        return (
            event.type() is QEvent.Type.MouseMove
            and isinstance(event, QMouseEvent)
            and event.device().type() is QInputDevice.DeviceType.TouchScreen
        )
