"""The window: pages on the left, the models on the right, one line above for what happened."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.notices import NoticeBar
from tokviz.ui.page import Page
from tokviz.ui.settings import Settings
from tokviz.ui.theme import Theme

_SIZE = (1280, 800)
_PANEL = 570
"""The models panel's width at first, in pixels."""


class MainWindow(QMainWindow):
    """Holds the pages and passes between them what concerns more than one: counts, messages, drops."""

    paths_dropped = Signal(list)
    """Files and folders (``list[Path]``) that were dropped anywhere on the window."""
    page_shown = Signal(object)
    closed = Signal()

    def __init__(self, pages: Sequence[Page], models: ModelsPanel, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("window")
        self._settings = settings
        self._pages = list(pages)
        self.models = models
        self.notices = NoticeBar()
        self._tabs = QTabBar()
        self._stack = QStackedWidget()
        self._place = QLabel()
        self._work = QLabel()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._build()
        for page in self._pages:
            self._adopt(page)
        self._tabs.currentChanged.connect(self._show_index)
        self._restore()
        self._show_index(0)

    @property
    def pages(self) -> Sequence[Page]:
        """The pages, in the order of their tabs."""
        return self._pages

    @property
    def page(self) -> Page:
        """The page in front."""
        return self._pages[self._tabs.currentIndex()]

    def show_page(self, page: Page) -> None:
        """Bring ``page`` to the front."""
        self._tabs.setCurrentIndex(self._pages.index(page))

    def set_theme(self, theme: Theme) -> None:
        """Hand the colours on to everything that paints by itself."""
        for page in self._pages:
            page.set_theme(theme)
        self.models.set_theme(theme)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.paths_dropped.emit(paths)
        else:
            self.notices.show_problem(
                "Only files and folders of this computer can be opened; this was a link."
            )

    def closeEvent(self, event: QCloseEvent) -> None:
        if not all(page.may_close() for page in self._pages):
            event.ignore()
            return
        self._settings.set("window/geometry", self.saveGeometry())
        self._settings.set("window/splitter", self._splitter.saveState())
        self._settings.sync()
        self.closed.emit()
        event.accept()

    def _build(self) -> None:
        self._tabs.setObjectName("pages")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName("Pages")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(10, 4, 4, 6)
        column.setSpacing(6)
        column.addWidget(self._tabs)
        column.addWidget(self.notices)
        column.addWidget(self._stack, 1)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.models)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(6)
        self._splitter.setSizes([_SIZE[0] - _PANEL, _PANEL])
        self.setCentralWidget(self._splitter)
        for label in (self._place, self._work):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._place.setAccessibleName("What is open")
        self._work.setAccessibleName("Work under way")
        self.statusBar().addWidget(self._place, 1)
        self.statusBar().addPermanentWidget(self._work)
        self.statusBar().setSizeGripEnabled(False)
        self.setAcceptDrops(True)

    def _adopt(self, page: Page) -> None:
        self._tabs.addTab(page.title)
        self._stack.addWidget(page)
        page.problem.connect(self.notices.show_problem)
        page.information.connect(self.notices.show_information)
        page.counts_changed.connect(lambda: self._refresh(page))
        page.place_changed.connect(lambda: self._refresh(page))
        page.work_changed.connect(lambda: self._refresh(page))

    def _restore(self) -> None:
        if not self.restoreGeometry(self._settings.state("window/geometry")):
            self.resize(*_SIZE)
        self._splitter.restoreState(self._settings.state("window/splitter"))

    def _show_index(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._refresh(self.page)
        self.page_shown.emit(self.page)

    def _refresh(self, page: Page) -> None:
        """Show what ``page`` says of itself, if it is the one in front."""
        if page is not self.page:
            return
        self.models.set_counts(page.counts())
        self._place.setText(page.status)
        self._work.setText(page.work)
        self.setWindowTitle(f"{page.place}[*] – tokviz" if page.place else "tokviz[*]")
        self.setWindowModified(page.modified)
