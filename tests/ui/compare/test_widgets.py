"""The ruler, the chart and the tables: what they show, say and answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.analysis.comparison.comparison_table import Range
from tokviz.analysis.comparison.count_matrix import matrix
from tokviz.assets import Assets
from tokviz.tokens import Provenance
from tokviz.ui.common.cell_table import Cell, CellModel, CellTable, Header, Line
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.common.type_table import TypeTable, matrix_lines
from tokviz.ui.compare.bar_chart import Bar, BarChart
from tokviz.ui.compare.overview_ruler import OverviewRuler, fold, mark_lengths
from tokviz.ui.compare.page import ComparePage
from tokviz.ui.compare.panes import PaneGrid
from tokviz.ui.compare.types_tab import TypesTab

HEADERS = [Header("Name", number=False), Header("Tokens", "how many")]


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Theme:
    return Themes(Assets()).load(request.param)


def colors_in_column(widget: QWidget, x: int) -> list[QColor]:
    image = widget.grab().toImage()
    return [image.pixelColor(x, y) for y in range(image.height())]


# -- the ruler ---------------------------------------------------------------------------------------------


def test_the_ruler_marks_the_parts_that_differ(qtbot: QtBot, theme: Theme) -> None:
    ruler = OverviewRuler(theme)
    qtbot.addWidget(ruler)
    ruler.resize(16, 100)
    ruler.show()
    density = np.zeros(1024, np.int64)
    density[256] = 1
    density[768] = 40
    ruler.set_density(density, 1.0)
    ruler.set_in_sight(0.0, 0.1)
    few = [y for y, color in enumerate(colors_in_column(ruler, 4)) if color == theme.error]
    many = [y for y, color in enumerate(colors_in_column(ruler, 11)) if color == theme.error]
    assert few and {round(y / 25) for y in few} == {1, 3}
    assert many and {round(y / 25) for y in many} == {3}, "more differences make a longer mark"
    assert "2 of 1024" in ruler.accessibleDescription()


def test_a_click_on_the_ruler_asks_to_go_there(qtbot: QtBot, theme: Theme) -> None:
    ruler = OverviewRuler(theme)
    qtbot.addWidget(ruler)
    ruler.resize(16, 200)
    ruler.show()
    with qtbot.waitSignal(ruler.place_chosen) as chosen:
        QTest.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=QPoint(8, 150))
    assert chosen.args == [pytest.approx(0.75, abs=0.01)]


def test_keys_go_to_the_parts_that_differ_and_say_how_much(qtbot: QtBot, theme: Theme) -> None:
    ruler = OverviewRuler(theme)
    qtbot.addWidget(ruler)
    ruler.resize(22, 200)
    ruler.show()
    assert ruler.part_count() == 0
    QTest.keyClick(ruler, Qt.Key.Key_Down)
    density = np.zeros(1024, np.int64)
    density[256] = 1
    density[512:516] = 10
    ruler.set_density(density, 1.0)
    assert ruler.part_count() == 2 and ruler.current_part() is None
    ruler.setFocus()
    qtbot.waitUntil(ruler.hasFocus)
    before = ruler.grab().toImage()
    ruler.clearFocus()
    assert ruler.grab().toImage() != before, "one sees that it has the keys"
    for key, place, said in (
        (Qt.Key.Key_Down, 0.25, "25.0 % into the text: 1 boundary differs"),
        (Qt.Key.Key_Down, 0.50, "50.0 % into the text: 40 boundaries differ"),
        (Qt.Key.Key_Home, 0.25, "25.0 % into the text: 1 boundary differs"),
    ):
        with qtbot.waitSignal(ruler.place_chosen) as chosen:
            QTest.keyClick(ruler, key)
        assert chosen.args == [place]
        assert ruler.accessibleDescription() == said
    QTest.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=QPoint(8, 150))
    assert ruler.current_part() == 1, "the last one before where the mouse went"


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(1, 90))
def test_folding_loses_no_difference(density: list[int], rows: int) -> None:
    folded = fold(np.array(density, np.float64), rows)
    assert len(folded) == rows
    assert folded.any() == any(density)
    if rows <= len(density):
        edges = [number * len(density) // rows for number in range(rows)] + [len(density)]
        means = [np.mean(density[edges[n] : edges[n + 1]]) for n in range(rows)]
        assert folded.tolist() == pytest.approx(means)
    lengths = mark_lengths(folded)
    assert lengths.min() >= 0 and lengths.max() <= 1 and ((lengths > 0) == (folded > 0)).all()


def test_dense_differences_stay_readable(qtbot: QtBot, theme: Theme) -> None:
    """Where every part differs, marks are apart, and twice as many differences are twice as long a mark."""
    ruler = OverviewRuler(theme)
    qtbot.addWidget(ruler)
    ruler.resize(22, 200)
    ruler.show()
    density = np.full(1024, 10, np.int64)
    density[512:] = 20
    density[0] = 1000  # one very dense part does not flatten all others
    ruler.set_density(density, 1.0)
    ruler.set_in_sight(0.0, 0.0)
    red = [[color == theme.error for color in colors_in_column(ruler, x)] for x in range(22)]
    assert not all(red[4][10:190]), "there is room between two marks"
    lengths = [sum(column[y] for column in red) for y in (60, 61, 62, 63, 160, 161, 162, 163)]
    assert max(lengths[4:]) >= 1.5 * max(lengths[:4]) > 0


# -- the chart ---------------------------------------------------------------------------------------------


def test_bars_are_as_long_as_their_values_and_ranges_are_ranges(qtbot: QtBot, theme: Theme) -> None:
    chart = BarChart(theme)
    qtbot.addWidget(chart)
    bars = [
        Bar("one", Range(50, 50, 50), "50"),
        Bar("guess", Range(40, 80, 100), "~80 (40–100)"),
        Bar("none", None, ""),
    ]
    chart.set_bars("Tokens of each tokenizer", bars)
    chart.resize(500, chart.sizeHint().height())
    chart.show()
    image = chart.grab().toImage()
    rows = [10 + round((number + 0.5) * (image.height() - 20) / 3) for number in range(3)]
    full = [[x for x in range(image.width()) if image.pixelColor(x, y) == theme.muted] for y in rows]
    certain, guess = full[0], full[1]
    solid = next(x for x in range(guess[0], image.width()) if image.pixelColor(x, rows[1]) != theme.muted)
    assert (solid - guess[0]) / (certain[-1] + 1 - certain[0]) == pytest.approx(0.8, abs=0.05)
    assert (max(guess) - guess[0]) / (certain[-1] - certain[0]) == pytest.approx(2.0, abs=0.1)
    assert chart.accessibleDescription() == "one: 50; guess: ~80 (40–100); none: unknown"


def test_from_right_to_left_bars_are_mirrored_and_clear_of_titles_and_values(
    qtbot: QtBot, theme: Theme
) -> None:
    def bar() -> list[int]:
        image = chart.grab().toImage()
        y = image.height() // 2
        return [x for x in range(image.width()) if image.pixelColor(x, y) == theme.muted]

    chart = BarChart(theme)
    qtbot.addWidget(chart)
    chart.set_bars("Tokens of each tokenizer", [Bar("a title", Range(50, 50, 50), "50 or so")])
    chart.resize(500, chart.sizeHint().height())
    chart.show()
    usual = bar()
    chart.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    mirrored = bar()
    assert len(usual) > 100
    assert abs(mirrored[0] - (499 - usual[-1])) <= 1 and abs(mirrored[-1] - (499 - usual[0])) <= 1


def test_keys_read_the_bars_of_a_chart(qtbot: QtBot, theme: Theme) -> None:
    chart = BarChart(theme)
    qtbot.addWidget(chart)
    chart.set_bars("Tokens", [Bar("one", Range(5, 5, 5), "5"), Bar("none", None, "")])
    chart.resize(300, chart.sizeHint().height())
    chart.show()
    chart.setFocus()
    qtbot.waitUntil(chart.hasFocus)
    whole = chart.grab().toImage()
    with qtbot.waitSignal(chart.read):
        QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleDescription() == "one: 5"
    assert chart.grab().toImage() != whole, "one sees which bar has the keys"
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleDescription() == "none: unknown"
    chart.set_bars("Tokens", [Bar("none", Range(4, 4, 4), "4"), Bar("one", Range(5, 5, 5), "5")])
    assert chart.accessibleDescription() == "none: 4", "the same bar, wherever it stands now"
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.part_box(1).center().toPoint())
    assert chart.accessibleDescription() == "one: 5"


# -- tables ------------------------------------------------------------------------------------------------


def lines(*rows: tuple[str, int | None]) -> list[Line]:
    return [Line(name, (Cell(name, name), Cell("" if n is None else f"{n:,}", n))) for name, n in rows]


def test_the_model_is_a_sound_one(qtmodeltester: ModelTester) -> None:
    model = CellModel()
    model.set_table(HEADERS, lines(("a", 1), ("b", None)))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.set_table(HEADERS, lines(("a", 2), ("b", 3)))
    assert model.index(1, 1).data() == "3"
    model.set_table(HEADERS[:1], [])
    assert model.rowCount() == 0 and model.columnCount() == 1


def test_tables_sort_by_value_with_the_unknown_last(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    table.set_table(HEADERS, lines(("b", 1000), ("c", None), ("a", 9)))
    assert table.keys == ["b", "c", "a"]
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert table.keys == ["a", "b", "c"]
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert table.keys == ["b", "a", "c"]
    table.setCurrentIndex(table.model().index(0, 0))
    table.sort_current(Qt.SortOrder.AscendingOrder)
    assert table.keys == ["a", "b", "c"]


def test_a_narrow_table_needs_no_sideways_scrolling(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    headers = [
        Header("Name", number=False),
        *(Header(f"Column {number}", optional=number) for number in range(4)),
    ]
    cells = (Cell("A name that is longer than any other name there is", "a"), *[Cell("123,456,789", 1)] * 4)
    table.set_table(headers, [Line("a", cells)])
    table.show()
    shown = []
    for width in (1200, 500, 300):
        table.resize(width, 100)
        QTest.qWait(1)
        shown.append([column for column in range(5) if not table.isColumnHidden(column)])
        assert table.horizontalScrollBar().maximum() == 0, width
    assert shown[0] == [0, 1, 2, 3, 4] and shown[2] == [0, 1] and len(shown[1]) > 2
    tip = table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Column 3: 123,456,789" in tip and "Column 0" not in tip, "what is hidden is still told"
    assert len(table.texts()[1]) == 5
    table._all.setChecked(True)
    assert not any(map(table.isColumnHidden, range(5)))


def test_columns_make_room_for_names(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    headers = [Header("Name", number=False), *(Header(f"Column {at}", optional=at) for at in (1, 2, 3))]
    table.set_table(headers, [Line("a", (Cell("Mistral Large (retired)", "a"), *[Cell("123,456", 1)] * 3))])
    table.show()
    whole = table.sizeHintForColumn(0)
    table.resize(whole + 2 * table.sizeHintForColumn(1), 100)
    QTest.qWait(1)
    assert table.columnWidth(0) >= whole
    assert not table.isColumnHidden(0) and table.isColumnHidden(3)


def test_a_column_in_which_nothing_stands_goes(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    headers = [Header("Name", number=False), Header("Range", optional=1, sparse=True), Header("Cost")]
    table.resize(700, 100)
    table.show()
    for between in ("", "1–2", ""):
        lines = [Line("a", (Cell("a"), Cell(between), Cell("1"))), Line("b", (Cell("b"), Cell(""), Cell("")))]
        table.set_table(headers, lines)
        assert table.isColumnHidden(1) is (not between)
    tip = table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Range" not in (tip or ""), "nor is it told that it is empty"


def test_a_table_can_be_emptied(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    table.set_table((), ())
    table.set_table(HEADERS, lines(("b", 2), ("a", 1)))
    table.resize(300, 100)
    table.show()
    QTest.qWait(1)
    table.set_table((), ())  # Qt crashed here
    assert not table.keys
    table.set_table(HEADERS, lines(("b", 2)))
    assert table.keys == ["b"]


def test_a_table_is_resized_while_its_columns_change(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    table.set_table(HEADERS, lines(("b", 2)))
    table.show()
    table.model().modelReset.connect(lambda: table.resize(table.width() - 20, 100))
    for headers in (HEADERS[:1], HEADERS):
        table.set_table(headers, [])  # it failed here, and PySide crashed of it
        assert table.model().columnCount() == len(headers)


def test_a_link_is_chosen_by_a_click(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    table.set_table(HEADERS, [Line("a", (Cell("a", "a"), Cell("Open", link=True)))])
    table.resize(300, 100)
    table.show()
    with qtbot.waitSignal(table.link_chosen) as chosen:
        place = table.visualRect(table.model().index(0, 1)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["a", 1]
    with qtbot.assertNotEmitted(table.link_chosen):
        place = table.visualRect(table.model().index(0, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_new_figures_keep_the_selection(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    table.set_table(HEADERS, lines(("b", 2), ("a", 1)))
    table.selectRow(1)
    table.set_table(HEADERS, lines(("b", 5), ("a", 7)))
    assert [index.data() for index in table.selectionModel().selectedRows(1)] == ["7"]


def test_rows_are_copied_as_they_look(qtbot: QtBot) -> None:
    table = CellTable("figures")
    qtbot.addWidget(table)
    table.set_table(HEADERS, lines(("b", 2000), ("a", 1)))
    table.show()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Name\tTokens\nb\t2,000\na\t1"
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Name\tTokens\na\t1"


def test_the_types_of_a_codebase_are_rows_and_tokenizers_columns(qtbot: QtBot) -> None:
    table = TypeTable()
    qtbot.addWidget(table)
    found = matrix(["Python", "JSON"], ["o200k_base", "gemma"], [900, 100], [[300, 310], [40, 20]])
    table.set_counts(TypeCounts(found, (Provenance.EXACT, Provenance.ESTIMATE), (3, 1)))
    assert table.texts() == [
        ["Type", "Bytes", "o200k_base", "gemma"],
        ["Python", "900", "300", "~310 (+3.3 %)"],
        ["JSON", "100", "40 (+100 %)", "~20"],
        ["Total", "1,000", "340 (+3.0 %)", "~330"],
    ]
    table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    assert table.keys == ["Python", "JSON", "total"]


def test_the_fewest_stand_out_only_where_there_are_any() -> None:
    found = matrix(["Latin", "Whitespace"], ["a", "b"], [90, 10], [[30, 33], [0, 3]])
    _, lines = matrix_lines(found, "Kind", "")
    latin, white, total = lines
    assert [cell.emphasized for cell in latin.cells[2:]] == [True, False]
    assert [(cell.text, cell.emphasized) for cell in white.cells[2:]] == [("0", False), ("3", False)]
    assert total.cells[3].text == "36 (+20.0 %)"


def test_without_a_codebase_the_file_types_say_how_to_get_one(qtbot: QtBot) -> None:
    tab = TypesTab()
    qtbot.addWidget(tab)
    tab.show()
    shown = [label.text() for label in tab.findChildren(QLabel) if label.isVisible()]
    assert len(shown) == 1 and "Open a folder" in shown[0]
    button = tab.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(tab.folder_wanted):
        button.click()
    found = matrix(["Python"], ["o200k_base"], [900], [[300]])
    tab.source = lambda: TypeCounts(found, (Provenance.EXACT,), (3,))
    with qtbot.waitSignal(tab.availability_changed) as said:
        tab.renew(True)
    assert said.args == [True]
    qtbot.waitUntil(lambda: tab.types.isVisible())
    assert tab.types.keys == ["Python"] and not button.isVisible()
    assert "3 files" in " ".join(label.text() for label in tab.findChildren(QLabel) if label.isVisible())


# -- panes of one size -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("width", [401, 701, 1003])
def test_panes_have_exactly_one_size(qtbot: QtBot, count: int, width: int) -> None:
    grid = PaneGrid()
    qtbot.addWidget(grid)
    grid.resize(width, 400)
    panes = [QWidget() for _ in range(count)]
    grid.set_panes(panes)
    grid.show()
    assert len({(pane.width(), pane.height()) for pane in panes}) == 1
    rectangles = [pane.geometry() for pane in panes]
    assert all(grid.rect().contains(rectangle) for rectangle in rectangles)
    pairs = ((one, other) for one in rectangles for other in rectangles if one is not other)
    assert not any(one.intersects(other) for one, other in pairs)
    assert panes[0].mapTo(grid, QPointF(0, 0)) == QPointF(0, 0)


def test_nothing_fails_before_the_first_pane(page: ComparePage) -> None:
    """The keys and the ruler are there before a tokenizer is."""
    page.panes.show_tokenizers([])
    assert page.panes.active is None
    page.panes.next_difference()
    page.panes.previous_difference()
    page.panes.ruler.place_chosen.emit(0.5)
    for entry in page.actions_for("edit"):
        if entry.isEnabled() and not entry.menu():
            entry.trigger()


def test_the_room_that_is_left_goes_to_a_column_of_words(qtbot: QtBot) -> None:
    table = CellTable("Something")
    qtbot.addWidget(table)
    table.resize(700, 200)
    table.show()
    for last, widest in ((Header("Notes", number=False), 2), (Header("Cost"), 0)):
        table.set_table([*HEADERS, last], [Line("a", (Cell("a"), Cell("1", 1), Cell("x")))])
        widths = [table.columnWidth(column) for column in range(3)]
        assert sum(widths) == table.viewport().width()
        assert widths.index(max(widths)) == widest
