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

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
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
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget

from tokviz.ui.text.accessibility import AccessibleEvents, AccessibleText
from tokviz.ui.text.buffer import Edit, TextBuffer
from tokviz.ui.text.clipboard import TextMime
from tokviz.ui.text.commands import Commands
from tokviz.ui.text.context_menu import context_menu
from tokviz.ui.text.editor import Editor
from tokviz.ui.text.fonts import ZOOM_STEPS, text_font
from tokviz.ui.text.input_method import InputMethod
from tokviz.ui.text.keys import command_of, move_of, typed_text, types_only
from tokviz.ui.text.line_layout import LineLayout, TextStyle
from tokviz.ui.text.mouse import Mouse
from tokviz.ui.text.movement import Movement
from tokviz.ui.text.overlay import Overlay
from tokviz.ui.text.painting import CaretLook, TextPainter
from tokviz.ui.text.printing import TextPrinter
from tokviz.ui.text.row_space import Caret, PlacedRow, RowSpace
from tokviz.ui.text.scene import DisplayOptions, Geometry, Marks, Tokens
from tokviz.ui.text.scroll_bars import ScrollBars
from tokviz.ui.text.scrolling import Scroller
from tokviz.ui.text.segments import PLAIN_SEGMENT
from tokviz.ui.text.token_colors import TokenSource
from tokviz.ui.text.token_finding import FoundToken, TokenFinder
from tokviz.ui.text.undo import Kind, UndoHistory
from tokviz.ui.text.visible_rows import VisibleRows
from tokviz.ui.text_positions import to_utf8
from tokviz.ui.theme import Theme

EDITABLE_LIMIT = 32 << 20
"""Bytes up to which a text is editable: past this an edit would take more than a frame."""
_TOO_LARGE = (
    "Read-only: this text is larger than {limit} MB, the most that can be edited at the speed of typing."
)
_INDEX_SLICE = 8 << 20
_CURSOR_QUERIES = (
    Qt.InputMethodQuery.ImCursorRectangle
    | Qt.InputMethodQuery.ImCursorPosition
    | Qt.InputMethodQuery.ImAnchorPosition
    | Qt.InputMethodQuery.ImSurroundingText
    | Qt.InputMethodQuery.ImCurrentSelection
)
_SETTLE = 100
"""Milliseconds after which the bars follow what was typed."""
_SMALL_EDIT = 256
"""Bytes up to which an edit is taken for typing."""


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
    ) -> None:
        super().__init__(parent)
        self.buffer = buffer
        self.history = history or UndoHistory(buffer)
        self.options = DisplayOptions()
        self.zoom = 0
        self.read_only_reason = ""
        self.placeholder = ""
        """What an empty view says."""
        self.theme = theme
        self.sleeps_while_hidden = False
        """Take no part in edits while hidden, which then cost it nothing."""
        self.menu_additions: Callable[[QMenu, FoundToken | None], None] | None = None
        """Adds to the context menu what concerns the token pointed at, if any, or those selected."""
        self._missed_edit = False
        self._overlays: list[Overlay] = []
        self._asked_read_only = ""
        self._geometry = Geometry()
        self._marks = Marks()
        self._tokens = Tokens()
        self._shown_bytes = (-1, -1)
        self.line_layout = LineLayout(TextStyle.of(text_font(0)))
        self._rows = RowSpace(buffer, self.line_layout)
        self.movement = Movement(buffer, self._rows)
        self.editor = Editor(buffer, self.history, self.movement, self)
        self.commands = Commands(self)
        self._scroller = Scroller(buffer, self.line_layout, self._rows)
        self._painter = TextPainter(buffer, self.line_layout, self._rows, theme)
        self._finder = TokenFinder(self._rows, self._tokens)
        self._input = InputMethod(self)
        self._mouse = Mouse(self)
        self._bars = ScrollBars(
            self.verticalScrollBar(), self.horizontalScrollBar(), self._scroller, self._geometry, self._moved
        )
        self._blink = QTimer(self)
        self._blink.timeout.connect(self._toggle_caret)
        self._caret_on = True
        self._wheel_zoom = 0
        self._indexing = QTimer(self, interval=0)
        self._indexing.timeout.connect(self._index_more)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settling.timeout.connect(self._settle)
        self._drawn_caret = (0, 0)
        self._drawn_selection = (0, 0)
        self._had_selection = False
        self._set_up_widget()
        self.set_theme(theme)
        self.editor.cursor_moved.connect(self._cursor_moved)
        self.editor.selection_changed.connect(self.selection_changed)
        buffer.listen(self._text_changed)
        self._accessible: AccessibleText | None = None
        self._accessible_events = AccessibleEvents(self)
        self._apply_limit()
        self.relayout()

    def _set_up_widget(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setAttribute(Qt.WidgetAttribute.WA_KeyCompression)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAcceptDrops(True)
        self.setAccessibleName("Text and its tokens")
        viewport = self.viewport()
        viewport.setMouseTracking(True)
        viewport.setCursor(Qt.CursorShape.IBeamCursor)
        viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        viewport.setFocusProxy(self)

    # -- what to show ----------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.theme = theme
        self._painter.set_theme(theme)
        self.viewport().update()

    def set_options(self, options: DisplayOptions) -> None:
        """Draw other things; the row on top stays on top."""
        self.options = options
        self.relayout()

    def set_token_map(self, source: TokenSource | None) -> None:
        """Show these tokens."""
        self._tokens.source = source
        self.tokens_changed(0, len(self.buffer))

    def set_special_tokens(self, ids: Iterable[int]) -> None:
        """Draw the tokens with these ids as special ones."""
        self._tokens.special = np.array(sorted(ids), np.uint32)
        self.tokens_changed(0, len(self.buffer))

    def tokens_changed(self, start: int, end: int) -> None:
        """The tokens of these bytes, or the indices of those after them, are others now."""
        self._tokens.version += 1
        self.viewport().update()

    def set_pinned(self, span: tuple[int, int] | None) -> None:
        """Outline these bytes as the pinned token."""
        before, self._marks.pinned = self._marks.pinned, span
        self._redraw_spans(before, span)

    def highlight_bytes(self, start: int, end: int) -> None:
        """Outline these bytes (another pane points at them)."""
        before, self._marks.highlighted = self._marks.highlighted, ((start, end),)
        self._redraw_spans(*before, (start, end))

    def highlight_spans(self, spans: Iterable[tuple[int, int]]) -> None:
        """Outline several stretches of bytes, such as what was found."""
        self._marks.highlighted = tuple(spans)
        self.viewport().update()

    def clear_highlights(self) -> None:
        """Outline nothing but the hovered and pinned tokens."""
        before, self._marks.highlighted = self._marks.highlighted, ()
        self._redraw_spans(*before)

    def add_overlay(self, overlay: Overlay) -> None:
        """Have ``overlay`` draw over the rows from now on; call ``refresh`` when it would draw otherwise."""
        self._overlays.append(overlay)
        self.viewport().update()

    @property
    def layout_state(self) -> tuple[int, int]:
        """Another value as soon as anything in a row may stand elsewhere."""
        return self.buffer.revision, self.line_layout.version

    def set_read_only(self, reason: str) -> None:
        """Refuse edits because of ``reason``; the empty string allows them (up to ``EDITABLE_LIMIT``)."""
        self._asked_read_only = reason
        self._apply_limit()

    def zoom_by(self, steps: int) -> None:
        """Make the letters larger or smaller by so many points; 0: their own size again."""
        self.set_zoom(self.zoom + steps if steps else 0)

    def set_zoom(self, zoom: int) -> None:
        """Make the letters ``zoom`` points larger than their own size."""
        zoom = max(ZOOM_STEPS[0], min(ZOOM_STEPS[1], zoom))
        if zoom != self.zoom:
            self.zoom = zoom
            self.relayout()
            self.zoom_changed.emit(zoom)

    # -- where to be -----------------------------------------------------------------------------------

    @property
    def row_height(self) -> int:
        """The height of a row, in pixels."""
        return self.line_layout.style.row_height

    def select(self, start: int, end: int) -> None:
        """Select these bytes, widened to whole characters, and show them."""
        buffer = self.buffer
        self.editor.select(buffer.boundary_before(start), buffer.boundary_after(min(end, len(buffer))))

    def reveal(self, offset: int) -> None:
        """Scroll so that this byte is in sight."""
        self._scroller.show(Caret(self.buffer.boundary_before(offset)), margin=3)
        self._moved()

    def visible_bytes(self) -> tuple[int, int]:
        """The bytes (start, end) of the rows in sight."""
        rows = self._visible()
        return rows[0][1].start, rows[-1][1].stop

    def scroll_state(self) -> tuple[int, int, int]:
        """Where the view is: the byte on top, the pixels of its row out of sight, and those to the left."""
        return self._scroller.top, self._scroller.pixel, self._geometry.scrolled

    def set_scroll_state(self, state: tuple[int, int, int]) -> None:
        """Go where another view is that shows the same text at the same width."""
        if state == self.scroll_state():
            return
        self._scroller.top, self._scroller.pixel = state[0], state[1]
        self._scroller.keep_filled()
        with QSignalBlocker(self.horizontalScrollBar()):
            self.horizontalScrollBar().setValue(state[2])
        self._geometry.scrolled = self.horizontalScrollBar().value()
        self._moved()

    def scroll_pixels(self, down: int, right: int) -> None:
        """Scroll by exactly so many pixels, as far as there is text."""
        moved = self._scroller.scroll_by(down) if down else 0
        if right:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + right)
        if moved and abs(moved) < self._geometry.height:
            self.viewport().scroll(0, -moved)  # what stays in sight is not drawn again
        elif moved:
            self.viewport().update()
        self._scrolled()

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

    def printer(self, theme: Theme) -> TextPrinter:
        """Prints the text as this view draws it, in the colours of ``theme``, a light one."""
        style = self.line_layout.style
        return TextPrinter(self.buffer, self._tokens, self.options, style, theme)

    # -- geometry --------------------------------------------------------------------------------------

    def relayout(self) -> None:
        """Take in the size, the font and the options."""
        viewport, geometry = self.viewport(), self._geometry
        style = self.line_layout.style
        if style.font != (font := text_font(self.zoom)):
            style = TextStyle.of(font)
        geometry.width, geometry.height = viewport.width(), viewport.height()
        geometry.ratio = viewport.devicePixelRatioF()
        geometry.gutter = self._gutter_width(style)
        room = geometry.width - geometry.gutter - geometry.margin - 2 * style.advance
        columns = max(16, int(room / style.advance)) if self.options.wrap else None
        self.line_layout.configure(style, columns)
        self._scroller.configure(geometry.height, columns)
        self._scroller.keep_filled()
        self.editor.page_rows = max(1, geometry.height // style.row_height - 1)
        self._update_bars()
        self._moved()

    def _gutter_width(self, style: TextStyle) -> int:
        if not self.options.line_numbers:
            return 0
        return round(max(3, len(str(self.buffer.lines.line_count))) * style.advance) + 18

    def _update_bars(self) -> None:
        advance = self.line_layout.style.advance
        longest = 0 if self.options.wrap else min(self.buffer.lines.longest_line, PLAIN_SEGMENT)
        width = 0 if self.options.wrap else round((longest + 3) * advance) + self._geometry.margin
        self._bars.update_range(width, self.row_height)

    def _visible(self) -> VisibleRows:
        return self._scroller.visible(self._geometry.height)

    def _moved(self) -> None:
        """Another part of the text is in sight: draw it and tell."""
        self.viewport().update()
        self._scrolled()

    def _scrolled(self) -> None:
        self._bars.show_position()
        self._drawn_caret = self._caret_rows(self._visible())
        shown = self.visible_bytes()
        if shown != self._shown_bytes:
            self._shown_bytes = shown
            self.visible_changed.emit(*shown)
        self.scrolled.emit()

    def _row_at(self, y: float) -> tuple[int, PlacedRow]:
        rows = self._visible()
        number = int((y - rows[0][0]) // self.row_height)
        return rows[max(0, min(number, len(rows) - 1))]

    def caret_at(self, place: QPointF) -> Caret:
        """The caret nearest to a place in the viewport."""
        _, row = self._row_at(place.y())
        return self._rows.caret_at(row, place.x() - self._geometry.text_left)

    def character_at(self, place: QPointF) -> int:
        """The offset of the character at a place in the viewport, or of its row's end."""
        _, row = self._row_at(place.y())
        return self._rows.character_at(row, place.x() - self._geometry.text_left)

    def is_over_text(self, place: QPointF) -> bool:
        """Whether a row's text is drawn at a place in the viewport."""
        y, row = self._row_at(place.y())
        left, right = self._rows.row(row).extent
        return y <= place.y() < y + self.row_height and left <= place.x() - self._geometry.text_left < right

    def row_bytes(self, offset: int) -> tuple[int, int]:
        """The bytes (start, end) of the row that holds ``offset``, its line break included."""
        row = self._rows.at(Caret(offset))
        return row.start, row.stop

    def box_of(self, start: int, end: int) -> QRect | None:
        """The extent in the viewport of what these bytes have in sight; None if they have nothing."""
        boxes = [
            QRectF(left, top, right - left, bottom - top)
            for left, top, right, bottom in self._painter.boxes(self._visible(), self._geometry, (start, end))
        ]
        whole = QRectF()
        for box in boxes:
            whole |= box
        return whole.toAlignedRect() if boxes else None

    def accessible_text(self) -> AccessibleText:
        """What a screen reader talks to."""
        if self._accessible is None:
            self._accessible = AccessibleText(self)
        return self._accessible

    def caret_rectangle(self) -> QRectF | None:
        """Where the caret is in the viewport; None if it is out of sight."""
        return self._painter.caret_box(self._visible(), self._geometry, self.editor.caret)

    # -- following the text and the caret --------------------------------------------------------------

    def _text_changed(self, edit: Edit) -> None:
        """Draw what an edit changed; the bars and whoever watches the visible part can wait for the keys."""
        if self.sleeps_while_hidden and not self.isVisible():
            self._missed_edit = True
            return
        marks = self._marks
        whole = edit.start == 0 and edit.inserted == len(self.buffer)
        changed = None if whole else self._scroller.follow(edit)
        if whole:
            self._scroller.top = self._scroller.pixel = 0
        if marks.highlighted or (marks.pinned and (whole or edit.start < marks.pinned[1])) or marks.hovered:
            changed = None
            marks.highlighted, marks.hovered = (), None
            marks.pinned = None if whole or (marks.pinned and edit.start < marks.pinned[1]) else marks.pinned
        self._apply_limit()
        if not self.buffer.lines.complete:
            self._indexing.start()
        if changed is None:
            self._scroller.keep_filled()
            self.viewport().update()
        else:
            self.viewport().update(0, changed[0], self._geometry.width, changed[1] - changed[0])
        if whole or abs(edit.delta) > _SMALL_EDIT:
            self._settle()
        elif not self._settling.isActive():
            self._settling.start()
        self.edited.emit()

    def _settle(self) -> None:
        """After edits: the bars, the width of the line numbers, and what is in sight now."""
        self._settling.stop()
        if self._gutter_width(self.line_layout.style) != self._geometry.gutter:
            self.relayout()
        self._update_bars()
        self._scrolled()

    def _index_more(self) -> None:
        if self.buffer.lines.advance(_INDEX_SLICE):
            self._indexing.stop()
        if self._gutter_width(self.line_layout.style) != self._geometry.gutter:
            self.relayout()
        self._update_bars()

    def _apply_limit(self) -> None:
        too_large = len(self.buffer) > EDITABLE_LIMIT
        reason = self._asked_read_only
        if not reason and too_large:
            reason = _TOO_LARGE.format(limit=EDITABLE_LIMIT >> 20)
        if reason != self.read_only_reason:
            self.read_only_reason = reason
            self.editor.read_only = bool(reason)
            self.read_only_changed.emit(reason)

    def _cursor_moved(self) -> None:
        self.show_caret()
        self._restart_blink()
        self._redraw_cursor()
        self.updateMicroFocus(_CURSOR_QUERIES)
        self.cursor_moved.emit()

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

    def _caret_rows(self, rows: Sequence[tuple[int, PlacedRow]]) -> tuple[int, int]:
        """The (y, height) of the caret's row; (0, 0) if it is out of sight."""
        box = self._painter.caret_box(rows, self._geometry, self.editor.caret)
        return (0, 0) if box is None else (int(box.top()) - 1, self.row_height)

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

    def _redraw_spans(self, *spans: tuple[int, int] | None) -> None:
        """Draw the rows again that these bytes touch."""
        for y, row in self._visible():
            if any(span and span[0] < row.stop and span[1] > row.start for span in spans):
                self.viewport().update(0, y, self._geometry.width, self.row_height)

    def refresh(self) -> None:
        """Draw again."""
        self.viewport().update()

    # -- painting --------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in sight."""
        painter = QPainter(self.viewport())
        look = CaretLook(
            self.editor.caret,
            self._caret_on and self.hasFocus() and not self.editor.read_only,
            self.editor.overwrite,
            self.editor.selection,
        )
        self._painter.paint(
            painter,
            event.rect(),
            self._visible(),
            self._geometry,
            self.options,
            self._tokens,
            self._marks,
            look,
        )
        if self.placeholder and not len(self.buffer) and self.line_layout.preedit is None:
            painter.setPen(self.theme.muted)
            box = QRect(self._geometry.text_left, 0, self._geometry.width - self._geometry.text_left, 400)
            painter.drawText(box.adjusted(4, 2, -8, 0), Qt.TextFlag.TextWordWrap, self.placeholder)
        if self._overlays:
            self._painter.overlay(painter, event.rect(), self._visible(), self._geometry, self._overlays)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap at the new width."""
        super().resizeEvent(event)
        self.relayout()

    def showEvent(self, event: QShowEvent) -> None:
        """Make up for what was missed."""
        super().showEvent(event)
        if self._missed_edit:
            self._missed_edit = False
            self.clear_highlights()
            self.set_pinned(None)
            self._apply_limit()
            self.relayout()

    def changeEvent(self, event: QEvent) -> None:
        """Another screen may have another scale."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.EnabledChange):
            self.relayout()

    def sizeHint(self) -> QSize:
        """Room for a text."""
        return QSize(640, 400)

    # -- the caret's blinking --------------------------------------------------------------------------

    def _restart_blink(self) -> None:
        self._caret_on = True
        flash = QGuiApplication.styleHints().cursorFlashTime()
        if self.hasFocus() and flash > 0:
            self._blink.start(flash // 2)
        else:
            self._blink.stop()

    def _toggle_caret(self) -> None:
        self._caret_on = not self._caret_on
        box = self.caret_rectangle()
        if box is not None:
            self.viewport().update(
                box.toAlignedRect().adjusted(-6, -2, round(self.line_layout.style.advance), 2)
            )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self._restart_blink()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret; what is being composed stays."""
        super().focusOutEvent(event)
        self._blink.stop()
        self.viewport().update()

    # -- keys and input methods ------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys an editor needs from the window's shortcuts."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._takes(event):
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
        if types_only(event):
            return True
        command = command_of(event)
        if command is not None:
            return not (self.editor.read_only and command in Commands.EDITING)
        return move_of(event) is not None or bool(typed_text(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, edit, type."""
        quick = types_only(event)
        command = None if quick else command_of(event)
        moved = None if quick or command else move_of(event)
        text = typed_text(event) if command is None and moved is None else ""
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

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Text from an input method."""
        self._input.event(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """What an input method asks."""
        answer = self._input.query(query)
        return super().inputMethodQuery(query) if answer is None else answer

    # -- mouse -----------------------------------------------------------------------------------------

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
        self._mouse.drop(event)

    def show_drop_caret(self, place: QPointF | None) -> None:
        """Show where a drop at a place in the viewport would insert."""
        self._marks.drop_caret = None if place is None else self.caret_at(place).offset
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by pixels where the device gives them, else by rows; zoom with Ctrl."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._wheel_zoom += angle.y()
            steps = int(self._wheel_zoom / 120)
            self._wheel_zoom -= steps * 120
            if steps:
                self.zoom_by(steps)
        elif not pixels.isNull():
            self.scroll_pixels(-pixels.y(), -pixels.x())
        else:
            rows = QGuiApplication.styleHints().wheelScrollLines()
            step = self.row_height * rows / 120
            aside = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            down, right = (0, angle.y() + angle.x()) if aside else (angle.y(), angle.x())
            self.scroll_pixels(-round(down * step), -round(right * step))
        event.accept()

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

    def _token_at(self, place: QPointF) -> FoundToken | None:
        """The token drawn at a place in the viewport."""
        y, row = self._row_at(place.y())
        if place.x() < self._geometry.gutter or not y <= place.y() < y + self.row_height:
            return None
        return self._finder.at_x(row, place.x() - self._geometry.text_left)

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

    def publish_selection(self) -> None:
        """Offer the selection for a middle click, where the platform has that."""
        clipboard = QGuiApplication.clipboard()
        start, end = self.editor.selection
        if clipboard.supportsSelection() and start != end:
            clipboard.setMimeData(TextMime(self.buffer.slice(start, end)), clipboard.Mode.Selection)
