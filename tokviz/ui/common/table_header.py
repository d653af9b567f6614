"""A table's header that stands over its cells: same side, same padding, the arrow at the inner side."""

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

PADDING = 8
"""Pixels at each side of a cell."""
_HEIGHT, _AIR = 26, 10
"""Pixels: the least height, and what is left free above and below the title."""


class TableHeader(QHeaderView):
    """Paints titles as the model aligns them. ``first`` and ``last`` are the paddings at the table's ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.first = PADDING
        self.last = PADDING
        self.setMouseTracking(True)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(_HEIGHT, self.fontMetrics().height() + _AIR))

    def set_widths(self, widths: Iterable[tuple[int, int]]) -> None:
        """Give columns these widths, each with as much more as its title needs (see ``fitting``)."""
        for column, width in widths:
            self.resizeSection(column, self.fitting(column, width))

    def fitting(self, column: int, width: int) -> int:
        """``width``, which is enough for the title in English, or what the title takes in the language that
        is shown, up to half as much again."""
        title = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        needed = self.fontMetrics().horizontalAdvance(title) + 2 * PADDING + 1
        return min(max(width, needed), width * 3 // 2)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model, palette, horizontal = self.model(), self.palette(), Qt.Orientation.Horizontal
        title = str(model.headerData(logicalIndex, horizontal) or "")
        side = model.headerData(logicalIndex, horizontal, Qt.ItemDataRole.TextAlignmentRole)
        side = self.defaultAlignment() if side is None else Qt.AlignmentFlag(side)
        right = bool(side & Qt.AlignmentFlag.AlignRight)
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex:
            arrow = "▾" if self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder else "▴"
            title = f"{arrow} {title}" if right else f"{title} {arrow}"
        painter.save()
        painter.fillRect(rect, palette.color(QPalette.ColorRole.Window))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        seen = [index for index in range(self.count()) if not self.isSectionHidden(index)]
        seen.sort(key=self.visualIndex)
        start = self.first if logicalIndex == seen[0] else PADDING
        end = self.last if logicalIndex == seen[-1] else PADDING
        if self.isRightToLeft():
            start, end = end, start
        inner = rect.adjusted(start, 0, -end, 0)
        painter.setFont(self.font())
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, inner.width())
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        if self.sectionsClickable() and rect.contains(self.mapFromGlobal(self.cursor().pos())):
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        aligned = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, aligned | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, title)
        painter.restore()
