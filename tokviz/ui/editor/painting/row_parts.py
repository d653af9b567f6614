"""What of the text is in sight, cut at token and row boundaries. Offsets are bytes in the text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.ui.editor.layout.row_space import PlacedRow
from tokviz.ui.editor.layout.rows import Row
from tokviz.ui.editor.painting.token_colors import TokenRun


@dataclass(frozen=True, slots=True)
class RowPart:
    """A row in sight, and which of its bytes are: all of them, unless it is long and does not wrap."""

    y: int
    placed: PlacedRow
    row: Row
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Cut:
    """One row part cut into stretches: ``cuts`` ``int64[n + 1]``, the first its start, the last its stop."""

    part: RowPart
    cuts: NDArray[np.int64]
    tokens: NDArray[np.int64]
    """For each stretch, the number in the run of the token it belongs to; -1 where there is none."""
    real: NDArray[np.bool_]
    """For each cut, whether a token begins or ends there."""
    empty: tuple[int, ...]
    """Where tokens stand that cover no byte."""


def groups(parts: Sequence[RowPart]) -> Iterator[Sequence[RowPart]]:
    """The parts that follow each other without a gap, together."""
    first = 0
    for number in range(1, len(parts) + 1):
        if number == len(parts) or parts[number].start != parts[number - 1].stop:
            yield parts[first:number]
            first = number


def cut_parts(parts: Sequence[RowPart], run: TokenRun) -> list[Cut]:
    """Cut parts that follow each other at the boundaries of ``run``, which covers them."""
    low, high = parts[0].start, parts[-1].stop
    bounds = np.array([part.start for part in parts] + [high], np.int64)
    edges = np.concatenate((run.starts[:1], run.ends) if _contiguous(run) else (run.starts, run.ends))
    edges = edges[(edges >= low) & (edges <= high)]
    cuts = _distinct(np.concatenate((bounds, edges)))
    real = np.zeros(len(cuts), np.bool_)
    real[np.searchsorted(cuts, edges)] = True
    tokens = _owners(run, cuts[:-1])
    empties = run.starts[run.starts == run.ends].tolist()
    at = np.searchsorted(cuts, bounds).tolist()
    result = []
    for part, begin, end in zip(parts, at[:-1], at[1:], strict=True):
        last = part is parts[-1]
        empty = tuple(e for e in empties if part.start <= e < part.stop or (last and e == part.stop))
        result.append(Cut(part, cuts[begin : end + 1], tokens[begin:end], real[begin : end + 1], empty))
    return result


def _distinct(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The offsets in order, each once. (``np.unique`` takes three times as long for so few.)"""
    offsets.sort()
    distinct: NDArray[np.int64] = offsets[np.concatenate((np.ones(1, np.bool_), offsets[1:] != offsets[:-1]))]
    return distinct


def _contiguous(run: TokenRun) -> bool:
    return bool((run.starts[1:] == run.ends[:-1]).all())


def _owners(run: TokenRun, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of the token that holds the byte at each offset, or -1."""
    if not len(run.ids):
        return np.full(len(offsets), -1, np.int64)
    numbers = np.searchsorted(run.ends, offsets, side="right")
    known = numbers < len(run.ids)
    numbers = np.minimum(numbers, len(run.ids) - 1)
    return np.where(known & (run.starts[numbers] <= offsets), numbers, -1)
