"""The scroll bars of a view on a text: they show about where it is, and move it exactly.

Without wrapping, rows are counted exactly. With it, the rows above are estimated from the bytes and lines of
each block, so the bar's handle may be off by a little; what one scrolls by is always exact, row by row.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker
from PySide6.QtWidgets import QScrollBar

from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.layout.row_estimate import RowEstimate
from tokviz.ui.editor.layout.text_viewport import TextViewport

_LARGEST = 1 << 30
"""A scroll bar counts in 32 bits; a higher text is counted in more than one pixel a step."""


class ScrollBars(QObject):
    """Keeps the bars in step with the viewport, and the viewport with what one does to the bars."""

    def __init__(
        self,
        vertical: QScrollBar,
        horizontal: QScrollBar,
        buffer: TextBuffer,
        viewport: TextViewport,
        moved: Callable[[], None],
    ) -> None:
        """``moved`` is called when another part of the text is in sight."""
        super().__init__(vertical)
        self._vertical = vertical
        self._horizontal = horizontal
        self._buffer = buffer
        self._viewport = viewport
        self._estimate = RowEstimate(buffer)
        self._moved = moved
        self._scale = 1.0
        """Pixels that a step of the vertical bar stands for."""
        self._can_rest = type(vertical) is QScrollBar
        """Whether the vertical bar may show nothing; a ruler has more to show than where one is."""
        vertical.valueChanged.connect(self._vertical_changed)
        horizontal.valueChanged.connect(self._horizontal_changed)

    def update_range(self) -> bool:
        """Show how high and wide the text is now. Returns whether it moved sideways, as less of it is to the
        right than was scrolled."""
        viewport, geometry = self._viewport, self._viewport.geometry
        height, row_height = viewport.height, viewport.row_height
        self._estimate.set_columns(viewport.layout.columns)
        hidden = max(0, round(self._estimate.total() * row_height) - height)
        if hidden == 0 and not (viewport.at_top() and viewport.at_bottom()):
            hidden = row_height
        self._scale = max(1.0, hidden / _LARGEST)
        width = geometry.width - geometry.gutter
        with QSignalBlocker(self._vertical), QSignalBlocker(self._horizontal):
            self._vertical.setRange(0, round(hidden / self._scale))
            self._vertical.setPageStep(max(1, round((height - row_height) / self._scale)))
            self._vertical.setSingleStep(max(1, round(row_height / self._scale)))
            self._horizontal.setRange(0, max(0, viewport.text_width - width))
            self._horizontal.setPageStep(max(1, width))
            self._horizontal.setSingleStep(20)
        if self._can_rest:
            self._vertical.setEnabled(hidden > 0)
        viewport.scroll_aside_to(self._horizontal.value())
        self.show_position()
        return geometry.scrolled != self._horizontal.value()

    def show_position(self) -> None:
        """Move the vertical handle to where the view is."""
        if self._vertical.isSliderDown():
            return
        maximum = self._vertical.maximum()
        value = min(round(self._pixels_above() / self._scale), maximum)
        if self._viewport.at_top():
            value = 0
        elif value == maximum or value == 0:
            value = maximum if self._viewport.at_bottom() else min(max(1, value), max(1, maximum - 1))
        elif self._viewport.at_bottom():
            value = maximum
        with QSignalBlocker(self._vertical):
            self._vertical.setValue(value)

    def scroll_aside_to(self, scrolled: int) -> None:
        """Move the text to the left by so many pixels in all, as far as there is text, without telling."""
        with QSignalBlocker(self._horizontal):
            self._horizontal.setValue(scrolled)
        self._viewport.scroll_aside_to(self._horizontal.value())

    def show_column(self, x: float) -> None:
        """Move sideways so that ``x`` of the rows is in sight."""
        bar, at = self._horizontal, round(x)
        room = self._viewport.geometry.width - self._viewport.geometry.gutter
        margin = min(60, room // 4)
        if at - bar.value() < 0 or at - bar.value() > room - margin:
            bar.setMaximum(max(bar.maximum(), at + margin - room))
            bar.setValue(at - room // 3 if at < bar.value() else at - room + 2 * margin)

    def _pixels_above(self) -> int:
        """The estimated height of what is above the view's top."""
        row = self._viewport.top_row()
        above = self._estimate.before(row.segment.start) + row.number
        return round(above * self._viewport.row_height) + self._viewport.pixel

    def _vertical_changed(self, value: int) -> None:
        way = round(value * self._scale) - self._pixels_above()
        if value == self._vertical.maximum():
            self._viewport.top, self._viewport.pixel = len(self._buffer), 0
            self._viewport.keep_filled()
        elif value == 0:
            self._move_to(0)
        elif abs(way) <= 3 * self._viewport.height:
            self._viewport.scroll_by(way)
        else:
            self._move_to(round(value * self._scale))
        self._moved()

    def _move_to(self, pixels: int) -> None:
        """Go to where about so many pixels are above the view's top."""
        height = self._viewport.row_height
        wanted = max(0.0, pixels / height)
        row = self._viewport.navigator.first_of(self._estimate.offset_at(wanted))
        rest = max(0.0, wanted - self._estimate.before(row.segment.start))
        number = int(rest)
        if not row.breaks.has(number):
            number = row.breaks.count() - 1
        self._viewport.top = row.segment.start + row.breaks.start(number)
        self._viewport.pixel = min(round((rest - number) * height), height - 1)
        self._viewport.keep_filled()

    def _horizontal_changed(self, value: int) -> None:
        self._viewport.scroll_aside_to(value)
        self._moved()
