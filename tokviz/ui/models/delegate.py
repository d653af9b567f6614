"""Paints the cells of the models panel: two lines each, and the bar of the context window."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tokviz.analysis.budget import Standing
from tokviz.ui.common.theme import Theme
from tokviz.ui.models.rows import Column, Row
from tokviz.ui.models.table import Role

_PADDING = 8
_BAR_HEIGHT = 8


class ModelDelegate(QStyledItemDelegate):
    """The look of one row. Everything it shows comes from the table; it computes only geometry."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines of text with air around them."""
        return QSize(90, 2 * QFontMetrics(option.font).lineSpacing() + 14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(Role.ROW)
        first = str(index.data(Qt.ItemDataRole.DisplayRole))
        second = str(index.data(Role.SECOND_LINE))
        painter.save()
        self._paint_ground(painter, option)
        rect: QRect = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        font: QFont = option.font
        line = QFontMetrics(font).lineSpacing()
        upper = QRect(rect.left(), rect.center().y() - line, rect.width(), line)
        lower = QRect(rect.left(), rect.center().y() + 1, rect.width(), line)
        match Column(index.column()):
            case Column.MODEL:
                star = "★ " if row.favourite else ""
                self._text(
                    painter, upper, star + first, _bold(font), self.theme.text, Qt.AlignmentFlag.AlignLeft
                )
                self._text(painter, lower, second, _small(font), self.theme.muted, Qt.AlignmentFlag.AlignLeft)
            case Column.WINDOW:
                short = str(index.data(Role.SHORT_SECOND_LINE))
                self._paint_window(painter, upper, lower, row, font, (first, second, short))
            case _:
                right = Qt.AlignmentFlag.AlignRight
                self._text(painter, upper, first, font, self.theme.text, right)
                small = _small(font)
                if QFontMetrics(small).horizontalAdvance(second) > lower.width():
                    second = str(index.data(Role.SHORT_SECOND_LINE))
                self._text(painter, lower, second, small, self.theme.muted, right)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        rect: QRect = option.rect
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self.theme.selection)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self.theme.raised)
        painter.setPen(self.theme.raised)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_window(
        self,
        painter: QPainter,
        upper: QRect,
        lower: QRect,
        row: Row,
        font: QFont,
        texts: tuple[str, str, str],
    ) -> None:
        """``texts``: the share, what is left, and the latter for where it has no room."""
        fit, short = row.fit, texts[2]
        doubt = fit is not None and fit.standing not in (Standing.FITS, Standing.UNKNOWN)
        color = self.theme.text
        if fit is not None and doubt:
            color = self.theme.error if fit.standing is Standing.TOO_LONG else self.theme.warning
        self._text(painter, upper, texts[0], font, color, Qt.AlignmentFlag.AlignLeft)
        small = _small(font)
        room = upper.width() - QFontMetrics(font).horizontalAdvance(texts[0]) - _PADDING
        fits = QFontMetrics(small).horizontalAdvance(texts[1]) <= room
        self._text(
            painter,
            upper.adjusted(upper.width() - room, 0, 0, 0),
            texts[1] if fits else short,
            small,
            color if doubt else self.theme.muted,
            Qt.AlignmentFlag.AlignRight,
        )
        bar = QRectF(
            lower.left(), lower.top() + (lower.height() - _BAR_HEIGHT) / 2, lower.width(), _BAR_HEIGHT
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.raised if self.theme.raised != self.theme.surface else self.theme.border)
        painter.drawRoundedRect(bar, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
        if fit is None or not row.model.context_window:
            return
        window = row.model.context_window
        used = min(1.0, fit.used / window)
        reserved = min(1.0 - used, fit.reserve / window)
        self._segment(
            painter, bar, used, used + reserved, QBrush(self.theme.muted, Qt.BrushStyle.BDiagPattern)
        )
        filled = self.theme.accent if not doubt else color
        self._segment(painter, bar, 0.0, used, QBrush(filled))
        if fit.count.low != fit.count.high:
            low, high = (min(1.0, tokens / window) for tokens in (fit.count.low, fit.count.high))
            self._segment(painter, bar, low, high, QBrush(self.theme.text, Qt.BrushStyle.Dense5Pattern))

    @staticmethod
    def _segment(painter: QPainter, bar: QRectF, start: float, stop: float, brush: QBrush) -> None:
        if stop <= start:
            return
        # Something is always more than nothing: a used window shows at least one and a half pixels.
        width = max(1.5, (stop - start) * bar.width())
        painter.save()
        painter.setClipRect(QRectF(bar.left() + start * bar.width(), bar.top(), width, bar.height()))
        painter.setBrush(brush)
        painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
        painter.restore()

    @staticmethod
    def _text(
        painter: QPainter, rect: QRect, text: str, font: QFont, color: QColor, side: Qt.AlignmentFlag
    ) -> None:
        painter.setFont(font)
        painter.setPen(color)
        elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, elided)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


def _small(font: QFont) -> QFont:
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * 0.88)
    else:
        small.setPixelSize(round(font.pixelSize() * 0.88))
    return small
