"""The models panel: what it says for a count, how it is ordered, what it remembers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Themes
from tokviz.ui.models.cells import summary
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.models.rows import Column, SortKey
from tokviz.ui.models.table import Role

Make = Callable[[], ModelsPanel]


@pytest.fixture
def settings(tmp_path: Path, qtbot: QtBot) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def make(settings: Settings, qtbot: QtBot) -> Make:
    def build() -> ModelsPanel:
        assets = Assets()
        panel = ModelsPanel(Catalog(assets).models, settings, Themes(assets).load("light"))
        qtbot.addWidget(panel)
        panel.resize(570, 700)
        panel.show()
        return panel

    return build


def cell(panel: ModelsPanel, model_id: str, column: Column) -> tuple[str, str]:
    proxy = panel.proxy
    row = next(row for row in range(proxy.rowCount()) if proxy.row_at(row).model.id == model_id)
    index = proxy.index(row, column)
    return index.data(), index.data(Role.SECOND_LINE)


def ids(panel: ModelsPanel) -> list[str]:
    return [panel.proxy.row_at(row).model.id for row in range(panel.proxy.rowCount())]


def test_the_models_keep_to_qts_rules(make: Make) -> None:
    panel = make()
    source = panel.proxy.sourceModel()
    assert isinstance(source, QAbstractItemModel)
    testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        for model in (source, panel.proxy)
    ]
    panel.set_counts({"o200k_base": Count.certain(10)})
    panel.proxy.order_by(SortKey.SHARE, True)
    panel.proxy.set_search("gpt")
    assert len(testers) == 2


def test_a_count_is_told_with_its_label_and_its_share(make: Make) -> None:
    panel = make()
    panel.set_counts(
        {"o200k_base": Count.certain(12_800), "claude": Count(1000, Provenance.ESTIMATE, 900, 1200)}
    )
    assert cell(panel, "gpt-4o", Column.TOKENS) == ("12,800", "exact")
    assert cell(panel, "gpt-4o", Column.WINDOW) == ("10.0 %", "111,104 left")
    assert cell(panel, "gpt-4o", Column.COST) == ("$0.032", "$0.073")
    assert cell(panel, "claude-opus-4", Column.TOKENS) == ("~1,000", "900–1,200")
    assert cell(panel, "llama-3.1-405b", Column.TOKENS)[0] == "counting…"
    assert cell(panel, "llama-3.1-405b", Column.COST) == ("by host", "")


def test_an_estimate_stays_one_whatever_the_model(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count(1000, Provenance.ESTIMATE, 500, 2000)})
    assert cell(panel, "gpt-4o", Column.TOKENS) == ("~1,000", "500–2,000")


def test_a_very_small_cost_is_not_cut_off(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(1), "deepseek-v3": Count.certain(12)})
    assert cell(panel, "deepseek-v3", Column.COST)[0] == "<$0.00001"
    panel.set_counts({"o200k_base": Count.certain(1), "deepseek-v3": Count.certain(0)})
    assert cell(panel, "deepseek-v3", Column.COST)[0] == "$0"


def test_a_doubtful_fit_is_said_to_be_one(make: Make) -> None:
    panel = make()
    panel.set_counts({"claude": Count(150_000, Provenance.ESTIMATE, 100_000, 250_000)})
    said = summary(panel._table.rows)
    assert "may fit" in said and "may not" not in said


def test_too_long_a_text_is_over_by_so_many_tokens(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(128_000)})
    assert cell(panel, "gpt-4o", Column.WINDOW) == ("100 %", "answer cut to 0")


def test_favourites_stay_on_top_in_both_orders_and_unknown_stands_last(
    make: Make, settings: Settings
) -> None:
    settings.set("models/favourites", ["deepseek-v3"])
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(10)})
    for descending in (False, True):
        panel.proxy.order_by(SortKey.SHARE, descending)
        assert ids(panel)[0] == "deepseek-v3"
        values = [
            panel.proxy.row_at(row).sort_value(SortKey.SHARE) for row in range(1, panel.proxy.rowCount())
        ]
        known = [value for value in values if isinstance(value, float)]
        assert values[: len(known)] == sorted(known, reverse=descending)
        assert known


def test_search_and_hiding_narrow_the_list_and_are_remembered(make: Make, settings: Settings) -> None:
    panel = make()
    panel.proxy.set_search("google api")
    assert ids(panel)
    assert all(panel.proxy.row_at(row).model.developer == "Google" for row in range(panel.proxy.rowCount()))
    settings.set("models/hidden", ["gpt-4o"])
    settings.set("models/reserve", 1000)
    again = make()
    assert "gpt-4o" not in ids(again)
    again.set_counts({"o200k_base": Count.certain(0)})
    fit = next(row.fit for row in again.proxy.sourceModel().rows if row.model.id == "gpt-4o")  # type: ignore[attr-defined]
    assert fit is not None
    assert fit.reserve == 1000


def test_a_screen_reader_hears_the_whole_cell(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(12_800)})
    row = ids(panel).index("gpt-4o")
    spoken = panel.proxy.index(row, Column.WINDOW).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "10.0 %, 111,104 left"
    tip = panel.proxy.index(row, Column.MODEL).data(Qt.ItemDataRole.ToolTipRole)
    assert "o200k_base" in tip
    assert "Prices as of" in tip


def test_long_figures_have_a_short_form(make: Make) -> None:
    panel = make()
    panel.set_counts(
        {
            "o200k_base": Count.certain(9_228_374),
            "claude": Count(11_268_991, Provenance.ESTIMATE, 10_046_747, 12_491_235),
        }
    )

    def short(model_id: str, column: Column) -> str:
        row = ids(panel).index(model_id)
        return str(panel.proxy.index(row, column).data(Role.SHORT_SECOND_LINE))

    assert short("claude-opus-4", Column.TOKENS) == "10.0M–12.5M"
    assert short("claude-opus-4", Column.WINDOW) == "over by ~11.1M"
    assert short("gpt-4o", Column.WINDOW) == "over by 9.1M"
    assert short("gpt-4o", Column.TOKENS) == "exact"
    panel.set_counts({"o200k_base": Count.certain(10)})
    assert short("gpt-4o", Column.WINDOW) == "124k left"


def test_a_model_is_chosen_by_mouse_and_keys_and_by_nothing_else(make: Make, qtbot: QtBot) -> None:
    panel = make()
    chosen: list[str] = []
    panel.model_chosen.connect(lambda model: chosen.append(model.id))
    view = panel.findChild(QTableView)
    assert isinstance(view, QTableView)
    view.setFocus()
    QApplication.processEvents()
    assert chosen == []
    first = panel.proxy.index(0, Column.TOKENS)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(first).center())
    assert chosen == ids(panel)[:1]
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert chosen == ids(panel)[:2]
    search = panel.findChild(QLineEdit)
    assert isinstance(search, QLineEdit)
    search.setText(ids(panel)[5])
    search.clear()
    assert len(chosen) == 2, "the row went out of sight, and nobody chose another"


def test_it_paints_every_state(make: Make) -> None:
    panel = make()
    panel.set_counts(
        {"o200k_base": Count.certain(500_000), "claude": Count(10, Provenance.ESTIMATE, 1, 10**7)}
    )
    QApplication.processEvents()
    assert not panel.grab().isNull()
