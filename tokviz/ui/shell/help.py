"""The Help menu, and the two windows that it opens."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QMainWindow,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from tokviz import __version__
from tokviz.assets import Assets
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.common.widgets import SearchField, set_up_table

_KEYS_IN_NO_MENU = (
    ("Move to the next or previous part of the window", "Tab, Shift+Tab"),
    ("Leave the text, where Tab types", "Ctrl+Tab, Ctrl+Shift+Tab"),
    ("Go from token to token in the text", "Alt+Left, Alt+Right"),
    ("Scroll by a line; the caret stays", "Ctrl+Up, Ctrl+Down"),
    ("Type over what follows, or insert again", "Insert"),
    ("Delete the line", "Ctrl+Shift+K"),
    ("Open the menu of the token at the caret", "Menu, Shift+F10"),
    ("Make the current model a favourite", "Ctrl+D"),
    ("Cancel long work", "Esc"),
)


class Help(QObject):
    """Opens the shortcuts and the about window."""

    def __init__(self, window: QMainWindow, assets: Assets, log: FailureLog) -> None:
        super().__init__(window)
        self._window = window
        self._assets = assets
        self._log = log

    def show_shortcuts(self) -> None:
        """List every menu entry that has a key, and the keys that are in no menu."""
        entries = [
            entry
            for menu in self._window.menuBar().actions()
            for entry in _inside(menu)
            if not entry.shortcut().isEmpty()
        ]
        ShortcutsDialog(entries, _KEYS_IN_NO_MENU, self._window).exec()

    def show_about(self) -> None:
        """Say what tokviz is and whose data is in it."""
        notice = self._assets.path("NOTICE")
        text = notice.read_text("utf-8") if notice.is_file() else "The NOTICE file is missing."
        AboutDialog(text, str(self._log.path), self._window).exec()


def _inside(entry: QAction) -> list[QAction]:
    menu = entry.menu()
    # PySide6's stubs say object; it is a QMenu, or None for a plain entry.
    if not isinstance(menu, QMenu):
        return [entry]
    return [found for inner in menu.actions() for found in _inside(inner)]


class ShortcutsDialog(QDialog):
    """Every key that does something, with a filter."""

    def __init__(
        self, actions: Sequence[QAction], others: Sequence[tuple[str, str]], parent: QWidget
    ) -> None:
        """``others``: what keys do that stand in no menu, as (what, keys)."""
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        rows = [(entry.text().replace("&", "").rstrip("…"), _keys(entry)) for entry in actions] + list(others)
        self._filter = SearchField("Search the shortcuts", "Search")
        self._table = QTableWidget(len(rows), 2)
        self._table.setHorizontalHeaderLabels(["What", "Keys"])
        set_up_table(self._table, "Keyboard shortcuts", self.fontMetrics().lineSpacing() + 8)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self._table.setItem(row, column, QTableWidgetItem(text))
        self._table.resizeColumnToContents(1)
        self._filter.textChanged.connect(self._narrow)
        _lay_out(self, self._filter, self._table)
        self.resize(520, 560)

    def _narrow(self, text: str) -> None:
        for row in range(self._table.rowCount()):
            cells = [self._table.item(row, column) for column in range(2)]
            shown = any(cell is not None and text.casefold() in cell.text().casefold() for cell in cells)
            self._table.setRowHidden(row, not shown)


def _keys(entry: QAction) -> str:
    return entry.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


class AboutDialog(QDialog):
    """What this is, what it does with a text (nothing leaves the machine), and whose data is inside."""

    def __init__(self, notice: str, log: str, parent: QWidget) -> None:
        """``notice``: the licences of what is bundled; ``log``: where failures are written."""
        super().__init__(parent)
        self.setWindowTitle("About tokviz")
        head = QLabel(
            f"<h3>tokviz {__version__}</h3>"
            "<p>Shows a text, a file or a whole codebase the way a language model sees it.</p>"
            "<p>It works offline and sends nothing anywhere. What it keeps on this computer: your "
            "preferences, the names of recently opened files, and a text that is not saved yet, so that a "
            "crash does not cost it (File ▸ Unsaved Texts switches that off).</p>"
            f"<p>Failures are logged in {log}.</p>"
        )
        head.setWordWrap(True)
        head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        licences = QTextBrowser()
        licences.setPlainText(notice)
        licences.setAccessibleName("Sources and licences")
        _lay_out(self, head, licences)
        self.resize(620, 520)


def _lay_out(dialog: QDialog, above: QWidget, below: QWidget) -> None:
    """One above the other, over a button that closes the dialog."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(above)
    column.addWidget(below, 1)
    column.addWidget(buttons)
