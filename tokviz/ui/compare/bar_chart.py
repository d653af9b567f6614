"""A bar chart of tokenizers: one bar each, an estimate's range drawn as a range."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokviz.analysis.comparison.comparison_table import Range
from tokviz.analysis.formatting import UNKNOWN
from tokviz.language import _
from tokviz.ui.common.painted_parts import ReadParts
from tokviz.ui.common.theme import Theme

_MARGIN = 10
_GAP = 12
_BAR = 12
_LABEL_SHARE = 0.34
"""The most of the width that titles may take."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the chart."""

    title: str
    value: Range | None
    """How long the bar is; None: not known yet."""
    text: str
    """The value in words, behind the bar."""
    emphasized: bool = False


class BarChart(ReadParts):
    """Bars from zero, in the order given, with a dashed line at a baseline's value. Titles stand where one
    begins to read, values at the other end, also from right to left."""

    read = Signal(QRectF)
    """Keys have gone to the bar in this part of the widget."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("Bar chart"), parent)
        self._theme = theme
        self._bars: Sequence[Bar] = ()
        self._baseline: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    def set_bars(self, name: str, bars: Sequence[Bar], baseline: float | None = None) -> None:
        """Show ``bars``; ``name`` says what they measure; ``baseline`` is the value of the dashed line."""
        title = self._bars[self._current].title if self._current is not None else ""
        self._current = next((place for place, bar in enumerate(bars) if bar.title == title), None)
        self._bars = tuple(bars)
        self._baseline = baseline
        self.setAccessibleName(name)
        self.tell()
        self.updateGeometry()
        self.update()

    def part_count(self) -> int:
        return len(self._bars)

    def part_words(self, number: int) -> str:
        bar = self._bars[number]
        return f"{bar.title}: {bar.text or UNKNOWN}"

    def part_box(self, number: int) -> QRectF:
        return QRectF(0, _MARGIN + number * self._row_height(), self.width(), self._row_height())

    def choose_part(self, number: int) -> None:
        super().choose_part(number)
        self.read.emit(self.part_box(number))

    def overview(self) -> str:
        return "; ".join(map(self.part_words, range(self.part_count())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.part_at(event.position())
        if number is not None and event.button() is Qt.MouseButton.LeftButton:
            self.choose_part(number)

    def sizeHint(self) -> QSize:
        """A row's height for each bar."""
        return QSize(420, round(2 * _MARGIN + len(self._bars) * self._row_height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def _row_height(self) -> float:
        return max(QFontMetricsF(self.font()).lineSpacing(), _BAR) + 8

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            metrics = QFontMetricsF(self.font())
            titles = max((metrics.horizontalAdvance(bar.title) for bar in self._bars), default=0.0)
            texts = max((metrics.horizontalAdvance(bar.text) for bar in self._bars), default=0.0)
            titles = min(titles, self.width() * _LABEL_SHARE)
            left, right = _MARGIN + titles + _GAP, self.width() - _MARGIN - texts - _GAP
            area = QRectF(left, _MARGIN, max(right - left, 20.0), self.height() - 2 * _MARGIN)
            longest = max((bar.value.high for bar in self._bars if bar.value), default=0.0)
            scale = area.width() / longest if longest > 0 else 0.0
            for number, bar in enumerate(self._bars):
                row = self.part_box(number)
                self._paint_texts(painter, row, bar, metrics, titles)
                if bar.value:
                    self._paint_bar(painter, row, bar, bar.value, area.left(), scale)
            if self._baseline and scale:
                x = round(area.left() + self._baseline * scale)
                line = self._lies(QRectF(x, area.top() - 4, 1, area.height() + 8))
                painter.setPen(QPen(self._theme.text, 1, Qt.PenStyle.DashLine))
                painter.drawLine(line.topLeft() + QPointF(0.5, 0), line.bottomLeft() + QPointF(0.5, 0))
            self.paint_current(painter, self._theme.accent)

    def _paint_texts(
        self, painter: QPainter, row: QRectF, bar: Bar, metrics: QFontMetricsF, titles: float
    ) -> None:
        painter.save()
        font = painter.font()
        font.setBold(bar.emphasized)
        painter.setFont(font)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setPen(self._theme.text)
        title = metrics.elidedText(bar.title, Qt.TextElideMode.ElideRight, titles)
        painter.drawText(self._lies(QRectF(_MARGIN, row.top(), titles + _GAP, row.height())), middle, title)
        painter.setPen(self._theme.text if bar.value else self._theme.muted)
        texts = self._lies(row.adjusted(0, 0, -_MARGIN, 0))
        painter.drawText(texts, middle | Qt.AlignmentFlag.AlignRight, bar.text or _("not counted yet"))
        painter.restore()

    def _paint_bar(
        self, painter: QPainter, row: QRectF, bar: Bar, value: Range, left: float, scale: float
    ) -> None:
        top = row.center().y() - _BAR / 2
        color = self._theme.accent if bar.emphasized else self._theme.muted
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        if value.is_certain:
            whole = self._lies(QRectF(left, top, max(value.likely * scale, 1.5), _BAR))
            painter.drawRoundedRect(whole, 2, 2)
            return
        # Solid up to the low end, hatched up to the high end, and a mark at what is likely.
        solid = self._lies(QRectF(left, top, max(value.low * scale, 1.5), _BAR))
        painter.drawRoundedRect(solid, 2, 2)
        span = self._lies(QRectF(left + value.low * scale, top, (value.high - value.low) * scale, _BAR))
        painter.setBrush(QBrush(color, Qt.BrushStyle.BDiagPattern))
        painter.drawRect(span)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 1))
        painter.drawRect(span)
        painter.setPen(QPen(self._theme.text, 2))
        x = self._lies(QRectF(left + value.likely * scale, top, 0, 0)).left()
        painter.drawLine(QPointF(x, top - 2), QPointF(x, top + _BAR + 2))

    def _lies(self, rect: QRectF) -> QRectF:
        """Where that lies in the direction of reading."""
        if not self.isRightToLeft():
            return rect
        return rect.translated(self.width() - rect.left() - rect.right(), 0)
