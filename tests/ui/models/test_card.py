"""A model's card: opened by click and keys, closed by Esc, with every figure, condition and source."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.speaking import speaking
from tokviz.analysis.model_facts import facts, sources
from tokviz.analysis.price_rows import price_rows
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LaterPrices, Peak, Prices, Tier
from tokviz.tokens import Count
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Themes
from tokviz.ui.common.widgets import holds_focus
from tokviz.ui.models.card import ModelCard
from tokviz.ui.models.card_bar import CardBar
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.models.rows import Column
from tokviz.ui.models.view import ModelsView

TODAY = date(2026, 11, 29)
MODELS = Catalog(Assets(), TODAY).models


@pytest.fixture
def panel(tmp_path: Path, qtbot: QtBot) -> ModelsPanel:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    made = ModelsPanel(MODELS, settings, Themes(Assets()).load("light"), TODAY)
    qtbot.addWidget(made)
    made.resize(570, 700)
    made.show()
    made.set_counts({"o200k_base": Count.certain(9_412)})
    return made


def view_of(panel: ModelsPanel) -> ModelsView:
    view = panel.findChild(ModelsView)
    assert isinstance(view, ModelsView)
    return view


def card_of(panel: ModelsPanel) -> ModelCard:
    card = panel.findChild(ModelCard)
    assert isinstance(card, ModelCard)
    return card


def click(panel: ModelsPanel, model_id: str, double: bool = False) -> None:
    view = view_of(panel)
    index = panel.table.index(panel.shown_ids.index(model_id), Column.MODEL)
    QApplication.processEvents()  # a card that has just gone leaves room
    view.scrollTo(index)
    at = view.visualRect(index).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    if double:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def words(card: ModelCard) -> str:
    return "\n".join(label.text() for label in card.findChildren(QLabel) if not label.isHidden())


def button(panel: ModelsPanel, text: str) -> QPushButton:
    found = (one for one in panel.findChildren(QPushButton) if one.text().replace("&", "").strip() == text)
    return next(found)


def test_a_click_opens_it_and_esc_closes_it(panel: ModelsPanel) -> None:
    toggled: list[bool] = []
    panel.card_toggled.connect(toggled.append)
    click(panel, "gpt-4o")
    assert card_of(panel).isVisible()
    assert card_of(panel).model is not None
    view = view_of(panel)
    assert view.viewport().rect().intersects(view.visualRect(view.currentIndex()))
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert card_of(panel).model == panel.table.rows[view.currentIndex().row()].model
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not card_of(panel).isVisible()
    assert view.hasFocus()
    assert toggled == [True, False]


def test_enter_and_double_click_open_it_and_its_own_keys_close_it(panel: ModelsPanel) -> None:
    view, card = view_of(panel), card_of(panel)
    view.setFocus()
    view.selectRow(1)
    assert not card.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert card.isVisible()
    QTest.keyClick(button(panel, "Use for Codebase"), Qt.Key.Key_Escape)
    assert not card.isVisible()
    click(panel, "gpt-5", double=True)
    assert card.isVisible()


def test_it_says_what_a_person_must_know(panel: ModelsPanel) -> None:
    click(panel, "gpt-5")
    said = words(card_of(panel))
    for part in (
        "GPT-5",
        "OpenAI",
        "retires 11 Dec 2026",
        "fits",
        "API only.",
        "you send your text to OpenAI",
        "released 7 Aug 2025",
        "o200k_base",
        "exact",
        "window 400,000",
        "input 272,000",
        "answer 128,000",
        "10.00",
        "$0.0527",
        "genai-prices",
    ):
        assert part in said, part


def test_figures_follow_the_text(panel: ModelsPanel) -> None:
    click(panel, "gpt-5")
    panel.set_counts({"o200k_base": Count.certain(1_000_000)})
    assert "too long" in words(card_of(panel))
    panel.set_counts({})
    assert "This text" in words(card_of(panel))
    assert "too long" not in words(card_of(panel))


def test_keys_read_its_bar_part_by_part(panel: ModelsPanel, qtbot: QtBot) -> None:
    click(panel, "gpt-5")
    bar = card_of(panel).findChild(CardBar)
    assert isinstance(bar, CardBar)
    said = [bar.part_words(number) for number in range(bar.part_count())]
    assert said == [
        "9,412 · 2.4 %",
        "max input 272,000",
        "window 400,000",
        "reserve 4,096",
        "262,588 left",
        "answer only, up to 128,000",
    ]
    assert bar.accessibleDescription() == ". ".join(said)
    bar.setFocus()
    qtbot.waitUntil(bar.hasFocus)
    seen = [bar.grab().toImage()]
    for words in said:
        QTest.keyClick(bar, Qt.Key.Key_Right)
        assert bar.accessibleDescription() == words
        seen.append(bar.grab().toImage())
    assert all(one != other for one, other in pairwise(seen)), "one sees which is current"
    panel.set_counts({"o200k_base": Count.certain(5)})
    QTest.keyClick(bar, Qt.Key.Key_Home)
    assert bar.accessibleDescription().startswith("5 · ")


def test_its_buttons_do_what_they_say(panel: ModelsPanel) -> None:
    wanted: list[object] = []
    panel.tokenizer_wanted.connect(wanted.append)
    panel.codebase_wanted.connect(wanted.append)
    click(panel, "gpt-4o")
    button(panel, "Use This Tokenizer").click()
    button(panel, "Use for Codebase").click()
    assert wanted[0] == "o200k_base"
    assert wanted[1] is card_of(panel).model
    button(panel, "Copy").click()
    copied = QApplication.clipboard().text()
    assert "GPT-4o" in copied
    assert "9,412" in copied
    assert "Batch, answer within 24 hours: input 1.25, cached" in copied


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_every_models_card_can_be_shown(model: object, panel: ModelsPanel) -> None:
    row = next(row for row in panel.table.all_rows if row.model is model)
    card = card_of(panel)
    card.show_row(row)
    said = words(card)
    assert row.model.strengths in said
    every = sources(row.model)
    for citation in row.model.sources.values():
        assert citation.source.title in every
        assert f"{citation.source.date.day} " in every
    assert facts(row.model, TODAY)


PRICES = Prices(
    input=Decimal(2),
    output=Decimal(10),
    cached_input=Decimal("0.2"),
    cache_write=Decimal("2.5"),
    cache_write_1h=Decimal(4),
    batch_input=Decimal(1),
    batch_output=Decimal(5),
    tiers=(Tier(above=1000, input=Decimal(4), output=Decimal(20)),),
    peak=Peak(factor=Decimal(2), hours=("01:00-04:00",)),
    later=(LaterPrices(start=date(2027, 1, 1), input=Decimal(3), output=Decimal(12)),),
)


def test_every_price_has_its_condition_and_its_cost() -> None:
    rows = {row.condition: row for row in price_rows(PRICES, 1000, 0)}
    assert {name: row.cost for name, row in rows.items()} == {
        "Up to 1,000 tokens of input": Decimal("0.002"),
        "Input sent again, cached": Decimal("0.0002"),
        "Input kept in cache for 5 minutes": Decimal("0.0025"),
        "Input kept in cache for an hour": Decimal("0.004"),
        "Batch, answer within 24 hours": Decimal("0.001"),
        "Over 1,000: the whole request": None,
        "Peak hours: 01:00 to 04:00 UTC": Decimal("0.004"),
        "From 1 Jan 2027": Decimal("0.003"),
    }


def test_past_a_tier_only_its_own_price_holds() -> None:
    rows = {row.condition: row for row in price_rows(PRICES, 1001, 0)}
    assert rows["Over 1,000: the whole request"].cost == Decimal("0.004004")
    assert rows["Up to 1,000 tokens of input"].cost is None
    assert all(row.cost is None for row in price_rows(PRICES, None, 0))


def test_a_rate_keeps_all_its_digits() -> None:
    (row,) = price_rows(Prices(input=Decimal("0.0375"), output=Decimal(15)), None, 0)
    assert row.cells("")[1:4] == ("0.0375", "–", "15.00")


@pytest.mark.parametrize("width", [569, 436, 360])
def test_the_buttons_say_as_much_as_there_is_room_for(panel: ModelsPanel, width: int) -> None:
    panel.resize(width, 700)
    panel.set_counts({"o200k_base": Count.certain(9_412)})
    view_of(panel).selectRow(0)
    panel.open_card()
    QApplication.processEvents()
    buttons = [button for button in card_of(panel).findChildren(QPushButton) if button.isVisible()]
    assert len(buttons) == 4
    for button in buttons:
        assert button.width() >= button.sizeHint().width(), button.text()
        assert button.accessibleName()


@pytest.mark.parametrize("collapsed", [False, True])
def test_the_keys_stay_in_a_drawer_whose_list_gives_way(
    panel: ModelsPanel, qtbot: QtBot, collapsed: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    outside = QPushButton("outside")
    column.addWidget(outside)
    column.addWidget(panel)
    panel.set_drawer(True)
    window.resize(900, 500)
    window.show()
    window.activateWindow()
    view = view_of(panel)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    view.selectRow(0)
    if collapsed:
        panel.set_collapsed(True)
        assert not outside.hasFocus()
        assert not any(button.hasFocus() for button in panel.findChildren(QAbstractButton))
    else:
        QTest.keyClick(view, Qt.Key.Key_Return)
        assert card_of(panel).isVisible()
        assert not view.isVisible()
        assert holds_focus(card_of(panel))
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Escape)
        assert not card_of(panel).isVisible()
        assert view.hasFocus()
    panel.setParent(None)  # the window goes with this function


def test_how_a_text_stands_is_said_in_the_readers_language(panel: ModelsPanel) -> None:
    with speaking("de"):
        click(panel, "gpt-4o")
        said = words(card_of(panel))
    assert "passt" in said
    assert "fits" not in said


@pytest.mark.parametrize("model_id", ["gpt-5", "claude-sonnet-4", "llama-3.1-405b"])
def test_nothing_on_a_card_is_cut_in_a_narrow_panel(panel: ModelsPanel, model_id: str, qtbot: QtBot) -> None:
    panel.resize(400, 700)
    panel.choose(model_id)
    panel.open_card()
    card = card_of(panel)
    area = card.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    content = area.widget()
    assert content is not None
    qtbot.waitUntil(lambda: content.width() == area.viewport().width())
    for one in card.findChildren(QPushButton):
        assert one.width() >= one.minimumSizeHint().width(), one.text()
    panel.resize(900, 700)
    QApplication.processEvents()
    tops = [button(panel, text).geometry().center().y() for text in ("Use This Tokenizer", "Copy")]
    assert abs(tops[0] - tops[1]) < 4, "one line, where it has room"
