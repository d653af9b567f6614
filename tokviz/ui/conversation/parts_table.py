"""The layers of the stack as a table, which is also its legend."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.conversation.stack import Layer, StackRow
from tokviz.language import _
from tokviz.ui.common.table_model import TableColumn, TableModel
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import scaled
from tokviz.ui.common.widgets import select_row, set_up_table
from tokviz.ui.conversation.layer_colors import layer_color

_ROW = 26
_WIDTHS = (190, 0, 92, 88)
"""Pixels of the columns; the second takes what is left."""
_NARROW, _LEAST = 480, 70
"""Pixels of the table, and of what a part holds, under which only a tooltip tells that."""


class PartsTable(QTableView):
    """A box leaves a whole layer out of every sum; a line that is chosen is chosen in the stack too."""

    chosen = Signal(object)
    """A ``Layer``."""
    toggled = Signal(object, bool)
    """A ``StackRow``, and whether it takes part now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._whole, self._mark = 0, ""
        self.rows: TableModel[StackRow] = TableModel(
            _columns(lambda: self._whole, lambda: self._mark),
            lambda row: row.layer,
            self,
            check=self._check,
            color=self._color,
        )
        self.setModel(self.rows)
        self._header = set_up_table(self, _("Parts of the context"), _ROW)
        self.setSortingEnabled(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.rows.checked.connect(self.toggled)
        self.selectionModel().currentRowChanged.connect(self._tell_current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The names have the room that they need, in any language; what the parts hold has the rest."""
        widths = [scaled(self.font(), each) for each in _WIDTHS]
        widths[0] = max(widths[0], self.sizeHintForColumn(0))
        room = self.viewport().width()
        narrow = room < _NARROW or room - sum(widths) < _LEAST
        self.setColumnHidden(1, narrow)
        stretch, fixed = QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.Fixed
        self._header.setSectionResizeMode(0, stretch if narrow else fixed)
        for column, width in enumerate(widths):
            if column != 1 and not (narrow and column == 0):
                self.setColumnWidth(column, self._header.fitting(column, width))

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.rows.refresh()

    def show_rows(self, rows: list[StackRow], whole: int, mark: str) -> None:
        """Show these. ``whole``: tokens of the window; ``mark``: what stands before counts with a range."""
        self._whole, self._mark = whole, mark
        self.rows.set_rows(rows)
        self._fit()

    def choose(self, layer: Layer) -> None:
        """Make the line of a layer current."""
        for place, row in enumerate(self.rows.rows):
            if row.layer is layer:
                select_row(self, place)

    def texts(self) -> list[list[str]]:
        """The cells as they stand, the titles first."""
        rows = range(self.rows.rowCount())
        return [[column.title for column in self.rows.columns], *self.rows.texts(rows)]

    def _tell_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.rows.rows[current.row()].layer)

    def _check(self, row: StackRow) -> Qt.CheckState | None:
        if not row.parts:
            return None
        if not row.out:
            return Qt.CheckState.Checked
        return Qt.CheckState.Unchecked if row.out == len(row.parts) else Qt.CheckState.PartiallyChecked

    def _color(self, row: StackRow) -> QColor:
        special = {Layer.HIDDEN: self._theme.muted, Layer.FREE: self._theme.track}
        return special.get(row.layer) or layer_color(row.layer, self._theme)


def _columns(whole: Callable[[], int], mark: Callable[[], str]) -> list[TableColumn[StackRow]]:
    def tokens(row: StackRow) -> str:
        if row.tokens is None:
            return formatting.UNKNOWN
        certain = row.layer in (Layer.RESERVE, Layer.HIDDEN)
        return f"{'' if certain else mark()}{formatting.grouped(row.tokens)}"

    def share(row: StackRow) -> str:
        return formatting.percent(row.tokens / whole()) if row.tokens is not None and whole() else ""

    return [
        TableColumn(
            _("Part"),
            "",
            lambda row: row.layer.words,
            lambda row: row.layer.words,
            number=False,
            cell_tip=lambda row: row.detail,
        ),
        TableColumn("", "", lambda row: row.detail, number=False, cell_tip=lambda row: row.detail),
        TableColumn(_("Tokens"), _("As counted for the model"), tokens, lambda row: row.tokens),
        TableColumn(_("Of window"), _("The part of the model's window"), share, lambda row: row.tokens),
    ]
