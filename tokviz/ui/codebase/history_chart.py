"""The tokens of a codebase over its versions, as a line."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokviz.language import _, ngettext
from tokviz.ui.common.chart_scale import paint_scale, rounded_up
from tokviz.ui.common.painted_parts import PaintedParts
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import LEGEND, scaled, sized

_LEFT, _TOP, _RIGHT, _BOTTOM = 48.0, 12.0, 12.0, 22.0
_DOTS_UP_TO = 60
"""Versions up to which each has a dot."""


@dataclass(frozen=True, slots=True)
class Point:
    """One version."""

    name: str
    tokens: int
    words: str
    """What is said of it in its tooltip, and to a screen reader."""


class HistoryChart(PaintedParts):
    """Points from the oldest at the left to the newest; from zero, so that a slope is what it looks like.

    A click, or an arrow key, chooses a version. Time runs from the left also where one reads from the right,
    as axes of charts do in other programs."""

    chosen = Signal(int)
    """The number of a point."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("Tokens over time"), parent)
        self._theme = theme
        self._points: Sequence[Point] = ()
        self._current: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def set_points(self, points: Sequence[Point]) -> None:
        """Show these, the oldest first; the one that is chosen stays if it is still there."""
        name = "" if self._current is None else self._points[self._current].name
        self._points = tuple(points)
        names = [point.name for point in points]
        self._current = names.index(name) if name in names else None
        self.show_parts()

    def choose(self, number: int) -> None:
        """Mark a point, without telling anybody."""
        self._current = number if 0 <= number < len(self._points) else None
        self.show_parts()

    def sizeHint(self) -> QSize:
        return QSize(560, 200)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    # -- painting --------------------------------------------------------------------------------------

    @property
    def _area(self) -> QRectF:
        left, bottom = (max(each, float(scaled(self.font(), each))) for each in (_LEFT, _BOTTOM))
        return QRectF(self.rect()).adjusted(left, _TOP, -_RIGHT, -bottom)

    def _place(self, number: int, top: int) -> QPointF:
        area, last = self._area, max(1, len(self._points) - 1)
        tokens = self._points[number].tokens
        return QPointF(
            area.left() + area.width() * number / last, area.bottom() - area.height() * tokens / top
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), self._theme.surface)
            painter.setFont(sized(self.font(), LEGEND))
            top = max(1, rounded_up(max((point.tokens for point in self._points), default=1)))
            paint_scale(painter, self._area, top, self._theme)
            if self.hasFocus():
                painter.setPen(QPen(self._theme.accent, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
            if not self._points:
                return
            places = [self._place(number, top) for number in range(len(self._points))]
            self._paint_line(painter, places)
            self._paint_ends(painter)

    def _paint_line(self, painter: QPainter, places: Sequence[QPointF]) -> None:
        area = self._area
        below = [QPointF(places[-1].x(), area.bottom()), QPointF(places[0].x(), area.bottom())]
        fill = QColor(self._theme.accent)
        fill.setAlphaF(0.10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([*places, *below]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.accent, 2))
        painter.drawPolyline(QPolygonF(places))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.accent)
        for number, place in enumerate(places):
            if number == self._current:
                painter.drawEllipse(place, 5, 5)
            elif len(places) <= _DOTS_UP_TO:
                painter.drawEllipse(place, 2.5, 2.5)

    def _paint_ends(self, painter: QPainter) -> None:
        """The names of the oldest and the newest, and of the chosen one in between."""
        area, metrics = self._area, QFontMetricsF(painter.font())
        painter.setPen(self._theme.muted)
        row = QRectF(area.left(), area.bottom() + 4, area.width(), metrics.height())
        width = row.width() / 3
        first, last = (metrics.elidedText(self._points[end].name, _ELIDE, width) for end in (0, -1))
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft, first)
        if len(self._points) > 1:
            painter.drawText(row, Qt.AlignmentFlag.AlignRight, last)
        if self._current and self._current < len(self._points) - 1:
            name = metrics.elidedText(self._points[self._current].name, _ELIDE, width)
            painter.setPen(self._theme.text)
            painter.drawText(row, Qt.AlignmentFlag.AlignHCenter, name)

    # -- choosing --------------------------------------------------------------------------------------

    def point_at(self, x: float) -> int | None:
        """The number of the point nearest to ``x``; None if there is none."""
        if not self._points:
            return None
        area, last = self._area, len(self._points) - 1
        return max(0, min(last, round((x - area.left()) / max(1.0, area.width()) * last)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (number := self.point_at(event.position().x())) is not None:
            self.choose_part(number)

    def part_count(self) -> int:
        return len(self._points)

    def part_words(self, number: int) -> str:
        return self._points[number].words

    def part_box(self, number: int) -> QRectF:
        area = self._area
        wide = area.width() / max(1, len(self._points) - 1)
        return QRectF(area.left() + (number - 0.5) * wide, area.top(), wide, area.height())

    def part_at(self, point: QPointF) -> int | None:
        return self.point_at(point.x())

    def current_part(self) -> int | None:
        return self._current

    def choose_part(self, number: int) -> None:
        self.choose(number)
        self.chosen.emit(number)

    def overview(self) -> str:
        points = self._points
        if not points:
            return _("empty")
        # Translators: {first} and {last} are such as “v1.2, 2025-03-04: 12,345 tokens”
        return ngettext(
            "{n} versions, from {first} to {last}",
            "{n} versions, from {first} to {last}",
            len(points),
            first=points[0].words,
            last=points[-1].words,
        )


_ELIDE = Qt.TextElideMode.ElideRight
