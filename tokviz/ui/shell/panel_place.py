"""Where the models panel stands: at the right of the pages, or below them in a drawer."""

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QSplitter

from tokviz.ui.common.placement import kept_sizes, remember_splitter
from tokviz.ui.common.settings import Settings
from tokviz.ui.models.panel import ModelsPanel

_SIDE, _DRAWER, _COLLAPSED = "window/parts", "window/drawer_parts", "window/drawer_closed"
_NARROW, _LOW = 1000, 680
"""A window that is smaller either way has a drawer."""
_WIDE = 1200
_PANEL_WIDE, _PANEL_NARROW = 569, 360
"""Pixels of the panel at first, from _WIDE on and below."""
_HEIGHT = 240
"""Pixels of the drawer at first."""


class PanelPlace(QObject):
    """Moves the panel as the window's size asks, and remembers the sizes that the user gave it."""

    def __init__(self, splitter: QSplitter, panel: ModelsPanel, settings: Settings) -> None:
        super().__init__(splitter)
        self._splitter, self._panel, self._settings = splitter, panel, settings
        self._drawer = False
        self._wide = True
        self._before_card: list[int] = []
        splitter.addWidget(panel)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        splitter.splitterMoved.connect(self._remember)
        panel.collapse_toggled.connect(self._toggle)
        panel.card_toggled.connect(self._make_room)

    def fit(self, window: QSize) -> None:
        """Put the panel where a window of this size has room for it."""
        drawer = window.width() < _NARROW or window.height() < _LOW
        was_wide, self._wide = self._wide, window.width() >= _WIDE
        if drawer != self._drawer:
            self._drawer = drawer
            self._turn()
        elif was_wide != self._wide and not drawer:
            self._share(_PANEL_WIDE if self._wide else _PANEL_NARROW)

    def begin(self, window: QSize) -> None:
        """Put the panel where it was left in a window of this size."""
        self._wide = window.width() >= _WIDE
        self._drawer = window.width() < _NARROW or window.height() < _LOW
        self._turn()

    def _remember(self) -> None:
        """Keep the sizes that the user gave, at once: see ``keep_splitter``."""
        if self._panel.isVisible() and not self._before_card and not self._panel.collapsed:
            remember_splitter(self._splitter, self._settings, _DRAWER if self._drawer else _SIDE)

    def _turn(self) -> None:
        drawer = self._drawer
        self._before_card = []
        self._splitter.setOrientation(Qt.Orientation.Vertical if drawer else Qt.Orientation.Horizontal)
        self._panel.set_drawer(drawer)
        self._share(_HEIGHT if drawer else _PANEL_WIDE if self._wide else _PANEL_NARROW)
        self._restore()
        collapsed = drawer and self._settings.flag(_COLLAPSED)
        self._panel.set_collapsed(collapsed)
        if collapsed:
            self._share(self._panel.maximumHeight())
        if self._panel.card_open:
            self._make_room(True)

    def _share(self, panel: int) -> None:
        """Give the panel so many pixels."""
        sizes = self._splitter.size()
        room = sizes.height() if self._drawer else sizes.width()
        self._splitter.setSizes([max(1, room - panel), panel])

    def _toggle(self) -> None:
        collapsed = not self._panel.collapsed
        self._panel.set_collapsed(collapsed)
        self._settings.set(_COLLAPSED, collapsed)
        if collapsed:
            self._share(self._panel.maximumHeight())
        else:
            self._share(_HEIGHT)
            self._restore()

    def _restore(self) -> None:
        """Give the panel the size that it had, whatever the window's is now."""
        sizes = kept_sizes(self._splitter, self._settings, _DRAWER if self._drawer else _SIDE)
        if sizes and sizes[1]:
            self._share(sizes[1])

    def _make_room(self, card: bool) -> None:
        """In the drawer, a card takes the lower half of the window."""
        if not self._drawer:
            return
        if card and not self._before_card:
            self._before_card = self._splitter.sizes()
            self._panel.set_collapsed(False)
            self._share(max(_HEIGHT, self._splitter.height() * 6 // 10))
        elif not card and self._before_card:
            self._splitter.setSizes(self._before_card)
            self._before_card = []
