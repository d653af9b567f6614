"""All tokenizers for one text, as a table and as a chart."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison.comparison_table import Range, TableRow
from tokviz.ui.common.cell_table import CellTable
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import caption, fill, plain_label
from tokviz.ui.compare.bar_chart import Bar, BarChart
from tokviz.ui.compare.lines import tokenizer_lines


class TokenizersTab(QWidget):
    """The table; the user chooses the baseline, and by a double click or Enter what a pane shows."""

    baseline_chosen = Signal(str)
    tokenizer_wanted = Signal(str)
    """A row was entered: show this tokenizer in a pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = CellTable("All tokenizers for this text")
        self._baselines = QComboBox()
        self._baselines.setAccessibleName("Baseline, which is 100 %")
        self._note = plain_label(role="muted")
        title = caption("&100% is", self._baselines)
        head = fill(QHBoxLayout(), title, self._baselines, self._note, wide=self._note)
        fill(QVBoxLayout(self), head, self.table, wide=self.table, above=6)
        base = QAction("Make This the &Baseline (100%)", self)
        base.triggered.connect(self._choose_current)
        self.table.add_action(base)
        self.table.line_chosen.connect(self.tokenizer_wanted)
        self._baselines.currentIndexChanged.connect(lambda: self.baseline_chosen.emit(self.baseline))

    @property
    def baseline(self) -> str:
        """The name of the tokenizer that is 100%."""
        return str(self._baselines.currentData() or "")

    def set_entries(self, names: Sequence[str], titles: Sequence[str], baseline: str) -> None:
        """Offer these as baselines."""
        with QSignalBlocker(self._baselines):
            self._baselines.clear()
            for name, title in zip(names, titles, strict=True):
                self._baselines.addItem(title, name)
            self._baselines.setCurrentIndex(max(0, self._baselines.findData(baseline)))

    def set_rows(self, rows: Sequence[TableRow], note: str) -> None:
        """Show these; ``note`` is a line about the text."""
        self.table.set_table(*tokenizer_lines(rows, self.baseline))
        self._note.setText(note)

    def _choose_current(self) -> None:
        line = self.table.currentIndex().row()
        if line >= 0:
            self._baselines.setCurrentIndex(self._baselines.findData(self.table.keys[line]))


_MEASURES = ("Tokens", "Bytes per token", "Characters per token", "Tokens per word", "Cost of sending")


class ChartTab(QWidget):
    """The same figures as bars, one measure at a time, estimates with their range."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[TableRow] = ()
        self._baseline = ""
        self.chart = BarChart(theme)
        self._measure = QComboBox()
        self._measure.addItems(list(_MEASURES))
        self._measure.setAccessibleName("What the bars show")
        text = "Hatched: where an estimate's true value may lie. Dashed line: the baseline."
        legend = plain_label(text, "muted")
        title = caption("&Bars show", self._measure)
        head = fill(QHBoxLayout(), title, self._measure, legend, wide=legend)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.chart)
        fill(QVBoxLayout(self), head, area, wide=area, above=6)
        self._measure.currentIndexChanged.connect(self._show)

    def set_rows(self, rows: Sequence[TableRow], baseline: str) -> None:
        """Show these; ``baseline`` is the name of the one that is 100%."""
        self._rows, self._baseline = rows, baseline
        self._show()

    def _show(self) -> None:
        measure = _MEASURES[self._measure.currentIndex()]
        bars = []
        base: float | None = None
        for row in self._rows:
            value, text = measured(row, measure)
            own = row.entry.name == self._baseline
            base = value.likely if own and value else base
            bars.append(Bar(row.entry.title, value, text, own))
        bars.sort(key=lambda bar: bar.value.likely if bar.value else float("inf"))
        self.chart.set_bars(f"{measure} of each tokenizer", bars, base)


def measured(row: TableRow, measure: str) -> tuple[Range | None, str]:
    """The value of one of the measures, and its text."""
    match measure:
        case "Tokens":
            count = row.count
            return (Range(count.low, count.tokens, count.high) if count else None), export.tokens(row)
        case "Bytes per token":
            return row.bytes_per_token, export.full_range(row.bytes_per_token)
        case "Characters per token":
            return row.characters_per_token, export.full_range(row.characters_per_token)
        case "Tokens per word":
            return row.tokens_per_word, export.full_range(row.tokens_per_word)
        case _:
            return _cost(row)


def _cost(row: TableRow) -> tuple[Range | None, str]:
    """From the cheapest of its models to the dearest: a range in which models, not luck, decide."""
    priced = row.priced
    if not priced:
        return None, export.costs(row) or "no model uses it"
    first, last = priced[0], priced[-1]
    if first.cost is None or last.cost is None:
        return None, export.costs(row)
    low, high = float(first.cost.low), float(last.cost.high)
    text = f"{export.money(first)} ({first.model.name})"
    if first is not last:
        text += f" to {export.money(last)} ({last.model.name})"
    return Range(low, float(first.cost.likely), high), text
