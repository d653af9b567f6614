"""Where what the user opens goes: one file to the text page, or to the conversation page if it is one;
folders and sets to the codebase page."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from tokviz import system_errors
from tokviz.conversations.archives import is_archive
from tokviz.conversations.source import AIDER_BEGINS
from tokviz.conversations.unpacking import is_gzip, utf16_of
from tokviz.documents.own_process import start_program
from tokviz.documents.reading import exists, is_folder, open_regular
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.ui.common.file_dialogs import ALL, CONVERSATIONS, TEXT, ask_files, ask_folder, documents
from tokviz.ui.common.page import Page
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.shell.main_window import MainWindow
from tokviz.worker.conversation_jobs import HEAD, RecognizeConversation

_BEGINNINGS = (b"{", b"[", b"SQLite format 3")
"""How a file begins that may be a conversation."""
_PIPED = _("Standard input")
_LOOK = 64
"""Bytes that are looked at here; all else is looked at by the worker."""


class Opening(QObject):
    """Opens paths from dialogs, drops, the command line and the list of recent ones, all in one way."""

    def __init__(
        self,
        window: MainWindow,
        text: tuple[Page, Callable[[Path], object]],
        codebase: tuple[Page, Callable[[Sequence[Path]], object]],
        conversation: tuple[
            Page, Callable[[Path], object], Callable[[Path], object], Callable[[bytes], object]
        ],
        worker: Worker,
        settings: Settings,
        shows_text: Page | None = None,
    ) -> None:
        """``text`` and ``codebase``: a page, and how it opens one file, or folders and sets of files;
        ``conversation``: a page, and how it opens a file, a folder of sessions, and piped bytes;
        ``shows_text``: another page with the text of the text page, which stays if it is in front."""
        super().__init__(window)
        self._window = window
        self._text, self._open_file = text
        self._shows_text = shows_text
        self._codebase, self._open_tree = codebase
        self._conversation, self._open_conversation, self._open_sessions, self._open_data = conversation
        self._worker = worker
        self._looking: int | None = None
        self._settings = settings
        self._windows: list[subprocess.Popen[bytes]] = []
        """Those opened from this one."""
        window.paths_dropped.connect(self.open_paths)

    def open_window(self) -> None:
        """Open another window. It is a process of its own: what happens to one cannot happen to the other,
        and what it held is free when it closes."""
        try:
            self._windows = [one for one in self._windows if one.poll() is None]
            self._windows.append(start_program("--new-window"))
        except OSError as error:
            self._window.banner.show_problem(
                _("Another window cannot be opened: {why}.", why=system_errors.words(error))
            )

    def ask_for_files(self) -> None:
        """Open what the user picks in a file dialog."""
        self.open_paths(
            ask_files(self._window, self._settings, _("Open"), ALL, TEXT, documents(), CONVERSATIONS)
        )

    def ask_for_folder(self) -> None:
        """Open the folder the user picks in a dialog."""
        folder = ask_folder(self._window, self._settings, _("Open Folder"))
        self.open_paths([folder] if folder else [])

    def open_names(self, names: Sequence[str]) -> None:
        """Open each path that is named."""
        self.open_paths([Path(name) for name in names])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open each path that exists; one sentence names those that do not."""
        found = [path.absolute() for path in paths if exists(path)]
        missing = [str(path) for path in paths if not exists(path)]
        self._window.banner.over(self)
        if missing:
            self._window.banner.show_problem(
                ngettext(
                    "{missing} does not exist (any more); check the path.",
                    "{missing} do not exist (any more); check the path.",
                    len(missing),
                    missing=listed(missing),
                ),
                self,
            )
        if not found:
            return
        for path in reversed(found):
            self._settings.add_recent(path)
        self._settings.set_paths("folder", [found[0] if is_folder(found[0]) else found[0].parent])
        self._worker.cancel(self._looking)
        if len(found) == 1 and not is_folder(found[0]):
            self._open_one(found[0])
        elif len(found) == 1 and self._window.page is self._conversation:
            self._open_sessions(found[0])
        else:
            self._window.show_page(self._codebase)
            self._open_tree(found)

    def open_piped(self, data: bytes, show_text: Callable[[bytes, str], None]) -> None:
        """Show what came through a pipe: a conversation on its page, all else as text."""
        if not _begins_like_one(data[:_LOOK]):
            show_text(data, _PIPED)
            return

        def show(is_conversation: bool) -> None:
            if is_conversation:
                self._window.show_page(self._conversation)
                self._open_data(data)
            else:
                show_text(data, _PIPED)

        self._worker.submit(RecognizeConversation(None, data[:HEAD]), show, lambda _: show_text(data, _PIPED))

    def open_as_text(self, path: Path) -> None:
        """Show one file as text, whatever it holds."""
        if self._window.page is not self._shows_text:
            self._window.show_page(self._text)
        self._open_file(path)

    def _open_one(self, path: Path) -> None:
        """To the page that its contents belong to; the worker looks at what may be a conversation."""
        if not _may_be_conversation(path):
            self.open_as_text(path)
            return

        def show(is_conversation: bool) -> None:
            if is_conversation:
                self._window.show_page(self._conversation)
                self._open_conversation(path)
            else:
                self.open_as_text(path)

        self._looking = self._worker.submit(
            RecognizeConversation(path), show, lambda _: self.open_as_text(path)
        )


def _may_be_conversation(path: Path) -> bool:
    """By its first bytes. A file that cannot be read is told of by the page that opens it."""
    try:
        with open_regular(path) as file:
            head = file.read(_LOOK)
    except OSError:
        return False
    return _begins_like_one(head)


def _begins_like_one(head: bytes) -> bool:
    begun = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_BEGINNINGS)
    begun = begun or AIDER_BEGINS.search(head) is not None
    return begun or is_gzip(head) or is_archive(head) or utf16_of(head) is not None
