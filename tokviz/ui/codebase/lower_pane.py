"""The lower part of the page: treemap, file types, what is left out, making it fit; one at a time."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tokviz.ui.common.tabbed_pane import TabbedPane

_TITLES = ("Treemap", "By type", "Left out", "Make it fit")


class Lower(StrEnum):
    """The parts, by their name in the settings."""

    TREEMAP = "treemap"
    TYPES = "types"
    LEFT_OUT = "left_out"
    FIT = "fit"


class LowerPane(TabbedPane):
    """The parts by their names."""

    chosen = Signal(object)
    """Another part (Lower) is in front."""

    def __init__(self, parts: Sequence[QWidget], parent: QWidget | None = None) -> None:
        """``parts``: a widget for each ``Lower``, in order."""
        titled = list(zip(_TITLES, parts, strict=True))
        super().__init__("What is shown below the tree", titled, parent)
        self.shown.connect(lambda: self.chosen.emit(self.current))

    @property
    def current(self) -> Lower:
        """The part in front."""
        return list(Lower)[self.place]

    def show_lower(self, part: Lower) -> None:
        """Bring a part to the front."""
        self.show_place(list(Lower).index(part))

    def set_left_out(self, number: int) -> None:
        """Say in the tab how many entries are left out."""
        title = f"{_TITLES[2]} ({number:,})" if number else _TITLES[2]
        self.set_title(list(Lower).index(Lower.LEFT_OUT), title)
