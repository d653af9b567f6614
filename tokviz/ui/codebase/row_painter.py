"""Paints a row of the tree at once: quiet figures, and bars for shares.

Asked for cell by cell, as a delegate is, Qt calls some sixty functions of the model for each row, which in
Python takes three times as long as the painting.
"""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from tokviz.analysis.token_tree import Inclusion
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.check_box import paint_check_box
from tokviz.ui.codebase.columns import NUMERIC, Column
from tokviz.ui.codebase.delegate import PADDING, draw_text, fit_bar_color, fit_color, paint_bar
from tokviz.ui.codebase.figures import Figures, NodeFigures
from tokviz.ui.theme import Theme

_QUIET = (Column.LANGUAGE, Column.ENCODING)
_CHECK = {
    Inclusion.NONE: Qt.CheckState.Unchecked,
    Inclusion.PARTLY: Qt.CheckState.PartiallyChecked,
    Inclusion.ALL: Qt.CheckState.Checked,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A column as it lies on the screen."""

    column: Column
    left: int
    width: int


class RowPainter:
    """Made for one frame: what all of its rows have in common."""

    def __init__(self, figures: Figures, sections: list[Section], font: QFont, theme: Theme) -> None:
        self.figures = figures
        self._sections = sections
        self._font = font
        self._metrics = QFontMetrics(font)
        self._theme = theme

    def paint(self, painter: QPainter, node: int, row: QRect, box: QRect, text_left: int) -> None:
        """Paint the cells of ``node`` in ``row``; its check box lies in ``box``, its name begins there."""
        found = self.figures.of(node)
        out = found.left_out or found.inclusion is Inclusion.NONE
        painter.setFont(self._font)
        for section in self._sections:
            if section.column is Column.NAME:
                if not found.left_out:
                    paint_check_box(painter, box, _CHECK[found.inclusion], self._theme)
                room = QRect(text_left, row.top(), section.left + section.width - text_left - 2, row.height())
                name = cells.cell(self.figures, node, Column.NAME)
                color = self._theme.muted if out else self._theme.text
                draw_text(painter, room, name, color, self._metrics, right=False)
            else:
                room = QRect(section.left + PADDING, row.top(), section.width - 2 * PADDING, row.height())
                self._paint_cell(painter, section.column, room, node, found, out)

    def _paint_cell(
        self, painter: QPainter, column: Column, room: QRect, node: int, found: NodeFigures, out: bool
    ) -> None:
        text = cells.cell(self.figures, node, column)
        if not text:
            return
        theme = self._theme
        color = theme.muted if out or column in _QUIET else theme.text
        number = self._metrics.horizontalAdvance(text)
        if column is Column.WINDOW and found.fit is not None:
            color = fit_color(found.fit, theme)
            paint_bar(painter, room, found.fit.share or 0.0, theme, fit_bar_color(found.fit, theme), number)
        elif column is Column.FOLDER:
            paint_bar(painter, room, found.of_folder or 0.0, theme, theme.muted, number)
        draw_text(painter, room, text, color, self._metrics, right=column in NUMERIC)
