"""Tokens by file type and tokenizer, for a codebase: shows counts that were made elsewhere."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tokviz.analysis.type_counts import TypeCounts
from tokviz.ui.compare.figure_table import FigureTable
from tokviz.ui.compare.lines import matrix_lines

_TIP = "Files of one type (their language, or their ending)"


class TypeTable(QWidget):
    """Rows are file types, columns tokenizers; each cell says how much more it is than the row's fewest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = FigureTable("Tokens by file type and tokenizer")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def set_counts(self, found: TypeCounts) -> None:
        """Show these; the totals stand last however the table is sorted."""
        self.table.set_table(*matrix_lines(found.matrix, "Type", _TIP, found.estimated))
