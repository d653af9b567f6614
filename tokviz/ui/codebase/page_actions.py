"""The codebase page's menu entries."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from tokviz.language import _
from tokviz.ui.codebase.lower_pane import Lower
from tokviz.ui.common.actions import action, separator

Slot = Callable[[], object]


class PageActions(QObject):
    """Calls for what the user picks; which entries are of use, ``update_state`` says."""

    def __init__(
        self,
        parent: QObject,
        *,
        rescan: Slot,
        undo: Slot,
        redo: Slot,
        find: Slot,
        toggle: Slot,
        include_all: Slot,
        show_part: Callable[[Lower], object],
        only_changed: Slot,
        history: Slot,
        ask: Slot,
    ) -> None:
        super().__init__(parent)

        def part(text: str, lower: Lower, keys: str) -> QAction:
            return action(self, text, lambda: show_part(lower), keys)

        self.rescan = action(
            self, _("&Rescan"), rescan, "F5", _("Look again; only what changed is read again")
        )
        self.undo = action(self, _("&Undo"), undo, QKeySequence.StandardKey.Undo)
        self.redo = action(self, _("&Redo"), redo, QKeySequence.StandardKey.Redo)
        self.find = action(self, _("&Filter"), find, QKeySequence.StandardKey.Find)
        self.toggle = action(self, _("Take &Out or In"), toggle, "Ctrl+Space")
        self.all = action(self, _("Take Everything &In"), include_all)
        tip = _("Take everything out but what changed in the git repository")
        self.only_changed = action(self, _("Only What C&hanged…"), only_changed, tip=tip)
        tip = _("The folder's tokens at its last commits or tags")
        self.history = action(self, _("&History…"), history, tip=tip)
        tip = _("Write a request that has the files as they are packed, and put a question beside them")
        self.ask = action(self, _("&Ask About This Codebase…"), ask, tip=tip)
        self.buttons = (self.rescan, "refresh-cw"), (self.ask, "message-square")
        """What the row of controls has a button for, and its icon."""
        self.parts = [
            part(_("Tr&eemap"), Lower.TREEMAP, "Ctrl+Shift+T"),
            part(_("By T&ype"), Lower.TYPES, "Ctrl+Shift+Y"),
            part(_("&Left Out"), Lower.LEFT_OUT, "Ctrl+Shift+L"),
            part(_("&Make It Fit"), Lower.FIT, "Ctrl+Shift+M"),
        ]
        """In the order of ``Lower``."""
        self.update_state(opened=False, can_undo=False, can_redo=False, all_in=True)

    def update_state(self, *, opened: bool, can_undo: bool, can_redo: bool, all_in: bool) -> None:
        """Enable what can be done now."""
        whole = (self.rescan, self.find, self.toggle, self.only_changed, self.history, self.ask)
        for entry in (*whole, *self.parts):
            entry.setEnabled(opened)
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)
        self.all.setEnabled(opened and not all_in)

    def entries(self, menu: str) -> list[QAction]:
        """The entries for one menu of the window."""
        match menu:
            case "edit":
                lines = [self.undo, self.redo, separator(self), self.toggle, self.all, self.only_changed]
                return [*lines, separator(self), self.find]
            case "view":
                return [self.rescan, separator(self), *self.parts[:-1], separator(self)]
            case "tools":
                return [*self.parts[-1:], self.history, self.ask]
        return []
