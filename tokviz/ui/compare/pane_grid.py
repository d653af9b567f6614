"""Lays panes out so that all have exactly the same size: their texts then wrap alike."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_GAP = 8
_LEAST_WIDTH = 230
"""Pixels a pane needs beside another; where there are fewer, panes stand in two rows."""


class PaneGrid(QWidget):
    """Two to four widgets side by side, or in two rows where that would make them too narrow.

    A layout of Qt's would give the pixels left over by the division to some of them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes: Sequence[QWidget] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_panes(self, panes: Sequence[QWidget]) -> None:
        """Show these, in this order; each must be a child of the grid or becomes one."""
        for pane in self._panes:
            if pane not in panes:
                pane.hide()
        self._panes = tuple(panes)
        for pane in panes:
            pane.setParent(self)
            pane.show()
        self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * 160 + _GAP, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        count = len(self._panes)
        if not count:
            return
        rows = 1 if self.width() >= count * _LEAST_WIDTH + (count - 1) * _GAP or count < 3 else 2
        columns = -(-count // rows)
        width = (self.width() - (columns - 1) * _GAP) // columns
        height = (self.height() - (rows - 1) * _GAP) // rows
        for number, pane in enumerate(self._panes):
            row, column = divmod(number, columns)
            pane.setGeometry(QRect(column * (width + _GAP), row * (height + _GAP), width, height))
