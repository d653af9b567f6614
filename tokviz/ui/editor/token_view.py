"""The token view: editor, viewer and comparison pane in one widget.

``TokenView(buffer, theme, history=None, parent=None)`` shows and edits a ``TextBuffer``. Views may share a
buffer and an ``UndoHistory``: an edit in one shows in all. All offsets are bytes of the text.

Give it tokens: ``set_token_map(map | None)`` (anything with ``tokens_in``), ``set_special_tokens(ids)``, and
``tokens_changed(start, end)`` whenever the map has others. Whoever owns the map takes in the buffer's edits.
Show it: ``set_theme``, ``set_options(DisplayOptions)`` (``options`` reads them), ``zoom_by``,
``set_zoom``; marks: ``set_pinned(span or None)``, ``highlight_bytes(start, end)``, ``clear_highlights``;
``add_overlay`` for what others draw over it.
Move in it: ``editor`` (caret, selection, edits), ``commands.run("copy")`` (a key's command), ``reveal``,
``select(start, end)``, ``visible_bytes()``, ``scroll_state()`` and ``set_scroll_state``.
``printer(theme)`` prints, page by page (``TextPrinter.pages``).
Limits: ``set_read_only(reason)`` (empty: editable) and ``read_only_reason``. Above ``EDITABLE_LIMIT`` bytes a
text is read-only by itself, and the reason says so.

Signals: ``edited()``, ``cursor_moved()``, ``selection_changed(start, end)``, ``token_hovered(index or -1,
start, end)`` (start = end = -1 when the mouse is over none), ``token_clicked(index or -1, start, end)``,
``visible_changed(start, end)``, ``scrolled()``, ``zoom_changed(steps)``, ``files_dropped(list of paths)``,
``read_only_changed(reason)``.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.text.buffer import TextBuffer
from tokviz.text.undo import Kind, UndoHistory
from tokviz.ui.common.text_positions import to_utf8
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.input.accessibility import AccessibleEvents, AccessibleText
from tokviz.ui.editor.input.blinking import Blinking
from tokviz.ui.editor.input.clipboard import TextMime
from tokviz.ui.editor.input.commands import Commands
from tokviz.ui.editor.input.context_menu import context_menu
from tokviz.ui.editor.input.editor import Editor
from tokviz.ui.editor.input.input_method import CURSOR_QUERIES, InputMethod
from tokviz.ui.editor.input.keys import command_of, move_of, plainly_typed, typed_text
from tokviz.ui.editor.input.mouse import Mouse
from tokviz.ui.editor.input.movement import Movement
from tokviz.ui.editor.input.wheel import Wheel
from tokviz.ui.editor.layout.visible_rows import VisibleRows
from tokviz.ui.editor.painting.painting import CaretLook
from tokviz.ui.editor.painting.token_finding import FoundToken
from tokviz.ui.editor.text_surface import TextSurface

EDITABLE_LIMIT = 32 << 20
"""Bytes up to which a text is editable: past this an edit would take more than a frame."""
_TOO_LARGE = (
    "Read-only: this text is larger than {limit} MB, the most that can be edited at the speed of typing."
)
_OVERRIDE = QEvent.Type.ShortcutOverride


class TokenView(TextSurface):
    """See the module's docstring."""

    cursor_moved = Signal()
    selection_changed = Signal(int, int)
    token_hovered = Signal(int, int, int)
    token_clicked = Signal(int, int, int)
    files_dropped = Signal(list)
    read_only_changed = Signal(str)

    def __init__(
        self,
        buffer: TextBuffer,
        theme: Theme,
        history: UndoHistory | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(buffer, theme, parent)
        self.history = history or UndoHistory(buffer)
        self.read_only_reason = ""
        self.menu_additions: Callable[[QMenu, FoundToken | None], None] | None = None
        """Adds to the context menu what concerns the token pointed at, if any, or those selected."""
        self._asked_read_only = ""
        self.movement = Movement(buffer, self._rows)
        self.editor = Editor(buffer, self.history, self.movement, self)
        self.commands = Commands(self)
        self._input = InputMethod(self)
        self._mouse = Mouse(self)
        self._wheel = Wheel(self)
        self._blinking = Blinking(self)
        self._blinking.turned.connect(self._blinked)
        self._drawn_caret = (0, 0)
        self._drawn_selection = (0, 0)
        self._had_selection = False
        self._set_up_widget()
        self.editor.cursor_moved.connect(self._cursor_moved)
        self.editor.selection_changed.connect(self.selection_changed)
        self._accessible: AccessibleText | None = None
        self._begin()
        self._accessible_events = AccessibleEvents(self)

    def _set_up_widget(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setAttribute(Qt.WidgetAttribute.WA_KeyCompression)
        self.setAcceptDrops(True)
        self.setAccessibleName("Text and its tokens")
        viewport = self.viewport()
        viewport.setMouseTracking(True)
        viewport.setCursor(Qt.CursorShape.IBeamCursor)
        viewport.setFocusProxy(self)

    def set_read_only(self, reason: str) -> None:
        """Refuse edits because of ``reason``; the empty string allows them (up to ``EDITABLE_LIMIT``)."""
        self._asked_read_only = reason
        self._size_changed()

    def select(self, start: int, end: int) -> None:
        """Select these bytes, widened to whole characters, and show them."""
        buffer = self.buffer
        self.editor.select(buffer.boundary_before(start), buffer.boundary_after(min(end, len(buffer))))

    def step_token(self, step: int) -> None:
        """Pin and show the token before (-1) or after (1) the pinned one, or the one at the caret."""
        pinned = self._marks.pinned
        if pinned is None:
            found = self._finder.at_offset(min(self.editor.caret.offset, max(0, len(self.buffer) - 1)))
        else:
            found = self._finder.beside(*pinned, step)
        if found is not None:
            self.set_pinned((found.start, found.end))
            self.reveal(found.start)
            self.token_clicked.emit(found.index, found.start, found.end)

    def accessible_text(self) -> AccessibleText:
        """What a screen reader talks to."""
        if self._accessible is None:
            self._accessible = AccessibleText(self)
        return self._accessible

    def publish_selection(self) -> None:
        """Offer the selection for a middle click, where the platform has that."""
        clipboard = QGuiApplication.clipboard()
        start, end = self.editor.selection
        if clipboard.supportsSelection() and start != end:
            clipboard.setMimeData(TextMime(self.buffer.slice(start, end)), clipboard.Mode.Selection)

    # -- what may be edited -------------------------------------------------------------------------------

    def _size_changed(self) -> None:
        too_large = len(self.buffer) > EDITABLE_LIMIT
        reason = self._asked_read_only
        if not reason and too_large:
            reason = _TOO_LARGE.format(limit=EDITABLE_LIMIT >> 20)
        if reason != self.read_only_reason:
            self.read_only_reason = reason
            self.editor.read_only = bool(reason)
            self.updateMicroFocus(Qt.InputMethodQuery.ImEnabled)
            self.read_only_changed.emit(reason)

    # -- the caret ----------------------------------------------------------------------------------------

    def caret_rectangle(self) -> QRectF | None:
        """Where the caret is in the viewport; None if it is out of sight."""
        return self._painter.caret_box(self._visible(), self._geometry, self.editor.caret)

    def _cursor_moved(self) -> None:
        self.show_caret()
        self.wake_caret()
        self._redraw_cursor()
        self.updateMicroFocus(CURSOR_QUERIES)
        self.cursor_moved.emit()

    def wake_caret(self) -> None:
        """Show the caret for another turn of its blinking: something happens there."""
        self._blinking.moved()

    def _redraw_cursor(self) -> None:
        """Draw the caret's old and new row again; everything where a selection came, changed or went."""
        rows = self._visible()
        selection, caret = self.editor.selection, self._caret_rows(rows)
        if selection != self._drawn_selection and (self.editor.has_selection or self._had_selection):
            self.viewport().update()
        else:
            for y, height in {caret, self._drawn_caret}:
                self.viewport().update(0, y, self._geometry.width, height)
        self._had_selection, self._drawn_selection = self.editor.has_selection, selection
        self._drawn_caret = caret

    def _caret_rows(self, rows: VisibleRows) -> tuple[int, int]:
        """The (y, height) of the caret's row; (0, 0) if it is out of sight."""
        y = rows.y_of(self._rows.at(self.editor.caret))
        return (0, 0) if y is None else (y, self.row_height)

    def show_caret(self) -> None:
        """Scroll so that the caret is in sight."""
        before = self.scroll_state()
        self._scroller.show(self.editor.caret)
        if not self.options.wrap:
            self._show_column()
        if before != self.scroll_state():
            self._drawn_caret = (0, 0)
            self._moved()

    def _show_column(self) -> None:
        row = self._rows.at(self.editor.caret)
        x = round(self._rows.x_of(row, self.editor.caret.offset))
        bar, room = self.horizontalScrollBar(), self._geometry.width - self._geometry.gutter
        margin = min(60, room // 4)
        if x - bar.value() < 0 or x - bar.value() > room - margin:
            bar.setMaximum(max(bar.maximum(), x + margin - room))
            bar.setValue(x - room // 3 if x < bar.value() else x - room + 2 * margin)

    def _blinked(self) -> None:
        box = self.caret_rectangle()
        if box is not None:
            self.viewport().update(
                box.toAlignedRect().adjusted(-6, -2, round(self.line_layout.style.advance), 2)
            )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self._blinking.start()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret; what is being composed stays."""
        super().focusOutEvent(event)
        self._blinking.stop()
        self.viewport().update()

    def _caret_look(self) -> CaretLook:
        shown = self._blinking.on and self.hasFocus() and not self.editor.read_only
        shown = shown and not self._input.hides_caret
        return CaretLook(self.editor.caret, shown, self.editor.overwrite, self.editor.selection)

    def _scrolled(self) -> None:
        self._drawn_caret = self._caret_rows(self._visible())
        self._input.moved()
        super()._scrolled()

    def relayout(self) -> None:
        """Take in the size, the font and the options."""
        super().relayout()
        self.editor.page_rows = max(1, self._geometry.height // self.row_height - 1)

    # -- keys and input methods ---------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys an editor needs from the window's shortcuts."""
        if isinstance(event, QKeyEvent) and event.type() is _OVERRIDE and self._takes(event):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab where it types."""
        return self.editor.read_only and super().focusNextPrevChild(forward)

    def leave(self, forward: bool) -> None:
        """Hand the keyboard on to what comes after this view, or before it."""
        super().focusNextPrevChild(forward)

    def _takes(self, event: QKeyEvent) -> bool:
        if plainly_typed(event):
            return True
        command = command_of(event)
        if command is not None:
            return not (self.editor.read_only and command in Commands.EDITING)
        return move_of(event) is not None or bool(typed_text(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, edit, type."""
        text = plainly_typed(event)
        command = None if text else command_of(event)
        moved = None if text or command else move_of(event)
        if not text and command is None and moved is None:
            text = typed_text(event)
        if command is not None and self.commands.run(command):
            pass
        elif moved is not None:
            self._input.finish()
            self.editor.move(*moved)
            if moved[1]:
                self.publish_selection()
        elif text and not self.editor.read_only:
            self.editor.insert(to_utf8(text), Kind.TYPING)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def finish_composing(self) -> None:
        """Have what an input method composes committed, as the caret will go elsewhere."""
        self._input.finish()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Text from an input method."""
        self._input.take(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """What an input method asks."""
        answer = self._input.query(query)
        return super().inputMethodQuery(query) if answer is None else answer

    # -- mouse --------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Place the caret or begin to select."""
        self._input.finish()
        self._mouse.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        self._mouse.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select, drag or hover."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End selecting, or click a token."""
        self._mouse.release(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Hovering ends where the mouse leaves."""
        if event.type() == QEvent.Type.Leave:
            self._mouse.leave()
        return super().viewportEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Text and files are welcome."""
        self._mouse.drag_over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the text would go."""
        self._mouse.drag_over(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget it."""
        self._mouse.drag_left()

    def dropEvent(self, event: QDropEvent) -> None:
        """Insert text; hand up files."""
        self._input.finish()
        self._mouse.drop(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll or zoom."""
        self._wheel.turn(event)

    def hover_at(self, place: QPointF | None) -> None:
        """The mouse is over a place in the viewport, or over none."""
        inside = place is not None and self.viewport().rect().contains(place.toPoint())
        found = self._token_at(place) if place is not None and inside else None
        span = None if found is None else (found.start, found.end)
        if span != self._marks.hovered:
            before, self._marks.hovered = self._marks.hovered, span
            self._redraw_spans(before, span)
            self.token_hovered.emit(*((found.index, *span) if found and span else (-1, -1, -1)))

    def click_at(self, place: QPointF) -> None:
        """A token was clicked, if one is there."""
        found = self._token_at(place)
        if found is not None:
            self.token_clicked.emit(found.index, found.start, found.end)

    # -- the menu -----------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done; a click outside the selection moves the caret there first."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.open_menu_at_caret()
            return
        place = QPointF(event.pos())
        start, end = self.editor.selection
        if not start <= self.character_at(place) < end:
            self._input.finish()
            self.editor.place(self.caret_at(place))
        self._open_menu(event.globalPos(), self._token_at(place))

    def open_menu_at_caret(self) -> None:
        """Open the context menu where the caret is."""
        box = self.caret_rectangle() or QRectF(0, 0, 1, 1)
        token = self._finder.at_offset(self.editor.caret.offset) if len(self.buffer) else None
        self._open_menu(self.viewport().mapToGlobal(box.bottomLeft().toPoint()), token)

    def _open_menu(self, place: QPoint, token: FoundToken | None) -> None:
        menu = context_menu(self, token)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
