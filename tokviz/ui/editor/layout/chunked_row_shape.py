"""A long row that does not wrap and that Qt has to shape."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from tokviz.ui.editor.layout.row_shapes import Offsets, QtRowShape, Spans


class ChunkedRowShape:
    """A long row that does not wrap: chunks side by side, shaped from its beginning as far as one looks."""

    def __init__(
        self, start: int, end: int, chunks: Sequence[tuple[int, int]], shape: Callable[[int, int], QtRowShape]
    ) -> None:
        """``chunks`` are the (start, end) offsets; ``shape`` shapes one of them (cached)."""
        self.start, self.end = start, end
        self._chunks = chunks
        self._shape = shape
        self._lefts = [0.0]

    @property
    def extent(self) -> tuple[float, float]:
        """From 0 to where the last chunk ends: shapes them all."""
        return 0.0, self._left(len(self._chunks))

    def x_of(self, offset: int) -> float:
        """Where the caret stands."""
        number = self._chunk_of(offset)
        return self._left(number) + self._shape(*self._chunks[number]).x_of(offset)

    def composing_x(self, offset: int, cursor: int) -> float:
        """Where the caret stands in what is being composed at ``offset``, ``cursor`` UTF-16 units into it."""
        number = self._chunk_of(offset)
        return self._left(number) + self._shape(*self._chunks[number]).composing_x(offset, cursor)

    def offset_at(self, x: float) -> int:
        """The caret position nearest to ``x``."""
        number = self._chunk_at(x)
        return self._shape(*self._chunks[number]).offset_at(x - self._left(number))

    def character_at(self, x: float) -> int:
        """The offset of the character drawn at ``x``."""
        number = self._chunk_at(x)
        return self._shape(*self._chunks[number]).character_at(x - self._left(number))

    def step(self, offset: int, right: bool) -> int | None:
        """As the chunk at ``offset`` has it."""
        return self._shape(*self._chunks[self._chunk_of(offset)]).step(offset, right)

    def spans(self, boundaries: Offsets) -> Spans:
        """The chunks' spans together."""
        parts: list[Spans] = []
        if not len(boundaries):
            return Spans.none()
        for number in range(len(self._chunks)):
            begin, end = self._chunks[number]
            if end == self.end:
                end = max(end, int(boundaries[-1]))
            first = max(int(np.searchsorted(boundaries, begin, side="right")) - 1, 0)
            last = int(np.searchsorted(boundaries, end, side="left"))
            if last <= first or begin >= int(boundaries[-1]) or end <= int(boundaries[0]):
                continue
            own = np.clip(boundaries[first : last + 1], begin, end)
            part = self._shape(*self._chunks[number]).spans(own)
            parts.append(_moved(part, self._left(number), first, own == boundaries[first : last + 1]))
        return _joined(parts)

    def draw(self, painter: QPainter, x: float, baseline: float, clip: tuple[float, float]) -> None:
        """Draw the chunks that the clip touches."""
        for number in range(self._chunk_at(clip[0]), len(self._chunks)):
            left = self._left(number)
            if left > clip[1]:
                return
            self._shape(*self._chunks[number]).draw(painter, x + left, baseline, clip)

    def _chunk_of(self, offset: int) -> int:
        return next((n for n, (_, end) in enumerate(self._chunks) if offset < end), len(self._chunks) - 1)

    def _chunk_at(self, x: float) -> int:
        number = 0
        while number + 1 < len(self._chunks) and self._left(number + 1) <= x:
            number += 1
        return number

    def _left(self, number: int) -> float:
        while len(self._lefts) <= number:
            begin, end = self._chunks[len(self._lefts) - 1]
            chunk = self._shape(begin, end)
            # What stands out of its last character belongs to no chunk's width: the next would leave a gap.
            width = chunk.extent[1] if chunk.bidirectional else chunk.x_of(end)
            self._lefts.append(self._lefts[-1] + width)
        return self._lefts[number]


def _moved(part: Spans, by: float, first: int, real: NDArray[np.bool_]) -> Spans:
    """A chunk's spans in the row's own x and numbers; ``real``: which of its boundaries are the row's."""
    kept = real[part.edge_boundaries]
    return Spans(
        part.owners + first,
        part.lefts + by,
        part.rights + by,
        part.edge_boundaries[kept] + first,
        part.edges[kept] + by,
        part.inner + by,
        part.ordered,
    )


def _joined(parts: Sequence[Spans]) -> Spans:
    if not parts:
        return Spans.none()
    return Spans(
        np.concatenate([part.owners for part in parts]),
        np.concatenate([part.lefts for part in parts]),
        np.concatenate([part.rights for part in parts]),
        np.concatenate([part.edge_boundaries for part in parts]),
        np.concatenate([part.edges for part in parts]),
        np.concatenate([part.inner for part in parts]),
        all(part.ordered for part in parts),
    )
