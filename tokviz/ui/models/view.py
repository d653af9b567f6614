"""The list of models: a table whose columns and row heights follow the room it has."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from tokviz.language import _
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.focus_ring import paint_ring
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import SECOND_LINE, scaled, sized
from tokviz.ui.common.widgets import select_row, set_up_table
from tokviz.ui.models.delegate import ModelDelegate
from tokviz.ui.models.rows import Column, Row
from tokviz.ui.models.shapes import FIRST, LAST, PADDING, Shape
from tokviz.ui.models.table import ModelsTable

_HEADER = 28
_LEAST_MODEL = 120
_SPARE = (Column.LEFT, Column.WINDOW, Column.SHARE)
"""What goes from a line where the letters are so large that the name would have no room."""
_NAME = 180
"""Pixels of a model's name and badge that long titles of the other columns leave."""
_NAME_AND_BADGE, _BAR_GIVES = 260, 48
"""Pixels of the same in the drawer, and how many of them the bar gives where there are fewer."""
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Why the focus came: by keys, or back from another window or a menu."""
_STILL = 300
"""Milliseconds without scrolling after which a row counts as looked at."""


class ModelsView(QTableView):
    """Shows the rows; says which one is chosen, and when its card is wanted."""

    chosen = Signal()
    """The selection changed, by the user's doing."""
    opened = Signal()
    """A row was clicked, or Enter was pressed on it."""
    sight_settled = Signal()
    """Other rows may be in sight than before, and have been for a moment."""

    def __init__(self, table: ModelsTable, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._ringed = False
        self._table = table
        self._delegate = ModelDelegate(theme, table.today, self)
        self._shape = Shape.TWO_LINES
        self._kept: str | None = None
        self._restoring = False
        self.setModel(table)
        self.setItemDelegate(self._delegate)
        self._header = set_up_table(self, _("Models, their context windows and costs"), Shape.TWO_LINES.value)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setObjectName("models")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._header.setMinimumSectionSize(1)
        table.modelAboutToBeReset.connect(self._keep)
        table.modelReset.connect(self._restore)
        self._sight = Debouncer(self.sight_settled.emit, _STILL, self)
        for moved in (self.verticalScrollBar().valueChanged, table.modelReset, table.layoutChanged):
            moved.connect(self._sight.restart)
        self.selectionModel().selectionChanged.connect(self._announce)
        for clicked in (self.clicked, self.doubleClicked):
            clicked.connect(self._open)
        self.set_shape(Shape.TWO_LINES)

    @property
    def shape_shown(self) -> Shape:
        """How the rows are laid out."""
        return self._shape

    @property
    def selected(self) -> str | None:
        """The id of the selected model; also while it is not shown."""
        rows = self.selectionModel().selectedRows()
        return self._table.rows[rows[0].row()].model.id if rows else self._kept

    @property
    def in_sight(self) -> Sequence[Row]:
        """The rows that can be seen, in whole or in part."""
        if not self.isVisible():
            return ()
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return ()
        return self._table.rows[first : last + 1 if last >= 0 else None]

    def select(self, model_id: str | None) -> None:
        """Select that model, if it is shown; None selects nothing."""
        with self._silent():
            place = None if model_id is None else self._table.place_of(model_id)
            self._kept = model_id
            if place is None:
                self.clearSelection()
            else:
                self.setCurrentIndex(self._table.index(place, 0))

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self._delegate.set_theme(theme)
        self.set_shape(self._shape)  # the letters may be larger or smaller, too
        self.viewport().update()

    def set_shape(self, shape: Shape) -> None:
        """Lay the rows out in this shape."""
        self._shape = shape
        self._delegate.shape = shape
        self._table.figures_from = Column.TOKENS if len(shape.columns) > 1 else Column.MODEL
        self._table.dense = shape is Shape.DENSE
        for column in Column:
            self.setColumnHidden(column, column not in shape.columns)
        font = sized(self.font(), SECOND_LINE)
        header = self._header
        header.setVisible(len(shape.columns) > 1)
        header.setFont(font)
        header.setFixedHeight(max(scaled(self.font(), _HEADER), QFontMetrics(font).height() + 8))
        self.verticalHeader().setDefaultSectionSize(scaled(self.font(), shape.value))
        self._sight.restart()
        self._fit_columns()
        self.show_selected()

    def show_selected(self) -> None:
        """Scroll so that the selected row is in sight."""
        rows = self.selectionModel().selectedRows()
        if rows:
            self.scrollTo(rows[0], QAbstractItemView.ScrollHint.EnsureVisible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()
        self._sight.restart()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sight.restart()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._ringed:
            with QPainter(self.viewport()) as painter:
                paint_ring(painter, self.viewport().rect(), self._theme)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Where no row is selected, nothing else says that keys go here.
        self._ringed = event.reason() in _BY_KEYS or (self._ringed and event.reason() in _BACK)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = self._ringed and event.reason() in _BACK
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(QModelIndex())
        super().leaveEvent(event)

    def _open(self, index: QModelIndex) -> None:
        select_row(self, index.row())
        self.opened.emit()

    def _hover(self, index: QModelIndex) -> None:
        if index.row() != self._delegate.hovered:
            self._delegate.hovered = index.row()
            self.viewport().update()

    def _fit_columns(self) -> None:
        widths = {
            column: width and scaled(self.font(), width) for column, width in self._shape.columns.items()
        }
        self._header.first = scaled(self.font(), FIRST)
        # Beside a scroll bar the last margin is in part over there; where none is, nothing is to stand
        # elsewhere for that, nor have less room.
        bar = self.verticalScrollBar().sizeHint().width()
        beside = max(PADDING // 2, scaled(self.font(), LAST) - bar)
        last = beside + max(0, bar - (self.width() - self.viewport().width()))
        self._header.last = self._delegate.last = last
        if widths[self._shape.last]:
            widths[self._shape.last] += last - beside
        fitting = {column: width and self._header.fitting(column, width) for column, width in widths.items()}
        if self.viewport().width() - sum(fitting.values()) >= scaled(self.font(), _NAME):
            widths = fitting
        room = self.viewport().width() - sum(widths.values())
        if self._shape is Shape.DENSE and room < (wanted := scaled(self.font(), _NAME_AND_BADGE)):
            given = min(scaled(self.font(), _BAR_GIVES), wanted - room)
            widths[Column.WINDOW] -= given
            room += given
        for spare in _SPARE if self._shape is Shape.DENSE else ():
            if room < scaled(self.font(), _LEAST_MODEL):
                room += widths.pop(spare)
        for column in self._shape.columns:
            self.setColumnHidden(column, column not in widths)
        for column, width in widths.items():
            self.setColumnWidth(column, width or max(_LEAST_MODEL, room))

    def _keep(self) -> None:
        self._kept, self._restoring = self.selected, True

    def _restore(self) -> None:
        # Where the selected row is not shown, Qt would make another one the current one; nobody chose that.
        self.select(self._kept)
        self._restoring = False

    @contextmanager
    def _silent(self) -> Iterator[None]:
        before, self._restoring = self._restoring, True
        try:
            yield
        finally:
            self._restoring = before

    def _announce(self) -> None:
        if self._restoring:
            return
        # What is selected, not what is current: a view that gets the focus makes its first row current.
        rows = self.selectionModel().selectedRows()
        if rows:
            self._kept = self._table.rows[rows[0].row()].model.id
            self.chosen.emit()
