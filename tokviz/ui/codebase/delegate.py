"""What the codebase page's trees and tables are painted with: rows of one height, texts, bars, grounds."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tokviz.analysis.budget import Fit
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
_SELECTED, _HOVERED = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver
ROW_AIR = 8
"""What a row is higher than its text."""


class TreeDelegate(QStyledItemDelegate):
    """Takes the clicks on check boxes and gives rows their height; the view paints them itself."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, QFontMetrics(option.font).height() + ROW_AIR)


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


def paint_bar(
    painter: QPainter, rect: QRect, share: float, theme: Theme, color: QColor, number: int = 0
) -> None:
    """A bar on the left of ``rect`` for a share (1 is all, more is full), with room for its number, which is
    ``number`` pixels wide."""
    width = rect.width() - max(_NUMBER, number + 6)
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


def draw_text(
    painter: QPainter, rect: QRect, text: str, color: QColor, metrics: QFontMetrics, *, right: bool
) -> None:
    """One line of text in the painter's font, shortened in its middle where it has no room; on the right
    stand numbers, of which a part would be a lie."""
    if not text:
        return
    if metrics.horizontalAdvance(text) > rect.width():
        text = "…" if right else metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
    painter.setPen(color)
    painter.drawText(rect, _RIGHT if right else _LEFT, text)
