"""The text of the text page as what is kept until it is saved."""

from collections.abc import Iterator

from PySide6.QtCore import QObject

from tokviz.documents.unsaved import About, UnsavedTexts
from tokviz.language import N_
from tokviz.text.change import Phase
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.unsaved import UnsavedKeeper
from tokviz.ui.tokens.document import Document, Origin

_SLICE = 1 << 20
"""Bytes copied at once on the main thread."""


class UnsavedDocument:
    """A document: see ``Writing``."""

    noun = N_("text")

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def unsaved(self) -> bool:
        return self._document.modified and len(self._document.buffer) > 0

    @property
    def size(self) -> int:
        return len(self._document.buffer)

    def about(self) -> About:
        origin = self._document.origin
        return About(origin.path, origin.title, origin.encoding, origin.replaced, origin.basis, origin.others)

    def snapshot(self) -> bytes:
        return self._document.buffer.snapshot()

    def copy(self, parts: list[bytes]) -> Iterator[None]:
        buffer = self._document.buffer
        revision, size = buffer.revision, len(buffer)
        for start in range(0, size, _SLICE):
            if buffer.revision != revision:
                # Half of one text and half of another is none: the change has asked for a later copy.
                parts.clear()
                return
            parts.append(buffer.slice(start, min(start + _SLICE, size)))
            yield

    def restore(self, about: About, data: bytes) -> None:
        origin = Origin(about.path, about.title, about.encoding, about.replaced, about.basis, about.others)
        self._document.restore(data, origin)


def document_keeper(
    document: Document, texts: UnsavedTexts, settings: Settings, parent: QObject | None = None
) -> UnsavedKeeper:
    """Keeps the document's text until it is saved."""
    keeper = UnsavedKeeper(UnsavedDocument(document), texts, settings, parent)
    document.buffer.follow(Phase.VIEW, lambda _: keeper.changed())
    document.origin_changed.connect(keeper.look)
    return keeper
