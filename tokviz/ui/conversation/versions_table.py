"""Two versions of a prompt: a line for each part, with its tokens then and now."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.conversation.versions import VersionRow
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
        set_up_table(self.table, "Parts of both versions", _ROW)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._words = ElidedLabel("muted")
        file = QPushButton("With a &File…")
        file.setToolTip("Compare with a request in a file in place of what was opened")
        file.clicked.connect(self.file_wanted)
        head = fill(QHBoxLayout(), self._words, file, wide=self._words, spacing=8)
        fill(QVBoxLayout(self), head, self.table, wide=self.table, spacing=6)

    @property
    def words(self) -> str:
        """The sum in words."""
        return self._words.text()

    def show_versions(self, found: Versions, name: str) -> None:
        """Show these; ``name``: what the earlier one is called."""
        self.rows.set_rows(enumerate(found.rows))
        before, now = found.before, found.now
        more = now.tokens - before.tokens
        change = "as many" if not more else f"{abs(more):,} {'more' if more > 0 else 'fewer'}"
        counts = f"{formatting.count(now)} now, {formatting.count(before)} {name}: {change}"
        self._words.setText(f"{counts}, in tokens of {found.name}")

    def showEvent(self, event: object) -> None:
        self.wanted.emit()


def _columns() -> list[TableColumn[tuple[int, VersionRow]]]:
    def number(tokens: int | None) -> str:
        return "–" if tokens is None else f"{tokens:,}"

    def difference(row: tuple[int, VersionRow]) -> str:
        if not row[1].changed:
            return "same"
        return formatting.signed(row[1].more) if row[1].more else "other words"

    return [
        TableColumn("Part", "", lambda row: row[1].title, lambda row: row[1].title.casefold(), number=False),
        TableColumn("Before", "Tokens of the earlier version", lambda row: number(row[1].before)),
        TableColumn("Now", "Tokens of this version", lambda row: number(row[1].now)),
        TableColumn("Difference", "", difference, lambda row: abs(row[1].more)),
    ]
