"""The compare page's commands: from difference to difference, what the panes show, and the menus."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from tokviz.ui.common.actions import DISPLAY_TOGGLES, action, separator, toggle
from tokviz.ui.common.settings import Settings
from tokviz.ui.compare.panes import Panes


class CompareActions:
    """Builds the entries once; they work on the panes."""

    def __init__(self, panes: Panes, settings: Settings, parent: QWidget) -> None:
        self._panes = panes
        self._settings = settings
        self._parent = parent
        self.going = self._make_going()
        """To the previous and to the next difference."""
        self.toggles = self._make_toggles()
        """What the panes show."""

    def _make_going(self) -> list[QAction]:
        previous = action(
            self._parent,
            "&Previous Difference",
            self._panes.previous_difference,
            "Shift+F8",
            "Previous difference",
        )
        following = action(
            self._parent, "&Next Difference", self._panes.next_difference, "F8", "Next difference"
        )
        previous.setIconText("▲")
        following.setIconText("▼")
        return [previous, following]

    def _make_toggles(self) -> list[QAction]:
        return [
            toggle(
                self._parent,
                text,
                self._settings,
                f"compare/{field}",
                self._setter(field),
                default,
                keys,
                tip,
            )
            for text, field, tip, keys, default in DISPLAY_TOGGLES
        ]

    def _setter(self, field: str) -> Callable[[bool], object]:
        def apply(on: bool) -> None:
            change: dict[str, Any] = {field: on}
            self._panes.set_options(replace(self._panes.options, **change))

        return apply

    def menus(self, file: Sequence[QAction], exports: Sequence[QAction]) -> dict[str, list[QAction]]:
        """The entries by menu; ``file`` and ``exports`` go into the File menu."""
        key = QKeySequence.StandardKey

        def command(text: str, name: str, keys: QKeySequence.StandardKey | str) -> QAction:
            # The views take these keys themselves; the entries are there to be found and clicked.
            made = action(self._parent, text, lambda: self._panes.active.commands.run(name), keys)
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            return made

        return {
            "file": [*file, separator(self._parent), *exports],
            "edit": [
                command("&Undo", "undo", key.Undo),
                command("&Redo", "redo", key.Redo),
                separator(self._parent),
                command("Cu&t", "cut", key.Cut),
                command("&Copy", "copy", key.Copy),
                command("&Paste", "paste", key.Paste),
                separator(self._parent),
                command("Select &All", "select_all", key.SelectAll),
            ],
            "view": [
                *self.toggles,
                separator(self._parent),
                command("Zoom &In", "zoom_in", key.ZoomIn),
                command("Zoom &Out", "zoom_out", key.ZoomOut),
                command("&Normal Size", "zoom_reset", "Ctrl+0"),
            ],
            "tools": self.going,
        }
