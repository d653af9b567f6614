"""What is left out, as rows: everything that a scan came across and does not count, with its reason."""

from collections.abc import Sequence
from enum import IntEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt

from tokviz.analysis.codebase.packing import shown
from tokviz.documents.tree.walking import Reason
from tokviz.language import _
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.left_out_files import LeftOutEntry
from tokviz.ui.common.table_model import TableColumn, TableModel

_TOLD = (Reason.UNREADABLE, Reason.SPECIAL, Reason.TOO_LARGE)
"""The reasons whose detail says more in a few words."""


class LeftOutColumn(IntEnum):
    """What a row says."""

    PATH = 0
    REASON = 1
    RULE = 2
    SIZE = 3


class LeftOutModel(TableModel[LeftOutEntry]):
    """The entries that a search leaves, in the order of a column."""

    def __init__(self, parent: QObject | None = None) -> None:
        column = partial(TableColumn[LeftOutEntry], number=False, cell_tip=self._tip)
        columns = [
            column(
                _("Path"),
                _("Where it lies; a folder has a / at its end, and all in it is left out too"),
                self._path,
                lambda entry: (str(entry.root), entry.what.path),
            ),
            column(
                _("Why"),
                _("Why it is not counted"),
                _reason,
                lambda entry: (entry.what.reason.value, entry.what.detail, entry.what.path),
            ),
            column(
                _("Rule"),
                _("The ignore file, the line and the pattern that say so"),
                rule_text,
                lambda entry: (str(entry.what.rule or ""), entry.what.path),
            ),
            column(
                _("Bytes"),
                _("Bytes on the disk; folders are not looked into"),
                lambda entry: "" if entry.what.folder else size(entry.what.size),
                lambda entry: (entry.what.size, entry.what.path),
                number=True,
            ),
        ]
        super().__init__(columns, lambda entry: (entry.root, entry.what.path), parent)
        self._entries: list[LeftOutEntry] = []
        self._several = False
        self._words: list[str] = []
        self.sort(LeftOutColumn.PATH, Qt.SortOrder.AscendingOrder)

    def set_entries(self, entries: Sequence[LeftOutEntry]) -> None:
        """Show these."""
        self._entries = list(entries)
        self._several = len({entry.root for entry in entries}) > 1
        self._narrow()

    def set_search(self, text: str) -> None:
        """Show only entries in whose path, reason or rule every word of ``text`` occurs."""
        self._words = text.casefold().split()
        self._narrow()

    def _path(self, entry: LeftOutEntry) -> str:
        path = shown(entry.what.path) + ("/" if entry.what.folder else "")
        return f"{entry.root.name}/{path}" if self._several else path

    def _tip(self, entry: LeftOutEntry) -> str:
        return f"{self._path(entry)}\n{entry.what.describe()}"

    def _narrow(self) -> None:
        self.set_rows(filter(self._matches, self._entries) if self._words else self._entries)

    def _matches(self, entry: LeftOutEntry) -> bool:
        text = f"{entry.what.path} {entry.what.describe()}".casefold()
        return all(word in text for word in self._words)


def _reason(entry: LeftOutEntry) -> str:
    what = entry.what
    return what.detail if what.detail and what.reason in _TOLD else what.reason.words


def rule_text(entry: LeftOutEntry) -> str:
    """The rule as ``.gitignore:12  *.o``; empty where none says so."""
    rule = entry.what.rule
    if rule is None:
        return ""
    where = f"{shown(rule.source)}:{rule.line}" if rule.line else rule.source
    return f"{where}   {'!' if rule.negated else ''}{rule.pattern}"


def rule_file(entry: LeftOutEntry) -> Path | None:
    """The ignore file that says so, if it is one and is there."""
    rule = entry.what.rule
    if rule is None or not rule.line:
        return None
    return entry.root / rule.source
