"""The treemap with what stands around it: the way to the shown folder, the colours, the metrics."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.tile_colors import ColorBy
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.codebase.treemap_view import TreemapView
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import ElidedLabel, caption

_COLORS = {ColorBy.TYPE: "by type", ColorBy.DENSITY: "by bytes per token"}
_SETTING = "codebase/colors"
_HINT = "Click selects, double click or Enter goes in, Backspace goes out, Space takes out"


class TreemapPane(QWidget):
    """Puts the view, its path, its legend and its metrics together."""

    legend_changed = Signal(list)
    """The colours by kind of file, as (colour, name)."""

    def __init__(self, settings: Settings, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._metrics: TreeMetrics | None = None
        self.view = TreemapView(theme)
        self._way = QHBoxLayout()
        self._by = QComboBox()
        self._legend = Legend(theme)
        self._says = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._build()

    def show_tree(self, metrics: TreeMetrics | None) -> None:
        """Show another tree; see ``TreemapView.show_tree``."""
        self._metrics = metrics
        self.view.show_tree(metrics)
        self._say(TOP)

    def set_metrics(self, metrics: TreeMetrics) -> None:
        """Show other metrics of the same tree."""
        self._metrics = metrics
        self.view.set_metrics(metrics)
        self._say(TOP)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._legend.theme = theme
        self.view.set_theme(theme)

    def _build(self) -> None:
        for by, text in _COLORS.items():
            self._by.addItem(text, by)
        chosen = self._settings.text(_SETTING, ColorBy.TYPE)
        self._by.setCurrentIndex(max(0, self._by.findData(chosen)))
        self.view.set_color_by(ColorBy(self._by.currentData()))
        self._by.setAccessibleName("What the colours of the treemap say")
        self._by.currentIndexChanged.connect(self._color)
        self._says.setProperty("role", "muted")
        self._says.setAccessibleName("Figures of the tile")
        self.view.folder_shown.connect(self._show_way)
        self.view.hovered.connect(self._say)
        self.view.node_chosen.connect(self._say)
        self.view.drawn.connect(self._show_legend)
        self._way.setSpacing(0)
        head = QHBoxLayout()
        head.addLayout(self._way)
        head.addStretch(1)
        head.addWidget(caption("&Colours", self._by, "muted"))
        head.addWidget(self._by)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self._legend)
        column.addWidget(self._says)

    def _color(self) -> None:
        by = ColorBy(self._by.currentData())
        self._settings.set(_SETTING, by.value)
        self.view.set_color_by(by)

    def _show_legend(self) -> None:
        if self.view.picture:
            self._legend.show_entries(self.view.picture.legend)
            if self.view.maker.by is ColorBy.TYPE:
                self.legend_changed.emit(self.view.picture.legend)

    def _show_way(self, folder: int) -> None:
        """A button for each folder around the shown one, and its own name."""
        while item := self._way.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
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
            button.setText((shape.names[node] or "everything").replace("&", "&&"))
            button.setEnabled(node != folder)
            button.setToolTip("" if node == folder else f"Show {cells.place(self._metrics, node)}")
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
        self._entries: list[tuple[QColor, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: Sequence[tuple[QColor, str]]) -> None:
        """Show these colours and names."""
        self._entries = list(entries)
        self.setAccessibleName("Colours: " + ", ".join(name for _, name in entries))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            metrics = self.fontMetrics()
            side = metrics.ascent()
            left = 0.0
            for color, name in self._entries:
                width = side + 5 + metrics.horizontalAdvance(name)
                if left + width > self.width():
                    break
                square = QRectF(left + 0.5, (self.height() - side) / 2 + 0.5, side - 1, side - 1)
                painter.setPen(self.theme.border)
                painter.setBrush(color)
                painter.drawRect(square)
                painter.setPen(self.theme.muted)
                text = QRectF(left + side + 5, 0, width, self.height())
                painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, name)
                left += width + 14
