"""Opening and saving the document: through the worker, with one sentence for whatever fails."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QWidget

from tokviz.documents.decoding import Basis
from tokviz.documents.encodings import Encoding, find_encoding
from tokviz.documents.extraction.formats import begins_like_document, markup_format
from tokviz.documents.reading import open_regular
from tokviz.language import _, gettext, ngettext
from tokviz.lists import either
from tokviz.ui.common.chosen_encodings import ChosenEncodings, fill_menu
from tokviz.ui.common.file_dialogs import ALL, TEXT, ask_where, written
from tokviz.ui.common.save_question import may_write_over, saved_or_discarded
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.tokens.document import Document, Origin
from tokviz.worker.jobs import OpenedFile, ReadFile
from tokviz.worker.text_jobs import ReadDocument

_HEAD = 1024
"""Bytes of a file that say whether it may be a document."""
_READING, _SAVING = "reading", "saving"
"""What can fail."""
_AGAIN = 50
"""Milliseconds after which it is looked again whether a dialog is still open."""


class DocumentFiles(QObject):
    """What the File menu does with one document. Before edits would be lost, it asks."""

    problem = Signal(str)
    problem_over = Signal(str)
    """What this sentence told of is over: that file was read, that text was written."""
    information = Signal(str)
    exchanged = Signal(object)
    """The file of this ``Path`` was read or written just now."""
    work_changed = Signal()

    def __init__(
        self,
        document: Document,
        worker: Worker,
        settings: Settings,
        window: QWidget,
        make_room: Callable[[], object] = lambda: None,
        come_forward: Callable[[Path], bool] = lambda _: False,
        is_behind: Callable[[Path], bool] = lambda _: False,
        keeping_place: Callable[[], AbstractContextManager[None]] = nullcontext,
        written_by_others: Callable[[Path], bool] = lambda _: False,
    ) -> None:
        """``make_room`` is called before another text is shown in ``document``; ``come_forward`` shows the
        text of a file there that is open already, or says that none is; ``is_behind``: whether a file is
        that of an open text which is not in front; where a text is read anew, the view stays where it is
        while that of ``keeping_place`` is entered; ``written_by_others``: whether somebody wrote to a file
        since it was read or written here."""
        super().__init__(window)
        self._document = document
        self._make_room = make_room
        self._come_forward = come_forward
        self._is_behind = is_behind
        self._keeping_place = keeping_place
        self._written_by_others = written_by_others
        self._worker = worker
        self._settings = settings
        self._encodings = ChosenEncodings(settings)
        self._window = window
        self._ticket: int | None = None
        self._in_place = False
        """Whether what is being read takes the place of the text in front."""
        self._replaced = self._in_front
        """The text whose place it takes, as it was when that was asked for."""
        self._path = Path()
        """The file being read, or read last."""
        self._told: dict[tuple[str, Path | None], set[str]] = {}
        """Problems that are not over, by what failed and with which file."""
        self._waiting: list[Path] = []
        """Files to be read next."""
        self.reading = ""
        """The name of the file being read; empty if none is."""

    @property
    def waits(self) -> bool:
        """Whether files are still to be read."""
        return self._ticket is not None or bool(self._waiting)

    def open(self, path: Path) -> None:
        """Read the file and show its text beside those that are open; one that is open already is shown, and
        read anew if it has no unsaved changes. Who opens another file has done with those that could not be
        read before; not with those that were asked for together with it."""
        if not self.waits:
            for about in [one for one in self._told if one[0] == _READING]:
                self._end_problems(about)
        if self._come_forward(path):
            if self._document.modified:
                said = _("{name} is open already, with changes that are not saved.", name=path.name)
                self.information.emit(said)
            else:
                self._read(path, in_place=True)
        elif self._ticket is not None and not self._in_place:
            self._waiting.append(path)
        else:
            self._read(path)

    def show_markup_text(self, wanted: bool) -> None:
        """Read the open file again, HTML and the like as the text that it shows or as its source."""
        path = self._document.origin.path
        if path is not None and self.may_discard():
            self._read(path, wanted, in_place=True)

    def reopen(self, encoding: Encoding | None) -> None:
        """Read the open file again in this encoding (None: the one found out), and from now on."""
        path = self._document.origin.path
        if path is not None and self.may_discard():
            self._encodings.set(path, encoding)
            self._read(path, in_place=True)

    def reload(self, path: Path | None = None) -> None:
        """Read the file of the text in front again, or that of another open text, which is shown then. If
        there are changes that would be lost, it asks."""
        if path is not None and not self._come_forward(path):
            return
        origin, document = self._document.origin, self._document
        if origin.path is None or (document.modified and not self._may_lose_changes()):
            return
        as_text = origin.document is not None and markup_format(origin.path.name) is not None
        self._read(origin.path, as_text, in_place=True)

    def _may_lose_changes(self) -> bool:
        button = QMessageBox.StandardButton
        question = _("Read {name} again, and lose the changes made here?", name=self._document.name)
        answer = QMessageBox.question(
            self._window, "tokviz", question, button.Discard | button.Cancel, button.Cancel
        )
        return answer == button.Discard

    def fill_encodings(self, menu: QMenu) -> None:
        """Offer to reopen the file in each encoding."""
        origin = self._document.origin
        likely = [find_encoding(name) for name in origin.others]
        fill_menu(menu, self.reopen, self._encodings.get(origin.path) if origin.path else None, likely)
        markup = markup_format(origin.path.name) if origin.path else None
        if markup is not None:
            entry = QAction(
                _("As the &Text of the {document}", document=gettext(markup.name)), menu, checkable=True
            )
            entry.setChecked(origin.document is not None)
            entry.triggered.connect(self.show_markup_text)
            menu.insertAction(menu.actions()[0], entry)
            menu.insertSeparator(menu.actions()[1])

    def show(self, data: bytes, origin: Origin) -> None:
        """Show a text that is there already, beside those that are open."""
        self._make_room()
        self._document.show(data, origin)

    def cancel(self) -> bool:
        """Read no further; False if nothing was being read."""
        if self._ticket is None:
            return False
        self._waiting.clear()
        self._worker.cancel(self._ticket)
        self._finish()
        return True

    def turned(self) -> None:
        """Another text is in front: what was to take the place of the one before is not wanted any more."""
        if self._in_place:
            self._worker.cancel(self._ticket)
            self._finish()
            QTimer.singleShot(0, self, self._read_next)  # once the other text is there

    def save(self) -> bool:
        """Write the text to its file, or ask for one; whether it is written."""
        path = self._document.origin.path
        if path is None or self._document.origin.replaced or not self._keeps_encoding():
            return self.save_as()
        if self._written_by_others(path) and not may_write_over(self._window, path.name):
            return False
        return self._write(path)

    def save_as(self) -> bool:
        """Ask for a file and write the text to it; whether it is written."""
        origin = self._document.origin
        suggested = origin.path or Path("text.txt")
        if origin.document:
            suggested = suggested.with_name(f"{suggested.name}.txt")
        kinds = [written(suggested.suffix[1:])] if suggested.suffix else [ALL, TEXT]
        path = ask_where(self._window, self._settings, _("Save As"), suggested, *kinds)
        if path is not None and origin.document and origin.path and _is_same(path, origin.path):
            said = _("{file} is the document itself; save its text by another name.", file=path.name)
            self._tell(_SAVING, said)
            return False
        if path is not None and self._is_behind(path):
            # Two texts of one file would overwrite each other, one after the other.
            said = _(
                "{name} is open in another tab; close it there, or save by another name.", name=path.name
            )
            self._tell(_SAVING, said)
            return False
        return path is not None and self._write(path)

    def may_discard(self) -> bool:
        """Whether the text may go: it has no unsaved edits, they were saved, or the user says so."""
        if not self._document.text.unsaved:
            return True
        question = _("Save the changes to {file}?", file=self._document.name)
        return saved_or_discarded(self._window, question, self.save)

    def _keeps_encoding(self) -> bool:
        return self._document.origin.encoding.startswith("UTF-8")

    def _write(self, path: Path) -> bool:
        before = self._document.origin.path
        if sentence := self._document.save(path):
            self._tell(_SAVING, sentence)
            return False
        self._end_problems((_SAVING, before))
        self._settings.add_recent(path)
        self.exchanged.emit(path)
        self.information.emit(_("Saved {file} as UTF-8.", file=path))
        return True

    def _read(self, path: Path, markup_text: bool = False, *, in_place: bool = False) -> None:
        self._worker.cancel(self._ticket)
        if in_place and self._ticket is not None and not self._in_place:
            self._waiting.insert(0, self._path)
        self._path, self._replaced = path, self._in_front
        self.reading, self._in_place = path.name, in_place
        self.work_changed.emit()
        options = self._encodings.for_file(path)
        job: ReadFile | ReadDocument = ReadFile(path, options)
        if markup_text or _begins_like_document(path):
            job = ReadDocument(path, replace(options, document_text=True, markup_text=markup_text))
        self._ticket = self._worker.submit(job, partial(self._show_file, path), self._failed)

    @property
    def _in_front(self) -> tuple[int, Path | None]:
        """What is another value for another text in front, and after each edit."""
        return self._document.buffer.revision, self._document.origin.path

    def _show_later(self, ticket: int | None, path: Path, file: OpenedFile) -> None:
        if ticket == self._ticket:
            self._show_file(path, file)

    def _show_file(self, path: Path, file: OpenedFile) -> None:
        if QApplication.activeModalWidget() is not None:  # it may ask about the text in front
            QTimer.singleShot(_AGAIN, self, partial(self._show_later, self._ticket, path, file))
            return
        in_place = self._in_place
        self._finish()
        if in_place and self._replaced != self._in_front:
            said = _("{name} was not read again, because the text was changed meanwhile.", name=path.name)
            self.information.emit(said)
            self._read_next()
            return
        if not in_place:
            self._make_room()
        origin = Origin(path, "", file.encoding, file.replaced, file.basis, file.others, file.document)
        with self._keeping_place() if in_place else nullcontext():
            self._document.show(file.text.data, origin)
        self._end_problems((_READING, path))
        self.exchanged.emit(path)
        self._tell_how(path, file)
        self._read_next()

    def _tell_how(self, path: Path, file: OpenedFile) -> None:
        """Say what is to be known of a file that was read, if anything is."""
        if file.document:
            self.information.emit(
                # Translators: {document} is such as “text of the PDF document, 3 pages”.
                _(
                    "This is the {document}: a copy, which is saved by a name of its own.",
                    document=file.document,
                )
            )
        elif file.replaced:
            self.information.emit(
                ngettext(
                    "{file} is not valid {encoding}: {n} place stands as � (U+FFFD).",
                    "{file} is not valid {encoding}: {n} places stand as � (U+FFFD).",
                    file.replaced,
                    file=path.name,
                    encoding=file.encoding,
                )
            )
        elif file.basis is Basis.UNSURE:
            self.information.emit(_unsure(path, file))

    def _failed(self, sentence: str) -> None:
        self._finish()
        self._end_problems((_READING, self._path))
        self._tell(_READING, sentence)
        self._read_next()

    def _tell(self, failed: str, sentence: str) -> None:
        about = self._path if failed == _READING else self._document.origin.path
        self._told.setdefault((failed, about), set()).add(sentence)
        self.problem.emit(sentence)

    def _end_problems(self, about: tuple[str, Path | None]) -> None:
        for sentence in self._told.pop(about, ()):
            self.problem_over.emit(sentence)

    def _read_next(self) -> None:
        if self._waiting and self._ticket is None:
            self.open(self._waiting.pop(0))

    def _finish(self) -> None:
        self._ticket = None
        self._in_place = False
        self.reading = ""
        self.work_changed.emit()


def _begins_like_document(path: Path) -> bool:
    try:
        with open_regular(path) as file:
            return begins_like_document(file.read(_HEAD))
    except OSError:  # told by whoever reads it
        return False


def _unsure(path: Path, file: OpenedFile) -> str:
    """How a file was read whose encoding is little more than a guess."""
    if not file.others:
        return _(
            "{file} is read as {encoding}: File ▸ Reopen with Encoding changes it.",
            file=path.name,
            encoding=file.encoding,
        )
    return _(
        "{file} is read as {encoding}, it may be {others}: File ▸ Reopen with Encoding changes it.",
        file=path.name,
        encoding=file.encoding,
        others=either(file.others),
    )


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # there is no such file yet
        return False
