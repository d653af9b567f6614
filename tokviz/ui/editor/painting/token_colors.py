"""Which colour each token's background has, as pixels."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from tokviz.ui.common.theme import Theme, mixed

Pixels = NDArray[np.uint32]
UNKNOWN = 0xFFFFFFFF
"""The id of a range whose tokens are not known yet (``TokenMap`` gives it as one stale token)."""


class TokenRun(Protocol):
    """Successive tokens, as ``TokenMap.tokens_in`` gives them: see ``analysis.token_list.TokenRun``."""

    @property
    def first_index(self) -> int: ...
    @property
    def ids(self) -> NDArray[np.uint32]: ...
    @property
    def starts(self) -> NDArray[np.int64]: ...
    @property
    def ends(self) -> NDArray[np.int64]: ...
    @property
    def stale(self) -> NDArray[np.bool_]: ...


class TokenSource(Protocol):
    """What the view reads tokens from: a ``TokenMap``."""

    def tokens_in(self, start: int, end: int) -> TokenRun:
        """The tokens that touch the bytes from ``start`` to ``end``."""


HeatMap = Callable[[TokenRun], NDArray[np.float64]]
"""How hot each token of a run is, ``float64[n]`` from 0 to 1: an own way of colouring."""


HOTTEST, COLDEST = 1.0, 4.2
"""Bytes per token at which the colour is the hottest and the coldest: every byte a token of its own, and
about what English prose and code have."""
_AROUND = 1024
"""Bytes beside a run in which its neighbours are looked for."""


def bytes_per_token_heat(run: TokenRun) -> NDArray[np.float64]:
    """Hot where a token holds few bytes, averaged with its neighbours: what costs much for little text."""
    sizes = (run.ends - run.starts).astype(np.float64)
    if not len(sizes):
        return sizes
    window = np.ones(9)
    mean = np.convolve(sizes, window, "same") / np.convolve(np.ones(len(sizes)), window, "same")
    return np.clip((COLDEST - mean) / (COLDEST - HOTTEST), 0.0, 1.0)


def heats_of(source: TokenSource, run: TokenRun, heat_map: HeatMap | None) -> NDArray[np.float64] | None:
    """How hot the tokens of ``run`` are among those around them, so that it makes no difference how much of
    the text is drawn at a time; None without ``heat_map``."""
    if heat_map is None or not len(run.ids):
        return None
    start = int(run.starts[0])
    wide = source.tokens_in(max(start - _AROUND, 0), int(run.ends[-1]) + _AROUND)
    first = int(np.searchsorted(wide.starts, start))
    return heat_map(wide)[first : first + len(run.ids)]


def pixel(color: QColor) -> int:
    """``color`` as a pixel of an opaque QImage."""
    return color.rgb() | 0xFF000000


class TokenColors:
    """The palette of a theme, ready to be indexed by token number."""

    def __init__(self, theme: Theme) -> None:
        colors = theme.token_colors
        self._valid = np.array([pixel(c) for c in colors], np.uint32)
        self._stale = np.array([pixel(mixed(c, theme.surface, 0.6)) for c in colors], np.uint32)
        self._special = pixel(mixed(theme.violet, theme.surface, 0.68))
        steps = np.linspace(0.0, 1.0, 33)
        hot = mixed(theme.error, theme.surface, 0.45)
        cold = mixed(theme.accent, theme.surface, 0.9)
        self._heat = np.array([pixel(mixed(cold, hot, float(step))) for step in steps], np.uint32)
        self.surface = pixel(theme.surface)
        # Among token colours as pale as it is, the selection has to be stronger than in plain text.
        self.selection = mixed(theme.selection, theme.accent, 0.08 if theme.dark else 0.22)

    def heat_color(self, heat: float) -> QColor:
        """The colour of a token that is so hot (0 to 1)."""
        return QColor.fromRgb(int(self._heat[round(heat * (len(self._heat) - 1))]))

    def of(
        self,
        run: TokenRun,
        special: NDArray[np.uint32],
        heats: NDArray[np.float64] | None,
        colored: bool,
    ) -> Pixels:
        """The background of each token of ``run``, ``uint32[n]``: by ``heats`` (``heats_of``) or by turns.
        ``special`` are the special tokens' ids."""
        count = len(run.ids)
        if not colored:
            pixels = np.full(count, self.surface, np.uint32)
        elif heats is not None:
            pixels = self._heat[np.rint(heats * (len(self._heat) - 1)).astype(np.int64)]
        else:
            pixels = self._by_turns(max(run.first_index, 0), run.stale)
        highest = int(run.ids.max()) if count else -1
        if len(special) and highest >= special[0]:  # (``isin`` takes a while even of one row)
            pixels[np.isin(run.ids, special)] = self._special
        if highest == UNKNOWN:
            pixels[run.ids == UNKNOWN] = self.surface
        return pixels

    def _by_turns(self, first: int, stale: NDArray[np.bool_]) -> Pixels:
        """The palette's colours by turns, from that of token number ``first`` on."""
        numbers = np.arange(first, first + len(stale)) % len(self._valid)
        valid = self._valid[numbers]
        return np.where(stale, self._stale[numbers], valid) if stale.any() else valid
