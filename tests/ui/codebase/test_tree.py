"""The tree: Qt's rules hold whatever happens to it, and rows change without it being built anew."""

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import MakeMetrics, make_batch, make_tree, node, press, press_twice
from tokviz.analysis.budget import Fit
from tokviz.tokens import Count
from tokviz.ui.codebase.delegate import bar_rect
from tokviz.ui.codebase.render_cache import ShapeCache, TextCache
from tokviz.ui.codebase.tree_metrics import Column
from tokviz.ui.codebase.tree_model import TreeModel
from tokviz.ui.codebase.tree_view import TreeView
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.window_bar import TICK_OVERHANG

PATHS = ["a.py", "b/c.py", "b/d.md", "b/e/f.py", "g/h.py"]
TOKENS = [100, 200, 300, 400, 50]


def watch(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def names(model: TreeModel, parent: QModelIndex) -> list[str]:
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


@pytest.fixture
def model(make_metrics: MakeMetrics, qtbot: QtBot) -> TreeModel:
    model = TreeModel()
    model.show(make_metrics(make_tree(PATHS, TOKENS)))
    return model


@pytest.fixture
def view(model: TreeModel, settings: Settings, theme: Theme, qtbot: QtBot) -> TreeView:
    view = TreeView(model, settings, theme)
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.show()
    return view


def test_the_model_keeps_to_qts_rules(model: TreeModel, make_metrics: MakeMetrics) -> None:
    watching = watch(model)
    tree = make_tree(PATHS, TOKENS)
    for column in Column:
        model.sort(column, Qt.SortOrder.AscendingOrder)
        model.sort(column, Qt.SortOrder.DescendingOrder)
    model.update_metrics(
        make_metrics(tree.with_included([node(tree, "b")], False)),
        {0: (0, 0), 1: (0, 2), node(tree, "b"): (0, 2)},
    )
    model.show(make_metrics(tree), tree.shape.matching("*.md"))
    model.show(None)
    model.show(make_metrics(make_tree(PATHS)))
    assert watching.model() is model


def test_rows_stand_by_tokens_at_first(model: TreeModel) -> None:
    root = model.index(0, 0)
    assert root.data() == "project"
    assert names(model, root) == ["b", "a.py", "g"]
    assert names(model, model.index(0, 0, root)) == ["e", "d.md", "c.py"]


def test_ordering_keeps_what_is_selected_and_open(model: TreeModel, view: TreeView) -> None:
    tree = make_tree(PATHS, TOKENS)
    view.open_nodes([1, node(tree, "b")])
    view.show_node(node(tree, "b/c.py"))
    view.sortByColumn(Column.NAME, Qt.SortOrder.DescendingOrder)
    assert names(model, model.index(0, 0)) == ["g", "b", "a.py"]
    assert view.current_node == node(tree, "b/c.py")
    assert view.opened_nodes() == [1, node(tree, "b")]
    assert model.order == (Column.NAME, True)


def test_figures_change_without_a_reset(
    model: TreeModel, view: TreeView, make_metrics: MakeMetrics, qtbot: QtBot
) -> None:
    tree = make_tree(PATHS, TOKENS)
    view.open_nodes([1])
    resets, changes = QSignalSpy(model.modelReset), QSignalSpy(model.dataChanged)
    layouts = QSignalSpy(model.layoutChanged)
    taken = tree.with_included([node(tree, "b")], False)
    model.update_metrics(make_metrics(taken), view.visible_rows())
    assert (resets.count(), layouts.count()) == (0, 0)
    assert changes.count() == 2  # the root's row, and the rows in it
    index = model.index_of(node(tree, "b"))
    assert Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Unchecked
    root = model.index(0, 0)
    assert Qt.CheckState(root.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.PartiallyChecked
    assert root.siblingAtColumn(Column.TOKENS).data() == "150"


def test_a_click_on_a_box_asks_for_the_other_state(model: TreeModel, view: TreeView, qtbot: QtBot) -> None:
    asked: list[tuple[int, bool]] = []
    model.checked.connect(lambda found, on: asked.append((found, on)))
    root = model.index(0, 0)
    view.setCurrentIndex(root)
    QTest.keyClick(view, Qt.Key.Key_Space)
    rect = view.visualRect(root)
    press(view.viewport(), QPoint(rect.left() + 11, rect.center().y()))
    assert asked == [(1, False), (1, False)]


def test_enter_opens_files_and_unfolds_folders(model: TreeModel, view: TreeView, qtbot: QtBot) -> None:
    tree = make_tree(PATHS, TOKENS)
    opened = QSignalSpy(view.node_opened)
    view.setCurrentIndex(model.index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.isExpanded(model.index(0, 0))
    view.show_node(node(tree, "a.py"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.at(0) == [node(tree, "a.py")]
    index = model.index_of(node(tree, "a.py"))
    view.scrollTo(index)
    press_twice(view.viewport(), view.visualRect(index).center())
    assert opened.count() == 2


def test_the_star_key_opens_only_so_much(make_metrics: MakeMetrics, view: TreeView, qtbot: QtBot) -> None:
    paths = [f"d{i:03}/e{j}/f.py" for i in range(300) for j in range(4)]
    view.model().show(make_metrics(make_tree(paths)))  # type: ignore[attr-defined]
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Asterisk)
    opened = view.opened_nodes()
    assert opened[0] == 1
    assert 20 < len(opened) < 200


def test_a_filter_shows_matches_and_their_folders(
    model: TreeModel, view: TreeView, make_metrics: MakeMetrics
) -> None:
    tree = make_tree(PATHS, TOKENS)
    model.show(make_metrics(tree), tree.shape.matching("f.py"))
    view.open_down(model.index(0, 0))
    root = model.index(0, 0)
    assert names(model, root) == ["b"]
    assert names(model, model.index(0, 0, root)) == ["e"]
    assert not model.index_of(node(tree, "a.py")).isValid()
    view.show_node(node(tree, "a.py"))  # hidden: nothing happens
    assert view.current_node != node(tree, "a.py")


def test_a_screen_reader_hears_the_figures(model: TreeModel) -> None:
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("project, 1,050 tokens")
    assert "5 files" in spoken


def test_columns_are_remembered(model: TreeModel, settings: Settings, theme: Theme, qtbot: QtBot) -> None:
    view = TreeView(model, settings, theme)
    qtbot.addWidget(view)
    view.sortByColumn(Column.NAME, Qt.SortOrder.AscendingOrder)
    view._show_column(Column.DENSITY, False)
    again = TreeView(model, settings, theme)
    qtbot.addWidget(again)
    assert again.isColumnHidden(Column.DENSITY)
    assert model.order == (Column.NAME, False)


def test_a_large_folder_is_shown_fast(make_metrics: MakeMetrics, view: TreeView, model: TreeModel) -> None:
    tree = make_tree([f"{i // 2000:02}/{i}.c" for i in range(20_000)], list(range(1, 20_001)))
    metrics = make_metrics(tree)
    model.show(metrics)
    view.open_nodes([1, node(tree, "00")])
    QApplication.processEvents()
    assert model.rows_known == 1 + 10 + 2000
    asked = len(metrics._nodes)
    assert asked < 100, "only rows that are seen may be worked out"
    later = make_metrics(tree.with_counts([make_batch([7], first=3)]))
    model.update_metrics(later, view.visible_rows())
    QApplication.processEvents()
    assert len(later._nodes) < 100


def test_it_paints_every_state(view: TreeView, model: TreeModel, make_metrics: MakeMetrics) -> None:
    tree = make_tree(PATHS, [10**6, 200, 300, 400, 50])
    metrics = make_metrics(tree.with_included([node(tree, "b/e")], False))
    model.show(metrics)
    view.open_down(model.index(0, 0))
    image = view.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(0, 700, 3) for y in range(0, 300, 3)}
    assert len(colors) > 8
    assert np.unique([model.rowCount(model.index_of(each)) for each in (1, node(tree, "b"))]).tolist() == [3]


def boxes(view: TreeView, theme: Theme) -> list[list[int]]:
    """Which pixels of each row's lower part, where there is nothing but check boxes, are a filled box."""
    image = view.viewport().grab().toImage()
    found, index = [], view.model().index(0, 0)
    while index.isValid():
        y = view.visualRect(index).center().y() + 5
        found.append([x for x in range(image.width()) if image.pixelColor(x, y) == theme.accent])
        index = view.indexBelow(index)
    return found


def test_from_right_to_left_rows_are_mirrored(model: TreeModel, view: TreeView, theme: Theme) -> None:
    view.open_down(model.index(0, 0))
    view.setCurrentIndex(QModelIndex())
    width = view.viewport().width()
    usual = boxes(view, theme)
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    mirrored = boxes(view, theme)
    assert len(usual) == 9 and all(len(box) > 8 for box in usual)
    for one, other in zip(usual, mirrored, strict=True):
        assert other and abs(width - 1 - other[-1] - one[0]) <= 1 and len(other) == len(one)
    place = QPoint(mirrored[1][0] + 4, view.visualRect(model.index(0, 0, model.index(0, 0))).center().y())
    asked = QSignalSpy(model.checked)
    press(view.viewport(), place)
    assert asked.count() == 1, "a click finds the box"


def painted(theme: Theme, fit: Fit) -> QImage:
    """A bar of 60 × 6 pixels as the tree draws it, with the room for its tick."""
    image = QImage(60, 6 + 2 * TICK_OVERHANG, QImage.Format.Format_RGB32)
    image.fill(theme.surface)
    with QPainter(image) as painter:
        ShapeCache(theme, 1.0).draw_window_bar(painter, QRect(0, TICK_OVERHANG, 60, 6), fit)
    return image


def colors(image: QImage) -> list[str]:
    """The middle row's colours from left to right."""
    return [image.pixelColor(x, image.height() // 2).name() for x in range(image.width())]


def fit_of(tokens: int, window: int = 10_000, most: int | None = None) -> Fit:
    return Fit(Count.certain(tokens), window, 1_000, most)


def test_the_trees_bars_are_the_window_to_scale(theme: Theme, qtbot: QtBot) -> None:
    little = colors(painted(theme, fit_of(5)))
    assert little[:3] == [theme.accent.name()] * 3 and theme.error.name() not in little
    past_input = colors(painted(theme, fit_of(8_000, most=5_000)))
    assert past_input[5] == theme.error_mid.name() and past_input[45] == theme.error.name()
    assert past_input[58] not in (theme.error.name(), theme.accent.name())
    over, far_over = (colors(painted(theme, fit_of(tokens))) for tokens in (14_700, 489_800))
    assert over[20] == theme.error_mid.name() and far_over[20] == theme.error.name()
    assert over[50] == far_over[50] == theme.error.name()


def test_a_bar_is_painted_once_for_what_looks_alike(theme: Theme, qtbot: QtBot) -> None:
    shapes = ShapeCache(theme, 1.0)
    image = QImage(60, 12, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        for tokens in (5_000, 5_001, 5_002):
            shapes.draw_window_bar(painter, QRect(0, 3, 60, 6), fit_of(tokens))
        assert len(shapes._windows) == 1
        shapes.draw_window_bar(painter, QRect(0, 3, 60, 6), fit_of(6_000))
    assert len(shapes._windows) == 2


def test_on_the_current_row_every_cell_is_written_in_the_colour_of_texts(
    view: TreeView, model: TreeModel, theme: Theme, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """What is quieter elsewhere could not be read on a selection."""
    inks: dict[str, str] = {}

    def draw(_: TextCache, painter: QPainter, room: QRect, text: str, color: QColor, *, right: bool) -> None:
        inks[f"{room.top()} {text}"] = color.name()

    monkeypatch.setattr(TextCache, "draw", draw)
    view.expandAll()
    row = model.index(0, 0, model.index(0, 0))
    view.setCurrentIndex(row)
    view.grab()
    top = view.visualRect(row).top()
    current = {key: ink for key, ink in inks.items() if key.startswith(f"{top} ")}
    assert len(current) >= 4 and set(current.values()) == {theme.text.name()}
    assert theme.muted.name() in inks.values()


def test_of_a_folder_s_files_no_part_of_the_number_is_shown(
    view: TreeView, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = TextCache.draw

    def note(
        self: TextCache, painter: QPainter, room: QRect, text: str, color: QColor, *, right: bool
    ) -> None:
        drawn.append(
            text
            if self.width(text) <= room.width()
            else self.metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        )
        draw(self, painter, room, text, color, right=right)

    monkeypatch.setattr(TextCache, "draw", note)
    view.setColumnWidth(Column.LANGUAGE, 40)
    view.grab()
    assert "5" in drawn
    assert not [text for text in drawn if "…" in text and text[:1].isdecimal()]


def test_bars_of_a_column_are_of_one_length(qapp: QApplication) -> None:
    """Whatever the numbers behind them, or nobody could compare them."""
    texts, room = TextCache(qapp.font()), QRect(0, 0, 128, 22)
    numbers = ("0.008 %", "5.2 %", "42.1 %", "0.05 %", "154 %")
    bars = {bar.getRect() for one in numbers if (bar := bar_rect(room, one, texts, qapp.layoutDirection()))}
    assert len(bars) == 1
    assert bar_rect(QRect(0, 0, 50, 22), "5.2 %", texts, qapp.layoutDirection()) is None
