"""Input methods: what is being composed is drawn in place and joins the text when it is committed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCharFormat, QTextLayout

from tokviz.ui.text.line_layout import Preedit
from tokviz.ui.text.undo import Kind
from tokviz.ui.text_positions import Utf16Map, for_qt, to_utf8, utf16_length

if TYPE_CHECKING:
    from tokviz.ui.text.token_view import TokenView

_CONTEXT = 1024
"""Bytes on each side of the caret that an input method may look at."""


class InputMethod:
    """Answers an input method's questions about a view and takes its text."""

    def __init__(self, view: "TokenView") -> None:
        self._view = view

    @property
    def composing(self) -> bool:
        """Whether something is being composed."""
        return self._view.line_layout.preedit is not None

    def event(self, event: QInputMethodEvent) -> None:
        """Take what was committed into the text and show what is being composed."""
        view, editor = self._view, self._view.editor
        if editor.read_only:
            event.ignore()
            return
        committed = event.commitString()
        if committed or event.replacementLength():
            view.line_layout.compose(None)
            self._commit(committed, event.replacementStart(), event.replacementLength())
        text = event.preeditString()
        if text and editor.has_selection:
            editor.insert(b"")
        preedit = Preedit(editor.caret.offset, text, *_formats(event)) if text else None
        view.line_layout.compose(preedit)
        view.show_caret()
        view.refresh()
        event.accept()

    def finish(self) -> None:
        """Have what is being composed committed (the caret goes elsewhere)."""
        if self.composing:
            QGuiApplication.inputMethod().commit()

    def query(self, query: Qt.InputMethodQuery) -> object:
        """What an input method asks; None where we have nothing to say."""
        view = self._view
        asks = Qt.InputMethodQuery
        match query:
            case asks.ImEnabled:
                return not view.editor.read_only
            case asks.ImHints:
                return int((Qt.InputMethodHint.ImhMultiLine | Qt.InputMethodHint.ImhNoPredictiveText).value)
            case asks.ImCursorRectangle:
                return view.caret_rectangle() or QRectF()
            case asks.ImFont:
                return view.line_layout.style.font
            case _:
                return self._query_text(query)

    def _query_text(self, query: Qt.InputMethodQuery) -> object:
        asks = Qt.InputMethodQuery
        editor, buffer = self._view.editor, self._view.buffer
        caret = editor.caret.offset
        line_start, line_end = buffer.lines.start_of_line(caret), buffer.line_content_end(caret)
        low = buffer.boundary_before(max(line_start, caret - _CONTEXT))
        high = buffer.boundary_before(max(caret, min(line_end, caret + _CONTEXT)))
        around = buffer.slice(low, high)
        positions = Utf16Map(around)
        match query:
            case asks.ImSurroundingText:
                return for_qt(around.decode())
            case asks.ImCursorPosition:
                return positions.unit(caret - low)
            case asks.ImAnchorPosition:
                return positions.unit(min(max(editor.anchor, low), high) - low)
            case asks.ImCurrentSelection:
                start, end = editor.selection
                return for_qt(buffer.slice(start, min(end, start + 65536)).decode("utf-8", "ignore"))
            case asks.ImTextBeforeCursor:
                return for_qt(around[: caret - low].decode())
            case asks.ImTextAfterCursor:
                return for_qt(around[caret - low :].decode())
            case asks.ImAbsolutePosition:
                return buffer.lines.utf16_units_before(caret)
        return None

    def _commit(self, text: str, start: int, length: int) -> None:
        """Insert ``text``; ``start`` and ``length`` (UTF-16, from the caret) tell what it replaces."""
        editor, lines = self._view.editor, self._view.buffer.lines
        if length:
            unit = lines.utf16_units_before(editor.caret.offset)
            begin = lines.offset_of_utf16_unit(max(0, unit + start))
            end = lines.offset_of_utf16_unit(max(0, unit + start + length))
            editor.select(begin, max(begin, end))
        editor.insert(to_utf8(text), Kind.TYPING)


def _formats(event: QInputMethodEvent) -> tuple[list[QTextLayout.FormatRange], int]:
    """How to draw what is composed (underlined, unless the input method says otherwise), and its caret."""
    kinds = QInputMethodEvent.AttributeType
    formats: list[QTextLayout.FormatRange] = []
    cursor = utf16_length(event.preeditString())
    for attribute in event.attributes():
        if attribute.type == kinds.Cursor:
            cursor = attribute.start if attribute.length else -1
        elif attribute.type == kinds.TextFormat and isinstance(attribute.value, QTextCharFormat):
            formats.append(_range(attribute.start, attribute.length, attribute.value))
    if not formats:
        underlined = QTextCharFormat()
        underlined.setFontUnderline(True)
        formats.append(_range(0, utf16_length(event.preeditString()), underlined))
    return formats, cursor


def _range(start: int, length: int, how: QTextCharFormat) -> QTextLayout.FormatRange:
    part = QTextLayout.FormatRange()
    part.start, part.length, part.format = start, length, how
    return part
