"""Cells with a check box, in the page's trees and tables.

They are painted here and not by the style: Qt's own outline cannot be seen on a dark ground, and with a style
sheet every such cell takes longer than the rest of its row.
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from tokviz.ui.common.theme import Theme

_Check = QStyle.SubElement.SE_ItemViewItemCheckIndicator
_Text = QStyle.SubElement.SE_ItemViewItemText
_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_MARK = ((0.24, 0.53), (0.43, 0.72), (0.76, 0.30))
"""The corners of a check mark, as parts of the box's side."""


class CheckPlaces:
    """Where the style has an item's box and text, as it takes clicks there; asked once for a height."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, bool], tuple[QRect, QPoint]] = {}

    def box_and_text(self, option: QStyleOptionViewItem) -> tuple[QRect, QRect]:
        """The box (empty if there is none) and the room for the text."""
        rect: QRect = option.rect
        checkable = bool(option.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator)
        key = (rect.height(), checkable)
        if key not in self._known:
            style = option.widget.style() if option.widget else QApplication.style()
            box = style.subElementRect(_Check, option, option.widget) if checkable else QRect()
            text = style.subElementRect(_Text, option, option.widget)
            self._known[key] = box.translated(-rect.topLeft()), text.topLeft() - rect.topLeft()
        box, start = self._known[key]
        room = rect.adjusted(start.x() + 3, 0, -2, 0)
        return box.translated(rect.topLeft()) if checkable else QRect(), room


def paint_check_box(painter: QPainter, rect: QRect, state: Qt.CheckState, theme: Theme) -> None:
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
