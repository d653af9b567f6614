"""What is open on the text page: the text, where it came from, and whether it differs from that."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from tokviz.documents.decoding import Basis
from tokviz.documents.document_text import DocumentText
from tokviz.documents.writing import WriteError, write_file
from tokviz.language import _, ngettext
from tokviz.text.buffer import Content, TextBuffer
from tokviz.text.undo import Steps, UndoHistory


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text came from."""

    path: Path | None = None
    title: str = ""
    """What to call a text that has no path, such as a sample."""
    encoding: str = "UTF-8"
    replaced: int = 0
    """How many U+FFFD stand for bytes that could not be decoded."""
    basis: Basis = Basis.VALID
    """How the encoding is known."""
    others: tuple[str, ...] = ()
    """The next likely encodings, where the basis is UNSURE."""
    document: DocumentText | None = None
    """What the text was made of: then it is a copy, and is never written over the document."""

    @property
    def undecodable(self) -> str:
        """How many places could not be decoded, in words; empty if all could."""
        if not self.replaced:
            return ""
        return ngettext(
            "{n} place not decodable, shown as �", "{n} places not decodable, shown as �", self.replaced
        )


@dataclass(frozen=True, slots=True)
class OpenText:
    """A text that is open, as it is when another one is in front."""

    content: Content
    origin: Origin
    steps: Steps
    saved: int | None
    """The state of the text (see ``UndoHistory``) in which it was opened or saved; None: it never was."""

    @property
    def modified(self) -> bool:
        """See ``Document.modified``."""
        return self.steps.state != self.saved

    @property
    def name(self) -> str:
        """See ``Document.name``."""
        return _name(self.origin, len(self.content.text))

    @property
    def unsaved(self) -> bool:
        """Whether anything would be lost with it."""
        return self.modified and len(self.content.text) > 0

    @property
    def is_blank(self) -> bool:
        """Whether it is an empty text that comes from nowhere: one to write or open another in."""
        return not len(self.content.text) and self.origin == Origin()


class Document(QObject):
    """A text buffer with its origin and what can be undone in it. The buffer stays the same object; opening
    replaces its content."""

    shown = Signal()
    """Another text is in the buffer, or the same one was read anew."""
    origin_changed = Signal()
    """So it is, or the text was saved."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.buffer = TextBuffer()
        self.history = UndoHistory(self.buffer)
        self.origin = Origin()
        self._saved: int | None = self.history.state

    @property
    def name(self) -> str:
        """The file's name, the sample's title, or “Untitled”."""
        return _name(self.origin, len(self.buffer))

    @property
    def modified(self) -> bool:
        """Whether the text is another than the one that was opened or saved: not if all edits are undone."""
        return self.history.state != self._saved

    @property
    def text(self) -> OpenText:
        """The text as it is now, to be brought back once another one took its place."""
        return OpenText(self.buffer.content, self.origin, self.history.steps, self._saved)

    def bring_back(self, text: OpenText) -> None:
        """Have a text in front again that was set aside, as it was."""
        self.buffer.show(text.content)
        self.history.bring_back(text.steps)
        self.origin, self._saved = text.origin, text.saved
        self._tell()

    def show(self, data: bytes | bytearray, origin: Origin) -> None:
        """Replace the text by ``data`` from ``origin``; the edits of before cannot be undone any more."""
        self._replace(data, origin)
        self._tell()

    def restore(self, data: bytes, origin: Origin) -> None:
        """Show a text that was edited and never saved: it counts as modified."""
        self._replace(data, origin)
        self._saved = None
        self._tell()

    def _replace(self, data: bytes | bytearray, origin: Origin) -> None:
        self.buffer.load(data)
        self.origin = origin
        self._saved = self.history.state

    def _tell(self) -> None:
        self.shown.emit()
        self.origin_changed.emit()

    def save(self, path: Path) -> str:
        """Write the text as UTF-8; returns an empty string, or one sentence that says why it failed.

        The file is replaced only once everything is written, so a full disk loses nothing.
        """
        try:
            write_file(path, self.buffer.snapshot())
        except WriteError as error:
            return str(error)
        self.origin = Origin(path, encoding="UTF-8")
        self._saved = self.history.state
        self.history.seal()  # what is typed next can be undone by itself
        self.origin_changed.emit()
        return ""


def _name(origin: Origin, size: int) -> str:
    if origin.path:
        return origin.path.name
    return origin.title or (_("Untitled") if size else "")
