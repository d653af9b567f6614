"""Paints the rows of the models panel, in the shape that the panel has room for."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from tokviz.tokens import Provenance
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.window_bar import HEIGHT, fit_color, paint_window_bar
from tokviz.ui.models import cells
from tokviz.ui.models.row_painting import RIGHT, RowFonts, RowPainter
from tokviz.ui.models.rows import Column, Row
from tokviz.ui.models.shapes import FIRST, LAST, PADDING, Shape
from tokviz.ui.models.table import Role

_Index = QModelIndex | QPersistentModelIndex
_GAP = 6
_USUAL_TOKENS = (cells.NOT_COUNTED, "~8,888,888")
_USUAL_RANGE = "888.8k–888.8k"
"""What stands in the cell of the tokens, or is as wide."""
_LABEL = 92
"""Pixels of the word behind the tokens in the drawer: “reconstructed” is the longest."""


class ModelDelegate(QStyledItemDelegate):
    """The look of one row. Everything it shows comes from the table; it computes only geometry."""

    def __init__(self, theme: Theme, today: date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._today = today
        self._painter = RowPainter(theme)
        self._fonts: RowFonts | None = None
        self._direction = Qt.LayoutDirection.LeftToRight
        self.shape = Shape.TWO_LINES
        self.hovered = -1
        """The row under the mouse; -1: none."""
        self.last = LAST
        """Pixels that are left free after the last column."""

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self._painter = RowPainter(theme)

    def fonts(self, base: QFont) -> RowFonts:
        """The fonts of a row for the user's font."""
        if self._fonts is None or self._fonts.base != base:
            self._fonts = RowFonts(base)
        return self._fonts

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: Row = index.data(Role.ROW)
        column, cell = Column(index.column()), QRectF(option.rect)
        fonts = self.fonts(option.font)
        painter.save()
        self._direction = option.direction
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        # Each text is written in its own direction, wherever it stands.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._painter.turn(cell if mirrored else None)
        self._ground(painter, option, index)
        painter.setClipRect(cell)
        first = column is Column.MODEL
        last = column is self.shape.last
        end = self.last if last else fonts.px(PADDING)
        inner = cell.adjusted(fonts.px(FIRST if first else PADDING), 0, -end, 0)
        match self.shape:
            case Shape.TWO_LINES:
                self._two_lines(painter, option, inner, row, column)
            case Shape.DENSE:
                self._one_line(painter, inner, row, column, fonts)
            case Shape.THREE_LINES:
                self._three_lines(painter, inner, row, fonts)
            case Shape.SLIM:
                self._slim(painter, inner, row, fonts)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cell = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, self._theme.accent_soft)
            if index.column() == Column.MODEL:
                self._painter.selected_edge(painter, cell)
        elif index.row() == self.hovered:
            painter.fillRect(cell, self._theme.hover)
        self._painter.hair(painter, cell.adjusted(0, 0, 0, -1))

    def _two_lines(
        self, painter: QPainter, option: QStyleOptionViewItem, inner: QRectF, row: Row, column: Column
    ) -> None:
        fonts, theme, draw = self.fonts(option.font), self._theme, self._painter
        upper = QRectF(inner.left(), inner.top() + fonts.px(6), inner.width(), fonts.px(18))
        lower = QRectF(inner.left(), inner.top() + fonts.px(24), inner.width(), fonts.px(15))
        match column:
            case Column.MODEL:
                self._model(painter, option, upper, lower, row)
            case Column.TOKENS:
                self._model(painter, option, upper, lower, row)
                said = cells.tokens(row)
                color = theme.muted if row.count is None else theme.text
                figure = _figure(said, fonts, upper.width())
                face = draw.face_that_fits(figure, (fonts.body, *fonts.smaller), upper.width())
                draw.text(painter, upper, figure, face, color, RIGHT)
                second = draw.first_that_fits([said.second, said.short], fonts.second, lower.width())
                face = draw.face_that_fits(second, fonts.smaller, lower.width())
                draw.text(painter, lower, second, face, theme.muted, RIGHT)
            case Column.COST:
                said = cells.cost(row)
                if row.model.prices is None:
                    draw.text(painter, upper, said.first, fonts.body, theme.muted, RIGHT)
                else:
                    draw.amount(
                        painter, upper, said.first, cells.amounts(row)[0], fonts, theme.text, theme.muted
                    )
                second = draw.first_that_fits([said.second, said.short], fonts.second, lower.width())
                draw.text(painter, lower, second, fonts.second, theme.muted, RIGHT)
            case _:
                # Share, room and bar stand across two cells; each cell paints its part of them.
                start, end = _span(option, Column.WINDOW, Column.LEFT)
                self._turn_span(option, start, end)
                both = (start + fonts.px(PADDING), end - start - 2 * fonts.px(PADDING))
                self._room(painter, QRectF(both[0], upper.top(), both[1], upper.height()), row, fonts)
                self._bar(painter, QRectF(both[0], lower.top(), both[1], lower.height()), row)

    def _model(
        self, painter: QPainter, option: QStyleOptionViewItem, upper: QRectF, lower: QRectF, row: Row
    ) -> None:
        """Name, maker and badge, which may reach into the cell of the tokens as far as that leaves room; each
        of the two cells paints its part. What the tokens take is reckoned so that it does not change with
        the text: only their cell is painted anew with every key."""
        fonts = self.fonts(option.font)
        start, end = _span(option, Column.MODEL, Column.TOKENS)
        left, right = start + fonts.px(FIRST), end - fonts.px(PADDING) - _GAP
        figure = max(map(fonts.body.width, (cells.tokens(row).first, *_USUAL_TOKENS)))
        has_range = row.count is not None and row.count.low < row.count.high
        if has_range or row.preliminary or row.model.provenance is Provenance.ESTIMATE:
            beside = fonts.second.width(_USUAL_RANGE)
        else:
            beside = fonts.second.width(row.model.provenance.words)
        most = fonts.px(self.shape.columns[Column.TOKENS] - 2 * PADDING)
        first = QRectF(left, upper.top(), right - min(figure, most) - left, upper.height())
        second = QRectF(left, lower.top(), right - min(beside, most) - left, lower.height())
        self._turn_span(option, start, end)
        self._name(painter, first, row, fonts)
        self._maker(painter, second, row, fonts)
        self._turn_span(option, option.rect.left(), option.rect.left() + option.rect.width())

    def _turn_span(self, option: QStyleOptionViewItem, start: float, end: float) -> None:
        """Where it is read from right to left, mirror what is painted between these pixels of the view."""
        if option.direction == Qt.LayoutDirection.RightToLeft:
            self._painter.turn(QRectF(start, option.rect.top(), end - start, option.rect.height()))

    def _one_line(self, painter: QPainter, inner: QRectF, row: Row, column: Column, fonts: RowFonts) -> None:
        theme, draw = self._theme, self._painter
        said = cells.lines(row, column)
        color = fit_color(row.fit, theme, theme.muted)
        match column:
            case Column.MODEL:
                self._name_and_maker(painter, inner, row, fonts)
            case Column.TOKENS if row.count is None:
                draw.text(painter, inner, said.first, fonts.second, theme.muted, RIGHT)
            case Column.TOKENS:
                figure = inner.adjusted(0, 0, -fonts.px(_LABEL + 2), 0)
                shown = _figure(said, fonts, figure.width())
                draw.text(painter, figure, shown, fonts.body, theme.text, RIGHT)
                label = QRectF(figure.right() + _GAP, inner.top(), fonts.px(_LABEL), inner.height())
                word = cells.provenance(row)
                face = draw.face_that_fits(word, fonts.smaller, label.width())
                draw.text(painter, label, word, face, theme.muted)
            case Column.WINDOW:
                self._bar(painter, inner, row)
            case Column.SHARE:
                font = fonts.name if row.fit and row.fit.over else fonts.body
                font = draw.face_that_fits(said.first, (font, *fonts.smaller), inner.width())
                share = draw.first_that_fits([said.first, ""], font, inner.width())
                draw.text(painter, inner, share, font, fit_color(row.fit, theme, theme.text), RIGHT)
            case Column.LEFT:
                text = draw.first_that_fits(_rooms(cells.window(row)), fonts.room, inner.width())
                draw.text(painter, inner, text, fonts.room, color, RIGHT)
            case Column.COST:
                self._amounts(painter, inner, row, fonts)

    def _three_lines(self, painter: QPainter, inner: QRectF, row: Row, fonts: RowFonts) -> None:
        theme, draw = self._theme, self._painter
        first, second, third = self._lines(inner, fonts)
        width = self._count(painter, first, row, fonts)
        self._name(painter, first.adjusted(0, 0, -width - _GAP, 0), row, fonts, badge=True)
        said = cells.window(row)
        color = fit_color(row.fit, theme, theme.text)
        bar = QRectF(second.left(), second.top(), second.width() * 0.42, second.height())
        self._bar(painter, bar, row)
        share = second.adjusted(bar.width() + PADDING, 0, 0, 0)
        font = fonts.name if row.fit and row.fit.over else fonts.body
        taken = draw.text(painter, share, said.first, font, color)
        rest = share.adjusted(taken + _GAP, 0, 0, 0)
        room = draw.first_that_fits(_rooms(said), fonts.room, rest.width())
        draw.text(painter, rest, room, fonts.room, fit_color(row.fit, theme, theme.muted), RIGHT)
        taken = draw.access(painter, third.left(), third.center().y(), row.model.access, fonts)
        cost = cells.cost(row)
        texts = [f"{cost.first} · {cost.second}", cost.first] if cost.second else [cost.first]
        money = draw.first_that_fits(texts, fonts.second, third.width() - taken - fonts.px(50))
        width = draw.text(painter, third, money, fonts.second, theme.muted, RIGHT)
        maker = third.adjusted(taken, 0, -width - _GAP, 0)
        draw.text(painter, maker, row.model.developer, fonts.second, theme.muted)

    def _slim(self, painter: QPainter, inner: QRectF, row: Row, fonts: RowFonts) -> None:
        theme, draw = self._theme, self._painter
        first, second, third = self._lines(inner, fonts)
        icons = _GAP + draw.access_width(row.model.access, fonts)
        width = self._count(painter, first.adjusted(icons, 0, 0, 0), row, fonts)
        taken = self._name(painter, first.adjusted(0, 0, -width - icons, 0), row, fonts)
        draw.access(painter, first.left() + taken + _GAP, first.center().y(), row.model.access, fonts)
        self._bar(painter, second, row)
        cost = cells.cost(row).first
        width = draw.text(painter, third, cost, fonts.second, theme.muted, RIGHT)
        said = cells.window(row)
        color = fit_color(row.fit, theme, theme.muted)
        texts = cells.in_one(said)
        rest = third.adjusted(0, 0, -width - PADDING, 0)
        draw.text(painter, rest, draw.first_that_fits(texts, fonts.second, rest.width()), fonts.second, color)

    def _lines(self, inner: QRectF, fonts: RowFonts) -> list[QRectF]:
        """Three lines of a row of three."""
        tops = (fonts.px(6), fonts.px(24), fonts.px(40))
        return [QRectF(inner.left(), inner.top() + top, inner.width(), fonts.px(16)) for top in tops]

    def _name(self, painter: QPainter, rect: QRectF, row: Row, fonts: RowFonts, badge: bool = False) -> float:
        """The name, and the badge behind it if asked for."""
        taken = self._painter.text(painter, rect, row.model.name, fonts.name, self._theme.text)
        if badge:
            words, over = cells.badge(row.model, self._today), row.model.is_retired(self._today)
            x, room = rect.left() + taken + _GAP, rect.width() - taken - _GAP
            self._painter.badge(painter, x, rect.center().y(), room, words, fonts, over=over)
        return taken

    def _maker(self, painter: QPainter, rect: QRectF, row: Row, fonts: RowFonts) -> None:
        draw, theme, middle = self._painter, self._theme, rect.center().y()
        x = rect.left() + draw.access(painter, rect.left(), middle, row.model.access, fonts)
        words, over = cells.badge(row.model, self._today), row.model.is_retired(self._today)
        maker = row.model.developer
        texts = [maker] if words[0] else [f"{maker} · {cells.access_word(row.model)}", maker]
        # Of what has no room, the maker's name is cut sooner than it is not said what is retired.
        least = self._least_badge(words, fonts)
        room = QRectF(x, rect.top(), rect.right() - x - least, rect.height())
        text = draw.first_that_fits(texts, fonts.second, room.width())
        x += draw.text(painter, room, text, fonts.second, theme.muted) + _GAP
        draw.badge(painter, x, middle, rect.right() - x, words, fonts, over=over)

    def _name_and_maker(self, painter: QPainter, rect: QRectF, row: Row, fonts: RowFonts) -> None:
        """In one line. The badge is never left out: sooner is the name cut."""
        draw, middle = self._painter, rect.center().y()
        words, over = cells.badge(row.model, self._today), row.model.is_retired(self._today)
        least = self._least_badge(words, fonts)
        x = rect.left() + draw.access(painter, rect.left(), middle, row.model.access, fonts)
        x += self._name(painter, QRectF(x, rect.top(), rect.right() - x - least, rect.height()), row, fonts)
        x += _GAP
        badge = draw.badge_width(words[1], fonts) + _GAP if words[0] else 0
        room = QRectF(x, rect.top(), rect.right() - x - badge, rect.height())
        if fonts.second.width(row.model.developer) <= room.width():
            x += draw.text(painter, room, row.model.developer, fonts.second, self._theme.muted) + _GAP
        draw.badge(painter, x, middle, rect.right() - x, words, fonts, over=over)

    def _least_badge(self, words: Sequence[str], fonts: RowFonts) -> float:
        """What the shortest words of a badge take, with the gap before it; nothing without a badge."""
        return self._painter.badge_width(words[-1], fonts) + _GAP + 1 if words[0] else 0

    def _count(self, painter: QPainter, rect: QRectF, row: Row, fonts: RowFonts) -> float:
        """Tokens with their range or provenance, at the right. These go before the model's name is cut, which
        stands in the same room."""
        said, label = cells.tokens(row), ""
        if row.count is not None:
            room = rect.width() - fonts.name.width(row.model.name) - fonts.body.width(said.first) - 3 * _GAP
            label = self._painter.first_that_fits([said.short, cells.provenance(row), ""], fonts.second, room)
        width = self._painter.text(painter, rect, label, fonts.second, self._theme.muted, RIGHT)
        before = rect.adjusted(0, 0, -width - (_GAP if label else 0), 0)
        figure = _figure(said, fonts, before.width())
        more = self._painter.text(painter, before, figure, fonts.body, self._theme.text, RIGHT)
        return width + more + _GAP

    def _room(self, painter: QPainter, rect: QRectF, row: Row, fonts: RowFonts) -> None:
        said, draw, theme = cells.window(row), self._painter, self._theme
        over = row.fit is not None and bool(row.fit.over)
        color = fit_color(row.fit, theme, theme.text)
        taken = draw.text(painter, rect, said.first, fonts.name if over else fonts.body, color)
        rest = rect.adjusted(taken + _GAP if taken else 0, 0, 0, 0)
        text = draw.first_that_fits(_rooms(said), fonts.room, rest.width())
        draw.text(painter, rest, text, fonts.room, fit_color(row.fit, theme, theme.muted), RIGHT)

    def _amounts(self, painter: QPainter, rect: QRectF, row: Row, fonts: RowFonts) -> None:
        """“$0.0118 · $0.0527” under a header that says which is which."""
        said, draw, theme = cells.cost(row), self._painter, self._theme
        if row.model.prices is None or row.evaluation is None:
            draw.text(painter, rect, said.first, fonts.room, theme.muted, RIGHT)
            return
        first, second = cells.amounts(row)
        # Part by part, and blanks as room: from right to left, those of a text would stand on the other side.
        if fonts.body.width(first) + fonts.room.width(f" · {second}") <= rect.width():
            blank = fonts.room.width(" ")
            for part in (second, "·"):
                width = draw.text(painter, rect, part, fonts.room, theme.muted, RIGHT)
                rect = rect.adjusted(0, 0, -width - blank, 0)
        draw.text(painter, rect, first, fonts.body, theme.text, RIGHT)

    def _bar(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        bar = QRectF(rect.left(), round(rect.center().y() - HEIGHT / 2), rect.width(), HEIGHT)
        place = self._painter.placed(bar)
        painter.save()
        painter.setLayoutDirection(self._direction)
        paint_window_bar(painter, place, row.fit, self._theme)
        painter.restore()


def _rooms(said: cells.Lines) -> list[str]:
    """What is left or over, in ever less room: “over by 60,160”, “over by 60.2k”, “over 60.2k”; nothing
    before a part of it, which would be another number."""
    short = said.short or said.second
    return [said.second, short, said.shortest or short, ""]


def _figure(said: cells.Lines, fonts: RowFonts, room: float) -> str:
    """The tokens, in short where there is no room for all digits: a part of them would be a lie."""
    return said.first if fonts.body.width(said.first) <= room else said.shortest or said.first


def _span(option: QStyleOptionViewItem, *columns: Column) -> tuple[float, float]:
    """From where to where the cells of these columns, neighbours, reach, in pixels of the view."""
    view = option.widget
    assert isinstance(view, QTableView)
    starts = [view.columnViewportPosition(column) for column in columns]
    return min(starts), min(starts) + sum(map(view.columnWidth, columns))
