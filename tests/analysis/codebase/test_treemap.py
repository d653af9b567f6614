"""Treemap tiles: areas in proportion, nothing overlaps, what is too small is gathered and not lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.analysis.codebase.test_tree_shape import trees
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.codebase.treemap import Direction, Style, Treemap, TreemapLayout, squarify

PLAIN = Style(header=0, padding=0, smallest=0)


def weights_of(shape: TreeShape, files: list[int]) -> NDArray[np.int64]:
    running = np.concatenate([[0], np.cumsum(files)]).astype(np.int64)
    weights: NDArray[np.int64] = running[shape.end_files] - running[shape.first_files]
    return weights


def area(picture: Treemap, tile: int) -> float:
    return float(picture.rectangles[tile, 2] * picture.rectangles[tile, 3])


def test_the_example_of_the_paper() -> None:
    tiles = squarify([6, 6, 4, 3, 2, 2, 1], (0, 0, 6, 4))
    assert np.allclose(tiles[0], (0, 0, 3, 2))
    assert np.allclose(tiles[1], (0, 2, 3, 2))
    assert np.allclose(tiles[2], (3, 0, 12 / 7, 7 / 3))
    assert np.allclose(tiles[3], (3 + 12 / 7, 0, 9 / 7, 7 / 3))


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 10**9), max_size=60).map(lambda weights: sorted(weights, reverse=True)),
    st.floats(1, 5000),
    st.floats(1, 5000),
)
def test_areas_are_in_proportion_and_fill_the_rectangle(
    weights: list[int], width: float, height: float
) -> None:
    tiles = np.array(squarify(weights, (10, 20, width, height))).reshape(-1, 4)
    if not weights:
        assert len(tiles) == 0
        return
    areas = tiles[:, 2] * tiles[:, 3]
    assert np.allclose(areas / areas.sum(), np.array(weights) / sum(weights), rtol=1e-3, atol=1e-7)
    assert np.isclose(areas.sum(), width * height)
    assert (tiles[:, 0] >= 10 - 1e-6).all()
    assert (tiles[:, 1] >= 20 - 1e-6).all()
    assert (tiles[:, 0] + tiles[:, 2] <= 10 + width + 1e-6).all()
    assert (tiles[:, 1] + tiles[:, 3] <= 20 + height + 1e-6).all()


@settings(deadline=None, max_examples=50)
@given(trees, st.data())
def test_tiles_lie_in_their_folders_and_never_overlap(paths: list[str], data: st.DataObject) -> None:
    shape = TreeShape([("root", paths)])
    files = data.draw(st.lists(st.integers(0, 5000), min_size=len(paths), max_size=len(paths)))
    weights = weights_of(shape, files)
    style = data.draw(st.sampled_from([Style(), Style(smallest=40), PLAIN]))
    picture = TreemapLayout(shape, weights).picture(1, (0, 0, 400, 300), style)
    boxes = picture.rectangles
    for tile in range(len(picture)):
        if tile and not picture.gathered[tile]:
            parent = picture.tile_of(int(shape.parents[picture.nodes[tile]]))
            assert parent is not None
            assert parent < tile
            assert (boxes[tile, :2] >= boxes[parent, :2] - 1e-6).all()
            assert (boxes[tile, :2] + boxes[tile, 2:] <= boxes[parent, :2] + boxes[parent, 2:] + 1e-6).all()
        for other in range(tile):
            if picture.depths[other] == picture.depths[tile]:
                overlap = np.minimum(boxes[tile, :2] + boxes[tile, 2:], boxes[other, :2] + boxes[other, 2:])
                overlap -= np.maximum(boxes[tile, :2], boxes[other, :2])
                assert overlap.min() < 1e-6
    shown = sum(weights[picture.nodes[tile]] for tile in range(len(picture)) if picture.depths[tile] == 1)
    if style is PLAIN:
        assert shown == weights[1]


def test_what_is_too_small_is_gathered_in_its_place_by_size() -> None:
    shape = TreeShape([("root", [f"f{number}" for number in range(1001)])])
    weights = weights_of(shape, [10_000, *[10] * 999, 0])
    picture = TreemapLayout(shape, weights).picture(
        1, (0, 0, 200, 100), Style(header=0, padding=0, smallest=5)
    )
    assert picture.gathered.tolist() == [0, 999, 0]
    assert picture.nodes[1] == 1
    assert area(picture, 1) == pytest.approx(20_000 * 9990 / 19_990)


def test_a_folder_in_which_nothing_could_be_seen_is_one_tile() -> None:
    shape = TreeShape([("root", [*[f"a/{number}" for number in range(1000)], "b"])])
    weights = weights_of(shape, [1] * 1000 + [1000])
    picture = TreemapLayout(shape, weights).picture(
        1, (0, 0, 100, 60), Style(header=0, padding=1, smallest=6)
    )
    assert sorted(shape.names[node] for node in picture.nodes) == ["a", "b", "root"]
    assert picture.opened.tolist() == [True, False, False]


def test_depth_can_be_limited_and_any_folder_shown() -> None:
    shape = TreeShape([("root", ["a/b/c/d", "e"])])
    weights = weights_of(shape, [100, 50])
    layout = TreemapLayout(shape, weights)
    picture = layout.picture(1, (0, 0, 500, 500), Style(deepest=1))
    assert [shape.path(node) for node in picture.nodes] == ["", "e", "a"]
    inside = shape.find("a/b")
    assert inside is not None
    assert [shape.path(node) for node in layout.picture(inside, (0, 0, 500, 500)).nodes] == [
        "a/b",
        "a/b/c",
        "a/b/c/d",
    ]


def test_nothing_to_show() -> None:
    shape = TreeShape([("root", ["a"])])
    picture = TreemapLayout(shape, weights_of(shape, [0])).picture(1, (0, 0, 100, 100))
    assert len(picture) == 0
    assert picture.at(5, 5) is None


def test_hover_and_arrow_keys() -> None:
    shape = TreeShape([("root", ["a", "b", "c", "d"])])
    picture = TreemapLayout(shape, weights_of(shape, [4, 3, 2, 1])).picture(1, (0, 0, 200, 100), PLAIN)
    tile = {shape.names[node]: index for index, node in enumerate(picture.nodes.tolist())}
    left, top, width, height = picture.rectangles[tile["a"]]
    assert picture.at(left + width / 2, top + height / 2) == tile["a"]
    assert picture.at(-1, 5) is None
    # a and b are columns; c stands on d at the right.
    moves = [("a", Direction.RIGHT, "b"), ("b", Direction.RIGHT, "c"), ("c", Direction.DOWN, "d")]
    moves += [("d", Direction.UP, "c"), ("d", Direction.LEFT, "b"), ("b", Direction.LEFT, "a")]
    for start, direction, end in moves:
        assert picture.neighbour(tile[start], direction) == tile[end]
    assert picture.neighbour(tile["a"], Direction.LEFT) is None
    assert picture.tile_of(99) is None
