"""The figures of tokenizers and models as bars."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tokviz.analysis import fit_words
from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison import model_export as export_models
from tokviz.analysis.comparison.comparison_table import Range, TableRow
from tokviz.analysis.comparison.model_table import ModelRow
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import ElidedLabel, caption, fill
from tokviz.ui.compare.bar_chart import Bar, BarChart

_MEASURES = ("Tokens", "Bytes per token", "Characters per token", "Tokens per word", "Cost of sending")
_OF_MODELS = ("Tokens", "Share of the window", "Input cost", "Cost with answer")


class ChartTab(QWidget):
    """The figures of tokenizers or models as bars, one measure at a time, estimates with their range."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[TableRow] = ()
        self._models: Sequence[ModelRow] = ()
        self._baseline = self._model = ""
        self.chart = BarChart(theme)
        self._measure = QComboBox()
        for measure in _MEASURES:
            self._measure.addItem(f"{measure} of tokenizers", (False, measure))
        for measure in _OF_MODELS:
            self._measure.addItem(f"{measure} of models", (True, measure))
        self._measure.setAccessibleName("What the bars show")
        text = "Hatched: where an estimate's true value may lie. Dashed line: the baseline."
        legend = ElidedLabel("muted")
        legend.setText(text)
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

    def set_models(self, rows: Sequence[ModelRow], baseline: str) -> None:
        """The same for models; ``baseline`` is the id of the one that is 100 %."""
        self._models, self._model = rows, baseline
        self._show()

    def _show(self) -> None:
        of_models, measure = self._measure.currentData()
        if of_models:
            bars = [
                Bar(export_models.name(row), *measured_model(row, measure), row.model.id == self._model)
                for row in self._models
            ]
        else:
            bars = [
                Bar(row.entry.title, *measured(row, measure), row.entry.name == self._baseline)
                for row in self._rows
            ]
        base = next((bar.value.likely for bar in bars if bar.emphasized and bar.value), None)
        bars.sort(key=lambda bar: bar.value.likely if bar.value else float("inf"))
        self.chart.set_bars(self._measure.currentText(), bars, base)


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


def measured_model(row: ModelRow, measure: str) -> tuple[Range | None, str]:
    """The value of one of the measures for a model, and its text."""
    found = row.found
    if found is None:
        return None, ""
    count, window = found.count, found.fit.window
    match measure:
        case "Tokens":
            return Range(count.low, count.tokens, count.high), export_models.tokens(row)
        case "Share of the window":
            share = Range(count.low / window, count.tokens / window, count.high / window) if window else None
            return share, f"{fit_words.share(found.fit)}, {fit_words.room(found.fit)}"
        case "Input cost":
            cost = found.sending
        case _:
            cost = found.answering
    text = export_models.money(row, cost, count)
    return (Range(float(cost.low), float(cost.likely), float(cost.high)) if cost else None), text
