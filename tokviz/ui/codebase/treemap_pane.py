"""The treemap with what stands around it: the way to the shown folder, the colours, the metrics."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.language import _
from tokviz.lists import listed
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.tile_colors import ColorBy
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.codebase.treemap_view import TreemapView, outermost
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import CHIP, keep_sized
from tokviz.ui.common.widgets import ElidedLabel, caption, choose, clear, fill, name_box

_COLORS = {
    ColorBy.FOLDER: _("by top folder"),
    ColorBy.TYPE: _("by type"),
    ColorBy.DENSITY: _("by bytes per token"),
}
_NARROW = 700
"""Width under which the choice of colours has no caption."""
_LOW = 130
"""Height under which all room is the map's: lines below it would lie on it."""
_SIDE, _GAP = 10, 14
"""Pixels of a legend's square, and between its entries."""
_ONE_LINE = Qt.TextFlag.TextSingleLine
_PLANNED = _("would be left out")
_SETTING = "codebase/colors"
_HINT = _("Click selects, double click or Enter goes in, Backspace goes out, Space takes out")


class TreemapPane(QWidget):
    """Puts the view, its path, its legend and its metrics together."""

    kind_colors_changed = Signal(object)
    """The colours of kinds of file (dict[str, QColor])."""

    def __init__(self, settings: Settings, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._theme = theme
        self._metrics: TreeMetrics | None = None
        self.view = TreemapView(theme)
        self._way = QHBoxLayout()
        self._by = ChoiceBox()
        self.color_choice = QWidget()
        """What the colours say, to stand beside the tabs."""
        self._legend = Legend(theme)
        self._says = ElidedLabel("muted", name=_("Figures of the tile"))
        self._build()

    def show_tree(self, metrics: TreeMetrics | None) -> None:
        """Show another tree; see ``TreemapView.show_tree``."""
        self._metrics = metrics
        self.view.show_tree(metrics)
        self._say(TOP)

    def select(self, node: int) -> None:
        """Mark a node, and say what it is."""
        self.view.select(node)
        self._say(node)

    def set_metrics(self, metrics: TreeMetrics) -> None:
        """Show other metrics of the same tree."""
        self._metrics = metrics
        self.view.set_metrics(metrics)
        self._say(TOP)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = self._legend.theme = theme
        self.view.set_theme(theme)

    def _build(self) -> None:
        for by, text in _COLORS.items():
            self._by.addItem(text, by)
        choose(self._by, self._settings.text(_SETTING, ColorBy.FOLDER))
        self.view.set_color_by(ColorBy(self._by.currentData()))
        name_box(self._by, _("What the colours of the treemap say"))
        self._by.currentIndexChanged.connect(self._color)
        self.view.folder_shown.connect(self._show_way)
        self.view.hovered.connect(self._say)
        self.view.node_chosen.connect(self._say)
        self.view.drawn.connect(self._show_legend)
        self._way.setSpacing(0)
        self._caption = caption(_("C&olour"), self._by, "muted")
        fill(QHBoxLayout(self.color_choice), self._caption, self._by, spacing=8)
        self._way_bar = QWidget()
        fill(QHBoxLayout(self._way_bar), self._way).addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._way_bar)
        column.addWidget(self.view, 1)
        column.addWidget(self._legend)
        column.addWidget(self._says)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._caption.setVisible(self.width() >= _NARROW)
        for line in (self._legend, self._says):
            line.setVisible(self.height() >= _LOW)

    def _color(self) -> None:
        by = ColorBy(self._by.currentData())
        self._settings.set(_SETTING, by.value)
        self.view.set_color_by(by)

    def _show_legend(self) -> None:
        if self.view.picture:
            picture = self.view.picture
            # Translators: tiles are lighter, or darker, the deeper their folders lie
            shading = _("lighter = deeper") if self._theme.dark else _("darker = deeper")
            depth = shading if picture.shows_depth else ""
            self._legend.show_entries(picture.legend, _PLANNED if picture.planned else "", depth)
            if self.view.maker.by is ColorBy.TYPE:
                self.kind_colors_changed.emit(picture.kind_colors)

    def _show_way(self, folder: int) -> None:
        """A button for each folder around the shown one, and its own name."""
        clear(self._way)
        self._way_bar.setVisible(self._metrics is not None and folder != outermost(self._metrics))
        if self._metrics is None:
            return
        shape = self._metrics.tree.shape
        several = len(shape.root_nodes) > 1
        nodes = ([TOP] if several else []) + (shape.ancestors(folder) if folder != TOP else [])
        for node in [*nodes, folder] if folder != TOP or not several else [TOP]:
            if self._way.count():
                arrow = QLabel("›")
                arrow.setProperty("role", "muted")
                self._way.addWidget(arrow)
            button = QToolButton()
            button.setText((shape.names[node] or _("everything")).replace("&", "&&"))
            button.setEnabled(node != folder)
            button.setToolTip(
                "" if node == folder else _("Show {place}", place=cells.place(self._metrics, node))
            )
            button.clicked.connect(lambda _=False, node=node: self.view.show_folder(node))
            self._way.addWidget(button)

    def _say(self, node: int) -> None:
        if self._metrics is None:
            self._says.setText("")
            return
        node = node or self.view.selected
        if node == TOP:
            self._says.setText(_HINT)
        else:
            self._says.setText(f"{cells.place(self._metrics, node)}   {cells.summary(self._metrics, node)}")


class Legend(QWidget):
    """Small squares with names, as many as there is room for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        keep_sized(self, CHIP)
        self._entries: list[tuple[QColor, str]] = []
        self._dashed = self._note = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: Sequence[tuple[QColor, str]], dashed: str = "", note: str = "") -> None:
        """Show these colours and names, after them what a dashed edge means, and a note at the end."""
        self._entries, self._dashed, self._note = list(entries), dashed, note
        names = listed([*(name for _color, name in entries), *((dashed,) if dashed else ())])
        self.setAccessibleName(
            _("Colours: {names}; {note}", names=names, note=note)
            if note
            else _("Colours: {names}", names=names)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            metrics = self.fontMetrics()
            end = self.width() - (metrics.horizontalAdvance(self._note) + _GAP if self._note else 0)
            if self._dashed:
                end -= _SIDE + 5 + metrics.horizontalAdvance(self._dashed) + _GAP
            left = 0
            for color, name in self._entries:
                if left + _SIDE + 5 + metrics.horizontalAdvance(name) > end:
                    left += self._draw(painter, left, None, "…") if left < end else 0
                    break
                left += self._draw(painter, left, color, name)
            if self._dashed:
                left += self._draw(painter, left, self.theme.warning, self._dashed, dashed=True)
            painter.setPen(self.theme.muted)
            painter.drawText(
                self.rect(),
                _ONE_LINE | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                self._note,
            )

    def _draw(
        self, painter: QPainter, left: int, color: QColor | None, name: str, dashed: bool = False
    ) -> int:
        """Draw an entry; how far the next one is from it."""
        square = QRectF(left + 0.5, (self.height() - _SIDE) / 2 + 0.5, _SIDE - 1, _SIDE - 1)
        side = 0
        if color is not None:
            side = _SIDE + 5
            painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine) if dashed else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if dashed else color)
            painter.drawRoundedRect(self._placed(square), 2, 2)
        painter.setPen(self.theme.muted)
        width = self.fontMetrics().horizontalAdvance(name)
        text = QRectF(left + side, 0, width + 2, self.height())
        painter.drawText(self._placed(text), _ONE_LINE | Qt.AlignmentFlag.AlignVCenter, name)
        return side + width + _GAP

    def _placed(self, rect: QRectF) -> QRectF:
        """Where ``rect`` is, if it is worked out from the side at which people begin to read."""
        return rect.translated(self.width() - rect.right() - rect.left(), 0) if self.isRightToLeft() else rect
