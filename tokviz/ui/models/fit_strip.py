"""The strip in the panel's head: one cell a model, those that the text fits first."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokviz.analysis.budget import Standing
from tokviz.ui.common.theme import Theme
from tokviz.ui.models.cells import Summary

_HEIGHT, _MOST, _GAP_FROM = 8, 12.0, 4.0
"""Pixels: a cell's height, its greatest width, and the width from which a gap parts it from the next."""
_ORDER = (
    Standing.FITS,
    None,
    Standing.UNKNOWN,
    Standing.ANSWER_CUT,
    Standing.MAY_NOT_FIT,
    Standing.TOO_LONG,
)


class FitStrip(QWidget):
    """At a glance: how many of the models take the text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._summary: Summary | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_summary(self, summary: Summary) -> None:
        """Draw these models from now on."""
        self._summary = summary
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(60, _HEIGHT + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._summary is None or self._summary.empty or not self._summary.shown:
            return
        theme, painter = self._theme, QPainter(self)
        colors = {
            Standing.FITS: theme.reserve,
            Standing.ANSWER_CUT: theme.warning,
            Standing.MAY_NOT_FIT: theme.warning,
            Standing.TOO_LONG: theme.error,
        }
        width = min(_MOST, self.width() / self._summary.shown)
        gap = 1.0 if width >= _GAP_FROM else 0.0
        x, top = 0.0, (self.height() - _HEIGHT) / 2
        for standing in _ORDER:
            for _ in range(self._summary.standings[standing]):
                # Edges on whole pixels: cells of 2.4 pixels would else be seen through one another.
                left, right = round(x), max(round(x) + 1, round(x + width - gap))
                if self.isRightToLeft():
                    left, right = self.width() - right, self.width() - left
                color = colors.get(standing, theme.track) if standing else theme.track
                painter.fillRect(QRectF(left, top, right - left, _HEIGHT), color)
                x += width
