"""What the codebase page's trees and tables are painted with: rows of one height, texts, bars, grounds."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tokviz.analysis.formatting import percent
from tokviz.ui.codebase.render_cache import TextCache

Index = QModelIndex | QPersistentModelIndex
PADDING = 8
_BAR = 6
"""Height of a bar."""
_GAP = 6
_LONG_SHARE = 0.00008
"""As much as 0.008 %."""
ROW_AIR = 8
"""What a row is higher than its text."""


class RowDelegate(QStyledItemDelegate):
    """Takes the clicks on check boxes and gives rows their height."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, QFontMetrics(option.font).height() + ROW_AIR)


def bar_rect(room: QRect, number: str, texts: TextCache, direction: Qt.LayoutDirection) -> QRect | None:
    """Where the bar of a share lies in its cell, with its ``number`` behind it; None where there is too
    little room for one. The bars of a column are of one length, or nobody could compare them: each leaves
    room for the longest number that is usual."""
    width = room.width() - max(texts.width(percent(_LONG_SHARE)), texts.width(number)) - _GAP
    if width < 2 * _BAR:
        return None
    bar = QRect(room.left(), room.center().y() - _BAR // 2 + 1, width, _BAR)
    return QStyle.visualRect(direction, room, bar)
