"""The menu of the right mouse button."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from tokviz.ui.editor.painting.token_finding import FoundToken

if TYPE_CHECKING:
    from tokviz.ui.editor.token_view import TokenView

_KEYS = QKeySequence.StandardKey
_ENTRIES = (
    ("&Undo", "undo", _KEYS.Undo),
    ("&Redo", "redo", _KEYS.Redo),
    None,
    ("Cu&t", "cut", _KEYS.Cut),
    ("&Copy", "copy", _KEYS.Copy),
    ("&Paste", "paste", _KEYS.Paste),
    ("&Delete", "delete", _KEYS.Delete),
    None,
    ("Select &All", "select_all", _KEYS.SelectAll),
)


def context_menu(view: "TokenView", token: FoundToken | None) -> QMenu:
    """A menu of what can be done with the text, the selection and the token pointed at now."""
    editor, history = view.editor, view.history
    clipboard = QGuiApplication.clipboard().mimeData()
    enabled = {
        "undo": history.can_undo and not editor.read_only,
        "redo": history.can_redo and not editor.read_only,
        "cut": editor.has_selection and not editor.read_only,
        "copy": editor.has_selection,
        "paste": clipboard is not None and clipboard.hasText() and not editor.read_only,
        "delete": editor.has_selection and not editor.read_only,
        "select_all": len(view.buffer) > 0,
    }
    menu = QMenu(view)
    for entry in _ENTRIES:
        if entry is None:
            menu.addSeparator()
            continue
        text, name, key = entry
        action = menu.addAction(text)
        action.setShortcut(QKeySequence(key))
        action.setEnabled(enabled[name])
        action.triggered.connect(partial(view.commands.run, name))
    if view.menu_additions is not None:
        menu.addSeparator()
        view.menu_additions(menu, token)
    return menu
