"""Where what the user opens goes: one file to the text page, folders and sets to the codebase page."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from tokviz.ui.common.page import Page
from tokviz.ui.common.settings import Settings
from tokviz.ui.shell.main_window import MainWindow


class Opening(QObject):
    """Opens paths from dialogs, drops, the command line and the list of recent ones, all in one way."""

    def __init__(
        self,
        window: MainWindow,
        text: tuple[Page, Callable[[Path], object]],
        codebase: tuple[Page, Callable[[Sequence[Path]], object]],
        settings: Settings,
    ) -> None:
        """``text`` and ``codebase``: a page, and how it opens one file, or folders and sets of files."""
        super().__init__(window)
        self._window = window
        self._text, self._open_file = text
        self._codebase, self._open_tree = codebase
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
        self._settings.set_paths("folder", [found[0] if found[0].is_dir() else found[0].parent])
        if len(found) == 1 and not found[0].is_dir():
            self._window.show_page(self._text)
            self._open_file(found[0])
        else:
            self._window.show_page(self._codebase)
            self._open_tree(found)
