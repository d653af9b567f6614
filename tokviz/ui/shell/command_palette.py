"""Every command of the window in one list, found by typing a few letters of it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tokviz.language import _
from tokviz.lists import listed
from tokviz.ui.common.accessible import announce
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.table_header import PADDING
from tokviz.ui.common.table_model import TableColumn, TableModel
from tokviz.ui.common.widgets import fill, plain_label, select_row, set_up_table
from tokviz.ui.shell.menu_entries import MenuEntry

_WIDTH, _HEIGHT = 680, 420
_BELOW_TOP = 60
"""Pixels between the window's top edge and the palette."""
_ROW = 26
_LIST_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class CommandPalette(QDialog):
    """A search field over the commands that fit it; Enter or a click runs one."""

    def __init__(self, entries: Sequence[MenuEntry], parent: QWidget) -> None:
        """``entries``, those that are looked for most often first."""
        super().__init__(parent)
        self.setWindowTitle(_("Commands"))
        self.chosen: MenuEntry | None = None
        """What to run, once the palette is closed."""
        self._entries = list(entries)
        self._field = SearchField(_("Search the commands"), _("Type what you want to do"))
        self._rows: TableModel[MenuEntry] = TableModel(
            [
                TableColumn(_("Command"), "", _title, number=False, cell_tip=_title),
                TableColumn(_("Menu"), "", _place, number=False, cell_tip=_place),
                TableColumn(_("Keys"), "", lambda entry: entry.keys),
            ],
            id,
            self,
        )
        self._table = QTableView()
        self._nothing = plain_label(_("No command matches."), role="muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._below = QStackedWidget()
        self._build(parent)
        self._field.textChanged.connect(self._narrow)
        self._table.clicked.connect(self._choose)
        self._table.selectionModel().currentRowChanged.connect(self._say)
        self._narrow("")

    @property
    def titles(self) -> list[str]:
        """What is listed, from the top."""
        return [entry.title for entry in self._rows.rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The field has the keys, and leaves these to the list.
        if event.key() in _LIST_KEYS:
            self._table.event(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._table.currentIndex())
        else:
            super().keyPressEvent(event)

    def _build(self, parent: QWidget) -> None:
        table = self._table
        table.setModel(self._rows)
        set_up_table(table, _("Commands"), max(_ROW, self.fontMetrics().lineSpacing() + 8))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # the last menu says what the entry is about
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header = table.horizontalHeader()
        header.hide()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._below.addWidget(table)
        self._below.addWidget(self._nothing)
        fill(QVBoxLayout(self), self._field, self._below, wide=self._below, spacing=8).setContentsMargins(
            12, 12, 12, 12
        )
        window = parent.window()
        self.resize(min(_WIDTH, window.width() - 24), min(_HEIGHT, window.height() - 2 * _BELOW_TOP))
        # A recent file's path may be longer than the palette is wide: it is elided.
        self._fit(1, [entry.place for entry in self._entries], 0.45)
        self._fit(2, [entry.keys for entry in self._entries], 0.25)
        top = window.mapToGlobal(window.rect().topLeft())
        self.move(top.x() + (window.width() - self.width()) // 2, top.y() + _BELOW_TOP)

    def _fit(self, column: int, texts: Sequence[str], most: float) -> None:
        """Make a column as wide as its texts, up to this part of the palette."""
        longest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
        width = min(longest + 2 * PADDING, round(most * self.width()))
        self._table.horizontalHeader().resizeSection(column, width)

    def _narrow(self, text: str) -> None:
        found = search(self._entries, text)
        self._rows.set_rows(found)
        self._below.setCurrentWidget(self._table if found else self._nothing)
        if found:
            select_row(self._table, 0)

    def _say(self, index: QModelIndex) -> None:
        """The keys stay in the field: of the row that they move to, a screen reader is told."""
        if index.isValid():
            entry = self._rows.rows[index.row()]
            announce(self._field, listed(filter(None, (entry.title, entry.place, entry.keys))))

    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        self.chosen = self._rows.rows[index.row()]
        self.accept()


def search(entries: Sequence[MenuEntry], text: str) -> list[MenuEntry]:
    """The entries whose title and menus hold every word of ``text``, as parts of words too; those first whose
    title begins with it, then those with a word that does. What cannot be done now is not listed."""
    words = text.casefold().split()
    able = [entry for entry in entries if entry.is_able]
    found = [
        entry for entry in able if all(word in f"{entry.place} {entry.title}".casefold() for word in words)
    ]
    return sorted(found, key=_rank(words))


def _rank(words: Sequence[str]) -> Callable[[MenuEntry], int]:
    wanted = " ".join(words)

    def rank(entry: MenuEntry) -> int:
        title = entry.title.casefold()
        if title.startswith(wanted):
            return 0
        parts = title.split()
        return 1 if all(any(part.startswith(word) for part in parts) for word in words) else 2

    return rank


def _place(entry: MenuEntry) -> str:
    return entry.place


def _title(entry: MenuEntry) -> str:
    return ("✓ " if entry.is_checked else "") + entry.title
