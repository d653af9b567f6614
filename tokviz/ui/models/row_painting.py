"""What a model's row is painted with: texts, badges, access icons, in the theme's colours."""

from collections.abc import Sequence
from functools import cached_property

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from tokviz.catalog.model import Access
from tokviz.ui.common.icons import paint_icon
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import BADGE, BODY, CHIP, SECOND_LINE, scaled, sized

LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
ACCESS_ICONS = {Access.API: ("cloud",), Access.OPEN_WEIGHTS: ("package",), Access.BOTH: ("cloud", "package")}
_ICON, _STROKE, _ICON_GAP = 13, 1.4, 4


class RowFonts:
    """The user's font in the sizes of a row."""

    def __init__(self, base: QFont) -> None:
        self.base = QFont(base)  # the one of a style option goes with it

    @cached_property
    def name(self) -> QFont:
        """Of the model."""
        return sized(self.base, BODY, semibold=True)

    @cached_property
    def body(self) -> QFont:
        """Of figures."""
        return sized(self.base, BODY)

    @cached_property
    def room(self) -> QFont:
        """Of what is left."""
        return sized(self.base, CHIP)

    @cached_property
    def second(self) -> QFont:
        """Of quieter lines."""
        return sized(self.base, SECOND_LINE)

    @cached_property
    def badge(self) -> QFont:
        """Of badges."""
        font = sized(self.base, BADGE)
        font.setWeight(QFont.Weight.Medium)
        return font

    def px(self, length: float) -> int:
        """A length in pixels that goes with the type."""
        return scaled(self.base, length)


class RowPainter:
    """Draws the parts of rows; every method returns how wide the part became."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._icons: dict[tuple[str, str, int, float], QPixmap] = {}

    def text(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        font: QFont,
        color: QColor,
        side: Qt.AlignmentFlag = LEFT,
    ) -> float:
        """One line, cut with an ellipsis if it has no room."""
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 0.5)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        return metrics.horizontalAdvance(shown)

    def first_that_fits(self, texts: Sequence[str], font: QFont, width: float) -> str:
        """Of several ways to say something, the first with room enough; else the last."""
        metrics = QFontMetricsF(font)
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= width)
        return next(fitting, texts[-1])

    def badge(
        self, painter: QPainter, x: float, middle: float, room: float, texts: tuple[str, str], fonts: RowFonts
    ) -> float:
        """“retired …” or “retires …” from ``x`` on, with or without the day; nothing if there is no room."""
        if not texts[0]:
            return 0.0
        padding, height = fonts.px(4), fonts.px(16)
        text = self.first_that_fits(texts, fonts.badge, room - 2 * padding)
        width = QFontMetricsF(fonts.badge).horizontalAdvance(text) + 2 * padding
        if width > room:
            return 0.0
        over = text.startswith("retired")
        ground, color = (
            (self.theme.raised, self.theme.muted) if over else (self.theme.warning_soft, self.theme.warning)
        )
        box = QRectF(x, middle - height / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 3, 3)
        self.text(painter, box.adjusted(padding, 0, -padding, 0), text, fonts.badge, color)
        return width

    def access(self, painter: QPainter, x: float, middle: float, access: Access, fonts: RowFonts) -> float:
        """A cloud for a maker's API, a parcel for open weights, and the gap behind them."""
        side, start = fonts.px(_ICON), x
        for name in ACCESS_ICONS[access]:
            ratio = painter.device().devicePixelRatioF()
            key = (name, self.theme.name, side, ratio)
            if key not in self._icons:
                self._icons[key] = self._icon(name, side, ratio)
            painter.drawPixmap(QRectF(x, round(middle - side / 2), side, side).topLeft(), self._icons[key])
            x += side + _ICON_GAP
        return x - start

    def _icon(self, name: str, side: int, ratio: float) -> QPixmap:
        picture = QPixmap(round(side * ratio), round(side * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_icon(painter, QRectF(0, 0, side, side), name, self.theme.muted, _STROKE)
        painter.end()
        return picture

    def amount(
        self, painter: QPainter, rect: QRectF, text: str, fonts: RowFonts, color: QColor, muted: QColor
    ) -> None:
        """“input $0.0118”: the word quiet and small, the amount plain; never cut, the word goes first."""
        word, _, figure = text.rpartition(" ")
        width = QFontMetricsF(fonts.body).horizontalAdvance(figure)
        self.text(painter, rect, figure, fonts.body, color, RIGHT)
        before = rect.adjusted(0, 0, -width - fonts.px(4), 0)
        if QFontMetricsF(fonts.second).horizontalAdvance(word) <= before.width():
            self.text(painter, before, word, fonts.second, muted, RIGHT)

    def selected_edge(self, painter: QPainter, rect: QRectF) -> None:
        """The bar at the start of the chosen row."""
        painter.fillRect(QRectF(rect.left(), rect.top(), 2, rect.height()), self.theme.accent)

    def hair(self, painter: QPainter, rect: QRectF) -> None:
        """The line under a row."""
        painter.setPen(QPen(self.theme.hair, 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
