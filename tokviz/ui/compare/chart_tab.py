"""The figures of tokenizers and models as bars."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tokviz.analysis import fit_words
from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison import model_export as export_models
from tokviz.analysis.comparison.comparison_table import Range, TableRow
from tokviz.analysis.comparison.model_table import ModelRow
from tokviz.language import N_, TranslatedEnum, _
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import ElidedLabel, caption, fill, name_box
from tokviz.ui.compare.bar_chart import Bar, BarChart


class Measure(TranslatedEnum):
    """What the bars can show."""

    TOKENS = N_("Tokens of tokenizers")
    BYTES = N_("Bytes per token of tokenizers")
    CHARACTERS = N_("Characters per token of tokenizers")
    WORDS = N_("Tokens per word of tokenizers")
    COST = N_("Cost of sending of tokenizers")
    MODEL_TOKENS = N_("Tokens of models")
    SHARE = N_("Share of the window of models")
    INPUT_COST = N_("Input cost of models")
    ANSWER_COST = N_("Cost with answer of models")

    @property
    def of_models(self) -> bool:
        """Whether it is of models, not of tokenizers."""
        return self in _OF_MODELS


_OF_MODELS = (Measure.MODEL_TOKENS, Measure.SHARE, Measure.INPUT_COST, Measure.ANSWER_COST)


class ChartTab(QWidget):
    """The figures of tokenizers or models as bars, one measure at a time, estimates with their range."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[TableRow] = ()
        self._models: Sequence[ModelRow] = ()
        self._baseline = self._model = ""
        self.chart = BarChart(theme)
        self._measure = ChoiceBox()
        for measure in Measure:
            self._measure.addItem(measure.words, measure)
        name_box(self._measure, _("What the bars show"))
        text = _("Hatched: where an estimate's true value may lie. Dashed line: the baseline.")
        legend = ElidedLabel("muted")
        legend.setText(text)
        title = caption(_("&Bars show"), self._measure)
        head = fill(QHBoxLayout(), title, self._measure, legend, wide=legend)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.chart)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the chart itself has keys
        self.chart.read.connect(
            lambda box: area.ensureVisible(round(box.center().x()), round(box.center().y()), 0, 40)
        )
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
        measure = Measure(self._measure.currentData())
        if measure.of_models:
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


def measured(row: TableRow, measure: Measure) -> tuple[Range | None, str]:
    """The value of one of the measures, and its text."""
    match measure:
        case Measure.TOKENS:
            count = row.count
            return (Range(count.low, count.tokens, count.high) if count else None), export.tokens(row)
        case Measure.BYTES:
            return row.bytes_per_token, export.full_range(row.bytes_per_token)
        case Measure.CHARACTERS:
            return row.characters_per_token, export.full_range(row.characters_per_token)
        case Measure.WORDS:
            return row.tokens_per_word, export.full_range(row.tokens_per_word)
        case _:
            return _cost(row)


def _cost(row: TableRow) -> tuple[Range | None, str]:
    """From the cheapest of its models to the dearest: a range in which models, not luck, decide."""
    priced = row.priced
    if not priced:
        return None, export.costs(row) or _("no model uses it")
    first, last = priced[0], priced[-1]
    if first.cost is None or last.cost is None:
        return None, export.costs(row)
    low, high = float(first.cost.low), float(last.cost.high)
    text = f"{export.money(first)} ({first.model.name})"
    if first is not last:
        # Translators: {cheapest} and {dearest} are such as "$0.0012 (GPT-5)".
        text = _(
            "{cheapest} to {dearest}", cheapest=text, dearest=f"{export.money(last)} ({last.model.name})"
        )
    return Range(low, float(first.cost.likely), high), text


def measured_model(row: ModelRow, measure: Measure) -> tuple[Range | None, str]:
    """The value of one of the measures for a model, and its text."""
    found = row.found
    if found is None:
        return None, ""
    count, window = found.count, found.fit.window
    match measure:
        case Measure.MODEL_TOKENS:
            return Range(count.low, count.tokens, count.high), export_models.tokens(row)
        case Measure.SHARE:
            share = Range(count.low / window, count.tokens / window, count.high / window) if window else None
            return share, f"{fit_words.share(found.fit)}, {fit_words.room(found.fit)}"
        case Measure.INPUT_COST:
            cost = found.sending
        case _:
            cost = found.answering
    text = export_models.money(row, cost, count)
    return (Range(float(cost.low), float(cost.likely), float(cost.high)) if cost else None), text
