"""The models as rows of a table: what the current text means for each. Owns neither catalog nor counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, Qt

from tokviz.analysis.evaluation import evaluate
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count
from tokviz.ui.common.table_model import Index, TableColumn, TableModel
from tokviz.ui.models import cells
from tokviz.ui.models.rows import HEADERS, Column, Row


class Role(IntEnum):
    """What the delegate and the proxy ask for beside Qt's own roles."""

    SECOND_LINE = Qt.ItemDataRole.UserRole + 11
    ROW = Qt.ItemDataRole.UserRole + 12
    SHORT_SECOND_LINE = Qt.ItemDataRole.UserRole + 13


class ModelsTable(TableModel[Row]):
    """All models of the catalog, recomputed whenever the counts or the reserve change (arithmetic only)."""

    def __init__(self, models: Sequence[LanguageModel], parent: QObject | None = None) -> None:
        super().__init__(list(map(_column, Column)), lambda row: row.model.id, parent)
        self._counts: Mapping[str, Count] = {}
        self._reserve: int | None = None
        self.set_rows(Row(position, model, favourite=False) for position, model in enumerate(models))

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
        self.set_rows(replace(row, favourite=row.model.id in ids) for row in self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], Column(index.column())
        match role:
            case Role.ROW:
                return row
            case Role.SECOND_LINE:
                return cells.cell(row, column)[1]
            case Role.SHORT_SECOND_LINE:
                return cells.short_second_line(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(line for line in cells.cell(row, column) if line)
        return super().data(index, role)

    def _recompute(self) -> None:
        self.set_rows(map(self._measured, self.rows))

    def _measured(self, row: Row) -> Row:
        count = self._counts.get(row.model.tokenizer)
        found = None if count is None else evaluate(row.model, count, self._reserve)
        return replace(row, evaluation=found)


def _column(column: Column) -> TableColumn[Row]:
    title, tip = HEADERS[column]
    return TableColumn(
        title,
        tip,
        lambda row: cells.cell(row, column)[0],
        number=column in (Column.TOKENS, Column.COST),
        cell_tip=cells.tooltip,
    )
