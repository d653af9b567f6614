"""The treemap's colours: by the kind of file, or by how many bytes a token holds."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from tokviz.analysis.codebase.languages import BINARY, OTHER
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.treemap import Treemap
from tokviz.ui.common.theme import Theme

_REST = "other types"
_MOSTLY = 0.6
"""A folder that is one tile has the colour of a kind that makes up this part of it."""
_STEPS = (2.0, 2.6, 3.2, 3.8, 4.4, 5.2)
"""Bytes per token at which the colour changes; about 3.6 is usual for code and English."""


class ColorBy(StrEnum):
    """What a tile's colour says."""

    TYPE = "type"
    DENSITY = "bytes per token"


def kinds_by_size(tree: TokenTree) -> list[str]:
    """The kinds of file from the one with the most bytes down: they get the colours."""
    sizes = np.bincount(tree.language_of, tree.sizes, len(tree.language_names))
    if BINARY in tree.language_names:
        sizes[tree.language_names.index(BINARY)] = 0  # no colour is spent on what will be left out
    return [tree.language_names[place] for place in np.argsort(-sizes, kind="stable").tolist()]


class TileColors:
    """Gives every tile a number, and every number a colour and a name."""

    def __init__(self, by: ColorBy, theme: Theme, kinds: Sequence[str]) -> None:
        """``kinds``: the kinds of file that have a colour of their own, most important first."""
        self.by = by
        self._kinds = [kind for kind in kinds if kind != OTHER][: len(theme.token_colors)]
        self.neutral = _mixed(theme.surface, theme.muted, 0.22)
        if by is ColorBy.TYPE:
            self.colors = [*theme.token_colors[: len(self._kinds)], self.neutral]
        else:
            self.colors = _scale(theme)

    def legend(self) -> list[tuple[QColor, str]]:
        """What each colour means, in words."""
        if self.by is ColorBy.TYPE:
            return list(zip(self.colors, [*self._kinds, _REST], strict=True))
        bounds = [f"{step:g}" for step in _STEPS]
        names = [f"< {bounds[0]}"]
        names += [f"{low}–{high}" for low, high in pairwise(bounds)]
        return list(zip(self.colors, [*names, f"≥ {bounds[-1]}"], strict=True))

    def numbers(
        self, tiles: Treemap, tree: TokenTree, tokens: NDArray[np.int64], sizes: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Each tile's position in ``colors``: ``int64[k]``. ``tokens`` and ``sizes`` (bytes) are by node."""
        if self.by is ColorBy.TYPE:
            return self._by_type(tiles, tree, tokens)
        some = np.maximum(tokens[tiles.nodes], 1)
        steps = np.array(_STEPS)
        positions: NDArray[np.int64] = np.searchsorted(steps, sizes[tiles.nodes] / some, side="right")
        return positions

    def _by_type(self, tiles: Treemap, tree: TokenTree, tokens: NDArray[np.int64]) -> NDArray[np.int64]:
        positions = {kind: position for position, kind in enumerate(self._kinds)}
        of_language = np.array(
            [positions.get(name, len(positions)) for name in tree.language_names], np.int64
        )
        shape = tree.shape
        if not len(of_language):
            return np.zeros(len(tiles), np.int64)
        first = np.minimum(shape.first_files[tiles.nodes], len(tree.sizes) - 1)
        numbers: NDArray[np.int64] = of_language[tree.language_of[first]]
        numbers[tiles.gathered > 0] = len(positions)
        whole_folders = ~tiles.opened & ~shape.is_file[tiles.nodes] & (tiles.gathered == 0)
        of_file = of_language[tree.language_of]
        for tile in np.flatnonzero(whole_folders).tolist():
            node = int(tiles.nodes[tile])
            inside = slice(int(shape.first_files[node]), int(shape.end_files[node]))
            weights = tokens[shape.file_nodes[inside]]
            sums = np.bincount(of_file[inside], weights, len(positions) + 1)
            most = int(sums.argmax())
            numbers[tile] = most if sums[most] >= _MOSTLY * max(1, weights.sum()) else len(positions)
        return numbers


def _scale(theme: Theme) -> list[QColor]:
    """From what wastes tokens to what is cheap: amber over neutral to blue, told apart by lightness too."""
    # On a dark ground the text is light, so the colours must stay dark.
    most = 0.32 if theme.dark else 0.62
    shares = [most * part for part in (1.0, 0.72, 0.45, 0.0, 0.35, 0.6, 0.85)]
    ends = [theme.warning] * 3 + [theme.surface] + [theme.accent] * 3
    neutral = _mixed(theme.surface, theme.muted, 0.14)
    return [_mixed(neutral, end, share) for end, share in zip(ends, shares, strict=True)]


def _mixed(first: QColor, second: QColor, share: float) -> QColor:
    """A colour between two; ``share`` of the second."""
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


def folder_color(theme: Theme, depth: int) -> QColor:
    """The ground of a folder: a little stronger the deeper it lies."""
    return _mixed(theme.raised, theme.muted, min(0.34, 0.06 + 0.06 * depth))
