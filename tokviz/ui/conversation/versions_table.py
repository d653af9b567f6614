"""Two versions of a prompt: a line for each part, with its tokens then and now."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.conversation.versions import VersionRow
from tokviz.language import _, ngettext
from tokviz.ui.common.table_model import TableColumn, TableModel
from tokviz.ui.common.widgets import ElidedLabel, fill, set_up_table
from tokviz.worker.version_jobs import Versions

_ROW = 26


class VersionsTable(QWidget):
    """Asks to be filled while it can be seen."""

    wanted = Signal()
    file_wanted = Signal()
    """Another version to compare with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: TableModel[tuple[int, VersionRow]] = TableModel(
            _columns(), lambda row: row[0], self, muted=lambda row: not row[1].changed
        )
        self.table = QTableView()
        self.table.setModel(self.rows)
        set_up_table(self.table, _("Parts of both versions"), _ROW)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._words = ElidedLabel("muted")
        file = QPushButton(_("W&ith a File…"))
        file.setToolTip(_("Compare with a request in a file in place of what was opened"))
        file.clicked.connect(self.file_wanted)
        head = fill(QHBoxLayout(), self._words, file, wide=self._words, spacing=8)
        fill(QVBoxLayout(self), head, self.table, wide=self.table, spacing=6)

    @property
    def words(self) -> str:
        """The sum in words."""
        return self._words.text()

    def show_versions(self, found: Versions, file: str) -> None:
        """Show these; ``file`` has the earlier one, unless it is the one that was opened or saved."""
        self.rows.set_rows(enumerate(found.rows))
        figures = {
            "now": formatting.count(found.now),
            "before": formatting.count(found.before),
            "change": _change(found.now.tokens - found.before.tokens),
            "model": found.name,
            "file": file,
        }
        # Translators: numbers of tokens; {change} is such as "as many" or "12 more".
        told = _("{now} now, {before} when it was opened or saved: {change}, in tokens of {model}", **figures)
        if file:
            # Translators: numbers of tokens; {change} is such as "as many" or "12 more".
            told = _("{now} now, {before} in {file}: {change}, in tokens of {model}", **figures)
        self._words.setText(told)

    def showEvent(self, event: object) -> None:
        self.wanted.emit()


def _change(more: int) -> str:
    if not more:
        return _("as many")
    if more > 0:
        return ngettext("{n} more", "{n} more", more)
    return ngettext("{n} fewer", "{n} fewer", -more)


def _columns() -> list[TableColumn[tuple[int, VersionRow]]]:
    def number(tokens: int | None) -> str:
        return "–" if tokens is None else formatting.grouped(tokens)

    def difference(row: tuple[int, VersionRow]) -> str:
        if not row[1].changed:
            return _("same")
        return formatting.signed(row[1].more) if row[1].more else _("other words")

    return [
        TableColumn(
            _("Part"), "", lambda row: row[1].title, lambda row: row[1].title.casefold(), number=False
        ),
        TableColumn(_("Before"), _("Tokens of the earlier version"), lambda row: number(row[1].before)),
        TableColumn(_("Now"), _("Tokens of this version"), lambda row: number(row[1].now)),
        TableColumn(_("Difference"), "", difference, lambda row: abs(row[1].more)),
    ]
