"""The window: pages on the left, the models on the right, one line above for what happened."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from tokviz.language import _
from tokviz.ui.common.banner import Banner
from tokviz.ui.common.dropped_files import dropped_files, take_copy
from tokviz.ui.common.icons import icon
from tokviz.ui.common.placement import has_drawer, remember_window, restore_window
from tokviz.ui.common.settings import PANEL_SHOWN, Settings
from tokviz.ui.common.tab_order import move_focus
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import ElidedLabel, fill, plain_label, rule, tab_bar, tool_button
from tokviz.ui.shell.page_area import PageArea

if TYPE_CHECKING:
    # What the window's first frame does not need is imported after it: numpy alone takes as long as Qt.
    from tokviz.ui.common.page import Page
    from tokviz.ui.models.panel import ModelsPanel
    from tokviz.ui.shell.panel_place import PanelPlace

_SIZE = (1280, 800)
_LOWEST = 560
"""Pixels of height that the window needs, whatever stands in it: a page that has not enough is scrolled."""
_PLACE = "window/place"
_MARGIN, _ABOVE, _BELOW = 12, 8, 6
"""Pixels at the sides of the pages, above and below them."""
MENUS = (_("&File"), _("&Edit"), _("&View"), _("&Tools"), _("&Help"))
"""The titles of the menus, which Menus fills."""
_PAGES = (
    ("type", _("Text")),
    ("folder", _("Codebase")),
    ("columns-2", _("Compare")),
    ("message-square", _("Conversation")),
)
"""Icon and title of each page that the program has, as the page itself says them."""


class MainWindow(QMainWindow):
    """Holds the pages and passes between them what concerns more than one: counts, messages, drops.

    It starts empty, so that its first frame comes at once, and is filled then.
    """

    paths_dropped = Signal(list)
    """Files and folders (``list[Path]``) that were dropped anywhere on the window."""
    page_shown = Signal(object)
    pasted = Signal()
    """Paste was pressed where nothing takes text."""
    painted = Signal()
    """The window's first frame is on the screen; emitted once."""
    closing = Signal()
    """The user closes the window, and nothing is in the way of it; all is still there."""
    closed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("window")
        self._settings = settings
        self._pages: list[Page] = []
        self._models: ModelsPanel | None = None
        self._panel_place: PanelPlace | None = None
        self._painted = False
        self.banner = Banner()
        self._tabs = tab_bar(_("Pages"))
        self._tabs_focus = self._tabs.focusPolicy()
        self._stack = PageArea(self._room)
        self._top = QWidget()
        self._location = ElidedLabel(name=_("What is open"))
        self._work = plain_label(name=_("Work under way"))
        self._status = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._build()
        restore_window(self, settings, _PLACE, QSize(*_SIZE))

    def foreshadow(self) -> None:
        """Show menus and tabs as they will be, so that none pops in when there are menus and pages. They do
        nothing until then."""
        for title in MENUS:
            self.menuBar().addAction(title)
        for name, title in _PAGES:
            self._tabs.addTab(icon(name), title)
        self._tabs.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._models_button.setChecked(self._settings.flag(PANEL_SHOWN, True))
        self._show_models_icon()

    def set_models(self, models: "ModelsPanel") -> None:
        """Put the models panel to the right of the pages, or below them."""
        from tokviz.ui.shell.panel_place import PanelPlace

        self._models = models
        self._panel_place = PanelPlace(self._splitter, models, self._settings, self._needed)
        self._panel_place.begin(self.size())
        self._models_button.clicked.connect(models.toggle_action.trigger)
        models.toggle_action.toggled.connect(self._models_button.setChecked)
        self._models_button.setChecked(models.toggle_action.isChecked())
        self._show_models_icon()

    def add_page(self, page: "Page") -> None:
        """Add a page behind the others; the first one comes to the front."""
        self._pages.append(page)
        self._stack.add_page(page)
        for signal in (page.counts_changed, page.location_changed, page.work_changed):
            signal.connect(lambda: self._refresh(page))
        page.problem.connect(lambda sentence: self.banner.show_problem(sentence, page))
        page.problem_over.connect(lambda sentence: self.banner.over(page, sentence))
        page.information.connect(self.banner.show_information)
        page.offer.connect(lambda said, text, act: self.banner.show_suggestion(said, text, act, page))
        place = len(self._pages) - 1
        if place >= self._tabs.count():
            self._tabs.addTab(icon(page.icon_name), page.title)
        elif place == 0:
            self._tabs.setCurrentIndex(0)
            self._show_index(0)  # which the tab that was there before the page did not
        if place == self._tabs.count() - 1:
            self._tabs.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
            self._tabs.setFocusPolicy(self._tabs_focus)

    @property
    def pages(self) -> "Sequence[Page]":
        """The pages, in the order of their tabs."""
        return self._pages

    @property
    def page(self) -> "Page":
        """The page in front."""
        return self._pages[self._tabs.currentIndex()]

    def show_page(self, page: "Page") -> None:
        """Bring ``page`` to the front."""
        self._tabs.setCurrentIndex(self._pages.index(page))

    def set_theme(self, theme: Theme) -> None:
        """Hand the colours on to everything that paints by itself."""
        for page in self._pages:
            page.set_theme(theme)
        if self._models:
            self._models.set_theme(theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # Once this frame is out of the way.
            QTimer.singleShot(0, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Here arrives what nothing with the focus wanted. Esc ends long work, then closes the message.
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif event.key() == Qt.Key.Key_Escape and self._pages:
            if not self.page.stop():
                self.banner.dismiss()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.banner.over(self)
        take_copy(event)
        if paths := [Path(name) for name in dropped_files(event.mimeData())]:
            self.paths_dropped.emit(paths)
        else:
            self.banner.show_problem(
                _("Only files and folders of this computer can be opened; this was a link."), self
            )

    def closeEvent(self, event: QCloseEvent) -> None:
        if not all(page.may_close() for page in self._pages):
            event.ignore()
            for page in self._pages:
                page.stay()
            return
        self.closing.emit()
        self.remember()
        self.closed.emit()
        event.accept()

    def remember(self) -> None:
        """Keep how the window is, for the next start."""
        remember_window(self, self._settings, _PLACE)
        self._settings.sync()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._panel_place:
            # Once all else has grown or shrunk with the letters.
            QTimer.singleShot(0, self, self._leave_room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._panel_place:
            self._panel_place.fit(event.size())
        self._show_models_icon()

    def _leave_room(self) -> None:
        if self._panel_place:
            self._panel_place.leave_room()

    def _room(self) -> int:
        """Pixels of height that are left to a page in the lowest window."""
        below = self._splitter.orientation() == Qt.Orientation.Vertical and self._models is not None
        others = [self.menuBar(), self._top, self.statusBar(), *([self._models] if below else [])]
        taken = sum(each.minimumSizeHint().height() for each in others if each and each.isVisible())
        return _LOWEST - taken - _ABOVE - _BELOW - 2  # the lines between them

    def _needed(self) -> int:
        """Pixels of height above a drawer with which nothing of the page is scrolled."""
        return self._stack.needed() + _ABOVE + _BELOW

    def _show_models_icon(self) -> None:
        self._models_button.setIcon(icon("panel-bottom" if has_drawer(self.size()) else "panel-right"))

    def _build(self) -> None:
        top = self._top
        row = QHBoxLayout(top)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(8)
        row.addWidget(self._tabs, 1)
        self._models_button = tool_button(
            _("Models"), _("Show or hide the models (F9)"), lambda: None, "panel-right"
        )
        self._models_button.setCheckable(True)
        row.addWidget(self._models_button)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(_MARGIN, _ABOVE, _MARGIN, _BELOW)
        column.setSpacing(6)
        column.addWidget(self._stack, 1)
        self.banner.float_over(left)
        self._splitter.addWidget(left)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setObjectName("edge")
        self._splitter.setHandleWidth(1)  # Qt makes five pixels of it for the mouse
        centre = QWidget()
        fill(QVBoxLayout(centre), top, rule(), self._splitter, wide=self._splitter, spacing=0)
        self.setCentralWidget(centre)
        self._status.addWidget(self._location)
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().addPermanentWidget(self._work)
        self.statusBar().setSizeGripEnabled(False)
        self.setAcceptDrops(True)
        self._tabs.currentChanged.connect(self._show_index)
        self._stack.needed_changed.connect(self._leave_room, Qt.ConnectionType.QueuedConnection)

    def _show_index(self, index: int) -> None:
        if index >= len(self._pages):
            return
        self._stack.show_page(index)
        if self._panel_place:
            self._panel_place.show_beside(self.page.wanted_width)
        self._refresh(self.page)
        self.page_shown.emit(self.page)

    def _refresh(self, page: "Page") -> None:
        """Show what ``page`` says of itself, if it is the one in front."""
        if not self._pages or page is not self.page:
            return
        if self._models:
            self._models.set_counts(page.counts(), page.counts_with, page.most_tokens)
        # Else the slash that a path begins with stands behind it where one reads from the right.
        at = f"\u2066{page.location}\u2069" if self.isRightToLeft() else page.location
        self._location.setText(page.status.replace(page.location, at, 1))
        line = page.status_line
        if line is not None and self._status.indexOf(line) < 0:
            self._status.addWidget(line)
        self._status.setCurrentWidget(line or self._location)
        self._work.setText(page.work)
        self.setWindowTitle(f"{page.location}[*] – tokviz" if page.location else "tokviz[*]")
        self.setWindowModified(page.modified)
