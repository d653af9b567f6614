"""The lines of a context as a treemap: what costs most is largest, whatever it is put together by."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from tokviz.analysis import formatting
from tokviz.analysis.codebase.treemap import Treemap, TreemapLayout
from tokviz.analysis.conversation.message_tree import TreeRow
from tokviz.analysis.conversation.row_tree import RowTree
from tokviz.analysis.conversation.stack import Layer
from tokviz.language import _, ngettext
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.focus_ring import paint_ring
from tokviz.ui.common.painted_tiles import PaintedTiles
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.theme import Theme, mixed
from tokviz.ui.common.treemap_picture import (
    SETTLING,
    Drawing,
    lay_out,
    new_image,
    paint,
    paint_outline,
)
from tokviz.ui.common.type_sizes import LEGEND, sized
from tokviz.ui.conversation.layer_colors import layer_color

_SOFTER = {True: 0.55, False: 0.62}
"""How far a tile's colour is mixed with the ground, by whether the theme is dark, so that text on it has a
contrast of 5."""
_LAYERS = {layer: number for number, layer in enumerate(Layer)}


class _LayerInks:
    """Tiles have the colour of their layer, softened."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        softer = _SOFTER[theme.dark]
        self.colors = [mixed(layer_color(layer, theme), theme.surface, softer) for layer in Layer]

    def ground(self, number: int, depth: int) -> QColor:
        return mixed(self.colors[number], self._theme.surface, 0.4) if depth else self._theme.surface


class PartsMap(PaintedTiles):
    """A tile is chosen by click or arrow key, opened by double click or Enter, left out by Space."""

    chosen = Signal(object)
    """A ``TreeRow``; so are the others."""
    opened = Signal(object)
    toggled = Signal(object, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("Treemap of the context"), parent)
        self._theme = theme
        self._tree = RowTree(())
        self._without: frozenset[int] = frozenset()
        self._mark = ""
        self._whole = 1
        self._image: QImage | None = None
        self._tiles: Treemap | None = None
        self._selected: int | None = None
        """A node."""
        self._hovered: int | None = None
        """A tile."""
        self._work = SlicedWork(self)
        self._start = Debouncer(self._begin, 0, self)
        self.setMouseTracking(True)
        self.setMinimumSize(120, 96)

    def show_rows(self, rows: Sequence[TreeRow], without: frozenset[int], mark: str, whole: int) -> None:
        """Show these lines; ``mark`` stands before counts with a range, ``whole`` is the window's tokens."""
        chosen = self._tree.rows[self._selected] if self._selected is not None else None
        self._tree = RowTree(rows)
        self._without, self._mark, self._whole = without, mark, max(1, whole)
        self._selected = self._tree.node_of(chosen) if chosen else None
        self._tiles = None
        self.tell()
        self._renew(0)

    def show_without(self, without: frozenset[int]) -> None:
        """Show which parts are left out."""
        if without != self._without:
            self._without = without
            self.tell()
            self._renew(0)

    def select(self, row: TreeRow) -> None:
        """Mark the tile of a line."""
        self._selected = self._tree.node_of(row)
        self.show_parts()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self._renew(0)

    def row_at(self, place: QPointF) -> TreeRow | None:
        """The line at a point of the widget."""
        return self._row(self._tile_at(place))

    def words(self, row: TreeRow) -> str:
        """What is known of a line."""
        parts = [part for part in row.parts if part in self._without]
        tokens = row.tokens if row.below else row.whole
        said = formatting.tokens(tokens or 0, self._mark + formatting.grouped(tokens))
        if tokens is not None:
            share = formatting.percent(tokens / self._whole)
            said = _("{tokens}, {share} of the window", tokens=said, share=share)
        lines = [f"{row.layer.words}: {row.title}", said]
        if parts:
            lines.append(
                ngettext(
                    "{out} of {n} part left out",
                    "{out} of {n} parts left out",
                    len(row.parts),
                    out=formatting.grouped(len(parts)),
                )
            )
        return "\n".join(lines)

    # -- the picture -------------------------------------------------------------------------------------

    def _renew(self, delay: int) -> None:
        self._start.delay = delay
        self._start.restart()

    def _begin(self) -> None:
        if self.isVisible() and min(self.width(), self.height()) > 8:
            self._work.start(self._steps())

    def _steps(self) -> Iterator[None]:
        tree, size, font = self._tree, self.size(), sized(self.font(), LEGEND)
        tiles = yield from lay_out(TreemapLayout(tree, tree.weights), 0, size, font)
        numbers = np.array([self._number(tree, node) for node in tiles.nodes.tolist()], np.int64)
        image = new_image(size, self.devicePixelRatioF())
        out = _left_out(tree, tiles, self._without)
        drawing = Drawing(
            tree,
            tiles,
            _LayerInks(self._theme),
            numbers,
            tree.weights,
            self._mark,
            out,
            self._theme,
            font,
            _("left out"),
        )
        yield from paint(drawing, image)
        self._image, self._tiles = image, tiles
        self.show_parts()

    def _number(self, tree: RowTree, node: int) -> int:
        row = tree.rows[node]
        return _LAYERS[Layer.OTHER if row is None else row.layer]

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self._image is None:
                painter.fillRect(self.rect(), self._theme.surface)
                return
            painter.drawImage(QRectF(self.rect()), self._image, QRectF(self._image.rect()))
            if self._tiles is None:
                return
            if self._hovered is not None:
                paint_outline(painter, self._tiles, self._hovered, QPen(self._theme.text, 1))
            tile = None if self._selected is None else self._tiles.tile_of(self._selected)
            if tile is not None:
                width = 3 if self.hasFocus() else 2
                paint_outline(painter, self._tiles, tile, QPen(self._theme.accent, width))
            elif self.hasFocus():
                paint_ring(painter, self.rect(), self._theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._renew(SETTLING)

    def showEvent(self, event: object) -> None:
        self._renew(0)

    # -- mouse and keys ----------------------------------------------------------------------------------

    def _tile_at(self, place: QPointF) -> int | None:
        return self._tiles.at(place.x(), place.y()) if self._tiles else None

    def _row(self, tile: int | None) -> TreeRow | None:
        if tile is None or self._tiles is None:
            return None
        return self._tree.rows[int(self._tiles.nodes[tile])]

    def _choose(self, tile: int | None) -> None:
        row = self._row(tile)
        if row is not None and self._tiles is not None and tile is not None:
            self._selected = int(self._tiles.nodes[tile])
            self.show_parts()
            self.chosen.emit(row)

    def shown_tiles(self) -> Treemap | None:
        return self._tiles

    def selected_node(self) -> int | None:
        return self._selected

    def node_words(self, node: int) -> str:
        row = self._tree.rows[node]
        return self.words(row) if row is not None else ""

    def choose_tile(self, tile: int) -> None:
        self._choose(tile)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        tile = self._tile_at(event.position())
        if tile != self._hovered:
            self._hovered = tile or None
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose(self._tile_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and row is not None:
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        row = None if self._selected is None else self._tree.rows[self._selected]
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.opened.emit(row)
        elif key is Qt.Key.Key_Space and row is not None:
            self.toggled.emit(row, self._without.issuperset(row.parts))
        else:
            super().keyPressEvent(event)

    def tip_at(self, point: QPointF) -> str:
        row = self.row_at(point)
        return self.words(row) if row else ""


def _left_out(tree: RowTree, tiles: Treemap, without: frozenset[int]) -> NDArray[np.int64]:
    """The outermost tiles of which all is left out: ``int64[k]``."""
    found: list[int] = []
    whole: set[int] = set()
    for tile, (node, depth) in enumerate(zip(tiles.nodes.tolist(), tiles.depths.tolist(), strict=True)):
        row = tree.rows[node]
        if row is None or tiles.gathered[tile] or not row.parts or not without.issuperset(row.parts):
            continue
        if depth == 1:
            whole.add(row.branch)
        if depth == 1 or row.branch not in whole:
            found.append(tile)
    return np.array(found, np.int64)
