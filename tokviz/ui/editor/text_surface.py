"""A text with its tokens on the screen: laid out, scrolled, marked, painted. `token_view` makes it an editor.

See there for what each method is for. All offsets are bytes of the text.
"""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.input.touch_scrolling import TouchScrolling
from tokviz.ui.editor.layout.fonts import ZOOM_STEPS, text_font
from tokviz.ui.editor.layout.line_layout import LineLayout, TextStyle
from tokviz.ui.editor.layout.row_space import Caret, PlacedRow, RowSpace
from tokviz.ui.editor.layout.scrolling import Scroller
from tokviz.ui.editor.layout.segments import PLAIN_SEGMENT
from tokviz.ui.editor.layout.visible_rows import VisibleRows
from tokviz.ui.editor.painting.overlay import Overlay
from tokviz.ui.editor.painting.painting import CaretLook, TextPainter
from tokviz.ui.editor.painting.printing import TextPrinter
from tokviz.ui.editor.painting.scene import DisplayOptions, Geometry, Marks, Tokens
from tokviz.ui.editor.painting.token_colors import TokenSource
from tokviz.ui.editor.painting.token_finding import FoundToken, TokenFinder
from tokviz.ui.editor.scroll_bars import ScrollBars

_INDEX_SLICE = 8 << 20
_SETTLE = 100
"""Milliseconds after which the bars follow what was typed."""
_RECOLOR = 40
"""Milliseconds after which tokens that only have other indices have the colours that go with them."""
_SMALL_EDIT = 256
"""Bytes up to which an edit is taken for typing."""


class TextSurface(QAbstractScrollArea):
    """See the module's docstring. Whoever derives from it calls ``_begin`` once it is complete."""

    edited = Signal()
    visible_changed = Signal(int, int)
    scrolled = Signal()
    zoom_changed = Signal(int)

    def __init__(self, buffer: TextBuffer, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buffer = buffer
        self.options = DisplayOptions()
        self.zoom = 0
        self.placeholder = ""
        """What an empty view says."""
        self.theme = theme
        self.sleeps_while_hidden = False
        """Take no part in edits while hidden, which then cost it nothing."""
        self._missed_edit = False
        self._overlays: list[Overlay] = []
        self._geometry = Geometry()
        self._marks = Marks()
        self._marks_gone = False
        """Whether a change took some of them away, which is not drawn yet."""
        self._tokens = Tokens()
        self._shown_bytes = (-1, -1)
        self.line_layout = LineLayout(TextStyle.of(text_font(0)))
        self._rows = RowSpace(buffer, self.line_layout)
        self._scroller = Scroller(buffer, self.line_layout, self._rows)
        self._painter = TextPainter(buffer, self.line_layout, self._rows, theme)
        self._finder = TokenFinder(self._rows, self._tokens)
        self._bars = ScrollBars(
            self.verticalScrollBar(), self.horizontalScrollBar(), self._scroller, self._geometry, self._moved
        )
        self._touch = TouchScrolling(self.viewport(), lambda down, right: self.scroll_pixels(down, right))
        self._indexing = QTimer(self, interval=0)
        self._indexing.timeout.connect(self._index_more)
        self._recoloring = QTimer(self, singleShot=True, interval=_RECOLOR)
        self._recoloring.timeout.connect(self.refresh)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settling.timeout.connect(self._settle)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def _begin(self) -> None:
        """Follow the text from now on."""
        self.set_theme(self.theme)
        self.buffer.follow(Phase.MODEL, self._map_positions)
        self.buffer.follow(Phase.VIEW, self._text_changed)
        self._size_changed()
        self.relayout()

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
        """The tokens of these bytes, or the indices of those after them, are others now. What only has other
        indices is drawn again a little later: a key's frame need not be a whole screen, nor change twice."""
        self._tokens.version += 1
        rows = self._visible()
        if start <= rows[0][1].start and end >= rows[-1][1].stop:
            self._recoloring.stop()
            self.viewport().update()
            return
        self._redraw_spans((start, max(end, start + 1)))
        if not self._recoloring.isActive():
            self._recoloring.start()

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

    # -- where to be --------------------------------------------------------------------------------------

    @property
    def row_height(self) -> int:
        """The height of a row, in pixels."""
        return self.line_layout.style.row_height

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

    def printer(self, theme: Theme) -> TextPrinter:
        """Prints the text as this view draws it, in the colours of ``theme``, a light one."""
        style = self.line_layout.style
        return TextPrinter(self.buffer, self._tokens, self.options, style, theme)

    # -- geometry -----------------------------------------------------------------------------------------

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
        before = self._geometry.scrolled
        self._bars.update_range(width, self.row_height)
        if self._geometry.scrolled != before:  # there is less to the right than was scrolled
            self.viewport().update()

    def _visible(self) -> VisibleRows:
        return self._scroller.visible(self._geometry.height)

    def _moved(self) -> None:
        """Another part of the text is in sight: draw it and tell."""
        self.viewport().update()
        self._scrolled()

    def _scrolled(self) -> None:
        self._bars.show_position()
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

    def _token_at(self, place: QPointF) -> FoundToken | None:
        """The token drawn at a place in the viewport."""
        y, row = self._row_at(place.y())
        if place.x() < self._geometry.gutter or not y <= place.y() < y + self.row_height:
            return None
        return self._finder.at_x(row, place.x() - self._geometry.text_left)

    # -- following the text -------------------------------------------------------------------------------

    def _map_positions(self, change: Change) -> None:
        self._scroller.map_top(change)
        self._marks_gone |= self._marks.apply(change)

    def _text_changed(self, change: Change) -> None:
        """Draw what changed; the bars and whoever watches the visible part can wait for the keys."""
        if self.sleeps_while_hidden and not self.isVisible():
            self._missed_edit = True
            return
        changed = self._scroller.apply(change)
        if self._marks_gone:
            self._marks_gone, changed = False, None
        self._size_changed()
        if not self.buffer.lines.complete:
            self._indexing.start()
        if changed is None:
            self._scroller.keep_filled()
            self.viewport().update()
        else:
            self.viewport().update(0, changed[0], self._geometry.width, changed[1] - changed[0])
        if change.is_load or abs(change.delta) > _SMALL_EDIT:
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

    def _size_changed(self) -> None:
        """The text may be larger or smaller now."""

    # -- painting -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in sight."""
        # (A painter still at work when an exception leaves here would end the program.)
        with QPainter(self.viewport()) as painter:
            self._painter.paint(
                painter,
                event.rect(),
                self._visible(),
                self._geometry,
                self.options,
                self._tokens,
                self._marks,
                self._caret_look(),
                self._overlays,
            )
            if self.placeholder and not len(self.buffer) and self.line_layout.preedit is None:
                painter.setPen(self.theme.muted)
                box = QRect(self._geometry.text_left, 0, self._geometry.width - self._geometry.text_left, 400)
                painter.drawText(box.adjusted(4, 2, -8, 0), Qt.TextFlag.TextWordWrap, self.placeholder)

    def _caret_look(self) -> CaretLook:
        """The caret and the selection to draw: none here."""
        return CaretLook(Caret(0), shown=False, overwrite=False, selection=(0, 0))

    def _redraw_spans(self, *spans: tuple[int, int] | None) -> None:
        """Draw the rows again that these bytes touch."""
        rows = self._visible()
        for span in spans:
            for y, _ in rows.touching(*span) if span else ():
                self.viewport().update(0, y, self._geometry.width, self.row_height)

    def refresh(self) -> None:
        """Draw again."""
        self.viewport().update()

    def show_drop_caret(self, place: QPointF | None) -> None:
        """Show where a drop at a place in the viewport would insert."""
        self._marks.drop_caret = None if place is None else self.caret_at(place).offset
        self.viewport().update()

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
            self._size_changed()
            self.relayout()

    def changeEvent(self, event: QEvent) -> None:
        """Another screen may have another scale."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.EnabledChange):
            self.relayout()

    def sizeHint(self) -> QSize:
        """Room for a text."""
        return QSize(640, 400)
