"""The compare page's commands: from difference to difference, what the panes show, and the menus."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from tokviz.language import _
from tokviz.ui.common.actions import (
    ViewCommands,
    action,
    display_toggles,
    edit_entries,
    separator,
    zoom_entries,
)
from tokviz.ui.common.icons import Tint, icon
from tokviz.ui.common.settings import Settings
from tokviz.ui.compare.panes import Panes


class CompareActions:
    """Builds the entries once; they work on the panes."""

    def __init__(self, panes: Panes, settings: Settings, parent: QWidget) -> None:
        self._panes = panes
        self._parent = parent
        self.going = self._make_going()
        """To the previous and to the next difference."""
        self.toggles = display_toggles(parent, settings, "compare", self._set_option)
        """What the panes show."""

    def _make_going(self) -> list[QAction]:
        previous = action(
            self._parent,
            _("Pre&vious Difference"),
            self._panes.previous_difference,
            "Shift+F8",
            _("Previous difference"),
        )
        following = action(
            self._parent, _("&Next Difference"), self._panes.next_difference, "F8", _("Next difference")
        )
        previous.setIcon(icon("arrow-up", Tint.ALONE))
        following.setIcon(icon("arrow-down", Tint.ALONE))
        return [previous, following]

    def _set_option(self, field: str, on: bool) -> None:
        change: dict[str, Any] = {field: on}
        self._panes.set_options(replace(self._panes.options, **change))

    def _commands(self) -> ViewCommands | None:
        view = self._panes.active
        return view.commands if view else None

    def menus(self, file: Sequence[QAction], exports: Sequence[QAction]) -> dict[str, list[QAction]]:
        """The entries by menu; ``file`` and ``exports`` go into the File menu."""
        return {
            "file": [*file, separator(self._parent), *exports],
            "edit": edit_entries(self._parent, self._commands),
            "view": [*self.toggles, *zoom_entries(self._parent, self._commands)],
            "tools": self.going,
        }
