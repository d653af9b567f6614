"""Exporting to files: asks where, writes in short steps, and says how it ended in one sentence."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QWidget

from tokviz.documents.writing import WriteError, write_steps
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.ui.common.sliced_work import SlicedWork


def png(image: QImage) -> bytes:
    """A picture as the bytes of a PNG file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


class Exporter(QObject):
    """What the exports of all pages have in common. Only one thing is done at a time.

    A file is replaced only once all of it is written, so whatever fails before leaves the old one as it was.
    """

    problem = Signal(str)
    information = Signal(str)
    work_changed = Signal()
    """``doing`` is something else now."""

    def __init__(self, window: QWidget) -> None:
        """``window``: what the dialogs belong to."""
        super().__init__(window)
        self.window = window
        self.doing = ""
        """What is under way, in words; empty if nothing is."""
        self._work = SlicedWork(self)

    def write(self, path: Path, data: bytes, done: str) -> None:
        """Write a file that is made already; ``done`` is said when it is there."""
        if steps := self._opened(path, [data]):
            for _ in self._told(steps, done):
                pass

    def write_parts(self, path: Path, parts: Iterable[str], doing: str, done: str) -> None:
        """Make and write a file part by part, in short steps; ``doing`` is shown meanwhile."""
        if steps := self._opened(path, (part.encode() for part in parts)):
            self.run(doing, self._told(steps, done))

    def run(self, doing: str, steps: Iterator[object], done: Callable[[], object] = lambda: None) -> None:
        """Do something else than writing in short steps, then call ``done``."""
        self.report(doing)

        def finish() -> None:
            self.report("")
            done()

        self._work.start(steps, finish)

    def stop(self) -> bool:
        """Give up what is under way; False if nothing is."""
        if not self._work.running:
            return False
        self._work.stop()
        self.report("")
        return True

    def give_up_on_edits(self, buffer: TextBuffer, sentence: str) -> None:
        """Whatever is under way when ``buffer`` is edited ends with ``sentence``."""

        def edited(_: Change) -> None:
            if self.stop():
                self.problem.emit(sentence)

        buffer.follow(Phase.VIEW, edited)

    def _opened(self, path: Path, parts: Iterable[bytes]) -> Iterator[None] | None:
        try:
            return write_steps(path, parts)
        except WriteError as error:
            self.problem.emit(str(error))
            return None

    def _told(self, steps: Iterator[None], done: str) -> Iterator[None]:
        try:
            yield from steps
        except WriteError as error:
            self.problem.emit(str(error))
        else:
            self.information.emit(done)

    def report(self, doing: str) -> None:
        """Show what is under way; empty: nothing."""
        self.doing = doing
        self.work_changed.emit()
