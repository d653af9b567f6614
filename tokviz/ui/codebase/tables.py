"""What the tables of the page's lower part have in common: their look."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from tokviz.ui.codebase.check_box import CheckPlaces, paint_check_box
from tokviz.ui.codebase.delegate import PADDING, ROW_AIR, SORT_ARROW, draw_text, paint_bar, paint_ground
from tokviz.ui.codebase.types_model import TypeRole
from tokviz.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex


_CHECKABLE = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator


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
        self._places = CheckPlaces()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, QFontMetrics(option.font).height() + ROW_AIR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_ground(painter, option, self.theme)
        if index.column() == 0:
            self._paint_first(painter, option, index)
            return
        rect: QRect = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        share = index.data(TypeRole.SHARE)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        painter.save()
        painter.setFont(option.font)
        if isinstance(share, float):
            number = QFontMetrics(option.font).horizontalAdvance(text)
            paint_bar(painter, rect, share, self.theme, self.theme.accent, number)
        color = self.theme.muted if index.data(TypeRole.TAKEN_OUT) else self.theme.text
        right = index.data(Qt.ItemDataRole.TextAlignmentRole) is not None
        draw_text(painter, rect, text, color, QFontMetrics(option.font), right=right)
        painter.restore()

    def _paint_first(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The first column: a box, a colour, a text, as far as there are."""
        room: QRect = option.rect.adjusted(PADDING, 0, -2, 0)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is not None:
            option.features = _CHECKABLE
            box, room = self._places.box_and_text(option)
            paint_check_box(painter, box, Qt.CheckState(state), self.theme)
        square = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(square, QColor):
            side = painter.fontMetrics().ascent()
            painter.setPen(self.theme.border)
            painter.setBrush(square)
            painter.drawRect(QRect(room.left(), room.center().y() - side // 2, side, side))
            room.setLeft(room.left() + side + 6)
        painter.setFont(option.font)
        quiet = index.data(TypeRole.TAKEN_OUT)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        color = self.theme.muted if quiet else self.theme.text
        draw_text(painter, room, text, color, QFontMetrics(option.font), right=False)
