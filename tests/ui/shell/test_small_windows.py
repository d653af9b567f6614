"""A window of 900 × 600 stays so, whatever is opened in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.shell.test_keyboard_walk import PAGES, show_text
from tests.ui.shell.windows import choose, opened_window
from tokviz.composition import Application
from tokviz.ui.common.settings import LETTERS
from tokviz.ui.common.tabbed_pane import TabbedPane
from tokviz.ui.shell.page_area import PageArea

SIZE = QSize(900, 600)


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with opened_window(qapp, tmp_path_factory.mktemp("window"), size=SIZE) as application:
        yield application


@pytest.mark.parametrize("name", PAGES)
def test_no_page_asks_for_more(name: str, application: Application, qtbot: QtBot, tmp_path: Path) -> None:
    PAGES[name](application, qtbot, tmp_path)
    QApplication.processEvents()
    assert application.window.size() == SIZE


@pytest.mark.parametrize("letters", [5, 9])
def test_larger_letters_scroll_a_page_and_leave_the_window(
    letters: int, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    (area,) = application.window.findChildren(PageArea)
    folders = {name: tmp_path / name for name in PAGES}
    for folder in folders.values():
        folder.mkdir()
    application.window.show_page(application.conversation)  # with nothing in it: its buttons need the most
    application.settings.set(LETTERS, letters)
    QApplication.processEvents()
    assert application.window.size() == SIZE, "nothing open"
    for name, show in PAGES.items():
        show(application, qtbot, folders[name])
        QApplication.processEvents()
        assert application.window.size() == SIZE, name
        assert area.horizontalScrollBar().maximum() == 0, name
    tabs = application.compare.tabs
    application.window.show_page(application.compare)
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        QApplication.processEvents()
        assert application.window.size() == SIZE, tabs.tabText(place)
    tabs.setCurrentIndex(0)
    assert area.verticalScrollBar().maximum() > 0
    application.settings.set(LETTERS, 0)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)


def test_details_tabs_and_bars_have_room_together(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    show_text(application, qtbot, tmp_path)
    application.text.texts.new()
    application.text.view.editor.replace(0, 0, b"Some words.\n" * 20)
    for title in ("Details", "Heat", "Replace…"):
        choose(application, title)()
        QApplication.processEvents()
        assert application.window.size() == SIZE, title
    (pane,) = [one for one in application.text.findChildren(TabbedPane) if one.isVisible()]
    for place in range(5):
        pane.show_place(place)
        QApplication.processEvents()
        assert application.window.size() == SIZE, place
    for title in ("Details", "Heat"):
        choose(application, title)()
