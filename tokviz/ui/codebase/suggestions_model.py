"""The suggestions of what may be left out, as rows that are checked when they are applied."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from tokviz.analysis import formatting
from tokviz.analysis.codebase.suggestions import Kind, Suggestion
from tokviz.ui.codebase.types_model import TypeRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class FitColumn(IntEnum):
    """What a row says."""

    WHAT = 0
    FILES = 1
    SAVES = 2
    SHARE = 3


HEADERS = {
    FitColumn.WHAT: ("Leave out", "Checked, it is left out; unchecked, it is taken back"),
    FitColumn.FILES: ("Files", "How many files it is"),
    FitColumn.SAVES: ("Saves", "Tokens that are saved, by the model's tokenizer"),
    FitColumn.SHARE: ("Of all", "Their share of all tokens of the folder"),
}


class SuggestionsModel(QAbstractTableModel):
    """What is applied, then what is offered, as rows."""

    toggled = Signal(object, bool)
    """A suggestion (Suggestion) is to be applied or undone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Suggestion, bool]] = []
        self._all = 0
        self._mark = ""

    def set_rows(
        self, applied: Sequence[Suggestion], offered: Sequence[Suggestion], all_tokens: int, mark: str
    ) -> None:
        """Show these; ``all_tokens`` is what the shares are of, ``mark`` stands before estimates."""
        self.beginResetModel()
        self._rows = [(one, True) for one in applied] + [(one, False) for one in offered]
        self._all, self._mark = all_tokens, mark
        self.endResetModel()

    def row(self, number: int) -> tuple[Suggestion, bool]:
        """The suggestion in a row, and whether it is applied."""
        return self._rows[number]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(FitColumn)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == FitColumn.WHAT else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(FitColumn):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return HEADERS[FitColumn(section)][0]
            case Qt.ItemDataRole.ToolTipRole:
                return HEADERS[FitColumn(section)][1]
            case Qt.ItemDataRole.TextAlignmentRole if section != FitColumn.WHAT:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        (suggestion, applied), column = self._rows[index.row()], FitColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(suggestion, column)
            case Qt.ItemDataRole.CheckStateRole if column is FitColumn.WHAT:
                return Qt.CheckState.Checked if applied else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return "As in .tokvizignore:\n" + "\n".join(suggestion.lines[:20])
            case Qt.ItemDataRole.TextAlignmentRole if column is not FitColumn.WHAT:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case TypeRole.SHARE if column is FitColumn.SHARE and self._all:
                return suggestion.saves / self._all
            case TypeRole.EXCLUDED:
                return applied
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.toggled.emit(self._rows[index.row()][0], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _text(self, suggestion: Suggestion, column: FitColumn) -> str:
        match column:
            case FitColumn.WHAT:
                if suggestion.kind is Kind.LARGEST:
                    return suggestion.title
                return f"{suggestion.title.capitalize()}  ({_patterns(suggestion)})"
            case FitColumn.FILES:
                return f"{len(suggestion.files):,}"
            case FitColumn.SAVES:
                return f"{self._mark}{suggestion.saves:,}"
            case FitColumn.SHARE:
                return formatting.percent(suggestion.saves / self._all) if self._all else ""


def _patterns(suggestion: Suggestion) -> str:
    shown = ", ".join(suggestion.lines[:3])
    return f"{shown}, …" if len(suggestion.lines) > 3 else shown
