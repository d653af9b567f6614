"""Painting a treemap into an image, a little at a time, so that the window never waits for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from tokviz.analysis import formatting
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.codebase.treemap import Treemap
from tokviz.ui.codebase.tile_colors import TileColors, folder_color
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.window_bar import paint_stripes

HEADER = 18.0
PADDING = 2.0
_AT_ONCE = 300
"""Tiles painted between two turns of the event loop."""
_LABELS_AT_ONCE = 60
_LABEL_WIDTH, _LABEL_AIR = 24.0, 3.0
_STRIPE_ALPHA = {True: 150, False: 70}
"""Of 255, by whether the theme is dark."""
_SHORTENED = 32.0
"""Width that a shortened label needs."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A finished picture and what lies where in it."""

    image: QImage
    tiles: Treemap
    node: int
    """The folder that is shown."""
    legend: list[tuple[QColor, str]]
    """What each colour means."""
    planned: bool
    """Whether there are tiles that a plan would leave out."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Everything a picture is made from."""

    shape: TreeShape
    tiles: Treemap
    colors: TileColors
    numbers: NDArray[np.int64]
    """Each tile's colour."""
    tokens: NDArray[np.int64]
    """By node."""
    mark: str
    """Before every number of tokens: ``~`` where they are estimated."""
    planned: NDArray[np.int64]
    """Tiles that a plan would leave out, each with all that is in it."""
    theme: Theme
    font: QFont


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
    grounds = [QBrush(folder_color(drawing.theme, depth)) for depth in range(8)]
    for number, (tile, rectangle) in enumerate(
        zip(opened.tolist(), _rectangles(tiles, opened, 1.0), strict=True)
    ):
        painter.fillRect(rectangle, grounds[min(int(tiles.depths[tile]), 7)])
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
    painter.setFont(drawing.font)
    metrics = QFontMetricsF(drawing.font)
    line = metrics.height()
    tiles = drawing.tiles
    _, _, widths, heights = tiles.rectangles.T
    # A folder that is open has its name in the strip on top, if there is one.
    room = np.where(tiles.opened, heights >= 2 * HEADER + PADDING, heights >= line + 1)
    for number, tile in enumerate(np.flatnonzero(room & (widths >= _LABEL_WIDTH)).tolist()):
        _paint_label(painter, drawing, tile, metrics)
        if number % _LABELS_AT_ONCE == 0:
            yield


def _paint_label(painter: QPainter, drawing: Drawing, tile: int, metrics: QFontMetricsF) -> None:
    tiles = drawing.tiles
    left, top, width, height = tiles.rectangles[tile].tolist()
    lines = _label(drawing, tile)
    opened = bool(tiles.opened[tile])
    inner = QRectF(left + _LABEL_AIR + 1, top, width - 2 * _LABEL_AIR - 2, HEADER if opened else height)
    painter.setPen(drawing.theme.text)
    center = Qt.AlignmentFlag.AlignVCenter
    if opened:
        _draw_strip(painter, inner, lines, metrics, drawing.theme.muted)
        return
    if height < 2 * metrics.height() + 2 * _LABEL_AIR or metrics.horizontalAdvance(lines[1]) > inner.width():
        _draw(painter, inner, lines[0], metrics, Qt.AlignmentFlag.AlignLeft | center)
        return
    half = inner.center().y()
    upper = QRectF(inner.left(), half - metrics.height(), inner.width(), metrics.height())
    lower = QRectF(inner.left(), half, inner.width(), metrics.height())
    if _draw(painter, upper, lines[0], metrics, Qt.AlignmentFlag.AlignLeft | center):
        painter.setPen(drawing.theme.muted)
        _draw(painter, lower, lines[1], metrics, Qt.AlignmentFlag.AlignLeft | center)


def _draw_strip(
    painter: QPainter, strip: QRectF, lines: Sequence[str], metrics: QFontMetricsF, muted: QColor
) -> None:
    """A folder's name on the left, and its tokens on the right if both have room."""
    advance = metrics.horizontalAdvance(lines[1])
    name = QRectF(strip)
    if metrics.horizontalAdvance(lines[0]) + advance + 10 <= strip.width():
        name.setWidth(strip.width() - advance - 8)
        _draw(painter, name, lines[0], metrics, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(muted)
        _draw(painter, strip, lines[1], metrics, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    else:
        _draw(painter, name, lines[0], metrics, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def _draw(
    painter: QPainter, rect: QRectF, text: str, metrics: QFontMetricsF, alignment: Qt.AlignmentFlag
) -> bool:
    """Draw a line, shortened if need be; False if there is too little room to say anything."""
    if metrics.horizontalAdvance(text) > rect.width():
        if rect.width() < _SHORTENED:
            return False
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, alignment | Qt.TextFlag.TextSingleLine, text)
    return True


def _label(drawing: Drawing, tile: int) -> tuple[str, str]:
    """A tile's name and its tokens."""
    node, gathered = int(drawing.tiles.nodes[tile]), int(drawing.tiles.gathered[tile])
    if gathered:
        return f"+{gathered:,}", ""
    name = drawing.shape.names[node]
    return name, f"{drawing.mark}{formatting.short(int(drawing.tokens[node]))}"
