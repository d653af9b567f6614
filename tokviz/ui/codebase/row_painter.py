"""Paints a row of the tree at once: quiet metrics, and bars for shares.

Asked for cell by cell, as a delegate is, Qt calls some sixty functions of the model for each row, which in
Python takes three times as long as the painting.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from tokviz.analysis.codebase.token_tree import Inclusion
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.delegate import PADDING, bar_rect
from tokviz.ui.codebase.hues import GREY
from tokviz.ui.codebase.render_cache import ShapeCache, TextCache, is_mirrored
from tokviz.ui.codebase.tile_colors import swatch
from tokviz.ui.codebase.tree_metrics import NUMERIC, Column, NodeMetrics, TreeMetrics
from tokviz.ui.codebase.tree_model import CHECK_STATES
from tokviz.ui.common.icons import SIDE
from tokviz.ui.common.window_bar import fit_color

_ICON_GAP = 6
_BADGE_GAP = 6
_LEAST_NAME = 96
"""Pixels of a longer name that a badge leaves; of a shorter one, all."""
_QUIET = (Column.LANGUAGE, Column.ENCODING)


@dataclass(frozen=True, slots=True)
class Section:
    """A column as it lies on the screen."""

    column: Column
    left: int
    width: int


class RowPainter:
    """Made for one frame: what all of its rows have in common."""

    def __init__(
        self,
        metrics: TreeMetrics,
        sections: list[Section],
        texts: TextCache,
        shapes: ShapeCache,
        badges: Mapping[int, str],
    ) -> None:
        """``badges``: words beside names, by node."""
        self._metrics = metrics
        self._sections = sections
        self._texts = texts
        self._shapes = shapes
        self._theme = shapes.theme
        self._badges = badges
        self._selected = False

    def paint(
        self, painter: QPainter, node: int, row: QRect, box: QRect, room: QRect, *, selected: bool
    ) -> None:
        """Paint the cells of ``node`` in ``row``; its box is ``box``, its icon and name stand in ``room``. On
        what is ``selected`` no colour but that of texts can be read."""
        self._selected = selected
        found = self._metrics.of(node)
        out = found.left_out or found.inclusion is Inclusion.NONE
        painter.setFont(self._texts.font)
        for section in self._sections:
            if section.column is Column.NAME:
                if not found.left_out:
                    self._shapes.draw_check_box(painter, box, CHECK_STATES[found.inclusion])
                self._paint_icon(painter, node, room, out)
                side = SIDE + _ICON_GAP
                mirrored = is_mirrored(painter)
                beside = room.adjusted(0, 0, -side, 0) if mirrored else room.adjusted(side, 0, 0, 0)
                name = cells.cell(self._metrics, node, Column.NAME)
                color = self._theme.muted if out and not selected else self._theme.text
                if badge := self._badges.get(node):
                    beside = self._paint_badge(painter, beside, name, badge)
                self._texts.draw(painter, beside, name, color, right=False)
            else:
                cell = QRect(section.left + PADDING, row.top(), section.width - 2 * PADDING, row.height())
                self._paint_cell(painter, section.column, cell, node, found, out)

    def _paint_icon(self, painter: QPainter, node: int, room: QRect, out: bool) -> None:
        """A folder in the hue that it has in the treemap, or a file."""
        is_file = bool(self._metrics.tree.shape.is_file[node])
        hue = self._metrics.hues[node]
        color = self._theme.muted if is_file or out or hue == GREY else swatch(hue)
        top = room.top() + (room.height() - SIDE) // 2
        left = room.right() + 1 - SIDE if is_mirrored(painter) else room.left()
        self._shapes.draw_icon(painter, left, top, "file" if is_file else "folder", color)

    def _paint_badge(self, painter: QPainter, room: QRect, name: str, badge: str) -> QRect:
        """Paint a badge behind the name; what is left for the name is the result."""
        picture = self._shapes.badge(badge, self._texts.font)
        width = round(picture.width() / self._shapes.ratio)
        height = round(picture.height() / self._shapes.ratio)
        left = min(self._texts.width(name) + _BADGE_GAP, room.width() - width)
        if left - _BADGE_GAP < min(self._texts.width(name), _LEAST_NAME):
            return room
        place = QRect(room.left() + left, room.top() + (room.height() - height) // 2, width, height)
        rest = room.adjusted(0, 0, left - _BADGE_GAP - room.width(), 0)
        direction = painter.layoutDirection()
        painter.drawPixmap(QStyle.visualRect(direction, room, place).topLeft(), picture)
        return QStyle.visualRect(direction, room, rest)

    def _paint_cell(
        self, painter: QPainter, column: Column, room: QRect, node: int, found: NodeMetrics, out: bool
    ) -> None:
        text = cells.cell(self._metrics, node, column)
        if not text:
            return
        if column is Column.LANGUAGE and self._texts.width(text) > room.width():
            # Shortened in its middle, a number would be another one.
            text = cells.files_alone(self._metrics, node) or text
        theme = self._theme
        quiet = out or column in _QUIET or column is Column.FOLDER
        color = theme.muted if quiet and not self._selected else theme.text
        if column is Column.WINDOW and found.fit is not None:
            color = theme.text if self._selected else fit_color(found.fit, theme, theme.text)
            bar = bar_rect(room, text, self._texts, painter.layoutDirection())
            if bar is not None:
                self._shapes.draw_window_bar(painter, bar, found.fit)
        self._texts.draw(painter, room, text, color, right=column in NUMERIC)
