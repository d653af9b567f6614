"""A menu in which several entries can be ticked one after the other."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu


class StayingMenu(QMenu):
    """Stays open while entries that can be ticked are clicked, or toggled by Space. Enter toggles and closes,
    and what is one of a group is chosen once, as in any menu."""

    _pressed = False
    """Whether the mouse was pressed in the menu, and not on what opened it."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = True
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        entry, pressed = self.actionAt(event.position().toPoint()), self._pressed
        self._pressed = False
        if pressed and entry is not None and _is_one_of_several(entry):
            entry.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.activeAction()
        if event.key() == Qt.Key.Key_Space and entry is not None and _is_one_of_several(entry):
            entry.trigger()
        else:
            super().keyPressEvent(event)


def _is_one_of_several(entry: QAction) -> bool:
    group = entry.actionGroup()
    return entry.isCheckable() and entry.isEnabled() and (group is None or not group.isExclusive())
