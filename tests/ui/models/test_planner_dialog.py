"""The cost planner in the window: the figures of ``tokviz cost``, at once, remembered, taken away."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tokviz.analysis.planner import HEADERS, Plan
from tokviz.assets import Assets
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.page import model_key
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Themes
from tokviz.ui.models.card import ModelCard
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.models.planner_dialog import PlannerDialog

MODELS = Catalog(Assets(), date.today()).models


class Window:
    """A panel and the planner beside it, as the window has them."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        self.panel = ModelsPanel(MODELS, self.settings, Themes(Assets()).load("light"))
        qtbot.addWidget(self.panel)
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.planner = self.again()

    def again(self) -> PlannerDialog:
        return PlannerDialog(
            self.panel, lambda: "Text: notes.md", self.settings, CachingRules(Assets()), self.parent
        )


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Window:
    return Window(tmp_path, qtbot)


def choose(planner: PlannerDialog, *ids: str) -> None:
    planner.chooser.choose(ids)
    planner.chooser.models_chosen.emit(planner.chooser.chosen)
    planner.reckon()


def cell(planner: PlannerDialog, model_id: str, title: str) -> str:
    return planner.table.texts()[1 + planner.table.keys.index(model_id)][HEADERS.index(title)]


def test_the_favourites_that_are_shown_stand_there_first(window: Window) -> None:
    assert window.planner.chooser.chosen == list(window.panel.shown_ids[:8])
    choose(window.planner, "gpt-4o")
    assert window.again().chooser.chosen == ["gpt-4o"]


def test_what_was_put_in_is_remembered(window: Window) -> None:
    inputs = window.planner.inputs
    inputs.unit.setCurrentIndex(inputs.unit.findData("tokens"))
    inputs.cached.setValue(8_000)
    inputs.calls.setValue(77)
    inputs.answer.setValue(0)
    inputs.batch.setChecked(True)
    inputs.input.setCurrentIndex(inputs.input.findData("given"))
    inputs.tokens.setValue(123_456)
    expected = Plan(77, 0, 8_000, batch=True, tokens=123_456)
    assert inputs.plan == expected
    assert window.again().inputs.plan == expected
    inputs.unit.setCurrentIndex(inputs.unit.findData("percent"))
    assert inputs.plan.cached == 1  # not 8,000 %


def test_it_follows_the_page_and_says_what_is_not_counted(window: Window, qtbot: QtBot) -> None:
    planner = window.planner
    choose(planner, "gpt-4o", "claude-opus-5.5")
    planner.open_with()
    assert not planner.isModal() and planner.inputs.source.text() == "Text: notes.md"
    assert cell(planner, "gpt-4o", "Tokens") == "counting…"
    window.panel.set_counts({"o200k_base": Count.certain(1_000)}, lambda name: name == "o200k_base")
    qtbot.waitUntil(lambda: cell(planner, "gpt-4o", "Tokens") == "1,000")
    assert cell(planner, "claude-opus-5.5", "Tokens") == "not counted"
    assert "is not counted with" in cell(planner, "claude-opus-5.5", "Notes")
    planner.inputs.calls.setValue(10)
    planner.inputs.answer.setValue(0)
    qtbot.waitUntil(lambda: cell(planner, "gpt-4o", "Per day") == "$0.025")
    planner.inputs.input.setCurrentIndex(planner.inputs.input.findData("given"))
    planner.inputs.tokens.setValue(2_000)
    qtbot.waitUntil(lambda: cell(planner, "claude-opus-5.5", "Tokens") == "2,000")
    assert planner.inputs.tokens.isVisible() and not planner.inputs.source.isVisible()


def test_why_a_cost_is_unknown_and_tiers_peaks_and_ranges_are_told(window: Window) -> None:
    planner = window.planner
    choose(planner, "mai-1", "deepseek-v4-pro", "grok-4.7", "gpt-6.1-sol")
    counts = {model.tokenizer: Count.certain(270_000) for model in MODELS}
    for model in MODELS:
        if model.provenance is Provenance.ESTIMATE:
            counts[model.tokenizer] = Count(100_000, Provenance.ESTIMATE, 90_000, 120_000)
    window.panel.set_counts(counts)
    planner.inputs.calls.setValue(10)
    planner.inputs.answer.setValue(0)
    planner.reckon()
    assert cell(planner, "mai-1", "Per day") == "unknown"
    assert "no price is known" in cell(planner, "mai-1", "Notes")
    assert "in peak hours" in cell(planner, "deepseek-v4-pro", "Notes")
    assert "more and the whole request" in cell(planner, "gpt-6.1-sol", "Notes")
    assert "an estimate, $1.80–$2.40 a day" in cell(planner, "grok-4.7", "Notes")
    planner.table.selectRow(planner.table.keys.index("grok-4.7"))
    assert "an estimate, $1.80–$2.40 a day." in planner.says.text()


def test_the_cheapest_that_fits_is_marked_and_named(window: Window) -> None:
    planner = window.planner
    choose(planner, "gpt-4o", "gpt-4o-mini")
    window.panel.set_counts({"o200k_base": Count.certain(5_000)})
    planner.reckon()
    assert cell(planner, "gpt-4o-mini", "Notes").startswith("cheapest that fits")
    assert "Cheapest that fits: GPT-4o mini." in planner.says.text()
    assert "Prices in US dollars as of" in planner.says.text()
    choose(planner)
    assert planner.says.text() == "No model is chosen: choose some."


def test_the_plan_is_copied_and_exported(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    planner = window.planner
    choose(planner, "gpt-4o")
    window.panel.set_counts({"o200k_base": Count.certain(5_000)})
    planner.reckon()
    for form in ("csv", "md", "json"):
        path = tmp_path / f"plan.{form}"
        with qtbot.waitSignal(planner.information) as told:
            planner.export(path, form)
        assert told.args == [f"Written: {path}"]
        planner.copy(form)
        assert path.read_text() == QApplication.clipboard().text()
    (row,) = csv.DictReader(io.StringIO(planner.text("csv")))
    assert row["model"] == "gpt-4o" and row["tokens"] == "5000"
    with qtbot.waitSignal(planner.problem):
        planner.export(tmp_path / "no folder" / "plan.csv", "csv")


def test_a_card_brings_its_model_along(window: Window) -> None:
    panel, planner = window.panel, window.planner
    panel.plan_wanted.connect(planner.open_with)
    choose(planner, "gpt-4o")
    card = panel.findChild(ModelCard)
    assert isinstance(card, ModelCard)
    card.show_row(next(row for row in panel.table.all_rows if row.model.id == "mai-1"))
    next(each for each in card.findChildren(QPushButton) if each.accessibleName() == "Plan Costs…").click()
    assert planner.isVisible()
    assert set(planner.table.keys) == {"gpt-4o", "mai-1"}


def test_what_a_model_itself_makes_of_a_conversation_goes_before_its_tokenizer(window: Window) -> None:
    planner = window.planner
    choose(planner, "gpt-4o", "gpt-4o-mini")
    own = Count(1_010, Provenance.MEASURED, 1_000, 1_020)
    window.panel.set_counts({"o200k_base": Count.certain(900), model_key("gpt-4o"): own})
    planner.reckon()
    rows = {row.model.id: row.fit.count for row in planner.rows}
    assert rows == {"gpt-4o": own, "gpt-4o-mini": Count.certain(900)}


def test_what_the_page_does_not_count_for_by_itself_is_asked_for(window: Window) -> None:
    planner = window.planner
    asked: list[list[str]] = []
    planner.counts_wanted.connect(asked.append)
    window.panel.set_counts({"o200k_base": Count.certain(900)}, lambda name: name == "o200k_base")
    choose(planner, "gpt-4o", "llama-3.1-405b")
    assert asked == [["llama3"]]
    planner.reckon()
    planner.inputs.input.setCurrentIndex(planner.inputs.input.findData("given"))
    choose(planner, "llama-3.1-405b")
    assert len(asked) == 1
