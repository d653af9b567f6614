"""Everything that is left out, and why."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from tokviz.analysis import formatting
from tokviz.documents.tree.walking import Reason
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.ui.codebase.left_out_files import LeftOutEntry
from tokviz.ui.codebase.left_out_model import LeftOutColumn, LeftOutModel, rule_file
from tokviz.ui.codebase.tables import QuietTable, TablePane
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.table_model import copy_cells
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import fill

_WIDTHS = (130, 200, 76)
"""Of the columns after the first."""
_MAY_BE_INCLUDED = frozenset((Reason.RULE, Reason.HIDDEN, Reason.TOO_LARGE, Reason.PACK))
_REFRESH = 500
"""Least milliseconds between two updates while a scan goes on."""


class LeftOutPane(TablePane):
    """A searchable list. It is brought up to date when it is seen."""

    file_chosen = Signal(object)
    """A file (Path) to open: what was left out, or the ignore file that says so."""
    include_wanted = Signal(list)
    """Files and folders (paths) that are to be counted whatever left them out."""

    def __init__(
        self, entries: Callable[[], Sequence[LeftOutEntry]], theme: Theme, parent: QWidget | None = None
    ) -> None:
        """``entries`` gives what is left out now."""
        super().__init__(parent)
        self._entries = entries
        self.model = LeftOutModel(self)
        self._view = QuietTable(_("What is left out"), self.model, theme, _WIDTHS)
        self._search = SearchField(_("Search what is left out"), _("Search paths, reasons and rules"))
        self._summary = QLabel()
        self._include = QPushButton(_("&Include This"))
        self._refresh = Debouncer(self._take, _REFRESH, self)
        self._build()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._view.set_theme(theme)

    def renew(self) -> None:
        """What is left out has changed."""
        if self.isVisible():
            self._refresh.request()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take()

    def _take(self) -> None:
        entries = self._entries()
        self.model.set_entries(entries)
        self._update_include()
        self._summary.setText(summary(entries))

    def _build(self) -> None:
        self._search.textChanged.connect(self.model.set_search)
        self._summary.setProperty("role", "muted")
        self._summary.setWordWrap(True)
        self._view.setSortingEnabled(True)
        self._view.sortByColumn(LeftOutColumn.PATH, Qt.SortOrder.AscendingOrder)
        self._view.doubleClicked.connect(self._open)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._show_menu)
        copy = QAction(_("Copy"), self._view)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self._copy)
        self._view.addAction(copy)
        self._include.setToolTip(_("Counts it from now on, whenever this folder is opened"))
        self._include.clicked.connect(self._ask_to_include)
        self._view.selectionModel().selectionChanged.connect(self._update_include)
        self._update_include()
        foot = QWidget()
        fill(QHBoxLayout(foot), self._summary, self._include, wide=self._summary, spacing=8)
        self.stack(self._search, self._view, foot, table=self._view)
        self.give_way(foot, self._search)

    def _open(self, index: QModelIndex) -> None:
        """The rule's file if the rule was clicked, else what was left out."""
        entry = self.model.rows[index.row()]
        rule = rule_file(entry)
        if index.column() == LeftOutColumn.RULE and rule:
            self.file_chosen.emit(rule)
        elif not entry.what.folder:
            self.file_chosen.emit(Path(entry.root, entry.what.path))

    def _show_menu(self, place: QPoint) -> None:
        index = self._view.indexAt(place)
        if not index.isValid():
            return
        entry = self.model.rows[index.row()]
        menu = QMenu(self)
        if rule := rule_file(entry):
            opened = menu.addAction(_("Open {file}", file=rule.name))
            opened.triggered.connect(lambda: self.file_chosen.emit(rule))
        if not entry.what.folder:
            opened = menu.addAction(_("Open in the text page"))
            opened.triggered.connect(lambda: self.file_chosen.emit(Path(entry.root, entry.what.path)))
        if self._includable():
            menu.addAction(self._include.text()).triggered.connect(self._ask_to_include)
        menu.addAction(_("Copy")).triggered.connect(self._copy)
        menu.exec(self._view.viewport().mapToGlobal(place))
        menu.deleteLater()

    def _rows(self) -> list[int]:
        return sorted({index.row() for index in self._view.selectionModel().selectedRows()})

    def _includable(self) -> list[Path]:
        """What of the selection may be counted if the user says so."""
        entries = [self.model.rows[row] for row in self._rows()]
        return [
            Path(entry.root, entry.what.path) for entry in entries if entry.what.reason in _MAY_BE_INCLUDED
        ]

    def _update_include(self) -> None:
        paths = self._includable()
        self._include.setText(
            _("&Include This")
            if len(paths) < 2
            else ngettext("&Include These {n}", "&Include These {n}", len(paths))
        )
        self._include.setEnabled(bool(paths))

    def _ask_to_include(self) -> None:
        if paths := self._includable():
            self.include_wanted.emit(paths)

    def _copy(self) -> None:
        if rows := self._rows():
            copy_cells(self.model.texts(rows))


def summary(entries: Sequence[LeftOutEntry]) -> str:
    """How many there are, reason by reason."""
    if not entries:
        return _("Nothing is left out.")
    reasons = Counter(entry.what.reason for entry in entries)
    parts = [f"{formatting.grouped(number)} {reason.words}" for reason, number in reasons.most_common()]
    return f"{ngettext('{n} entry', '{n} entries', len(entries))}: {listed(parts)}"
