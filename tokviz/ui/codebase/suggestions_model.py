"""The suggestions of what may be left out, as rows that are checked when they are applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QObject, Qt

from tokviz.analysis import formatting
from tokviz.analysis.codebase.file_kinds import ORDER, Kind
from tokviz.analysis.codebase.suggestions import Suggestion, ignore_line
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.ui.common.table_model import TableColumn, TableModel

_MOST_LINES = 20
"""Lines that a tool tip shows."""


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
    lines: tuple[str, ...]
    """As in an ignore file."""


def _what(row: SuggestionRow) -> str:
    suggestion = row.suggestion
    if suggestion.shortening:
        # Translators: {what} is such as “comments removed”
        return _("Shorten: {what}", what=suggestion.words)
    if suggestion.kind is Kind.SOURCE:
        return _("Own source: {path}", path=suggestion.title)
    if not suggestion.of_images and suggestion.title != suggestion.kind.value and "," not in suggestion.title:
        return f"{formatting.sentence(suggestion.kind.words)}: {suggestion.title}"
    lines = [*row.lines[:3], *(["…"] if len(row.lines) > 3 else [])]
    return f"{formatting.sentence(suggestion.words)}  ({listed(lines)})"


def _tip(row: SuggestionRow) -> str:
    if row.suggestion.shortening:
        return _("The files stay, with less in them; no ignore file says so")
    more = len(row.lines) - _MOST_LINES
    rest = [ngettext("… and {n} more", "… and {n} more", more)] if more > 0 else []
    # Translators: lines of an ignore file follow
    return "\n".join([_("As in .tokvizignore:"), *row.lines[:_MOST_LINES], *rest])


_column = partial(TableColumn[SuggestionRow], cell_tip=_tip)
_COLUMNS = {
    FitColumn.WHAT: _column(
        _("Leave out"),
        _("Checked, it is left out or shortened; unchecked, it is taken back"),
        _what,
        number=False,
    ),
    FitColumn.FILES: _column(
        _("Files"), _("How many files it is"), lambda row: formatting.grouped(len(row.suggestion.files))
    ),
    FitColumn.SAVES: _column(
        _("Saves"),
        _("Tokens that are saved, by the model's tokenizer"),
        lambda row: row.mark + formatting.grouped(row.suggestion.saves),
    ),
    FitColumn.SHARE: _column(
        _("Of all"),
        _("Their share of all tokens of the folder"),
        lambda row: "" if row.share is None else row.mark + formatting.percent(row.share),
        share=lambda row: row.share,
    ),
}


class SuggestionsModel(TableModel[SuggestionRow]):
    """What may be left out, in the order of its kinds. A check box applies one or undoes it; its row stays
    where it is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(
            [_COLUMNS[column] for column in FitColumn],
            lambda row: (row.applied, row.suggestion.kind, row.lines),
            parent,
            check=lambda row: Qt.CheckState.Checked if row.applied else Qt.CheckState.Unchecked,
            muted=lambda row: row.applied,
        )

    def show(
        self,
        applied: Sequence[Suggestion],
        offered: Sequence[Suggestion],
        all_tokens: int,
        mark: str,
        shape: TreeShape | None,
    ) -> None:
        """Show these of the tree ``shape``; ``all_tokens`` is what the shares are of, ``mark`` stands before
        estimates."""
        rows = [
            SuggestionRow(
                one, known, one.saves / all_tokens if all_tokens else None, mark, _lines(one, shape)
            )
            for known, those in ((True, applied), (False, offered))
            for one in those
        ]
        self.set_rows(sorted(rows, key=lambda row: (ORDER.index(row.suggestion.kind), -row.suggestion.saves)))


def _lines(suggestion: Suggestion, shape: TreeShape | None) -> tuple[str, ...]:
    nodes = suggestion.nodes if shape is not None else ()
    return (*suggestion.patterns, *(ignore_line(shape, node) for node in nodes if shape is not None))
