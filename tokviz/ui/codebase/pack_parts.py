"""The parts of a packed text, seen before they are written: each with its tokens and what is in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from tokviz.analysis import formatting
from tokviz.language import _, ngettext, pgettext
from tokviz.lists import listed
from tokviz.ui.codebase.cells import size
from tokviz.ui.common.table_model import TableColumn, TableModel
from tokviz.ui.common.widgets import set_up_table
from tokviz.worker.codebase_packing import PackedPart

_ROW = 24
_WIDTHS = (56, 84, 64, 84)
"""Pixels of the columns of numbers."""
_HEIGHT = 150
_MOST_IN_TIP = 30
"""Files that a tool tip names."""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    part: PackedPart


class PackParts(QTableView):
    """One row is selected: the one that is copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        columns = (
            TableColumn[_Row](
                pgettext("of a packed text", "Part"), "", lambda row: formatting.grouped(row.number)
            ),
            TableColumn[_Row](
                _("Tokens"),
                _("Of the part by itself, all included"),
                lambda row: formatting.count(row.part.count),
            ),
            TableColumn[_Row](_("Files"), "", lambda row: formatting.grouped(len(row.part.contents))),
            TableColumn[_Row](_("Size"), "", lambda row: size(row.part.end - row.part.start)),
            TableColumn[_Row](_("Holds"), "", _holds, number=False, cell_tip=_tip),
        )
        self._table = TableModel[_Row](columns, lambda row: row.number, self)
        self.setModel(self._table)
        header = set_up_table(self, _("The parts; the selected one is copied"), _ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header.set_widths(enumerate(_WIDTHS))
        header.setSectionResizeMode(len(columns) - 1, QHeaderView.ResizeMode.Stretch)
        self.setMinimumHeight(_HEIGHT)

    def show_parts(self, parts: Sequence[PackedPart]) -> None:
        """Show these, the first one selected."""
        self._table.set_rows(_Row(number, part) for number, part in enumerate(parts, 1))
        self.select(0)

    @property
    def selected(self) -> int | None:
        """The selected part, from 0."""
        rows = self.selectionModel().selectedRows()
        return self._table.rows[rows[0].row()].number - 1 if rows else None

    def select(self, number: int) -> None:
        """Select a part, from 0, if there is one of that number."""
        flags = QItemSelectionModel.SelectionFlag
        index = self._table.index(number, 0)
        if index.isValid():
            self.selectionModel().select(index, flags.ClearAndSelect | flags.Rows)
            self.setCurrentIndex(index)


def _holds(row: _Row) -> str:
    return listed(row.part.contents[:_MOST_IN_TIP])


def _tip(row: _Row) -> str:
    contents = row.part.contents
    more = len(contents) - _MOST_IN_TIP
    return "\n".join(
        [*contents[:_MOST_IN_TIP], *([ngettext("and {n} more", "and {n} more", more)] if more > 0 else [])]
    )
