"""A table of figures: sortable by any column, unknown values last, copied as it looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QContextMenuEvent, QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from tokviz.ui.common.widgets import set_up_table

_Index = QModelIndex | QPersistentModelIndex
_SORT = Qt.ItemDataRole.UserRole + 1
_KEY = Qt.ItemDataRole.UserRole + 2
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Header:
    """One column's title, what its figures are, and whether it holds numbers (aligned right)."""

    title: str
    tip: str = ""
    number: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure."""

    text: str
    value: float | str | None = None
    """What to sort by; None stands last in either order."""
    tip: str = ""
    emphasized: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row; ``key`` tells it from the others, however they are sorted."""

    key: str
    cells: tuple[Cell, ...]


class FigureModel(QAbstractTableModel):
    """The lines as they were given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headers: tuple[Header, ...] = ()
        self._lines: tuple[Line, ...] = ()

    def set_table(self, headers: Sequence[Header], lines: Sequence[Line]) -> None:
        """Show these; where only figures have changed, the selection and the scroll position stay."""
        headers, lines = tuple(headers), tuple(lines)
        alike = headers == self._headers and [a.key for a in lines] == [b.key for b in self._lines]
        if not alike:
            self.beginResetModel()
            self._headers, self._lines = headers, lines
            self.endResetModel()
        elif lines != self._lines:
            self._lines = lines
            last = self.index(len(lines) - 1, len(headers) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def headers(self) -> tuple[Header, ...]:
        """The columns."""
        return self._headers

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        cell, header = line.cells[index.column()], self._headers[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.ToolTipRole:
                return cell.tip or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{header.title}: {cell.text or 'unknown'}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if header.number else _LEFT
            case Qt.ItemDataRole.FontRole if cell.emphasized:
                font = QFont()
                font.setBold(True)
                return font
            case role if role == _SORT:
                return cell.value
            case role if role == _KEY:
                return line.key
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(self._headers):
            return None
        header = self._headers[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return header.title
            case Qt.ItemDataRole.ToolTipRole:
                return header.tip or None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if header.number else _LEFT
        return None


class _Sorted(QSortFilterProxyModel):
    """By the cells' values."""

    def lessThan(self, left: _Index, right: _Index) -> bool:
        one, other = left.data(_SORT), right.data(_SORT)
        if one is None or other is None:
            # Unknown stands last, so "less" depends on the direction.
            ascending = self.sortOrder() == Qt.SortOrder.AscendingOrder
            return (other is None and one is not None) if ascending else (one is None and other is not None)
        if isinstance(one, str) or isinstance(other, str):
            return str(one).casefold() < str(other).casefold()
        return bool(one < other)


class FigureTable(QTableView):
    """The view: click a column's title to sort by it, or use the context menu by keyboard."""

    line_chosen = Signal(str)
    """The key of a row that was double-clicked or entered."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = FigureModel(self)
        self._longest: list[int] = []
        self._sorted = _Sorted(self)
        self._sorted.setSourceModel(self._figures)
        self.setModel(self._sorted)
        set_up_table(self, name, self.fontMetrics().lineSpacing() + 7)
        self.setAlternatingRowColors(True)
        self.horizontalHeader().setSectionsMovable(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.activated.connect(lambda index: self.line_chosen.emit(str(index.data(_KEY))))
        self._menu = QMenu(self)
        for text, order in (
            ("Sort by This Column, &Lowest First", Qt.SortOrder.AscendingOrder),
            ("Sort by This Column, &Highest First", Qt.SortOrder.DescendingOrder),
        ):
            self._add(text, partial(self.sort_current, order))
        self._add("In the &Original Order", lambda: self.sortByColumn(-1, Qt.SortOrder.AscendingOrder))
        self._menu.addSeparator()
        self._add("&Copy Selected Rows", self.copy, QKeySequence.StandardKey.Copy)

    @property
    def keys(self) -> list[str]:
        """The rows' keys as they are sorted now."""
        model = self._sorted
        return [str(model.index(row, 0).data(_KEY)) for row in range(model.rowCount())]

    def set_table(self, headers: Sequence[Header], lines: Sequence[Line]) -> None:
        """Show these lines, sorted as before."""
        fresh = tuple(headers) != self._figures.headers
        self._figures.set_table(headers, lines)
        if fresh:
            self._longest = [0] * len(headers)
        for column, known in enumerate(self._longest):
            # Figures come in one by one: columns grow with them, and never shrink under the eye.
            longest = max((len(line.cells[column].text) for line in lines), default=0)
            if fresh or longest > known:
                self._longest[column] = longest
                self.resizeColumnToContents(column)

    def sort_current(self, order: Qt.SortOrder) -> None:
        """Sort by the column that the keyboard is in."""
        self.sortByColumn(max(0, self.currentIndex().column()), order)

    def add_action(self, entry: QAction) -> None:
        """Put ``entry`` at the end of the context menu."""
        self._menu.addAction(entry)

    def texts(self, selected: bool = False) -> list[list[str]]:
        """The cells as they stand, the titles first; only the selected rows, or all."""
        model = self._sorted
        columns = range(model.columnCount())
        rows = range(model.rowCount())
        if selected:
            rows_selected = {index.row() for index in self.selectionModel().selectedRows()}
            rows = [row for row in rows if row in rows_selected]  # type: ignore[assignment]
        titles = [header.title for header in self._figures.headers]
        return [titles, *([str(model.index(row, column).data()) for column in columns] for row in rows)]

    def copy(self) -> None:
        """Put the selected rows, or all if none is, on the clipboard, separated by tabs."""
        lines = self.texts(self.selectionModel().hasSelection())
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self.visualRect(self.currentIndex()).bottomLeft() if keyboard else event.pos()
        self._menu.popup(self.viewport().mapToGlobal(place))

    def _add(
        self, text: str, slot: Callable[[], object], keys: QKeySequence.StandardKey | None = None
    ) -> None:
        entry = QAction(text, self)
        entry.triggered.connect(lambda _=False: slot())
        if keys is not None:
            entry.setShortcut(keys)
            entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._menu.addAction(entry)
