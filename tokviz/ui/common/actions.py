"""Making menu entries, so that those of all pages are alike."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from tokviz.language import _
from tokviz.ui.common.settings import Settings

_KEYS = QKeySequence.StandardKey
DISPLAY = (
    (_("Token &Colours"), "colors", _("Token colours"), "Ctrl+Shift+C", True),
    (_("&Boundary Marks"), "boundaries", _("A mark at every token boundary"), "Ctrl+Shift+B", True),
    (_("&White Space"), "whitespace", _("White space: · a blank, → a tab, ↵ a break"), "Ctrl+Shift+W", False),
    (_("W&rap Lines"), "wrap", _("Wrap long lines"), "Alt+Z", True),
    (_("&Line Numbers"), "line_numbers", _("Line numbers"), "Ctrl+Shift+L", False),
)
"""Text, field of DisplayOptions, tip, keys and default of what a token view shows."""


class ViewCommands(Protocol):
    """What a view can do, by name."""

    def can(self, name: str) -> bool: ...
    def run(self, name: str) -> object: ...


class AbleEntry(QAction):
    """A menu entry that does nothing now and then, and is not offered then."""

    def __init__(self, text: str, parent: QObject, is_able: Callable[[], bool]) -> None:
        super().__init__(text, parent)
        self._is_able = is_able

    def refresh(self) -> None:
        """To be called before the entry is seen."""
        self.setEnabled(self._is_able())


class ViewEntry(AbleEntry):
    """Does a command of the view which has the keys."""

    def __init__(
        self, text: str, find: Callable[[], ViewCommands | None], name: str, parent: QObject
    ) -> None:
        super().__init__(text, parent, self._can)
        self._find, self._name = find, name
        self.triggered.connect(self._run)

    def _can(self) -> bool:
        commands = self._find()
        return commands is not None and commands.can(self._name)

    def _run(self) -> None:
        if commands := self._find():
            commands.run(self._name)


def refresh(actions: Iterable[QAction]) -> None:
    """Enable what can be done now, before a menu or a list shows these entries."""
    for each in actions:
        if isinstance(each, AbleEntry):
            each.refresh()


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
    settings.follow(key, lambda: made.setChecked(settings.flag(key, default)), made)
    slot(made.isChecked())
    return made


def display_toggles(
    parent: QObject, settings: Settings, page: str, set_option: Callable[[str, bool], object]
) -> list[QAction]:
    """What token views show. ``page`` is where in the settings that is remembered; ``set_option`` gets the
    name of a field of DisplayOptions."""
    return [
        toggle(parent, text, settings, f"{page}/{field}", partial(set_option, field), default, keys, tip)
        for text, field, tip, keys, default in DISPLAY
    ]


def edit_entries(
    parent: QObject, find: Callable[[], ViewCommands | None], copying: Sequence[QAction] = ()
) -> list[QAction]:
    """The beginning of an Edit menu. ``find`` gives the commands of the view that has the keys, if there is
    one; ``copying``: further entries."""
    return [
        _command(parent, find, _("&Undo"), "undo", _KEYS.Undo),
        _command(parent, find, _("&Redo"), "redo", _KEYS.Redo),
        separator(parent),
        _command(parent, find, _("Cu&t"), "cut", _KEYS.Cut),
        _command(parent, find, _("&Copy"), "copy", _KEYS.Copy),
        _command(parent, find, _("&Paste"), "paste", _KEYS.Paste),
        *copying,
        separator(parent),
        _command(parent, find, _("Select &All"), "select_all", _KEYS.SelectAll),
    ]


def zoom_entries(parent: QObject, find: Callable[[], ViewCommands | None]) -> list[QAction]:
    """The end of a View menu; ``find``: as above."""
    return [
        separator(parent),
        _command(parent, find, _("Zoom &In"), "zoom_in", _KEYS.ZoomIn),
        _command(parent, find, _("Zoom &Out"), "zoom_out", _KEYS.ZoomOut),
        _command(parent, find, _("&Normal Size"), "zoom_reset", "Ctrl+0"),
    ]


def _command(
    parent: QObject,
    find: Callable[[], ViewCommands | None],
    text: str,
    name: str,
    keys: QKeySequence.StandardKey | str,
) -> QAction:
    # The view takes these keys itself; the entries are there to be found and clicked.
    made = ViewEntry(text, find, name, parent)
    made.setShortcut(keys)
    made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    return made
