"""The two small windows of the Help menu."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from tokviz import __version__


class ShortcutsDialog(QDialog):
    """Every key that does something, with a filter."""

    def __init__(
        self, actions: Sequence[QAction], others: Sequence[tuple[str, str]], parent: QWidget
    ) -> None:
        """``others``: what keys do that stand in no menu, as (what, keys)."""
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        rows = [(entry.text().replace("&", "").rstrip("…"), _keys(entry)) for entry in actions] + list(others)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Search")
        self._filter.setAccessibleName("Search the shortcuts")
        self._table = QTableWidget(len(rows), 2)
        self._table.setHorizontalHeaderLabels(["What", "Keys"])
        self._table.setAccessibleName("Keyboard shortcuts")
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._table.setTabKeyNavigation(False)
        self._table.verticalHeader().hide()
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self._table.setItem(row, column, QTableWidgetItem(text))
        self._table.resizeColumnToContents(1)
        self._filter.textChanged.connect(self._narrow)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column_layout = QVBoxLayout(self)
        column_layout.addWidget(self._filter)
        column_layout.addWidget(self._table)
        column_layout.addWidget(buttons)
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
            "<p>It works offline and sends nothing anywhere. Texts and counts are never written to disk, "
            "only your preferences and the names of recently opened files.</p>"
            f"<p>Failures are logged in {log}.</p>"
        )
        head.setWordWrap(True)
        head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        licences = QTextBrowser()
        licences.setPlainText(notice)
        licences.setAccessibleName("Sources and licences")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(head)
        column.addWidget(licences, 1)
        column.addWidget(buttons)
        self.resize(620, 520)
