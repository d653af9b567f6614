"""The messages of a context with what they hold, or its tools, or the files that were read: a line each."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from tokviz.analysis import formatting
from tokviz.analysis.conversation.message_tree import TreeRow
from tokviz.ui.common.icons import paint_icon
from tokviz.ui.common.table_model import TableColumn, TableModel
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import SECOND_LINE, sized
from tokviz.ui.common.widgets import set_up_table
from tokviz.ui.conversation.layer_colors import ICONS, layer_color

Index = QModelIndex | QPersistentModelIndex
_ROW = 26
_BOX, _ICON, _INDENT, _PAD = 13, 15, 18, 8
_BAR, _BAR_HEIGHT = 26, 6
_NARROW = 300
"""Pixels under which the share of the window goes; the stack and the parts have it too."""


class MessageList(QTableView):
    """A click on a box, or the space bar, leaves a line out of every sum; double-click or Enter opens it."""

    opened = Signal(object)
    """A ``TreeRow``."""
    toggled = Signal(object, bool)
    """A ``TreeRow``, and whether it takes part now."""
    pointed = Signal(object)
    """The ``TreeRow`` that is current."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.whole = 0
        """Tokens of the window, or of the context where that is unknown."""
        self.largest = 1
        self.without: frozenset[int] = frozenset()
        self.rows: TableModel[TreeRow] = TableModel(
            _columns(lambda: self.whole),
            lambda row: (row.parts, row.title),
            self,
            check=self._check,
        )
        self.setModel(self.rows)
        set_up_table(self, "Messages", _ROW)
        self.setItemDelegate(_Delegate(self))
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 88), (2, 62)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, width)
        self.activated.connect(lambda index: self.opened.emit(self.rows.rows[index.row()]))
        self.rows.checked.connect(self.toggled)
        self.selectionModel().currentRowChanged.connect(self._tell_current)

    @property
    def in_order(self) -> bool:
        """Whether the lines stand in the order in which the model reads them."""
        return self.horizontalHeader().sortIndicatorSection() < 0

    def show_rows(self, rows: Iterable[TreeRow], whole: int, without: frozenset[int]) -> None:
        """Show these lines; ``whole``: tokens of the window."""
        lines = list(rows)
        self.whole, self.without = whole, without
        self.largest = max((row.tokens or 0 for row in lines), default=1) or 1
        self.rows.set_rows(lines)

    def show_without(self, without: frozenset[int]) -> None:
        """Show which parts are left out."""
        self.without = without
        self.rows.refresh()

    def select_part(self, part: int) -> None:
        """Make the line of a part current."""
        for place, row in enumerate(self.rows.rows):
            if part in row.parts:
                self.selectRow(place)
                self.scrollTo(self.rows.index(place, 0))
                return

    def _check(self, row: TreeRow) -> Qt.CheckState:
        out = sum(part in self.without for part in row.parts)
        if not out:
            return Qt.CheckState.Checked
        return Qt.CheckState.Unchecked if out == len(row.parts) else Qt.CheckState.PartiallyChecked

    def _tell_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self.pointed.emit(self.rows.rows[current.row()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(2, self.viewport().width() < _NARROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and index.isValid():
            row = self.rows.rows[index.row()]
            self.toggled.emit(row, self._check(row) != Qt.CheckState.Checked)
        else:
            super().keyPressEvent(event)


def _columns(whole: Callable[[], int]) -> list[TableColumn[TreeRow]]:
    def share(row: TreeRow) -> str:
        return formatting.percent(row.tokens / whole()) if row.tokens is not None and whole() else ""

    return [
        TableColumn(
            "Message",
            "What stands in the context; a line that is not ticked is left out of every sum",
            lambda row: row.title,
            lambda row: row.title.casefold(),
            number=False,
            cell_tip=lambda row: f"{row.layer}: {row.title}",
        ),
        TableColumn(
            "Tokens",
            "Tokens of the words themselves and of the framing around them",
            lambda row: formatting.grouped(row.tokens),
            lambda row: row.tokens,
        ),
        TableColumn("Window", "The part of the model's window", share, lambda row: row.tokens),
    ]


class _Delegate(QStyledItemDelegate):
    """Paints box, icon, words, bar and number of a line."""

    def __init__(self, view: MessageList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, _ROW)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        row, theme = self._view.rows.rows[index.row()], self._view.theme
        rect = QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.selection)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.hover)
        out = bool(row.parts) and all(part in self._view.without for part in row.parts)
        painter.setFont(option.font)
        quiet = theme.text if selected else theme.muted
        if index.column() == 0:
            self._paint_title(
                painter, option, index, row, theme.muted if out and not selected else theme.text
            )
            return
        words = index.data(Qt.ItemDataRole.DisplayRole)
        right = _PAD if index.column() == 1 else 10
        if index.column() == 1:
            painter.setPen(quiet if out or row.tokens is None else theme.text)
            if row.tokens and not out:
                width = max(2.0, _BAR * row.tokens / self._view.largest)
                top = rect.center().y() - _BAR_HEIGHT / 2 + 1
                bar = QRectF(rect.left() + 4, top, width, _BAR_HEIGHT)
                painter.fillRect(bar, layer_color(row.layer, theme))
        else:
            painter.setFont(sized(option.font, SECOND_LINE))
            painter.setPen(quiet)
        inner = rect.adjusted(0, 0, -right, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_title(self, painter: QPainter, option: Any, index: Index, row: TreeRow, color: Any) -> None:
        view = self._view
        box = QStyleOptionViewItem(option)
        box.rect = self._box(option.rect)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        box.state = QStyle.StateFlag.State_Enabled | {
            Qt.CheckState.Checked: QStyle.StateFlag.State_On,
            Qt.CheckState.Unchecked: QStyle.StateFlag.State_Off,
        }.get(state, QStyle.StateFlag.State_NoChange)
        view.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, box, painter, view)
        left = box.rect.right() + 8 + (_INDENT if row.below and view.in_order else 0)
        rect = option.rect
        icon = QRectF(left, rect.center().y() - _ICON / 2 + 1, _ICON, _ICON)
        paint_icon(painter, icon, ICONS.get(row.layer, "file"), layer_color(row.layer, view.theme))
        words = QRect(rect)
        words.setLeft(round(icon.right()) + 7)
        painter.setPen(color)
        title = QFontMetrics(option.font).elidedText(
            row.title, Qt.TextElideMode.ElideRight, words.width() - 2
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, title)

    def _box(self, rect: QRect) -> QRect:
        return QRect(rect.left() + 10, rect.center().y() - _BOX // 2, _BOX + 2, _BOX + 2)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: Any, index: Index) -> bool:
        if (
            index.column() == 0
            and isinstance(event, QMouseEvent)
            and self._box(option.rect).adjusted(-8, -6, 5, 6).contains(event.position().toPoint())
        ):
            if event.type() == QEvent.Type.MouseButtonRelease:
                row = self._view.rows.rows[index.row()]
                checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
                self._view.toggled.emit(row, not checked)
            return True
        return False
