"""The check boxes of the page's trees and tables: Qt's own outline cannot be seen on a dark ground."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from tokviz.ui.theme import Theme


def paint_check_box(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
    """Paint an item's box over Qt's, if it has one. ``option`` is initialized from the item's index."""
    if not option.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator:
        return
    style = option.widget.style() if option.widget else QApplication.style()
    element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
    box = QRectF(style.subElementRect(element, option, option.widget)).adjusted(0.5, 0.5, -0.5, -0.5)
    state = option.checkState
    filled = state != Qt.CheckState.Unchecked
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.accent if filled else theme.muted, 1))
    painter.setBrush(theme.accent if filled else theme.surface)
    painter.drawRoundedRect(box, 3, 3)
    pen = QPen(theme.accent_text, 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    side, left, top = box.width(), box.left(), box.top()
    if state == Qt.CheckState.Checked:
        places = ((0.24, 0.53), (0.43, 0.72), (0.76, 0.30))
        painter.drawPolyline([QPointF(left + x * side, top + y * side) for x, y in places])
    elif filled:
        middle = box.center().y()
        painter.drawLine(QPointF(left + 0.26 * side, middle), QPointF(left + 0.74 * side, middle))
    painter.restore()
