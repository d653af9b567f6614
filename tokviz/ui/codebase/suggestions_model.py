"""The suggestions of what may be left out, as rows that are checked when they are applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QObject, Qt

from tokviz.analysis import formatting
from tokviz.analysis.codebase.suggestions import Kind, Suggestion
from tokviz.ui.common.table_model import TableColumn, TableModel


class FitColumn(IntEnum):
    """What a row says."""

    WHAT = 0
    FILES = 1
    SAVES = 2
    SHARE = 3


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion as it is shown."""

    suggestion: Suggestion
    applied: bool
    share: float | None
    """Of all tokens of the folder; None if there are none."""
    mark: str
    """What stands before estimates."""


def _what(row: SuggestionRow) -> str:
    suggestion = row.suggestion
    if suggestion.kind is Kind.LARGEST:
        return suggestion.title
    more = ", …" if len(suggestion.lines) > 3 else ""
    return f"{suggestion.title.capitalize()}  ({', '.join(suggestion.lines[:3])}{more})"


def _tip(row: SuggestionRow) -> str:
    return "As in .tokvizignore:\n" + "\n".join(row.suggestion.lines[:20])


_column = partial(TableColumn[SuggestionRow], cell_tip=_tip)
_COLUMNS = {
    FitColumn.WHAT: _column(
        "Leave out", "Checked, it is left out; unchecked, it is taken back", _what, number=False
    ),
    FitColumn.FILES: _column("Files", "How many files it is", lambda row: f"{len(row.suggestion.files):,}"),
    FitColumn.SAVES: _column(
        "Saves",
        "Tokens that are saved, by the model's tokenizer",
        lambda row: f"{row.mark}{row.suggestion.saves:,}",
    ),
    FitColumn.SHARE: _column(
        "Of all",
        "Their share of all tokens of the folder",
        lambda row: "" if row.share is None else row.mark + formatting.percent(row.share),
        share=lambda row: row.share,
    ),
}


class SuggestionsModel(TableModel[SuggestionRow]):
    """What is applied, then what is offered. A check box applies one or undoes it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            [_COLUMNS[column] for column in FitColumn],
            lambda row: (row.applied, row.suggestion.root, row.suggestion.lines),
            parent,
            check=lambda row: Qt.CheckState.Checked if row.applied else Qt.CheckState.Unchecked,
            muted=lambda row: row.applied,
        )

    def show(
        self, applied: Sequence[Suggestion], offered: Sequence[Suggestion], all_tokens: int, mark: str
    ) -> None:
        """Show these; ``all_tokens`` is what the shares are of, ``mark`` stands before estimates."""
        self.set_rows(
            SuggestionRow(one, known, one.saves / all_tokens if all_tokens else None, mark)
            for known, those in ((True, applied), (False, offered))
            for one in those
        )
