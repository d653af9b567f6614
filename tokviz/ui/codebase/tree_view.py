"""The tree of folders and files."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from tokviz.analysis.formatting import grouped, percent
from tokviz.language import _, ngettext, number
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.delegate import PADDING, RowDelegate
from tokviz.ui.codebase.render_cache import CheckBoxLayout, RenderCache
from tokviz.ui.codebase.row_painter import RowPainter, Section
from tokviz.ui.codebase.tree_metrics import HEADERS, HIDDEN_AT_FIRST, Column
from tokviz.ui.codebase.tree_model import TreeModel
from tokviz.ui.common.placement import remember_header, restore_header
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.staying_menu import StayingMenu
from tokviz.ui.common.table_header import TableHeader
from tokviz.ui.common.theme import Theme

_WIDTHS = {
    Column.NAME: 200,
    Column.TOKENS: 90,
    Column.FOLDER: 76,
    Column.WINDOW: 144,
    Column.BYTES: 70,
    Column.DENSITY: 86,
    Column.LANGUAGE: 82,
    Column.ENCODING: 90,
}
_LONGEST = {
    Column.TOKENS: grouped(9_999_999),
    Column.FOLDER: "~" + percent(0.888),
    Column.WINDOW: percent(0.00008),
    Column.BYTES: size(8_880_000),
    Column.DENSITY: "~" + number("8.88"),
    Column.LANGUAGE: ngettext("{n} file", "{n} files", 9999),
}
"""What has room in each column."""
_LEAST_BAR = 48
"""Pixels of a bar before its number."""
_MOST_OPENED = 400
"""Rows that are opened at one stroke at most."""
_STATE = "codebase/header"
_CHECKABLE = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator


class TreeView(QTreeView):
    """Shows a ``TreeModel``; tells what the user does with a node in its own terms."""

    node_chosen = Signal(int)
    """The current node has changed."""
    node_opened = Signal(int)
    """Enter or a double click on a file."""
    menu_wanted = Signal(int, QPoint)
    """The context menu of a node, at a place on the screen."""

    def __init__(self, model: TreeModel, settings: Settings, theme: Theme, parent: QWidget | None = None):
        super().__init__(parent)
        self._model = model
        self._settings = settings
        self._theme = theme
        self._delegate = RowDelegate(self)
        self._boxes = CheckBoxLayout()
        self._painter: RowPainter | None = None
        self._cache = RenderCache()
        self._hovered = -1
        self._badges: dict[int, str] = {}
        """What stands beside names, by node."""
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(_("Files and folders with their tokens"))
        self.setUniformRowHeights(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.entered.connect(self._hover)
        self.setExpandsOnDoubleClick(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_for_menu)
        self.setIndentation(15)
        self.setMinimumHeight(72)
        self._build_header()
        self.selectionModel().currentRowChanged.connect(
            lambda index, _: self.node_chosen.emit(self._model.node_of(index))
        )

    @property
    def current_node(self) -> int:
        """The node of the current row; the top (0) if there is none."""
        return self._model.node_of(self.currentIndex())

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.viewport().update()

    def set_badges(self, badges: dict[int, str]) -> None:
        """Show these words, by node, beside the names."""
        if badges != self._badges:
            self._badges = badges
            self.viewport().update()

    def make_room(self, tokens: str) -> None:
        """Make the column of the tokens wide enough for this number."""
        needed = self.fontMetrics().horizontalAdvance(tokens) + 2 * PADDING + 2
        if self.columnWidth(Column.TOKENS) < needed:
            self.setColumnWidth(Column.TOKENS, needed)

    def show_node(self, node: int) -> None:
        """Make ``node`` the current row and bring it into view, with the folders around it opened."""
        index = self._model.index_of(node)
        if index.isValid() and self._model.node_of(self.currentIndex()) != node:
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def visible_rows(self) -> dict[int, tuple[int, int]]:
        """By folder (its node), the first and the last of its rows that are on the screen."""
        ranges: dict[int, tuple[int, int]] = {}
        index, bottom = self.indexAt(QPoint(1, 1)), self.viewport().height()
        while index.isValid() and self.visualRect(index).top() <= bottom:
            folder, row = self._model.node_of(index.parent()), index.row()
            first, last = ranges.get(folder, (row, row))
            ranges[folder] = min(first, row), max(last, row)
            index = self.indexBelow(index)
        return ranges

    def opened_nodes(self) -> list[int]:
        """The folders that stand open, from the top down, as far as the user sees or can scroll to them."""
        opened, index = [], self._model.index(0, 0)
        while index.isValid():
            if self.isExpanded(index):
                opened.append(self._model.node_of(index))
            index = self.indexBelow(index)
        return opened

    def open_nodes(self, nodes: Iterable[int]) -> None:
        """Open these folders, parents first."""
        for node in nodes:
            index = self._model.index_of(node)
            if index.isValid():
                self.expand(index)

    def open_down(self, index: QModelIndex, most: int = _MOST_OPENED) -> None:
        """Open a folder and those in it, level by level, until about ``most`` more rows are there."""
        level, rows = [index], 0
        while level and rows < most:
            deeper: list[QModelIndex] = []
            for folder in level:
                if rows >= most:
                    break
                self.expand(folder)
                count = self._model.rowCount(folder)
                rows += count
                below = (self._model.index(row, 0, folder) for row in range(min(count, most)))
                deeper += [child for child in below if self._model.hasChildren(child)]
            level = deeper

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics, header = self._model.metrics, self.header()
        self._painter = None
        if metrics is not None:
            shown = [column for column in Column if not header.isSectionHidden(column)]
            sections = [
                Section(column, header.sectionViewportPosition(column), header.sectionSize(column))
                for column in shown
            ]
            shapes = self._cache.shapes(self._theme, self.devicePixelRatioF())
            self._painter = RowPainter(
                metrics, sections, self._cache.texts(self.font()), shapes, self._badges
            )
        super().paintEvent(event)

    def drawRow(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if self._painter is None:
            return
        node, row = int(index.internalId()), QRect(option.rect)
        current = self._model.node_of(self.currentIndex()) == node
        if current:
            painter.fillRect(row, self._theme.selection)
        elif self._hovered == node:
            painter.fillRect(row, self._theme.hover)
        item = self.visualRect(index)
        left = self.header().sectionViewportPosition(Column.NAME)
        if self.isRightToLeft():
            right = left + self.header().sectionSize(Column.NAME)
            branches = QRect(item.right() + 1, row.top(), right - item.right() - 1, row.height())
        else:
            branches = QRect(left, row.top(), item.left() - left, row.height())
        self.drawBranches(painter, branches, index)
        option.rect = item
        option.features = _CHECKABLE
        box, room = self._boxes.box_and_text(option)
        self._painter.paint(painter, node, row, box, room, selected=current)
        if current and self.hasFocus():
            painter.setPen(self._theme.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(row.adjusted(0, 0, -1, -1))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(QModelIndex())
        super().leaveEvent(event)

    def _hover(self, index: QModelIndex) -> None:
        self._hovered = self._model.node_of(index) if index.isValid() else -1
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Asterisk:
            # Qt would open everything below, a hundred thousand rows if need be.
            self.open_down(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._model.hasChildren(index.siblingAtColumn(0)):
            self._open(index)
        else:
            super().mouseDoubleClickEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row = index.siblingAtColumn(0)
        if self._model.hasChildren(row):
            self.setExpanded(row, not self.isExpanded(row))
        else:
            self.node_opened.emit(self._model.node_of(row))

    def _ask_for_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if index.isValid():
            self.setCurrentIndex(index.siblingAtColumn(0))
            self.menu_wanted.emit(self._model.node_of(index), self.viewport().mapToGlobal(place))

    def _build_header(self) -> None:
        header = TableHeader(self)
        self.setHeader(header)
        header.setSectionsClickable(True)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(40)
        self._make_columns(header)
        header.grown.connect(lambda _: self._make_columns(header))
        column, descending = self._model.order
        header.setSortIndicator(
            column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        )
        for hidden in HIDDEN_AT_FIRST:
            self.setColumnHidden(hidden, True)
        restore_header(header, self._settings, _STATE)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        self.setSortingEnabled(True)  # and sorts as the header says
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_header_menu)
        header.sectionResized.connect(self._remember)
        header.sectionMoved.connect(self._remember)
        header.sortIndicatorChanged.connect(self._remember)

    def _make_columns(self, header: TableHeader) -> None:
        """Give each column its width, or what its longest figures take where the letters are large."""
        for column, width in _WIDTHS.items():
            room = self.fontMetrics().horizontalAdvance(_LONGEST.get(column, "")) + 2 * PADDING
            if column is Column.WINDOW:
                room += _LEAST_BAR
            header.resizeSection(column, header.fitting(column, max(width, room)))

    def _show_header_menu(self, place: QPoint) -> None:
        menu = StayingMenu(self)
        for column in list(Column)[1:]:
            entry = QAction(HEADERS[column][0], menu, checkable=True)
            entry.setChecked(not self.isColumnHidden(column))
            entry.toggled.connect(lambda on, column=column: self._show_column(column, on))
            menu.addAction(entry)
        menu.exec(self.header().mapToGlobal(place))
        menu.deleteLater()

    def _show_column(self, column: Column, on: bool) -> None:
        self.setColumnHidden(column, not on)
        self._remember()

    def _remember(self) -> None:
        remember_header(self.header(), self._settings, _STATE)
