"""The window that the tests of a module share, in front of all others."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.shell.windows import opened_window
from tokviz.composition import Application


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The whole window, at a size that has room for all parts of a page."""
    with opened_window(qapp, tmp_path_factory.mktemp("window"), size=QSize(1280, 800)) as application:
        yield application


@pytest.fixture
def application(shared: Application, qtbot: QtBot) -> Application:
    """The same, with the keys."""
    shared.window.activateWindow()
    qtbot.waitUntil(shared.window.isActiveWindow)
    return shared
