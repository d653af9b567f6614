"""The models panel: what it says for a count, how it is ordered, what it remembers."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, QRectF, QSettings, Qt
from PySide6.QtGui import QAction, QColor, QFont, QImage, QPainter
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from tests.speaking import speaking
from tokviz.analysis.budget import Standing
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.common.type_sizes import scaled
from tokviz.ui.models import cells
from tokviz.ui.models.choices import SHARED, PanelChoices
from tokviz.ui.models.delegate import ModelDelegate
from tokviz.ui.models.figures import figures
from tokviz.ui.models.filter_bar import FilterBar
from tokviz.ui.models.filters import Filters, Trait
from tokviz.ui.models.fit_strip import FitStrip
from tokviz.ui.models.head import PanelHead
from tokviz.ui.models.panel import FIRST_FAVOURITES, ModelsPanel
from tokviz.ui.models.row_painting import LEFT, Face, RowFonts, RowPainter
from tokviz.ui.models.rows import Column, Order, Row, SortKey
from tokviz.ui.models.shapes import Shape
from tokviz.ui.models.view import ModelsView

Make = Callable[[], ModelsPanel]
TODAY = date(2026, 11, 29)


@pytest.fixture
def settings(tmp_path: Path, qtbot: QtBot) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def make(settings: Settings, qtbot: QtBot) -> Make:
    def build() -> ModelsPanel:
        assets = Assets()
        panel = ModelsPanel(Catalog(assets).models, settings, Themes(assets).load("light"), TODAY)
        qtbot.addWidget(panel)
        panel.resize(570, 700)
        panel.show()
        return panel

    return build


def row_of(panel: ModelsPanel, model_id: str) -> Row:
    return next(row for row in panel.table.all_rows if row.model.id == model_id)


def cell(panel: ModelsPanel, model_id: str, column: Column) -> tuple[str, str]:
    said = cells.lines(row_of(panel, model_id), column)
    return said.first, said.second


def ids(panel: ModelsPanel) -> list[str]:
    return list(panel.shown_ids)


def view_of(panel: ModelsPanel) -> ModelsView:
    view = panel.findChild(ModelsView)
    assert isinstance(view, ModelsView)
    return view


def search_of(panel: ModelsPanel) -> QLineEdit:
    return next(field for field in panel.findChildren(QLineEdit) if "Search" in field.accessibleName())


def click(panel: ModelsPanel, place: int) -> None:
    view = view_of(panel)
    at = view.visualRect(panel.table.index(place, Column.MODEL)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_no_part_of_it_opens_a_window_of_its_own(make: Make) -> None:
    before = set(QApplication.topLevelWidgets())
    panel = make()
    shown = {one for one in QApplication.topLevelWidgets() if one.isVisible()} - before
    assert shown == {panel}


def test_the_table_keeps_to_qts_rules(make: Make) -> None:
    panel = make()
    tester = QAbstractItemModelTester(panel.table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    panel.set_counts({"o200k_base": Count.certain(10)})
    panel.table.set_order(Order(SortKey.SHARE, True))
    panel.table.set_filters(Filters(search="gpt"))
    panel.set_counts({"o200k_base": Count.certain(10_000_000)})
    panel.table.arrange_now()
    panel.table.set_filters(Filters(search="no such model"))
    assert tester is not None


def test_a_count_is_told_with_its_label_and_its_share(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(12_800)})
    assert cell(panel, "gpt-4o", Column.TOKENS) == ("12,800", "exact")
    assert cell(panel, "gpt-4o", Column.WINDOW) == ("10.0 %", "111,104 left")
    assert cell(panel, "gpt-4o", Column.COST) == ("input $0.032", "with answer $0.073")
    assert (
        cells.lines(row_of(panel, "gpt-4o"), Column.COST).short == "total $0.073"
    )  # of both, where it is tight
    assert cell(panel, "llama-3.1-405b", Column.TOKENS)[0] == "counting…"
    assert cell(panel, "llama-3.1-405b", Column.COST) == ("by host", "open weights")


def test_an_estimate_stays_one_whatever_the_model(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count(1000, Provenance.ESTIMATE, 500, 2000)})
    assert cell(panel, "gpt-4o", Column.TOKENS) == ("~1,000", "500–2,000")
    assert cell(panel, "gpt-4o", Column.COST)[0].startswith("input ~$")


def test_a_preliminary_figure_says_that_it_is_one(make: Make) -> None:
    panel = make()
    estimates = {name: Count(1000, Provenance.ESTIMATE, 500, 2000) for name in panel.tokenizers()}
    panel.set_counts(estimates)
    public, secret = row_of(panel, "gpt-4o"), row_of(panel, "grok-4.7")
    assert public.model.provenance is not Provenance.ESTIMATE is secret.model.provenance
    for said in (cells.tooltip(public, Column.TOKENS, TODAY), figures(public, TODAY)):
        assert "reliminary" in said and f"until {public.model.tokenizer} has counted all of it" in said
        assert "nobody has published" not in said
    assert "nobody has published" in cells.tooltip(secret, Column.TOKENS, TODAY)
    panel.set_counts({name: Count.certain(1000) for name in estimates})
    assert "reliminary" not in cells.tooltip(row_of(panel, "gpt-4o"), Column.TOKENS, TODAY)


def test_a_very_small_cost_has_all_its_digits(make: Make) -> None:
    panel = make()
    panel.set_counts({"deepseek-v3": Count.certain(12)})
    assert cell(panel, "deepseek-v3", Column.COST)[0] == "input $0.00000324"
    panel.set_counts({"deepseek-v3": Count.certain(0)})
    assert cell(panel, "deepseek-v3", Column.COST)[0] == "input $0"


def test_the_summary_counts_what_is_shown(make: Make) -> None:
    panel = make()
    assert cells.summary(panel.table.rows).rest == "nothing counted yet"
    panel.set_counts({name: Count.certain(100_000) for name in panel.tokenizers()})
    shown = cells.summary(panel.table.rows)
    assert shown.headline() == f"Fits {shown.fits} of {len(ids(panel))} shown"
    assert "too small" in shown.rest
    panel.table.set_filters(Filters(search="gpt-4"))
    narrow = cells.summary(panel.table.rows)
    assert narrow.shown == len(ids(panel)) < shown.shown
    assert sum(narrow.standings.values()) == narrow.shown


def test_a_doubtful_fit_is_said_to_be_one(make: Make) -> None:
    panel = make()
    row = row_of(panel, "gpt-4o")
    panel.set_counts({row.model.tokenizer: Count(120_000, Provenance.ESTIMATE, 100_000, 250_000)})
    assert "may be too small" in cells.summary(panel.table.rows).rest


def test_too_long_a_text_is_over_by_so_many_tokens(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(300_000)})
    assert cell(panel, "gpt-4o", Column.WINDOW) == ("234 %", "over by 172,000")
    assert cell(panel, "gpt-5", Column.LEFT)[0] == "over input by 28,000"


@pytest.mark.parametrize("key", SortKey)
def test_favourites_stay_on_top_in_both_orders_and_unknown_stands_last(
    key: SortKey, make: Make, settings: Settings
) -> None:
    settings.set("models/favourites", ["deepseek-v3"])
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(10)})
    for descending in (False, True):
        panel.table.set_order(Order(key, descending))
        assert ids(panel)[0] == "deepseek-v3"
        values = [row.sort_value(key) for row in panel.table.rows[1:]]
        known = [value for value in values if value is not None]
        assert known
        assert values[: len(known)] == sorted(known, reverse=descending)


def test_the_newest_model_can_stand_first(make: Make, settings: Settings) -> None:
    settings.set("models/favourites", [])
    panel = make()
    panel.table.set_order(Order().by(SortKey.RELEASED))
    released = [row.model.released for row in panel.table.rows if row.model.released]
    assert released == sorted(released, reverse=True)
    assert panel.table.rows[0].model.released == released[0]


def test_at_first_the_first_eight_are_on_top_and_an_empty_choice_holds(
    make: Make, settings: Settings
) -> None:
    panel = make()
    assert [row.favourite for row in panel.table.rows[: FIRST_FAVOURITES + 1]] == [True] * 8 + [False]
    settings.set("models/favourites", [])
    settings.sync()
    assert not any(row.favourite for row in make().table.rows)


def test_rows_move_only_when_the_typing_pauses(make: Make, qtbot: QtBot) -> None:
    panel = make()
    panel.table.set_order(Order(SortKey.TOKENS, True))
    first = row_of(panel, "gpt-4o").model.tokenizer
    panel.set_counts({first: Count.certain(10), "deepseek-v3": Count.certain(20)})
    panel.table.arrange_now()
    before = ids(panel)
    panel.set_counts({first: Count.certain(30), "deepseek-v3": Count.certain(20)})
    assert ids(panel) == before
    assert cell(panel, "gpt-4o", Column.TOKENS)[0] == "30"
    qtbot.waitUntil(lambda: ids(panel) != before)


def test_search_and_hiding_narrow_the_list_and_are_remembered(
    make: Make, settings: Settings, qtbot: QtBot
) -> None:
    panel = make()
    search_of(panel).setText("google api")
    qtbot.waitUntil(lambda: len(ids(panel)) < 20)
    assert ids(panel)
    assert all(row.model.developer == "Google" for row in panel.table.rows)
    settings.set("models/hidden", ["gpt-4o"])
    settings.set("models/reserve", 1000)
    again = make()
    assert "gpt-4o" not in ids(again)
    again.set_counts({"o200k_base": Count.certain(0)})
    fit = row_of(again, "gpt-4o").fit
    assert fit is not None
    assert fit.reserve == 1000


def test_open_finds_open_weights_and_not_openai(make: Make) -> None:
    panel = make()
    panel.table.set_filters(Filters(search="open"))
    assert ids(panel)
    assert all("open weights" in row.model.access for row in panel.table.rows)


def test_what_is_shown_is_announced_once_for_each_change(make: Make) -> None:
    panel = make()
    announced: list[tuple[str, ...]] = []
    panel.shown_changed.connect(lambda: announced.append(panel.shown_ids))
    panel.table.set_filters(Filters(traits=frozenset({Trait.OPEN_WEIGHTS})))
    panel.table.set_order(Order(SortKey.NAME))
    panel.table.set_filters(Filters(traits=frozenset({Trait.OPEN_WEIGHTS})))
    assert len(announced) == 1
    assert set(announced[0]) == set(ids(panel))


def test_where_no_model_matches_one_button_shows_all(make: Make, qtbot: QtBot) -> None:
    panel = make()
    every = len(ids(panel))
    search_of(panel).setText("no such model")
    button = next(one for one in panel.findChildren(QPushButton) if one.text() == "Show All Models")
    qtbot.waitUntil(button.isVisible)
    assert ids(panel) == []
    button.click()
    assert len(ids(panel)) == every
    assert search_of(panel).text() == ""


def test_a_chip_narrows_and_is_remembered(make: Make) -> None:
    panel = make()
    bar = panel.findChild(FilterBar)
    assert isinstance(bar, FilterBar)
    chip = next(one for one in bar._trait_chips.values() if one.text() == "Current")
    chip.click()
    assert all(not row.model.is_retired(TODAY) for row in panel.table.rows)
    assert set(ids(make())) == set(ids(panel))
    chip.click()
    assert len(ids(panel)) == len(panel.table.all_rows)


def test_a_screen_reader_hears_the_whole_cell(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(12_800)})
    place = ids(panel).index("gpt-4o")

    def spoken(column: Column, role: Qt.ItemDataRole = Qt.ItemDataRole.AccessibleTextRole) -> str:
        return str(panel.table.index(place, column).data(role))

    assert spoken(Column.WINDOW) == "10.0 %, 111,104 left"
    assert "retires 14 Jan 2027" in spoken(Column.MODEL)
    assert "o200k_base" in spoken(Column.TOKENS, Qt.ItemDataRole.ToolTipRole)
    assert "with an answer of 4,096 tokens" in spoken(Column.COST, Qt.ItemDataRole.ToolTipRole).lower()


def test_long_figures_have_a_short_form(make: Make) -> None:
    panel = make()
    tokenizer = row_of(panel, "claude-opus-4").model.tokenizer
    panel.set_counts(
        {
            "o200k_base": Count.certain(9_228_374),
            tokenizer: Count(11_268_991, Provenance.ESTIMATE, 10_046_747, 12_491_235),
        }
    )
    assert cells.tokens(row_of(panel, "claude-opus-4")).short == "10.0M–12.5M"
    assert cells.window(row_of(panel, "claude-opus-4")).short == "over by ~11.1M"
    assert cells.window(row_of(panel, "gpt-4o")).short == "over by 9.1M"
    assert cells.tokens(row_of(panel, "gpt-4o")).short == "exact"


@pytest.mark.parametrize(
    ("retired", "long", "short"),
    [
        (date(2026, 12, 11), "retires 11 Dec 2026", "retires soon"),
        (date(2027, 6, 1), "retires 1 Jun 2027", "retires 2027"),
        (date(2026, 11, 29), "retired 29 Nov 2026", "retired"),
        (None, "", ""),
    ],
)
def test_a_badge_has_the_right_tense(retired: date | None, long: str, short: str, make: Make) -> None:
    model = replace(row_of(make(), "gpt-5").model, retired=retired)
    assert cells.badge(model, TODAY) == (long, short, long.partition(" ")[0])


@pytest.mark.parametrize(("trait", "warns"), [(Trait.RETIRED, False), (Trait.CURRENT, True)])
def test_a_badge_warns_of_what_is_to_come_in_any_words(
    trait: Trait, warns: bool, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    badge = cells.badge
    monkeypatch.setattr(cells, "badge", lambda *of: ("x",) * 3 if badge(*of)[0] else ("",) * 3)
    panel = make()
    panel.table.set_filters(Filters(traits=frozenset({trait})))
    panel.table.arrange_now()
    picture = view_of(panel).viewport().grab().toImage()
    width, height = picture.width(), picture.height()
    seen = {picture.pixelColor(x, y).rgb() for x in range(width) for y in range(height)}
    assert (Themes(Assets()).load("light").warning_soft.rgb() in seen) is warns


def test_a_model_is_chosen_by_mouse_and_keys_and_by_nothing_else(make: Make, qtbot: QtBot) -> None:
    panel = make()
    chosen: list[str] = []
    panel.model_chosen.connect(lambda model: chosen.append(model.id))
    view = view_of(panel)
    view.setFocus()
    QApplication.processEvents()
    assert chosen == []
    click(panel, 0)
    assert chosen == ids(panel)[:1]
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert chosen == ids(panel)[:2]
    panel.table.set_filters(Filters(search=ids(panel)[5]))
    assert panel.selected == chosen[1], "it is not shown, and still the one that was chosen"
    panel.table.set_filters(Filters())
    assert len(chosen) == 2, "the row went out of sight, and nobody chose another"
    assert [index.row() for index in view.selectionModel().selectedRows()] == [1]


def test_what_the_text_means_for_the_selected_model_is_announced(make: Make) -> None:
    panel = make()
    heard: list[int | None] = []
    panel.evaluation_changed.connect(lambda found: heard.append(found and found.count.tokens))
    panel.set_counts({"o200k_base": Count.certain(10)})
    assert heard == []
    click(panel, ids(panel).index("gpt-4o"))
    panel.set_counts({"o200k_base": Count.certain(11)})
    panel.set_counts({"o200k_base": Count.certain(11)})
    assert heard == [10, 11]
    spin = panel.findChild(QSpinBox)
    assert isinstance(spin, QSpinBox)
    spin.setValue(2000)
    assert panel.evaluation is not None
    assert panel.evaluation.fit.reserve == 2000
    panel.set_counts({})
    assert heard == [10, 11, 11, None]


@pytest.mark.parametrize(
    ("width", "drawer", "shape"),
    [
        (570, False, Shape.TWO_LINES),
        (436, False, Shape.THREE_LINES),
        (300, False, Shape.SLIM),
        (900, True, Shape.DENSE),
    ],
)
def test_it_paints_every_state_in_every_shape(
    width: int, drawer: bool, shape: Shape, make: Make, qtbot: QtBot
) -> None:
    panel = make()
    panel.set_drawer(drawer)
    panel.resize(width, 600)
    view = view_of(panel)
    qtbot.waitUntil(lambda: view.shape_shown is shape)
    empty = panel.grab().toImage()
    row = row_of(panel, "claude-opus-4")
    panel.set_counts(
        {"o200k_base": Count.certain(500_000), row.model.tokenizer: Count(10, Provenance.ESTIMATE, 1, 10**7)}
    )
    click(panel, 1)
    assert panel.grab().toImage() != empty
    assert view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("drawer", [False, True])
def test_columns_stand_where_they_did_when_so_few_are_left_that_nothing_scrolls(
    drawer: bool, make: Make, qtbot: QtBot
) -> None:
    """The last one was left less room than beside a scroll bar, and “with answer” became “total” there."""
    panel = make()
    panel.set_drawer(drawer)
    panel.resize(900 if drawer else 600, 300)
    view = view_of(panel)
    qtbot.waitUntil(lambda: view.shape_shown is (Shape.DENSE if drawer else Shape.TWO_LINES))
    many = [view.columnViewportPosition(column) for column in Column]
    assert view.verticalScrollBar().isVisible()
    search_of(panel).setText("gpt-oss-120b")
    qtbot.waitUntil(lambda: not view.verticalScrollBar().isVisible())
    assert [view.columnViewportPosition(column) for column in Column] == many
    assert view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("pixels", [16, 20, 24])
def test_in_the_drawer_names_have_room_also_in_large_letters(pixels: int, make: Make, qtbot: QtBot) -> None:
    panel = make()
    panel.set_drawer(True)
    panel.resize(900, 300)
    view = view_of(panel)
    qtbot.waitUntil(lambda: view.shape_shown is Shape.DENSE)
    shown = [column for column in Column if not view.isColumnHidden(column)]
    usual, font = view.font(), view.font()
    font.setPixelSize(pixels)
    view.setFont(font)
    view.set_shape(Shape.DENSE)
    widths = [view.columnWidth(column) for column in Column if not view.isColumnHidden(column)]
    assert sum(widths) <= view.viewport().width()
    assert view.columnWidth(Column.MODEL) >= scaled(font, 120)
    view.setFont(usual)
    view.set_shape(Shape.DENSE)
    assert [column for column in Column if not view.isColumnHidden(column)] == shown


def test_what_is_not_counted_says_so_and_favourites_are(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(10)}, lambda name: name == "o200k_base")
    assert cells.tokens(row_of(panel, "gpt-4o")).first == "10"
    assert cells.tokens(row_of(panel, "deepseek-v3")).first == cells.NOT_COUNTED
    wanted = panel.wanted_tokenizers()
    assert "o200k_base" in wanted and "estimate" not in wanted
    assert set(wanted) < set(panel.needs.of_all_shown)


def test_from_right_to_left_everything_is_mirrored(make: Make, qtbot: QtBot) -> None:
    panel = make()
    panel.set_counts({name: Count.certain(1000) for name in panel.tokenizers()})
    accent = Themes(Assets()).load("light").accent

    def bar_starts() -> list[int]:
        """Where in the first row the text's part of its bar lies, in pixels of the cell from the left."""
        view = view_of(panel)
        first = view.visualRect(panel.table.index(0, Column.WINDOW))
        both = first.united(view.visualRect(panel.table.index(0, Column.LEFT)))
        image = view.viewport().grab().toImage()
        y = next(y for y in range(first.top(), first.bottom()) if _has(image, both, y, accent))
        return [x - both.left() for x in range(both.left(), both.right()) if image.pixelColor(x, y) == accent]

    left = bar_starts()
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    right = bar_starts()
    assert max(left) < 40
    assert min(right) > 90


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_two_costs_stand_apart_in_either_direction(
    direction: Qt.LayoutDirection, make: Make, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    panel = make()
    panel.set_drawer(True)
    panel.resize(900, 300)
    panel.setLayoutDirection(direction)
    panel.set_counts({name: Count.certain(1000) for name in panel.tokenizers()})
    qtbot.waitUntil(lambda: view_of(panel).shape_shown is Shape.DENSE)
    placed: list[tuple[str, QRectF]] = []
    text = RowPainter.text

    def remember(
        painter: RowPainter,
        on: QPainter,
        rect: QRectF,
        said: str,
        face: Face,
        color: QColor,
        side: Qt.AlignmentFlag = LEFT,
    ) -> float:
        width = text(painter, on, rect, said, face, color, side)
        x = rect.left() if side == LEFT else rect.right() - width
        placed.append((said, painter.placed(QRectF(x, rect.top(), width, rect.height()))))
        return width

    monkeypatch.setattr(RowPainter, "text", remember)
    panel.grab()
    first, second = cells.amounts(panel.table.rows[0])
    (at,) = [place for place in range(len(placed)) if placed[place][0] == first][:1]
    around = dict(placed[at - 2 : at + 1])
    one, dot, other = around[first], around["·"], around[second]
    if direction == Qt.LayoutDirection.RightToLeft:
        one, other = other, one
    assert one.right() + 2 <= dot.left() and dot.right() + 2 <= other.left()


def _has(image: QImage, rect: QRect, y: int, color: QColor) -> bool:
    return any(image.pixelColor(x, y) == color for x in range(rect.left(), rect.right()))


def test_larger_type_takes_the_shape_of_less_room(make: Make, qtbot: QtBot) -> None:
    panel = make()
    view = view_of(panel)
    font = panel.font()
    font.setPixelSize(26)
    panel.setFont(font)
    panel.resize(600, 700)
    qtbot.waitUntil(lambda: view.shape_shown is Shape.SLIM)
    panel.resize(1100, 700)
    qtbot.waitUntil(lambda: view.shape_shown is Shape.TWO_LINES)
    assert view.rowHeight(0) == 2 * Shape.TWO_LINES.value


def painted(panel: ModelsPanel, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text of the rows, as it is painted."""
    shown: list[str] = []
    elided = Face.elided

    def remember(face: Face, text: str, room: float) -> str:
        shown.append(elided(face, text, room))
        return shown[-1]

    with monkeypatch.context() as while_painting:
        while_painting.setattr(Face, "elided", remember)
        panel.grab()
    return shown


@pytest.mark.parametrize(("width", "drawer"), [(569, False), (436, False), (360, False), (900, True)])
def test_names_and_provenance_are_never_cut(
    width: int, drawer: bool, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = make()
    panel.set_drawer(drawer)
    panel.resize(width, 700)
    panel.set_counts({model.tokenizer: Count.certain(1_234_567) for model in panel.models})
    QApplication.processEvents()
    shown = painted(panel, monkeypatch)
    assert "Mistral Large (2411)" in shown and "Claude Opus 4" in shown
    assert "1,234,567" in shown
    assert not [text for text in shown if text.startswith(("reconstr", "Mistral L")) and "…" in text]
    dated = row_of(panel, "gemini-2.5-flash").model
    assert dated.retirement(TODAY) and {*cells.badge(dated, TODAY)} & {*shown}
    if width != 436:
        assert "reconstructed" in shown


def test_a_badge_has_its_date_where_there_is_room(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make()
    panel.resize(569, 700)
    panel.set_counts({model.tokenizer: Count.certain(10_000) for model in panel.models})
    dated = row_of(panel, "gpt-4o").model.retirement(TODAY)
    assert dated.endswith("2027")
    assert dated in painted(panel, monkeypatch)
    panel.set_drawer(True)
    panel.resize(1280, 240)
    QApplication.processEvents()
    assert dated in painted(panel, monkeypatch)


@pytest.mark.parametrize("provenance", [Provenance.ESTIMATE, Provenance.MEASURED])
def test_a_badge_makes_room_for_a_range(
    provenance: Provenance, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = make()
    model = next(row.model for row in panel.table.all_rows if row.model.name == "Mistral Large (2411)")
    gone = model.retirement(TODAY)

    def is_told(count: Count, width: int) -> bool:
        panel.set_counts({model.tokenizer: count})
        panel.resize(width, 700)
        return gone in painted(panel, monkeypatch)

    # How wide the letters are is the desktop's affair: the least width that has room for the badge.
    width = next(width for width in range(500, 800, 4) if is_told(Count.certain(858_279), width))
    assert not is_told(Count(858_279, provenance, 515_000, 1_400_000), width)
    assert is_told(Count.certain(858_279), width)


@pytest.mark.parametrize("width", [784, 884, 540])
def test_no_badge_is_left_out(width: int, make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make()
    drawer = width != 540
    panel.set_drawer(drawer)
    panel.resize(width, 6000)
    view = view_of(panel)
    qtbot.waitUntil(lambda: view.shape_shown is (Shape.DENSE if drawer else Shape.TWO_LINES))
    wide = Count(32_900, Provenance.ESTIMATE, 16_600, 32_900)
    panel.set_counts(dict.fromkeys(panel.tokenizers(), wide))
    widths: list[float] = []
    badge = RowPainter.badge

    def note(
        self: RowPainter,
        painter: QPainter,
        x: float,
        middle: float,
        room: float,
        texts: Sequence[str],
        fonts: RowFonts,
        *,
        over: bool,
    ) -> float:
        taken = badge(self, painter, x, middle, room, texts, fonts, over=over)
        widths.extend([taken] if texts[0] else [])
        return taken

    monkeypatch.setattr(RowPainter, "badge", note)
    panel.grab()
    assert len(widths) > 20
    assert all(widths)


@pytest.mark.parametrize(("id_", "colour"), [("claude-opus-4", "raised"), ("gpt-4o", "warning_soft")])
def test_a_badge_tells_by_its_ground_what_is_over_in_any_language(
    make: Make, monkeypatch: pytest.MonkeyPatch, id_: str, colour: str
) -> None:
    panel = make()
    view = view_of(panel)
    row = row_of(panel, id_)
    monkeypatch.setattr(cells, "badge", lambda *_: ("提供終了",) * 3)
    picture = QImage(300, 45, QImage.Format.Format_RGB32)
    picture.fill(QColor("black"))
    painter = QPainter(picture)
    delegate = view.itemDelegate()
    assert isinstance(delegate, ModelDelegate)
    delegate._maker(painter, QRectF(0, 20, 300, 16), row, delegate.fonts(view.font()))
    painter.end()
    seen = {picture.pixelColor(x, 22).name() for x in range(300)}
    assert getattr(delegate._theme, colour).name() in seen


@pytest.mark.parametrize("text", ["input $0.0118", "Eingabe 0,0118 $", "0,0118 $ 入力"])
def test_an_amount_is_told_from_its_words_in_every_order(
    text: str, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    figure = "$0.0118" if "$0" in text else "0,0118 $"
    fonts, parts, ends = RowFonts(QFont()), [], []

    def remember(
        _: RowPainter, _painter: QPainter, rect: QRectF, text: str, face: Face, *_more: object
    ) -> float:
        parts.append((text, face is fonts.body))
        ends.append(rect.right())
        return face.width(text)

    monkeypatch.setattr(RowPainter, "text", remember)
    draw = RowPainter(Themes(Assets()).load("light"))
    picture = QImage(300, 20, QImage.Format.Format_ARGB32)
    painter = QPainter(picture)
    black = QColor("black")
    for width in (300, 60):
        draw.amount(painter, QRectF(0, 0, width, 20), text, figure, fonts, black, black)
    painter.end()
    before, _, after = text.partition(figure)
    words = [(after.strip(), False), (figure, True), (before.strip(), False)]
    assert parts == [*words, (figure, True)], (
        "a blank in it would be painted on the wrong side from the right"
    )
    blank = fonts.second.width(" ")
    left = ends[0] - fonts.second.width(after.strip()) - blank * after.startswith(" ")
    assert ends[1] == pytest.approx(left)
    assert ends[2] == pytest.approx(left - fonts.body.width(figure) - blank * before.endswith(" "))


def test_a_name_reaches_over_its_cell_the_same_in_both_directions(make: Make) -> None:
    panel = make()
    panel.resize(569, 700)
    panel.set_counts({"o200k_base": Count.certain(10_000)})
    view = panel.findChild(ModelsView)
    assert isinstance(view, ModelsView)
    plain = view.viewport().grab().toImage()
    # Painting the cells one by one, as after a key, gives the same picture.
    table = panel.table
    table.dataChanged.emit(table.index(0, Column.TOKENS), table.index(11, Column.COST))
    QApplication.processEvents()
    assert view.viewport().grab().toImage() == plain


def test_other_models_are_listed_with_the_choices_that_were_made(make: Make, qtbot: QtBot) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(10_000)})
    view = panel.findChild(ModelsView)
    assert isinstance(view, ModelsView)
    view.selectRow(ids(panel).index("gpt-4o"))
    panel.open_card()
    house = replace(row_of(panel, "gpt-4o").model, id="house", name="House", developer="We")
    cheaper = replace(row_of(panel, "gpt-4o").model, name="GPT-4o at home")
    others = [model for model in panel.models if model.id not in ("gpt-4o", "mercury-3")]
    with qtbot.waitSignal(panel.models_changed):
        panel.set_models([cheaper, *others, house])
    assert "mercury-3" not in ids(panel) and ids(panel)[-1] == "house"
    assert panel.selected == "gpt-4o"
    was_open = panel.card_open
    assert ids(panel)[0] == "gpt-4o" and row_of(panel, "gpt-4o").favourite
    assert cell(panel, "gpt-4o", Column.MODEL)[0] == "GPT-4o at home"
    assert cell(panel, "house", Column.TOKENS)[0] == "10,000"
    bar = panel.findChild(FilterBar)
    assert isinstance(bar, FilterBar)
    assert "We" in [entry.text() for entry in bar.findChildren(QAction)]
    panel.set_models(others)
    assert "gpt-4o" not in ids(panel)
    assert (was_open, panel.card_open) == (True, False)


def test_the_age_of_the_figures_stands_in_the_foot(make: Make) -> None:
    panel = make()
    panel.foot.show_age(9, "Figures of 2026-11-20, 9 days old.", aged=False)
    assert panel.foot.age.text() == "figures 9 days old"
    assert "2026-11-20" in panel.foot.age.toolTip() and not panel.foot.age.property("badge")
    panel.foot.show_age(101, "Figures of 2026-11-20, 101 days old: prices have likely changed.", aged=True)
    assert panel.foot.age.text() == "figures 101 days old, likely changed"
    assert panel.foot.age.property("badge") == "warning"


def tokenizers_of(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.model.tokenizer for row in rows))


def test_needed_are_the_favourites_the_selected_model_and_the_rows_in_sight(make: Make, qtbot: QtBot) -> None:
    panel = make()
    view = view_of(panel)
    rows = panel.table.rows
    qtbot.waitUntil(lambda: 8 < len(view.in_sight) < 20)
    seen = list(view.in_sight)
    assert seen == list(rows[: len(seen)])
    favourites = tokenizers_of(rows[:FIRST_FAVOURITES])
    assert panel.needs.tokenizers == tuple(tokenizers_of(seen))
    assert panel.needs.tokenizers[: len(favourites)] == tuple(favourites)
    last = next(row for row in reversed(rows) if row.model.tokenizer not in tokenizers_of(seen))
    with qtbot.waitSignal(panel.needs.changed):
        view.selectRow(list(rows).index(last))
    assert panel.needs.tokenizers[len(favourites)] == last.model.tokenizer, "before the rows in sight"


def test_rows_are_needed_when_the_scrolling_has_stopped(make: Make, qtbot: QtBot) -> None:
    panel = make()
    view = view_of(panel)
    qtbot.waitUntil(lambda: bool(view.in_sight))
    qtbot.wait(400)
    told: list[tuple[str, ...]] = []
    panel.needs.changed.connect(lambda: told.append(panel.needs.tokenizers))
    bar = view.verticalScrollBar()
    view._sight.delay = 2000  # the machine may be busy, and no pause is one
    with qtbot.waitSignal(panel.needs.changed):
        for step in range(11):
            bar.setValue(bar.maximum() * step // 10)
            QApplication.processEvents()
    assert len(told) == 1, "what passed by is not needed"
    assert view.in_sight[-1] == panel.table.rows[-1]
    assert set(told[0]) >= set(tokenizers_of(view.in_sight))


@pytest.mark.parametrize(
    "order", [SortKey.TOKENS, SortKey.SHARE, SortKey.LEFT, SortKey.INPUT_COST, SortKey.TOTAL_COST]
)
def test_all_are_needed_where_a_figure_decides_the_order(make: Make, qtbot: QtBot, order: SortKey) -> None:
    panel = make()
    few = panel.needs.tokenizers
    assert set(few) < set(panel.needs.of_all_shown)
    with qtbot.waitSignal(panel.needs.changed, timeout=250):
        panel._head.order_changed.emit(Order(order))
    assert set(panel.needs.tokenizers) == set(panel.needs.of_all_shown)
    with qtbot.waitSignal(panel.needs.changed, timeout=250):
        panel._head.order_changed.emit(Order(SortKey.NAME))
    assert len(panel.needs.tokenizers) < len(panel.needs.of_all_shown)


def test_all_that_may_fit_are_needed_where_only_those_that_fit_are_shown(make: Make, qtbot: QtBot) -> None:
    panel = make()
    panel.set_counts({}, lambda _: True)
    every = set(panel.needs.of_all_shown)
    with qtbot.waitSignal(panel.needs.changed, timeout=250):
        panel.table.set_filters(Filters(traits=frozenset({Trait.FITS})))
    assert not panel.table.rows
    assert set(panel.needs.tokenizers) == every
    said = cells.summary(panel.table.rows, panel.table.undecided)
    assert (said.headline(), said.rest) == ("Counting…", f"{len(panel.table.all_rows)} being counted")
    panel.set_counts({"o200k_base": Count.certain(10)}, lambda name: name in ("o200k_base", "llama3"))
    panel.table.arrange_now()
    said = cells.summary(panel.table.rows, panel.table.undecided)
    assert said.shown and said.headline() == f"Fits {said.shown} of {said.shown} shown"
    assert said.counting == sum(row.model.tokenizer == "llama3" for row in panel.table.all_rows)
    assert said.rest == f"{said.counting} being counted, {said.not_counted} not counted"
    panel.set_counts({name: Count.certain(10**9) for name in every})
    panel.table.arrange_now()
    assert cells.summary(panel.table.rows, panel.table.undecided).headline() == "No model matches"


def test_the_summary_says_how_many_are_not_counted(make: Make) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(10)}, lambda name: name == "o200k_base")
    said = cells.summary(panel.table.rows)
    known = sum(row.model.tokenizer == "o200k_base" for row in panel.table.rows)
    assert said.headline() == f"Fits {said.fits} of {said.shown} shown"
    limitless = said.standings[Standing.UNKNOWN]
    assert said.rest.endswith(f"{said.shown - known - limitless} not counted")
    assert said.headline(brief=True) == f"Fits {said.fits} of {known + limitless} known"
    row = row_of(panel, "deepseek-v3")
    assert cells.tooltip(row, Column.TOKENS, TODAY).startswith("Not counted with deepseek-v3: select")


def test_no_row_of_a_panel_that_is_hidden_is_in_sight(make: Make, qtbot: QtBot) -> None:
    panel = make()
    qtbot.waitUntil(lambda: bool(view_of(panel).in_sight))
    panel.hide()
    assert not view_of(panel).in_sight
    assert set(panel.needs.tokenizers) == set(tokenizers_of(panel.table.rows[:FIRST_FAVOURITES]))


def test_the_strip_is_read_standing_by_standing(make: Make, theme: Theme, qtbot: QtBot) -> None:
    strip = FitStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(100, 16)
    strip.show_summary(cells.Summary(0, Counter(), 0, 0, empty=True))
    assert strip.part_count() == 0 and strip.accessibleDescription() == ""
    counts = Counter({Standing.FITS: 5, None: 2, Standing.UNKNOWN: 1, Standing.TOO_LONG: 2})
    strip.show_summary(cells.Summary(10, counts, 1, 1, empty=False))
    said = [strip.part_words(number) for number in range(strip.part_count())]
    assert said == ["5 fit", "1 being counted, 1 not counted", "1 of unknown size", "2 too small"]
    assert strip.accessibleDescription() == ", ".join(said)
    boxes = [strip.part_box(number) for number in range(4)]
    assert [(box.left(), box.right()) for box in boxes] == [(0, 50), (50, 70), (70, 80), (80, 100)]
    strip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert (strip.part_box(0).left(), strip.part_box(3).left()) == (50, 0)
    image = strip.grab().toImage()
    for number, color in ((0, theme.reserve), (3, theme.error)):
        middle = strip.part_box(number).center().toPoint()
        assert any(image.pixelColor(middle.x() + by, middle.y()) == color for by in (0, 1, 2))
    QTest.keyClick(strip, Qt.Key.Key_End)
    assert strip.accessibleDescription() == "2 too small"
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.accessibleDescription() == "1 of unknown size", "as one reads from the right"


def test_how_many_fit_is_cut_after_the_words_on_the_others(make: Make) -> None:
    head = make()._head
    layout = head.layout()
    assert layout is not None
    counts = Counter(dict.fromkeys((*Standing, None), 100))
    head.show_summary(cells.Summary(100 * len(counts), counts, 50, 50, empty=False))
    whole = [label.sizeHint().width() for label in (head.summary, head.rest)]
    for width in (sum(whole), sum(whole) + 200):
        head.resize(width, head.height())
        layout.activate()
        assert head.summary.width() == whole[0]
        assert (head.rest.width() < whole[1]) == (width == sum(whole))


def test_the_tip_of_the_summary_leaves_the_words_of_a_language_their_capitals(make: Make) -> None:
    head = make()._head
    english = cells.Summary(9, Counter({Standing.FITS: 6, Standing.UNKNOWN: 3}), 0, 0, empty=False)
    head.show_summary(english)
    assert head.strip.toolTip() == "Fits 6 of 9 shown. 3 of unknown size."
    head.show_summary(cells.Summary(0, Counter(), 2, 0, empty=False))
    assert head.strip.toolTip() == "Counting…. 2 being counted."
    with speaking("de"):
        head.show_summary(english)
        assert head.strip.toolTip().endswith("3 von unbekannter Größe.")


@pytest.mark.parametrize(("width", "drawer"), [(569, False), (436, False), (300, False), (884, True)])
@pytest.mark.parametrize("certain", [True, False])
def test_no_part_of_a_number_stands_for_it(
    width: int, drawer: bool, certain: bool, make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = make()
    panel.set_drawer(drawer)
    panel.resize(width, 600)
    tokens = 1_062_627_250
    count = Count.certain(tokens) if certain else Count(tokens, Provenance.ESTIMATE, tokens // 2, tokens * 2)
    panel.set_counts(dict.fromkeys(panel.tokenizers(), count))
    QApplication.processEvents()
    names = tuple(model.name for model in panel.models)
    cut = [text for text in painted(panel, monkeypatch) if text.endswith("…") and text != cells.COUNTING]
    cut = [text for text in cut if not any(name.startswith(text[:-1]) for name in names)]
    assert not [text for text in cut if any(sign.isdecimal() for sign in text)]
    assert not [text for text in cut if text.startswith("over")]


def test_what_is_not_counted_is_said_in_full_in_every_language(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "NOT_COUNTED", "nicht gezählt")
    panel = make()
    panel.set_counts({}, lambda _: False)
    texts = painted(panel, monkeypatch)
    assert "nicht gezählt" in texts
    assert not [text for text in texts if text.startswith("nicht") and text.endswith("…")]


def test_windows_share_favourites_order_and_what_is_put_away(
    make: Make, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    """Each is a process of its own: what one sets is in the file, and no other may lose it."""
    settings.share(SHARED)
    panel = make()
    other = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    there = PanelChoices(other, panel.shown_ids[:FIRST_FAVOURITES], panel)
    there.toggle_favourite("deepseek-v3")
    there.toggle_favourite("o3")
    there.set_order(Order(SortKey.NAME, descending=True))
    there.toggle_hidden("gpt-4o")
    there.set_traits(frozenset({Trait.API}))
    other.sync()
    qtbot.waitUntil(lambda: panel.table.order == Order(SortKey.NAME, descending=True))
    assert row_of(panel, "o3").favourite and not row_of(panel, "deepseek-v3").favourite
    assert "gpt-4o" not in panel.shown_ids and panel.table.filters.traits == {Trait.API}
    panel.choose("o1")
    panel._favourite.trigger()
    assert {"o1", "o3"} < set(there.favourites), "both, and none lost"


def test_in_a_slim_row_the_range_goes_before_the_name_is_cut(
    make: Make, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    panel = make()
    panel.resize(286, 700)
    qtbot.waitUntil(lambda: view_of(panel).shape_shown is Shape.SLIM)
    counted = Count(137_855, Provenance.ESTIMATE, 112_000, 163_000)
    panel.set_counts(dict.fromkeys(panel.tokenizers(), counted))
    shown = painted(panel, monkeypatch)
    whole = {model.name for model in Catalog(Assets()).models}
    names = [text for text in shown if text in whole]
    assert len(names) >= 8 and not [text for text in shown if text.endswith("…")], shown


def test_what_fits_at_any_count_is_said_to_fit_before_it_is_counted(make: Make, qtbot: QtBot) -> None:
    panel = make()
    sure = [
        row for row in panel.table.all_rows if row.model.context_window and row.model.tokenizer != "llama3"
    ]
    counts = {"o200k_base": Count.certain(10)}
    panel.set_counts(counts, lambda name: name in counts, lambda name: None if name == "llama3" else 40)
    said = cells.summary(panel.table.rows)
    assert said.fits == len(sure)
    assert said.not_counted == sum(row.model.tokenizer == "llama3" for row in panel.table.rows)
    assert f"{said.standings[Standing.UNKNOWN]} of unknown size" in said.rest
    row = row_of(panel, "deepseek-v3")
    assert cells.tokens(row).first == cells.NOT_COUNTED
    assert cells.window(row).second == "fits in 128,000"
    assert "more than 40 tokens" in cells.tooltip(row, Column.WINDOW, TODAY)
    with qtbot.waitSignal(panel.needs.changed, timeout=250):
        panel.table.set_filters(Filters(traits=frozenset({Trait.FITS})))
    assert row_of(panel, "deepseek-v3") in panel.table.rows
    assert set(panel.needs.tokenizers) >= {"llama3"}, "what may fit is counted"
    panel.set_counts(counts, lambda name: name in counts, lambda _: 10**9)
    panel.table.arrange_now()
    assert row_of(panel, "deepseek-v3") not in panel.table.rows
    assert cells.window(row_of(panel, "deepseek-v3")).second == "of 128,000"


def test_an_estimate_where_nobody_asked_says_from_what_and_how_to_count(make: Make) -> None:
    panel = make()
    estimated = Count(1000, Provenance.ESTIMATE, 600, 1600)
    panel.set_counts({"deepseek-v3": estimated}, lambda _: False)
    row = row_of(panel, "deepseek-v3")
    assert cells.provenance(row) == "estimate"
    assert "from what other tokenizers count; to count with deepseek-v3: select" in cells.explanation(row)
    panel.set_counts({"deepseek-v3": estimated}, lambda _: True)
    assert cells.provenance(row_of(panel, "deepseek-v3")) == "preliminary"


def test_the_strip_gives_way_to_words_that_have_room_without_it(
    make: Make, theme: Theme, qtbot: QtBot
) -> None:
    panel = make()
    panel.set_counts({"o200k_base": Count.certain(10)}, lambda name: name == "o200k_base")
    head = PanelHead([row.model for row in panel.table.all_rows], theme)
    qtbot.addWidget(head)
    head.set_shape(Shape.THREE_LINES)
    head.show_summary(cells.summary(panel.table.rows))
    head.show()
    words = head.summary.sizeHint().width() + head.rest.sizeHint().width()
    for width, strip, whole in ((200, True, True), (60, False, True), (-20, True, False), (200, True, True)):
        head.resize(words + width, head.height())
        QApplication.processEvents()
        assert head.strip.isVisible() == strip, width
        assert (head.rest.width() >= head.rest.sizeHint().width()) == whole, width
    head.set_shape(Shape.SLIM)
    head.resize(words + 60, head.height())
    assert head.strip.isHidden() and head.rest.isHidden()
