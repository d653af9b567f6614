"""What others draw over the rows of a token view: see ``TokenView.add_overlay``."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtGui import QPainter

from tokviz.ui.editor.painting.row_parts import RowPart


class Overlay(Protocol):
    """Draws over text, tokens and marks. It draws often, and should remember what takes long to find out;
    ``TokenView.layout_state`` says until when places in a row stay right."""

    @property
    def draws(self) -> bool:
        """Whether there may be anything to draw now; ``draw`` is not called otherwise."""

    def draw(self, painter: QPainter, parts: Sequence[RowPart], height: int) -> None:
        """Draw over these rows, each ``height`` pixels high, its ``y`` given. The painter's x counts from the
        text's left edge, as ``Row.spans`` does, and what is no text is clipped away."""
