"""What a text's tokens add up to: statistics, the most frequent tokens, the lines that cost most."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis.formatting import grouped, percent
from tokviz.analysis.tokens.line_costs import LineCost, LineCosts, LineOrder
from tokviz.analysis.tokens.statistics import Statistics, TokenStatistics
from tokviz.analysis.tokens.token_chunks import token_chunks
from tokviz.analysis.tokens.token_spelling import spelled
from tokviz.language import N_, TranslatedEnum, _, number
from tokviz.text.change import Change, Phase
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.table_header import TableHeader
from tokviz.ui.common.widgets import fill, name_box, select_row, set_up_table
from tokviz.ui.editor.layout.fonts import text_font
from tokviz.ui.tokens.shown_tokens import ShownTokens

_PAUSE = 250
"""Milliseconds after the last change before the whole text is gone through again."""
_PREVIEW = 160
"""Bytes of a line that are shown."""
_RULE = number("1.33")
_THUMB = _(
    "a rule of thumb for English prose says {words} (three quarters of a word in a token)", words=_RULE
)


class _Fact(TranslatedEnum):
    """What is said of the whole text."""

    TOKENS = N_("Tokens")
    DIFFERENT = N_("Different tokens")
    BYTES = N_("Bytes per token")
    CHARACTERS = N_("Characters per token")
    WORDS = N_("Tokens per word")
    SPACE_TOKENS = N_("White-space tokens")
    SPACE_BYTES = N_("White-space bytes")


class _Part(QWidget):
    """A widget that says when it is shown."""

    shown = Signal()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()


class _FactsArea(QScrollArea):
    """As wide as the facts in it, and low where the window is."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setWidget(inside)
        self.setAccessibleName(_("Statistics"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)

    def sizeHint(self) -> QSize:
        inside = self._inside.sizeHint()
        return QSize(inside.width() + self.verticalScrollBar().sizeHint().width(), inside.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() * 2 // 3, 0)


class StatisticsPanel(QObject):
    """Goes through all tokens in short steps, while it can be seen and the tokens are settled.

    Two widgets show what it finds: ``overview`` and ``lines``.
    """

    line_chosen = Signal(int, int)
    """Show these bytes (start, end) in the text."""

    def __init__(self, shown: ShownTokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.overview, self.lines = _Part(), _Part()
        self._shown = shown
        self._work = SlicedWork(self)
        self._pause = Debouncer(self._start, _PAUSE, self)
        self.statistics: Statistics | None = None
        """What is shown; None while it is being counted."""
        self._costs: LineCosts | None = None
        self._facts = {fact: QLabel("…") for fact in _Fact}
        self._frequent = _table((_("Most frequent"), _("Times")), _("Most frequent tokens"), mono=0)
        self._order = ChoiceBox()
        self._lines = _table(
            (_("Line"), _("Tokens"), _("Over"), _("Bytes/token"), _("Text")), _("Costliest lines"), mono=4
        )
        self._lay_out()
        shown.changed.connect(self._pause.restart)
        shown.facts_arrived.connect(self._show_frequent)
        shown.buffer.follow(Phase.VIEW, self._edited)

    def choose_line(self, row: int) -> None:
        """Choose a row of the costliest lines, as a click does."""
        select_row(self._lines, row)

    def _lay_out(self) -> None:
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(reading_margins(0, 0, 12, 0))
        for fact, label in self._facts.items():
            label.setProperty("role", "metric")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(fact.words, label)
        self._facts[_Fact.WORDS].setToolTip(_THUMB)
        self._order.addItems([order.words for order in LineOrder])
        name_box(self._order, _("What makes a line costly"))
        self._order.currentIndexChanged.connect(self._show_lines)
        head = QHBoxLayout()
        head.addWidget(QLabel(_("Costliest lines by")))
        head.addWidget(self._order)
        head.addStretch(1)
        fill(QVBoxLayout(self.lines), head, self._lines, wide=self._lines)
        header = self._lines.horizontalHeader()
        assert isinstance(header, TableHeader)
        header.set_widths(enumerate((56, 64, 64, 92)))
        self._lines.itemSelectionChanged.connect(self._choose_line)
        self._lines.itemActivated.connect(lambda _: self._choose_line())
        most = self._frequent.horizontalHeader()
        assert isinstance(most, TableHeader)
        most.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        most.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        most.set_widths([(1, 72)])
        fill(QHBoxLayout(self.overview), _FactsArea(inside), self._frequent, wide=self._frequent)
        for part in (self.overview, self.lines):
            part.shown.connect(self._pause.restart)

    def _edited(self, _: Change) -> None:
        # Chunks of tokens may not be read across an edit.
        self._work.stop()

    def _start(self) -> None:
        if not (self.overview.isVisible() or self.lines.isVisible()):
            return
        if self._shown.settled is None:
            self._clear("…" if len(self._shown.buffer) else "–")
            return
        self._work.start(self._steps(), self._show)

    def _steps(self) -> Iterator[None]:
        tokens, text = self._shown.settled, self._shown.buffer.data
        assert tokens is not None
        statistics = TokenStatistics()
        costs = LineCosts(len(text), tokens.known_tokens)
        for run in token_chunks(tokens):
            statistics.feed(text, run)
            costs.feed(text, run)
            yield
        costs.finish()
        self.statistics, self._costs = statistics.result(), costs
        self._facts[_Fact.DIFFERENT].setText(grouped(statistics.distinct))

    def _clear(self, text: str) -> None:
        self.statistics = self._costs = None
        for label in self._facts.values():
            label.setText(text)
        self._frequent.setRowCount(0)
        self._lines.setRowCount(0)

    def _show(self) -> None:
        statistics = self.statistics
        assert statistics is not None
        texts = {
            _Fact.TOKENS: grouped(statistics.tokens),
            _Fact.BYTES: _ratio(statistics.bytes_per_token),
            _Fact.CHARACTERS: _ratio(statistics.characters_per_token),
            _Fact.WORDS: _(
                "{tokens} (rule of thumb {rule})", tokens=_ratio(statistics.tokens_per_word), rule=_RULE
            ),
            _Fact.SPACE_TOKENS: percent(statistics.whitespace_token_share),
            _Fact.SPACE_BYTES: percent(statistics.whitespace_byte_share),
        }
        for fact, text in texts.items():
            self._facts[fact].setText(text)
        self._show_frequent()
        self._show_lines()

    def _show_frequent(self) -> None:
        found = self.statistics.frequent if self.statistics else ()
        rows = []
        for entry in found:
            fact = self._shown.facts.get(entry.token_id)
            rows.append(
                (
                    spelled(fact.data) if fact and fact.data else f"#{entry.token_id}",
                    grouped(entry.occurrences),
                )
            )
        _fill(self._frequent, rows, mono=0)

    def _show_lines(self) -> None:
        found = self._costliest()
        rows = [
            (
                grouped(cost.line + 1),
                grouped(cost.tokens),
                number(f"{cost.waste:+,.0f}"),
                _ratio(cost.bytes_per_token),
                self._preview(cost),
            )
            for cost in found
        ]
        _fill(self._lines, rows, mono=4)

    def _costliest(self) -> list[LineCost]:
        return self._costs.costliest(list(LineOrder)[self._order.currentIndex()]) if self._costs else []

    def _preview(self, cost: LineCost) -> str:
        data = self._shown.buffer.slice(cost.start, min(cost.end, cost.start + _PREVIEW))
        return data.decode("utf-8", "ignore").strip()

    def _choose_line(self) -> None:
        found, row = self._costliest(), self._lines.currentRow()
        if 0 <= row < len(found):
            self.line_chosen.emit(found[row].start, found[row].end)


def _ratio(value: float | None) -> str:
    return "–" if value is None else number(f"{value:.2f}")


def _table(heads: Sequence[str], name: str, mono: int) -> QTableWidget:
    """A table whose column ``mono`` has texts, the others numbers (see ``_fill``)."""
    table = QTableWidget(0, len(heads))
    for column, head in enumerate(heads):
        item = QTableWidgetItem(head)
        side = Qt.AlignmentFlag.AlignLeft if column == mono else Qt.AlignmentFlag.AlignRight
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(column, item)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    set_up_table(table, name, table.fontMetrics().lineSpacing() + 6)
    table.horizontalHeader().setSectionResizeMode(len(heads) - 1, QHeaderView.ResizeMode.Stretch)
    return table


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]], mono: int) -> None:
    """Put texts into a table; those of the column ``mono`` in the text's own font, numbers to the right."""
    table.setRowCount(len(rows))
    font = text_font(0)
    for nth, row in enumerate(rows):
        for column, text in enumerate(row):
            item = QTableWidgetItem(text)
            if column == mono:
                item.setFont(font)
            else:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(nth, column, item)
