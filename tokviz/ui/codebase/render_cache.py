"""What trees and tables draw often, kept ready: short texts, check boxes, bars. A frame has hundreds of them.

Check boxes are painted here and not by the style: Qt's own outline cannot be seen on a dark ground, and with
a style sheet every such cell takes longer than the rest of its row.
"""

from dataclasses import astuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QStaticText
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from tokviz.analysis.budget import Fit
from tokviz.ui.common.icons import SIDE, paint_icon
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import BADGE, sized
from tokviz.ui.common.window_bar import TICK_OVERHANG, marks_of, paint_window_bar

_Check = QStyle.SubElement.SE_ItemViewItemCheckIndicator
_Text = QStyle.SubElement.SE_ItemViewItemText
_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_MARK = ((0.24, 0.53), (0.43, 0.72), (0.76, 0.30))
"""The corners of a check mark, as parts of the box's side."""
_MOST_TEXTS = 4000
"""Texts kept: some hundred rows'."""
_MOST_PICTURES = 200


def is_mirrored(painter: QPainter) -> bool:
    """Whether it paints what is read from right to left."""
    return painter.layoutDirection() == Qt.LayoutDirection.RightToLeft


class CheckBoxLayout:
    """Where the style has an item's box and text, as it takes clicks there; asked once for a height."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, bool], tuple[QRect, QPoint]] = {}

    def box_and_text(self, option: QStyleOptionViewItem) -> tuple[QRect, QRect]:
        """The box (empty if there is none) and the room for the text."""
        rect: QRect = option.rect
        checkable = bool(option.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator)
        direction = option.direction
        key = (rect.height(), checkable)
        if key not in self._known:
            option.direction = Qt.LayoutDirection.LeftToRight
            style = option.widget.style() if option.widget else QApplication.style()
            box = style.subElementRect(_Check, option, option.widget) if checkable else QRect()
            text = style.subElementRect(_Text, option, option.widget)
            self._known[key] = box.translated(-rect.topLeft()), text.topLeft() - rect.topLeft()
            option.direction = direction
        box, start = self._known[key]
        room = QStyle.visualRect(direction, rect, rect.adjusted(start.x() + 3, 0, -2, 0))
        return QStyle.visualRect(
            direction, rect, box.translated(rect.topLeft())
        ) if checkable else QRect(), room


class TextCache:
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
        part would be a lie. Where the painter's layout goes from right to left, sides are the other way
        round."""
        if not text:
            return
        drawn, width = self._get(text)
        if width > room.width():
            text = "…" if right else self.metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
            drawn, width = self._get(text)
        left = room.right() + 1 - width if right is not is_mirrored(painter) else room.left()
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


class ShapeCache:
    """Check boxes and bars in one theme, painted once for each size, state and colour."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        """``ratio``: pixels of the screen for each logical one."""
        self.theme = theme
        self.ratio = ratio
        self._boxes: dict[tuple[int, Qt.CheckState], QPixmap] = {}
        self._bars: dict[tuple[int, int, int], QPixmap] = {}
        self._windows: dict[object, QPixmap] = {}
        self._icons: dict[tuple[str, int], QPixmap] = {}
        self._badges: dict[tuple[str, str], QPixmap] = {}

    def draw_check_box(self, painter: QPainter, box: QRect, state: Qt.CheckState) -> None:
        """Draw a check box."""
        key = (box.width(), state)
        if key not in self._boxes:
            picture, inner = self._picture(box.width(), box.height())
            _paint_check_box(inner, QRect(0, 0, box.width(), box.height()), state, self.theme)
            inner.end()
            self._boxes[key] = picture
        painter.drawPixmap(box.topLeft(), self._boxes[key])

    def draw_bar(self, painter: QPainter, bar: QRect, share: float, color: QColor) -> None:
        """Draw a bar that is full at a share of 1."""
        ground = self.theme.track
        painter.drawPixmap(bar.topLeft(), self._bar(bar, ground))
        if share > 0:
            # Something is always more than nothing.
            width = max(2, round(min(1.0, share) * bar.width()))
            full = self._bar(bar, color)
            part = QRect(0, 0, round(width * self.ratio), full.height())
            if is_mirrored(painter):
                part.moveRight(full.width() - 1)
            filled = QRect(bar.left(), bar.top(), width, bar.height())
            painter.drawPixmap(QStyle.visualRect(painter.layoutDirection(), bar, filled), full, part)

    def draw_window_bar(self, painter: QPainter, bar: QRect, fit: Fit) -> None:
        """Draw the bar of a window; see ``ui.common.window_bar``."""
        marks = marks_of(fit, bar.width())
        # A change of less than half a pixel is not seen, and a picture for each would fill the cache.
        key = (bar.width(), bar.height(), marks and tuple(map(_to_half_pixels, astuple(marks))))
        if key not in self._windows:
            if len(self._windows) >= _MOST_PICTURES:
                self._windows.clear()
            picture, inner = self._picture(bar.width(), bar.height() + 2 * TICK_OVERHANG)
            inner.setLayoutDirection(painter.layoutDirection())
            paint_window_bar(inner, QRectF(0, TICK_OVERHANG, bar.width(), bar.height()), fit, self.theme)
            inner.end()
            self._windows[key] = picture
        painter.drawPixmap(bar.left(), bar.top() - TICK_OVERHANG, self._windows[key])

    def draw_icon(self, painter: QPainter, left: int, top: int, name: str, color: QColor) -> None:
        """Draw an icon of the set, ``SIDE`` pixels wide and high."""
        key = (name, color.rgba())
        if key not in self._icons:
            picture, inner = self._picture(SIDE, SIDE)
            paint_icon(inner, QRectF(0, 0, SIDE, SIDE), name, color)
            inner.end()
            self._icons[key] = picture
        painter.drawPixmap(left, top, self._icons[key])

    def badge(self, text: str, font: QFont) -> QPixmap:
        """A badge of the kind ``warning``."""
        key = (text, font.key())
        if key not in self._badges:
            small = sized(font, BADGE)
            small.setWeight(QFont.Weight.Medium)
            metrics = QFontMetrics(small)
            width, height = metrics.horizontalAdvance(text) + 8, max(16, metrics.height() + 2)
            picture, painter = self._picture(width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.warning_soft)
            painter.drawRoundedRect(QRectF(0, 0, width, height), 3, 3)
            painter.setFont(small)
            painter.setPen(self.theme.warning)
            painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, text)
            painter.end()
            self._badges[key] = picture
        return self._badges[key]

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


def _to_half_pixels(mark: object) -> object:
    """A position, or two, to the nearest half pixel; what is no position stays."""
    if isinstance(mark, tuple):
        return tuple(map(_to_half_pixels, mark))
    return round(2 * mark) if isinstance(mark, float) else mark


class RenderCache:
    """The texts and shapes for one widget, rebuilt when its font, theme or screen changes."""

    def __init__(self) -> None:
        self._texts: TextCache | None = None
        self._shapes: ShapeCache | None = None

    def texts(self, font: QFont) -> TextCache:
        """The texts in a font."""
        if self._texts is None or self._texts.font != font:
            self._texts = TextCache(QFont(font))
        return self._texts

    def shapes(self, theme: Theme, ratio: float) -> ShapeCache:
        """The shapes in a theme, for a screen of ``ratio``."""
        if self._shapes is None or self._shapes.theme is not theme or self._shapes.ratio != ratio:
            self._shapes = ShapeCache(theme, ratio)
        return self._shapes


def _paint_check_box(painter: QPainter, rect: QRect, state: Qt.CheckState, theme: Theme) -> None:
    """Paint a box in a state."""
    box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    filled = state != _UNCHECKED
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.accent if filled else theme.muted, 1))
    painter.setBrush(theme.accent if filled else theme.surface)
    painter.drawRoundedRect(box, 3, 3)
    side, left, top = box.width(), box.left(), box.top()
    painter.setPen(QPen(theme.accent_text, 1.8))
    if state == _CHECKED:
        painter.drawPolyline([QPointF(left + x * side, top + y * side) for x, y in _MARK])
    elif filled:
        middle = box.center().y()
        painter.drawLine(QPointF(left + 0.26 * side, middle), QPointF(left + 0.74 * side, middle))
    painter.restore()
