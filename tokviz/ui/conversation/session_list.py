"""The conversations of a folder or of one file, newest first."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tokviz.analysis import formatting
from tokviz.ui.common.cell_table import Cell, CellTable, Header, Line
from tokviz.ui.common.widgets import fill, plain_label
from tokviz.worker.conversation_jobs import SessionList, SessionRow

_HEADERS = (
    Header("Date", number=False),
    Header("Conversation", number=False, elastic=True),
    Header("Project", number=False, optional=2),
    Header("Format", number=False, optional=3),
    Header("Requests"),
    Header("Tokens read", "The contexts of all requests, cached tokens included"),
    Header("Cost", "US dollars at today's prices, where every price is known"),
)


class SessionListView(QWidget):
    """A table; double-click or Enter opens."""

    chosen = Signal(object)
    """A ``SessionRow``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[SessionRow] = ()
        self._sum = plain_label("", "muted", "Sums of the list")
        self.table = CellTable("Conversations")
        self.table.line_chosen.connect(self._open)
        fill(QVBoxLayout(self), self._sum, self.table, wide=self.table, spacing=6)

    def show_list(self, found: SessionList) -> None:
        """Show these."""
        self._rows = found.rows
        requests = sum(row.requests for row in found.rows)
        costs = [row.cost for row in found.rows if isinstance(row.cost, Decimal)]
        words = [
            formatting.quantity(len(found.rows), "conversation"),
            formatting.quantity(requests, "recorded request"),
        ]
        if costs:
            words.append(f"{formatting.money(sum(costs, Decimal(0)))} where the price is known")
        if found.problems:
            words.append(_problem_words(found.problems))
        self._sum.setText(" · ".join(words))
        self._sum.setToolTip("\n".join(found.problems[:20]))
        self.table.set_table(_HEADERS, [_line(number, row) for number, row in enumerate(found.rows)])

    def _open(self, key: str) -> None:
        self.chosen.emit(self._rows[int(key)])


def _problem_words(problems: Sequence[str]) -> str:
    if len(problems) == 1:
        return problems[0]
    return f"{problems[0]} And {formatting.quantity(len(problems) - 1, 'more problem')}."


def _line(number: int, row: SessionRow) -> Line:
    cost = row.cost if isinstance(row.cost, Decimal) else None
    return Line(
        str(number),
        (
            Cell((row.date or formatting.UNKNOWN)[:16].replace("T", " "), row.date),
            Cell(row.title, row.title, str(row.path)),
            Cell(row.project, row.project),
            Cell(row.form, row.form),
            Cell(f"{row.requests:,}", row.requests),
            Cell(formatting.grouped(row.read), row.read),
            Cell(formatting.money(cost) if row.requests else "", None if cost is None else float(cost)),
        ),
    )
