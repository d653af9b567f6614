"""Whether the caret is to be seen just now."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication


class Blinking(QObject):
    """Turns the caret on and off at the pace the desktop is set to; one that moves stays on."""

    turned = Signal()
    """The caret is on now, or off."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = True
        self._moved = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        """Begin, with the caret on."""
        self.on = True
        flash = QGuiApplication.styleHints().cursorFlashTime()
        if flash > 0:
            self._timer.start(flash // 2)
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Blink no more."""
        self._timer.stop()

    def moved(self) -> None:
        """The caret moved: it is on, for a whole turn. (The timer runs on, as starting it anew at each key
        would cost more than the rest.)"""
        self.on = self._moved = True

    def _turn(self) -> None:
        self.on = self._moved or not self.on
        self._moved = False
        self.turned.emit()
