"""A table of figures that come as cells: sortable by any column, unknown values last, copied as it looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFont, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from tokviz.language import _
from tokviz.ui.common.table_header import TableHeader
from tokviz.ui.common.table_model import TableColumn, TableModel, copy_cells
from tokviz.ui.common.widgets import set_up_table

_NARROW = 140
"""Pixels that an elastic column keeps; longer texts are elided, and whole in the tooltip."""
_NAME = 240
"""Pixels of names, in the first column, for which optional columns make room."""

_TITLE_MARGIN = 20
"""Pixels around a column's title, as the style sheet has them."""


@dataclass(frozen=True, slots=True)
class Header:
    """One column's title, what its figures are, and whether it holds numbers (aligned right)."""

    title: str
    tip: str = ""
    number: bool = True
    optional: int = 0
    """Where the table is too wide, the column with the highest number goes first; 0 always stays."""
    elastic: bool = False
    """Whether it is what gets narrower (the first column, where none is)."""
    sparse: bool = False
    """Whether it goes where no row has anything in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure."""

    text: str
    value: float | str | None = None
    """What to sort by; None stands last in either order."""
    tip: str = ""
    emphasized: bool = False
    link: bool = False
    """Whether a click does something: see ``CellTable.link_chosen``."""


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
        self.hidden: frozenset[int] = frozenset()
        """Columns for which there is no room; the tooltip of a row's first cell has their figures."""

    def set_table(self, headers: Sequence[Header], lines: Sequence[Line]) -> None:
        """Show these; where only figures have changed, the selection and the scroll position stay."""
        if tuple(headers) == self.headers:
            self.set_rows(lines)
            return
        self.headers = tuple(headers)
        self.set_columns([self._column(number, header) for number, header in enumerate(headers)], lines)

    def is_used(self, column: int) -> bool:
        """Whether any row has something in this column."""
        return any(line.cells[column].text for line in self.rows)

    def _column(self, number: int, header: Header) -> TableColumn[Line]:
        column = _column(number, header)
        return column if number else replace(column, cell_tip=self._first_tip)

    def _first_tip(self, line: Line) -> str:
        hidden = [
            f"{self.headers[each].title}: {line.cells[each].text}"
            for each in sorted(self.hidden)
            if line.cells[each].text
        ]
        return "\n".join(text for text in (line.cells[0].tip, *hidden) if text)


def _column(number: int, header: Header) -> TableColumn[Line]:
    def order(line: Line) -> float | str | None:
        value = line.cells[number].value
        return value.casefold() if isinstance(value, str) else value

    def font(line: Line) -> QFont | None:
        cell = line.cells[number]
        if not cell.emphasized and not cell.link:
            return None
        font = QFont()
        font.setBold(cell.emphasized)
        font.setUnderline(cell.link)
        return font

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
    """The view: click a column's title to sort by it, or use the context menu by keyboard.

    Where it is too narrow, one column gets narrower and optional columns go, so that nothing is to be
    scrolled sideways; the context menu brings them back.
    """

    line_chosen = Signal(str)
    """The key of a row that was double-clicked or entered."""
    link_chosen = Signal(str, int)
    """The key of a row, and the number of the column of a link in it that was clicked."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = CellModel(self)
        self._longest: list[int] = []
        self._widths: list[int] = []
        """Pixels that the columns take, in sight or not."""
        self._fitting = False
        self.setModel(self._cells)
        header = set_up_table(self, name, self.fontMetrics().lineSpacing() + 7)
        header.grown.connect(self._grow)
        self.setProperty("cells", True)  # the style sheet aligns them with their titles
        self.setAlternatingRowColors(True)
        self.horizontalHeader().setSectionsMovable(True)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.activated.connect(lambda index: self.line_chosen.emit(self.keys[index.row()]))
        self.clicked.connect(self._click)
        self.horizontalHeader().sectionResized.connect(self._note_width)
        self.horizontalHeader().sortIndicatorChanged.connect(self._fit)
        self._all = QAction(_("&All Columns"), self, checkable=True)
        self._all.toggled.connect(self._fit)
        self._menu = QMenu(self)
        for text, order in (
            (_("Sort by This Column, &Lowest First"), Qt.SortOrder.AscendingOrder),
            (_("Sort by This Column, &Highest First"), Qt.SortOrder.DescendingOrder),
        ):
            self._add(text, partial(self.sort_current, order))
        self._add(_("In the &Original Order"), lambda: self.sortByColumn(-1, Qt.SortOrder.AscendingOrder))
        self._menu.addAction(self._all)
        self._menu.addSeparator()
        self._add(_("&Copy Selected Rows"), self.copy, QKeySequence.StandardKey.Copy)

    @property
    def keys(self) -> list[str]:
        """The rows' keys as they are sorted now."""
        return [line.key for line in self._cells.rows]

    def set_table(self, headers: Sequence[Header], lines: Sequence[Line]) -> None:
        """Show these lines, sorted as before; without headers, nothing."""
        if not headers:
            # The columns stay: Qt's header view crashes where a model loses all of them (6.11.3).
            headers, lines = self._cells.headers, ()
        fresh = tuple(headers) != self._cells.headers
        if fresh:
            self._widths = []  # Qt resizes the table while the columns change: there is nothing to fit yet
        self._cells.set_table(headers, lines)
        if fresh:
            self._longest = [0] * len(headers)
            self._widths = [0] * len(headers)
        for column, known in enumerate(self._longest):
            # Figures come in one by one: columns grow with them, and never shrink under the eye.
            longest = max((len(line.cells[column].text) for line in lines), default=0)
            if fresh or longest > known:
                self._longest[column] = longest
                title = self.fontMetrics().horizontalAdvance(headers[column].title) + _TITLE_MARGIN
                wanted = max(self.sizeHintForColumn(column), title)
                self._widths[column] = max(self._widths[column], wanted)
        self._fit()

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self, *_: object) -> None:
        """Have the columns take no more than the width there is, if optional ones can make that so."""
        widths, room = list(self._widths), self.viewport().width()
        if not widths:
            return
        by = self.horizontalHeader().sortIndicatorSection()
        if 0 <= by < len(widths):
            # Qt's own hint leaves room for the arrow in every title, which is a quarter of a narrow table.
            widths[by] = max(widths[by], self.horizontalHeader().sectionSizeHint(by))
        headers = self._cells.headers
        elastic = next((at for at, header in enumerate(headers) if header.elastic), 0)
        least = min(widths[elastic], _NARROW)
        wanted = least if headers[elastic].elastic else min(widths[elastic], _NAME)
        shown = {at for at, header in enumerate(headers) if not header.sparse or self._cells.is_used(at)}
        optional = sorted(shown, key=lambda column: headers[column].optional)
        while not self._all.isChecked() and wanted + sum(widths[each] for each in shown - {elastic}) > room:
            if not headers[optional[-1]].optional:
                break
            shown.remove(optional.pop())
        left = room - sum(widths[each] for each in shown - {elastic})
        widths[elastic] = min(widths[elastic], max(least, left))
        last, spare = max(shown), room - sum(widths[each] for each in shown)
        if spare > 0:  # titles, and the stripes of the rows, reach the edge
            widths[elastic if headers[last].number else last] += spare
        self._cells.hidden = frozenset(range(len(widths))) - shown
        self._fitting = True
        for column, width in enumerate(widths):
            self.setColumnHidden(column, column not in shown)
            if column in shown:
                self.setColumnWidth(column, width)
        self._fitting = False

    def _note_width(self, column: int, _: int, width: int) -> None:
        """The user has made a column wider or narrower."""
        header = self.horizontalHeader()
        fitting = self._fitting or (isinstance(header, TableHeader) and header.growing)
        if not fitting and column < len(self._widths) and not self.isColumnHidden(column):
            self._widths[column] = width

    def _grow(self, ratio: float) -> None:
        """The letters are larger or smaller: so is what columns ask for, which may be more than they have."""
        self._widths = [ceil(width * ratio) for width in self._widths]
        self._fit()

    def _click(self, index: QModelIndex) -> None:
        line = self._cells.rows[index.row()]
        if line.cells[index.column()].link:
            self.link_chosen.emit(line.key, index.column())

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
