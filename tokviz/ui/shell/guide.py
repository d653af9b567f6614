"""The guide in a window: its chapters, the one that is read beside them, a search through all."""

import re
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from tokviz.language import _
from tokviz.ui.common.placement import remember_window, restore_window
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import fill, icon_button, plain_label
from tokviz.ui.shell.guide_page import GuidePage

CONTENTS = "README.md"
_ENTRY = re.compile(r"^\d+\. \[([^]]+)\]\(([^)]+)\)$", re.MULTILINE)
_SIZE = QSize(860, 640)
_LIST_WIDTH = 250
_PLACE = "guide/place"


def chapters(folder: Path) -> dict[str, str]:
    """The titles of the chapters by their file names, as the contents list them; none without the guide."""
    try:
        contents = (folder / CONTENTS).read_text("utf-8")
    except OSError:
        return {}
    return {name: title for title, name in _ENTRY.findall(contents)}


class GuideWindow(QDialog):
    """Stays open beside the window that it explains."""

    def __init__(self, folder: Path, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Guide"))
        self._settings = settings
        self._folder = folder
        self._texts: dict[str, str] = {}
        self.page = GuidePage(folder)
        self.page.setAccessibleName(_("The chapter"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Chapters"))
        self.list.setSpacing(1)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name, title in chapters(folder).items():
            entry = QListWidgetItem(title)
            entry.setData(Qt.ItemDataRole.UserRole, name)
            self.list.addItem(entry)
        self.field = SearchField(
            _("Search the guide"), _("Search"), _("Enter goes to the next place, in any chapter")
        )
        self._nothing = plain_label("", role="muted", name=_("What the search found"))
        self.back = icon_button("chevron-left", _("Back (Alt+Left)"), self.page.backward)
        self.forward = icon_button("chevron-right", _("Forward (Alt+Right)"), self.page.forward)
        self._build()
        self._connect()
        restore_window(self, settings, _PLACE, _SIZE)

    def show_chapter(self, name: str) -> None:
        """Come to the front with this chapter; the first one if there is none of that name."""
        known = [self._name(row) for row in range(self.list.count())]
        if known:
            self.page.show_chapter(name if name in known else known[0])
        else:
            self.page.setPlainText(_("The guide is not there: install tokviz again."))
        self.show()
        self.list.doItemsLayout()  # which was made before the style sheet gave the entries their height
        self.activateWindow()

    def done(self, result: int) -> None:
        remember_window(self, self._settings, _PLACE)
        super().done(result)

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self.back)
        bar.addWidget(self.forward)
        bar.addWidget(self.field, 1)
        bar.addWidget(self._nothing)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.page)
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_WIDTH, _SIZE.width() - _LIST_WIDTH])
        column = QVBoxLayout(self)
        column.addLayout(bar)
        fill(column, split, wide=split, spacing=8).setContentsMargins(12, 12, 12, 12)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._show_row)
        self.page.sourceChanged.connect(self._tell_place)
        for button, available in (
            (self.back, self.page.backwardAvailable),
            (self.forward, self.page.forwardAvailable),
        ):
            button.setEnabled(False)
            available.connect(button.setEnabled)
        self.field.textChanged.connect(self._begin_search)
        self.field.returnPressed.connect(self.find_next)
        for keys, act in (
            (QKeySequence.StandardKey.Find, self._search),
            (QKeySequence.StandardKey.FindNext, self.find_next),
            ("Alt+Left", self.page.backward),
            ("Alt+Right", self.page.forward),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _search(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _name(self, row: int) -> str:
        return str(self.list.item(row).data(Qt.ItemDataRole.UserRole))

    def _show_row(self, row: int) -> None:
        if row >= 0 and self._name(row) != self.page.chapter:
            self.page.show_chapter(self._name(row))

    def _tell_place(self, source: QUrl) -> None:
        """Mark in the contents which chapter is read."""
        for row in range(self.list.count()):
            if self._name(row) == source.fileName():
                # Qt emits this before ``source()`` says the same.
                with QSignalBlocker(self.list):
                    self.list.setCurrentRow(row)

    def _begin_search(self, text: str) -> None:
        """List the chapters that have the text, and mark its first place in the one that is read."""
        shown = [self._has(row, text) for row in range(self.list.count())]
        for row, has in enumerate(shown):
            self.list.item(row).setHidden(not has)
        self._nothing.setText("" if any(shown) or not text else _("Not found"))
        start = self.page.textCursor()
        start.setPosition(start.selectionStart())
        self.page.setTextCursor(start)
        if text and not self.page.find(text):
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self.page.find(text)

    def find_next(self) -> None:
        """Go to the next place of what is searched for; behind a chapter's last, to the next that has it."""
        text = self.field.text()
        if not text or self.page.find(text):
            return
        count, here = self.list.count(), self.list.currentRow()
        for row in ((here + step) % count for step in range(1, count + 1)):
            if self._has(row, text):
                self.page.show_chapter(self._name(row))
                self.page.moveCursor(QTextCursor.MoveOperation.Start)
                self.page.find(text)
                return

    def _has(self, row: int, text: str) -> bool:
        name = self._name(row)
        if name not in self._texts:
            document = QTextDocument()
            document.setMarkdown((self._folder / name).read_text("utf-8"))
            self._texts[name] = document.toPlainText().casefold()
        return text.casefold() in self._texts[name]
