"""The rows in sight, split at token boundaries, and the token at a point. Offsets are bytes in the text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.layout.row_navigator import Row
from tokviz.ui.editor.layout.row_shapes import RowShape, Spans
from tokviz.ui.editor.painting.token_colors import UNKNOWN, TokenRun, TokenSource

LONG_ROW = 4096
"""Bytes of a row of which only what is in sight is looked at."""
_NEAR = 512
"""Bytes on either side of a point in a long row in which its token is looked for."""
Bounds = tuple[int, int]
"""The bytes (start, stop) of a row that are looked at."""


@dataclass(frozen=True, slots=True)
class VisibleRow:
    """A row at its ``y``, the part of it that is in sight (all, unless it is long and does not wrap), and the
    ranges into which tokens divide that part."""

    y: int
    row: Row
    shape: RowShape
    """The row's own, looked up once."""
    boundaries: NDArray[np.int64]
    """``int64[n + 1]``: the ends of the ranges, from the part's start to its stop."""
    tokens: NDArray[np.int64]
    """For each range, the number in the run of the token it belongs to; -1 where there is none."""
    real: NDArray[np.bool_]
    """For each boundary, whether a token begins or ends there."""
    empty: tuple[int, ...]
    """Where tokens stand that cover no byte."""

    @property
    def start(self) -> int:
        """Where the part begins."""
        return int(self.boundaries[0])

    @property
    def stop(self) -> int:
        """Where it ends."""
        return int(self.boundaries[-1])

    def spans(self, boundaries: NDArray[np.int64]) -> Spans:
        """Where the text between these offsets stands, which are within the part."""
        return self.shape.spans(boundaries - self.row.segment.start)


def bounds_in_sight(row: Row, clip: tuple[float, float], buffer: TextBuffer) -> Bounds:
    """Which bytes of a row stand in ``clip`` (x from its left edge): of all but a long one, all."""
    start, stop = row.start, row.stop
    if stop - start > LONG_ROW:
        base, shape = row.segment.start, row.shape
        start = base + shape.character_at(clip[0])
        reached = base + shape.character_at(clip[1]) + 8
        stop = buffer.boundary_after(reached) if reached < row.end else row.stop
    return start, stop


def groups(bounds: Sequence[Bounds]) -> Iterator[slice]:
    """The numbers of those bounds that follow each other without a gap."""
    first = 0
    for number in range(1, len(bounds) + 1):
        if number == len(bounds) or bounds[number][0] != bounds[number - 1][1]:
            yield slice(first, number)
            first = number


def split_at_tokens(
    rows: Sequence[tuple[int, Row]], bounds: Sequence[Bounds], run: TokenRun
) -> list[VisibleRow]:
    """Split rows whose bounds follow each other at the boundaries of ``run``, which covers them."""
    starts = np.array([start for start, _ in bounds] + [bounds[-1][1]], np.int64)
    low, high = starts[0], starts[-1]
    edges = np.concatenate((run.starts[:1], run.ends) if _is_contiguous(run) else (run.starts, run.ends))
    edges = edges[(edges >= low) & (edges <= high)]
    boundaries = _distinct(np.concatenate((starts, edges)))
    real = np.zeros(len(boundaries), np.bool_)
    real[np.searchsorted(boundaries, edges)] = True
    tokens = _owners(run, boundaries[:-1])
    empties = run.starts[run.starts == run.ends].tolist()
    at = np.searchsorted(boundaries, starts).tolist()
    result = []
    for number, ((y, row), (start, stop)) in enumerate(zip(rows, bounds, strict=True)):
        first, last = at[number], at[number + 1]
        ends_text = number + 1 == len(rows)
        empty = tuple(at for at in empties if start <= at < stop or (ends_text and at == stop))
        part = slice(first, last + 1)
        result.append(VisibleRow(y, row, row.shape, boundaries[part], tokens[first:last], real[part], empty))
    return result


def _distinct(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The offsets in order, each once. (``np.unique`` takes three times as long for so few.)"""
    offsets.sort()
    distinct: NDArray[np.int64] = offsets[np.concatenate((np.ones(1, np.bool_), offsets[1:] != offsets[:-1]))]
    return distinct


def _is_contiguous(run: TokenRun) -> bool:
    return bool((run.starts[1:] == run.ends[:-1]).all())


def _owners(run: TokenRun, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of the token that holds the byte at each offset, or -1."""
    if not len(run.ids):
        return np.full(len(offsets), -1, np.int64)
    numbers = np.searchsorted(run.ends, offsets, side="right")
    known = numbers < len(run.ids)
    numbers = np.minimum(numbers, len(run.ids) - 1)
    return np.where(known & (run.starts[numbers] <= offsets), numbers, -1)


@dataclass(frozen=True, slots=True)
class FoundToken:
    """One token: its index (-1 while it is not known), the bytes it covers, and its id."""

    index: int
    start: int
    end: int
    token_id: int


def token_at_x(source: TokenSource | None, row: Row, x: float) -> FoundToken | None:
    """The token drawn at ``x`` of a row; within a character that several share, the part's own."""
    if source is None:
        return None
    start, stop = row.start, row.stop
    if stop - start > _NEAR:
        middle = row.segment.start + row.shape.character_at(x)
        start, stop = max(start, middle - _NEAR), min(stop, middle + _NEAR)
    run = source.tokens_in(start, stop)
    (split,) = split_at_tokens([(0, row)], [(start, stop)], run)
    for owner, left, right in split.spans(split.boundaries):
        if left <= x < right:
            return _found(run, int(split.tokens[owner]))
    return None


def token_at_offset(source: TokenSource | None, offset: int) -> FoundToken | None:
    """The token that holds the byte at ``offset``; None before and behind the text."""
    if source is None or offset < 0:
        return None
    run = source.tokens_in(offset, offset + 1)
    for number in range(len(run.ids)):
        if run.starts[number] <= offset < run.ends[number]:
            return _found(run, number)
    return None


def _found(run: TokenRun, number: int) -> FoundToken | None:
    if number < 0 or run.ids[number] == UNKNOWN:
        return None
    index = run.first_index + number if run.first_index >= 0 else -1
    return FoundToken(index, int(run.starts[number]), int(run.ends[number]), int(run.ids[number]))
