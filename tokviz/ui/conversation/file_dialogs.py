"""The dialogs in which files of conversations are chosen."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from tokviz.language import _
from tokviz.ui.common.file_dialogs import CHAT_TEMPLATES, CONVERSATIONS, REQUESTS, ask_file, ask_folder
from tokviz.ui.common.settings import Settings


class FileDialogs:
    """Each gives what the user chose; None if that is nothing."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self._window, self._settings = window, settings

    def conversation(self) -> Path | None:
        """A file to open."""
        if path := ask_file(self._window, self._settings, _("Open a Conversation"), CONVERSATIONS):
            self._settings.add_recent(path)
        return path

    def folder(self) -> Path | None:
        """A folder of sessions."""
        return ask_folder(self._window, self._settings, _("Folder of Sessions"))

    def earlier(self) -> Path | None:
        """A request to compare with."""
        return ask_file(self._window, self._settings, _("Compare with an Earlier Request"), REQUESTS)

    def template(self) -> Path | None:
        """A chat template."""
        return ask_file(self._window, self._settings, _("Chat Template"), CHAT_TEMPLATES)
