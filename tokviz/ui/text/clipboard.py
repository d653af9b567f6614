"""Text to and from the clipboard and drag and drop: exactly the text's bytes."""

from PySide6.QtCore import QByteArray, QMimeData

from tokviz.ui.text_positions import to_utf8

_UTF8 = "text/plain;charset=utf-8"
_PLAIN = "text/plain"
TEXT_FORMATS = (_UTF8, _PLAIN)


class TextMime(QMimeData):
    """Offers bytes of UTF-8 as text, and converts them only when somebody asks: copying 100 MB is instant."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.utf8 = data

    def formats(self) -> list[str]:
        """Plain text, in both of its spellings."""
        return list(TEXT_FORMATS)

    def hasFormat(self, mime_type: str) -> bool:
        """Whether ``mime_type`` is offered."""
        return mime_type in TEXT_FORMATS

    def retrieveData(self, mime_type: str, preferred_type: object) -> object:
        """The text as a string or as bytes, as Qt prefers."""
        if mime_type == _UTF8:
            return QByteArray(self.utf8)
        return self.utf8.decode() if mime_type == _PLAIN else None


def text_of(mime: QMimeData | None) -> bytes | None:
    """The text that ``mime`` holds, as UTF-8, as exactly as the other side gives it; None if it has none.

    The bytes are taken where they are offered as UTF-8, since a way through strings costs three conversions.
    """
    if mime is None:
        return None
    if isinstance(mime, TextMime):
        return mime.utf8
    if mime.hasText():
        return to_utf8(mime.text())
    return None
