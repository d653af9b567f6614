"""The pages, one in front; scrolled where the window is too low for it, as with very large letters."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget


class PageArea(QScrollArea):
    """Asks for as much height as the page in front needs, up to what the lowest window has for it."""

    needed_changed = Signal()
    """The page in front needs more height now, or less."""

    def __init__(self, room: Callable[[], int]) -> None:
        """``room``: pixels of height that the lowest window has for a page."""
        super().__init__()
        self._room = room
        self._stack = _Stack()
        self._last_needed = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        # One of our own: to hand out Qt's, PySide would look through all classes of widgets for its type, and
        # load them, which took a tenth of the time to the first frame.
        self.setViewport(QWidget())
        self.setWidget(self._stack)
        self._stack.setAutoFillBackground(False)

    def add_page(self, page: QWidget) -> None:
        """Add a page behind the others."""
        self._stack.addWidget(page)

    def show_page(self, index: int) -> None:
        """Bring a page to the front, from its top."""
        self._stack.setCurrentIndex(index)
        self._stack.updateGeometry()
        self.updateGeometry()
        self.verticalScrollBar().setValue(0)

    def needed(self) -> int:
        """Pixels of height with which nothing is scrolled."""
        return self._stack.minimumSizeHint().height()

    def minimumSizeHint(self) -> QSize:
        least = self._stack.minimumSizeHint()
        room = self._room()
        if least.height() <= room:
            return least
        return QSize(least.width() + self.verticalScrollBar().sizeHint().width(), max(1, room))

    def sizeHint(self) -> QSize:
        return self._stack.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._stack and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # which Qt's own does not do: it asks for the same, whatever is in it
            if self.needed() != self._last_needed:
                self._last_needed = self.needed()
                self.needed_changed.emit()
        return super().eventFilter(watched, event)


class _Stack(QStackedWidget):
    """Needs the room of the page in front, not that of the widest."""

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page else super().minimumSizeHint()

    def heightForWidth(self, width: int) -> int:
        """Qt's own is what the highest of all pages would like."""
        return self.minimumSizeHint().height()
