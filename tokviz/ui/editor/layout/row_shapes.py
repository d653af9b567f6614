"""Rows: one visual line each, able to say where bytes stand, which byte is at an x, and to draw itself.

Offsets are bytes within the row's segment; x is in pixels from the row's left edge. The line break after a
line's last row belongs to that row: each of its bytes takes one column beyond the text.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextLine

from tokviz.ui.editor.layout.bidi_cells import Cell, character_cells, composing_x
from tokviz.ui.editor.layout.shaping import ShapedChunk
from tokviz.ui.editor.layout.wrapping import columns_before

DRAWN_TOGETHER = 256
"""Characters of a plain row that are shaped together."""

Offsets = NDArray[np.int64]
Positions = NDArray[np.float64]
NONE_INSIDE: Positions = np.zeros((0, 3))


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the ranges between neighbouring boundaries stand: range ``owners[k]`` (``int64``) covers
    ``lefts[k]`` to ``rights[k]`` (``float64``). Where text runs both ways it may stand in several parts."""

    owners: NDArray[np.int64]
    lefts: Positions
    rights: Positions
    edge_boundaries: NDArray[np.int64]
    """The numbers of the boundaries that fall between characters, some twice: where directions meet, a
    boundary stands in two positions."""
    edges: Positions
    """The x of each of them."""
    inner: Positions = field(default_factory=lambda: NONE_INSIDE)
    """``float64[n, 3]``: the x of every boundary inside a character, and that character's left and right."""
    ordered: bool = True
    """Whether the ranges stand one after the other from left to right, without gaps."""

    @classmethod
    def none(cls) -> "Spans":
        """Those of a row of which nothing is to be drawn."""
        nothing, nowhere = np.zeros(0, np.int64), np.zeros(0, np.float64)
        return cls(nothing, nowhere, nowhere, nothing, nowhere)

    def __iter__(self) -> Iterator[tuple[int, float, float]]:
        """(owner, left, right) of each span."""
        return zip(self.owners.tolist(), self.lefts.tolist(), self.rights.tolist(), strict=True)


class RowShape(Protocol):
    """One visual line of a segment."""

    start: int
    end: int
    """The end of the text, before a line break."""

    @property
    def extent(self) -> tuple[float, float]:
        """The left and right edge of the text."""

    def x_of(self, offset: int) -> float:
        """Where the caret stands at ``offset``."""

    def offset_at(self, x: float) -> int:
        """The caret position nearest to ``x``."""

    def character_at(self, x: float) -> int:
        """The offset of the character drawn at ``x``."""

    def step(self, offset: int, right: bool) -> int | None:
        """The caret position to the left or right of ``offset`` as the eye goes; None if the row ends there,
        or where left is simply back and right forth."""

    def spans(self, boundaries: Offsets) -> Spans:
        """Where the text between the boundaries (ascending, within the row and its line break) stands."""

    def draw(self, painter: QPainter, x: float, baseline: float, clip: tuple[float, float]) -> None:
        """Draw the text with its left edge at ``x``; only what lies in ``clip`` (row's x) need be drawn."""


class PlainRowShape:
    """A row of printable ASCII in a font of one width: all by arithmetic, shaped only where drawn."""

    def __init__(
        self,
        start: int,
        content: bytes,
        tab: int,
        advance: float,
        shape: Callable[[str], tuple[QTextLayout, QTextLine]],
    ) -> None:
        """Tabs reach to multiples of ``tab`` columns; ``shape`` lays out one chunk (cached)."""
        self.start, self.end = start, start + len(content)
        self._content = content
        self._columns = columns_before(content, tab)
        self._display = content.decode("ascii").expandtabs(tab)
        self._advance = advance
        self._shape = shape

    @property
    def extent(self) -> tuple[float, float]:
        """From 0 to the last column's end."""
        return 0.0, self.x_of(self.end)

    def x_of(self, offset: int) -> float:
        """The left edge of the byte at ``offset``."""
        at = offset - self.start
        return (at if self._columns is None else int(self._columns[at])) * self._advance

    def offset_at(self, x: float) -> int:
        """The edge nearest to ``x``."""
        column = x / self._advance
        if self._columns is None:
            return self.start + max(0, min(len(self._content), round(column)))
        after = int(np.searchsorted(self._columns, column, side="right"))
        after = max(1, min(after, len(self._content)))
        nearer = column - self._columns[after - 1] < self._columns[after] - column
        return self.start + after - (1 if nearer else 0)

    def character_at(self, x: float) -> int:
        """The byte drawn at ``x``."""
        column = max(0.0, x / self._advance)
        if self._columns is None:
            return self.start + min(int(column), len(self._content))
        return self.start + max(0, int(np.searchsorted(self._columns, column, side="right")) - 1)

    def step(self, offset: int, right: bool) -> int | None:
        """None: the text runs from left to right."""
        return None

    def spans(self, boundaries: Offsets) -> Spans:
        """One span a range."""
        columns = boundaries - self.start
        if self._columns is not None:
            beyond = np.maximum(columns - len(self._content), 0)
            columns = self._columns[columns - beyond] + beyond
        xs: Positions = np.multiply(columns, self._advance, dtype=np.float64)
        numbers = np.arange(len(xs))
        return Spans(numbers[:-1], xs[:-1], xs[1:], numbers, xs)

    def draw(self, painter: QPainter, x: float, baseline: float, clip: tuple[float, float]) -> None:
        """Draw the chunks that the clip touches."""
        text, size = self._display, DRAWN_TOGETHER
        first, last = 0, len(text)
        if last > size:
            first = max(0, int(clip[0] / self._advance))
            last = min(last, int(clip[1] / self._advance) + 1)
        for chunk in range(first - first % size, last, size):
            _, line = self._shape(text[chunk : chunk + size])
            line.draw(painter, QPointF(x + chunk * self._advance, baseline - line.ascent()))


class QtRowShape:
    """A row that Qt has shaped: any script, any direction."""

    def __init__(self, chunk: ShapedChunk, number: int, base: int, advance: float) -> None:
        """Row ``number`` of ``chunk``, which begins at offset ``base`` of its segment; ``advance``: the width
        of a line break's bytes."""
        self._chunk = chunk
        self._line = chunk.lines[number]
        self._base = base
        self._advance = advance
        self.start = base + chunk.row_starts[number]
        last = number + 1 == len(chunk.lines)
        self.end = base + (len(chunk.content) if last else chunk.row_starts[number + 1])

    @property
    def extent(self) -> tuple[float, float]:
        """What the line's text covers (aligned right where the line runs from right to left)."""
        rectangle = self._line.naturalTextRect()
        return rectangle.left(), rectangle.right()

    @property
    def bidirectional(self) -> bool:
        """Whether the text runs both ways, so that the caret should tell which way it goes."""
        return self._chunk.bidirectional

    def x_of(self, offset: int) -> float:
        """Where Qt puts a caret that moves as the eye goes."""
        return self._caret_x(self._chunk.unit(offset - self._base))

    def begins_after(self, cursor: int) -> bool:
        """Whether ``cursor``, in what is being composed, is on a row before this one."""
        return self._line.textStart() > self._chunk.preedit_at + cursor

    def composing_x(self, offset: int, cursor: int) -> float:
        """Where the caret stands in what is being composed at ``offset``, ``cursor`` UTF-16 units into it."""
        chunk = self._chunk
        if chunk.bidirectional:
            return composing_x(chunk, self._line, cursor)
        return self._caret_x(chunk.preedit_at + cursor)

    def offset_at(self, x: float) -> int:
        """The caret position nearest to ``x``."""
        if self._chunk.bidirectional:  # where directions meet, Qt would answer with the far end of a run
            return min(self._stops(), key=lambda stop: abs(stop[1] - x))[0]
        unit = self._line.xToCursor(x, QTextLine.CursorPosition.CursorBetweenCharacters)
        return self._base + self._chunk.byte(unit)

    def character_at(self, x: float) -> int:
        """The offset of the character, as people see it, drawn at ``x``."""
        unit = self._line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)
        return self._base + self._chunk.byte(unit)

    def step(self, offset: int, right: bool) -> int | None:
        """As Qt moves the caret through both directions; None where all runs from left to right."""
        if not self._chunk.bidirectional:
            return None
        unit, layout = self._chunk.unit(offset - self._base), self._chunk.layout
        moved = layout.rightCursorPosition(unit) if right else layout.leftCursorPosition(unit)
        return None if moved == unit else self._base + self._chunk.byte(moved)

    def draw(self, painter: QPainter, x: float, baseline: float, clip: tuple[float, float]) -> None:
        """Draw the whole line."""
        self._line.draw(painter, QPointF(x, baseline - self._line.ascent()))

    def spans(self, boundaries: Offsets) -> Spans:
        """By the caret where all runs from left to right, else character by character."""
        if not len(boundaries):
            return Spans.none()
        if self._chunk.bidirectional:
            return bidi_spans(self._cells(int(boundaries[-1])), (boundaries - self._base).tolist())
        return self._one_way_spans(boundaries)

    def _stops(self) -> Iterator[tuple[int, float]]:
        """(offset, x) of every position of the caret on the row."""
        layout, unit = self._chunk.layout, self._chunk.unit(self.start - self._base)
        end = self._chunk.unit(self.end - self._base)
        while True:
            yield self._base + self._chunk.byte(unit), self._caret_x(unit)
            if unit >= end:
                return
            unit = min(end, max(unit + 1, layout.nextCursorPosition(unit)))

    def _caret_x(self, unit: int) -> float:
        with self._as_the_eye_goes():
            return self._x(unit)[0]

    @contextmanager
    def _as_the_eye_goes(self) -> Iterator[None]:
        """Have Qt place the caret where the next arrow key goes on; else it tells where characters are."""
        layout = self._chunk.layout
        if self._chunk.bidirectional:
            layout.setCursorMoveStyle(Qt.CursorMoveStyle.VisualMoveStyle)
        yield
        layout.setCursorMoveStyle(Qt.CursorMoveStyle.LogicalMoveStyle)

    def _x(self, unit: int) -> tuple[float, int]:
        x, reached = cast(tuple[float, int], self._line.cursorToX(unit))
        return x, reached

    def _one_way_spans(self, boundaries: Offsets) -> Spans:
        offsets = (boundaries - self._base).tolist()
        end = self.end - self._base
        units = self._chunk.units(np.minimum(boundaries - self._base, end)).tolist()
        inner, edges, xs = [], [], []
        stop = self._line.textStart() + self._line.textLength()
        for number, (offset, unit) in enumerate(zip(offsets, units, strict=True)):
            if unit > stop:  # behind what is being composed, which goes on on the next row
                xs.append(self.extent[1])
                continue
            x, reached = self._x(unit)
            if offset > end:
                x += (offset - end) * self._advance
                edges.append(number)
            elif reached != unit or self._chunk.byte(unit) != offset:
                x, left, right = self._inside(offset, unit, reached)
                inner.append((x, left, right))
            else:
                edges.append(number)
            xs.append(x)
        stands = np.array(xs, np.float64)
        at = np.array(edges, np.int64)
        ordered = bool((stands[1:] >= stands[:-1]).all())
        numbers = np.arange(len(xs) - 1)
        return Spans(numbers, stands[:-1], stands[1:], at, stands[at], _inside_positions(inner), ordered)

    def _inside(self, offset: int, unit: int, reached: int) -> tuple[float, float, float]:
        """The x of a boundary inside a character, in proportion to its bytes, and the character's extent."""
        layout, chunk = self._chunk.layout, self._chunk
        first = layout.previousCursorPosition(reached) if reached != unit else unit
        last = reached if reached != unit else layout.nextCursorPosition(unit)
        left, right = self._x(first)[0], self._x(last)[0]
        begin, end = chunk.byte(first), chunk.byte(last)
        return left + (right - left) * (offset - begin) / max(1, end - begin), left, right

    def _cells(self, stop: int) -> list[Cell]:
        """The characters, and the line break's bytes up to ``stop``."""
        cells = character_cells(self._chunk, self._line)
        left, right = self.extent
        backwards = self._chunk.right_to_left
        for number in range(stop - self.end):
            at = self.end - self._base + number
            near = left - (number + 1) * self._advance if backwards else right + number * self._advance
            cells.append(Cell(at, at + 1, near, near + self._advance, backwards))
        return cells


def _inside_positions(inner: Sequence[tuple[float, float, float]]) -> Positions:
    return np.array(inner, np.float64) if inner else NONE_INSIDE


def bidi_spans(cells: Sequence[Cell], boundaries: Sequence[int]) -> Spans:
    """The spans of text that runs both ways, from the extent of each of its characters."""
    parts = _Parts()
    at = 0
    for cell in cells:
        while at + 1 < len(boundaries) and boundaries[at + 1] <= cell.start:
            at += 1
        number = at
        while number + 1 < len(boundaries) and boundaries[number] < cell.end:
            parts.add(cell, number, boundaries[number], boundaries[number + 1])
            number += 1
    return parts.spans()


class _Parts:
    """Gathers spans, joining those that touch and belong together."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, float, float]] = []
        self._edges: list[tuple[int, float]] = []
        self._inner: list[tuple[float, float, float]] = []

    def add(self, cell: Cell, number: int, begin: int, end: int) -> None:
        """Range ``number``, from ``begin`` to ``end``, covers (a part of) ``cell``."""
        size, width = max(1, cell.end - cell.start), cell.right - cell.left
        low, high = max(begin, cell.start) - cell.start, min(end, cell.end) - cell.start
        if high <= low:
            return
        near, far = cell.left + width * low / size, cell.left + width * high / size
        if cell.backwards:
            near, far = cell.right - width * high / size, cell.right - width * low / size
        self._extend(number, near, far)
        first, last = (far, near) if cell.backwards else (near, far)
        if begin == cell.start:
            self._edges.append((number, first))
        elif low > 0:
            self._inner.append((first, cell.left, cell.right))
        if end == cell.end:
            self._edges.append((number + 1, last))

    def _extend(self, owner: int, left: float, right: float) -> None:
        if self._spans:
            number, before_left, before_right = self._spans[-1]
            if number == owner and abs(before_right - left) < 0.01:
                self._spans[-1] = (owner, before_left, right)
                return
            if number == owner and abs(before_left - right) < 0.01:
                self._spans[-1] = (owner, left, before_right)
                return
        self._spans.append((owner, left, right))

    def spans(self) -> Spans:
        """What was gathered."""
        spans = np.array(self._spans, np.float64).reshape(-1, 3)
        edges = np.array(self._edges, np.float64).reshape(-1, 2)
        owners, boundaries = spans[:, 0].astype(np.int64), edges[:, 0].astype(np.int64)
        return Spans(
            owners, spans[:, 1], spans[:, 2], boundaries, edges[:, 1], _inside_positions(self._inner), False
        )
