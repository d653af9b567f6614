"""Rows: one visual line each, able to say where bytes stand, which byte is at a place, and to draw itself.

Offsets are bytes within the row's segment; x is in pixels from the row's left edge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QTextLayout, QTextLine

from tokviz.ui.text.bidi_cells import Cell, character_cells
from tokviz.ui.text.shaping import ShapedPiece

CHUNK = 256
"""Characters of a plain row that are shaped together."""

Cuts = NDArray[np.int64]


@dataclass(slots=True)
class Spans:
    """Where the stretches between neighbouring cuts stand: ``owners[k]`` is the number of the stretch that
    covers ``lefts[k]`` to ``rights[k]``; where text runs both ways a stretch may stand in several places."""

    owners: list[int]
    lefts: list[float]
    rights: list[float]
    edges: list[tuple[int, float]] = field(default_factory=list)
    """(cut, x) of every cut that falls between characters; where directions meet, a cut has two places."""
    inner: list[tuple[float, float, float]] = field(default_factory=list)
    """(x, left, right) of every cut inside a character, with that character's extent."""


class Row(Protocol):
    """One visual line of a segment."""

    start: int
    end: int

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

    def spans(self, cuts: Cuts) -> Spans:
        """Where the text between the cuts (ascending, within the row) stands."""

    def draw(self, painter: QPainter, x: float, baseline: float, clip: tuple[float, float]) -> None:
        """Draw the text with its left edge at ``x``; only what lies in ``clip`` (row's x) need be drawn."""


class PlainRow:
    """A row of printable ASCII in a font of one width: all by arithmetic, shaped only where drawn."""

    def __init__(
        self,
        start: int,
        content: bytes,
        columns: NDArray[np.int64] | None,
        advance: float,
        shape: Callable[[str], tuple[QTextLayout, QTextLine]],
    ) -> None:
        """``columns`` as ``wrapping.columns_before`` gives them; ``shape`` lays out one chunk (cached)."""
        self.start, self.end = start, start + len(content)
        self._content = content
        self._columns = columns
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

    def spans(self, cuts: Cuts) -> Spans:
        """One span a stretch."""
        at = cuts - self.start
        xs = ((at if self._columns is None else self._columns[at]) * self._advance).tolist()
        return Spans(list(range(len(xs) - 1)), xs[:-1], xs[1:], list(enumerate(xs)))

    def draw(self, painter: QPainter, x: float, baseline: float, clip: tuple[float, float]) -> None:
        """Draw the chunks that the clip touches."""
        first = self.character_at(clip[0]) - self.start
        last = min(len(self._content), self.character_at(clip[1]) - self.start + 1)
        for chunk in range(first - first % CHUNK, last, CHUNK):
            end = min(chunk + CHUNK, len(self._content))
            layout, line = self._shape(self._display(chunk, end))
            line.draw(painter, QPointF(x + self.x_of(self.start + chunk), baseline - line.ascent()))
            del layout

    def _display(self, start: int, end: int) -> str:
        text = self._content[start:end].decode("ascii")
        if self._columns is None or "\t" not in text:
            return text
        widths = np.diff(self._columns[start : end + 1]).tolist()
        return "".join(
            " " * width if letter == "\t" else letter for letter, width in zip(text, widths, strict=True)
        )


class ShapedRow:
    """A row that Qt has shaped: any script, any direction."""

    def __init__(self, piece: ShapedPiece, number: int, base: int) -> None:
        """Row ``number`` of ``piece``, which begins at offset ``base`` of its segment."""
        self._piece = piece
        self._line = piece.lines[number]
        self._base = base
        self.start = base + piece.row_starts[number]
        last = number + 1 == len(piece.lines)
        self.end = base + (len(piece.content) if last else piece.row_starts[number + 1])
        self._cells: list[Cell] | None = None

    @property
    def extent(self) -> tuple[float, float]:
        """What the line's text covers (aligned right where the line runs from right to left)."""
        rectangle = self._line.naturalTextRect()
        return rectangle.left(), rectangle.right()

    def x_of(self, offset: int) -> float:
        """Where Qt puts the caret."""
        return self._x(self._piece.unit(offset - self._base))[0]

    def offset_at(self, x: float) -> int:
        """The caret position nearest to ``x``."""
        unit = self._line.xToCursor(x, QTextLine.CursorPosition.CursorBetweenCharacters)
        return self._base + self._piece.byte(unit)

    def character_at(self, x: float) -> int:
        """The offset of the character, as people see it, drawn at ``x``."""
        unit = self._line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)
        return self._base + self._piece.byte(unit)

    def draw(self, painter: QPainter, x: float, baseline: float, clip: tuple[float, float]) -> None:
        """Draw the whole line."""
        self._line.draw(painter, QPointF(x, baseline - self._line.ascent()))

    def step(self, offset: int, right: bool) -> int | None:
        """As Qt moves the caret through both directions; None where all runs from left to right."""
        if not self._piece.bidirectional:
            return None
        unit, layout = self._piece.unit(offset - self._base), self._piece.layout
        moved = layout.rightCursorPosition(unit) if right else layout.leftCursorPosition(unit)
        return None if moved == unit else self._base + self._piece.byte(moved)

    @property
    def bidirectional(self) -> bool:
        """Whether the text runs both ways, so that the caret should tell which way it goes."""
        return self._piece.bidirectional

    def composing_x(self, cursor: int) -> float:
        """Where the caret stands in what is being composed, ``cursor`` UTF-16 units from its beginning."""
        return self._x(self._piece.preedit_at + cursor)[0]

    def spans(self, cuts: Cuts) -> Spans:
        """By the caret where all runs from left to right, else character by character."""
        return self._two_way_spans(cuts) if self._piece.bidirectional else self._one_way_spans(cuts)

    def _x(self, unit: int) -> tuple[float, int]:
        x, reached = cast(tuple[float, int], self._line.cursorToX(unit))
        return x, reached

    def _one_way_spans(self, cuts: Cuts) -> Spans:
        offsets = (cuts - self._base).tolist()
        units = self._piece.units(cuts - self._base).tolist()
        spans = Spans([], [], [])
        xs = []
        for number, (offset, unit) in enumerate(zip(offsets, units, strict=True)):
            x, reached = self._x(unit)
            if reached != unit or self._piece.byte(unit) != offset:
                x, left, right = self._inside(offset, unit, reached)
                spans.inner.append((x, left, right))
            else:
                spans.edges.append((number, x))
            xs.append(x)
        spans.owners, spans.lefts, spans.rights = list(range(len(xs) - 1)), xs[:-1], xs[1:]
        return spans

    def _inside(self, offset: int, unit: int, reached: int) -> tuple[float, float, float]:
        """The x of a cut inside a character, in proportion to its bytes, and the character's extent."""
        layout, piece = self._piece.layout, self._piece
        first = layout.previousCursorPosition(reached) if reached != unit else unit
        last = reached if reached != unit else layout.nextCursorPosition(unit)
        left, right = self._x(first)[0], self._x(last)[0]
        begin, end = piece.byte(first), piece.byte(last)
        return left + (right - left) * (offset - begin) / max(1, end - begin), left, right

    def _two_way_spans(self, cuts: Cuts) -> Spans:
        if self._cells is None:
            self._cells = character_cells(self._piece, self._line)
        spans = Spans([], [], [])
        offsets = (cuts - self._base).tolist()
        at = 0
        for begin, end, left, right, backwards in self._cells:
            size, width = max(1, end - begin), right - left
            while at + 1 < len(offsets) and offsets[at + 1] <= begin:
                at += 1
            inside = at
            while inside + 1 < len(offsets) and offsets[inside] < end:
                low = max(offsets[inside], begin) - begin
                high = min(offsets[inside + 1], end) - begin
                if high > low:
                    near, far = left + width * low / size, left + width * high / size
                    if backwards:
                        near, far = right - width * high / size, right - width * low / size
                    _extend(spans, inside, near, far)
                    if low == 0 and offsets[inside] == begin:
                        spans.edges.append((inside, right if backwards else left))
                    elif low > 0:
                        spans.inner.append((far if backwards else near, left, right))
                    if high == size and offsets[inside + 1] == end:
                        spans.edges.append((inside + 1, left if backwards else right))
                inside += 1
        return spans


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
        spans = Spans([], [], [])
        for number, (begin, end) in enumerate(self._pieces):
            first = int(np.searchsorted(cuts, begin, side="right")) - 1
            last = int(np.searchsorted(cuts, end, side="left"))
            if last <= first or begin >= int(cuts[-1]) or end <= int(cuts[0]):
                continue
            first = max(first, 0)
            own = np.clip(cuts[first : last + 1], begin, end)
            left = self._left(number)
            real = {n for n in range(first, last + 1) if begin <= cuts[n] <= end}
            part = self._shape(begin, end).spans(own)
            spans.owners += [first + owner for owner in part.owners]
            spans.lefts += [left + x for x in part.lefts]
            spans.rights += [left + x for x in part.rights]
            spans.edges += [(first + cut, left + x) for cut, x in part.edges if first + cut in real]
            spans.inner += [(left + x, left + a, left + b) for x, a, b in part.inner]
        return spans

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
            self._lefts.append(self._lefts[-1] + self._shape(begin, end).extent[1])
        return self._lefts[number]


def _extend(spans: Spans, owner: int, left: float, right: float) -> None:
    """Add a span, joined with the one before where they touch and belong together."""
    if spans.owners and spans.owners[-1] == owner:
        if abs(spans.rights[-1] - left) < 0.01:
            spans.rights[-1] = right
            return
        if abs(spans.lefts[-1] - right) < 0.01:
            spans.lefts[-1] = left
            return
    spans.owners.append(owner)
    spans.lefts.append(left)
    spans.rights.append(right)
