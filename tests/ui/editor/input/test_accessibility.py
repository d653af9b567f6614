"""A screen reader finds an editable text, its caret, its selection and what changes."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextInsertEvent,
    QAccessibleTextRemoveEvent,
    QAccessibleTextSelectionEvent,
)
from PySide6.QtTest import QTest
from shiboken6 import isValid

from tests.ui.conftest import OpenView, text_of
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.input.accessibility import AccessibleText
from tokviz.ui.editor.token_view import TokenView

BOUNDARY = QAccessible.TextBoundaryType


def accessible(view: TokenView) -> AccessibleText:
    found = QAccessible.queryAccessibleInterface(view)
    assert isinstance(found, AccessibleText)
    assert found.textInterface() is found
    assert found.editableTextInterface() is found
    return found


def test_it_is_an_editable_text(open_view: OpenView) -> None:
    view = open_view("text")
    found = accessible(view)
    assert found.role() == QAccessible.Role.EditableText
    state = found.state()
    assert state.editable and state.focusable and state.focused and state.multiLine and state.selectableText
    assert not state.readOnly
    assert found.text(QAccessible.Text.Name) == view.accessibleName() != ""
    view.set_read_only("Read-only: because.")
    assert found.state().readOnly and not found.state().editable
    assert found.text(QAccessible.Text.Description) == "Read-only: because."
    assert found.rect().size() == view.size()
    assert found.parent() is not None
    assert found.childCount() == 0


def test_qt_itself_finds_the_text_and_nothing_that_is_not_there(open_view: OpenView) -> None:
    """As it asks when a screen reader does: any answer but an address ended the program."""
    found = accessible(open_view("four"))
    assert QAccessibleInterface.textInterface(found) is found
    assert QAccessibleInterface.editableTextInterface(found) is found
    assert QAccessibleInterface.valueInterface(found) is None
    assert QAccessibleInterface.actionInterface(found) is None


ENDING = """
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QMainWindow
from tokviz.assets import Assets
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Themes
from tokviz.ui.editor.token_view import TokenView

qt = QApplication([])
window = QMainWindow()
view = TokenView(TextBuffer(b"text"), Themes(Assets()).load("light"))
window.setCentralWidget(view)
first = QAccessible.uniqueId(QAccessible.queryAccessibleInterface(view))
view.edited.connect(view.relayout)  # which gives it another meta object
assert QAccessible.uniqueId(QAccessible.queryAccessibleInterface(view)) != first
other = TokenView(TextBuffer(b"text"), Themes(Assets()).load("light"))
QAccessible.queryAccessibleInterface(other)
del other
QTimer.singleShot(0, qt.quit)
qt.exec()
"""


def test_a_program_that_a_screen_reader_has_asked_ends_without_a_crash() -> None:
    done = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_positions_are_utf16_units(open_view: OpenView) -> None:
    text = "\ufeffa😀b\r\n漢字"
    view = open_view(text)
    found = accessible(view)
    assert found.characterCount() == 9
    assert found.text(1, 5) == "a😀b"
    assert found.text(7, 9) == "漢字"
    found.setCursorPosition(4)
    assert view.state.caret.offset == len("\ufeffa😀".encode())
    assert found.cursorPosition() == 4


def test_the_selection(open_view: OpenView) -> None:
    view = open_view("one 😀 two")
    found = accessible(view)
    assert found.selectionCount() == 0
    found.setSelection(0, 4, 6)
    assert view.state.selection == (4, 8)
    assert found.selectionCount() == 1
    assert found.selection(0) == (4, 6)
    found.addSelection(0, 3)
    assert found.selection(0) == (0, 3)
    found.removeSelection(0)
    assert not view.state.has_selection


def test_editing(open_view: OpenView) -> None:
    view = open_view("one 😀 two")
    found = accessible(view)
    found.replaceText(4, 6, "and")
    assert text_of(view) == b"one and two"
    found.insertText(0, "é")
    found.deleteText(1, 5)
    assert text_of(view) == "éand two".encode()
    view.commands.run("undo")
    assert text_of(view) == "éone and two".encode()


@pytest.mark.parametrize(
    ("kind", "before", "at", "after"),
    [
        (BOUNDARY.CharBoundary, "t", "w", "o"),
        (BOUNDARY.WordBoundary, " ", "two", " "),
        (BOUNDARY.ParagraphBoundary, "first\n", "one two three\r\n", "last"),
        (BOUNDARY.LineBoundary, "first\n", "one two three\r\n", "last"),
        (BOUNDARY.NoBoundary, "", "first\none two three\r\nlast", ""),
    ],
)
def test_units_of_text_around_a_position(
    open_view: OpenView, kind: QAccessible.TextBoundaryType, before: str, at: str, after: str
) -> None:
    found = accessible(open_view("first\none two three\r\nlast"))
    assert found.textBeforeOffset(11, kind)[0] == before
    text, start, end = found.textAtOffset(11, kind)
    assert text == at
    assert found.text(start, end) == at
    assert found.textAfterOffset(11, kind)[0] == after


def test_places_on_the_screen(open_view: OpenView) -> None:
    view = open_view("first 漢字\n" + "\n" * 100 + "last")
    found = accessible(view)
    box = found.characterRect(6)
    assert box.width() > view.text_viewport.layout.style.advance
    assert box.height() == view.row_height
    assert found.offsetAtPoint(box.center()) == 6
    assert found.offsetAtPoint(view.mapToGlobal(view.rect().topLeft()) - view.rect().bottomRight()) == -1
    last = found.characterCount() - 1
    assert found.characterRect(last).isEmpty()
    found.scrollToSubstring(last, last + 1)
    assert not found.characterRect(last).isEmpty()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[QAccessibleEvent]]:
    """What is told to a screen reader that listens."""
    events: list[QAccessibleEvent] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", events.append)
    yield events


def test_changes_are_told(open_view: OpenView, told: list[QAccessibleEvent]) -> None:
    view = open_view("a😀b")
    view.select(0, 0)
    told.clear()
    QTest.keyClick(view, Qt.Key.Key_Right)
    (moved,) = told
    assert isinstance(moved, QAccessibleTextCursorEvent)
    assert moved.cursorPosition() == 1
    told.clear()
    QTest.keyClick(view, Qt.Key.Key_Delete)
    removed, moved = told
    assert isinstance(removed, QAccessibleTextRemoveEvent)
    assert (removed.changePosition(), removed.textRemoved()) == (1, "😀")
    told.clear()
    QTest.keyClick(view, Qt.Key.Key_X)
    inserted, moved = told
    assert isinstance(inserted, QAccessibleTextInsertEvent)
    assert (inserted.changePosition(), inserted.textInserted()) == (1, "x")
    told.clear()
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    selected = next(event for event in told if isinstance(event, QAccessibleTextSelectionEvent))
    assert (selected.selectionStart(), selected.selectionEnd()) == (0, 3)


def test_a_view_that_is_gone_leaves_nothing_behind(open_view: OpenView, theme: Theme) -> None:
    view = TokenView(TextBuffer(b"text"), theme)
    accessible(view)
    view.deleteLater()
    QTest.qWait(10)
    assert not isValid(view)
    assert accessible(open_view("other")).characterCount() == 5
