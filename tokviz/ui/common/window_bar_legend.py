"""What the marks of the window bars mean, in one line under them."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokviz.analysis.budget import Fit
from tokviz.language import _
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import LEGEND, sized
from tokviz.ui.common.window_bar import HEIGHT, TICK_OVERHANG, paint_window_bar

_SAMPLE, _GAP, _BETWEEN, _MARGIN = 14, 6, 16, 12
"""Pixels: a sample's length, from it to its word, from a word to the next sample, left and right of all."""
_WORDS = (_("used"), _("estimate range"), _("reserve"), _("max input"), _("over"))
_TEXT = _("Window bars: used, estimate range, reserve for the answer, max input, over")


def _sample(tokens: int = 0, low: int | None = None, reserve: int = 0, max_input: int = 100) -> Fit:
    low = tokens if low is None else low
    return Fit(Count(tokens, Provenance.ESTIMATE, low, tokens), 100, reserve, max_input)


_SAMPLES = (_sample(100), _sample(100, 0), _sample(0, reserve=100), _sample(0, max_input=50), _sample(10_000))


class WindowBarLegend(QWidget):
    """Samples of the marks, each with its word; what has no room is left out and stands in the tooltip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setToolTip(_TEXT)
        self.setAccessibleName(_TEXT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, QFontMetrics(sized(self.font(), LEGEND)).height() + 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(sized(self.font(), LEGEND))
        metrics = painter.fontMetrics()
        x, mirrored = float(_MARGIN), self.isRightToLeft()
        for word, fit in zip(_WORDS, _SAMPLES, strict=True):
            length = metrics.horizontalAdvance(word)
            width = _SAMPLE + _GAP + length
            if x + width > self.width() - _MARGIN:
                break
            start = self.width() - x - width if mirrored else x
            sample, said = (start + length + _GAP, start) if mirrored else (start, start + _SAMPLE + _GAP)
            self._paint_sample(painter, sample, fit)
            painter.setPen(self._theme.muted)
            place = QRectF(said, 0, length + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, word)
            x += width + _BETWEEN

    def _paint_sample(self, painter: QPainter, x: float, fit: Fit) -> None:
        bar = QRectF(x, (self.height() - HEIGHT) / 2, _SAMPLE, HEIGHT)
        painter.setClipRect(bar.adjusted(0, -TICK_OVERHANG, 0, TICK_OVERHANG))
        # Of what is over, the tick is left out: it stands before the sample.
        beyond = 2 * TICK_OVERHANG if fit.over else 0
        whole = bar.adjusted(0, 0, beyond, 0) if self.isRightToLeft() else bar.adjusted(-beyond, 0, 0, 0)
        paint_window_bar(painter, whole, fit, self._theme)
        painter.setClipping(False)
