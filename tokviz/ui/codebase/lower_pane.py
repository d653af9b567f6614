"""The lower part of the page: treemap, file types, what is left out, making it fit; one at a time."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

_TITLES = ("Treemap", "By type", "Left out", "Make it fit")


class Lower(StrEnum):
    """The parts, by their name in the settings."""

    TREEMAP = "treemap"
    TYPES = "types"
    LEFT_OUT = "left_out"
    FIT = "fit"


class LowerPane(QWidget):
    """Tabs over a stack."""

    chosen = Signal(object)
    """Another part (Lower) is in front."""

    def __init__(self, parts: Sequence[QWidget], parent: QWidget | None = None) -> None:
        """``parts``: a widget for each ``Lower``, in order."""
        super().__init__(parent)
        self._tabs = QTabBar()
        self._tabs.setObjectName("pages")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName("What is shown below the tree")
        self._stack = QStackedWidget()
        for title, part in zip(_TITLES, parts, strict=True):
            self._tabs.addTab(title)
            self._stack.addWidget(part)
        self._tabs.currentChanged.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)

    @property
    def current(self) -> Lower:
        """The part in front."""
        return list(Lower)[self._tabs.currentIndex()]

    def show_part(self, part: Lower) -> None:
        """Bring a part to the front."""
        self._tabs.setCurrentIndex(list(Lower).index(part))

    def set_left_out(self, number: int) -> None:
        """Say in the tab how many entries are left out."""
        title = f"{_TITLES[2]} ({number:,})" if number else _TITLES[2]
        self._tabs.setTabText(list(Lower).index(Lower.LEFT_OUT), title)

    def _show(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self.chosen.emit(self.current)
