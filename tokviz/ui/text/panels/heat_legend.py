"""What the colours of Heat say."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from tokviz.language import _, number
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.painting.token_colors import COLDEST, HOTTEST, TokenColors

_STEPS = 8
_WIDTH, _GAP = 72, 6
_NAME = _("Bytes/token")


class HeatLegend(QWidget):
    """A bar from the hottest colour to the coldest, with the bytes per token that each stands for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ends = number(f"{HOTTEST:g}"), number(f"{COLDEST:g}") + "+"
        said = _(
            "A token's colour tells how many bytes it and the four tokens on either side of it hold on "
            "average: from {least}, which is costly, to {most} or more, which is cheap.",
            least=number(f"{HOTTEST:g}"),
            most=number(f"{COLDEST:g}"),
        )
        self.setToolTip(said)
        self.setAccessibleName(_("Heat: {explanation}", explanation=said))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self._colors = TokenColors(theme)
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text."""
        metrics = self.fontMetrics()
        texts = sum(metrics.horizontalAdvance(text) for text in (_NAME, *self._ends))
        return QSize(texts + _WIDTH + 4 * _GAP, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        """The same: half a scale says nothing."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw name, bar and ends."""
        with QPainter(self) as painter:
            painter.setPen(self._theme.muted)
            height, x = self.height(), 0
            for text in (_NAME, self._ends[0]):
                x = self._write(painter, text, x)
            bar = QRectF(x, height / 2 - 5.5, _WIDTH, 11)
            shades = QLinearGradient(bar.topLeft(), bar.topRight())
            for step in range(_STEPS + 1):
                shades.setColorAt(step / _STEPS, self._colors.heat_color(1 - step / _STEPS))
            painter.fillRect(bar, shades)
            painter.setPen(self._theme.control)
            painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
            painter.setPen(self._theme.muted)
            self._write(painter, self._ends[1], x + _WIDTH + _GAP)

    def _write(self, painter: QPainter, text: str, x: int) -> int:
        """Write ``text`` at ``x``; where to go on."""
        width = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return x + width + _GAP
