"""A long row that does not wrap and that Qt has to shape."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from tokviz.ui.editor.layout.rows import Cuts, ShapedRow, Spans


class ChunkedRow:
    """A long row that does not wrap: pieces side by side, shaped from its beginning as far as one looks."""

    def __init__(
        self, start: int, end: int, pieces: Sequence[tuple[int, int]], shape: Callable[[int, int], ShapedRow]
    ) -> None:
        """``pieces`` are the (start, end) offsets; ``shape`` shapes one of them (cached)."""
        self.start, self.end = start, end
        self._pieces = pieces
        self._shape = shape
        self._lefts = [0.0]

    @property
    def extent(self) -> tuple[float, float]:
        """From 0 to where the last piece ends: shapes them all."""
        return 0.0, self._left(len(self._pieces))

    def x_of(self, offset: int) -> float:
        """Where the caret stands."""
        number = self._piece_of(offset)
        return self._left(number) + self._shape(*self._pieces[number]).x_of(offset)

    def composing_x(self, offset: int, cursor: int) -> float:
        """Where the caret stands in what is being composed at ``offset``, ``cursor`` UTF-16 units into it."""
        number = self._piece_of(offset)
        return self._left(number) + self._shape(*self._pieces[number]).composing_x(offset, cursor)

    def offset_at(self, x: float) -> int:
        """The caret position nearest to ``x``."""
        number = self._piece_at(x)
        return self._shape(*self._pieces[number]).offset_at(x - self._left(number))

    def character_at(self, x: float) -> int:
        """The offset of the character drawn at ``x``."""
        number = self._piece_at(x)
        return self._shape(*self._pieces[number]).character_at(x - self._left(number))

    def step(self, offset: int, right: bool) -> int | None:
        """As the piece at ``offset`` has it."""
        return self._shape(*self._pieces[self._piece_of(offset)]).step(offset, right)

    def spans(self, cuts: Cuts) -> Spans:
        """The pieces' spans together."""
        parts: list[Spans] = []
        for number in range(len(self._pieces)):
            begin, end = self._pieces[number]
            if end == self.end:
                end = max(end, int(cuts[-1]))
            first = max(int(np.searchsorted(cuts, begin, side="right")) - 1, 0)
            last = int(np.searchsorted(cuts, end, side="left"))
            if last <= first or begin >= int(cuts[-1]) or end <= int(cuts[0]):
                continue
            own = np.clip(cuts[first : last + 1], begin, end)
            part = self._shape(*self._pieces[number]).spans(own)
            parts.append(_moved(part, self._left(number), first, own == cuts[first : last + 1]))
        return _joined(parts)

    def draw(self, painter: QPainter, x: float, baseline: float, clip: tuple[float, float]) -> None:
        """Draw the pieces that the clip touches."""
        for number in range(self._piece_at(clip[0]), len(self._pieces)):
            left = self._left(number)
            if left > clip[1]:
                return
            self._shape(*self._pieces[number]).draw(painter, x + left, baseline, clip)

    def _piece_of(self, offset: int) -> int:
        return next((n for n, (_, end) in enumerate(self._pieces) if offset < end), len(self._pieces) - 1)

    def _piece_at(self, x: float) -> int:
        number = 0
        while number + 1 < len(self._pieces) and self._left(number + 1) <= x:
            number += 1
        return number

    def _left(self, number: int) -> float:
        while len(self._lefts) <= number:
            begin, end = self._pieces[len(self._lefts) - 1]
            piece = self._shape(begin, end)
            # What stands out of its last character belongs to no piece's width: the next would leave a gap.
            width = piece.extent[1] if piece.bidirectional else piece.x_of(end)
            self._lefts.append(self._lefts[-1] + width)
        return self._lefts[number]


def _moved(part: Spans, by: float, first: int, real: NDArray[np.bool_]) -> Spans:
    """A piece's spans in the row's own x and numbers; ``real`` tells which of its cuts are the row's."""
    kept = real[part.edge_cuts]
    return Spans(
        part.owners + first,
        part.lefts + by,
        part.rights + by,
        part.edge_cuts[kept] + first,
        part.edges[kept] + by,
        part.inner + by,
        part.ordered,
    )


def _joined(parts: Sequence[Spans]) -> Spans:
    if not parts:
        nothing, nowhere = np.zeros(0, np.int64), np.zeros(0, np.float64)
        return Spans(nothing, nowhere, nowhere, nothing, nowhere)
    return Spans(
        np.concatenate([part.owners for part in parts]),
        np.concatenate([part.lefts for part in parts]),
        np.concatenate([part.rights for part in parts]),
        np.concatenate([part.edge_cuts for part in parts]),
        np.concatenate([part.edges for part in parts]),
        np.concatenate([part.inner for part in parts]),
        all(part.ordered for part in parts),
    )
