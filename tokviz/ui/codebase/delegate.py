"""What the codebase page's trees and tables are painted with: rows of one height, texts, bars, grounds."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
PADDING = 8
_BAR = 6
"""Height of a bar."""
_NUMBER = 48
"""Width kept for the number next to a bar."""
ROW_AIR = 8
"""What a row is higher than its text."""


class RowDelegate(QStyledItemDelegate):
    """Takes the clicks on check boxes and gives rows their height."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, QFontMetrics(option.font).height() + ROW_AIR)


def bar_rect(room: QRect, number: int, direction: Qt.LayoutDirection) -> QRect | None:
    """Where the bar of a share lies in its cell, with its number (``number`` pixels wide) behind it; None
    where there is too little room for one."""
    width = room.width() - max(_NUMBER, number + 6)
    if width < 2 * _BAR:
        return None
    bar = QRect(room.left(), room.center().y() - _BAR // 2 + 1, width, _BAR)
    return QStyle.visualRect(direction, room, bar)
