"""What is left out, as rows: everything that a scan came across and does not count, with its reason."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tokviz.analysis.codebase.packing import shown
from tokviz.documents.tree.walking import Reason
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.codebase import LeftOutEntry

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


_TOLD = (Reason.UNREADABLE, Reason.SPECIAL, Reason.TOO_LARGE)
"""The reasons whose detail says more in a few words."""


class LeftOutColumn(IntEnum):
    """What a row says."""

    PATH = 0
    REASON = 1
    RULE = 2
    SIZE = 3


HEADERS = {
    LeftOutColumn.PATH: (
        "Path",
        "Where it lies; a folder has a / at its end, and all in it is left out too",
    ),
    LeftOutColumn.REASON: ("Why", "Why it is not counted"),
    LeftOutColumn.RULE: ("Rule", "The ignore file, the line and the pattern that say so"),
    LeftOutColumn.SIZE: ("Bytes", "Bytes on the disk; folders are not looked into"),
}


class LeftOutModel(QAbstractTableModel):
    """The entries that a search leaves, in the order of a column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[LeftOutEntry] = []
        self._shown: list[LeftOutEntry] = []
        self._several = False
        self._words: list[str] = []
        self._column, self._descending = LeftOutColumn.PATH, False

    @property
    def number(self) -> int:
        """How many entries there are, whatever the search."""
        return len(self._entries)

    def set_entries(self, entries: Sequence[LeftOutEntry]) -> None:
        """Show these."""
        self._entries = list(entries)
        self._several = len({entry.root for entry in entries}) > 1
        self._arrange()

    def set_search(self, text: str) -> None:
        """Show only entries in whose path, reason or rule every word of ``text`` occurs."""
        self._words = text.casefold().split()
        self._arrange()

    def entry(self, row: int) -> LeftOutEntry:
        """The entry in a row."""
        return self._shown[row]

    def text(self, entry: LeftOutEntry, column: LeftOutColumn) -> str:
        """What a cell says."""
        what = entry.what
        match column:
            case LeftOutColumn.PATH:
                path = shown(what.path) + ("/" if what.folder else "")
                return f"{entry.root.name}/{path}" if self._several else path
            case LeftOutColumn.REASON:
                return what.detail if what.detail and what.reason in _TOLD else what.reason.value
            case LeftOutColumn.RULE:
                return rule_text(entry)
            case LeftOutColumn.SIZE:
                return "" if what.folder else size(what.size)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._descending = LeftOutColumn(column), order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(LeftOutColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(LeftOutColumn):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return HEADERS[LeftOutColumn(section)][0]
            case Qt.ItemDataRole.ToolTipRole:
                return HEADERS[LeftOutColumn(section)][1]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry, column = self._shown[index.row()], LeftOutColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(entry, column)
            case Qt.ItemDataRole.ToolTipRole:
                return f"{self.text(entry, LeftOutColumn.PATH)}\n{entry.what.describe()}"
            case Qt.ItemDataRole.TextAlignmentRole if column is LeftOutColumn.SIZE:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _arrange(self) -> None:
        self.beginResetModel()
        found = self._entries
        if self._words:
            found = [entry for entry in found if self._matches(entry)]
        self._shown = sorted(found, key=self._key(), reverse=self._descending)
        self.endResetModel()

    def _matches(self, entry: LeftOutEntry) -> bool:
        text = f"{entry.what.path} {entry.what.describe()}".casefold()
        return all(word in text for word in self._words)

    def _key(self) -> Callable[[LeftOutEntry], tuple[Any, ...]]:
        match self._column:
            case LeftOutColumn.PATH:
                return lambda entry: (str(entry.root), entry.what.path)
            case LeftOutColumn.SIZE:
                return lambda entry: (entry.what.size, entry.what.path)
            case LeftOutColumn.REASON:
                return lambda entry: (entry.what.reason.value, entry.what.detail, entry.what.path)
            case LeftOutColumn.RULE:
                return lambda entry: (str(entry.what.rule or ""), entry.what.path)


def rule_text(entry: LeftOutEntry) -> str:
    """The rule as ``.gitignore:12  *.o``; empty where none says so."""
    rule = entry.what.rule
    if rule is None:
        return ""
    where = f"{shown(rule.source)}:{rule.line}" if rule.line else rule.source
    return f"{where}   {'!' if rule.negated else ''}{rule.pattern}"


def rule_file(entry: LeftOutEntry) -> Path | None:
    """The ignore file that says so, if it is one and is there."""
    rule = entry.what.rule
    if rule is None or not rule.line:
        return None
    return entry.root / rule.source
