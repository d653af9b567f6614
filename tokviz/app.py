"""The way into the window: shows its first frame at once, then builds what is in it.

What the first frame does not need is imported where it is used.
"""

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QStandardPaths, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from tokviz import DESKTOP_ID, system_errors
from tokviz.assets import Assets
from tokviz.catalog.folders import counts_folder
from tokviz.documents.private_files import private_file, private_folder
from tokviz.language import _
from tokviz.second_start import Start, address
from tokviz.ui.common.appearance import Appearance
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.common.garbage import GarbageCollector
from tokviz.ui.common.interruption import Interruption
from tokviz.ui.common.placement import step_aside
from tokviz.ui.common.settings import SAME_WINDOW, SECOND_START, Settings
from tokviz.ui.common.speech import prefer_fonts, set_up_language
from tokviz.ui.common.theme import Themes
from tokviz.ui.shell.main_window import MainWindow
from tokviz.ui.shell.reopening import OpenThings, start_again, things_to_open
from tokviz.ui.shell.second_starts import SecondStarts, come_forward

if TYPE_CHECKING:
    from tokviz.composition import Application
    from tokviz.documents.encodings import Encoding

_SIGNALLED = 128
_UNSEEN = 1000
"""Milliseconds after which a window that nobody paints (covered, minimized) is filled all the same."""
_SOON = 50
"""Milliseconds after which it is looked again whether the window is filled."""


class Program:
    """The window, empty at first, and the objects in it once ``fill`` was called."""

    def __init__(self, qt: QApplication, assets: Assets, store: QSettings, log: FailureLog) -> None:
        self._assets = assets
        self._log = log
        self.settings = Settings(store)
        self.appearance = Appearance(qt, Themes(assets), self.settings)
        self.window = MainWindow(self.settings)
        self.window.foreshadow()
        self._application: Application | None = None

    def listen(self, place: Path | None) -> SecondStarts | None:
        """Show from now on what later starts are given, if the user wants that."""
        if place is None:
            return None
        starts = SecondStarts(place, self._takes_starts, self.window)
        starts.asked.connect(self.take)
        return starts

    def _takes_starts(self) -> bool:
        # While a dialog asks something, its text must stay in front, and the window may be about to close.
        wanted = self.settings.text(SECOND_START, SAME_WINDOW) == SAME_WINDOW
        return wanted and QApplication.activeModalWidget() is None

    def take(self, start: Start) -> None:
        """Show what a later start was given, once this one has shown its own."""
        if self._application is None:
            QTimer.singleShot(_SOON, self.window, lambda: self.take(start))
            return
        come_forward(self.window, start.activation)
        if start.encoding:
            from tokviz.documents.encodings import find_encoding

            self.choose_encoding(start.paths, find_encoding(start.encoding))
        if start.paths or start.text is not None:
            self._application.open([Path(path) for path in start.paths], start.text, restore=False)

    @property
    def to_reopen(self) -> OpenThings | None:
        """What is to be opened again in another process; None: the window was closed for good."""
        return self._application.to_reopen if self._application else None

    def show(
        self,
        paths: Sequence[Path],
        piped: bytes | None,
        is_first: bool = True,
        again: OpenThings | None = None,
    ) -> None:
        """Show the window, and fill it after its first frame (or soon, should nobody want to see one). One
        that is not the first lies beside the one that is open, and takes up no unsaved texts, unless it is
        opened ``again``."""
        if not is_first:
            step_aside(self.window)
        arguments = (paths, piped, is_first or again is not None, again)
        self.window.painted.connect(lambda: self.fill(*arguments))
        QTimer.singleShot(_UNSEEN, self.window, lambda: self.fill(*arguments))
        self.window.show()

    def choose_encoding(self, paths: Sequence[str], encoding: "Encoding") -> None:
        """Read files in this encoding, and of folders what is not UTF-8, from now on."""
        from tokviz.ui.common.chosen_encodings import ChosenEncodings

        chosen = ChosenEncodings(self.settings)
        for path in reversed(paths):
            chosen.set(Path(path).absolute(), encoding)

    def end(self, number: int) -> None:
        """End at a signal of this number, as a shell expects it: with 128 more as exit code."""
        if self._application is not None:
            self._application.end()
        QApplication.exit(_SIGNALLED + number)

    def fill(
        self,
        paths: Sequence[Path] = (),
        piped: bytes | None = None,
        restore: bool = True,
        again: OpenThings | None = None,
    ) -> "Application":
        """Build the pages, once, and open ``paths`` or the ``piped`` text (UTF-8); if there are none, the
        unsaved texts that a window which is gone has left, if they are to be restored; and what was open
        ``again``."""
        if self._application is None:
            # Imported here: the first frame needs none of it, and it takes longer than all before. The worker
            # comes first, for its process starts and loads beside the rest.
            from tokviz.ui.common.worker_client import Worker

            GarbageCollector(self.window)  # before there is another thread that could collect
            counts = counts_folder(os.environ, sys.platform, Path.home())
            worker = Worker(counts=counts)
            from tokviz.composition import Application

            self._application = Application(
                self.window, worker, self.appearance, self.settings, self._assets, self._log
            )
            # What is built stays: the collector of garbage need not look through it again and again.
            gc.freeze()
            self._application.open(paths, piped, restore=restore, again=again)
        return self._application


def main(paths: Sequence[str], piped: bytes | None = None, encoding: "Encoding | None" = None) -> int:
    """Open the window on ``paths`` or the ``piped`` text (UTF-8) and run until it is closed. ``encoding`` is
    chosen for the paths, as File ▸ Reopen with Encoding does. Later starts are handed to this window."""
    prefer_fonts(os.environ)
    # Not the path of the program: one that is not UTF-8 crashes PySide.
    qt = QApplication(["tokviz"])
    again = things_to_open(os.environ)
    qt.setApplicationName("tokviz")
    qt.setDesktopFileName(DESKTOP_ID)
    set_up_language(qt)
    location = QStandardPaths.StandardLocation.AppLocalDataLocation
    log = FailureLog(Path(QStandardPaths.writableLocation(location)))
    log.install()
    assets = Assets()
    qt.setWindowIcon(QIcon(str(assets.path("icons", "tokviz.svg"))))
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "tokviz", "tokviz")
    with contextlib.suppress(OSError):  # what cannot be written is told when it is to be
        private_folder(Path(store.fileName()).parent)
        private_file(Path(store.fileName()))
    program = Program(qt, assets, store, log)
    interruption = Interruption()
    interruption.wanted.connect(program.end)
    if encoding is not None:
        program.choose_encoding(paths, encoding)
    starts = program.listen(address(os.environ))
    program.show([Path(path) for path in paths], piped, starts is None or starts.is_first, again)
    try:
        code = qt.exec()
    finally:
        if starts is not None:
            starts.close()
        interruption.close()
        log.close()
    if program.to_reopen is not None:  # once no lock is held any more
        from tokviz.documents.own_process import start_program

        try:
            start_again(program.to_reopen, os.environ, start_program)
        except OSError as error:
            why = system_errors.words(error)
            print(_("Another window cannot be opened: {why}.", why=why), file=sys.stderr)
            return 1
    return code
