"""Dressing hidden widgets in other colours bit by bit, after those that can be seen."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_AT_ONCE = 60
"""Widgets polished in one step: about 4 ms."""
_POLISHED = Qt.WidgetAttribute.WA_WState_Polished


class LatePolish(QObject):
    """Qt polishes every widget that ever was shown when the application's style sheet changes: of a thousand,
    ninety can be seen. ``hold_back`` takes the others out of that, ``catch_up`` polishes them when there is
    time."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._left: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)

    def hold_back(self) -> None:
        """Have Qt leave out what is hidden when it polishes next."""
        self._timer.stop()
        for widget in self._left:  # of the time before: polished once, for what comes now
            if isValid(widget):
                widget.setAttribute(_POLISHED)
        self._left = [
            widget
            for widget in self._application.allWidgets()
            if not widget.isVisible() and widget.testAttribute(_POLISHED)
        ]
        for widget in self._left:
            widget.setAttribute(_POLISHED, False)

    def catch_up(self) -> None:
        """Polish what was held back, what is in sight by now first."""
        self._timer.start(0)

    def finish(self) -> None:
        """Polish the rest at once."""
        self._timer.stop()
        self._polish(self._left)
        self._left = []

    def _step(self) -> None:
        self._left.sort(key=lambda widget: isValid(widget) and widget.isVisible())
        now, self._left = self._left[-_AT_ONCE:], self._left[:-_AT_ONCE]
        self._polish(now)
        if not self._left:
            self._timer.stop()

    def _polish(self, widgets: Sequence[QWidget]) -> None:
        for widget in widgets:
            if isValid(widget):
                widget.style().polish(widget)
                widget.setAttribute(_POLISHED)
                widget.update()
