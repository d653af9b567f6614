"""The background of a row: token colours, boundaries and the selection, as one line of pixels.

A row's background is the same at every height but for marks inside characters, so it is drawn as an image one
pixel high, stretched: a screen of 2,000 tokens costs a millisecond (as rectangles it costs five).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from tokviz.ui.text.row_space import PlacedRow
from tokviz.ui.text.rows import Row, Spans
from tokviz.ui.text.token_colors import Pixels, TokenRun


@dataclass(frozen=True, slots=True)
class Slice:
    """The tokens of a run that touch one row, as cuts of the row into stretches. Offsets are in the text."""

    cuts: NDArray[np.int64]
    """Ascending; the first is the row's start, the last its stop (a line break included)."""
    tokens: NDArray[np.int64]
    """For each stretch, the number in the run of the token it belongs to; -1 where there is none."""
    empty: list[int]
    """Where a token stands that covers no byte."""


def slice_row(run: TokenRun, start: int, stop: int) -> Slice:
    """What of ``run`` lies on the row from ``start`` to ``stop``."""
    first = int(np.searchsorted(run.ends, start, side="right"))
    last = max(first, int(np.searchsorted(run.starts, stop, side="left")))
    starts, ends = run.starts[first:last], run.ends[first:last]
    full = ends > starts
    numbers = first + np.flatnonzero(full)
    begins, closes = np.maximum(starts[full], start), np.minimum(ends[full], stop)
    low, high = first, last
    while low and run.starts[low - 1] == run.ends[low - 1] == start:
        low -= 1
    while high < len(run.starts) and run.starts[high] == run.ends[high] == stop:
        high += 1
    empty = [int(s) for s, e in zip(run.starts[low:high], run.ends[low:high], strict=True) if s == e]
    edges = np.array([start, stop], np.int64)
    if len(begins) and begins[0] == start and closes[-1] == stop and bool((begins[1:] == closes[:-1]).all()):
        return Slice(np.append(begins, stop), numbers, empty)
    cuts = np.unique(np.concatenate((edges, begins, closes)))
    if len(cuts) < 2:
        return Slice(cuts, np.zeros(0, np.int64), empty)
    at = np.searchsorted(begins, cuts[:-1], side="right") - 1
    inside = (at >= 0) & (cuts[:-1] < closes[at]) if len(begins) else np.zeros(len(cuts) - 1, np.bool_)
    tokens = np.where(inside, numbers[np.maximum(at, 0)] if len(numbers) else -1, -1)
    return Slice(cuts, tokens, empty)


def row_spans(row: Row, placed: PlacedRow, cuts: NDArray[np.int64], advance: float) -> Spans:
    """Where the stretches between ``cuts`` (in the text) stand; each byte of a line break is one column."""
    base, end = placed.segment.start, placed.end
    inside = cuts[cuts <= end]
    shared = inside[-1] != end  # whether one stretch holds both the text's end and the line break
    if shared:
        inside = np.append(inside, end)
    spans = row.spans(inside - base) if len(inside) > 1 else Spans([], [], [])
    if shared:
        spans.edges = [(cut, x) for cut, x in spans.edges if cut < len(inside) - 1]
    if cuts[-1] > end:
        _add_break(spans, row, placed, cuts, len(inside) - 1 - shared, advance)
    return spans


def _add_break(
    spans: Spans, row: Row, placed: PlacedRow, cuts: NDArray[np.int64], first: int, advance: float
) -> None:
    left, right = row.extent
    backwards = placed.segment.right_to_left
    near, column = (left, -advance) if backwards else (right, advance)
    before, owner = placed.end, first
    for cut in cuts[cuts > placed.end].tolist():
        a, b = near + column * (before - placed.end), near + column * (cut - placed.end)
        spans.owners.append(owner)
        spans.lefts.append(min(a, b))
        spans.rights.append(max(a, b))
        spans.edges.append((owner + 1, b))
        owner, before = owner + 1, cut


@dataclass(slots=True)
class RowBackground:
    """What is drawn behind a row's text, and the marks over it. x in pixels from the row's left edge."""

    left: int
    width: int
    image: QImage
    pixels: Pixels
    """The image's memory, which it does not own: ``uint32[2, n]``, the row's body and its foot."""
    selected: list[tuple[float, float]]
    """The (left, right) of what is selected."""
    inner: list[tuple[float, float, float]] = field(default_factory=list)
    """Marks inside characters: (x, the character's left, right)."""
    empty: list[float] = field(default_factory=list)
    """Where tokens without text stand."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a background depends on beside the tokens."""

    surface: int
    marks: tuple[int, int] | None
    """The colours of boundary marks in a row's body and at its foot, or None to draw none."""
    selection: int
    selected: tuple[int, int]
    ratio: float
    """Device pixels for each pixel."""
    visible: tuple[float, float]
    """The stretch of x that is in sight."""


def paint_row(
    row: Row, placed: PlacedRow, run: TokenRun, colors: Pixels, advance: float, look: Look
) -> RowBackground:
    """The background of ``placed``, with ``colors`` (``uint32``, one a token of ``run``)."""
    part = slice_row(run, placed.start, placed.stop)
    spans = row_spans(row, placed, part.cuts, advance)
    canvas = _Canvas(spans, look)
    surface = np.uint32(look.surface)
    stretches = np.where(part.tokens < 0, surface, colors[part.tokens] if len(colors) else surface)
    canvas.fill(spans, stretches)
    low, high = max(look.selected[0], placed.start), min(look.selected[1], placed.stop)
    if low < high:
        cuts = np.array(sorted({placed.start, low, high, placed.stop}), np.int64)
        chosen = np.where((cuts[:-1] >= low) & (cuts[:-1] < high), np.uint32(look.selection), np.uint32(0))
        canvas.select(row_spans(row, placed, cuts, advance), chosen)
    if look.marks is not None:
        closed = bool(len(part.tokens)) and part.tokens[-1] >= 0 and run.ends[part.tokens[-1]] == placed.stop
        last = len(part.cuts) - 1
        marks = (x for cut, x in spans.edges if 0 < cut < last or (cut == last and closed))
        canvas.mark(marks, look.marks)
    empty = [row.x_of(min(at, placed.end) - placed.segment.start) for at in part.empty]
    return canvas.background(spans.inner, empty)


class _Canvas:
    """The line of pixels under a row."""

    def __init__(self, spans: Spans, look: Look) -> None:
        low, high = look.visible
        self._look = look
        self.selected: list[tuple[float, float]] = []
        self.left = int(np.floor(max(low, min(spans.lefts, default=0.0))))
        self.right = max(self.left + 1, int(np.ceil(min(high, max(spans.rights, default=0.0)))) + 1)
        size = round((self.right - self.left) * look.ratio)
        self.pixels = np.full((2, size), look.surface, np.uint32)

    def _device(self, xs: list[float]) -> NDArray[np.int64]:
        at = np.rint((np.array(xs, np.float64) - self.left) * self._look.ratio)
        return np.clip(at, 0, self.pixels.shape[1]).astype(np.int64)

    def fill(self, spans: Spans, colors: Pixels) -> None:
        """Give each span its stretch's colour; 0 leaves it as it is."""
        if not spans.owners:
            return
        lefts, rights = self._device(spans.lefts), self._device(spans.rights)
        own = colors[np.array(spans.owners)]
        if bool((lefts[1:] == rights[:-1]).all() and (rights >= lefts).all() and own.all()):
            self.pixels[:, lefts[0] : rights[-1]] = np.repeat(own, rights - lefts)
            return
        for left, right, color in zip(lefts.tolist(), rights.tolist(), own.tolist(), strict=True):
            if color:
                self.pixels[:, left:right] = color

    def select(self, spans: Spans, colors: Pixels) -> None:
        """Fill the spans that have a colour, and remember them."""
        self.fill(spans, colors)
        chosen = zip(spans.owners, spans.lefts, spans.rights, strict=True)
        self.selected += [(left, right) for owner, left, right in chosen if colors[owner]]

    def mark(self, xs: Iterable[float], colors: tuple[int, int]) -> None:
        """Draw a boundary mark, one pixel wide, before each x in sight."""
        wide = max(1, round(self._look.ratio))
        seen = [x for x in xs if self.left <= x <= self.right]
        if seen:
            at = np.maximum(self._device(seen), wide)
            for step in range(1, wide + 1):
                self.pixels[0, at - step], self.pixels[1, at - step] = colors

    def background(self, inner: list[tuple[float, float, float]], empty: list[float]) -> RowBackground:
        """What was drawn, as an image."""
        size = self.pixels.shape[1]
        image = QImage(self.pixels.data, size, 2, size * 4, QImage.Format.Format_RGB32)
        return RowBackground(
            self.left, self.right - self.left, image, self.pixels, self.selected, inner, empty
        )
