"""Making menu entries."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from tokviz.ui.common.settings import Settings

DISPLAY_TOGGLES = (
    ("Token &Colours", "colors", "Token colours", "Ctrl+Shift+C", True),
    ("&Boundary Marks", "boundaries", "A mark at every token boundary", "Ctrl+Shift+B", True),
    ("&White Space", "whitespace", "White space: · a blank, → a tab, ↵ a break", "Ctrl+Shift+W", False),
    ("W&rap Lines", "wrap", "Wrap long lines", "Alt+Z", True),
    ("&Line Numbers", "line_numbers", "Line numbers", "Ctrl+Shift+L", False),
)
"""Text, field of DisplayOptions, tip, keys and default of each toggle, on the text and compare pages."""


def action(
    parent: QObject,
    text: str,
    slot: Callable[[], object] | None = None,
    keys: QKeySequence | QKeySequence.StandardKey | str | None = None,
    tip: str = "",
) -> QAction:
    """A menu entry; ``keys`` is a standard key or a text such as ``Ctrl+Shift+O``."""
    made = QAction(text, parent)
    if keys is not None:
        made.setShortcut(keys)
    if tip:
        made.setStatusTip(tip)
        made.setToolTip(tip)
    if slot:
        made.triggered.connect(lambda: slot())
    return made


def separator(parent: QObject) -> QAction:
    """A line between menu entries."""
    made = QAction(parent)
    made.setSeparator(True)
    return made


def toggle(
    parent: QObject,
    text: str,
    settings: Settings,
    key: str,
    slot: Callable[[bool], object],
    default: bool = False,
    keys: str = "",
    tip: str = "",
) -> QAction:
    """A checkable entry that is remembered under ``key``; ``slot`` is called now and at every change."""
    made = action(parent, text, None, keys or None, tip)
    made.setCheckable(True)
    made.setChecked(settings.flag(key, default))
    made.toggled.connect(lambda on: settings.set(key, on))
    made.toggled.connect(slot)
    slot(made.isChecked())
    return made
