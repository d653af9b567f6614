"""The treemap: it is painted bit by bit, goes in and out, and can be used without a mouse."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import MakeMetrics, make_tree, node, press, press_twice
from tokviz.analysis import formatting
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.assets import Assets
from tokviz.ui.codebase.hues import GREY, HUES, LOOSE, top_hues
from tokviz.ui.codebase.tile_colors import LEVELS, ColorBy, TileColors
from tokviz.ui.codebase.treemap_pane import Legend, TreemapPane
from tokviz.ui.codebase.treemap_view import TreemapView
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme, Themes

PATHS = ["big.py", "b/c.py", "b/d.md", "b/e/f.py", "b/e/tiny.py"]
TOKENS = [1000, 400, 300, 299, 1]


@pytest.fixture
def tree() -> TokenTree:
    return make_tree(PATHS, TOKENS)


@pytest.fixture
def view(tree: TokenTree, make_metrics: MakeMetrics, theme: Theme, qtbot: QtBot) -> TreemapView:
    view = TreemapView(theme)
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show_tree(make_metrics(tree))
    view.show()
    settle(view, qtbot)
    return view


def settle(view: TreemapView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view.maker.busy, timeout=60_000)


def place(view: TreemapView, at: int) -> QPoint:
    """A point of a node's tile where no other lies."""
    assert view.picture is not None
    tile = view.picture.tiles.tile_of(at)
    assert tile is not None
    left, top, width, height = view.picture.tiles.rectangles[tile]
    opened = bool(view.picture.tiles.opened[tile])
    return QPoint(int(left + width / 2), int(top + (9 if opened else height / 2)))


def click(view: TreemapView, qtbot: QtBot, at: int) -> None:
    press(view, place(view, at))


def test_areas_are_tokens(view: TreemapView, tree: TokenTree) -> None:
    assert view.picture is not None
    tiles = view.picture.tiles
    widths, heights = tiles.rectangles[:, 2], tiles.rectangles[:, 3]
    areas = {int(at): width * height for at, width, height in zip(tiles.nodes, widths, heights, strict=True)}
    assert areas[node(tree, "big.py")] == pytest.approx(areas[node(tree, "b")], rel=0.05)
    assert view.node_at(QPointF(place(view, node(tree, "b/d.md")))) == node(tree, "b/d.md")


def test_a_click_selects_and_a_second_one_goes_in(view: TreemapView, tree: TokenTree, qtbot: QtBot) -> None:
    chosen, shown, opened = (QSignalSpy(s) for s in (view.node_chosen, view.folder_shown, view.node_opened))
    click(view, qtbot, node(tree, "b/d.md"))
    assert chosen.at(0) == [node(tree, "b/d.md")]
    assert "b/d.md: 300 tokens" in view.accessibleDescription()
    press_twice(view, place(view, node(tree, "b/d.md")))
    assert shown.at(0) == [node(tree, "b")]
    settle(view, qtbot)
    press_twice(view, place(view, node(tree, "b/d.md")))
    assert opened.at(0) == [node(tree, "b/d.md")]
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    assert view.folder == node(tree, "")
    assert view.selected == node(tree, "b")


def test_arrows_go_from_tile_to_tile(view: TreemapView, tree: TokenTree, qtbot: QtBot) -> None:
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.selected != TOP
    seen = {view.selected}
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
        seen.add(view.selected)
    assert len(seen) > 1
    toggled = QSignalSpy(view.node_toggled)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert toggled.at(0) == [view.selected]
    view.select(node(tree, "b"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.folder == node(tree, "b")


def test_arrows_lead_in_from_the_whole(view: TreemapView, tree: TokenTree) -> None:
    """The tree chooses the opened folder itself, beside which there is nothing."""
    view.select(node(tree, ""))
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.selected not in (TOP, node(tree, ""))


def test_a_screen_reader_finds_a_list_of_the_tiles(view: TreemapView, tree: TokenTree) -> None:
    listed = QAccessible.queryAccessibleInterface(view)
    said = [listed.child(number).text(QAccessible.Text.Name) for number in range(listed.childCount())]
    assert {words.split(":")[0] for words in said} == {
        f"project/{path}" for path in ("big.py", "b", "b/c.py", "b/d.md", "b/e", "b/e/f.py", "b/e/tiny.py")
    }, "but not the whole"
    (large,) = [number for number, words in enumerate(said) if words.startswith("project/big.py")]
    assert said[large].startswith("project/big.py: 1,000 tokens · 50.0 % of its folder · ")
    tile = listed.child(large)
    assert view.node_at(QPointF(view.mapFromGlobal(tile.rect().center()))) == node(tree, "big.py")
    middle = tile.rect().center()
    assert listed.indexOfChild(listed.childAt(middle.x(), middle.y())) == large
    tile.actionInterface().doAction(QAccessibleActionInterface.pressAction())
    assert view.selected == node(tree, "big.py")
    assert tile.state().selected and view.accessibleDescription() == said[large]


def test_the_selection_is_followed_to_where_it_can_be_seen(
    view: TreemapView, tree: TokenTree, qtbot: QtBot
) -> None:
    view.show_folder(node(tree, "b/e"))
    view.select(node(tree, "b/e/f.py"))
    assert view.folder == node(tree, "b/e")
    view.select(node(tree, "big.py"))
    assert view.folder == node(tree, "")
    assert view.go_out() is False


def test_what_is_taken_out_has_no_area(
    view: TreemapView, tree: TokenTree, make_metrics: MakeMetrics, qtbot: QtBot
) -> None:
    view.set_metrics(make_metrics(tree.with_included([node(tree, "b")], False)))
    settle(view, qtbot)
    assert view.picture is not None
    assert node(tree, "b") not in view.picture.tiles.nodes
    view.set_metrics(make_metrics(tree.with_included([TOP], False)))
    settle(view, qtbot)
    assert len(view.picture.tiles) == 0
    assert not view.grab().isNull()


def test_hovering_tells_the_node(view: TreemapView, tree: TokenTree, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.hovered) as told:
        QTest.mouseMove(view, place(view, node(tree, "big.py")))
    assert told.args == [node(tree, "big.py")]


def test_figures_that_stream_in_do_not_starve_the_picture(
    view: TreemapView, tree: TokenTree, make_metrics: MakeMetrics, qtbot: QtBot
) -> None:
    drawn = QSignalSpy(view.drawn)
    end = time.monotonic() + 1.6
    while time.monotonic() < end:
        view.set_metrics(make_metrics(tree))
        qtbot.wait(20)
    assert 1 <= drawn.count() <= 5


def test_another_tree_drops_the_picture_under_way(
    view: TreemapView, make_metrics: MakeMetrics, qtbot: QtBot
) -> None:
    large = make_metrics(make_tree([f"{i // 100:02}/{i}.py" for i in range(4000)], list(range(1, 4001))))
    view.show_tree(large)
    view.maker._begin()
    other = make_tree(["x.py"], [5])
    view.show_tree(make_metrics(other))
    settle(view, qtbot)
    assert view.picture is not None
    assert view.picture.tiles.nodes.tolist() == [node(other, ""), node(other, "x.py")]


def test_a_picture_of_another_size_is_made_beside(view: TreemapView, qtbot: QtBot) -> None:
    images: list[QImage] = []
    view.make_image(QSize(900, 600), images.append)
    qtbot.waitUntil(lambda: bool(images), timeout=60_000)
    assert images[0].size() == QSize(900, 600)
    assert images[0].pixelColor(450, 300).isValid()


@pytest.mark.parametrize("name", ["light", "dark", "contrast_light", "contrast_dark"])
@pytest.mark.parametrize("by", list(ColorBy))
def test_text_can_be_read_on_every_colour(name: str, by: ColorBy) -> None:
    theme = Themes(Assets()).load(name)
    many = make_tree([f"{folder}/{kind}.{kind}" for folder in "abcdefghij" for kind in _KINDS], [5] * 90)
    colors = TileColors(by, theme, many)
    for number, color in enumerate(colors.colors):
        least = 4.5 if by is ColorBy.DENSITY else 5.0
        assert _contrast(color, theme.text) >= least, number
    if colors.shows_depth:
        shades = [_luminance(color) for color in colors.colors[:LEVELS]]
        assert sorted(set(shades), reverse=not theme.dark) == shades, "deeper is told apart"


_KINDS = ("py", "c", "go", "rs", "js", "md", "json", "html", "css")


def _contrast(one: object, other: object) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: object) -> float:
    parts = [getattr(color, part)() for part in ("redF", "greenF", "blueF")]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_colours_say_type_or_density(tree: TokenTree, theme: Theme, view: TreemapView) -> None:
    assert view.picture is not None
    tiles = view.picture.tiles
    sizes = np.zeros(len(tree.shape), np.int64)
    tokens = np.ones(len(tree.shape), np.int64)
    by_type = TileColors(ColorBy.TYPE, theme, tree)
    assert [meaning for _, meaning in by_type.legend()] == ["Python", "Markdown", "other types"]
    assert list(by_type.of_kinds()) == ["Python", "Markdown"]
    assert list(by_type.of_kinds().values()) == [color for color, _ in by_type.legend()[:2]]
    numbers = by_type.numbers(tiles, tokens, sizes) // LEVELS
    assert numbers[tiles.tile_of(node(tree, "big.py"))] == 0
    assert numbers[tiles.tile_of(node(tree, "b/d.md"))] == 1
    by_density = TileColors(ColorBy.DENSITY, theme, tree)
    sizes[node(tree, "big.py")] = 9
    assert by_density.numbers(tiles, tokens, sizes)[tiles.tile_of(node(tree, "big.py"))] == 6
    assert by_density.legend()[0][1] == "< 2"
    assert not by_density.of_kinds()


@pytest.mark.parametrize("name", ["light", "dark", "contrast_light", "contrast_dark"])
def test_where_a_tile_of_the_first_level_ends_can_be_seen(tree: TokenTree, name: str) -> None:
    theme = Themes(Assets()).load(name)
    for by in ColorBy:
        colors = TileColors(by, theme, tree)
        tiles = colors.colors if by is ColorBy.DENSITY else colors.colors[::LEVELS]
        assert all(_contrast(colors.ground(0, 0), tile) >= 1.1 for tile in tiles), by


def test_hues_are_those_of_top_folders_largest_first(theme: Theme) -> None:
    names = "abcdefghi"
    paths = [f"{name}/x/{name}.py" for name in names] + ["loose.py"]
    tree = make_tree(paths, [*range(10, 100, 10), 5])
    found = top_hues(tree)
    hues = {path: int(found.of_node[node(tree, path)]) for path in paths}
    assert [hues[f"{name}/x/{name}.py"] for name in reversed(names)] == [*HUES, GREY, GREY]
    assert hues["loose.py"] == LOOSE
    assert found.of_node[node(tree, "i")] == found.of_node[node(tree, "i/x")] == 214
    assert [name for _, name in found.named] == [*"ihgfedc", "top files", "other folders"]
    taken_out = tree.with_included([node(tree, "i")], False)
    assert top_hues(taken_out).named == found.named, "what is taken out changes no colour"


def test_what_lies_deeper_has_another_shade(view: TreemapView, tree: TokenTree, theme: Theme) -> None:
    assert view.picture is not None and view.picture.shows_depth
    tiles, colors = view.picture.tiles, TileColors(ColorBy.FOLDER, theme, tree)
    nothing = np.zeros(len(tree.shape), np.int64)
    numbers = colors.numbers(tiles, nothing, nothing)
    outer, inner = (tiles.tile_of(node(tree, path)) for path in ("b", "b/c.py"))
    assert numbers[inner] - numbers[outer] == 1
    assert [name for _, name in view.picture.legend] == ["b", "top files"]


def test_the_pane_shows_the_way_and_the_figures(
    tree: TokenTree, make_metrics: MakeMetrics, settings: Settings, theme: Theme, qtbot: QtBot
) -> None:
    pane = TreemapPane(settings, theme)
    qtbot.addWidget(pane)
    pane.resize(600, 400)
    pane.show()
    pane.show_tree(make_metrics(tree))
    settle(pane.view, qtbot)
    pane.view.show_folder(node(tree, "b/e"))
    buttons = [button.text() for button in pane.findChildren(QToolButton) if button.isEnabled()]
    assert buttons == ["project", "b"]
    pane.view.hovered.emit(node(tree, "b/e/f.py"))
    assert pane._says.text().startswith("project/b/e/f.py   299 tokens")
    pane.select(node(tree, "b/c.py"))
    assert pane._says.text().startswith("project/b/c.py   400 tokens"), "it follows the selection"
    pane._by.setCurrentIndex(2)
    assert settings.text("codebase/colors") == ColorBy.DENSITY
    settle(pane.view, qtbot)
    assert not pane.grab().isNull()


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0"), (812, "812"), (12_400, "12.4k"), (999_900, "1.0M"), (3 * 10**9, "3.0G")],
)
def test_labels_are_short(number: int, expected: str) -> None:
    assert formatting.short(number) == expected


def test_where_there_is_little_room_no_line_lies_on_the_map(
    qtbot: QtBot, settings: Settings, theme: Theme
) -> None:
    pane = TreemapPane(settings, theme)
    qtbot.addWidget(pane)
    pane.resize(700, 400)
    pane.show()
    (legend,) = pane.findChildren(Legend)
    assert legend.isVisible()
    assert pane.view.geometry().bottom() < legend.geometry().top()
    pane.resize(700, 60)
    assert not legend.isVisible()
    assert pane.view.geometry().bottom() < 60


def test_the_legend_begins_where_people_begin_to_read(theme: Theme, qtbot: QtBot) -> None:
    legend = Legend(theme)
    qtbot.addWidget(legend)
    legend.resize(400, 20)
    color = QColor("#ff0000")
    legend.show_entries([(color, "one")], note="darker = deeper")
    places = []
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        legend.setLayoutDirection(direction)
        image = legend.grab().toImage()
        places.append([x for x in range(image.width()) if image.pixelColor(x, 10) == color])
    assert max(places[0]) < 20 and min(places[1]) > 380
