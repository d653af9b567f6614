"""Tokens by file type and tokenizer, for a codebase: shows counts that were made elsewhere."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tokviz.analysis.count_matrix import CountMatrix
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

    def set_counts(
        self,
        types: Sequence[str],
        tokenizers: Sequence[str],
        sizes: NDArray[np.int64],
        tokens: NDArray[np.int64],
    ) -> None:
        """``sizes`` ``int64[types]`` in bytes, ``tokens`` ``int64[types, tokenizers]``; ValueError if they
        do not fit. The largest types come first, and the totals last however the table is sorted."""
        order = np.argsort(-sizes, kind="stable")
        names = tuple(types[int(row)] for row in order)
        found = CountMatrix(names, tuple(tokenizers), sizes[order], tokens[order])
        self.table.set_table(*matrix_lines(found, "Type", _TIP))
