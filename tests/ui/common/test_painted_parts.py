"""What is painted in parts is a list to a screen reader, and the keys go from part to part."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
    QHelpEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tokviz.ui.common.painted_parts import ReadParts

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description


class Bars(ReadParts):
    """Bars side by side, ten pixels each."""

    MIRRORED = True

    def __init__(self, words: list[str]) -> None:
        super().__init__("Some bars")
        self.words = words
        self.resize(100, 20)

    def part_count(self) -> int:
        return len(self.words)

    def part_words(self, number: int) -> str:
        return self.words[number]

    def part_box(self, number: int) -> QRectF:
        return QRectF(10 * number, 0, 10, 20)

    def overview(self) -> str:
        return f"{len(self.words)} bars"


@pytest.fixture
def bars(qtbot: QtBot) -> Bars:
    widget = Bars(["one: 1 token", "two: 2 tokens\n40 %", "three: 3 tokens"])
    qtbot.addWidget(widget)
    widget.show()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[QAccessible.Event, int]]]:
    """What is told to a screen reader that listens."""
    events: list[tuple[QAccessible.Event, int]] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)

    def hear(event: QAccessibleEvent) -> None:
        events.append((event.type(), event.child()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    yield events


def accessible(widget: Bars) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def part(widget: Bars, number: int) -> QAccessibleInterface:
    return accessible(widget).child(number)


def test_where_parts_overlap_the_one_on_top_is_found(bars: Bars, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "part_box", lambda number: QRectF(2 * number, 0, 10, 20))
    place = bars.mapToGlobal(QPoint(5, 5))
    assert accessible(bars).childAt(place.x(), place.y()).text(NAME) == "three: 3 tokens"


def test_it_is_a_list_of_its_parts(bars: Bars) -> None:
    found = accessible(bars)
    assert found.role() == QAccessible.Role.List
    assert (found.text(NAME), found.childCount()) == ("Some bars", 3)
    assert found.state().focusable and found.state().focused and not found.state().invisible
    assert found.parent() is not None and found.rect().size() == bars.size()
    names = [part(bars, number).text(NAME) for number in range(3)]
    assert names == ["one: 1 token", "two: 2 tokens, 40 %", "three: 3 tokens"]
    second = part(bars, 1)
    assert second.role() == QAccessible.Role.ListItem and second.childCount() == 0
    assert second.rect().topLeft() == bars.mapToGlobal(QPoint(10, 0))
    assert second.rect().size() == QSize(10, 20)
    assert found.indexOfChild(second) == 1 and second.parent().text(NAME) == "Some bars"
    assert found.child(3) is None and found.child(-1) is None
    assert found.childAt(*bars.mapToGlobal(QPoint(25, 5)).toTuple()).text(NAME) == "three: 3 tokens"
    assert found.childAt(*bars.mapToGlobal(QPoint(95, 5)).toTuple()) is None


def test_keys_make_another_part_current(bars: Bars) -> None:
    assert accessible(bars).focusChild() is None
    keys = Qt.Key
    for key, now in (
        (keys.Key_Right, 0),
        (keys.Key_Down, 1),
        (keys.Key_End, 2),
        (keys.Key_Right, 2),
        (keys.Key_Left, 1),
        (keys.Key_Up, 0),
        (keys.Key_Up, 0),
        (keys.Key_PageDown, 1),
        (keys.Key_PageUp, 0),
        (keys.Key_End, 2),
        (keys.Key_Home, 0),
    ):
        QTest.keyClick(bars, key)
        assert bars.current_part() == now, key
    assert accessible(bars).focusChild().text(NAME) == "one: 1 token"
    assert [part(bars, n).state().focused for n in range(3)] == [True, False, False]
    bars.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QTest.keyClick(bars, keys.Key_Left)
    assert bars.current_part() == 1


def test_with_none_current_back_goes_to_the_last(bars: Bars) -> None:
    QTest.keyClick(bars, Qt.Key.Key_Left)
    assert bars.current_part() == 2


def test_the_current_part_has_the_focus_and_its_words_are_told(
    bars: Bars, told: list[tuple[QAccessible.Event, int]]
) -> None:
    QTest.keyClick(bars, Qt.Key.Key_Right)
    QTest.keyClick(bars, Qt.Key.Key_Right)
    focus = QAccessible.Event.Focus
    assert [child for kind, child in told if kind == focus] == [0, 1]
    assert bars.accessibleDescription() == "two: 2 tokens, 40 %"
    told.clear()
    bars.tell()
    assert not told, "nothing is new"
    bars.words[1] = "two: 5 tokens"
    bars.tell()
    assert (focus, 1) in told and bars.accessibleDescription() == "two: 5 tokens"
    told.clear()
    bars.clearFocus()
    bars.words[1] = "two: 6 tokens"
    bars.tell()
    assert (focus, 1) not in told and bars.accessibleDescription() == "two: 6 tokens"
    bars.setFocus()
    assert (focus, 1) in told


def test_a_part_is_pressed_by_what_reads_it(bars: Bars) -> None:
    action = part(bars, 2).actionInterface()
    assert action is not None
    press = QAccessibleActionInterface.pressAction()
    assert action.actionNames() == [press]
    action.doAction(press)
    assert bars.current_part() == 2
    assert accessible(bars).actionInterface() is None
    assert accessible(bars).valueInterface() is None


def test_a_part_that_is_gone_is_nothing_any_more(bars: Bars) -> None:
    last = part(bars, 2)
    bars.choose_part(2)
    bars.words = bars.words[:1]
    bars.tell()
    assert bars.current_part() is None and bars.accessibleDescription() == "1 bars"
    assert last.text(NAME) == "" and last.state().invisible and last.rect().isEmpty()
    action = last.actionInterface()
    assert action is not None
    action.doAction(QAccessibleActionInterface.pressAction())
    assert bars.current_part() is None
    bars.words = ["a", "b", "c: 9 tokens"]
    assert last.text(NAME) == "c: 9 tokens" and accessible(bars).indexOfChild(last) == 2


def test_a_picture_that_is_gone_leaves_nothing_behind(qtbot: QtBot) -> None:
    for _ in range(20):
        widget = Bars(["one", "two"])
        assert [part(widget, number).text(NAME) for number in (0, 1)] == ["one", "two"]
        widget.deleteLater()
        QTest.qWait(1)
        assert not isValid(widget)
        gc.collect(0)


def test_the_program_ends_well_with_parts_that_were_read() -> None:
    """Qt still asked for what Python had deleted."""
    program = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtGui import QAccessible\n"
        "from PySide6.QtWidgets import QApplication, QMainWindow\n"
        "from tests.ui.common.test_painted_parts import Bars\n"
        "application = QApplication(sys.argv)\n"
        "window = QMainWindow()\n"
        "bars = Bars(['one', 'two'])\n"
        "window.setCentralWidget(bars)\n"
        "window.show()\n"
        "found = QAccessible.queryAccessibleInterface(bars)\n"
        "assert [found.child(n).text(QAccessible.Text.Name) for n in (0, 1)] == ['one', 'two']\n"
        "QTimer.singleShot(0, application.quit)\n"
        "sys.exit(application.exec())\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr


def test_the_pointer_tells_what_it_rests_on(bars: Bars, monkeypatch: pytest.MonkeyPatch) -> None:
    bars.setToolTip("All of them")
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, _widget: shown.append(text))

    def tip(x: int) -> str:
        place = QPoint(x, 5)
        QApplication.sendEvent(bars, QHelpEvent(QEvent.Type.ToolTip, place, bars.mapToGlobal(place)))
        return shown[-1]

    assert tip(15) == "two: 2 tokens\n40 %"
    assert tip(25) == "three: 3 tokens"
    assert tip(60) == "All of them"
