"""Tab alone leads through every page: to everything, once, in the order of reading, and is seen there."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conversation.conftest import session_rows, write_rows
from tests.ui.shell.windows import opened_window
from tokviz.composition import Application
from tokviz.ui.tokens.document import Origin

BY_ARROWS = ("Tree", "Map")
"""One of a group, of which Tab reaches the one that is chosen, and arrow keys the others."""
_INNER = (QAbstractSpinBox, QComboBox, QLineEdit, QTabBar, QHeaderView, QTableView)
_RING = 3


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with opened_window(qapp, tmp_path_factory.mktemp("walk"), size=QSize(1280, 800)) as application:
        yield application


@pytest.fixture
def application(shared: Application, qtbot: QtBot) -> Application:
    shared.window.activateWindow()
    qtbot.waitUntil(shared.window.isActiveWindow)
    return shared


def show_text(application: Application, qtbot: QtBot, _: Path) -> None:
    application.window.show_page(application.text)
    application.text.document.show(b"Hello world of tokens\n" * 30, Origin())
    qtbot.waitUntil(lambda: application.text.tokenizing.is_settled)


def show_compare(application: Application, qtbot: QtBot, folder: Path) -> None:
    show_text(application, qtbot, folder)
    application.window.show_page(application.compare)


def show_codebase(application: Application, qtbot: QtBot, folder: Path) -> None:
    scan = application.codebase.codebase
    if scan.tree is not None:
        application.window.show_page(application.codebase)
        return
    (folder / "src").mkdir()
    for name in ("a.py", "src/b.py"):
        (folder / name).write_text("def f(x):\n    return x\n" * 20, "utf-8")
    application.opening.open_paths([folder])
    qtbot.waitUntil(lambda: scan.tree is not None and not scan.scan.under_way)


def show_conversation(application: Application, qtbot: QtBot, folder: Path) -> None:
    application.opening.open_paths([write_rows(folder / "session.jsonl", session_rows())])
    page = application.conversation
    qtbot.waitUntil(lambda: application.window.page is page and page.workspace.isVisible())


PAGES: dict[str, Callable[[Application, QtBot, Path], None]] = {
    "text": show_text,
    "compare": show_compare,
    "codebase": show_codebase,
    "conversation": show_conversation,
}


def words(widget: QWidget) -> str:
    """The name that is said of it, or written on it; empty if there is none."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def box(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def walk(window: QWidget, forward: bool) -> list[QWidget]:
    """What Tab reaches, from where the focus is, until it is there again."""
    reached: list[QWidget] = []
    for _ in range(300):
        window.focusNextPrevChild(forward)
        now = QApplication.focusWidget()
        assert now is not None
        if now in reached:
            assert now is reached[0], f"Tab goes in a ring from {words(reached[-1])} back to {words(now)}"
            return reached
        reached.append(now)
    raise AssertionError("Tab does not come back to where it began")


def takes_keys(widget: QWidget, window: QWidget) -> bool:
    """Whether a user would expect to do something there."""
    if widget.window() is not window or not widget.isVisible() or not widget.isEnabled():
        return False
    if isinstance(widget, QScrollArea | QScrollBar | QHeaderView) or isinstance(
        widget.parentWidget(), _INNER
    ):
        return False
    own = any("mousePressEvent" in vars(kind) for kind in type(widget).__mro__ if "tokviz" in kind.__module__)
    kinds = QAbstractButton | QComboBox | QLineEdit | QAbstractSpinBox | QAbstractScrollArea | QTabBar
    return own or isinstance(widget, kinds)


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_once_and_in_the_order_of_reading(
    name: str, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    PAGES[name](application, qtbot, tmp_path)
    window = application.window
    reached = walk(window, forward=True)
    expected = {widget for widget in window.findChildren(QWidget) if takes_keys(widget, window)}
    missed = {words(widget) or type(widget).__name__ for widget in expected if widget not in reached}
    missed -= {*BY_ARROWS}
    assert missed == set()
    assert [type(widget).__name__ for widget in reached if not words(widget)] == []
    boxes = [widget for widget in reached if isinstance(widget, QComboBox)]
    assert [words(one) for one in boxes if not one.accessibleDescription()] == []
    # Pages and their switches come first, then the page, then the models beside it.
    first = next(place for place, widget in enumerate(reached) if words(widget) == "Pages")
    order = reached[first:] + reached[:first]
    panel = [widget for widget in order if application.panel.isAncestorOf(widget)]
    assert order[-len(panel) :] == panel and words(order[0]) == "Pages"
    for part in (order[: -len(panel)], panel):
        for one, other in pairwise(part):
            before, after = box(one, window), box(other, window)
            further = before.bottom() <= after.bottom() or before.right() < after.left()
            beside = after.left() > before.right() or after.top() > before.bottom()
            assert further or beside, f"from {words(one)} back to {words(other)}"
    back = walk(window, forward=False)
    assert set(back) == set(reached)
    at = reached.index(back[0])
    assert back == [*reached[at::-1], *reached[:at:-1]]


@pytest.mark.parametrize("name", PAGES)
def test_one_sees_where_the_focus_is(
    name: str, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    PAGES[name](application, qtbot, tmp_path)
    window = application.window
    unseen = []
    reached = walk(window, forward=True)
    for widget, other in zip(reached, [*reached[3:], *reached[:3]], strict=True):
        place = box(widget, window).adjusted(-_RING, -_RING, _RING, _RING)

        def seen(place: QRect = place) -> QImage:
            QApplication.processEvents()
            return window.grab(place).toImage()

        widget.setFocus(Qt.FocusReason.TabFocusReason)
        focused = seen()
        other.setFocus(Qt.FocusReason.TabFocusReason)
        if seen() == focused:
            unseen.append(words(widget))
    assert unseen == []
