"""A table of figures that come as cells: sortable by any column, unknown values last, copied as it looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from tokviz.ui.common.table_model import TableColumn, TableModel, copy_cells
from tokviz.ui.common.widgets import set_up_table


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


class CellModel(TableModel[Line]):
    """The lines as they were given, or in the order of a column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), lambda line: line.key, parent)
        self.headers: tuple[Header, ...] = ()

    def set_table(self, headers: Sequence[Header], lines: Sequence[Line]) -> None:
        """Show these; where only figures have changed, the selection and the scroll position stay."""
        if tuple(headers) == self.headers:
            self.set_rows(lines)
            return
        self.headers = tuple(headers)
        self.set_columns([_column(number, header) for number, header in enumerate(headers)], lines)


def _column(number: int, header: Header) -> TableColumn[Line]:
    def order(line: Line) -> float | str | None:
        value = line.cells[number].value
        return value.casefold() if isinstance(value, str) else value

    def font(line: Line) -> QFont | None:
        if not line.cells[number].emphasized:
            return None
        bold = QFont()
        bold.setBold(True)
        return bold

    return TableColumn(
        header.title,
        header.tip,
        lambda line: line.cells[number].text,
        order,
        header.number,
        lambda line: line.cells[number].tip,
        font,
        empty="unknown",
    )


class CellTable(QTableView):
    """The view: click a column's title to sort by it, or use the context menu by keyboard."""

    line_chosen = Signal(str)
    """The key of a row that was double-clicked or entered."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = CellModel(self)
        self._longest: list[int] = []
        self.setModel(self._cells)
        set_up_table(self, name, self.fontMetrics().lineSpacing() + 7)
        self.setAlternatingRowColors(True)
        self.horizontalHeader().setSectionsMovable(True)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.activated.connect(lambda index: self.line_chosen.emit(self.keys[index.row()]))
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
        return [line.key for line in self._cells.rows]

    def set_table(self, headers: Sequence[Header], lines: Sequence[Line]) -> None:
        """Show these lines, sorted as before."""
        fresh = tuple(headers) != self._cells.headers
        self._cells.set_table(headers, lines)
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
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        rows = (row for row in range(self._cells.rowCount()) if row in chosen or not selected)
        return [[header.title for header in self._cells.headers], *self._cells.texts(rows)]

    def copy(self) -> None:
        """Put the selected rows, or all if none is, on the clipboard, separated by tabs."""
        copy_cells(self.texts(self.selectionModel().hasSelection()))

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
