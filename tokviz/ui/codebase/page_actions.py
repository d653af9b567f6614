"""The codebase page's menu entries."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from tokviz.ui.codebase.lower_pane import Lower
from tokviz.ui.common.actions import action, separator


class PageActions(QObject):
    """Asks for what the user picks; which entries are of use, ``update_state`` says."""

    rescan_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    find_wanted = Signal()
    toggle_wanted = Signal()
    all_wanted = Signal()
    """Include everything again."""
    part_wanted = Signal(object)
    """Show a part (Lower) below the tree."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rescan = action(
            self, "&Rescan", self.rescan_wanted.emit, "F5", "Look again; only what changed is read again"
        )
        self.undo = action(self, "&Undo", self.undo_wanted.emit, QKeySequence.StandardKey.Undo)
        self.redo = action(self, "&Redo", self.redo_wanted.emit, QKeySequence.StandardKey.Redo)
        self.find = action(self, "&Filter", self.find_wanted.emit, QKeySequence.StandardKey.Find)
        self.toggle = action(self, "Take &Out or In", self.toggle_wanted.emit, "Ctrl+Space")
        self.all = action(self, "Take Everything &In", self.all_wanted.emit)
        self.map = self._part("&Treemap", Lower.TREEMAP, "Ctrl+Shift+T")
        self.types = self._part("By T&ype", Lower.TYPES, "Ctrl+Shift+Y")
        self.left_out = self._part("&Left Out", Lower.LEFT_OUT, "Ctrl+Shift+L")
        self.fit = self._part("&Make It Fit", Lower.FIT, "Ctrl+Shift+M")
        self.update_state(opened=False, can_undo=False, can_redo=False, all_in=True)

    def update_state(self, *, opened: bool, can_undo: bool, can_redo: bool, all_in: bool) -> None:
        """Enable what can be done now."""
        for entry in (
            self.rescan,
            self.find,
            self.toggle,
            self.map,
            self.types,
            self.left_out,
            self.fit,
        ):
            entry.setEnabled(opened)
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)
        self.all.setEnabled(opened and not all_in)

    def entries(self, menu: str) -> list[QAction]:
        """The entries for one menu of the window."""
        match menu:
            case "edit":
                lines = [self.undo, self.redo, separator(self), self.toggle, self.all]
                return [*lines, separator(self), self.find]
            case "view":
                return [self.rescan, separator(self), self.map, self.types, self.left_out, separator(self)]
            case "tools":
                return [self.fit]
        return []

    def _part(self, text: str, part: Lower, keys: str) -> QAction:
        return action(self, text, lambda: self.part_wanted.emit(part), keys)
