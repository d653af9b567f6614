"""What a view shows besides the text, and the one value a frame is painted from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from tokviz.text.change import Change
from tokviz.ui.editor.layout.row_navigator import Caret, Row
from tokviz.ui.editor.layout.text_viewport import Geometry
from tokviz.ui.editor.painting.token_colors import HeatMap, TokenSource
from tokviz.ui.editor.painting.visible_rows import VisibleRow


@dataclass(frozen=True, slots=True)
class DisplayOptions:
    """What is drawn, and how. ``dataclasses.replace`` makes a changed one."""

    colors: bool = True
    """Token colours."""
    boundaries: bool = True
    """A thin mark at every token boundary."""
    whitespace: bool = False
    """Signs for blanks, tabs, line ends and what has no width."""
    line_numbers: bool = False
    wrap: bool = True
    heat_map: HeatMap | None = None
    """Colour by this instead of by turns, such as ``bytes_per_token_heat``."""


@dataclass(slots=True)
class Decorations:
    """What is outlined, as (start, end) in bytes."""

    hovered: tuple[int, int] | None = None
    pinned: tuple[int, int] | None = None
    highlighted: tuple[tuple[int, int], ...] = ()
    drop_caret: int | None = None
    """Where a drop would insert."""

    def apply(self, change: Change) -> bool:
        """Follow a change: what is pinned moves along with the text unless it was changed itself; the rest
        goes. Returns whether any of them was where it no longer is."""
        gone = bool(self.highlighted or self.hovered)
        self.highlighted, self.hovered = (), None
        before = self.pinned
        self.pinned = change.map_range(*before) if before else None
        return gone or self.pinned != before


@dataclass(slots=True)
class Tokens:
    """The tokens in force, and the ids of the special ones."""

    source: TokenSource | None = None
    special: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))


class Overlay(Protocol):
    """Draws over text, tokens and decorations. It draws often, and should remember what takes long to find
    out; ``RowNavigator.version`` says until when positions in a row stay right."""

    @property
    def draws(self) -> bool:
        """Whether there may be anything to draw now; ``draw`` is not called otherwise."""

    def draw(self, painter: QPainter, rows: Sequence[VisibleRow], height: int) -> None:
        """Draw over these rows, each ``height`` pixels high, its ``y`` given. The painter's x counts from the
        text's left edge, as ``VisibleRow.spans`` does, and what is no text is clipped away."""


@dataclass(frozen=True, slots=True)
class Frame:
    """All that is painted at a time."""

    area: QRect
    """What of the view is painted."""
    rows: Sequence[tuple[int, Row]]
    """(y, row) of each row that touches the area."""
    geometry: Geometry
    options: DisplayOptions
    tokens: Tokens
    decorations: Decorations = field(default_factory=Decorations)
    selection: tuple[int, int] = (0, 0)
    caret: Caret = field(default_factory=lambda: Caret(0))
    caret_shown: bool = False
    overwrite: bool = False
    """Whether the caret shows that typing replaces what follows."""
    overlays: Sequence[Overlay] = ()
