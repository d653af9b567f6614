"""Where the tiles of a treemap lie: the squarified layout of Bruls, Huizing and van Wijk, folder in folder.

A pure function of weights and a rectangle. What would be too small to see is gathered into one tile a folder,
so a picture has a few thousand tiles whether the tree has a thousand files or a million.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import neg
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Rectangle = tuple[float, float, float, float]
"""Left, top, width, height."""
_TILES_A_STEP = 64


class Direction(Enum):
    """Which way an arrow key points, as (right, down)."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    UP = (0, -1)
    DOWN = (0, 1)


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in the units of the rectangle, usually pixels."""

    header: float = 16.0
    """Height of the strip at a folder's top that holds its name."""
    padding: float = 2.0
    """Between a folder's edge and what is in it."""
    least: tuple[float, float] = (26.0, 30.0)
    """Width and height from which a folder has a strip and its inside is laid out; else it is one tile."""
    smallest: float = 6.0
    """No tile has less area than a square with this side."""
    deepest: int = 64
    """Levels below the shown folder that are laid out; a deeper folder is one tile."""


@dataclass(frozen=True, slots=True, eq=False)
class Treemap:
    """``k`` tiles, each before those that lie in it, so that painting in order is right."""

    nodes: NDArray[np.int32]
    """Each tile's node, or for a gathered one the folder it lies in: ``int32[k]``."""
    gathered: NDArray[np.int32]
    """How many children of ``nodes`` are gathered in a tile; 0 for a tile that is a node: ``int32[k]``."""
    depths: NDArray[np.int16]
    """0 for the shown folder: ``int16[k]``."""
    rectangles: NDArray[np.float64]
    """Left, top, width, height: ``float64[k, 4]``."""
    opened: NDArray[np.bool_]
    """Whether a tile is a folder whose inside is laid out: ``bool[k]``."""

    def __len__(self) -> int:
        return len(self.nodes)

    def at(self, x: float, y: float) -> int | None:
        """The innermost tile at a point; None if there is none."""
        left, top, width, height = self.rectangles.T
        hit = np.flatnonzero((left <= x) & (x < left + width) & (top <= y) & (y < top + height))
        return int(hit[-1]) if len(hit) else None

    def tile_of(self, node: int) -> int | None:
        """The tile that is ``node``; None if it is too small or not in the picture."""
        found = np.flatnonzero((self.nodes == node) & (self.gathered == 0))
        return int(found[0]) if len(found) else None

    def neighbour(self, tile: int, direction: Direction) -> int | None:
        """The nearest unopened tile on that side, for moving with the arrow keys; None at the edge."""
        right, down = direction.value
        left, top, width, height = self.rectangles.T
        x, y = left + width / 2, top + height / 2
        along = (x - x[tile]) * right + (y - y[tile]) * down
        across = np.abs((x - x[tile]) * down) + np.abs((y - y[tile]) * right)
        # Beyond its edge, not its centre: a large tile beside a small one is still beside it.
        if right:
            beyond = (left >= left[tile] + width[tile]) if right > 0 else (left + width <= left[tile])
        else:
            beyond = (top >= top[tile] + height[tile]) if down > 0 else (top + height <= top[tile])
        candidates = np.flatnonzero(beyond & ~self.opened)
        if not len(candidates):
            return None
        return int(candidates[np.argmin(along[candidates] + 2 * across[candidates])])


def squarify(weights: Sequence[float], rectangle: Rectangle) -> list[Rectangle]:
    """Rectangles with areas in proportion to ``weights``, which are positive and never increase."""
    left, top, width, height = rectangle
    tiles: list[Rectangle] = []
    total = sum(weights)
    if not weights or total <= 0 or width <= 0 or height <= 0:
        return [(left, top, 0.0, 0.0)] * len(weights)
    scale = width * height / total
    areas = [weight * scale for weight in weights]
    start = 0
    while start < len(areas):
        side = min(width, height)
        end, row = _row(areas, start, side)
        # The last row takes all that is left, so that rounding leaves no gap.
        thickness = (width if width >= height else height) if end == len(areas) else row / side
        along = 0.0
        for area in areas[start:end]:
            length = area / row * side
            if width >= height:
                tiles.append((left, top + along, thickness, length))
            else:
                tiles.append((left + along, top, length, thickness))
            along += length
        if width >= height:
            left, width = left + thickness, width - thickness
        else:
            top, height = top + thickness, height - thickness
        start = end
    return tiles


def _row(areas: list[float], start: int, side: float) -> tuple[int, float]:
    """Where the row from ``start`` on ends, and its area: it grows while its worst tile gets squarer."""
    row = largest = smallest = areas[start]
    square = side * side
    worst = max(square * largest / (row * row), row * row / (square * smallest))
    end = start + 1
    while end < len(areas):
        smallest = areas[end]
        longer = row + smallest
        ratio = max(square * largest / (longer * longer), longer * longer / (square * smallest))
        if ratio > worst:
            break
        row, worst = longer, ratio
        end += 1
    return end, row


class Folders(Protocol):
    """What a layout asks of a tree: a codebase's ``TreeShape``, or any other."""

    names: list[str]
    """By node."""

    @property
    def is_file(self) -> NDArray[np.bool_]:
        """``bool[n]``: whether a node holds no others."""

    def children(self, node: int) -> NDArray[np.int64]:
        """The nodes directly in ``node``."""


class TreemapLayout:
    """Lays out pictures of one version of a tree: a resize or a step into a folder sorts nothing again."""

    def __init__(self, shape: Folders, weights: NDArray[np.int64]) -> None:
        """``weights`` (``int64[nodes]``) give the areas, and 0 gives none; a folder's must be the sum of its
        children's."""
        self._shape = shape
        self._weights: list[int] = weights.tolist()
        self._sorted: dict[int, tuple[list[int], list[int]]] = {}
        """Of the folders that were drawn, a few of many: the children from the heaviest down, and their
        weights."""

    def picture(self, node: int, rectangle: Rectangle, style: Style | None = None) -> Treemap:
        """The tiles of what is in ``node``, which itself is the first one; none if it weighs nothing."""
        steps = self.steps(node, rectangle, style)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found: Treemap = end.value
                return found

    def steps(
        self, node: int, rectangle: Rectangle, style: Style | None = None
    ) -> Generator[None, None, Treemap]:
        """``picture`` in steps of a millisecond or so."""
        style = style or Style()
        tiles: list[tuple[int, int, int, bool]] = []
        rectangles: list[Rectangle] = []
        pending = [(node, 0, rectangle)] if self._weights[node] > 0 else []
        while pending:
            if len(tiles) % _TILES_A_STEP == 0:
                yield
            folder, depth, area = pending.pop()
            whole = self._shape.is_file[folder] or depth >= style.deepest
            found = None if whole else self._inside(folder, area, style)
            tiles.append((folder, 0, depth, found is not None))
            rectangles.append(area)
            for child, tile, gathered in found or ():
                if gathered:
                    tiles.append((folder, gathered, depth + 1, False))
                    rectangles.append(tile)
                else:
                    pending.append((child, depth + 1, tile))
        nodes, numbers, depths, opened = np.array(tiles, np.int64).reshape(-1, 4).T
        return Treemap(
            nodes.astype(np.int32),
            numbers.astype(np.int32),
            depths.astype(np.int16),
            np.array(rectangles, np.float64).reshape(-1, 4),
            opened.astype(np.bool_),
        )

    def _inside(self, folder: int, area: Rectangle, style: Style) -> list[tuple[int, Rectangle, int]] | None:
        """What is seen in a folder: each child's tile, and in its place by size one tile for those too small,
        with their number. None if nothing could be seen."""
        room = _room(area, style)
        if room is None:
            return None
        heaviest, weights = self._from_heaviest(folder)
        share = room[2] * room[3] / sum(weights)
        # What has no weight is not even gathered.
        with_weight = bisect_left(weights, 0, key=neg)
        seen = bisect_right(weights, -style.smallest * style.smallest / share, 0, with_weight, key=neg)
        if not seen:
            return None
        rest = with_weight - seen
        children, numbers = heaviest[:seen], [0] * seen
        weights, gathered = weights[:seen], sum(weights[seen:])
        if rest:
            position = bisect_right(weights, -gathered, key=neg)
            weights.insert(position, gathered)
            children.insert(position, folder)
            numbers.insert(position, rest)
        return list(zip(children, squarify(weights, room), numbers, strict=True))

    def _from_heaviest(self, folder: int) -> tuple[list[int], list[int]]:
        found = self._sorted.get(folder)
        if found is None:
            weight_of = self._weights.__getitem__
            children = sorted(self._shape.children(folder).tolist(), key=weight_of, reverse=True)
            found = self._sorted[folder] = (children, [weight_of(child) for child in children])
        return found


def _room(area: Rectangle, style: Style) -> Rectangle | None:
    """The room for a folder's children; None if it is too small to be looked into."""
    left, top, width, height = area
    if width < style.least[0] or height < style.least[1]:
        return None
    padding, header = style.padding, style.header
    width, height = width - 2 * padding, height - header - padding
    if min(width, height) < style.smallest:
        return None
    return left + padding, top + header, width, height
