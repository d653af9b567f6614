"""The models as rows of a Qt model: what the current text means for each. Owns neither catalog nor counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tokviz.analysis.evaluation import evaluate
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count
from tokviz.ui.models import cells
from tokviz.ui.models.rows import HEADERS, Column, Row

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Role(IntEnum):
    """What the delegate and the proxy ask for beside Qt's own roles."""

    SECOND_LINE = Qt.ItemDataRole.UserRole + 1
    ROW = Qt.ItemDataRole.UserRole + 2
    SHORT_SECOND_LINE = Qt.ItemDataRole.UserRole + 3


class ModelsTable(QAbstractTableModel):
    """All models of the catalog, recomputed whenever the counts or the reserve change (arithmetic only)."""

    def __init__(self, models: Sequence[LanguageModel], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = [Row(position, model, favourite=False) for position, model in enumerate(models)]
        self._counts: Mapping[str, Count] = {}
        self._reserve: int | None = None

    @property
    def rows(self) -> Sequence[Row]:
        """Every row, in the catalog's order."""
        return self._rows

    def set_counts(self, counts: Mapping[str, Count]) -> None:
        """Take the counts by tokenizer; a model whose tokenizer is absent shows that it is being counted."""
        self._counts = counts
        self._recompute()

    def set_reserve(self, tokens: int | None) -> None:
        """Keep this many tokens free for the answer; None: each model's own default."""
        self._reserve = tokens
        self._recompute()

    def set_favourites(self, ids: Sequence[str]) -> None:
        """Mark the models whose id is in ``ids``."""
        chosen = set(ids)
        self._replace(lambda row: replace(row, favourite=row.model.id in chosen))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        text, tip = HEADERS[Column(section)]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return tip
            case Qt.ItemDataRole.TextAlignmentRole if section in (Column.TOKENS, Column.COST):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Role.ROW:
            return row
        lines = cells.cell(row, Column(index.column()))
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return lines[0]
            case Role.SECOND_LINE:
                return lines[1]
            case Role.SHORT_SECOND_LINE:
                return cells.short_second_line(row, Column(index.column()))
            case Qt.ItemDataRole.ToolTipRole:
                return cells.tooltip(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(line for line in lines if line)
        return None

    def _recompute(self) -> None:
        self._replace(self._measured)

    def _measured(self, row: Row) -> Row:
        count = self._counts.get(row.model.tokenizer)
        found = None if count is None else evaluate(row.model, count, self._reserve)
        return replace(row, evaluation=found)

    def _replace(self, change: Callable[[Row], Row]) -> None:
        self._rows = [change(row) for row in self._rows]
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))
