"""Makes the treemap's picture in the background of the event loop, a few milliseconds at a time."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QColor, QFont, QImage

from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.analysis.codebase.treemap import Treemap
from tokviz.tokens import Provenance
from tokviz.ui.codebase.tile_colors import ColorBy, TileColors
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.treemap_picture import Drawing, lay_out, new_image, paint

_AT_ONCE = 0.005
"""Seconds of work between two turns of the event loop."""
_LEAST_BETWEEN = 1000
"""Milliseconds between two pictures while metrics stream in."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A finished picture and what lies where in it."""

    image: QImage
    tiles: Treemap
    node: int
    """The folder that is shown."""
    legend: list[tuple[QColor, str]]
    """What each colour means."""
    kind_colors: dict[str, QColor]
    """By kind of file, where that is what they mean."""
    shows_depth: bool
    """Whether a shade says how deep a tile lies."""
    planned: bool
    """Whether there are tiles that a plan would leave out."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a picture is made for."""

    size: QSize
    """Logical pixels."""
    ratio: float
    """Pixels of the screen for each."""
    font: QFont
    folder: int


class TreemapMaker(QObject):
    """What is under way is finished before the next begins, so that something new is seen however fast
    metrics change."""

    made = Signal(object)
    """A picture (Drawn)."""

    def __init__(self, theme: Theme, canvas: Callable[[], Canvas], parent: QObject | None = None) -> None:
        """``canvas`` is asked when a picture is begun."""
        super().__init__(parent)
        self.theme = theme
        self.by = ColorBy.FOLDER
        self.planned: NDArray[np.bool_] | None = None
        """Files that a plan would leave out (``bool[m]``); None for none."""
        self._canvas = canvas
        self._metrics: TreeMetrics | None = None
        self._work = SlicedWork(self, _AT_ONCE)
        self._again = False
        self._begun = 0.0
        self._start = Debouncer(self._begin, 0, self)

    @property
    def busy(self) -> bool:
        """Whether a picture is being made or will be."""
        return self._work.running or self._start.pending

    def set_tree(self, metrics: TreeMetrics | None) -> None:
        """Another tree: what is under way is given up."""
        self.stop()
        self._metrics = metrics

    def set_metrics(self, metrics: TreeMetrics) -> None:
        """Other metrics of the same tree: a picture of them soon, unless one is due already."""
        self._metrics = metrics
        if not self._start.pending:
            since = (time.monotonic() - self._begun) * 1000
            self.put_off(max(0, int(_LEAST_BETWEEN - since)))

    def renew(self) -> None:
        """Make a new picture."""
        self.put_off(0)

    def put_off(self, delay: int) -> None:
        """Make a new picture when for ``delay`` milliseconds nothing has put it off again."""
        if self._work.running:
            self._again = True
        else:
            self._start.delay = delay
            self._start.restart()

    def stop(self) -> None:
        """Give up what is under way."""
        self._work.stop()
        self._start.cancel()
        self._again = False

    def _begin(self) -> None:
        self._begun = time.monotonic()
        if self._metrics is not None:
            self._work.start(self._steps(self._metrics, self._canvas()), self._finish)

    def _finish(self) -> None:
        if self._again:
            self._again = False
            self.renew()

    def _steps(self, metrics: TreeMetrics, canvas: Canvas) -> Iterator[None]:
        tokens = metrics.node_tokens
        yield
        sizes = metrics.node_bytes
        yield
        layout = metrics.treemap_layout
        yield
        tiles = yield from lay_out(layout, canvas.folder, canvas.size, canvas.font)
        yield
        colors = TileColors(self.by, self.theme, metrics.whole)
        yield
        numbers = colors.numbers(tiles, tokens, sizes)
        yield
        outs = planned_tiles(metrics, tiles, self.planned)
        yield
        image = new_image(canvas.size, canvas.ratio)
        mark = "~" if metrics.of(TOP).tokens.provenance is Provenance.ESTIMATE else ""
        yield from paint(
            Drawing(metrics.tree.shape, tiles, colors, numbers, tokens, mark, outs, self.theme, canvas.font),
            image,
        )
        legend, kind_colors = colors.legend(), colors.of_kinds()
        self.made.emit(
            Drawn(image, tiles, canvas.folder, legend, kind_colors, colors.shows_depth, bool(len(outs)))
        )


def planned_tiles(
    metrics: TreeMetrics, tiles: Treemap, planned: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    """The outermost tiles of which all would be left out: ``int64[k]``."""
    tree = metrics.tree
    if planned is None or len(planned) != len(tree.sizes):
        return np.zeros(0, np.int64)
    weights = np.maximum(metrics.file_tokens * tree.takes_part, 0)
    full = (metrics.node_tokens > 0) & (tree.shape.sums(weights * planned) == metrics.node_tokens)
    inside = full[tree.shape.parents[tiles.nodes]]
    # The shown folder has no tile around it; a gathered tile is a part of its node.
    inside = np.where(tiles.depths == 0, False, np.where(tiles.gathered > 0, True, inside))
    found: NDArray[np.int64] = np.flatnonzero(full[tiles.nodes] & ~inside)
    return found
