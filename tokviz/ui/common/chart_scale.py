"""A chart's scale: lines at round steps, with their numbers written short."""

from collections.abc import Callable
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from tokviz.language import number
from tokviz.ui.common.theme import Theme

_GAP = 6
"""Pixels between a number and its line."""


def round_step(top: int) -> int:
    """A round step that makes three to six lines up to ``top``."""
    size = 10 ** floor(log10(top)) if top >= 10 else 1
    return next((s for s in (size // 4, size // 2, size, 2 * size) if s and top / s <= 5), 2 * size)


def rounded_up(tokens: float) -> int:
    """The next round number of steps."""
    step = max(1, round_step(max(1, ceil(tokens))))
    return ceil(tokens / step) * step


def brief(tokens: int) -> str:
    """``150k``, ``1.05M``."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if tokens >= size:
            return number(f"{tokens / size:.4g}") + unit
    return str(tokens)


def paint_scale(
    painter: QPainter, area: QRectF, top: int, theme: Theme, labelled: Callable[[float], bool] | None = None
) -> None:
    """Lines across ``area`` at round numbers up to ``top``, which is its upper edge, and the numbers at their
    left; ``labelled`` says of a line's y whether there is room for its number."""
    for tokens in range(0, top + 1, max(1, round_step(top))):
        y = paint_line(painter, area, tokens / top, QPen(theme.hair if tokens else theme.border, 1))
        if labelled is None or labelled(y):
            paint_label(painter, area, y, brief(tokens), theme.muted)


def paint_line(painter: QPainter, area: QRectF, share: float, pen: QPen) -> float:
    """A sharp line across ``area`` at this share of its height; where it is."""
    y = round(area.bottom() - area.height() * share) + 0.5
    painter.setPen(pen)
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
    return y


def paint_label(painter: QPainter, area: QRectF, y: float, text: str, color: QColor) -> None:
    """The number of a line at ``y``, left of ``area``."""
    height = QFontMetricsF(painter.font()).height()
    painter.setPen(color)
    rect = QRectF(0, y - height / 2, area.left() - _GAP, height)
    painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
