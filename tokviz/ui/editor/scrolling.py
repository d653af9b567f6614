"""Keeps a scroll area, what is in sight in it, and its bars in step: when it is scrolled, resized, edited."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea

from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change
from tokviz.ui.editor.input.editor_state import EditorState
from tokviz.ui.editor.layout.fonts import TextStyle, text_font
from tokviz.ui.editor.layout.text_viewport import Geometry, TextViewport, gutter_width
from tokviz.ui.editor.repainting import Repainting
from tokviz.ui.editor.scroll_bars import ScrollBars

_INDEX_SLICE = 8 << 20
"""Bytes whose lines are counted at a time after a large edit."""
_SETTLE = 100
"""Milliseconds after which the bars follow what was typed."""
_SMALL_EDIT = 256
"""Bytes up to which an edit is taken for typing."""


class Scrolling(QObject):
    """Moves a view over its text, and tells of it."""

    visible_changed = Signal(int, int)
    scrolled = Signal()

    def __init__(
        self,
        area: QAbstractScrollArea,
        buffer: TextBuffer,
        viewport: TextViewport,
        state: EditorState,
        repainting: Repainting,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._buffer = buffer
        self._viewport = viewport
        self._state = state
        self._repainting = repainting
        self._zoom = 0
        self._shown_bytes = (-1, -1)
        bars = area.verticalScrollBar(), area.horizontalScrollBar()
        self._bars = ScrollBars(*bars, buffer, viewport, self._moved)
        self._indexing = QTimer(self, interval=0)
        self._indexing.timeout.connect(self._index_more)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settling.timeout.connect(self.settle)

    # -- scrolling -------------------------------------------------------------------------------------

    @property
    def position(self) -> tuple[int, int, int]:
        """The byte on top, the pixels of its row out of sight, and those to the left."""
        return self._viewport.top, self._viewport.pixel, self._viewport.geometry.scrolled

    def move_to(self, position: tuple[int, int, int]) -> None:
        """Go to the ``position`` of a view that shows the same text at the same width."""
        if position != self.position:
            self._viewport.top, self._viewport.pixel, scrolled = position
            self._viewport.keep_filled()
            self._bars.scroll_aside_to(scrolled)
            self._moved()

    def by(self, down: int, right: int) -> None:
        """Scroll by exactly so many pixels, as far as there is text."""
        moved = self._viewport.scroll_by(down) if down else 0
        if right:
            bar = self._area.horizontalScrollBar()
            bar.setValue(bar.value() + right)
        if moved and abs(moved) < self._viewport.geometry.height:
            self._area.viewport().scroll(0, -moved)  # what stays in sight is not drawn again
        elif moved:
            self._repainting.all()
        self._scrolled()

    def reveal(self, offset: int) -> None:
        """Scroll so that this byte is in sight, with some rows around it."""
        self._viewport.show(self._viewport.rows.at(offset), margin=3)
        self._moved()

    def show_caret(self) -> None:
        """Scroll so that the caret is in sight."""
        before, caret = self.position, self._state.caret
        row = self._viewport.navigator.of_caret(caret)
        self._viewport.show(row)
        if not self._state.options.wrap:
            self._bars.show_column(row.x_of(caret.offset))
        if before != self.position:
            self._repainting.forget_caret()
            self._moved()

    # -- following the view and its text ---------------------------------------------------------------

    def relayout(self, zoom: int) -> None:
        """Lay out for the size of the area, the options, and letters ``zoom`` points larger than usual. A
        caret that was in sight stays there when a bar or a pane below takes its room."""
        self._zoom = zoom
        height, caret = self._viewport.geometry.height, self._state.caret
        first, last = self._shown_bytes
        style, canvas = self._viewport.layout.style, self._area.viewport()
        if style.font != (font := text_font(zoom)):
            style = TextStyle.of(font)
        geometry = Geometry(
            canvas.width(),
            canvas.height(),
            self._gutter_width(style),
            scrolled=self._viewport.geometry.scrolled,
            ratio=canvas.devicePixelRatioF(),
        )
        self._viewport.configure(geometry, style, self._state.options.wrap)
        self._viewport.keep_filled()
        if 0 < geometry.height < height and first <= caret.offset <= min(last, len(self._buffer)):
            self._viewport.show(self._viewport.navigator.of_caret(caret))
        self._update_bars()
        self._moved()

    def follow(self, change: Change, touched: tuple[int, int] | None) -> None:
        """Draw what of the view a change of the text touched (top and bottom; None: all); the bars, and
        whoever watches the visible part, can wait for the keys."""
        if not self._buffer.lines.complete:
            self._indexing.start()
        if touched is None:
            self._viewport.keep_filled()
            self._repainting.all()
        else:
            self._repainting.band(*touched)
        if change.is_load or abs(change.delta) > _SMALL_EDIT:
            self.settle()
        elif not self._settling.isActive():
            self._settling.start()

    def settle(self) -> None:
        """After edits: the bars, the width of the line numbers, and what is in sight now."""
        self._settling.stop()
        self._count_lines()
        self._scrolled()

    def _index_more(self) -> None:
        if self._buffer.lines.advance(_INDEX_SLICE):
            self._indexing.stop()
        self._count_lines()

    def _count_lines(self) -> None:
        if self._gutter_width(self._viewport.layout.style) != self._viewport.geometry.gutter:
            self.relayout(self._zoom)
        self._update_bars()

    def _gutter_width(self, style: TextStyle) -> int:
        return gutter_width(self._buffer.lines, style) if self._state.options.line_numbers else 0

    def _update_bars(self) -> None:
        if self._bars.update_range():
            self._repainting.all()

    def _moved(self) -> None:
        """Another part of the text is in sight: draw it and tell."""
        self._repainting.all()
        self._scrolled()

    def _scrolled(self) -> None:
        self._repainting.scrolled()
        self._bars.show_position()
        shown = self._viewport.visible_bytes()
        if shown != self._shown_bytes:
            self._shown_bytes = shown
            self.visible_changed.emit(*shown)
        self.scrolled.emit()
