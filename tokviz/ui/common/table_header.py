"""A table's header that stands over its cells: same side, same padding, the arrow at the inner side."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontInfo, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView, QWidget

from tokviz.ui.common.type_sizes import BODY

PADDING = 8
"""Pixels at each side of a cell."""
_HEIGHT, _AIR = 26, 10
"""Pixels: the least height, and what is left free above and below the title."""

_OF_TEXT = 0.6
"""How much of a column's width grows with its letters: the rest is air."""


class TableHeader(QHeaderView):
    """Paints titles as the model aligns them. ``first`` and ``last`` are the paddings at the table's ends.

    Columns, and the rows of a table, grow and shrink with the user's font.
    """

    grown = Signal(float)
    """The letters are so many times as large as before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._type = QFontInfo(QApplication.font()).pixelSize()
        self.growing = False
        """Whether columns are being made wider or narrower because the font is another one."""
        self.first = PADDING
        self.last = PADDING
        self.setMouseTracking(True)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(_HEIGHT, self.fontMetrics().height() + _AIR))

    def set_widths(self, widths: Iterable[tuple[int, int]]) -> None:
        """Give columns these widths, or more where the letters are large, each with as much more as its title
        needs (see ``fitting``)."""
        for column, width in widths:
            self.resizeSection(
                column, self.fitting(column, round(width * _widened(max(1.0, self._type / BODY))))
            )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Another font comes with a style sheet of its own (see ``keep_sized``).
        if event.type() == QEvent.Type.StyleChange:
            self._grow(QFontInfo(QApplication.font()).pixelSize())

    def _grow(self, type_: int) -> None:
        before, self._type = self._type, type_
        if type_ == before:
            return
        ratio, self.growing = type_ / before, True
        for column in range(self.count()):
            if not self.isSectionHidden(column):
                self.resizeSection(column, round(self.sectionSize(column) * _widened(ratio)))
        table = self.parentWidget()
        if isinstance(table, QTableView):
            rows = table.verticalHeader()
            rows.setDefaultSectionSize(round(rows.defaultSectionSize() * ratio))
        self.growing = False
        self.grown.emit(ratio)

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


def _widened(ratio: float) -> float:
    """How many times as wide a column is where the letters are ``ratio`` times as large."""
    return 1 + (ratio - 1) * _OF_TEXT if ratio >= 1 else 1 / _widened(1 / ratio)
