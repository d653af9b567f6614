"""The token view: editor, viewer and comparison pane in one widget.

``TokenView(buffer, theme, history=None, parent=None, vertical=None)`` shows and edits a ``TextBuffer``; views
may share one, and an ``UndoHistory``. ``vertical``: a scroll bar of another kind. All offsets are bytes.

Give it tokens: ``set_token_map(map | None)`` (anything with ``tokens_in``), ``set_special_tokens(ids)``, and
``tokens_changed(start, end)`` whenever the map has others. Whoever owns the map applies the text's changes.
Show it: ``set_theme``, ``set_options(DisplayOptions)``, ``zoom_by``, ``set_zoom``, ``set_pinned(span)``,
``highlight_bytes(start, end)``, ``clear_highlights``; ``add_overlay`` for what others draw over it.
Work with it: ``state`` (caret, selection, decorations), ``editor`` (moves and edits), ``commands.run(name)``
(what a key does), ``text_viewport`` (what is in sight, and which byte is where).
``printer(theme)`` prints page by page; ``set_read_only(reason)`` refuses edits (empty: allows them).

Signals: ``edited()``, ``cursor_moved()``, ``selection_changed(start, end)``, ``token_hovered(index or -1,
start, end)`` (start = end = -1 when the mouse is over none), ``token_clicked(index or -1, start, end)``,
``visible_changed(start, end)``, ``scrolled()``, ``zoom_changed(steps)``, ``files_dropped(list of paths)``,
``read_only_changed(reason)``.
"""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessibleInterface,
    QContextMenuEvent,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QScrollBar, QWidget

from tokviz.language import _
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.text.undo import UndoHistory
from tokviz.ui.common.settings import ZOOM_STEPS
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.input.accessibility import AccessibleEvents
from tokviz.ui.editor.input.commands import Commands, ContextMenu
from tokviz.ui.editor.input.editor import Editor
from tokviz.ui.editor.input.editor_state import EditorState
from tokviz.ui.editor.input.input_method import CURSOR_QUERIES, InputMethod
from tokviz.ui.editor.input.keys import Keys
from tokviz.ui.editor.input.mouse import Mouse
from tokviz.ui.editor.input.movement import Movement
from tokviz.ui.editor.input.pointer_scrolling import PointerScrolling
from tokviz.ui.editor.layout.fonts import TextStyle, text_font
from tokviz.ui.editor.layout.text_viewport import TextViewport
from tokviz.ui.editor.painting.frame import DisplayOptions, Overlay
from tokviz.ui.editor.painting.painter import TextPainter
from tokviz.ui.editor.painting.printing import TextPrinter
from tokviz.ui.editor.painting.token_colors import TokenSource
from tokviz.ui.editor.repainting import Blinking, Repainting
from tokviz.ui.editor.scrolling import Scrolling
from tokviz.ui.editor.token_pointing import TokenPointing


class TokenView(QAbstractScrollArea):
    """See the module's docstring."""

    edited = Signal()
    cursor_moved = Signal()
    selection_changed = Signal(int, int)
    token_hovered = Signal(int, int, int)
    token_clicked = Signal(int, int, int)
    visible_changed = Signal(int, int)
    scrolled = Signal()
    zoom_changed = Signal(int)
    files_dropped = Signal(list)
    read_only_changed = Signal(str)

    def __init__(
        self,
        buffer: TextBuffer,
        theme: Theme,
        history: UndoHistory | None = None,
        parent: QWidget | None = None,
        vertical: QScrollBar | None = None,
    ) -> None:
        super().__init__(parent)
        if vertical is not None:
            self.setVerticalScrollBar(vertical)
        self.buffer = buffer
        self.theme = theme
        self.zoom = 0
        self.placeholder = ""
        """What an empty view says."""
        self.sleeps_while_hidden = False
        """Lay out and draw nothing for edits while hidden, which then cost next to nothing."""
        self._missed_change = False
        self._touched: tuple[int, int] | None = None
        """The (top, bottom) y of what the change that is being followed touched; None: all."""
        self._overlays: list[Overlay] = []
        self.state = EditorState(self)
        self.text_viewport = TextViewport(buffer, TextStyle.of(text_font(0)))
        self.history = history or UndoHistory(buffer)
        self.editor = Editor(buffer, self.history, Movement(buffer, self.text_viewport), self.state)
        self.commands = Commands(self, self.editor)
        self._painter = TextPainter(buffer, self.text_viewport, theme)
        self._repainting = Repainting(self, self.text_viewport, self.state)
        self._scrolling = Scrolling(self, buffer, self.text_viewport, self.state, self._repainting)
        self._input = InputMethod(self, self.text_viewport, self.editor)
        self._keys = Keys(self.commands, self.editor, self._input)
        self._pointing = TokenPointing(buffer, self.text_viewport, self.state, self._repainting, self)
        self._mouse = Mouse(self, self, self.text_viewport, self.editor, self._pointing)
        self._pointer_scrolling = PointerScrolling(self, self.viewport())
        self.context_menu = ContextMenu(self, self.text_viewport, self.editor, self.commands, self._pointing)
        self._blinking = Blinking(self)
        self._set_up_widget()
        self._connect()
        self.state.set_size(len(buffer))
        self.relayout()
        self._accessible_events = AccessibleEvents(self, self, self.text_viewport, self.editor)

    def _connect(self) -> None:
        self.state.cursor_moved.connect(self._cursor_moved)
        self._blinking.turned.connect(self._repainting.blink)
        self._mouse.files_dropped.connect(self.files_dropped)
        self.state.selection_changed.connect(self.selection_changed)
        self.state.read_only_changed.connect(self.read_only_changed)
        self.state.read_only_changed.connect(lambda _: self.updateMicroFocus(Qt.InputMethodQuery.ImEnabled))
        self._pointing.hovered.connect(self.token_hovered)
        self._pointing.clicked.connect(self.token_clicked)
        self._scrolling.visible_changed.connect(self.visible_changed)
        self._scrolling.scrolled.connect(self._input.moved)
        self._scrolling.scrolled.connect(self.scrolled)
        self.buffer.follow(Phase.MODEL, self._map_positions)
        self.buffer.follow(Phase.VIEW, self._text_changed)

    def _set_up_widget(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setAttribute(Qt.WidgetAttribute.WA_KeyCompression)
        self.setAcceptDrops(True)
        self.setAccessibleName(_("Text and its tokens"))
        viewport = self.viewport()
        viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        viewport.setMouseTracking(True)
        viewport.setCursor(Qt.CursorShape.IBeamCursor)
        viewport.setFocusProxy(self)

    # -- what to show ----------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.theme = theme
        self._painter.set_theme(theme)
        self.relayout()  # the font may be another one, too
        self.refresh()

    @property
    def options(self) -> DisplayOptions:
        """What is drawn, and how."""
        return self.state.options

    def set_options(self, options: DisplayOptions) -> None:
        """Draw other things; the row on top stays on top."""
        self.state.options = options
        self.relayout()

    def set_token_map(self, source: TokenSource | None) -> None:
        """Show these tokens."""
        self.state.tokens.source = source
        self.tokens_changed(0, len(self.buffer))

    def set_special_tokens(self, ids: Iterable[int]) -> None:
        """Draw the tokens with these ids as special ones."""
        self.state.tokens.special = np.array(sorted(ids), np.uint32)
        self.tokens_changed(0, len(self.buffer))

    def tokens_changed(self, start: int, end: int) -> None:
        """Tokens in this range, or the indices of those after it, changed."""
        self._repainting.tokens(start, end)

    def set_pinned(self, span: tuple[int, int] | None) -> None:
        """Outline these bytes as the pinned token."""
        before, self.state.decorations.pinned = self.state.decorations.pinned, span
        self._repainting.spans(before, span)

    def highlight_bytes(self, start: int, end: int) -> None:
        """Outline these bytes (another pane points at them)."""
        before, self.state.decorations.highlighted = self.state.decorations.highlighted, ((start, end),)
        self._repainting.spans(*before, (start, end))

    def highlight_spans(self, spans: Iterable[tuple[int, int]]) -> None:
        """Outline several ranges of bytes, such as what was found."""
        self.state.decorations.highlighted = tuple(spans)
        self.refresh()

    def clear_highlights(self) -> None:
        """Outline nothing but the hovered and pinned tokens."""
        before, self.state.decorations.highlighted = self.state.decorations.highlighted, ()
        self._repainting.spans(*before)

    def add_overlay(self, overlay: Overlay) -> None:
        """Have ``overlay`` draw over the rows from now on; call ``refresh`` when it would draw otherwise."""
        self._overlays.append(overlay)
        self.refresh()

    def refresh(self) -> None:
        """Draw all again."""
        self._repainting.all()

    def zoom_by(self, steps: int) -> None:
        """Make the letters larger or smaller by so many points; 0: their own size again."""
        self.set_zoom(self.zoom + steps if steps else 0)

    def set_zoom(self, zoom: int) -> None:
        """Make the letters ``zoom`` points larger than their own size."""
        if (zoom := max(ZOOM_STEPS[0], min(ZOOM_STEPS[1], zoom))) != self.zoom:
            self.zoom = zoom
            self.relayout()
            self.zoom_changed.emit(zoom)

    def set_read_only(self, reason: str) -> None:
        """Refuse edits because of ``reason``; the empty string allows them (up to ``EDITABLE_LIMIT``)."""
        self.state.refuse_edits(reason)
        self.state.set_size(len(self.buffer))

    def printer(self, theme: Theme) -> TextPrinter:
        """Prints the text as this view draws it, in the colours of ``theme``, a light one."""
        return TextPrinter(
            self.buffer, self.state.tokens, self.options, self.text_viewport.layout.style, theme
        )

    def accessible_interface(self) -> QAccessibleInterface | None:
        """What a screen reader talks to from now on."""
        return self._accessible_events.new_text()

    # -- where to be -----------------------------------------------------------------------------------

    @property
    def row_height(self) -> int:
        """The height of a row, in pixels."""
        return self.text_viewport.row_height

    def select(self, start: int, end: int) -> None:
        """Select these bytes, widened to whole characters, and show them."""
        buffer = self.buffer
        self.editor.select(buffer.boundary_before(start), buffer.boundary_after(min(end, len(buffer))))

    def step_token(self, step: int) -> None:
        """Pin and show the token before (-1) or after (1) the pinned one, or the one at the caret."""
        found = self._pointing.neighbour(step)
        if found is not None:
            self.set_pinned((found.start, found.end))
            self.reveal(found.start)
            self.token_clicked.emit(found.index, found.start, found.end)

    def reveal(self, offset: int) -> None:
        """Scroll so that this byte is in sight."""
        self._scrolling.reveal(offset)

    def visible_bytes(self) -> tuple[int, int]:
        """The bytes (start, end) of the rows in sight."""
        return self.text_viewport.visible_bytes()

    def scroll_state(self) -> tuple[int, int, int]:
        """Where the view is: the byte on top, the pixels of its row out of sight, and those to the left."""
        return self._scrolling.position

    def set_scroll_state(self, state: tuple[int, int, int]) -> None:
        """Go where another view is that shows the same text at the same width."""
        self._scrolling.move_to(state)

    def scroll_pixels(self, down: int, right: int) -> None:
        """Scroll by exactly so many pixels, as far as there is text."""
        self._scrolling.by(down, right)

    def relayout(self) -> None:
        """Lay out for the size, the font and the options as they are now."""
        self._scrolling.relayout(self.zoom)

    # -- following the text ----------------------------------------------------------------------------

    def _map_positions(self, change: Change) -> None:
        self._input.map_preedit(change)
        touched = self.text_viewport.apply(change)
        self._touched = None if self.state.apply(change) else touched

    def _text_changed(self, change: Change) -> None:
        if change.is_load:
            self._input.text_opened()
        if self.sleeps_while_hidden and not self.isVisible():
            self._missed_change = True
            return
        self.state.set_size(len(self.buffer))
        self._scrolling.follow(change, self._touched)
        self.edited.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Another screen may have another scale."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.EnabledChange):
            self.relayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.relayout()

    def showEvent(self, event: QShowEvent) -> None:
        """Make up for what was missed."""
        super().showEvent(event)
        if self._missed_change:
            self._missed_change = False
            self.state.set_size(len(self.buffer))
            self.relayout()

    def sizeHint(self) -> QSize:
        return QSize(640, 400)

    # -- painting --------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        # (A painter still at work when an exception leaves here would end the program.)
        with QPainter(self.viewport()) as painter:
            caret = self._blinking.on and self.hasFocus() and not self._input.hides_caret
            frame = self.state.frame(event.rect(), self.text_viewport, caret, self._overlays)
            self._painter.paint(painter, frame)
            if self.placeholder and not len(self.buffer) and self.text_viewport.layout.preedit is None:
                left = self.text_viewport.geometry.text_left
                box = QRect(left + 4, 2, self.viewport().width() - left - 12, 398)
                painter.setPen(self.theme.muted)
                painter.drawText(box, Qt.TextFlag.TextWordWrap, self.placeholder)

    def caret_rectangle(self) -> QRectF | None:
        """Where the caret is; None if it is out of sight."""
        return self.text_viewport.caret_box(self.state.caret)

    def _cursor_moved(self) -> None:
        self.show_caret()
        self.wake_caret()
        self._repainting.caret()
        self.updateMicroFocus(CURSOR_QUERIES)
        self.cursor_moved.emit()

    def show_caret(self) -> None:
        """Scroll so that the caret is in sight."""
        self._scrolling.show_caret()

    def wake_caret(self) -> None:
        """Show the caret for another turn of its blinking: something happens there."""
        self._blinking.moved()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._blinking.start()
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret; what is being composed stays."""
        super().focusOutEvent(event)
        self._blinking.stop()
        self.refresh()

    # -- keys and input methods ---------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys an editor needs from the window's shortcuts."""
        wanted = event.type() is QEvent.Type.ShortcutOverride and self._keys.take_from_shortcuts(event)
        return wanted or super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab where it types."""
        return self.state.read_only and super().focusNextPrevChild(forward)

    def leave(self, forward: bool) -> None:
        """Hand the keyboard on to what comes after this view, or before it."""
        super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._keys.press(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def finish_composing(self) -> None:
        """Have what an input method composes committed, as the caret will go elsewhere."""
        self._input.finish()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._input.take(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        answer = self._input.query(query)
        return super().inputMethodQuery(query) if answer is None else answer

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.context_menu.open(event)

    def open_menu_at_caret(self) -> None:
        """Open the context menu where the caret is."""
        self.context_menu.open_at_caret()
