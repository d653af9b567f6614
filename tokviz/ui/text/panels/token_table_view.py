"""The table of tokens as a widget; what is selected in it is what is selected in the text."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from tokviz.language import _
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import set_up_table
from tokviz.ui.text.panels.token_table import Column, TokenTable
from tokviz.ui.tokens.shown_tokens import ShownTokens

_WIDTHS = {
    Column.INDEX: 84,
    Column.ID: 72,
    Column.TOKEN: 190,
    Column.BYTES: 56,
    Column.HEX: 190,
    Column.CHARACTERS: 84,
}


class TokenTableView(QTableView):
    """Connect ``tokens_selected`` to the text's selection, and the text's selection to ``select_bytes``."""

    tokens_selected = Signal(int, int)
    """The user selected rows here: the first and last byte (excluded) that their tokens cover."""
    copy_asked = Signal(int, int)
    """The user wants rows first to last (excluded) on the clipboard."""

    def __init__(self, shown: ShownTokens, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._following = False
        self.table = TokenTable(shown, theme, self)
        self.setModel(self.table)
        self._set_up()
        self.selectionModel().selectionChanged.connect(self._announce)

    @property
    def selected_rows(self) -> tuple[int, int] | None:
        """The selected rows, first to last (excluded): the indices of their tokens."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.size())]
        if not ranges:
            return None
        return min(part.top() for part in ranges), max(part.bottom() for part in ranges) + 1

    def set_theme(self, theme: Theme) -> None:
        """Use these colours from now on."""
        self.table.set_theme(theme)

    def select_bytes(self, start: int, end: int) -> None:
        """The text's selection is this: select the tokens it touches, without announcing it."""
        found = self._shown.indices_in(start, end)
        if found is None or found == self.selected_rows:
            return
        first, last = found[0], min(found[1], self.table.rowCount())
        if first >= last:
            return
        table, command = self.table, QItemSelectionModel.SelectionFlag
        self._following = True
        try:
            self.selectionModel().setCurrentIndex(table.index(first, 0), command.NoUpdate)
            rows = QItemSelection(table.index(first, 0), table.index(last - 1, len(Column) - 1))
            self.selectionModel().select(rows, command.ClearAndSelect)
        finally:
            self._following = False
        self.scrollTo(table.index(first, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = self.selected_rows
        if event.matches(QKeySequence.StandardKey.Copy) and rows:
            self.copy_asked.emit(*rows)
            return
        super().keyPressEvent(event)

    def _set_up(self) -> None:
        header = set_up_table(self, _("Tokens"), self.fontMetrics().lineSpacing() + 8)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")  # verbatim
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header.setSectionsClickable(False)
        header.set_widths(_WIDTHS.items())
        header.setSectionResizeMode(Column.TOKEN, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(48)
        # A header asks for every row whether the whole column is selected: 15 s for a million selected rows.
        unselected = QItemSelectionModel(self.table, self)
        header.setSelectionModel(unselected)
        self.verticalHeader().setSelectionModel(unselected)

    def _announce(self) -> None:
        rows, tokens = self.selected_rows, self._shown.tokens
        if self._following or rows is None or tokens is None:
            return
        first, last = tokens.span(rows[0]), tokens.span(rows[1] - 1)
        if first is not None and last is not None:
            self.tokens_selected.emit(first[0], last[1])
