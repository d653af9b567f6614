"""Tokens by file type and tokenizer, for a codebase: shows counts that were made elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from tokviz.analysis import formatting
from tokviz.analysis.codebase.languages import language_words
from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.analysis.comparison.count_matrix import CountMatrix
from tokviz.language import _, number
from tokviz.ui.common.cell_table import Cell, CellTable, Header, Line

_TIP = _("Files of one type (their language, or their ending)")


class TypeTable(CellTable):
    """Rows are file types, columns tokenizers; each cell says how much more it is than the row's fewest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Tokens by file type and tokenizer"), parent)

    def set_counts(self, found: TypeCounts) -> None:
        """Show these; the totals stand last however the table is sorted."""
        named = replace(found.matrix, rows=tuple(map(language_words, found.matrix.rows)))
        self.set_table(*matrix_lines(named, _("Type"), _TIP, found.estimated))


def matrix_lines(
    found: CountMatrix, what: str, tip: str, estimated: Sequence[bool] = ()
) -> tuple[list[Header], list[Line]]:
    """Tokens by row and tokenizer, each with how much more it is than its row's fewest; a total below. Those
    of the columns that are ``estimated`` (by default none) have a ``~``."""
    marks = ["~" * guess for guess in estimated] or [""] * len(found.columns)
    column_tip = _("Tokens, and how many more than the tokenizer that needs fewest for this row")
    headers = [Header(what, tip, False), Header(_("Bytes"), _("Bytes of UTF-8"), optional=len(found.columns))]
    headers += [Header(column, column_tip, optional=at) for at, column in enumerate(found.columns)]
    above = found.above_least()
    lines = []
    for row, name in enumerate(found.rows):
        size = int(found.sizes[row])
        cells = [Cell(name, name), Cell(formatting.grouped(size), size)]
        cells += [
            _matrix_cell(int(found.tokens[row, column]), _above(found, above, row, column), size, mark)
            for column, mark in enumerate(marks)
        ]
        lines.append(Line(name, tuple(cells)))
    if len(found.rows) > 1:
        lines.append(_total_line(found, marks))
    return headers, lines


def _above(found: CountMatrix, above: NDArray[np.float64], row: int, column: int) -> float | None:
    """How much more than its row's fewest a cell is; None where there is nothing to compare with: one column
    alone, or fewest that are none."""
    comparable = len(found.columns) > 1 and found.tokens[row].min() > 0
    return float(above[row, column]) if comparable else None


def _matrix_cell(tokens: int, above: float | None, size: int, mark: str) -> Cell:
    tip = _("{size} bytes per token", size=number(f"{size / tokens:.2f}")) if tokens else ""
    text = mark + formatting.grouped(tokens)
    if above is None:
        return Cell(text, tokens, tip)
    if above == 0:
        return Cell(text, tokens, _("{tip}; the fewest", tip=tip), emphasized=True)
    return Cell(f"{text} (+{formatting.percent(above)})", tokens, tip)


def _total_line(found: CountMatrix, marks: Sequence[str]) -> Line:
    """Always the last: its cells have no value to sort by."""
    size, tokens = found.total()
    whole = CountMatrix((_("Total"),), found.columns, found.sizes[:1] * 0 + size, tokens.reshape(1, -1))
    above = whole.above_least()
    cells = [
        _matrix_cell(int(tokens[column]), _above(whole, above, 0, column), size, mark)
        for column, mark in enumerate(marks)
    ]
    texts = [_("Total"), formatting.grouped(size), *(cell.text for cell in cells)]
    return Line("total", tuple(Cell(text, None, "", emphasized=True) for text in texts))
