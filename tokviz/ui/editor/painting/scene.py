"""What a view shows besides the text: the options, the tokens, the marks; and the measures of the picture."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokviz.text.change import Change
from tokviz.ui.editor.painting.token_colors import Heat, TokenSource


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
    heat: Heat | None = None
    """Colour by this instead of by turns, such as ``bytes_per_token_heat``."""


@dataclass(slots=True)
class Marks:
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
    """The tokens in force, and a number that changes with them."""

    source: TokenSource | None = None
    special: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    version: int = 0


@dataclass(slots=True)
class Geometry:
    """The picture's measures, in pixels."""

    width: int = 1
    height: int = 1
    gutter: int = 0
    """The width of the line numbers' column."""
    margin: int = 8
    """Between that column, or the left edge, and the text."""
    scrolled: int = 0
    """How far the text is moved to the left."""
    ratio: float = 1.0
    """Device pixels for each pixel."""

    @property
    def text_left(self) -> int:
        """The x of the text's left edge in the view."""
        return self.gutter + self.margin - self.scrolled
