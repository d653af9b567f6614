"""What the colours of the requests' bars stand for."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from tokviz.language import _
from tokviz.lists import listed
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import LEGEND, sized

_AROUND, _LEAST = 28, 60
"""Pixels of a square with what is free around it and its name; of the whole where there is little room."""


class ChartLegend(QLabel):
    """Squares with names, on the right; the tooltip has those that there is no room for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        names = listed(name for name, _color in self._entries)
        colours = _("Colours of the bars: {names}", names=names)
        self.setAccessibleName(colours)
        line = _("The line across a bar: what the file shows of the request, as counted here")
        self.setToolTip(f"{line}\n{colours}")

    @property
    def _entries(self) -> Sequence[tuple[str, QColor]]:
        theme = self.theme
        return (
            (_("cache read"), theme.cache_read),
            (_("cache write"), theme.cache_write),
            (_("fresh"), theme.cache_fresh),
            (_("cache miss"), theme.cache_miss),
        )

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(sized(self.font(), LEGEND))
        return QSize(sum(metrics.horizontalAdvance(name) + _AROUND for name, _color in self._entries), 18)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(sized(self.font(), LEGEND))
            x, middle = max(0, self.width() - self.sizeHint().width()) + 8, self.height() // 2
            for name, color in self._entries:
                room = self.width() - x - 15
                if room < _AROUND:
                    painter.setPen(self.theme.muted)
                    painter.drawText(x, 0, _AROUND, self.height(), Qt.AlignmentFlag.AlignVCenter, "…")
                    return
                painter.fillRect(x, middle - 5, 10, 10, color)
                painter.setPen(self.theme.muted)
                name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
                width = painter.fontMetrics().horizontalAdvance(name)
                painter.drawText(x + 15, 0, width + 2, self.height(), Qt.AlignmentFlag.AlignVCenter, name)
                x += width + _AROUND
