"""The window bar of a model's card, with its numbers written at its marks."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from tokviz.analysis import fit_words, formatting
from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.ui.common.painted_parts import ReadParts
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import LEGEND, scaled, sized
from tokviz.ui.common.window_bar import fit_color, marks_of, paint_window_bar
from tokviz.ui.models import cells
from tokviz.ui.models.rows import Row

_BAR, _LINE = 14, 18
"""Pixels: the bar's height, and of a line of words above or below it."""
_APART = 10


class CardBar(ReadParts):
    """Above the bar what is used and the limits, below it the reserve, what is left, and answers alone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_("Share of the window"))
        self._theme = theme
        self._row: Row | None = None
        self._boxes: dict[str, QRectF] = {}
        """Where each of the texts was painted that had room."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_row(self, row: Row) -> None:
        """Draw this model's window from now on."""
        self._row = row
        self.tell()
        self.setToolTip(fit_words.room_and_doubt(row.fit) if row.fit else "")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.update()

    def part_count(self) -> int:
        return len(self._texts)

    def part_words(self, number: int) -> str:
        return self._texts[number]

    def part_box(self, number: int) -> QRectF:
        return self._boxes.get(self._texts[number], QRectF(self.rect()))

    def overview(self) -> str:
        return ". ".join(self._texts)

    @property
    def _texts(self) -> list[str]:
        row = self._row
        return [] if row is None else [text for text in (*self._above(row), *self._below(row)) if text]

    def sizeHint(self) -> QSize:
        return QSize(240, scaled(self.font(), _BAR) + 2 * scaled(self.font(), _LINE))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._row is None:
            return
        row, theme, painter = self._row, self._theme, QPainter(self)
        self._boxes = {}
        line, height = scaled(self.font(), _LINE), scaled(self.font(), _BAR)
        bar = QRectF(0, line, self.width(), height)
        paint_window_bar(painter, bar, row.fit, theme, hatched=True)
        bold, plain = sized(self.font(), LEGEND, semibold=True), sized(self.font(), LEGEND)
        used, tick, window = self._above(row)
        x = float(self.width())
        x -= self._at_right(painter, window, plain, 0, x) + _APART
        marks = None if row.fit is None else marks_of(row.fit, bar.width())
        painter.setPen(fit_color(row.fit, theme, theme.accent))
        painter.setFont(bold)
        taken = QFontMetricsF(bold).horizontalAdvance(used)
        self._draw(painter, QRectF(0, 0, taken + 2, line), used)
        taken += _APART
        if marks is not None and marks.tick is not None and tick:
            width = QFontMetricsF(bold).horizontalAdvance(tick)
            left = max(taken, min(marks.tick - width / 2, x - width))
            if left + width <= x + 1:
                painter.setPen(theme.text)
                self._draw(painter, QRectF(left, 0, width + 2, line), tick)
        self._paint_below(painter, row, plain, line + height)
        self.paint_current(painter, theme.accent)

    def _paint_below(self, painter: QPainter, row: Row, font: QFont, top: int) -> None:
        reserve, room, answers = self._below(row)
        x = float(self.width())
        x -= self._at_right(painter, answers or room, font, top, x) + _APART
        start = 0.0
        width = QFontMetricsF(font).horizontalAdvance(reserve)
        if reserve and width <= x:
            self._draw(painter, QRectF(0, top, width + 2, scaled(self.font(), _LINE)), reserve)
            start = width + _APART
        if answers and QFontMetricsF(font).horizontalAdvance(room) <= x - start:
            self._at_right(painter, room, font, top, x)

    def _at_right(self, painter: QPainter, text: str, font: QFont, top: int, right: float) -> float:
        """Draw ``text`` so that it ends at ``right``, and say how wide it is."""
        painter.setFont(font)
        painter.setPen(self._theme.muted)
        width = QFontMetricsF(font).horizontalAdvance(text)
        rect = QRectF(right - width - 2, top, width + 2, scaled(self.font(), _LINE))
        self._draw(painter, rect, text, Qt.AlignmentFlag.AlignRight)
        return width

    def _draw(
        self, painter: QPainter, box: QRectF, text: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    ) -> None:
        """Draw ``text`` in ``box``, which lies there from the left; where one reads from the right, there."""
        if painter.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            box.moveRight(self.width() - box.left())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, text)
        self._boxes[text] = box

    @staticmethod
    def _above(row: Row) -> tuple[str, str, str]:
        """What is used; the largest input, if it is smaller than the window; the window."""
        model = row.model
        if row.fit is None:
            used = cells.COUNTING if row.asked else cells.NOT_COUNTED
        else:
            used = f"{formatting.count(row.fit.count)} · {fit_words.share(row.fit)}"
        return (
            used,
            _smaller_input(model),
            _("window {size}", size=formatting.grouped(model.context_window)),
        )

    @staticmethod
    def _below(row: Row) -> tuple[str, str, str]:
        """The reserve, what is left, and what only an answer can take."""
        if row.fit is None:
            return "", "", ""
        room = fit_words.room(row.fit)
        answers = ""
        if _smaller_input(row.model):
            longest = row.model.max_output
            most = formatting.grouped(longest)
            answers = _("answer only, up to {most}", most=most) if longest else _("answer only")
        return _("reserve {reserve}", reserve=formatting.grouped(row.fit.reserve)), room, answers


def _smaller_input(model: LanguageModel) -> str:
    if model.max_input is None or model.context_window is None or model.max_input >= model.context_window:
        return ""
    return _("max input {size}", size=formatting.grouped(model.max_input))
