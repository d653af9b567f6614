"""Input methods: what is being composed is drawn in place and joins the text when it is committed."""

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QRectF, Qt, QTextBoundaryFinder
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QInputMethodEvent,
    QTextCharFormat,
    QTextFormat,
    QTextLayout,
)

from tokviz.text.change import Change
from tokviz.text.undo import Kind
from tokviz.ui.common.text_positions import Utf16Map, for_qt, to_utf8, utf16_length
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.input.editor import Editor
from tokviz.ui.editor.layout.line_layout import Preedit
from tokviz.ui.editor.layout.text_viewport import TextViewport

CURSOR_QUERIES = (
    Qt.InputMethodQuery.ImCursorRectangle
    | Qt.InputMethodQuery.ImCursorPosition
    | Qt.InputMethodQuery.ImAnchorPosition
    | Qt.InputMethodQuery.ImSurroundingText
    | Qt.InputMethodQuery.ImCurrentSelection
)
"""What has another answer when the caret moves."""
_CONTEXT = 1024
"""Bytes on each side of the caret that an input method may look at."""


class InputMethodHost(Protocol):
    """What an input method asks of the view besides its text."""

    @property
    def theme(self) -> Theme: ...
    def hasFocus(self) -> bool: ...
    def updateMicroFocus(self, query: Qt.InputMethodQuery) -> None: ...
    def show_caret(self) -> None: ...
    def wake_caret(self) -> None: ...
    def refresh(self) -> None: ...


class InputMethod:
    """Answers an input method's questions about a view and takes its text."""

    def __init__(self, host: InputMethodHost, viewport: TextViewport, editor: Editor) -> None:
        self._host = host
        self._viewport = viewport
        self._layout = viewport.layout
        self._editor = editor
        self._state = editor.state
        self._taking = False
        """What the text and the caret do now, the input method does."""
        editor.state.cursor_moved.connect(self._caret_moved)

    @property
    def composing(self) -> bool:
        """Whether something is being composed."""
        return self._layout.preedit is not None

    @property
    def hides_caret(self) -> bool:
        """Whether the input method wants no caret while it composes."""
        preedit = self._layout.preedit
        return preedit is not None and preedit.cursor < 0

    def take(self, event: QInputMethodEvent) -> None:
        """Take what was committed into the text and show what is being composed."""
        if self._state.read_only:
            self._forget()
            event.ignore()
            return
        event.accept()
        selected = _selected(event)
        text, committed, length = event.preeditString(), event.commitString(), event.replacementLength()
        if not (text or committed or length or selected or self.composing):
            return  # sent with every change of focus: the view stays where it was scrolled to
        self._taking = True
        try:
            self._apply(event, selected)
        finally:
            self._taking = False
        self._host.show_caret()
        self._changed()

    def _apply(self, event: QInputMethodEvent, selected: tuple[int, int] | None) -> None:
        editor, state, layout = self._editor, self._state, self._layout
        text, committed, length = event.preeditString(), event.commitString(), event.replacementLength()
        layout.compose(None)
        if text and not (committed or length) and state.has_selection:
            editor.insert(b"", Kind.COMPOSING)
        if committed or length:
            self._commit(committed, event.replacementStart(), length)
        if selected is not None:
            self._select(*selected)
        if text:
            layout.compose(Preedit(state.caret.offset, text, *_formats(event, self._host.theme.surface)))

    def finish(self) -> None:
        """Have what is being composed committed (the caret goes elsewhere); what is not then, is dropped."""
        if self.composing:
            QGuiApplication.inputMethod().commit()
            self._forget()

    def moved(self) -> None:
        """Rows stand elsewhere: tell the input method, whose candidates stand under the caret."""
        if self.composing:
            self._host.updateMicroFocus(Qt.InputMethodQuery.ImCursorRectangle)

    def _forget(self) -> None:
        if self.composing:
            self._layout.compose(None)
            self._changed()

    def _changed(self) -> None:
        self._host.wake_caret()
        self._host.refresh()
        self._host.updateMicroFocus(CURSOR_QUERIES)

    def _interrupted(self) -> None:
        """The position at which text was being composed is gone."""
        self._forget()
        if self._host.hasFocus():
            QGuiApplication.inputMethod().reset()

    def map_preedit(self, change: Change) -> None:
        """Compose on where the text before it changed (another pane, a replacement)."""
        preedit = self._layout.preedit
        if preedit is not None:
            self._layout.compose(replace(preedit, offset=change.map_offset(preedit.offset, -1)))

    def text_opened(self) -> None:
        """Compose nothing in another text."""
        if self.composing:
            self._interrupted()

    def _caret_moved(self) -> None:
        preedit = self._layout.preedit
        if preedit is not None and not self._taking and self._state.caret.offset != preedit.offset:
            self._interrupted()

    def query(self, query: Qt.InputMethodQuery) -> object:
        """What an input method asks; None where we have nothing to say."""
        asks = Qt.InputMethodQuery
        match query:
            case asks.ImEnabled:
                return not self._state.read_only
            case asks.ImHints:
                return int((Qt.InputMethodHint.ImhMultiLine | Qt.InputMethodHint.ImhNoPredictiveText).value)
            case asks.ImCursorRectangle:
                return self._viewport.caret_box(self._state.caret) or self._edge()
            case asks.ImFont:
                return self._layout.style.font
            case _:
                return self._query_text(query)

    def _edge(self) -> QRectF:
        """Stands in for a caret out of sight: where the view is nearest to it."""
        above = self._state.caret.offset < self._viewport.visible_bytes()[0]
        height = self._viewport.row_height
        return QRectF(0, 0 if above else max(0, self._viewport.geometry.height - height), 2, height)

    def _around(self) -> tuple[int, int]:
        """The bytes (start, end) that an input method may look at: of the caret's line, near to it."""
        buffer, caret = self._editor.buffer, self._state.selection[1]
        line_start, line_end = buffer.lines.start_of_line(caret), buffer.line_content_end(caret)
        low = buffer.boundary_before(max(line_start, caret - _CONTEXT))
        return low, buffer.boundary_before(max(caret, min(line_end, caret + _CONTEXT)))

    def _query_text(self, query: Qt.InputMethodQuery) -> object:
        asks = Qt.InputMethodQuery
        state, buffer = self._state, self._editor.buffer
        # The caret after the selection, wherever it is: an input method that replaces what is selected takes
        # away what stands before the caret.
        anchor, caret = state.selection
        low, high = self._around()
        around = buffer.slice(low, high)
        positions = Utf16Map(around)
        match query:
            case asks.ImSurroundingText:
                return for_qt(around.decode())
            case asks.ImCursorPosition:
                return positions.unit(caret - low)
            case asks.ImAnchorPosition:
                return positions.unit(min(max(anchor, low), high) - low)
            case asks.ImCurrentSelection:
                start, end = state.selection
                return for_qt(buffer.slice(start, min(end, start + 65536)).decode("utf-8", "ignore"))
            case asks.ImTextBeforeCursor:
                return for_qt(around[: caret - low].decode())
            case asks.ImTextAfterCursor:
                return for_qt(around[caret - low :].decode())
            case asks.ImAbsolutePosition:
                return buffer.lines.utf16_units_before(caret)
        return None

    def _commit(self, text: str, start: int, length: int) -> None:
        """Insert ``text``; ``start`` and ``length`` (UTF-16, from the caret) tell what it replaces. Where
        typing overwrites, it takes the place of as many characters as it has."""
        editor, buffer = self._editor, self._editor.buffer
        data = to_utf8(text)
        begin, end = selection = self._state.selection
        if length:
            unit = buffer.lines.utf16_units_before(end)
            begin = buffer.lines.offset_of_utf16_unit(max(0, unit + start))
            end = max(begin, buffer.lines.offset_of_utf16_unit(max(0, unit + start + length)))
            if begin < selection[1] and end > selection[0]:
                begin, end = min(begin, selection[0]), max(end, selection[1])
        elif self._state.overwrite and begin == end:
            line_end = max(end, buffer.line_content_end(end))  # (the caret may be inside a CRLF)
            for _ in range(_characters(text)):
                end = min(self._editor.movement.next_character(end), line_end)
        if begin != end or data:
            editor.replace(begin, end, data, Kind.TYPING if data else Kind.COMPOSING)

    def _select(self, start: int, length: int) -> None:
        """Select ``length`` UTF-16 units (backwards if negative) from ``start``, as in the text around the
        caret that the input method was told."""
        low, high = self._around()
        positions = Utf16Map(self._editor.buffer.slice(low, high))
        anchor, end = (max(0, min(unit, positions.units)) for unit in (start, start + length))
        self._editor.select(low + positions.byte(anchor), low + positions.byte(end))


def _characters(text: str) -> int:
    """How many characters a person sees in ``text``."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    count = 0
    while finder.toNextBoundary() > 0:
        count += 1
    return count


def _selected(event: QInputMethodEvent) -> tuple[int, int] | None:
    """(start, length) of what the input method wants selected, in UTF-16 units of the text around."""
    chosen = [at for at in event.attributes() if at.type == QInputMethodEvent.AttributeType.Selection]
    return (chosen[-1].start, chosen[-1].length) if chosen else None


def _formats(event: QInputMethodEvent, surface: QColor) -> tuple[list[QTextLayout.FormatRange], int]:
    """How to draw what is composed (underlined, unless the input method says otherwise), and its caret."""
    kinds = QInputMethodEvent.AttributeType
    cursor = length = utf16_length(event.preeditString())
    plain = QTextCharFormat()
    plain.setBackground(surface)  # it is no token yet
    formats = [_range(0, length, plain)]
    for attribute in event.attributes():
        if attribute.type == kinds.Cursor:
            cursor = attribute.start if attribute.length else -1
        elif attribute.type == kinds.TextFormat and isinstance(attribute.value, QTextFormat):
            formats.append(_range(attribute.start, attribute.length, attribute.value.toCharFormat()))
    if len(formats) == 1:
        underlined = QTextCharFormat()
        underlined.setFontUnderline(True)
        formats.append(_range(0, length, underlined))
    return formats, cursor


def _range(start: int, length: int, how: QTextCharFormat) -> QTextLayout.FormatRange:
    part = QTextLayout.FormatRange()
    part.start, part.length, part.format = start, length, how
    return part
