"""The token view as a screen reader meets it: an editable text, with its caret and its selection.

Positions here are UTF-16 units of the whole text, as Qt counts them.
"""

from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEditableTextInterface,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextInsertEvent,
    QAccessibleTextInterface,
    QAccessibleTextRemoveEvent,
    QAccessibleTextSelectionEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea
from shiboken6 import VoidPtr, getCppPointer

from tokviz.text.change import Change, Phase
from tokviz.ui.common.accessible import Childless, Interfaces
from tokviz.ui.common.text_positions import for_qt, to_utf8
from tokviz.ui.editor.input.editor import Editor
from tokviz.ui.editor.layout.row_navigator import Caret
from tokviz.ui.editor.layout.text_viewport import TextViewport

SPOKEN = 1 << 16
"""Bytes of an edit that are handed on: nobody listens to more."""

_BOUNDARY = QAccessible.TextBoundaryType
TextPart = tuple[str, int, int]
"""A chunk of text with its start and end."""


class AccessibleHost(Protocol):
    """What a screen reader asks of the view besides its text."""

    def reveal(self, offset: int) -> None: ...


class AccessibleText(Childless, QAccessibleTextInterface, QAccessibleEditableTextInterface):
    """Answers a screen reader's questions about one view."""

    def __init__(
        self, host: AccessibleHost, widget: QAbstractScrollArea, viewport: TextViewport, editor: Editor
    ) -> None:
        Childless.__init__(self, widget)
        QAccessibleTextInterface.__init__(self)
        QAccessibleEditableTextInterface.__init__(self)
        self._host = host
        self._widget = widget
        self._viewport = viewport
        self._editor = editor
        self._buffer = editor.buffer
        self._state = editor.state

    # -- the object ------------------------------------------------------------------------------------

    def interface_cast(self, kind: QAccessible.InterfaceType) -> VoidPtr:  # type: ignore[override]
        """The address of what answers for the text, and for editing it; nothing else is offered."""
        # Anything but an address ends the program: None, and this object itself, of whose three parts Qt
        # would take the first for any.
        kinds = QAccessible.InterfaceType
        part = {kinds.TextInterface: 1, kinds.EditableTextInterface: 2}.get(kind)
        return VoidPtr(0 if part is None else getCppPointer(self)[part])

    def role(self) -> QAccessible.Role:
        """An editable text."""
        return QAccessible.Role.EditableText

    def state(self) -> QAccessible.State:
        """What can be done with it now."""
        state = QAccessible.State()
        state.focusable = state.multiLine = state.selectableText = True
        state.focused = self._widget.hasFocus()
        state.editable = not self._state.read_only
        state.readOnly = self._state.read_only
        state.invisible = not self._widget.isVisible()
        return state

    def rect(self) -> QRect:
        """Where it is on the screen."""
        return QRect(self._widget.mapToGlobal(QPoint(0, 0)), self._widget.size())

    def parent(self) -> QAccessibleInterface:
        """The widget around it."""
        return QAccessible.queryAccessibleInterface(self._widget.parentWidget() or self._widget.window())

    def text(self, start: object, end: int | None = None) -> str:
        """The text between two positions; or, asked for a kind of text, the name, description or value."""
        if end is not None and isinstance(start, int):
            return for_qt(self._slice(start, end))
        kinds = QAccessible.Text
        if start == kinds.Name:
            return self._widget.accessibleName()
        if start == kinds.Description:
            return self._state.read_only_reason or self._widget.accessibleDescription()
        if start == kinds.Value:
            return for_qt(self._slice(0, SPOKEN))
        return ""

    # -- the text --------------------------------------------------------------------------------------

    def characterCount(self) -> int:
        """How long the text is."""
        return self._position(len(self._buffer))

    def cursorPosition(self) -> int:
        """Where the caret is."""
        return self._position(self._state.caret.offset)

    def setCursorPosition(self, position: int) -> None:
        """Put the caret there."""
        self._editor.place(Caret(self._offset(position)))

    def selectionCount(self) -> int:
        """1 if anything is selected."""
        return int(self._state.has_selection)

    def selection(self, index: int) -> tuple[int, int]:
        """The selection's start and end; (0, 0) if there is none of that number."""
        if index or not self._state.has_selection:
            return 0, 0
        start, end = self._state.selection
        return self._position(start), self._position(end)

    def setSelection(self, index: int, start: int, end: int) -> None:
        """Select from ``start`` to ``end``, where the caret goes."""
        self._editor.select(self._offset(start), self._offset(end))

    def addSelection(self, start: int, end: int) -> None:
        """Select: there is but one selection."""
        self.setSelection(0, start, end)

    def removeSelection(self, index: int) -> None:
        """Select nothing."""
        self._editor.place(self._state.caret)

    def attributes(self, position: int) -> TextPart:
        """The text has no attributes: it is all alike."""
        return "", 0, self.characterCount()

    def characterRect(self, position: int) -> QRect:
        """Where a character is on the screen; empty if it is out of sight."""
        offset = self._offset(position)
        box = self._viewport.box_of(offset, self._editor.movement.next_character(offset))
        if box is None:
            return QRect()
        return QRect(self._widget.viewport().mapToGlobal(box.topLeft()), box.size())

    def offsetAtPoint(self, point: QPoint) -> int:
        """The position of the character at a point of the screen; -1 where there is none."""
        widget = self._widget.viewport()
        there = widget.mapFromGlobal(point)
        if not widget.rect().contains(there):
            return -1
        return self._position(self._viewport.character_at(QPointF(there)))

    def scrollToSubstring(self, start: int, end: int) -> None:
        """Bring it in sight."""
        self._host.reveal(self._offset(start))

    def textAtOffset(self, position: int, kind: QAccessible.TextBoundaryType) -> TextPart:
        """The character, word, row or line at a position."""
        return self._part(*self._around(self._offset(position), kind))

    def textBeforeOffset(self, position: int, kind: QAccessible.TextBoundaryType) -> TextPart:
        """The one before."""
        start, _ = self._around(self._offset(position), kind)
        return self._part(*self._around(start - 1, kind)) if start else ("", -1, -1)

    def textAfterOffset(self, position: int, kind: QAccessible.TextBoundaryType) -> TextPart:
        """The one after."""
        _, end = self._around(self._offset(position), kind)
        return self._part(*self._around(end, kind)) if end < len(self._buffer) else ("", -1, -1)

    # -- editing ---------------------------------------------------------------------------------------

    def deleteText(self, start: int, end: int) -> None:
        """Delete what is between two positions."""
        self.replaceText(start, end, "")

    def insertText(self, position: int, text: str) -> None:
        """Insert a text."""
        self.replaceText(position, position, text)

    def replaceText(self, start: int, end: int, text: str) -> None:
        """Replace what is between two positions."""
        self._editor.replace(self._offset(start), self._offset(end), to_utf8(text))

    # -- conversions -----------------------------------------------------------------------------------

    def _position(self, offset: int) -> int:
        return self._buffer.lines.utf16_units_before(offset)

    def _offset(self, position: int) -> int:
        return self._buffer.lines.offset_of_utf16_unit(max(0, position))

    def _slice(self, start: int, end: int) -> str:
        return self._buffer.slice(self._offset(start), self._offset(end)).decode()

    def _part(self, start: int, end: int) -> TextPart:
        text = self._buffer.slice(start, end).decode()
        return for_qt(text), self._position(start), self._position(end)

    def _around(self, offset: int, kind: QAccessible.TextBoundaryType) -> tuple[int, int]:
        """The bytes of the unit of text that holds ``offset``."""
        movement, buffer = self._editor.movement, self._buffer
        offset = buffer.boundary_before(offset)
        if kind == _BOUNDARY.CharBoundary:
            end = movement.next_character(offset)
            return movement.previous_character(end), end
        if kind == _BOUNDARY.WordBoundary:
            start, end = movement.word_at(offset)
            return (start, end) if start <= offset < end else (offset, movement.next_character(offset))
        if kind == _BOUNDARY.LineBoundary:
            return self._viewport.row_bytes(offset)
        if kind in (_BOUNDARY.ParagraphBoundary, _BOUNDARY.SentenceBoundary):
            return movement.line_at(offset)
        return 0, len(buffer)


class AccessibleEvents(QObject):
    """Tells of a view's edits, caret and selection, as long as a screen reader listens, and has its text."""

    def __init__(
        self, host: AccessibleHost, widget: QAbstractScrollArea, viewport: TextViewport, editor: Editor
    ) -> None:
        super().__init__(widget)
        self._interfaces = Interfaces()
        self._parts = (host, widget, viewport, editor)
        self._widget = widget
        self._buffer = editor.buffer
        self._state = editor.state
        editor.buffer.follow(Phase.VIEW, self._text_changed)
        editor.state.cursor_moved.connect(self._cursor_moved)
        editor.state.selection_changed.connect(self._selection_changed)

    def new_text(self) -> QAccessibleInterface | None:
        """What a screen reader talks to from now on; None once the program ends."""
        return self._interfaces.new(lambda: AccessibleText(*self._parts))

    def _text_changed(self, change: Change) -> None:
        if not QAccessible.isActive():
            return
        widget, buffer = self._widget, self._buffer
        position = buffer.lines.utf16_units_before(change.start)
        if change.removed:
            text = for_qt(change.removed_text[:SPOKEN].decode("utf-8", "ignore"))
            QAccessible.updateAccessibility(QAccessibleTextRemoveEvent(widget, position, text))
        if change.inserted:
            end = buffer.boundary_before(change.start + min(change.inserted, SPOKEN))
            text = for_qt(buffer.slice(change.start, end).decode())
            QAccessible.updateAccessibility(QAccessibleTextInsertEvent(widget, position, text))

    def _cursor_moved(self) -> None:
        if QAccessible.isActive():
            position = self._buffer.lines.utf16_units_before(self._state.caret.offset)
            QAccessible.updateAccessibility(QAccessibleTextCursorEvent(self._widget, position))

    def _selection_changed(self, start: int, end: int) -> None:
        if QAccessible.isActive():
            positions = (self._buffer.lines.utf16_units_before(offset) for offset in (start, end))
            QAccessible.updateAccessibility(QAccessibleTextSelectionEvent(self._widget, *positions))
