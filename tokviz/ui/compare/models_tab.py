"""Models for one text: tokens, share of the window and cost of each, compared with a baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.analysis.comparison import model_export as export
from tokviz.analysis.comparison.model_table import CHEAPEST, SMALLEST, ModelRow, model_table
from tokviz.catalog.model import LanguageModel
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.tokens import Count
from tokviz.ui.common.cell_table import Cell, CellTable, Header, Line
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import ElidedLabel, caption, fill, name_box, offer
from tokviz.ui.models.model_chooser import ModelChooser

_FIRST = 8
"""Models compared before the user chooses: the first of the catalog."""
_HEADERS = (
    Header(_("Model"), "", number=False),
    Header(_("Tokens"), _("Tokens of this text; an estimate with a ~")),
    Header(_("Range"), _("From the low to the high end of an estimate"), optional=6, sparse=True),
    Header(_("Provenance"), _("How the tokens are known"), number=False, optional=4),
    Header(_("Relative"), _("Tokens compared with the baseline's, which is 100 %"), optional=1),
    Header(_("Share"), _("The part of the window that the text takes"), optional=5),
    Header(_("Left or over"), _("Up to the limit that binds, or past it"), optional=8),
    Header(_("Input cost"), _("What sending this text once costs, in US dollars")),
    Header(_("With answer"), _("The same with an answer as long as what is kept for it"), optional=7),
    Header(_("Rel. cost"), _("The cost of sending compared with the baseline's, which is 100 %"), optional=2),
    Header(
        _("Best"),
        _("The fewest tokens and the cheapest of the models that are served and take the text"),
        False,
        3,
    ),
)
# Translators: the model with the fewest tokens.
_SHORT = {SMALLEST: _("fewest"), CHEAPEST: _("cheapest")}


class ModelsTab(QWidget):
    """The table, the choice of models, and the choice of the one that is 100 %."""

    changed = Signal()
    """Other models, or another baseline, were chosen."""

    def __init__(
        self, models: Sequence[LanguageModel], settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._known = {model.id: model for model in models}
        self.rows: Sequence[ModelRow] = ()
        """As they are shown."""
        self.table = CellTable(_("The chosen models for this text"))
        self._baselines = ChoiceBox()
        name_box(self._baselines, _("Baseline model, which is 100 %"))
        self._baselines.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._baselines.setMinimumContentsLength(16)
        self._chooser = ModelChooser(models)
        self._note = ElidedLabel(role="muted")
        title = caption(_("&100 % is"), self._baselines)
        head = fill(QHBoxLayout(), title, self._baselines, self._chooser, self._note, wide=self._note)
        fill(QVBoxLayout(self), head, self.table, wide=self.table, above=6)
        base = QAction(_("Make This the &Baseline (100 %)"), self)
        base.triggered.connect(lambda: self._choose_line(self.table.currentIndex().row()))
        self.table.add_action(base)
        self.table.line_chosen.connect(self._make_baseline)
        self._choose(settings.names("compare/models"), settings.text("compare/model_baseline", ""))
        self._chooser.models_chosen.connect(self._models_chosen)
        self._baselines.currentIndexChanged.connect(self._baseline_chosen)

    @property
    def baseline(self) -> str:
        """The id of the model that is 100 %; empty if none is chosen."""
        return str(self._baselines.currentData() or "")

    @property
    def baseline_name(self) -> str:
        """What a person reads for it."""
        return self._baselines.currentText()

    @property
    def models(self) -> list[LanguageModel]:
        """Those that are compared."""
        return [self._known[name] for name in self._chooser.chosen]

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """Compare those of these that were chosen before."""
        baseline = self.baseline
        self._known = {model.id: model for model in models}
        self._chooser.set_models(models)
        self._offer(baseline)

    @property
    def tokenizers(self) -> list[str]:
        """The tokenizers and estimators that count for them, each once."""
        return list(dict.fromkeys(model.tokenizer for model in self.models))

    def set_counts(self, counts: Mapping[str, Count]) -> None:
        """Show what these counts, by tokenizer, are to the models."""
        self.rows = model_table(counts, self.models, self.baseline, date.today())
        self.table.set_table(_HEADERS, [_line(row, row.model.id == self.baseline) for row in self.rows])
        counted = sum(row.found is not None for row in self.rows)
        missing = len(self.rows) - counted
        note = _("No model is chosen: choose some.") if not self.rows else ""
        if missing and counted:
            note = ngettext("{n} model still being counted", "{n} models still being counted", missing)
        self._note.setText(note or _("Double-click a row to make it 100 %"))

    def _choose(self, ids: Sequence[str], baseline: str) -> None:
        """Compare these, or the first of the catalog where none is known."""
        chosen = [name for name in ids if name in self._known] or list(self._known)[:_FIRST]
        self._chooser.choose(chosen)
        self._offer(baseline)

    def _offer(self, baseline: str) -> None:
        offer(self._baselines, ((model.name, model.id) for model in self.models), baseline)

    def _models_chosen(self, ids: list[str]) -> None:
        self._settings.set("compare/models", ids)
        self._offer(self.baseline)
        self.changed.emit()

    def _baseline_chosen(self) -> None:
        self._settings.set("compare/model_baseline", self.baseline)
        self.changed.emit()

    def _choose_line(self, row: int) -> None:
        if row >= 0:
            self._make_baseline(self.table.keys[row])

    def _make_baseline(self, name: str) -> None:
        self._baselines.setCurrentIndex(self._baselines.findData(name))


def _line(row: ModelRow, emphasized: bool) -> Line:
    model, found = row.model, row.found
    if found is None:
        cells = (Cell(export.name(row), model.name, model.developer), Cell("…"), *[Cell("")] * 9)
        return Line(model.id, cells)
    count, fit = found.count, found.fit
    explained = f"{count.provenance.words}: {count.provenance.explanation}"
    doubt = fit_words.doubt(fit)
    warning = cost_words.tier_warning(count, model.prices)
    cells = (
        Cell(export.name(row), model.name, f"{export.name(row)}, {model.developer}"),
        Cell(formatting.count(count), count.tokens, explained),
        Cell(formatting.count_range(count), count.low if count.low < count.high else None),
        Cell(count.provenance.words, count.provenance.words, explained),
        Cell(export.relative(row.relative), row.relative.likely if row.relative else None),
        Cell(fit_words.share(fit), fit.share, fit_words.room_and_doubt(fit)),
        Cell(fit_words.room(fit), fit.left, doubt),
        Cell(
            export.money(row, found.sending, count),
            float(found.sending.likely) if found.sending else None,
            "\n".join(text for text in (formatting.money_range(found.sending), warning) if text),
        ),
        Cell(
            export.money(row, found.answering, count),
            float(found.answering.likely) if found.answering else None,
            cost_words.total_cost(found),
        ),
        Cell(export.relative(row.relative_cost), row.relative_cost.likely if row.relative_cost else None),
        _best(row),
    )
    return Line(model.id, tuple(replace(cell, emphasized=emphasized) for cell in cells))


def _best(row: ModelRow) -> Cell:
    """``cheapest, fewest``; a ``~`` where an estimate's range leaves it open."""
    told = [short if mark in row.marks else f"~{short}" for mark, short in _SHORT.items() if row.has(mark)]
    tip = listed(row.mark_words)
    return Cell(listed(told), listed(told) or None, tip)
