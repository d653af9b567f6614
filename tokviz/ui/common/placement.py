"""How windows, splitters and headers were left: plain numbers, checked before Qt gets them.

Qt's own ``saveState`` gives bytes that crash it when they are damaged, and that nobody can check.
"""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView, QSplitter, QWidget

from tokviz.ui.common.settings import Settings

_FURTHEST = 100_000
"""Pixels: no screen, nor any row of screens, is larger."""
_FRAME = QSize(8, 40)
"""Pixels that the frame and title of a window take on common desktops: they show only once it is shown. One
as large as the screen would have its title, or its status bar, outside."""
_STEP = QPoint(32, 32)
_NARROW, _LOW = 1000, 680
"""Pixels: in a window that is smaller either way, the models are in a drawer."""
_LEAST_WIDTH = 20
"""Pixels of a column; one that is narrower could not be found again."""


def has_drawer(window: QSize) -> bool:
    """Whether the models lie in a drawer below the pages, not beside them."""
    return window.width() < _NARROW or window.height() < _LOW


def remember_window(window: QWidget, settings: Settings, key: str) -> None:
    """Keep place and size, as they are when the window is not maximized, and whether it is."""
    maximized = window.isMaximized()
    place = window.normalGeometry() if maximized else QRect(window.pos(), window.size())
    settings.set(key, [place.x(), place.y(), place.width(), place.height(), int(maximized)])


def restore_window(window: QWidget, settings: Settings, key: str, size: QSize) -> None:
    """Put the window where it was left, inside a screen that is there; else only give it ``size``."""
    left = settings.numbers(key, -_FURTHEST, _FURTHEST)
    if len(left) != 5:
        window.resize(_inside(QRect(QPoint(), size)).size())
        return
    place = _inside(QRect(*left[:4]))
    window.resize(place.size())
    window.move(place.topLeft())
    if left[4]:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def resize_within(window: QWidget, width: int, height: int) -> None:
    """Give a window that is not shown yet this size, or what the screen has room for."""
    room = (window.screen() or QGuiApplication.primaryScreen()).availableSize() - _FRAME
    window.resize(QSize(width, height).boundedTo(room))


def step_aside(window: QWidget) -> None:
    """Let the window not cover one that was left at the same place, as far as the screen has room."""
    if window.isMaximized():
        return
    room = (window.screen() or QGuiApplication.primaryScreen()).availableGeometry()
    window.move(_corner(window.pos() + _STEP, window.size() + _FRAME, room))


def remember_splitter(splitter: QSplitter, settings: Settings, key: str) -> None:
    """Keep the sizes of the parts."""
    settings.set(key, splitter.sizes())


def restore_splitter(splitter: QSplitter, settings: Settings, key: str) -> None:
    """Give the parts the sizes that they had; nothing if there are other parts now."""
    if sizes := kept_sizes(splitter, settings, key):
        splitter.setSizes(sizes)


def kept_sizes(splitter: QSplitter, settings: Settings, key: str) -> list[int]:
    """The sizes that the parts had; empty if that is unknown, or there are other parts now."""
    sizes = settings.numbers(key, 0, _FURTHEST)
    return sizes if len(sizes) == splitter.count() and any(sizes) else []


def keep_splitter(splitter: QSplitter, settings: Settings, key: str) -> None:
    """Give the parts the sizes that they had, and keep those that the user gives them from now on, at once:
    a window that is closed later, and in which nothing was moved, must not undo that. While a part is not
    there, nothing is kept."""
    restore_splitter(splitter, settings, key)

    def moved() -> None:
        parts = [splitter.widget(at) for at in range(splitter.count())]
        if all(part is not None and part.isVisible() for part in parts):
            remember_splitter(splitter, settings, key)

    splitter.splitterMoved.connect(moved)


def remember_header(header: QHeaderView, settings: Settings, key: str) -> None:
    """Keep the columns' order, widths and which are hidden, and by which one the rows are sorted."""
    state = [header.sortIndicatorSection(), int(header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder)]
    for visual in range(header.count()):
        column = header.logicalIndex(visual)
        state += [column, header.sectionSize(column), int(header.isSectionHidden(column))]
    settings.set(key, state)


def restore_header(header: QHeaderView, settings: Settings, key: str) -> None:
    """Give the header the state that it had; nothing if there are other columns now."""
    state = settings.numbers(key, 0, _FURTHEST)
    columns, widths, hidden = state[2::3], state[3::3], state[4::3]
    if len(state) != 2 + 3 * header.count() or sorted(columns) != list(range(header.count())):
        return
    if state[0] >= header.count() or all(hidden):
        return
    for visual, column in enumerate(columns):
        header.moveSection(header.visualIndex(column), visual)
        if widths[visual] >= _LEAST_WIDTH:
            header.resizeSection(column, widths[visual])
        header.setSectionHidden(column, bool(hidden[visual]))
    order = Qt.SortOrder.DescendingOrder if state[1] else Qt.SortOrder.AscendingOrder
    header.setSortIndicator(state[0], order)


def _inside(place: QRect) -> QRect:
    """``place``, moved and made smaller so that all of it is on one screen."""
    screen = QGuiApplication.screenAt(place.center()) or QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    size = place.size().expandedTo(QSize(1, 1)).boundedTo(room.size() - _FRAME)
    return QRect(_corner(place.topLeft(), size, room), size)


def _corner(wanted: QPoint, size: QSize, room: QRect) -> QPoint:
    """The upper left corner nearest to ``wanted`` from which ``size`` lies inside ``room``."""
    x = max(room.left(), min(wanted.x(), room.right() + 1 - size.width()))
    y = max(room.top(), min(wanted.y(), room.bottom() + 1 - size.height()))
    return QPoint(x, y)
