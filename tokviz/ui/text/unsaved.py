"""One open text of the text page as what is kept until it is saved, in front or behind another one."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tokviz.documents.unsaved import About
from tokviz.text.storage import TextStorage
from tokviz.ui.common.unsaved_words import Noun
from tokviz.ui.tokens.document import Document, OpenText, Origin

_SLICE = 1 << 20
"""Bytes copied at once on the main thread."""


class UnsavedDocument:
    """A text: see ``Writing``."""

    noun = Noun.TEXT

    def __init__(self, document: Document, come_forward: Callable[[], object] = lambda: None) -> None:
        """``come_forward`` makes room for this text in ``document``, which holds the one in front."""
        self._document = document
        self._come_forward = come_forward
        self.aside: OpenText | None = None
        """The text while another one is in front."""

    @property
    def text(self) -> OpenText:
        """The text as it is now."""
        return self.aside or self._document.text

    @property
    def unsaved(self) -> bool:
        return self.text.unsaved

    @property
    def size(self) -> int:
        return len(self.text.content.text)

    def about(self) -> About:
        origin = self.text.origin
        if origin.document and origin.path:
            # That it is a document's is not kept: with the path, the copy would be saved over the document.
            origin = replace(origin, path=None, title=origin.path.name)
        return About(origin.path, origin.title, origin.encoding, origin.replaced, origin.basis, origin.others)

    def snapshot(self) -> bytes:
        return bytes(self.text.content.text.whole)

    def copy(self, parts: list[bytes]) -> Iterator[None]:
        storage, stamp = self._stamped()
        for start in range(0, len(storage), _SLICE):
            if self._stamped() != (storage, stamp):
                # Half of one text and half of another is none: the change has asked for a later copy.
                parts.clear()
                return
            parts.append(bytes(storage[start : min(start + _SLICE, len(storage))]))
            yield

    def restore(self, about: About, data: bytes) -> None:
        origin = Origin(about.path, about.title, about.encoding, about.replaced, about.basis, about.others)
        self._come_forward()
        self._document.restore(data, origin)

    def _stamped(self) -> tuple[TextStorage, int]:
        """The text's bytes, and what is another number after each edit of them."""
        if self.aside is not None:
            return self.aside.content.text, -1
        return self._document.buffer.text, self._document.buffer.revision
