"""Tabs over a stack, as the pages have below what they are about."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from tokviz import language
from tokviz.ui.common.icons import icon
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.widgets import fill, show_badge, tab_bar

_BEHIND = 12
"""Pixels behind a badge."""


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
        self._badges: dict[int, _TabBadge] = {}
        for title, widget in parts:
            self._tabs.addTab(title)
            self._stack.addWidget(widget)
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self._tabs.currentChanged.connect(self.shown)
        self._head = fill(QHBoxLayout(), self._tabs, spacing=8)
        self._head.addStretch(1)
        fill(QVBoxLayout(self), self._head, self._stack, wide=self._stack, spacing=4)

    def set_corner(self, widget: QWidget) -> None:
        """Show a widget beside the tabs, at the end of their row."""
        self._head.addWidget(widget)

    def set_icon(self, place: int, name: str) -> None:
        """Put an icon before the title of the part at ``place``."""
        self._tabs.setTabIcon(place, icon(name))

    def set_number(self, place: int, number: int) -> None:
        """Show a number in a badge behind the title of the part at ``place``; none if it is 0."""
        holder = self._badges.get(place)
        if holder is None:
            holder = self._badges[place] = _TabBadge(self._tabs)
        holder.show_text(language.number(number) if number else "")
        # Taken away first: the one that was there is hidden, also if it is the same.
        for button in (None, holder if number else None):
            self._tabs.setTabButton(place, QTabBar.ButtonPosition.RightSide, button)
        title = self._tabs.tabText(place)
        self._tabs.setAccessibleTabName(place, f"{title}, {number:,}" if number else title)

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


class _TabBadge(QWidget):
    """A badge that stands nearer to its own title than to the next one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._label = QLabel()
        fill(QHBoxLayout(self), self._label).setContentsMargins(reading_margins(0, 0, _BEHIND, 0))

    @property
    def text(self) -> str:
        """What it shows."""
        return self._label.text()

    def show_text(self, text: str) -> None:
        """Show ``text`` in it."""
        show_badge(self._label, text, "grey")
        self.adjustSize()
