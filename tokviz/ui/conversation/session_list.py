"""The conversations of a folder or of one file, newest first."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tokviz.analysis import formatting
from tokviz.language import _, ngettext
from tokviz.ui.common.cell_table import Cell, CellTable, Header, Line
from tokviz.ui.common.widgets import fill, plain_label
from tokviz.worker.conversation_jobs import SessionList, SessionRow

_HEADERS = (
    Header(_("Date"), number=False),
    Header(_("Conversation"), number=False, elastic=True),
    Header(_("Project"), number=False, optional=2),
    Header(_("Format"), number=False, optional=3),
    Header(_("Requests")),
    Header(_("Tokens read"), _("The contexts of all requests, cached tokens included")),
    Header(_("Cost"), _("US dollars at today's prices, where every price is known")),
)

_PROJECT = 2
"""The column of the project."""
_LONGEST_PROJECT = 22
"""Characters of its path that are shown; the tooltip has all of them."""


class SessionListView(QWidget):
    """A table; double-click or Enter opens."""

    chosen = Signal(object)
    """A ``SessionRow``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[SessionRow] = ()
        self._sum = plain_label("", "muted", _("Sums of the list"))
        self.table = CellTable(_("Conversations"))
        self.table.line_chosen.connect(self._open)
        fill(QVBoxLayout(self), self._sum, self.table, wide=self.table, spacing=6)

    def show_list(self, found: SessionList) -> None:
        """Show these."""
        self._rows = found.rows
        requests = sum(row.requests for row in found.rows)
        costs = [row.cost for row in found.rows if isinstance(row.cost, Decimal)]
        words = [
            ngettext("{n} conversation", "{n} conversations", len(found.rows)),
            ngettext("{n} recorded request", "{n} recorded requests", requests),
        ]
        if costs:
            words.append(
                _("{money} where the price is known", money=formatting.money(sum(costs, Decimal(0))))
            )
        if found.problems:
            words.append(_problem_words(found.problems))
        self._sum.setText(" · ".join(words))
        self._sum.setToolTip("\n".join(found.problems[:20]))
        # One project says nothing of a line, and its room is the titles'.
        several = len({row.project for row in found.rows}) > 1
        shown = [at for at in range(len(_HEADERS)) if several or at != _PROJECT]
        lines = [_line(number, row, shown) for number, row in enumerate(found.rows)]
        self.table.set_table([_HEADERS[at] for at in shown], lines)

    def _open(self, key: str) -> None:
        self.chosen.emit(self._rows[int(key)])


def _problem_words(problems: Sequence[str]) -> str:
    if len(problems) == 1:
        return problems[0]
    return ngettext(
        "{problem} And {n} more problem.",
        "{problem} And {n} more problems.",
        len(problems) - 1,
        problem=problems[0],
    )


def _when(time: str | None) -> str:
    """To the minute; ``time`` is as in ISO 8601."""
    if time is None:
        return formatting.UNKNOWN
    return formatting.day(time) + time[10:16].replace("T", " ")


def _end(path: str) -> str:
    """The end of a path, which tells one project from another."""
    if len(path) <= _LONGEST_PROJECT:
        return path
    end = path[1 - _LONGEST_PROJECT :]
    folders = end[end.find("/") :] if "/" in end[:-1] else end
    return f"…{folders}"


def _line(number: int, row: SessionRow, shown: Sequence[int]) -> Line:
    """A row of the list, with the columns that are ``shown``."""
    cost = row.cost if isinstance(row.cost, Decimal) else None
    cells = (
        Cell(_when(row.date), row.date),
        Cell(row.title, row.title, str(row.path)),
        Cell(_end(row.project), row.project, row.project),
        Cell(row.form, row.form),
        Cell(formatting.grouped(row.requests), row.requests),
        Cell(formatting.grouped(row.read), row.read),
        Cell(formatting.money(cost) if row.requests else "", None if cost is None else float(cost)),
    )
    return Line(str(number), tuple(cells[at] for at in shown))
