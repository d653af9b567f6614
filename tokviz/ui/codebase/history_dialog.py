"""What the open folder counted at each of its last commits or tags: a line, and a table below it."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis import formatting
from tokviz.analysis.codebase.history import VersionCounts
from tokviz.analysis.escaping import escaped
from tokviz.documents.tree.git_versions import Versions
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import _, date, ngettext
from tokviz.ui.codebase.history_chart import HistoryChart, Point
from tokviz.ui.common.cell_table import Cell, CellTable, Header, Line
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.placement import resize_within
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import caption, fill, name_box, number_field, select_row
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.git_jobs import CountHistory, VersionProgress

_LAST, _MOST = 50, 1000
_KEY = "codebase/history_last"
_REFRESH = 150
"""Least milliseconds between two updates while versions stream in: each lays out all of them."""
_MARGIN = 12
_HEADERS = (
    Header(_("Version"), _("The commit or tag"), number=False),
    Header(_("Date"), _("When it was committed (UTC)"), number=False, optional=2),
    Header(_("Files"), _("Text files in it"), optional=3),
    Header(_("Tokens"), _("Of all its text files")),
    Header(_("Added"), _("Tokens by which files grew since the version before")),
    Header(_("Removed"), _("Tokens by which files shrank since the version before")),
    Header(_("Subject"), _("The first line of the commit's message"), number=False, elastic=True),
)


class HistoryDialog(QDialog):
    """Counts in the worker; what no earlier run has counted takes its time, and can be stopped."""

    def __init__(
        self,
        folder: Path,
        tokenizer: str,
        options: WalkOptions,
        worker: Worker,
        settings: Settings,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("History of {folder}", folder=folder.name or folder))
        self._folder, self._tokenizer, self._options = folder, tokenizer, options
        self._worker = worker
        self._settings = settings
        self._ticket: int | None = None
        self.rows: list[VersionCounts] = []
        """The newest first."""
        self.what = ChoiceBox()
        self.last = number_field(_("How many of the last"), 2, _MOST)
        self.chart = HistoryChart(theme)
        self.table = CellTable(_("Versions of the folder, the newest first"))
        self.says = QLabel()
        self.stop = QPushButton(_("&Stop"))
        self._show_later = Debouncer(self._show, _REFRESH, self)
        self._build()
        self._start()

    def _build(self) -> None:
        # Translators: what stands behind “The last 20”
        self.what.addItem(_("commits"), False)
        self.what.addItem(_("tags"), True)
        name_box(self.what, _("Commits or tags"))
        self.last.setValue(self._settings.number(_KEY, _LAST, 2, _MOST))
        self.last.setKeyboardTracking(False)
        self.says.setProperty("role", "muted")
        self.says.setWordWrap(True)
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self.cancel)
        close = QPushButton(_("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        head = fill(QHBoxLayout(), caption(_("The &last"), self.last), self.last, self.what, spacing=8)
        head.addWidget(QLabel(_("by {tokenizer}", tokenizer=self._tokenizer)))
        head.addStretch(1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.chart)
        parts.addWidget(self.table)
        parts.setStretchFactor(1, 1)
        foot = fill(QHBoxLayout(), self.says, self.stop, close, wide=self.says, spacing=8)
        column = fill(QVBoxLayout(self), head, parts, foot, wide=parts, spacing=8)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        resize_within(self, 820, 560)
        self.last.valueChanged.connect(self._start)
        self.what.currentIndexChanged.connect(self._start)
        self.chart.chosen.connect(self._select)
        self.table.selectionModel().selectionChanged.connect(self._mark)
        QShortcut(QKeySequence.StandardKey.Close, self, self.reject)

    # -- counting --------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._settings.set(_KEY, self.last.value())
        self._worker.cancel(self._ticket)
        self.rows = []
        self._show_later.cancel()
        self._show()
        self.says.setText(_("Reading the repository…"))
        self.stop.setEnabled(True)
        job = CountHistory(
            self._folder, self._tokenizer, self.last.value(), self.what.currentData(), self._options
        )
        self._ticket = self._worker.submit(job, self._done, self._end, self._arrived)

    def cancel(self) -> None:
        """Count no more, and keep what is shown."""
        if self._ticket is not None:
            self._worker.cancel(self._ticket)
            self._end(
                ngettext("Stopped after {n} version.", "Stopped after {n} versions.", len(self.rows)),
            )

    def done(self, result: int) -> None:
        """Close; what is not counted yet is not needed."""
        self._worker.cancel(self._ticket)
        self._ticket = None
        super().done(result)

    def _arrived(self, found: VersionProgress) -> None:
        self.rows.append(found.counts)
        self._show_later.request()
        self.says.setText(
            ngettext(
                "{done} of {n} version",
                "{done} of {n} versions",
                found.all,
                done=formatting.grouped(len(self.rows)),
            )
        )

    def _done(self, found: Versions) -> None:
        if not self.rows:
            self._end(_("There is no tag in this repository."))
            return
        said = [self._summary()]
        if found.cut:
            said.append(_("The clone is shallow: its history ends here."))
        self._end(" ".join(said))

    def _end(self, sentence: str) -> None:
        self._ticket = None
        self._show_later.flush()
        self.stop.setEnabled(False)
        self.says.setText(sentence)

    # -- showing ---------------------------------------------------------------------------------------

    def _summary(self) -> str:
        newest, oldest = (self._tokens(self.rows[end]) for end in (0, -1))
        change = formatting.signed(newest - oldest)
        return _(
            "{tokens}, {change} since {version}.",
            tokens=formatting.tokens(newest),
            change=change,
            version=escaped(self.rows[-1].version.name),
        )

    def _tokens(self, row: VersionCounts) -> int:
        return row.counts[self._tokenizer].tokens

    def _show(self) -> None:
        self.chart.set_points([self._point(row) for row in reversed(self.rows)])
        self.table.set_table(_HEADERS, [self._line(number, row) for number, row in enumerate(self.rows)])

    def _point(self, row: VersionCounts) -> Point:
        version, count = row.version, row.counts[self._tokenizer]
        words = _(
            "{version}, {date}: {tokens}",
            version=escaped(version.name),
            date=_date(version.time),
            tokens=formatting.tokens(count),
        )
        return Point(escaped(version.name), count.tokens, words)

    def _line(self, number: int, row: VersionCounts) -> Line:
        version, count = row.version, row.counts[self._tokenizer]

        def change(side: dict[str, int] | None) -> Cell:
            if side is None:
                return Cell("–", None, _("None before it was looked at"))
            return Cell(formatting.grouped(side[self._tokenizer]), side[self._tokenizer])

        return Line(
            str(number),
            (
                Cell(escaped(version.name), -number, f"{version.id}\n{escaped(version.author)}"),
                Cell(_date(version.time), version.time),
                Cell(formatting.grouped(row.files), row.files),
                Cell(formatting.count(count), count.tokens, formatting.count_range(count)),
                change(dict(row.added) if row.added is not None else None),
                change(dict(row.removed) if row.removed is not None else None),
                Cell(escaped(version.subject), version.subject.casefold(), escaped(version.subject)),
            ),
        )

    def _select(self, point: int) -> None:
        """Show the row of a point."""
        keys = self.table.keys
        key = str(len(keys) - 1 - point)
        if key in keys:
            select_row(self.table, keys.index(key))

    def _mark(self) -> None:
        if selected := self.table.selectionModel().selectedRows():
            keys = self.table.keys
            self.chart.choose(len(keys) - 1 - int(keys[selected[0].row()]))


def _date(seconds: int) -> str:
    return date(datetime.fromtimestamp(seconds, UTC).date())
