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
from tokviz.ui.common.tabbed_pane import TabbedPane

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
