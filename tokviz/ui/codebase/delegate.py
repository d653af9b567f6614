"""Paints the cells of the codebase page's trees and tables: quiet figures, and a bar for each share."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tokviz.analysis.budget import Fit
from tokviz.analysis.token_tree import Inclusion
from tokviz.ui.codebase.check_box import CheckPlaces, paint_check_box
from tokviz.ui.codebase.columns import NUMERIC, Column
from tokviz.ui.codebase.figures import NodeFigures
from tokviz.ui.codebase.tree_model import CHECK_STATES, Role
from tokviz.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
PADDING = 8
_BAR = 6
"""Height of a bar."""
_NUMBER = 48
"""Width kept for the number beside a bar."""
SORT_ARROW = (
    "QHeaderView::up-arrow, QHeaderView::down-arrow {"
    " subcontrol-origin: border; subcontrol-position: top center; height: 7px; width: 9px; }"
)
"""Style of a header: its arrow stands above the title, which it would hide where that is on the right."""
# Made once: putting flags together takes Python longer than drawing.
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_COLUMNS = tuple(Column)
_CHECKABLE = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
_SELECTED, _HOVERED = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver
ROW_AIR = 8
"""What a row is higher than its text."""


class TreeDelegate(QStyledItemDelegate):
    """The look of one cell of the tree. What it shows comes from the model."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._places = CheckPlaces()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, QFontMetrics(option.font).height() + ROW_AIR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column = _COLUMNS[index.column()]
        found: NodeFigures = index.data(Role.FIGURES)
        paint_ground(painter, option, self.theme)
        if column is Column.NAME:
            self._paint_name(painter, option, index, found)
            return
        rect: QRect = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        painter.save()
        painter.setFont(option.font)
        color = self.theme.muted if _taken_out(found) or column is Column.LANGUAGE else self.theme.text
        if column is Column.WINDOW and text and found.fit is not None:
            color = fit_color(found.fit, self.theme)
            paint_bar(painter, rect, found.fit.share or 0.0, self.theme, fit_bar_color(found.fit, self.theme))
        elif column is Column.FOLDER and text:
            paint_bar(painter, rect, found.of_folder or 0.0, self.theme, self.theme.muted)
        draw_text(painter, rect, text, color, right=column in NUMERIC)
        painter.restore()

    def _paint_name(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, found: NodeFigures
    ) -> None:
        if not found.left_out:
            option.features = _CHECKABLE
        box, room = self._places.box_and_text(option)
        if not found.left_out:
            paint_check_box(painter, box, CHECK_STATES[found.inclusion], self.theme)
        painter.setFont(option.font)
        color = self.theme.muted if _taken_out(found) else self.theme.text
        draw_text(painter, room, str(index.data(Qt.ItemDataRole.DisplayRole)), color, right=False)


def _taken_out(found: NodeFigures) -> bool:
    return found.left_out or found.inclusion is Inclusion.NONE


def fit_color(fit: Fit, theme: Theme) -> QColor:
    """The colour of a share's number: an alarm where the text does not fit, or may not."""
    if fit.usable is None or fit.fits:
        return theme.text
    return theme.error if fit.fits is False else theme.warning


def fit_bar_color(fit: Fit, theme: Theme) -> QColor:
    """The colour of the bar of a window."""
    if fit.usable is None or fit.fits:
        return theme.accent
    return theme.error if fit.fits is False else theme.warning


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
    """The background of a selected or hovered cell."""
    state = option.state
    if state & _SELECTED:
        painter.fillRect(option.rect, theme.selection)
    elif state & _HOVERED:
        painter.fillRect(option.rect, theme.raised)


def paint_bar(painter: QPainter, rect: QRect, share: float, theme: Theme, color: QColor) -> None:
    """A bar on the left of ``rect`` for a share (1 is all, more is full), with room for its number."""
    width = rect.width() - _NUMBER
    if width < 2 * _BAR:
        return
    bar = QRectF(rect.left(), rect.center().y() - _BAR / 2 + 0.5, width, _BAR)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.raised if theme.raised != theme.surface else theme.border)
    painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
    if share > 0:
        # Something is always more than nothing.
        bar.setWidth(max(2.0, min(1.0, share) * width))
        painter.setBrush(color)
        painter.drawRoundedRect(bar, min(_BAR, bar.width()) / 2, _BAR / 2)


def draw_text(painter: QPainter, rect: QRect, text: str, color: QColor, *, right: bool) -> None:
    """One line of text, shortened in its middle where it has no room."""
    if not text:
        return
    metrics = painter.fontMetrics()
    if metrics.horizontalAdvance(text) > rect.width():
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
    painter.setPen(color)
    painter.drawText(rect, _RIGHT if right else _LEFT, text)
