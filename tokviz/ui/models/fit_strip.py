"""The strip in the panel's head: one cell a model, those that the text fits first."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from tokviz.analysis.budget import Standing
from tokviz.language import _
from tokviz.lists import listed
from tokviz.ui.common.painted_parts import ReadParts
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


class FitStrip(ReadParts):
    """At a glance: how many of the models take the text."""

    MIRRORED = True

    def __init__(self, theme: Theme) -> None:
        super().__init__(_("How many models fit"))
        self._theme = theme
        self._summary: Summary | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_summary(self, summary: Summary) -> None:
        """Draw these models from now on."""
        self._summary = summary
        self.show_parts()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    # -- one part for all models that stand alike ----------------------------------------------------------

    def part_count(self) -> int:
        return len(self._groups)

    def part_words(self, number: int) -> str:
        return self._summary.words(self._groups[number]) if self._summary else ""

    def part_box(self, number: int) -> QRectF:
        before = sum(map(self._models, self._groups[:number]))
        start, end = (self._width * n for n in (before, before + self._models(self._groups[number])))
        if self.isRightToLeft():
            start, end = self.width() - end, self.width() - start
        return QRectF(start, (self.height() - _HEIGHT) / 2, end - start, _HEIGHT)

    def overview(self) -> str:
        return listed(map(self.part_words, range(self.part_count())))

    @property
    def _groups(self) -> list[Standing | None]:
        drawn = self._summary is not None and not self._summary.empty
        return [standing for standing in _ORDER if drawn and self._models(standing)]

    def _models(self, standing: Standing | None) -> int:
        return self._summary.standings[standing] if self._summary else 0

    @property
    def _width(self) -> float:
        """Pixels of one model."""
        return min(_MOST, self.width() / max(1, self._summary.shown if self._summary else 1))

    def sizeHint(self) -> QSize:
        return QSize(60, _HEIGHT + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        self.paint_current(painter, theme.accent)
        if self._summary is None or self._summary.empty or not self._summary.shown:
            return
        colors = {
            Standing.FITS: theme.reserve,
            Standing.ANSWER_CUT: theme.warning,
            Standing.MAY_NOT_FIT: theme.warning,
            Standing.TOO_LONG: theme.error,
        }
        width = self._width
        gap = 1.0 if width >= _GAP_FROM else 0.0
        x, top = 0.0, (self.height() - _HEIGHT) / 2
        for standing in _ORDER:
            for _model in range(self._summary.standings[standing]):
                # Edges on whole pixels: cells of 2.4 pixels would else be seen through one another.
                left, right = round(x), max(round(x) + 1, round(x + width - gap))
                if self.isRightToLeft():
                    left, right = self.width() - right, self.width() - left
                color = colors.get(standing, theme.track) if standing else theme.track
                painter.fillRect(QRectF(left, top, right - left, _HEIGHT), color)
                x += width
