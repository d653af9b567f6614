"""The summary by file type: one row for each kind of file, which can be excluded and included as a whole."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from tokviz.analysis import formatting
from tokviz.analysis.codebase.token_tree import FileState
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.tokens import Count
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.tree_metrics import TreeMetrics

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class TypeColumn(IntEnum):
    """What a row says."""

    TYPE = 0
    FILES = 1
    TOKENS = 2
    SHARE = 3
    BYTES = 4
    DENSITY = 5


HEADERS = {
    TypeColumn.TYPE: ("Type", "The kind of file, by its name; unchecked, all of its files take no part"),
    TypeColumn.FILES: ("Files", "Files that take part"),
    TypeColumn.TOKENS: ("Tokens", "Tokens under the chosen tokenizer"),
    TypeColumn.SHARE: ("Of all", "Share of all tokens that take part"),
    TypeColumn.BYTES: ("Bytes", "Bytes of the text as UTF-8"),
    TypeColumn.DENSITY: ("Bytes/token", "Bytes per token: the fewer, the more a byte costs"),
}


class TypeRole(IntEnum):
    """What the delegate asks for."""

    SHARE = Qt.ItemDataRole.UserRole + 1
    EXCLUDED = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class TypeRow:
    """The files of one kind. What is excluded as a whole has the metrics it would have."""

    language: str
    number: int
    """Its place in the tree's ``language_names``."""
    files: int
    all_files: int
    tokens: Count
    bytes: int
    share: float | None
    """Of all tokens that take part; None if it takes none."""

    @property
    def check(self) -> Qt.CheckState:
        """How much of it takes part."""
        if not self.files:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if self.files == self.all_files else Qt.CheckState.PartiallyChecked


def type_rows(metrics: TreeMetrics) -> list[TypeRow]:
    """A row for each kind of file in the tree."""
    tree = metrics.tree
    possible = tree.states != FileState.LEFT_OUT
    kinds = len(tree.language_names)
    all_files = np.bincount(tree.language_of[possible], minlength=kinds)
    taken = {row.language: row for row in tree.by_language()}
    whole = {row.language: row for row in tree.with_flags(np.ones(len(tree.sizes), np.bool_)).by_language()}
    total = metrics.of(TOP).tokens.tokens if taken else 0
    rows = []
    for number, language in enumerate(tree.language_names):
        if not all_files[number]:
            continue
        row = taken.get(language) or whole[language]
        tokens = metrics.tokens_of(row.values, row.certain)
        files = row.files if language in taken else 0
        share = tokens.tokens / total if files and total else None
        size_of = int(row.values[tree.column("bytes")])
        rows.append(TypeRow(language, number, files, int(all_files[number]), tokens, size_of, share))
    return rows


class TypesModel(QAbstractTableModel):
    """The rows in order. A check box asks for its files to be included or excluded."""

    checked = Signal(int, bool)
    """The user includes or excludes all files of a kind (its place in ``language_names``)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TypeRow] = []
        self._colors: dict[str, QColor] = {}
        self._column, self._descending = TypeColumn.TOKENS, True

    @property
    def rows(self) -> list[TypeRow]:
        """The rows as they are shown."""
        return self._rows

    def set_rows(self, rows: list[TypeRow]) -> None:
        """Show these rows."""
        rows = self._ordered(rows)
        if [row.number for row in rows] == [row.number for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(TypeColumn) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def set_colors(self, colors: dict[str, QColor]) -> None:
        """The colours that kinds have in the treemap, by name."""
        self._colors = colors
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._descending = TypeColumn(column), order == Qt.SortOrder.DescendingOrder
        self.set_rows(self._rows)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(TypeColumn)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == TypeColumn.TYPE else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(TypeColumn):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return HEADERS[TypeColumn(section)][0]
            case Qt.ItemDataRole.ToolTipRole:
                return HEADERS[TypeColumn(section)][1]
            case Qt.ItemDataRole.TextAlignmentRole if section != TypeColumn.TYPE:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], TypeColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(row, column)
            case Qt.ItemDataRole.CheckStateRole if column is TypeColumn.TYPE:
                return row.check
            case Qt.ItemDataRole.DecorationRole if column is TypeColumn.TYPE:
                return self._colors.get(row.language)
            case Qt.ItemDataRole.TextAlignmentRole if column is not TypeColumn.TYPE:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case TypeRole.SHARE if column is TypeColumn.SHARE:
                return row.share
            case TypeRole.EXCLUDED:
                return not row.files
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.checked.emit(self._rows[index.row()].number, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _ordered(self, rows: list[TypeRow]) -> list[TypeRow]:
        column = self._column
        by_name = sorted(rows, key=lambda row: row.language.casefold())
        if column is TypeColumn.TYPE:
            return by_name[::-1] if self._descending else by_name
        return sorted(by_name, key=lambda row: _key(row, column), reverse=self._descending)


def _key(row: TypeRow, column: TypeColumn) -> float:
    match column:
        case TypeColumn.FILES:
            return row.files
        case TypeColumn.BYTES:
            return row.bytes
        case TypeColumn.SHARE:
            return row.share or 0.0
        case TypeColumn.DENSITY:
            return row.bytes / row.tokens.tokens if row.tokens.tokens else 0.0
        case _:
            return row.tokens.tokens


def _text(row: TypeRow, column: TypeColumn) -> str:
    match column:
        case TypeColumn.TYPE:
            return row.language
        case TypeColumn.FILES:
            whole = row.files in (0, row.all_files)
            return f"{row.all_files:,}" if whole else f"{row.files:,} of {row.all_files:,}"
        case TypeColumn.TOKENS:
            return formatting.count(row.tokens)
        case TypeColumn.SHARE:
            return "" if row.share is None else formatting.percent(row.share)
        case TypeColumn.BYTES:
            return size(row.bytes)
        case TypeColumn.DENSITY:
            return f"{row.bytes / row.tokens.tokens:.2f}" if row.tokens.tokens else ""
