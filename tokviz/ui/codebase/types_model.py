"""The summary by file type: one row for each kind of file, which can be excluded and included as a whole."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from tokviz.analysis import formatting
from tokviz.analysis.codebase.languages import language_words
from tokviz.analysis.codebase.token_tree import FileState
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.language import _
from tokviz.language import number as in_signs
from tokviz.tokens import Count
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.common.table_model import TableColumn, TableModel


class TypeColumn(IntEnum):
    """What a row says."""

    TYPE = 0
    FILES = 1
    TOKENS = 2
    SHARE = 3
    BYTES = 4
    DENSITY = 5


@dataclass(frozen=True, slots=True)
class TypeRow:
    """The files of one kind. What is excluded as a whole has the metrics it would have."""

    language: str
    number: int
    """Its position in the tree's ``language_names``."""
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
    """A row for each kind of file in the tree, by name."""
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
    return sorted(rows, key=lambda row: row.language.casefold())


def _files(row: TypeRow) -> str:
    whole = row.files in (0, row.all_files)
    every = formatting.grouped(row.all_files)
    return every if whole else _("{done} of {all}", done=formatting.grouped(row.files), all=every)


def _density(row: TypeRow) -> float:
    return row.bytes / row.tokens.tokens if row.tokens.tokens else 0.0


_COLUMNS = {
    TypeColumn.TYPE: TableColumn[TypeRow](
        _("Type"),
        _("The kind of file, by its name; unchecked, all of its files take no part"),
        lambda row: language_words(row.language),
        lambda row: language_words(row.language).casefold(),
        number=False,
    ),
    TypeColumn.FILES: TableColumn[TypeRow](
        _("Files"), _("Files that take part"), _files, lambda row: row.files
    ),
    TypeColumn.TOKENS: TableColumn[TypeRow](
        _("Tokens"),
        _("Tokens under the chosen tokenizer"),
        lambda row: formatting.count(row.tokens),
        lambda row: row.tokens.tokens,
    ),
    TypeColumn.SHARE: TableColumn[TypeRow](
        _("Of all"),
        _("Share of all tokens that take part"),
        lambda row: "" if row.share is None else formatting.share_of(row.tokens, row.share),
        lambda row: row.share or 0.0,
        share=lambda row: row.share,
    ),
    TypeColumn.BYTES: TableColumn[TypeRow](
        _("Bytes"), _("Bytes of the text as UTF-8"), lambda row: size(row.bytes), lambda row: row.bytes
    ),
    TypeColumn.DENSITY: TableColumn[TypeRow](
        _("Bytes/token"),
        _("Bytes per token: the fewer, the more a byte costs"),
        lambda row: (
            formatting.mark(row.tokens) + in_signs(f"{_density(row):.2f}") if row.tokens.tokens else ""
        ),
        _density,
    ),
}


class TypesModel(TableModel[TypeRow]):
    """The rows by a column; of those alike, by name. A check box includes or excludes its files."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            [_COLUMNS[column] for column in TypeColumn],
            lambda row: row.number,
            parent,
            check=lambda row: row.check,
            muted=lambda row: not row.files,
            color=lambda row: self._colors.get(row.language),
        )
        self._colors: dict[str, QColor] = {}
        self.sort(TypeColumn.TOKENS, Qt.SortOrder.DescendingOrder)

    def set_colors(self, colors: dict[str, QColor]) -> None:
        """The colours that kinds have in the treemap, by ``TypeRow.language``."""
        self._colors = colors
        self.refresh()
