"""The dialogs in which files of conversations are chosen."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from tokviz.ui.common.settings import Settings

_TEMPLATES = "Templates (*.json *.jinja);;All files (*)"


class FileDialogs:
    """Each gives what the user chose; None if that is nothing."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self._window, self._settings = window, settings

    def conversation(self) -> Path | None:
        """A file to open."""
        if path := self._file("Open a Conversation"):
            self._settings.add_recent(path)
        return path

    def folder(self) -> Path | None:
        """A folder of sessions."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Folder of Sessions", str(self._settings.folder)
        )
        return Path(name) if name else None

    def earlier(self) -> Path | None:
        """A request to compare with."""
        return self._file("Compare with an Earlier Request")

    def template(self) -> Path | None:
        """A chat template."""
        return self._file("Chat Template", _TEMPLATES)

    def _file(self, title: str, filters: str = "") -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self._window, title, str(self._settings.folder), filters)
        return Path(name) if name else None
