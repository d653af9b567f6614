"""The Help menu, and the windows that it opens."""

from collections.abc import Callable, Sequence
from itertools import groupby

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMainWindow,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from tokviz import __version__
from tokviz.assets import Assets
from tokviz.language import _
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.common.placement import resize_within
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import fill, set_up_table
from tokviz.ui.shell.guide import GuideWindow
from tokviz.ui.shell.menu_entries import MenuEntry, entries_of

_KEYS_IN_NO_MENU = (
    (_("Move to the next or previous part of the window"), _("Tab, Shift+Tab")),
    (_("Leave the text, where Tab types"), "F6, Shift+F6"),
    (_("Show the next open text, or the one before"), _("Ctrl+Tab, Ctrl+Shift+Tab")),
    (_("Go from token to token in the text"), _("Alt+Left, Alt+Right")),
    (_("Go from part to part of a bar, a chart or a map"), _("Arrow keys, Home, End")),
    (_("Scroll by a line; the caret stays"), _("Ctrl+Up, Ctrl+Down")),
    (_("Type over what follows, or insert again"), _("Insert")),
    (_("Delete the line"), "Ctrl+Shift+K"),
    (_("Open the menu of the token at the caret"), _("Menu, Shift+F10")),
    (_("Make the current model a favourite"), "Ctrl+D"),
    (_("Cancel long work"), _("Esc")),
)
_ICON = 64
_ABOUT = (820, 600)
"""Pixels: the lines of the notices are as long as that."""


class Help(QObject):
    """Opens the guide, the shortcuts and the about window."""

    def __init__(
        self,
        window: QMainWindow,
        assets: Assets,
        log: FailureLog,
        settings: Settings,
        chapter: Callable[[], str],
    ) -> None:
        """``chapter`` says which of the guide's files is about what is in front."""
        super().__init__(window)
        self._window = window
        self._assets = assets
        self._log = log
        self._settings = settings
        self._chapter = chapter
        self._guide: GuideWindow | None = None

    def show_guide(self) -> None:
        """Show the guide, at the chapter about what is in front."""
        if self._guide is None:
            self._guide = GuideWindow(self._assets.path("guide"), self._settings, self._window)
        self._guide.show_chapter(self._chapter())

    def show_shortcuts(self) -> None:
        """List every menu entry that has a key, and the keys that are in no menu."""
        entries = [entry for entry in entries_of(self._window.menuBar()) if entry.keys]
        ShortcutsDialog(entries, _KEYS_IN_NO_MENU, self._window).exec()

    def show_about(self) -> None:
        """Say what tokviz is and whose data is in it."""
        notice = self._assets.path("NOTICE")
        text = notice.read_text("utf-8") if notice.is_file() else _("The NOTICE file is missing.")
        AboutDialog(text, str(self._log.path), self._window).exec()


class ShortcutsDialog(QDialog):
    """Every key that does something, menu by menu, with a filter."""

    def __init__(
        self, entries: Sequence[MenuEntry], others: Sequence[tuple[str, str]], parent: QWidget
    ) -> None:
        """``others``: what keys do that stand in no menu, as (what, keys)."""
        super().__init__(parent)
        self.setWindowTitle(_("Keyboard Shortcuts"))
        self._filter = SearchField(_("Search the shortcuts"), _("Search"))
        self._table = QTableWidget(0, 2)
        self._table.setHorizontalHeaderLabels([_("What"), _("Keys")])
        set_up_table(self._table, _("Keyboard Shortcuts"), self.fontMetrics().lineSpacing() + 8)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for menu, inside in groupby(entries, lambda entry: entry.path[0]):
            self._add_group(menu, [(entry.title.rstrip("…"), entry.keys) for entry in inside])
        self._add_group(_("In no menu"), others)
        self._table.resizeColumnToContents(1)
        self._filter.textChanged.connect(self._narrow)
        _lay_out(self, self._filter, self._table)
        resize_within(self, 520, 560)

    def _add_group(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        bold = self.font()
        bold.setWeight(QFont.Weight.DemiBold)
        for texts in ((title,), *rows):
            row = self._table.rowCount()
            self._table.insertRow(row)
            for column, text in enumerate(texts):
                self._table.setItem(row, column, cell := QTableWidgetItem(text))
                if len(texts) == 1:
                    cell.setFont(bold)
                    cell.setFlags(Qt.ItemFlag.ItemIsEnabled)
                    self._table.setSpan(row, 0, 1, 2)

    def _narrow(self, text: str) -> None:
        """Show the rows that hold ``text``, and the titles of groups that have such a row."""
        title, any_shown = -1, False
        for row in range(self._table.rowCount()):
            cells = [self._table.item(row, column) for column in range(2)]
            if cells[1] is None:
                title, any_shown = row, False
                self._table.setRowHidden(row, True)
                continue
            shown = any(cell is not None and text.casefold() in cell.text().casefold() for cell in cells)
            self._table.setRowHidden(row, not shown)
            any_shown |= shown
            self._table.setRowHidden(title, not any_shown)


class AboutDialog(QDialog):
    """What this is, what it does with a text (nothing leaves the machine), and whose data is inside."""

    def __init__(self, notice: str, log: str, parent: QWidget) -> None:
        """``notice``: the licences of what is bundled; ``log``: where failures are written."""
        super().__init__(parent)
        self.setWindowTitle(_("About tokviz"))
        head = QLabel(
            _(
                "<h3>tokviz {version}</h3><p>Shows a text, a file, a whole codebase or a conversation the "
                "way a language model sees it.</p><p>It works offline and sends nothing anywhere. What it "
                "keeps on this computer: your preferences, the names of recently opened files, and a "
                "text that is not saved yet, so that a crash does not cost it (File ▸ Unsaved Texts "
                "switches that off).</p><p>Failures are logged in {log}.</p>",
                version=__version__,
                log=log,
            )
        )
        head.setWordWrap(True)
        head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        licences = QTextBrowser()
        licences.setPlainText(notice)
        licences.setAccessibleName(_("Sources and licences"))
        picture = QLabel()
        picture.setPixmap(QApplication.windowIcon().pixmap(_ICON, _ICON))
        above = QWidget()
        row = fill(QHBoxLayout(above), picture, head, wide=head, spacing=16)
        row.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        _lay_out(self, above, licences)
        resize_within(self, *_ABOUT)


def _lay_out(dialog: QDialog, above: QWidget, below: QWidget) -> None:
    """One above the other, over a button that closes the dialog."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(above)
    column.addWidget(below, 1)
    column.addWidget(buttons)
