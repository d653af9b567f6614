"""What the Help menu shows."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from tokviz.assets import Assets
from tokviz.ui.common.dialogs import AboutDialog, ShortcutsDialog
from tokviz.ui.common.failures import FailureLog

_KEYS_IN_NO_MENU = (
    ("Move to the next or previous part of the window", "Tab, Shift+Tab"),
    ("Leave the text, where Tab types", "Ctrl+Tab, Ctrl+Shift+Tab"),
    ("Go from token to token in the text", "Alt+Left, Alt+Right"),
    ("Scroll by a line; the caret stays", "Ctrl+Up, Ctrl+Down"),
    ("Type over what follows, or insert again", "Insert"),
    ("Delete the line", "Ctrl+Shift+K"),
    ("Open the menu of the token at the caret", "Menu, Shift+F10"),
    ("Make the current model a favourite", "Ctrl+D"),
    ("Cancel long work", "Esc"),
)


class Help(QObject):
    """Opens the shortcuts and the about window."""

    def __init__(self, window: QMainWindow, assets: Assets, log: FailureLog) -> None:
        super().__init__(window)
        self._window = window
        self._assets = assets
        self._log = log

    def show_shortcuts(self) -> None:
        """List every menu entry that has a key, and the keys that are in no menu."""
        entries = [
            entry
            for menu in self._window.menuBar().actions()
            for entry in _inside(menu)
            if not entry.shortcut().isEmpty()
        ]
        ShortcutsDialog(entries, _KEYS_IN_NO_MENU, self._window).exec()

    def show_about(self) -> None:
        """Say what tokviz is and whose data is in it."""
        notice = self._assets.path("NOTICE")
        text = notice.read_text("utf-8") if notice.is_file() else "The NOTICE file is missing."
        AboutDialog(text, str(self._log.path), self._window).exec()


def _inside(entry: QAction) -> list[QAction]:
    menu = entry.menu()
    # PySide6's stubs say object; it is a QMenu, or None for a plain entry.
    if not isinstance(menu, QMenu):
        return [entry]
    return [found for inner in menu.actions() for found in _inside(inner)]
