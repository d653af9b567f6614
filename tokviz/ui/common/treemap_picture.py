"""Painting a treemap into an image, a little at a time, so that the window never waits for it."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from tokviz.analysis import formatting
from tokviz.analysis.codebase.treemap import Folders, Style, Treemap, TreemapLayout
from tokviz.language import _
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.window_bar import paint_stripes

SETTLING = 60
"""Milliseconds without a resize before the picture is made again."""
_HEADER = 16.0
_PADDING = 2.0
_SMALLEST = 7.0
_AT_ONCE = 300
"""Tiles painted between two turns of the event loop."""
_LABELS_AT_ONCE = 60
_LABEL_WIDTH, _LABEL_AIR = 24.0, 3.0
_WITH_TOKENS = 32.0
"""Height from which a tile has its tokens under its name."""
_LETTERS = 4
"""Of a name that is shortened, so many are shown at least."""
_SECOND_ALPHA = 200
"""Of 255, for the numbers."""
_STRIPE_ALPHA = {True: 150, False: 70}
"""Of 255, by whether the theme is dark."""


_LINE = Qt.TextFlag.TextSingleLine


class Inks(Protocol):
    """What tiles are painted in."""

    colors: list[QColor]
    """By a tile's number."""

    def ground(self, number: int, depth: int) -> QColor:
        """Behind what is in an open folder that has this number."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Everything a picture is made from."""

    shape: Folders
    tiles: Treemap
    colors: Inks
    numbers: NDArray[np.int64]
    """Each tile's colour."""
    tokens: NDArray[np.int64]
    """By node."""
    mark: str
    """Before every number of tokens: ``~`` where they are estimated."""
    planned: NDArray[np.int64]
    """Tiles that are left out, or would be by a plan, each with all that is in it."""
    theme: Theme
    font: QFont
    out: str = _("leave out")
    """What is written on those."""


def lay_out(layout: TreemapLayout, folder: int, size: QSize, font: QFont) -> Generator[None, None, Treemap]:
    """The tiles of what is in a folder, over a view of ``size`` logical pixels, with labels in ``font``."""
    width, height, strip = size.width(), size.height(), _strip(font)
    # The frame and the strip of the folder itself lie outside: its name stands above the view.
    around = (-_PADDING, -strip, width + 2 * _PADDING + 1, height + strip + _PADDING + 1)
    return layout.steps(folder, around, Style(strip, _PADDING, smallest=_SMALLEST))


def _strip(font: QFont) -> float:
    """The height of a folder's strip: one line, however large the letters are."""
    return max(_HEADER, float(ceil(QFontMetricsF(font).height())))


def paint(drawing: Drawing, image: QImage) -> Iterator[None]:
    """Paint into ``image``; each step takes a few milliseconds."""
    painter = QPainter(image)
    try:
        painter.fillRect(image.rect(), drawing.theme.surface)
        yield from _paint_folders(painter, drawing)
        yield from _paint_tiles(painter, drawing)
        yield from _paint_planned(painter, drawing)
        yield from _paint_labels(painter, drawing)
    finally:
        painter.end()


def new_image(size: QSize, ratio: float) -> QImage:
    """An empty image of ``size`` in logical pixels for a screen with ``ratio`` pixels each."""
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    return image


def paint_outline(painter: QPainter, tiles: Treemap, tile: int, pen: QPen) -> None:
    """A line inside the edge of a tile."""
    if tile >= len(tiles):
        return
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    half = pen.widthF() / 2
    left, top, width, height = np.rint(tiles.rectangles[tile]).tolist()
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(left + half, top + half, width - 1 - 2 * half, height - 1 - 2 * half))


def _rectangles(tiles: Treemap, chosen: NDArray[np.int64], gap: float) -> list[QRectF]:
    """The chosen tiles with a gap on the right and below, to whole pixels so that all gaps look alike."""
    left, top, width, height = tiles.rectangles[chosen].T
    right, bottom = np.rint(left + width), np.rint(top + height)
    left, top = np.rint(left), np.rint(top)
    widths, heights = np.maximum(right - left - gap, 1), np.maximum(bottom - top - gap, 1)
    return [
        QRectF(*four) for four in zip(*(part.tolist() for part in (left, top, widths, heights)), strict=True)
    ]


def _paint_folders(painter: QPainter, drawing: Drawing) -> Iterator[None]:
    tiles = drawing.tiles
    opened = np.flatnonzero(tiles.opened)
    painter.setPen(Qt.PenStyle.NoPen)
    for number, (tile, rectangle) in enumerate(
        zip(opened.tolist(), _rectangles(tiles, opened, 1.0), strict=True)
    ):
        ground = drawing.colors.ground(int(drawing.numbers[tile]), int(tiles.depths[tile]))
        painter.fillRect(rectangle, ground)
        if number % _AT_ONCE == 0:
            yield


def _paint_tiles(painter: QPainter, drawing: Drawing) -> Iterator[None]:
    tiles = drawing.tiles
    plain = ~tiles.opened
    for number, color in enumerate(drawing.colors.colors):
        chosen = np.flatnonzero(plain & (drawing.numbers == number))
        painter.setBrush(color)
        for start in range(0, len(chosen), _AT_ONCE):
            painter.drawRects(_rectangles(tiles, chosen[start : start + _AT_ONCE], 1.0))
            yield
    # What is gathered is many small things: its hatching says so without colour.
    gathered = np.flatnonzero(tiles.gathered > 0)
    painter.setBrush(QBrush(drawing.theme.muted, Qt.BrushStyle.BDiagPattern))
    painter.setOpacity(0.35)
    painter.drawRects(_rectangles(tiles, gathered, 1.0))
    painter.setOpacity(1.0)
    yield


def _paint_planned(painter: QPainter, drawing: Drawing) -> Iterator[None]:
    """Stripes, and a dashed edge, over what would be left out."""
    ink = QColor(drawing.theme.surface if drawing.theme.dark else drawing.theme.muted)
    ink.setAlpha(_STRIPE_ALPHA[drawing.theme.dark])
    edge = QPen(drawing.theme.warning, 1, Qt.PenStyle.CustomDashLine)
    edge.setDashPattern([4, 3])
    for number, rectangle in enumerate(_rectangles(drawing.tiles, drawing.planned, 1.0)):
        paint_stripes(painter, rectangle, ink, 2.5, 6.0)
        painter.setPen(edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rectangle.adjusted(0.5, 0.5, -0.5, -0.5))
        if number % _LABELS_AT_ONCE == 0:
            yield


def _paint_labels(painter: QPainter, drawing: Drawing) -> Iterator[None]:
    bold = QFont(drawing.font)
    bold.setWeight(QFont.Weight.DemiBold)
    fonts = {False: (drawing.font, QFontMetricsF(drawing.font)), True: (bold, QFontMetricsF(bold))}
    line = fonts[False][1].height()
    tiles = drawing.tiles
    _, _, widths, heights = tiles.rectangles.T
    room = tiles.opened | (heights >= line + 1)
    out = frozenset(drawing.planned.tolist())
    for number, tile in enumerate(np.flatnonzero(room & (widths >= _LABEL_WIDTH)).tolist()):
        folder = not drawing.shape.is_file[tiles.nodes[tile]] and not tiles.gathered[tile]
        font, metrics = fonts[bool(folder)]
        painter.setFont(font)
        _paint_label(painter, drawing, tile, metrics, fonts[False], tile in out)
        if number % _LABELS_AT_ONCE == 0:
            yield


def _paint_label(
    painter: QPainter,
    drawing: Drawing,
    tile: int,
    metrics: QFontMetricsF,
    plain: tuple[QFont, QFontMetricsF],
    out: bool,
) -> None:
    """A name, and the tokens beside it (a folder's strip) or under it (a tile that is high enough)."""
    left, top, width, height = drawing.tiles.rectangles[tile].tolist()
    name, numbers = _label(drawing, tile, out)
    inner = QRectF(left + _LABEL_AIR + 1, top, width - 2 * _LABEL_AIR - 2, height)
    second = QColor(drawing.theme.text)
    second.setAlpha(_SECOND_ALPHA)
    advance = plain[1].horizontalAdvance
    if drawing.tiles.opened[tile]:
        strip = QRectF(inner.left(), top, inner.width(), _strip(plain[0]))
        whole = metrics.horizontalAdvance(name) + 8
        beside = next((text for text in numbers if whole + advance(text) <= strip.width()), "")
        _draw(painter, strip, name, metrics, drawing.theme.text)
        if beside:
            painter.setFont(plain[0])
            painter.setPen(second)
            painter.drawText(
                strip, _LINE | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, beside
            )
        return
    line = metrics.height()
    upper = QRectF(inner.left(), top + min(2.0, (height - line) / 2), inner.width(), line)
    if _draw(painter, upper, name, metrics, drawing.theme.text) and height >= max(_WITH_TOKENS, 2 * line + 2):
        below = next((text for text in numbers if advance(text) <= inner.width()), "")
        painter.setFont(plain[0])
        painter.setPen(second)
        painter.drawText(upper.translated(0, line - 1), _LINE | Qt.AlignmentFlag.AlignVCenter, below)


def _draw(painter: QPainter, rect: QRectF, text: str, metrics: QFontMetricsF, color: QColor) -> bool:
    """Draw a line, shortened if need be; False if there is too little room to say anything."""
    if metrics.horizontalAdvance(text) > rect.width():
        if metrics.horizontalAdvance(text[:_LETTERS] + "…") > rect.width():
            return False
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.setPen(color)
    painter.drawText(rect, _LINE | Qt.AlignmentFlag.AlignVCenter, text)
    return True


def _label(drawing: Drawing, tile: int, out: bool) -> tuple[str, tuple[str, ...]]:
    """A tile's name, and its tokens, the longest way of saying it first."""
    node, gathered = int(drawing.tiles.nodes[tile]), int(drawing.tiles.gathered[tile])
    if gathered:
        return f"+{gathered:,}", ()
    tokens = int(drawing.tokens[node])
    long, short = (f"{drawing.mark}{write(tokens)}" for write in (formatting.grouped, formatting.short))
    said = (f"{long} · {drawing.out}", f"{short} · {drawing.out}") if out else ()
    return drawing.shape.names[node], (*said, long, short)
