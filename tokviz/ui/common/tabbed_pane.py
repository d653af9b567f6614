"""Tabs over a stack, as the pages have below what they are about."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from tokviz.ui.common.widgets import fill, tab_bar


class TabbedPane(QWidget):
    """Shows one of several parts."""

    shown = Signal(int)
    """Another part, by its place, is in front."""

    def __init__(
        self, name: str, parts: Sequence[tuple[str, QWidget]], parent: QWidget | None = None
    ) -> None:
        """``name``: what the tabs are called to those who do not see them; ``parts``: titles and widgets."""
        super().__init__(parent)
        self._tabs = tab_bar(name)
        self._stack = QStackedWidget()
        for title, widget in parts:
            self._tabs.addTab(title)
            self._stack.addWidget(widget)
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self._tabs.currentChanged.connect(self.shown)
        fill(QVBoxLayout(self), self._tabs, self._stack, wide=self._stack, spacing=4)

    @property
    def place(self) -> int:
        """Which part is in front."""
        return self._tabs.currentIndex()

    def show_place(self, place: int) -> None:
        """Bring the part at ``place`` to the front."""
        self._tabs.setCurrentIndex(place)

    def show_part(self, widget: QWidget) -> None:
        """Bring a part to the front."""
        self._tabs.setCurrentIndex(self._stack.indexOf(widget))

    def is_in_front(self, widget: QWidget) -> bool:
        """Whether a part can be seen."""
        return self.isVisible() and self._stack.currentWidget() is widget

    def set_title(self, place: int, title: str) -> None:
        """Call the part at ``place`` otherwise."""
        self._tabs.setTabText(place, title)
