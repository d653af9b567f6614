"""Opening and saving the document: through the worker, with one sentence for whatever fails."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from tokviz.analysis.formatting import quantity
from tokviz.documents.decoding import Basis
from tokviz.documents.encodings import Encoding, find_encoding
from tokviz.documents.extraction.formats import begins_like_document, markup_format
from tokviz.documents.reading import open_regular
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.ui.common.chosen_encodings import ChosenEncodings, fill_menu
from tokviz.ui.common.exporter import ask_where
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.text.unsaved import document_keeper
from tokviz.ui.tokens.document import Document, Origin
from tokviz.worker.jobs import OpenedFile, ReadFile
from tokviz.worker.text_jobs import ReadDocument

_HEAD = 1024
"""Bytes of a file that say whether it may be a document."""


class DocumentFiles(QObject):
    """What the File menu does with one document. Before edits would be lost, it asks."""

    problem = Signal(str)
    information = Signal(str)
    work_changed = Signal()

    def __init__(
        self, document: Document, worker: Worker, settings: Settings, unsaved: UnsavedTexts, window: QWidget
    ) -> None:
        super().__init__(window)
        self.unsaved = document_keeper(document, unsaved, settings, self)
        self.unsaved.problem.connect(self.problem)
        self.unsaved.information.connect(self.information)
        self._document = document
        self._worker = worker
        self._settings = settings
        self._encodings = ChosenEncodings(settings)
        self._window = window
        self._ticket: int | None = None
        self.reading = ""
        """The name of the file being read; empty if none is."""

    def open(self, path: Path) -> None:
        """Read the file and show its text; the text of now stays if that fails."""
        if self.may_discard():
            self._read(path)

    def show_markup_text(self, wanted: bool) -> None:
        """Read the open file again, HTML and the like as the text that it shows or as its source."""
        path = self._document.origin.path
        if path is not None and self.may_discard():
            self._read(path, wanted)

    def reopen(self, encoding: Encoding | None) -> None:
        """Read the open file again in this encoding (None: the one found out), and from now on."""
        path = self._document.origin.path
        if path is not None and self.may_discard():
            self._encodings.set(path, encoding)
            self._read(path)

    def fill_encodings(self, menu: QMenu) -> None:
        """Offer to reopen the file in each encoding."""
        origin = self._document.origin
        likely = [find_encoding(name) for name in origin.others]
        fill_menu(menu, self.reopen, self._encodings.get(origin.path) if origin.path else None, likely)
        markup = markup_format(origin.path.name) if origin.path else None
        if markup is not None:
            entry = QAction(f"As the &Text of the {markup.name}", menu, checkable=True)
            entry.setChecked(origin.document is not None)
            entry.triggered.connect(self.show_markup_text)
            menu.insertAction(menu.actions()[0], entry)
            menu.insertSeparator(menu.actions()[1])

    def show(self, data: bytes, origin: Origin) -> None:
        """Show a text that is there already."""
        if self.may_discard():
            self.cancel()
            self._document.show(data, origin)

    def cancel(self) -> bool:
        """Read no further; False if nothing was being read."""
        if self._ticket is None:
            return False
        self._worker.cancel(self._ticket)
        self._finish()
        return True

    def save(self) -> bool:
        """Write the text to its file, or ask for one; whether it is written."""
        path = self._document.origin.path
        if path is None or self._document.origin.replaced or not self._keeps_encoding():
            return self.save_as()
        return self._write(path)

    def save_as(self) -> bool:
        """Ask for a file and write the text to it; whether it is written."""
        origin = self._document.origin
        suggested = origin.path or self._settings.folder / "text.txt"
        if origin.document:
            suggested = suggested.with_name(f"{suggested.name}.txt")
        path = ask_where(self._window, "Save As", suggested)
        if path is not None and origin.document and origin.path and _is_same(path, origin.path):
            self.problem.emit(f"{path.name} is the document itself; save its text by another name.")
            return False
        return path is not None and self._write(path)

    def may_discard(self) -> bool:
        """Whether the text may go: it has no unsaved edits, they were saved, or the user says so."""
        if not self._document.modified or not len(self._document.buffer):
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "tokviz",
            f"Save the changes to {self._document.name}?",
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )
        return self.save() if answer == button.Save else answer == button.Discard

    def may_close(self) -> bool:
        """Whether the window may go. A text of no file is kept for the next start, without a question."""
        kept = self._document.origin.path is None and self.unsaved.flush()
        if not kept:
            if not self.may_discard():
                return False
            self.unsaved.forget()
        self.unsaved.close()
        return True

    def _keeps_encoding(self) -> bool:
        return self._document.origin.encoding.startswith("UTF-8")

    def _write(self, path: Path) -> bool:
        if sentence := self._document.save(path):
            self.problem.emit(sentence)
            return False
        self._settings.add_recent(path)
        self.information.emit(f"Saved {path} as UTF-8.")
        return True

    def _read(self, path: Path, markup_text: bool = False) -> None:
        self.cancel()
        self.reading = path.name
        self.work_changed.emit()
        options = self._encodings.for_file(path)
        job: ReadFile | ReadDocument = ReadFile(path, options)
        if markup_text or _begins_like_document(path):
            job = ReadDocument(path, replace(options, document_text=True, markup_text=markup_text))
        self._ticket = self._worker.submit(job, partial(self._show_file, path), self._failed)

    def _show_file(self, path: Path, file: OpenedFile) -> None:
        self._finish()
        origin = Origin(path, "", file.encoding, file.replaced, file.basis, file.others, file.document)
        self._document.show(file.text.data, origin)
        if file.document:
            self.information.emit(
                f"This is the {file.document}: a copy, which is saved by a name of its own."
            )
        elif file.replaced:
            self.information.emit(
                f"{path.name} is not valid {file.encoding}: {quantity(file.replaced, 'place')} stand as "
                "� (U+FFFD)."
            )
        elif file.basis is Basis.UNSURE:
            others = f", it may be {' or '.join(file.others)}" if file.others else ""
            self.information.emit(
                f"{path.name} is read as {file.encoding}{others}: File ▸ Reopen with Encoding changes it."
            )

    def _failed(self, sentence: str) -> None:
        self._finish()
        self.problem.emit(sentence)

    def _finish(self) -> None:
        self._ticket = None
        self.reading = ""
        self.work_changed.emit()


def _begins_like_document(path: Path) -> bool:
    try:
        with open_regular(path) as file:
            return begins_like_document(file.read(_HEAD))
    except OSError:  # told by whoever reads it
        return False


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # there is no such file yet
        return False
