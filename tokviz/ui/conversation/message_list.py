"""The messages of a context with what they hold, or its tools, or the files that were read: a small tree."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from tokviz.analysis import formatting
from tokviz.analysis.conversation.message_tree import TreeRow
from tokviz.language import _, pgettext
from tokviz.ui.common.icons import paint_icon
from tokviz.ui.common.table_model import TableColumn, TableModel
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import SECOND_LINE, sized
from tokviz.ui.common.widgets import select_row, set_up_table
from tokviz.ui.conversation.layer_colors import ICONS, layer_color

Index = QModelIndex | QPersistentModelIndex
_ROW = 26
_BOX, _ICON, _INDENT, _PAD = 13, 15, 18, 8
_ARROW, _LEFT = 10, 16
"""Pixels of the arrow that opens a branch, and from the edge to the box."""
_BAR, _BAR_HEIGHT = 26, 6
_TOKENS, _BAR_PAD = 88, 4
"""The least width of the column of tokens, and the pixels on both sides of the bar in it."""
_SHARES, _SHARE, _SHARE_PAD = 2, 62, 10
"""The column of the shares, its least width, and the pixels after them."""
_NARROW = 300
"""Pixels under which the share of the window goes; the stack and the parts have it too."""


class MessageList(QTableView):
    """A click on a box, or the space bar, leaves a line, and all below it, out of every sum; double-click or
    Enter opens it. The arrow before a line, or the arrow keys, show and hide what is below it."""

    opened = Signal(object)
    """A ``TreeRow``."""
    toggled = Signal(object, bool)
    """A ``TreeRow``, and whether it takes part now."""
    pointed = Signal(object)
    """The ``TreeRow`` that is current."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.whole = 0
        """Tokens of the window, or of the context where that is unknown."""
        self.largest = 1
        self.without: frozenset[int] = frozenset()
        self._all_open = True
        self._lines: list[TreeRow] = []
        """All of them, those in closed branches too."""
        self._parts: dict[int, tuple[int, ...]] = {}
        """By branch."""
        self._titles: dict[int, str] = {}
        self._many: set[int] = set()
        """The branches of several lines."""
        self._open: set[int] = set()
        self.rows: TableModel[TreeRow] = TableModel(
            _columns(self),
            lambda row: (row.branch, row.below, row.parts, row.title),
            self,
            check=self._check,
        )
        self.setModel(self.rows)
        head = set_up_table(self, _("Messages"), _ROW)
        self.setItemDelegate(_Delegate(self))
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, _TOKENS), (_SHARES, _SHARE)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, width)
        self.activated.connect(lambda index: self.opened.emit(self.rows.rows[index.row()]))
        self.rows.checked.connect(lambda row, _: self.toggle(row))
        head.grown.connect(self._make_room)
        self.selectionModel().currentRowChanged.connect(self._tell_current)

    def show_rows(
        self, rows: Iterable[TreeRow], whole: int, without: frozenset[int], *, opened: bool | None = None
    ) -> None:
        """Show these lines; ``whole``: tokens of the window; ``opened``: whether all branches are, or None
        for those that were."""
        self._lines = list(rows)
        self.whole, self.without = whole, without
        self.largest = max((row.tokens or 0 for row in self._lines), default=1) or 1
        self._make_room()
        self._many = {row.branch for row in self._lines if row.below}
        if opened is not None:
            self._open = set(self._many) if opened else set()
        elif self._all_open:
            self._open = set(self._many)
        self._all_open = self._open >= self._many
        self._titles = {row.branch: row.title.casefold() for row in self._lines if not row.below}
        parts: dict[int, dict[int, None]] = {}
        for row in self._lines:
            parts.setdefault(row.branch, {}).update(dict.fromkeys(row.parts))
        self._parts = {branch: tuple(those) for branch, those in parts.items()}
        self._show()

    def open_branch(self, branch: int, on: bool) -> None:
        """Show or hide what is below a line."""
        if branch in self._many and on != (branch in self._open):
            self._open ^= {branch}
            self._all_open = self._open >= self._many
            current = self._current()
            self._show()
            if current is not None:
                self.select(current if current.branch in self._open else replace(current, below=False))

    def arrow_of(self, row: TreeRow) -> bool | None:
        """Whether the branch below a line is open; None where there is none."""
        return None if row.below or row.branch not in self._many else row.branch in self._open

    def _show(self) -> None:
        self.rows.set_rows(row for row in self._lines if not row.below or row.branch in self._open)

    def _current(self) -> TreeRow | None:
        index = self.currentIndex()
        return self.rows.rows[index.row()] if index.isValid() else None

    def head_title(self, row: TreeRow) -> str:
        """What the branch of a line is called, to sort by."""
        return self._titles.get(row.branch, "")

    def order(self, row: TreeRow, value: Any) -> Any:
        """What to sort by: branches by ``value``, the lines of one stay together."""
        down = self.horizontalHeader().sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        return value, -row.branch if down else row.branch, row.below != down, row.tokens or -1

    def show_without(self, without: frozenset[int]) -> None:
        """Show which parts are left out."""
        self.without = without
        self.rows.refresh()

    def select_part(self, part: int) -> None:
        """Make the innermost line of a part current that can be seen."""
        self._select([place for place, row in enumerate(self.rows.rows) if part in row.parts][-1:])

    def select(self, line: TreeRow) -> None:
        """Make a line current, and show it if its branch is closed."""
        if line.below:
            self.open_branch(line.branch, True)
        found = (
            place
            for place, row in enumerate(self.rows.rows)
            if row.branch == line.branch and (not line.below or row.parts == line.parts)
        )
        self._select(list(islice(found, 1)))

    def _select(self, places: Sequence[int]) -> None:
        for place in places:
            select_row(self, place)
            self.scrollTo(self.rows.index(place, 0))

    def parts_of(self, row: TreeRow) -> tuple[int, ...]:
        """The parts of a line and of all that is below it."""
        return row.parts if row.below else self._parts.get(row.branch, row.parts)

    def _check(self, row: TreeRow) -> Qt.CheckState:
        parts = self.parts_of(row)
        out = sum(part in self.without for part in parts)
        if not out:
            return Qt.CheckState.Checked
        return Qt.CheckState.Unchecked if out == len(parts) else Qt.CheckState.PartiallyChecked

    def _make_room(self) -> None:
        """Give both columns of numbers the room that these need."""
        self.setColumnWidth(1, self._room_for_tokens())
        self.setColumnWidth(_SHARES, self._room_for_shares())

    def _room_for_tokens(self) -> int:
        """Pixels of their column: the longest bar stands before the longest number."""
        number = self.fontMetrics().horizontalAdvance(formatting.grouped(self.largest))
        return max(_TOKENS, _BAR_PAD + _BAR + _BAR_PAD + number + _PAD)

    def _room_for_shares(self) -> int:
        """Pixels of their column: the smallest share has the most digits."""
        least = min((row.tokens for row in self._lines if row.tokens), default=0)
        text = formatting.percent(least / self.whole) if self.whole else ""
        metrics = QFontMetrics(sized(self.font(), SECOND_LINE))
        return max(_SHARE, metrics.horizontalAdvance(text) + _SHARE_PAD + _PAD)

    def toggle(self, row: TreeRow) -> None:
        """Tick a line with all that is below it, or untick them."""
        self.toggled.emit(replace(row, parts=self.parts_of(row)), self._check(row) != Qt.CheckState.Checked)

    def _tell_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self.pointed.emit(self.rows.rows[current.row()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(_SHARES, self.viewport().width() < _NARROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self._current(), event.key()
        if row is not None and key == Qt.Key.Key_Space:
            self.toggle(row)
        elif row is not None and key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and row.branch in self._many:
            self.open_branch(row.branch, key == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)


def _columns(view: MessageList) -> list[TableColumn[TreeRow]]:
    def share(row: TreeRow) -> str:
        return formatting.percent(row.tokens / view.whole) if row.tokens is not None and view.whole else ""

    def by_tokens(row: TreeRow) -> Any:
        return view.order(row, -1 if row.whole is None else row.whole)

    return [
        TableColumn(
            _("Message"),
            _("What stands in the context; a line that is not ticked is left out of every sum"),
            lambda row: row.title,
            lambda row: view.order(row, view.head_title(row)),
            number=False,
            cell_tip=lambda row: f"{row.layer.words}: {row.title}",
        ),
        TableColumn(
            _("Tokens"),
            _("Tokens of the words themselves and of the framing around them"),
            lambda row: formatting.grouped(row.tokens),
            by_tokens,
        ),
        TableColumn(
            pgettext("use of a context window", "Window"),
            _("The part of the model's window"),
            share,
            by_tokens,
        ),
    ]


class _Delegate(QStyledItemDelegate):
    """Paints box, icon, words, bar and number of a line."""

    def __init__(self, view: MessageList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, _ROW)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        row, theme = self._view.rows.rows[index.row()], self._view.theme
        rect = QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.selection)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.hover)
        out = bool(row.parts) and all(part in self._view.without for part in row.parts)
        painter.setFont(option.font)
        quiet = theme.text if selected else theme.muted
        if index.column() == 0:
            self._paint_title(
                painter, option, index, row, theme.muted if out and not selected else theme.text
            )
            return
        words = index.data(Qt.ItemDataRole.DisplayRole)
        right = _PAD if index.column() == 1 else _SHARE_PAD
        if index.column() == 1:
            painter.setPen(quiet if out or row.tokens is None else theme.text)
            if row.tokens and not out:
                width = max(2.0, _BAR * row.tokens / self._view.largest)
                top = rect.center().y() - _BAR_HEIGHT / 2 + 1
                bar = QRectF(rect.left() + _BAR_PAD, top, width, _BAR_HEIGHT)
                if self._mirrored:
                    bar.moveRight(rect.right() + 1 - _BAR_PAD)
                painter.fillRect(bar, layer_color(row.layer, theme))
        else:
            painter.setFont(sized(option.font, SECOND_LINE))
            painter.setPen(quiet)
        inner = self._placed(rect, rect.adjusted(0, 0, -right, 0))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_title(self, painter: QPainter, option: Any, index: Index, row: TreeRow, color: Any) -> None:
        view = self._view
        box = QStyleOptionViewItem(option)
        box.rect = self._box(option.rect)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        box.state = QStyle.StateFlag.State_Enabled | {
            Qt.CheckState.Checked: QStyle.StateFlag.State_On,
            Qt.CheckState.Unchecked: QStyle.StateFlag.State_Off,
        }.get(state, QStyle.StateFlag.State_NoChange)
        view.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, box, painter, view)
        rect = option.rect
        left = rect.left() + _LEFT + _BOX + 9 + (_INDENT if row.below else 0)
        top = rect.center().y() + 1
        if (opened := view.arrow_of(row)) is not None:
            arrow = self._placed(rect, QRect(rect.left() + 3, top - _ARROW // 2, _ARROW, _ARROW))
            paint_icon(
                painter, QRectF(arrow), "chevron-down" if opened else "chevron-right", view.theme.muted
            )
        icon = self._placed(rect, QRect(left, top - _ICON // 2, _ICON, _ICON))
        paint_icon(painter, QRectF(icon), ICONS.get(row.layer, "file"), layer_color(row.layer, view.theme))
        words = QRect(rect)
        words.setLeft(left + _ICON + 7)
        words = self._placed(rect, words)
        painter.setPen(color)
        title = QFontMetrics(option.font).elidedText(
            row.title, Qt.TextElideMode.ElideRight, words.width() - 2
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, title)

    def _box(self, rect: QRect) -> QRect:
        box = QRect(rect.left() + _LEFT, rect.center().y() - _BOX // 2, _BOX + 2, _BOX + 2)
        return self._placed(rect, box)

    @property
    def _mirrored(self) -> bool:
        return self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _placed(self, room: QRect, part: QRect) -> QRect:
        """Where a part of a cell lies: on the other side where one reads from right to left."""
        return QStyle.visualRect(self._view.layoutDirection(), room, part)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: Any, index: Index) -> bool:
        if index.column() != 0 or not isinstance(event, QMouseEvent):
            return False
        row, at = self._view.rows.rows[index.row()], event.position().toPoint()
        box = self._box(option.rect)
        opened = self._view.arrow_of(row)
        before = at.x() > box.right() + 1 if self._mirrored else at.x() < box.left() - 1
        on_arrow = opened is not None and before
        if not on_arrow and not box.adjusted(-2, -6, 5, 6).contains(at):
            return False
        if event.type() == QEvent.Type.MouseButtonRelease:
            if on_arrow:
                self._view.open_branch(row.branch, not opened)
            else:
                self._view.toggle(row)
        return True
