"""Where the models panel stands: at the right of the pages, or below them in a drawer."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QSplitter

from tokviz.ui.common.placement import has_drawer, kept_sizes, remember_splitter
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.type_sizes import scaled
from tokviz.ui.models.panel import ModelsPanel

_SIDE, _DRAWER, _COLLAPSED = "window/parts", "window/drawer_parts", "window/drawer_closed"
_WIDE = 1200
_PANEL_WIDE, _PANEL_NARROW, _PANEL_LEAST = 569, 360, 286
"""Pixels of the panel at first, from _WIDE on and below; what a page that asks for more leaves it."""
_HEIGHT = 240
"""Pixels of the drawer at first."""


class PanelPlace(QObject):
    """Moves the panel as the window's size asks, and remembers the sizes that the user gave it."""

    def __init__(
        self,
        splitter: QSplitter,
        panel: ModelsPanel,
        settings: Settings,
        needed: Callable[[], int] = lambda: 0,
    ) -> None:
        """``needed``: pixels of height with which nothing of the page above a drawer is scrolled."""
        super().__init__(splitter)
        self._splitter, self._panel, self._settings = splitter, panel, settings
        self._needed = needed
        self._drawer = False
        self._window = QSize()
        self._wanted = 0
        self._before_card: list[int] = []
        splitter.addWidget(panel)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        splitter.splitterMoved.connect(self._remember)
        splitter.installEventFilter(self)
        panel.collapse_toggled.connect(self._toggle)
        panel.card_toggled.connect(self._make_room)

    def fit(self, window: QSize) -> None:
        """Put the panel where a window of this size has room for it."""
        self._window = window
        if has_drawer(window) != self._drawer:
            self._drawer = not self._drawer
            self._turn()
        else:
            self.show_beside(self._wanted)

    def begin(self, window: QSize) -> None:
        """Put the panel where it was left in a window of this size."""
        self._window = window
        self._drawer = has_drawer(window)
        self._turn()

    def show_beside(self, wanted: int) -> None:
        """Leave a page that asks for ``wanted`` pixels of width so many, unless the user gave the panel a
        width."""
        self._wanted = wanted
        if not self._drawer:
            self._share(self._width())
        else:
            self.leave_room()

    def leave_room(self) -> None:
        """Have a drawer no higher than what the page leaves of the window."""
        if self._drawer and not self._panel.collapsed and not self._before_card:
            self._share(self._height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._splitter and event.type() == QEvent.Type.Resize:
            self.leave_room()
        return super().eventFilter(watched, event)

    def _remember(self) -> None:
        """Keep the sizes that the user gave, at once: see ``keep_splitter``."""
        if self._panel.isVisible() and not self._before_card and not self._panel.collapsed:
            remember_splitter(self._splitter, self._settings, _DRAWER if self._drawer else _SIDE)

    def _turn(self) -> None:
        drawer = self._drawer
        self._before_card = []
        self._splitter.setOrientation(Qt.Orientation.Vertical if drawer else Qt.Orientation.Horizontal)
        self._panel.set_drawer(drawer)
        self._share(self._height() if drawer else self._width())
        collapsed = drawer and self._settings.flag(_COLLAPSED)
        self._panel.set_collapsed(collapsed)
        if collapsed:
            self._share(self._panel.maximumHeight())
        if self._panel.card_open:
            self._make_room(True)

    def _width(self) -> int:
        """Pixels at the side: what the user gave, whatever the window's width is now; else what the page
        leaves."""
        first = _PANEL_WIDE if self._window.width() >= _WIDE else _PANEL_NARROW
        least = max(_PANEL_LEAST, scaled(self._panel.font(), _PANEL_LEAST))
        return self._given(_SIDE) or max(least, min(first, self._window.width() - self._wanted))

    def _height(self) -> int:
        """Pixels below: what the user gave, or what it has at first."""
        return self._given(_DRAWER) or _HEIGHT

    def _given(self, key: str) -> int:
        """Pixels that the user gave the panel; 0: none."""
        sizes = kept_sizes(self._splitter, self._settings, key)
        return sizes[1] if sizes else 0

    def _share(self, panel: int) -> None:
        """Give the panel so many pixels."""
        sizes = self._splitter.size()
        room = (sizes.height() if self._drawer else sizes.width()) - self._splitter.handleWidth()
        if self._drawer and not self._panel.card_open:
            panel = max(self._panel.minimumSizeHint().height(), min(panel, room - self._needed()))
        self._splitter.setSizes([max(1, room - panel), panel])

    def _toggle(self) -> None:
        collapsed = not self._panel.collapsed
        self._panel.set_collapsed(collapsed)
        self._settings.set(_COLLAPSED, collapsed)
        self._share(self._panel.maximumHeight() if collapsed else self._height())

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
