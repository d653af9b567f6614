"""Compares the tokens of several panes while they are worked on, in steps too short to be felt."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.comparison.comparison import (
    BoundarySource,
    Comparing,
    Comparison,
    boundaries,
    boundary_source,
)
from tokviz.analysis.comparison.differences import Difference, Differences
from tokviz.analysis.tokens.token_map import TokenMap, TokenRun
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.sliced_work import SlicedWork

_STEP = 1 << 20
"""Bytes compared in one step: some 10 ms for four tokenizers."""
_PAUSE = 120
"""Milliseconds without a change after which the whole is compared again."""
_CHUNK = 1 << 13
"""Bytes around what is asked for that are compared with it: about a screen."""
_CHUNKS_KEPT = 64
_Found: TypeAlias = tuple[NDArray[np.int64], NDArray[np.uint32]]
_NOTHING: _Found = (np.zeros(0, np.int64), np.zeros(0, np.uint32))


def map_boundaries(token_map: TokenMap) -> BoundarySource:
    """The boundaries of a token map."""

    def ends_in(start: int, stop: int) -> NDArray[np.int64]:
        return boundary_source(token_map.tokens_in(max(start - 1, 0), stop).ends)(start, stop)

    return ends_in


def stale_ranges(run: TokenRun) -> list[tuple[int, int]]:
    """The (start, end) of what is covered by neighbouring tokens that are not known to be right."""
    stale = np.concatenate(([False], run.stale, [False]))
    firsts = np.flatnonzero(stale[1:-1] & ~stale[:-2])
    lasts = np.flatnonzero(stale[1:-1] & ~stale[2:])
    return list(zip(run.starts[firsts].tolist(), run.ends[lasts].tolist(), strict=True))


class Comparer(QObject):
    """Holds the maps of what is compared. What is in sight is compared when it is drawn, the whole text in
    steps, from the beginning, once all of it is tokenized."""

    changed = Signal()
    """There is another ``result``, or it is not known any more."""
    boundaries_changed = Signal()
    """``differing`` may answer otherwise now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maps: list[TokenMap] = []
        self._comparing: Comparing | None = None
        self._seen: dict[int, _Found] = {}
        self.result: Comparison | None = None
        """Of the whole text as it is; None while that is being compared."""
        self._pause = Debouncer(self._begin, _PAUSE, self)
        self._work = SlicedWork(self)

    @property
    def share(self) -> float:
        """How much of the text is compared: 1.0 is all."""
        if self.result is not None:
            return 1.0
        size = len(self._maps[0]) if self._maps else 0
        return self._comparing.position / size if self._comparing and size else 0.0

    def partial(self) -> Comparison | None:
        """What is found so far, or the ``result``."""
        return self.result or (self._comparing.result() if self._comparing else None)

    def set_maps(self, maps: Sequence[TokenMap]) -> None:
        """Compare these, in this order."""
        self._maps = list(maps)
        self.refresh()

    def refresh(self) -> None:
        """The text or some tokens are others now."""
        self._seen.clear()
        self.postpone()
        self.boundaries_changed.emit()

    def postpone(self) -> None:
        """Tokens out of sight are others now: compare the whole again, a little later."""
        self._work.stop()
        self._comparing = None
        if self.result is not None:
            self.result = None
            self.changed.emit()
        self._pause.restart()

    def stop(self) -> None:
        """Compare nothing until the next ``refresh``."""
        self._pause.cancel()
        self._work.stop()
        self._comparing = None

    def differing(self, start: int, stop: int, pane: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The differing boundaries in ``start <= offset < stop``, and of each whether map ``pane`` has it.

        Where any of the tokens are still on their way, none is known.
        """
        offsets, masks = self._boundaries(start, stop)
        return offsets, (masks >> np.uint32(pane) & 1).astype(np.bool_)

    def following(self, offset: int) -> Difference | None:
        """The first difference that starts at ``offset`` or later."""
        return self._differences().following(offset) if self._known else None

    def preceding(self, offset: int) -> Difference | None:
        """The last difference that stops at ``offset`` or earlier."""
        return self._differences().preceding(offset) if self._known else None

    @property
    def _known(self) -> bool:
        size = len(self._maps[0]) if self._maps else 0
        return len(self._maps) > 1 and all(each.complete and len(each) == size for each in self._maps)

    def _differences(self) -> Differences:
        density = self.result.density if self.result else None
        return Differences(len(self._maps[0]), [map_boundaries(each) for each in self._maps], density)

    def _boundaries(self, start: int, stop: int) -> _Found:
        """Where some have a boundary and some do not, with who does."""
        if start >= stop:
            return _NOTHING
        chunks = [self._chunk(number) for number in range(start // _CHUNK, (stop - 1) // _CHUNK + 1)]
        offsets = np.concatenate([chunk[0] for chunk in chunks])
        masks = np.concatenate([chunk[1] for chunk in chunks])
        low, high = np.searchsorted(offsets, (start, stop))
        return offsets[low:high], masks[low:high]

    def _chunk(self, number: int) -> _Found:
        """Those in one part of the text; kept, as every row of every pane asks for some of them."""
        found = self._seen.get(number)
        if found is None:
            found = self._find(max(number * _CHUNK, 1), (number + 1) * _CHUNK)
            if len(self._seen) >= _CHUNKS_KEPT:
                self._seen.clear()
            self._seen[number] = found
        return found

    def _find(self, start: int, stop: int) -> _Found:
        stop = min([stop, *(len(each) for each in self._maps)])
        if start >= stop or len(self._maps) < 2:
            return _NOTHING
        runs = [each.tokens_in(start - 1, stop) for each in self._maps]
        offsets, masks = boundaries([boundary_source(run.ends) for run in runs], start, stop)
        wanted = masks != (1 << len(runs)) - 1
        for run in runs:
            for first, last in stale_ranges(run):
                wanted &= (offsets <= first) | (offsets >= last)
        return offsets[wanted], masks[wanted]

    def _begin(self) -> None:
        if self._known:
            self._comparing = Comparing(len(self._maps[0]), [map_boundaries(each) for each in self._maps])
            self._work.start(self._steps(self._comparing))

    def _steps(self, comparing: Comparing) -> Iterator[None]:
        """Compares the whole; an edit stops it, and whenever tokens are lost, it ends by itself."""
        while self._known:
            done = comparing.advance(_STEP)
            if done:
                self.result = comparing.result()
                self._comparing = None
            self.changed.emit()
            if done:
                return
            yield
