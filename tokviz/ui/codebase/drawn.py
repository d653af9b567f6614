"""Things drawn often, kept ready: short texts, check boxes, bars. A frame has hundreds of them."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QStaticText

from tokviz.ui.codebase.check_box import paint_check_box
from tokviz.ui.common.theme import Theme

_MOST_TEXTS = 4000
"""Texts kept: some hundred rows'."""
_MOST_PICTURES = 200


class DrawnTexts:
    """Lines of text in one font, laid out once."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self._height = self.metrics.height()
        self._known: dict[str, tuple[QStaticText, int]] = {}

    def width(self, text: str) -> int:
        """The width of a text."""
        return self._get(text)[1]

    def draw(self, painter: QPainter, room: QRect, text: str, color: QColor, *, right: bool) -> None:
        """Draw a line, shortened in its middle where it has no room; on the right stand numbers, of which a
        part would be a lie."""
        if not text:
            return
        drawn, width = self._get(text)
        if width > room.width():
            text = "…" if right else self.metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
            drawn, width = self._get(text)
        left = room.right() + 1 - width if right else room.left()
        painter.setPen(color)
        painter.drawStaticText(left, room.top() + (room.height() - self._height) // 2, drawn)

    def _get(self, text: str) -> tuple[QStaticText, int]:
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= _MOST_TEXTS:
                self._known.clear()
            drawn = QStaticText(text)
            drawn.setTextFormat(Qt.TextFormat.PlainText)
            drawn.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            found = self._known[text] = drawn, self.metrics.horizontalAdvance(text)
        return found


class DrawnShapes:
    """Check boxes and bars in one theme, painted once for each size, state and colour."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        """``ratio``: pixels of the screen for each logical one."""
        self.theme = theme
        self.ratio = ratio
        self._boxes: dict[tuple[int, Qt.CheckState], QPixmap] = {}
        self._bars: dict[tuple[int, int, int], QPixmap] = {}

    def draw_check_box(self, painter: QPainter, box: QRect, state: Qt.CheckState) -> None:
        """Draw a check box."""
        key = (box.width(), state)
        if key not in self._boxes:
            picture, inner = self._picture(box.width(), box.height())
            paint_check_box(inner, QRect(0, 0, box.width(), box.height()), state, self.theme)
            inner.end()
            self._boxes[key] = picture
        painter.drawPixmap(box.topLeft(), self._boxes[key])

    def draw_bar(self, painter: QPainter, bar: QRect, share: float, color: QColor) -> None:
        """Draw a bar that is full at a share of 1."""
        ground = self.theme.raised if self.theme.raised != self.theme.surface else self.theme.border
        painter.drawPixmap(bar.topLeft(), self._bar(bar, ground))
        if share > 0:
            # Something is always more than nothing.
            width = max(2, round(min(1.0, share) * bar.width()))
            full = self._bar(bar, color)
            painter.drawPixmap(
                QRect(bar.left(), bar.top(), width, bar.height()),
                full,
                QRect(0, 0, round(width * self.ratio), full.height()),
            )

    def _bar(self, bar: QRect, color: QColor) -> QPixmap:
        key = (bar.width(), bar.height(), color.rgba())
        if key not in self._bars:
            if len(self._bars) >= _MOST_PICTURES:
                self._bars.clear()
            picture, painter = self._picture(bar.width(), bar.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            radius = bar.height() / 2
            painter.drawRoundedRect(QRectF(0, 0, bar.width(), bar.height()), radius, radius)
            painter.end()
            self._bars[key] = picture
        return self._bars[key]

    def _picture(self, width: int, height: int) -> tuple[QPixmap, QPainter]:
        picture = QPixmap(round(width * self.ratio), round(height * self.ratio))
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return picture, painter


class Drawings:
    """The texts and shapes for one widget, made anew when its font, theme or screen changes."""

    def __init__(self) -> None:
        self._texts: DrawnTexts | None = None
        self._shapes: DrawnShapes | None = None

    def texts(self, font: QFont) -> DrawnTexts:
        """The texts in a font."""
        if self._texts is None or self._texts.font != font:
            self._texts = DrawnTexts(QFont(font))
        return self._texts

    def shapes(self, theme: Theme, ratio: float) -> DrawnShapes:
        """The shapes in a theme, for a screen of ``ratio``."""
        if self._shapes is None or self._shapes.theme is not theme or self._shapes.ratio != ratio:
            self._shapes = DrawnShapes(theme, ratio)
        return self._shapes
