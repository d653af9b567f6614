"""Files that another program lets go over the window: by real drag events, on whatever is below them."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView
from tests.ui.shell.test_opening import Window
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.text_field import TextField

COPY, MOVE = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def files(*paths: Path) -> QMimeData:
    """As file managers give them: addresses, and the same as plain text."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setText("\n".join(QUrl.fromLocalFile(str(path)).toString() for path in paths))
    return data


def link(address: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(address)])
    data.setText(address)
    return data


def drop(target: QObject, data: QMimeData, held: Qt.KeyboardModifier = NONE) -> Qt.DropAction:
    """What the program that the data come from is told: whether they were taken, and how."""
    at, left = QPoint(8, 8), Qt.MouseButton.LeftButton
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(target, kind(at, COPY | MOVE, data, left, held))
    event = QDropEvent(at, COPY | MOVE, data, left, held)
    QApplication.sendEvent(target, event)
    return event.dropAction() if event.isAccepted() else Qt.DropAction.IgnoreAction


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Window:
    return Window(qtbot, tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("a")
    return path


@pytest.mark.parametrize("held", [NONE, SHIFT])
def test_dropped_files_are_copied_never_moved(opened: Window, path: Path, held: Qt.KeyboardModifier) -> None:
    """Shift proposes a move, as some programs do by themselves; what was moved they delete."""
    assert drop(opened.window, files(path), held) == COPY
    assert opened.text.opened == [path]


@pytest.mark.parametrize("held", [NONE, SHIFT])
def test_files_dropped_on_a_text_are_copied_never_moved(
    open_view: OpenView, path: Path, held: Qt.KeyboardModifier
) -> None:
    view = open_view(b"text")
    dropped: list[list[str]] = []
    view.files_dropped.connect(dropped.append)
    assert drop(view.viewport(), files(path), held) == COPY
    assert dropped == [[str(path)]]


@pytest.mark.parametrize("field", [TextField, lambda: SearchField("Search")])
def test_files_dropped_on_a_field_are_for_the_window(
    opened: Window, qtbot: QtBot, path: Path, field: type[QLineEdit]
) -> None:
    made = field()
    layout = opened.text.layout() or QVBoxLayout(opened.text)
    layout.addWidget(made)
    opened.window.show()
    drop(made, files(path))
    assert made.text() == ""
    assert opened.text.opened == [path]
    drop(made, link("https://example.org/"))
    assert made.text() == "https://example.org/"


def test_what_was_told_of_a_drop_is_over_with_the_next(opened: Window, path: Path) -> None:
    opened.window.show()
    banner = opened.window.banner
    drop(opened.window, link("https://example.org/"))
    assert banner.isVisible()
    drop(opened.window, files(path))
    assert not banner.isVisible()
