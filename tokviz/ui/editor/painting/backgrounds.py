"""The backgrounds of rows: token colours, boundaries and the selection, as lines of pixels.

A row's background is the same at every height but for its foot, where boundaries are marked, so each of the
two is an image one pixel high, stretched: a screen of 2,000 tokens costs a millisecond (as rectangles, five).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from tokviz.ui.editor.layout.row_shapes import Spans
from tokviz.ui.editor.painting.token_colors import Pixels
from tokviz.ui.editor.painting.visible_rows import VisibleRow

FOOT = 5
"""The height of the marks at boundaries between characters."""
BAND = 3
"""The height of the coloured band that is drawn over a character split over several tokens."""
TICK_DISTANCE = 2.5
"""Pixels between ticks in that band; where a character has more tokens than room, only colours tell them."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours, and where the pixels are."""

    surface: int
    marks: tuple[int, int] | None
    """The colours of boundary marks in a row's body and at its foot, or None to draw none."""
    tick: int
    """The colour of boundary marks inside characters."""
    left: int
    """The x in the view of the rows' left edge."""
    width: int
    """The width of the view, in pixels."""
    ratio: float
    """Device pixels for each pixel."""


class Backgrounds:
    """The lines of pixels under (and, where characters are split, over) the rows in sight."""

    def __init__(self, rows: int, look: Look) -> None:
        self._look = look
        self.size = _size(look)
        self._pixels: Pixels = np.full((rows, 2, self.size), look.surface, np.uint32)
        self._image = _image(self._pixels, QImage.Format.Format_RGB32)
        self._over: dict[int, tuple[QImage, Pixels]] = {}
        self.empty: dict[int, Sequence[float]] = {}
        """For each row that has any, the x (from its left edge) of tokens that cover no text."""

    def fill(self, first: int, rows: Sequence[Spans], colors: Sequence[Pixels]) -> None:
        """Give each span of the rows from number ``first`` on its range's colour; 0 leaves it as it is."""
        lefts = self._device(np.concatenate([spans.lefts for spans in rows]))
        rights = self._device(np.concatenate([spans.rights for spans in rows]))
        at = 0
        for number, (spans, own) in enumerate(zip(rows, colors, strict=True), first):
            part = slice(at, at + len(spans.lefts))
            at = part.stop
            self._fill_row(self._pixels[number], spans, lefts[part], rights[part], own)

    def _fill_row(
        self, line: Pixels, spans: Spans, lefts: NDArray[np.int64], rights: NDArray[np.int64], own: Pixels
    ) -> None:
        each = own[spans.owners]
        if spans.ordered and len(each) and bool(each.all()):
            line[:, lefts[0] : rights[-1]] = np.repeat(each, rights - lefts)
            return
        for left, right, color in zip(lefts.tolist(), rights.tolist(), each.tolist(), strict=True):
            if color:
                line[:, left:right] = color

    def mark(self, first: int, rows: Sequence[VisibleRow], spans: Sequence[Spans]) -> None:
        """Mark the token boundaries that fall between characters: the pixel before each, in the rows from
        number ``first`` on. A row's own edges are none, but for its end where a token ends there."""
        if self._look.marks is None:
            return
        pairs = list(zip(rows, spans, strict=True))
        wanted = [row.real[own.edge_boundaries] & (own.edge_boundaries > 0) for row, own in pairs]
        at = self._device(np.concatenate([own.edges[some] for own, some in zip(spans, wanted, strict=True)]))
        numbers = np.repeat(np.arange(first, first + len(rows)), [np.count_nonzero(some) for some in wanted])
        for step in range(1, max(1, round(self._look.ratio)) + 1):
            within = at >= step
            self._pixels[numbers[within], :, at[within] - step] = self._look.marks

    def split(self, number: int, spans: Spans) -> None:
        """Draw the colours of the tokens that share a character over its foot, with ticks between them."""
        over = np.zeros((2, self.size), np.uint32)
        columns = self._device(spans.inner)
        steps = np.zeros(self.size + 1, np.int64)
        np.add.at(steps, columns[:, 1], 1)
        np.add.at(steps, columns[:, 2], -1)
        inside = np.cumsum(steps[:-1]) > 0
        over[1, inside] = self._pixels[number, 0, inside]
        if self._look.marks:
            xs, rights = spans.inner[:, 0], spans.inner[:, 2]
            roomy = (np.diff(xs, prepend=-np.inf) >= TICK_DISTANCE) & (rights - xs >= TICK_DISTANCE)
            for step in range(max(1, round(self._look.ratio))):
                over[:, np.minimum(columns[roomy, 0] + step, self.size - 1)] = self._look.tick
        self._over[number] = (_image(over, QImage.Format.Format_ARGB32_Premultiplied), over)

    def draw(self, painter: QPainter, number: int, y: int, height: int) -> None:
        """Draw row ``number`` at ``y``, before its text."""
        _draw_line(painter, self._image, 2 * number, y, height, 0, self._look.width)

    def draw_over(self, painter: QPainter, number: int, y: int, height: int) -> None:
        """Draw what belongs over the text of row ``number``."""
        if number in self._over:
            image, width = self._over[number][0], self._look.width
            foot = y + height - 1 - BAND
            painter.drawImage(QRect(0, foot - 2, width, 2), image, QRect(0, 0, self.size, 1))
            painter.drawImage(QRect(0, foot, width, BAND), image, QRect(0, 1, self.size, 1))

    def _device(self, xs: NDArray[np.float64]) -> NDArray[np.int64]:
        at = (xs + self._look.left) * self._look.ratio
        np.rint(at, out=at)
        np.maximum(at, 0, out=at)
        np.minimum(at, self.size, out=at)
        return at.astype(np.int64)


def _size(look: Look) -> int:
    """The width of the view in device pixels."""
    return max(1, round(look.width * look.ratio))


def _draw_line(
    painter: QPainter, image: QImage, source: int, y: int, height: int, left: int, width: int
) -> None:
    """Stretch line ``source`` of an image over a row's body, and the next over its foot."""
    size = image.width()
    painter.drawImage(QRect(left, y + 1, width, height - 2 - FOOT), image, QRect(0, source, size, 1))
    painter.drawImage(QRect(left, y + height - 1 - FOOT, width, FOOT), image, QRect(0, source + 1, size, 1))


def _image(pixels: Pixels, image_format: QImage.Format) -> QImage:
    """An image of ``pixels``, whose memory it shares: keep both."""
    width = pixels.shape[-1]
    return QImage(pixels.data, width, pixels.size // width, 4 * width, image_format)
