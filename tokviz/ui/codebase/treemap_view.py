"""The treemap: tokens as areas, folder in folder."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.analysis.codebase.treemap import Treemap
from tokviz.language import _
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.tile_colors import ColorBy
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.codebase.treemap_maker import Canvas, Drawn, TreemapMaker
from tokviz.ui.common.focus_ring import paint_ring
from tokviz.ui.common.painted_tiles import PaintedTiles
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.treemap_picture import SETTLING, paint_outline
from tokviz.ui.common.type_sizes import LEGEND, sized


class TreemapView(PaintedTiles):
    """Shows what is in one folder, with one node selected."""

    node_chosen = Signal(int)
    node_opened = Signal(int)
    """Enter or a double click on a file."""
    node_toggled = Signal(int)
    """Space: exclude or include the node."""
    menu_wanted = Signal(int, QPoint)
    folder_shown = Signal(int)
    """Another folder fills the view."""
    hovered = Signal(int)
    """The node under the mouse; the top (0) for none."""
    drawn = Signal()
    """There is another picture."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("Treemap of the tokens"), parent)
        self._theme = theme
        self._metrics: TreeMetrics | None = None
        self.folder = TOP
        """The folder (its node) that fills the view."""
        self.selected = TOP
        """The selected node; the top (0) for none."""
        self._hovered: int | None = None
        self.picture: Drawn | None = None
        """The picture that is shown; None while there is none."""
        self.maker = TreemapMaker(theme, self._canvas, self)
        self.maker.made.connect(self._take)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 40)

    # -- what is shown ---------------------------------------------------------------------------------

    def show_tree(self, metrics: TreeMetrics | None) -> None:
        """Show another tree, from its root down."""
        self.picture = None
        self.selected = TOP
        self._hovered = None
        self._metrics = metrics
        self.maker.set_tree(metrics)
        self.folder = outermost(metrics)
        self.folder_shown.emit(self.folder)
        self.tell()
        self._renew()
        self.update()

    def set_metrics(self, metrics: TreeMetrics) -> None:
        """Show other metrics of the same tree."""
        self._metrics = metrics
        self.tell()
        if self.isVisible():
            self.maker.set_metrics(metrics)

    def set_color_by(self, by: ColorBy) -> None:
        """Let the colours say something else."""
        self.maker.by = by
        self._renew()

    def set_planned(self, files: NDArray[np.bool_] | None) -> None:
        """Mark what a plan would leave out: ``bool[m]``; None is nothing."""
        before = self.maker.planned
        if (files is None) != (before is None) or (
            files is not None and before is not None and not np.array_equal(files, before)
        ):
            self.maker.planned = files
            self._renew()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = self.maker.theme = theme
        self._renew()

    def show_folder(self, node: int) -> None:
        """Fill the view with a folder."""
        if self._metrics is None or self._metrics.tree.shape.is_file[node] or node == self.folder:
            return
        self.folder = node
        self._hovered = None
        self.folder_shown.emit(node)
        self._renew()

    def go_out(self) -> bool:
        """Show the folder around; False at the root."""
        if self._metrics is None or self.folder == outermost(self._metrics):
            return False
        inner = self.folder
        self.show_folder(int(self._metrics.tree.shape.parents[inner]))
        self._choose(inner)
        return True

    def select(self, node: int) -> None:
        """Mark a node; the view goes out to where it can be seen."""
        if node == self.selected or self._metrics is None:
            return
        self.selected = node
        shape, folder = self._metrics.tree.shape, self.folder
        if not folder <= node < shape.ends[folder]:
            self.show_folder(outermost(self._metrics))
        self.show_parts()

    def make_image(self, size: QSize, done: Callable[[QImage], None]) -> None:
        """Make a picture of what is shown in another size; ``done`` is called with it in a moment."""
        if self._metrics is None:
            return
        canvas = Canvas(size, 1.0, self._label_font(), self.folder)
        maker = TreemapMaker(self._theme, lambda: canvas, self)
        maker.by, maker.planned = self.maker.by, self.maker.planned
        maker.set_tree(self._metrics)
        maker.made.connect(lambda drawn: done(drawn.image))
        maker.made.connect(maker.deleteLater)
        maker.renew()

    def _canvas(self) -> Canvas:
        return Canvas(self.size(), self.devicePixelRatioF(), self._label_font(), self.folder)

    def _label_font(self) -> QFont:
        return sized(self.font(), LEGEND)

    def _renew(self) -> None:
        if self.isVisible():
            self.maker.renew()

    def _take(self, drawn: Drawn) -> None:
        self.picture = drawn
        if drawn.node != self.folder:
            self.maker.renew()
        self.show_parts()
        self.drawn.emit()

    # -- painting --------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.surface)
            if self.picture is None or self._metrics is None:
                return
            if not len(self.picture.tiles):
                painter.setPen(self._theme.muted)
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("Nothing here takes part."))
                return
            image = self.picture.image
            # Until the new picture is there, the old one is stretched.
            painter.drawImage(QRectF(self.rect()), image, QRectF(image.rect()))
            if image.deviceIndependentSize().toSize() != self.size() or self.picture.node != self.folder:
                return
            if self._hovered is not None:
                paint_outline(painter, self.picture.tiles, self._hovered, QPen(self._theme.text, 1))
            if tile := self.picture.tiles.tile_of(self.selected):
                paint_outline(
                    painter, self.picture.tiles, tile, QPen(self._theme.accent, 3 if self.hasFocus() else 2)
                )
            elif self.hasFocus():
                paint_ring(painter, self.rect(), self._theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.maker.put_off(SETTLING if self.picture else 0)

    def showEvent(self, event: QShowEvent) -> None:
        if self._metrics is not None:
            self.maker.set_metrics(self._metrics)

    # -- mouse and keys --------------------------------------------------------------------------------

    def tile_at(self, place: QPointF) -> int | None:
        """The tile (its place in the picture) at a point of the widget."""
        return self.picture.tiles.at(place.x(), place.y()) if self.picture else None

    def node_at(self, place: QPointF) -> int:
        """The node at a point of the widget; the top (0) if there is none."""
        tile = self.tile_at(place)
        return TOP if tile is None or self.picture is None else int(self.picture.tiles.nodes[tile])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        tile = self.tile_at(event.position())
        if tile != self._hovered:
            self._hovered = tile
            self.hovered.emit(self.node_at(event.position()))
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.hovered.emit(TOP)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        node = self.node_at(event.position())
        if event.button() is Qt.MouseButton.BackButton:
            self.go_out()
        elif node != TOP:
            self._choose(node)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (node := self.node_at(event.position())) != TOP:
            self._go_in(node)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        node = self.node_at(QPointF(event.pos())) if by_mouse else self.selected
        if node != TOP:
            self.menu_wanted.emit(node, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected != TOP:
            self._go_in(self.selected)
        elif key is Qt.Key.Key_Space and self.selected != TOP:
            self.node_toggled.emit(self.selected)
        elif key is not Qt.Key.Key_Backspace or not self.go_out():
            super().keyPressEvent(event)

    def tip_at(self, point: QPointF) -> str:
        node = self.node_at(point)
        return cells.tooltip(self._metrics, node) if self._metrics and node != TOP else ""

    def shown_tiles(self) -> Treemap | None:
        return self.picture.tiles if self.picture else None

    def selected_node(self) -> int | None:
        return self.selected if self.selected != TOP else None

    def node_words(self, node: int) -> str:
        if self._metrics is None:
            return ""
        return f"{cells.place(self._metrics, node)}: {cells.summary(self._metrics, node)}"

    def choose_tile(self, tile: int) -> None:
        if self.picture is not None:
            self._choose(int(self.picture.tiles.nodes[tile]))

    def _choose(self, node: int) -> None:
        if node != self.selected:
            self.selected = node
            self.show_parts()
            self.node_chosen.emit(node)

    def _go_in(self, node: int) -> None:
        """Fill the view with a folder, or with a file's folder; open a file that lies right in it."""
        if self._metrics is None:
            return
        shape = self._metrics.tree.shape
        if not shape.is_file[node]:
            self.show_folder(node)
        elif int(shape.parents[node]) != self.folder:
            self.show_folder(int(shape.parents[node]))
        else:
            self.node_opened.emit(node)


def outermost(metrics: TreeMetrics | None) -> int:
    """Where the view begins: the root if there is one, else the top above all roots."""
    roots = metrics.tree.shape.root_nodes if metrics else ()
    return roots[0] if len(roots) == 1 else TOP
