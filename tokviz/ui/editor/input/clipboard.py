"""Text to and from the clipboard and drag and drop: exactly the text's bytes."""

from PySide6.QtCore import QByteArray, QMetaType, QMimeData
from PySide6.QtGui import QGuiApplication

from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.text_positions import for_qt, is_utf8, to_utf8

_UTF8 = "text/plain;charset=utf-8"
_PLAIN = "text/plain"
TEXT_FORMATS = (_UTF8, _PLAIN)


class TextMime(QMimeData):
    """Offers bytes of UTF-8 as text, and converts them only when somebody asks: copying 100 MB is instant."""

    def __init__(self, *parts: bytes) -> None:
        """``parts`` make the text one after the other."""
        super().__init__()
        self._parts = parts

    @property
    def utf8(self) -> bytes:
        """The whole text."""
        if len(self._parts) != 1:
            self._parts = (b"".join(self._parts),)
        return self._parts[0]

    def formats(self) -> list[str]:
        """Plain text, in both of its spellings."""
        return list(TEXT_FORMATS)

    def hasFormat(self, mime_type: str) -> bool:
        """Whether ``mime_type`` is offered."""
        return mime_type in TEXT_FORMATS

    def retrieveData(self, mime_type: str, preferred_type: QMetaType | QMetaType.Type) -> object:
        """The text as a string or as bytes, as Qt prefers."""
        if mime_type not in TEXT_FORMATS:
            return None
        kind = preferred_type.id() if isinstance(preferred_type, QMetaType) else preferred_type.value
        as_string = kind == QMetaType.Type.QString.value
        return for_qt(self.utf8.decode()) if as_string else QByteArray(self.utf8)


def text_of(mime: QMimeData | None) -> bytes | None:
    """The text that ``mime`` holds, as UTF-8, as exactly as the other side gives it; None if it has none.

    The bytes are taken where they are offered as UTF-8: a way through ``QMimeData.text`` costs three
    conversions and loses a BOM.
    """
    if mime is None:
        return None
    if isinstance(mime, TextMime):
        return mime.utf8
    if mime.hasFormat(_UTF8):
        data = bytes(mime.data(_UTF8).data())
        if is_utf8(data):
            return data
    return to_utf8(mime.text()) if mime.hasText() else None


def publish_selection(buffer: TextBuffer, selection: tuple[int, int]) -> None:
    """Offer the selected bytes for a middle click, where the platform has that."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.supportsSelection() and selection[0] != selection[1]:
        clipboard.setMimeData(TextMime(buffer.slice(*selection)), clipboard.Mode.Selection)
