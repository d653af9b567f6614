"""What the tables of the page's lower part have in common: their look."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tokviz.ui.codebase.delegate import PADDING, ROW_AIR, RowDelegate, bar_rect
from tokviz.ui.codebase.render_cache import CheckBoxLayout, RenderCache, ShapeCache
from tokviz.ui.common.table_model import TableRole
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import fill, set_up_table

Index = QModelIndex | QPersistentModelIndex
_LEAST_ROWS, _SPACING = 3, 4
_BACK_SOON = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Why the focus went, where it will be back: to another window, to a menu."""
# Made once: looking flags up takes Python longer than drawing.
_SELECTED, _HOVERED = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver
_CHECKABLE = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator


class QuietTable(QTableView):
    """A table without a grid, chosen by rows, ordered by a click on a heading."""

    def __init__(self, name: str, model: QAbstractItemModel, theme: Theme, widths: Sequence[int]) -> None:
        """``widths``: of the columns after the first, which takes what they leave."""
        super().__init__()
        self._delegate = QuietDelegate(theme, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        header = set_up_table(self, name, self.fontMetrics().height() + ROW_AIR)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.set_widths(enumerate(widths, 1))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._delegate.theme = theme
        self.viewport().update()


class TablePane(QWidget):
    """A table and what stands around it, which gives way where the pane is low: rows are what it is for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around: tuple[QWidget, ...] = ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _BACK_SOON:
            QTimer.singleShot(0, self, self._make_room)
        return super().eventFilter(watched, event)

    def give_way(self, *parts: QWidget) -> None:
        """These are hidden where the pane is low, the last one first."""
        self._around = parts
        for part in parts:
            part.installEventFilter(self)

    def _make_room(self) -> None:
        lines = self.fontMetrics().height() + ROW_AIR
        room = self.height() - (1 + _LEAST_ROWS) * lines
        for part in self._around:
            room -= part.sizeHint().height() + _SPACING
            part.setVisible(room >= 0 or part.hasFocus() or _is_in_use(part))

    def stack(self, *parts: QWidget, table: QWidget) -> None:
        """Lay out the parts from the top; the ``table`` takes what they leave."""
        fill(QVBoxLayout(self), *parts, wide=table, spacing=_SPACING)


def _is_in_use(part: QWidget) -> bool:
    """Whether rows are not what they would be without it, so that nobody would know why if it were hidden."""
    if isinstance(part, QLineEdit):
        return bool(part.text())
    return isinstance(part, QAbstractButton) and part.isChecked()


class QuietDelegate(RowDelegate):
    """Paints a bar where a cell has a share, and quietly what is excluded."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._boxes = CheckBoxLayout()
        self._cache = RenderCache()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & _SELECTED:
            painter.fillRect(option.rect, self.theme.selection)
        elif option.state & _HOVERED:
            painter.fillRect(option.rect, self.theme.hover)
        if index.column() == 0:
            self._paint_first(painter, option, index)
            return
        rect: QRect = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        share = index.data(TableRole.SHARE)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        painter.save()
        painter.setFont(option.font)
        texts = self._cache.texts(option.font)
        direction = painter.layoutDirection()
        bar = bar_rect(rect, text, texts, direction) if isinstance(share, float) else None
        if bar is not None:
            self._shapes(option).draw_bar(painter, bar, share, self.theme.accent)
        color = self._ink(option, index)
        right = index.data(Qt.ItemDataRole.TextAlignmentRole) is not None
        texts.draw(painter, rect, text, color, right=right)
        painter.restore()

    def _paint_first(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The first column: a box, a colour, a text, as far as there are."""
        direction = painter.layoutDirection()
        room = QStyle.visualRect(direction, option.rect, option.rect.adjusted(PADDING, 0, -2, 0))
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is not None:
            option.features = _CHECKABLE
            box, room = self._boxes.box_and_text(option)
            self._shapes(option).draw_check_box(painter, box, Qt.CheckState(state))
        square = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(square, QColor):
            side = painter.fontMetrics().ascent()
            painter.setPen(self.theme.border)
            painter.setBrush(square)
            corner = QRect(room.left(), room.center().y() - side // 2, side, side)
            painter.drawRect(QStyle.visualRect(direction, room, corner))
            room = QStyle.visualRect(direction, room, room.adjusted(side + 6, 0, 0, 0))
        painter.setFont(option.font)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        color = self._ink(option, index)
        self._cache.texts(option.font).draw(painter, room, text, color, right=False)

    def _ink(self, option: QStyleOptionViewItem, index: Index) -> QColor:
        # On what is selected nothing quieter can be read.
        quiet = index.data(TableRole.MUTED) and not option.state & _SELECTED
        return self.theme.muted if quiet else self.theme.text

    def _shapes(self, option: QStyleOptionViewItem) -> ShapeCache:
        ratio = option.widget.devicePixelRatioF() if option.widget else 1.0
        return self._cache.shapes(self.theme, ratio)
