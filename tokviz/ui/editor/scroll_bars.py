"""The scroll bars of a view: they show about where it is, and move it exactly."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker
from PySide6.QtWidgets import QScrollBar

from tokviz.ui.editor.layout.scrolling import Scroller
from tokviz.ui.editor.painting.scene import Geometry

_LARGEST = 1 << 30
"""A scroll bar counts in 32 bits; a higher text is counted in more than one pixel a step."""


class ScrollBars(QObject):
    """Keeps the bars in step with the scroller, and the scroller with what one does to the bars."""

    def __init__(
        self,
        vertical: QScrollBar,
        horizontal: QScrollBar,
        scroller: Scroller,
        geometry: Geometry,
        moved: Callable[[], None],
    ) -> None:
        super().__init__(vertical)
        self._vertical = vertical
        self._horizontal = horizontal
        self._scroller = scroller
        self._geometry = geometry
        self._moved = moved
        self._scale = 1.0
        vertical.valueChanged.connect(self._vertical_changed)
        horizontal.valueChanged.connect(self._horizontal_changed)

    def update_range(self, text_width: int, row_height: int) -> None:
        """Take in how high and wide the text is now."""
        height = self._scroller.height
        hidden = max(0, self._scroller.total_pixels() - height)
        if hidden == 0 and not (self._scroller.at_top() and self._scroller.at_bottom()):
            hidden = row_height
        self._scale = max(1.0, hidden / _LARGEST)
        width = self._geometry.width - self._geometry.gutter
        with QSignalBlocker(self._vertical), QSignalBlocker(self._horizontal):
            self._vertical.setRange(0, round(hidden / self._scale))
            self._vertical.setPageStep(max(1, round((height - row_height) / self._scale)))
            self._vertical.setSingleStep(max(1, round(row_height / self._scale)))
            self._horizontal.setRange(0, max(0, text_width - width))
            self._horizontal.setPageStep(max(1, width))
            self._horizontal.setSingleStep(20)
        self._geometry.scrolled = self._horizontal.value()
        self.show_position()

    def show_position(self) -> None:
        """Move the vertical handle to where the view is."""
        if self._vertical.isSliderDown():
            return
        maximum = self._vertical.maximum()
        value = min(round(self._scroller.position_pixels() / self._scale), maximum)
        if self._scroller.at_top():
            value = 0
        elif value == maximum or value == 0:
            value = maximum if self._scroller.at_bottom() else min(max(1, value), max(1, maximum - 1))
        elif self._scroller.at_bottom():
            value = maximum
        with QSignalBlocker(self._vertical):
            self._vertical.setValue(value)

    def _vertical_changed(self, value: int) -> None:
        way = round(value * self._scale) - self._scroller.position_pixels()
        if value == self._vertical.maximum():
            self._scroller.move_to_end()
        elif value == 0:
            self._scroller.move_to(0)
        elif abs(way) <= 3 * self._scroller.height:
            self._scroller.scroll_by(way)
        else:
            self._scroller.move_to(round(value * self._scale))
        self._moved()

    def _horizontal_changed(self, value: int) -> None:
        self._geometry.scrolled = value
        self._moved()
