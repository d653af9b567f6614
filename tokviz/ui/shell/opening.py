"""Where what the user opens goes: one file to the text page, folders and sets to the codebase page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from tokviz.ui.common.page import Page
from tokviz.ui.common.settings import Settings
from tokviz.ui.shell.main_window import MainWindow


class TextOpener(Protocol):
    """The page that opens one file."""

    def open_path(self, path: Path) -> None:
        """Show the file's text."""


class TreeOpener(Protocol):
    """The page that opens folders and sets of files."""

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Count everything under ``paths``."""


class Opening(QObject):
    """Opens paths from dialogs, drops, the command line and the list of recent ones, all in one way."""

    def __init__(
        self,
        window: MainWindow,
        text: tuple[Page, TextOpener],
        codebase: tuple[Page, TreeOpener],
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._text_page, self._text = text
        self._tree_page, self._tree = codebase
        self._settings = settings
        window.paths_dropped.connect(self.open_paths)

    def ask_for_files(self) -> None:
        """Open what the user picks in a file dialog."""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open", str(self._settings.folder))
        self.open_names(names)

    def ask_for_folder(self) -> None:
        """Open the folder the user picks in a dialog."""
        name = QFileDialog.getExistingDirectory(self._window, "Open Folder", str(self._settings.folder))
        self.open_paths([Path(name)] if name else [])

    def open_names(self, names: Sequence[str]) -> None:
        """Open each path that is named."""
        self.open_paths([Path(name) for name in names])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open each path that exists; one sentence names those that do not."""
        found = [path.absolute() for path in paths if path.exists()]
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            verb = "does" if len(missing) == 1 else "do"
            self._window.banner.show_problem(
                f"{', '.join(missing)} {verb} not exist (any more); check the path."
            )
        if not found:
            return
        for path in reversed(found):
            self._settings.add_recent(path)
        self._settings.set("folder", str(found[0] if found[0].is_dir() else found[0].parent))
        if len(found) == 1 and not found[0].is_dir():
            self._window.show_page(self._text_page)
            self._text.open_path(found[0])
        else:
            self._window.show_page(self._tree_page)
            self._tree.open_paths(found)
