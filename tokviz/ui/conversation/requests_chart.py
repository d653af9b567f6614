"""The requests of a session as bars: what each read of the cache, wrote to it and read afresh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokviz.analysis.conversation.overview import CompactionMark, Lane, RecordedRequest
from tokviz.language import _, number
from tokviz.ui.common.chart_scale import brief, paint_label, paint_line, paint_scale, rounded_up
from tokviz.ui.common.focus_ring import paint_ring
from tokviz.ui.common.icons import paint_icon
from tokviz.ui.common.painted_parts import PaintedParts
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import LEGEND, scaled, sized
from tokviz.ui.conversation.chart_lanes import (
    ROW,
    TITLE,
    PlacedLane,
    bar_parts,
    in_time_order,
    paint_titles,
    placed_lanes,
    row_count,
    rows_for,
)
from tokviz.ui.conversation.request_words import request_words

_LEFT, _TOP, _BOTTOM = 40.0, 12.0, 20.0
"""Pixels for the scale at the left, above the bars and for the numbers below."""
_LEAST_TALL = 96
_WIDEST = 46.0
"""Pixels of one request at most."""
_SIGN = 14.0
_APART = 9
"""Pixels between the window's number and any other."""
_BEHIND = 210
"""Of 255: how far words cover what is behind them."""


@dataclass(frozen=True, slots=True)
class _Area:
    """Where the bars stand, and to what scale."""

    rect: QRectF
    top: int
    """Tokens at the upper edge."""
    each: float
    """Pixels of one request."""

    def x(self, place: int) -> float:
        return self.rect.left() + place * self.each

    def y(self, tokens: float) -> float:
        return self.rect.bottom() - self.rect.height() * min(1.0, tokens / self.top)


class RequestsChart(PaintedParts):
    """One is chosen by click or key. Where there are more than pixels, the largest of each is seen.

    Time runs from the left also where one reads from the right, as axes of charts do in other programs: the
    numbers at them do, too."""

    chosen = Signal(int)
    """The number of a request."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("Requests"), parent)
        self._theme = theme
        self._requests: Sequence[RecordedRequest] = ()
        self._compactions: Sequence[CompactionMark] = ()
        self._lanes: Sequence[Lane] = ()
        self._placed: list[PlacedLane] = []
        self._reckoned: Mapping[int, int] = {}
        self._window: int | None = None
        self._number: int | None = None
        self._pointed: int | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    def set_requests(
        self,
        requests: Sequence[RecordedRequest],
        compactions: Sequence[CompactionMark],
        lanes: Sequence[Lane],
    ) -> None:
        """Show these."""
        self._requests, self._compactions, self._lanes = in_time_order(requests), compactions, lanes
        self._place_lanes()
        self.tell()
        self.updateGeometry()
        self.update()

    def set_reckoned(self, tokens: Mapping[int, int]) -> None:
        """Show, beside what was recorded, what the file shows of some requests."""
        self._reckoned = tokens
        self.show_parts()

    def set_window(self, tokens: int | None) -> None:
        """Draw the end of this window."""
        self._window = tokens
        self.update()

    def choose(self, number: int | None) -> None:
        """Show which request is chosen."""
        self._number = number
        self.show_parts()

    def sizeHint(self) -> QSize:
        return QSize(420, 230)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, _LEAST_TALL)

    def words(self, place: int) -> str:
        """What is known of a request, a line each."""
        one = self._requests[place]
        return request_words(one, self._lanes, self._reckoned.get(one.number))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_lanes()

    def _place_lanes(self) -> None:
        self._placed = placed_lanes(self._requests, rows_for(self.height())) if len(self._lanes) > 1 else []

    # -- choosing ----------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Choose the request that many places on."""
        if self._requests:
            place = self._place_of(self._number)
            now = len(self._requests) - 1 if place is None else place + by
            self._choose(max(0, min(len(self._requests) - 1, now)))

    def part_count(self) -> int:
        return len(self._requests)

    def part_words(self, number: int) -> str:
        return self.words(number)

    def part_box(self, number: int) -> QRectF:
        area = self._area()
        return self._column(area, self._areas(area), number)

    def part_at(self, point: QPointF) -> int | None:
        return self._place_at(point.x())

    def current_part(self) -> int | None:
        return self._place_of(self._number)

    def choose_part(self, number: int) -> None:
        self._choose(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._choose(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._place_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def _choose(self, place: int) -> None:
        one = self._requests[place]
        if one.number != self._number:
            self.choose(one.number)
            self.chosen.emit(one.number)

    def _point(self, place: int | None) -> None:
        if place != self._pointed:
            self._pointed = place
            self.update()

    def _place_of(self, number: int | None) -> int | None:
        return next((place for place, one in enumerate(self._requests) if one.number == number), None)

    def _place_at(self, x: float) -> int | None:
        area = self._area()
        place = floor((x - area.rect.left()) / area.each) if self._requests else -1
        return place if 0 <= place < len(self._requests) else None

    # -- painting ----------------------------------------------------------------------------------------

    def _area(self) -> _Area:
        lanes = ROW * row_count(self._placed)
        left = max(_LEFT, float(scaled(self.font(), _LEFT)))
        rect = QRectF(
            left, _TOP, max(1.0, self.width() - left - 2), max(1.0, self.height() - _TOP - _BOTTOM - lanes)
        )
        largest = max((one.context or 0 for one in self._requests if not one.lane), default=0)
        top = self._window or 0
        # A window that would leave the bars as dirt at the bottom is off the scale.
        if not top or largest * 4 < top or largest > top:
            top = rounded_up(largest * 1.2 or 1)
        elif self._window:
            top = ceil(top * 1.04)
        return _Area(rect, max(1, top), min(_WIDEST, rect.width() / max(1, len(self._requests))))

    def _lane_rect(self, one: PlacedLane, area: _Area) -> QRectF:
        top = area.rect.bottom() + _BOTTOM + ROW * one.row
        return QRectF(area.x(one.start), top, area.x(one.end) - area.x(one.start), ROW - 3)

    def _areas(self, area: _Area) -> list[_Area]:
        """By lane: where its bars stand. Those of subagents have a scale of their own, the same for all."""
        largest = max((one.context or 0 for one in self._requests if one.lane), default=0)
        areas = [area] * len(self._lanes)
        for one in self._placed:
            rect = self._lane_rect(one, area).adjusted(0, TITLE, 0, 0)
            rect.setLeft(area.rect.left())
            areas[one.lane] = _Area(rect, max(1, largest), area.each)
        return areas or [area]

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(sized(self.font(), LEGEND))
            area = self._area()
            areas = self._areas(area)
            self._paint_scale(painter, area)
            rects = [self._lane_rect(one, area) for one in self._placed]
            paint_titles(painter, self._lanes, self._placed, rects, self._theme)
            self._paint_bars(painter, area, areas)
            self._paint_numbers(painter, area)
            self._paint_compactions(painter, area)
            self._paint_misses(painter, area)
            self._paint_choice(painter, area, areas)

    def _paint_scale(self, painter: QPainter, area: _Area) -> None:
        window, theme = self._window, self._theme
        if window is None or window > area.top:
            paint_scale(painter, area.rect, area.top, theme)
            return
        limit = area.y(window)
        paint_scale(painter, area.rect, area.top, theme, lambda y: abs(limit - y) > _APART)
        pen = QPen(theme.error, 1.2, Qt.PenStyle.DashLine)
        y = paint_line(painter, area.rect, window / area.top, pen)
        paint_label(painter, area.rect, y, brief(window), theme.error)

    def _paint_bars(self, painter: QPainter, area: _Area, areas: Sequence[_Area]) -> None:
        columns: dict[tuple[int, int], int] = {}
        for place, one in enumerate(self._requests):
            column = one.lane, place if area.each >= 1 else floor(place * area.each)
            before = columns.get(column)
            if before is None or (one.context or 0) > (self._requests[before].context or 0):
                columns[column] = place
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        gap = max(1.0, area.each * 0.24) if area.each >= 3 else 0.0
        for place in columns.values():
            left, width = area.x(place) + gap / 2, max(1.0, area.each - gap)
            one = self._requests[place]
            self._paint_bar(painter, areas[one.lane], one, left, width)
        painter.restore()

    def _paint_bar(
        self, painter: QPainter, area: _Area, one: RecordedRequest, left: float, width: float
    ) -> None:
        base, below = 0.0, area.rect.bottom()
        for tokens, color in bar_parts(one, self._theme):
            if tokens:
                base += tokens
                above = area.y(base)
                painter.fillRect(QRectF(left, above, width, max(1.0, below - above)), color)
                below = above
        reckoned = self._reckoned.get(one.number)
        if reckoned is not None and width >= 3:
            y = area.y(reckoned)
            painter.fillRect(QRectF(left - 1, y - 1, width + 2, 2), self._theme.surface)
            painter.fillRect(QRectF(left - 1, y - 0.5, width + 2, 1), self._theme.text)

    def _paint_numbers(self, painter: QPainter, area: _Area) -> None:
        if not self._requests:
            return
        chosen = self._place_of(self._number)
        wide = QFontMetricsF(painter.font()).horizontalAdvance(number(self._requests[-1].number)) + 12
        every = max(1, ceil(wide / area.each))
        every = next((nice for nice in (1, 5, 10, 25, 50, 100, 250, 500, 1000) if nice >= every), every)
        taken: list[float] = []
        fixed = [chosen] if chosen is not None else []
        # Those of subagents stand in lanes of their own: here they would count in leaps.
        main = [place for place, one in enumerate(self._requests) if not one.lane]
        for place in (*fixed, *main[:1], *main[-1:], *main[every - 1 :: every]):
            x = area.x(place) + area.each / 2
            if any(abs(x - other) < wide for other in taken):
                continue
            taken.append(x)
            painter.setFont(sized(self.font(), LEGEND, place == chosen))
            painter.setPen(self._theme.text if place == chosen else self._theme.muted)
            rect = QRectF(x - 30, area.rect.bottom() + 3, 60, _BOTTOM - 4)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, number(self._requests[place].number))
        painter.setFont(sized(self.font(), LEGEND))

    def _paint_compactions(self, painter: QPainter, area: _Area) -> None:
        violet, metrics = self._theme.violet, QFontMetricsF(sized(self.font(), LEGEND, True))
        free = area.rect.left()
        for mark in self._compactions:
            place = self._place_of(mark.before)
            if place is None:  # it came after the last request
                place = sum(one.number < mark.before for one in self._requests)
            x = area.x(place) + 0.5
            painter.setPen(QPen(violet, 1.2, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.rect.top()), QPointF(x, area.rect.bottom()))
            words = _("compaction")
            if mark.saved is not None:
                # Translators: tokens that a compaction of the conversation saved.
                words = _("compaction −{tokens}", tokens=number(mark.saved))
            width = metrics.horizontalAdvance(words)
            left = x - width - 5 if x - width - 5 > area.rect.left() else x + 5
            if left < free:
                continue  # only its line: another one's words stand there
            free = left + width + 8
            painter.setFont(sized(self.font(), LEGEND, True))
            painter.setPen(violet)
            painter.drawText(QRectF(left, area.y(self._window or area.top) + 1, width + 2, 14), words)
            painter.setFont(sized(self.font(), LEGEND))

    def _paint_misses(self, painter: QPainter, area: _Area) -> None:
        missed = [place for place, one in enumerate(self._requests) if one.reread and not one.lane]
        if not missed:
            return
        largest = max(missed, key=lambda place: self._requests[place].reread)
        words = _("cache miss: {tokens} paid in full", tokens=number(self._requests[largest].reread))
        font, color = sized(self.font(), LEGEND, True), self._theme.warning
        sign = self._sign_of(area, largest, 34)
        label = QRectF(sign.right() + 4, sign.top() - 1, QFontMetricsF(font).horizontalAdvance(words) + 2, 16)
        chosen = area.x(self._place_of(self._number) or 0)
        crossed = label.left() < chosen + area.each and chosen < label.right()  # by the frame of the choice
        if label.right() > self.width() or (crossed and sign.left() - label.width() > area.rect.left() + 4):
            label.moveRight(sign.left() - 4)
        up = min(max(0.0, label.bottom() + 3 - self._highest(area, label)), sign.top() - area.rect.top() - 1)
        for rect in (sign, label):
            rect.translate(0, -up)
        painter.setPen(QPen(color, 1.2))
        bar = area.y(self._requests[largest].context or 0) - 4
        if bar > sign.bottom():
            painter.drawLine(QPointF(sign.center().x(), sign.bottom()), QPointF(sign.center().x(), bar))
        taken = label.united(sign)
        paint_icon(painter, sign, "triangle-alert", color)
        for place in missed:
            other = self._sign_of(area, place, _SIGN + 3)
            if place != largest and not other.intersects(taken) and area.each > 1:
                paint_icon(painter, other, "triangle-alert", color)
        ground = QColor(self._theme.surface)
        ground.setAlpha(_BEHIND)  # there may be no room above a bar that is higher
        painter.fillRect(label.adjusted(-2, 0, 2, 0), ground)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(sized(self.font(), LEGEND))

    def _highest(self, area: _Area, below: QRectF) -> float:
        """Up to where the bars reach that stand below those words, or would if they were high enough."""
        first, last = (floor((x - area.rect.left()) / area.each) for x in (below.left(), below.right()))
        main = (one.context or 0 for one in self._requests[max(0, first) : last + 1] if not one.lane)
        return area.y(max(main, default=0))

    def _sign_of(self, area: _Area, place: int, above: float) -> QRectF:
        """Where the sign of a miss stands, so far above its bar."""
        x = area.x(place) + area.each / 2
        y = max(area.rect.top() + 1, area.y(self._requests[place].context or 0) - above)
        return QRectF(x - _SIGN / 2, y, _SIGN, _SIGN)

    def _paint_choice(self, painter: QPainter, area: _Area, areas: Sequence[_Area]) -> None:
        if self.hasFocus() and self.current_part() is None:
            paint_ring(painter, self.rect(), self._theme)
        for place, color in ((self._pointed, self._theme.control), (self._place_of(self._number), None)):
            if place is None or place >= len(self._requests):
                continue
            rect = self._column(area, areas, place)
            pen = QPen(color or (self._theme.accent if self.hasFocus() else self._theme.text), 1.5)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0, -0.5, 0), 3, 3)

    def _column(self, area: _Area, areas: Sequence[_Area], place: int) -> QRectF:
        """All the room of a request, however tall its bar is."""
        own = areas[self._requests[place].lane].rect
        return QRectF(area.x(place), own.top() - 3, max(4.0, area.each), own.height() + 5)
