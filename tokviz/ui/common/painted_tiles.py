"""A treemap's tiles, for keys and for screen readers: arrow keys go where they point."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from tokviz.analysis.codebase.treemap import Direction, Treemap
from tokviz.ui.common.accessible import in_one_line
from tokviz.ui.common.painted_parts import PaintedParts

ARROWS = {
    Qt.Key.Key_Left: Direction.LEFT,
    Qt.Key.Key_Right: Direction.RIGHT,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
}
"""Where each key goes from a tile."""


class PaintedTiles(PaintedParts):
    """A part is a tile that stands for one node: not for many small ones, and not for the whole."""

    def shown_tiles(self) -> Treemap | None:
        """The tiles that are painted; None while there are none."""
        raise NotImplementedError

    def selected_node(self) -> int | None:
        """The node that is chosen, which need not have a tile."""
        raise NotImplementedError

    def node_words(self, node: int) -> str:
        """All that is known of a node, its name first."""
        raise NotImplementedError

    def choose_tile(self, tile: int) -> None:
        """Choose the node of a tile, as a click on it does."""
        raise NotImplementedError

    def part_count(self) -> int:
        return len(self._named)

    def part_words(self, number: int) -> str:
        tiles = self.shown_tiles()
        return "" if tiles is None else self.node_words(int(tiles.nodes[self._named[number]]))

    def part_box(self, number: int) -> QRectF:
        tiles = self.shown_tiles()
        return QRectF() if tiles is None else QRectF(*tiles.rectangles[self._named[number]].tolist())

    def part_at(self, point: QPointF) -> int | None:
        tiles = self.shown_tiles()
        return None if tiles is None else self._number_of(tiles.at(point.x(), point.y()))

    def current_part(self) -> int | None:
        tiles, node = self.shown_tiles(), self.selected_node()
        return self._number_of(None if tiles is None or node is None else tiles.tile_of(node))

    def choose_part(self, number: int) -> None:
        self.choose_tile(int(self._named[number]))

    def overview(self) -> str:
        node = self.selected_node()
        return "" if node is None else in_one_line(self.node_words(node))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        tiles, direction = self.shown_tiles(), ARROWS.get(Qt.Key(event.key()))
        if direction is None or tiles is None:
            super().keyPressEvent(event)
            return
        node = self.selected_node()
        tile = None if node is None else tiles.tile_of(node)
        if not tile:  # nothing is chosen, or the whole, which has nothing beside it
            plain = np.flatnonzero(~tiles.opened & (tiles.gathered == 0))
            found = int(plain[0]) if len(plain) else None
        else:
            found = tiles.neighbour(tile, direction)
        if found is not None:
            self.choose_tile(found)

    def _number_of(self, tile: int | None) -> int | None:
        if tile is None:
            return None
        found = np.flatnonzero(self._named == tile)
        return int(found[0]) if len(found) else None

    @property
    def _named(self) -> NDArray[np.int64]:
        """The tiles that are parts, in the order in which they are painted: ``int64[n]``."""
        tiles = self.shown_tiles()
        if tiles is None:
            return np.zeros(0, np.int64)
        return np.flatnonzero((tiles.depths > 0) & (tiles.gathered == 0))
