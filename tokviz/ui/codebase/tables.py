"""What the tables of the page's lower part have in common: their look."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from tokviz.ui.codebase.check_box import paint_check_box
from tokviz.ui.codebase.delegate import PADDING, ROW_AIR, SORT_ARROW, draw_text, paint_bar, paint_ground
from tokviz.ui.codebase.types_model import TypeRole
from tokviz.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex


_MARGIN = 3
"""What Qt's own painting leaves on the left of a text."""


class QuietTable(QTableView):
    """A table without a grid, chosen by rows, ordered by a click on a heading."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + ROW_AIR)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStyleSheet(SORT_ARROW)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class QuietDelegate(QStyledItemDelegate):
    """Paints a bar where a cell has a share, and quietly what is taken out."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, QFontMetrics(option.font).height() + ROW_AIR)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.data(TypeRole.TAKEN_OUT):
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(role, self.theme.muted)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_ground(painter, option, self.theme)
        if index.column() == 0:
            # Under its heading, which has as much air before it.
            option.rect.setLeft(option.rect.left() + PADDING - _MARGIN)
            super().paint(painter, option, index)
            self.initStyleOption(option, index)
            paint_check_box(painter, option, self.theme)
            return
        rect: QRect = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        share = index.data(TypeRole.SHARE)
        painter.save()
        painter.setFont(option.font)
        if isinstance(share, float):
            paint_bar(painter, rect, share, self.theme, self.theme.accent)
        color = self.theme.muted if index.data(TypeRole.TAKEN_OUT) else self.theme.text
        right = index.data(Qt.ItemDataRole.TextAlignmentRole) is not None
        draw_text(painter, rect, str(index.data(Qt.ItemDataRole.DisplayRole) or ""), color, right=right)
        painter.restore()
