"""The lower part of the page: treemap, file types, what is left out, making it fit; one at a time."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tokviz.language import _
from tokviz.ui.common.tabbed_pane import TabbedPane

_TITLES = (_("Treemap"), _("By type"), _("Left out"), _("Make it fit"))
_LEAST_HEIGHT = 100
"""Pixels: less than the parts ask for, so that a window of 600 has room for tree, treemap and plan."""
_ICONS = ("layout-grid", "list", "list-filter", "move-horizontal")


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

    def __init__(
        self, parts: Sequence[QWidget], of_treemap: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        """``parts``: a widget for each ``Lower``, in order; ``of_treemap`` stands beside the tabs while the
        treemap is in front."""
        titled = list(zip(_TITLES, parts, strict=True))
        super().__init__(_("What is shown below the tree"), titled, parent)
        self.setMinimumHeight(_LEAST_HEIGHT)
        for place, name in enumerate(_ICONS):
            self.set_icon(place, name)
        if of_treemap is not None:
            self.set_corner(of_treemap)
            self.shown.connect(lambda: of_treemap.setVisible(self.current is Lower.TREEMAP))
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
        self.set_number(list(Lower).index(Lower.LEFT_OUT), number)
