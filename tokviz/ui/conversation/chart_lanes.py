"""Where the requests of a session stand over time, and which row each subagent's have below the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from tokviz.analysis.conversation.overview import Lane, RecordedRequest
from tokviz.ui.common.theme import Theme

ROW = 28.0
"""Pixels of a row of lanes: a line of words over a line of bars."""
TITLE = 13.0
_LEAST_ABOVE = 110.0
"""Pixels that the conversation itself keeps."""


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """A subagent's requests stand at ``start`` to ``end`` (excluded), in the ``row``-th row."""

    lane: int
    start: int
    end: int
    row: int


def in_time_order(requests: Sequence[RecordedRequest]) -> list[RecordedRequest]:
    """As they were sent; as given where the file does not tell when."""
    try:
        times = [None if one.time is None else datetime.fromisoformat(one.time) for one in requests]
        if None in times:
            return list(requests)
        order = sorted(range(len(requests)), key=lambda place: times[place])  # type: ignore[arg-type,return-value]
    except (ValueError, TypeError):  # no time, or only some with a zone
        return list(requests)
    return [requests[place] for place in order]


def placed_lanes(requests: Sequence[RecordedRequest], rows: int) -> list[PlacedLane]:
    """The subagents' lanes, each in the first row that is free; in the last of ``rows`` if none is."""
    spans: dict[int, tuple[int, int]] = {}
    for place, one in enumerate(requests):
        if one.lane:
            start, _ = spans.get(one.lane, (place, place))
            spans[one.lane] = (start, place + 1)
    taken: list[int] = []
    found = []
    for lane, (start, end) in sorted(spans.items(), key=lambda item: item[1]):
        row = next((row for row, until in enumerate(taken) if until <= start), len(taken))
        row = min(row, max(0, rows - 1))
        if row == len(taken):
            taken.append(end)
        taken[row] = max(taken[row], end)
        found.append(PlacedLane(lane, start, end, row))
    return found


def rows_for(height: float) -> int:
    """How many rows of lanes a chart of that height has room for."""
    return max(1, int((height - _LEAST_ABOVE) // ROW))


def row_count(lanes: Sequence[PlacedLane]) -> int:
    """The rows that are needed."""
    return max((one.row + 1 for one in lanes), default=0)


def paint_titles(
    painter: QPainter,
    lanes: Sequence[Lane],
    placed: Sequence[PlacedLane],
    rects: Sequence[QRectF],
    theme: Theme,
) -> None:
    """The ground of each lane (``rects``) and what it is called."""
    metrics = QFontMetricsF(painter.font())
    for one, rect in zip(placed, rects, strict=True):
        painter.fillRect(rect, theme.raised)
        title = metrics.elidedText(
            lanes[one.lane].title, Qt.TextElideMode.ElideRight, max(0.0, rect.width() - 6)
        )
        painter.setPen(theme.text)
        words = QRectF(rect.left() + 3, rect.top(), rect.width() - 4, TITLE)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, title)


def bar_parts(one: RecordedRequest, theme: Theme) -> list[tuple[int, QColor]]:
    """What a request's bar holds, from below: what the cache gave, missed and took, and what is fresh."""
    read, missed = one.read or 0, one.reread
    rest = max(0, (one.context or 0) - read - missed)
    if missed and not read:
        return [(missed + rest, theme.cache_miss)]
    taken = min(one.write or 0, rest) if missed else one.write or 0
    fresh = rest - taken if missed else one.fresh or 0
    return [
        (read, theme.cache_read),
        (missed, theme.cache_miss),
        (taken, theme.cache_write),
        (fresh, theme.cache_fresh),
    ]
