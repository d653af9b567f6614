"""One model for tables of figures: columns say what they show of a row; rows are ordered, checked, copied."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
_ROOT = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class TableRole(IntEnum):
    """What a delegate asks for besides Qt's own roles."""

    SHARE = Qt.ItemDataRole.UserRole + 1
    """The length of a bar beside the figure, 0.0 to 1.0; None for no bar."""
    MUTED = Qt.ItemDataRole.UserRole + 2
    """Whether the row stands back, as what takes no part."""


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make TableColumn[Row](…) then
class TableColumn(Generic[Row]):
    """What one column shows of each row."""

    title: str
    tip: str
    text: Callable[[Row], str]
    order: Callable[[Row], Any] = lambda _: None
    """What to sort by; rows with None stand last in either order."""
    number: bool = True
    """Whether it holds numbers, which stand on the right."""
    cell_tip: Callable[[Row], str] = lambda _: ""
    font: Callable[[Row], QFont | None] = lambda _: None
    share: Callable[[Row], float | None] = lambda _: None
    """See ``TableRole.SHARE``."""
    empty: str = "none"
    """What a screen reader says of a cell without a text."""


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order of a column. Texts are made when they are looked at, so many rows cost little."""

    checked = Signal(object, bool)
    """The user has set or cleared the check box of a row."""

    def __init__(
        self,
        columns: Sequence[TableColumn[Row]],
        key: Callable[[Row], Hashable],
        parent: QObject | None = None,
        *,
        check: Callable[[Row], Qt.CheckState | None] | None = None,
        muted: Callable[[Row], bool] = lambda _: False,
        color: Callable[[Row], QColor | None] = lambda _: None,
    ) -> None:
        """``key`` tells a row from the others, whatever its figures; no two rows share one. ``check``, the
        state of a box (None: no box), and ``color``, a square, are of the first column."""
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key, self._check, self._muted, self._color = key, check, muted, color
        self._given: list[Row] = []
        self._shown: list[Row] = []
        self._sorted_by = (-1, Qt.SortOrder.AscendingOrder)

    @property
    def columns(self) -> tuple[TableColumn[Row], ...]:
        """From the left."""
        return self._columns

    @property
    def rows(self) -> list[Row]:
        """The rows as they are shown."""
        return self._shown

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show these; where only figures have changed, the selection and the scroll position stay."""
        rows = list(rows)
        keys = [self._key(row) for row in rows]
        if keys != [self._key(row) for row in self._given]:
            self._reset(self._columns, rows)
            return
        self._given = rows
        now = dict(zip(keys, rows, strict=True))
        self._shown = [now[self._key(row)] for row in self._shown]
        self.refresh()
        self._arrange()

    def set_columns(self, columns: Sequence[TableColumn[Row]], rows: Iterable[Row]) -> None:
        """Show these rows in other columns."""
        self._reset(tuple(columns), list(rows))

    def refresh(self) -> None:
        """The rows look different now, though they are the same."""
        if self._shown:
            last = self.index(len(self._shown) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def texts(self, rows: Iterable[int]) -> list[list[str]]:
        """The cells of some rows, numbered as they are shown."""
        return [[column.text(self._shown[row]) for column in self._columns] for row in rows]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; -1 is the order in which the rows were given."""
        self._sorted_by = (column, order)
        self._arrange()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        checkable = self._check is not None and index.column() == 0
        return _FLAGS | Qt.ItemFlag.ItemIsUserCheckable if checkable else _FLAGS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip or None
            case Qt.ItemDataRole.TextAlignmentRole if column.number:
                return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column, first = self._shown[index.row()], self._columns[index.column()], index.column() == 0
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.cell_tip(row) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.title}: {column.text(row) or column.empty}"
            case Qt.ItemDataRole.TextAlignmentRole if column.number:
                return _RIGHT
            case Qt.ItemDataRole.FontRole:
                return column.font(row)
            case Qt.ItemDataRole.CheckStateRole if first and self._check:
                return self._check(row)
            case Qt.ItemDataRole.DecorationRole if first:
                return self._color(row)
            case TableRole.SHARE:
                return column.share(row)
            case TableRole.MUTED:
                return self._muted(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.checked.emit(self._shown[index.row()], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _reset(self, columns: tuple[TableColumn[Row], ...], rows: list[Row]) -> None:
        self.beginResetModel()
        self._columns, self._given = columns, rows
        self._shown = self._ordered()
        self.endResetModel()

    def _ordered(self) -> list[Row]:
        column, order = self._sorted_by
        if not 0 <= column < len(self._columns):
            return list(self._given)
        value = self._columns[column].order
        known = [row for row in self._given if value(row) is not None]
        unknown = [row for row in self._given if value(row) is None]
        return sorted(known, key=value, reverse=order == Qt.SortOrder.DescendingOrder) + unknown

    def _arrange(self) -> None:
        """Put the rows in order; what is selected stays so."""
        rows = self._ordered()
        if list(map(self._key, rows)) == list(map(self._key, self._shown)):
            return
        self.layoutAboutToBeChanged.emit()
        places = {self._key(row): place for place, row in enumerate(rows)}
        before = self.persistentIndexList()
        after = [self.index(places[self._key(self._shown[old.row()])], old.column()) for old in before]
        self._shown = rows
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()


def copy_cells(lines: Iterable[Sequence[str]]) -> None:
    """Put lines of cells on the clipboard, the cells separated by tabs."""
    QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))
