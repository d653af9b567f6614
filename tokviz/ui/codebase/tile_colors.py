"""The treemap's colours: by top folder, by the kind of file, or by how many bytes a token holds."""

from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from tokviz.analysis.codebase.languages import BINARY, OTHER, language_words
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.treemap import Treemap
from tokviz.language import _, number
from tokviz.ui.codebase.hues import GREY, HUES, TopHues, top_hues
from tokviz.ui.common.theme import Theme, mixed

_REST = _("other types")
_MOSTLY = 0.6
"""A folder that is one tile has the colour of a kind that makes up this part of it."""
_STEPS = (2.0, 2.6, 3.2, 3.8, 4.4, 5.2)
"""Bytes per token at which the colour changes; about 3.6 is usual for code and English."""
LEVELS = 5
"""Shades of a hue; what lies deeper has the last one."""
_SHADES = {True: (0.36, 0.185, 0.036), False: (0.52, 0.90, -0.045)}
"""Saturation, lightness and its step by level, by whether the theme is dark."""
_LIGHTEST = 0.325
"""On a dark ground; on lighter green, text would have a contrast under 5."""
_GREY_SATURATION = 0.08


class ColorBy(StrEnum):
    """What a tile's colour says."""

    FOLDER = "top folder"  # verbatim
    TYPE = "type"
    DENSITY = "bytes per token"  # verbatim


def shade(theme: Theme, hue: int, level: int) -> QColor:
    """The ground of a tile ``level`` folders below the first ones."""
    saturation, first, step = _SHADES[theme.dark]
    lightness = first + step * min(level, LEVELS - 1)
    if theme.dark:
        lightness = min(lightness, _LIGHTEST)
    return _hsl(hue, saturation, lightness)


def swatch(hue: int) -> QColor:
    """The colour of a hue in legends and icons."""
    return _hsl(hue, 0.50, 0.62)


def _hsl(hue: int, saturation: float, lightness: float) -> QColor:
    if hue == GREY:
        return QColor.fromHslF(214 / 360, _GREY_SATURATION, lightness)
    return QColor.fromHslF(hue / 360, saturation, lightness)


def kinds_by_size(tree: TokenTree) -> list[str]:
    """The kinds of file from the one with the most bytes down: they get the colours."""
    sizes = np.bincount(tree.language_of, tree.sizes, len(tree.language_names))
    if BINARY in tree.language_names:
        sizes[tree.language_names.index(BINARY)] = 0  # no colour is spent on what will be left out
    return [tree.language_names[place] for place in np.argsort(-sizes, kind="stable").tolist()]


class TileColors:
    """Gives every tile a number, and every number a colour and a name."""

    def __init__(self, by: ColorBy, theme: Theme, tree: TokenTree) -> None:
        self.by = by
        self._theme = theme
        self._tree = tree
        self._tops: TopHues = top_hues(tree)
        self._kinds = [kind for kind in kinds_by_size(tree) if kind != OTHER][: len(HUES)]
        if by is ColorBy.DENSITY:
            self.colors = _scale(theme)
        else:
            hues = [hue for hue, _ in self._named]
            self.colors = [shade(theme, hue, level) for hue in [*hues, GREY] for level in range(LEVELS)]

    @property
    def _named(self) -> list[tuple[int, str]]:
        """The hues that have a name, in the order of their numbers."""
        if self.by is ColorBy.FOLDER:
            return [(hue, name) for hue, name in self._tops.named if hue != GREY]
        return list(zip(HUES, map(language_words, self._kinds), strict=False))

    @property
    def shows_depth(self) -> bool:
        """Whether what lies deeper has another shade."""
        return self.by is not ColorBy.DENSITY

    def legend(self) -> list[tuple[QColor, str]]:
        """What each colour means, in words."""
        if self.by is ColorBy.FOLDER:
            return [(swatch(hue), name) for hue, name in self._tops.named]
        if self.by is ColorBy.TYPE:
            return [*((swatch(hue), name) for hue, name in self._named), (swatch(GREY), _REST)]
        bounds = [number(f"{step:g}") for step in _STEPS]
        names = [f"< {bounds[0]}"]
        names += [f"{low}–{high}" for low, high in pairwise(bounds)]
        return list(zip(self.colors, [*names, f"≥ {bounds[-1]}"], strict=True))

    def of_kinds(self) -> dict[str, QColor]:
        """The colours of the kinds of file, by the names that the tree has for them; empty if a colour says
        something else."""
        if self.by is not ColorBy.TYPE:
            return {}
        return {kind: swatch(hue) for hue, kind in zip(HUES, self._kinds, strict=False)}

    def ground(self, number: int, depth: int) -> QColor:
        """Behind what is in an open folder that has this number."""
        if not depth:
            return self._theme.surface  # a grey as light as the tiles would hide where one ends
        if self.by is ColorBy.FOLDER:
            return self.colors[number]
        if self.by is ColorBy.DENSITY:
            return mixed(self._theme.raised, self._theme.muted, min(0.34, 0.06 + 0.06 * depth))
        return shade(self._theme, GREY, max(0, depth - 1))

    def numbers(
        self, tiles: Treemap, tokens: NDArray[np.int64], sizes: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Each tile's position in ``colors``: ``int64[k]``. ``tokens`` and ``sizes`` (bytes) are by node."""
        if self.by is ColorBy.DENSITY:
            some = np.maximum(tokens[tiles.nodes], 1)
            positions: NDArray[np.int64] = np.searchsorted(
                np.array(_STEPS), sizes[tiles.nodes] / some, side="right"
            )
            return positions
        hues = self._by_folder(tiles) if self.by is ColorBy.FOLDER else self._by_type(tiles, tokens)
        levels = np.clip(tiles.depths.astype(np.int64) - 1, 0, LEVELS - 1)
        return hues * LEVELS + levels

    def _by_folder(self, tiles: Treemap) -> NDArray[np.int64]:
        hues = [hue for hue, _ in self._named]
        numbers = np.full(361, len(hues), np.int64)  # the last one, at -1, is GREY's
        numbers[hues] = np.arange(len(hues))
        found: NDArray[np.int64] = numbers[self._tops.of_node[tiles.nodes]]
        return found

    def _by_type(self, tiles: Treemap, tokens: NDArray[np.int64]) -> NDArray[np.int64]:
        tree, shape = self._tree, self._tree.shape
        positions = {kind: position for position, kind in enumerate(self._kinds)}
        rest = len(positions)
        of_language = np.array([positions.get(name, rest) for name in tree.language_names], np.int64)
        if not len(of_language):
            return np.zeros(len(tiles), np.int64)
        first = np.minimum(shape.first_files[tiles.nodes], len(tree.sizes) - 1)
        numbers: NDArray[np.int64] = of_language[tree.language_of[first]]
        numbers[tiles.gathered > 0] = rest
        whole_folders = ~tiles.opened & ~shape.is_file[tiles.nodes] & (tiles.gathered == 0)
        of_file = of_language[tree.language_of]
        for tile in np.flatnonzero(whole_folders).tolist():
            node = int(tiles.nodes[tile])
            inside = slice(int(shape.first_files[node]), int(shape.end_files[node]))
            weights = tokens[shape.file_nodes[inside]]
            sums = np.bincount(of_file[inside], weights, rest + 1)
            most = int(sums.argmax())
            numbers[tile] = most if sums[most] >= _MOSTLY * max(1, weights.sum()) else rest
        return numbers


def _scale(theme: Theme) -> list[QColor]:
    """From what wastes tokens to what is cheap: amber over neutral to blue, told apart by lightness too."""
    # On a dark ground the text is light, so the colours must stay dark.
    most = 0.32 if theme.dark else 0.62
    shares = [most * part for part in (1.0, 0.72, 0.45, 0.0, 0.35, 0.6, 0.85)]
    ends = [theme.warning] * 3 + [theme.surface] + [theme.accent] * 3
    neutral = mixed(theme.surface, theme.muted, 0.14)
    return [mixed(neutral, end, share) for end, share in zip(ends, shares, strict=True)]
