"""Where the parts of a window lie in its bar."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tokviz.analysis.conversation.stack import Layer, StackRow
from tokviz.ui.common.theme import Theme
from tokviz.ui.conversation.window_stack import WindowStack

ROWS = [
    StackRow(Layer.USER, 300, "", (0,)),
    StackRow(Layer.RESULTS, 500, "", (1,)),
    StackRow(Layer.RESERVE, 200, "", ()),
]


@pytest.fixture
def stack(qtbot: QtBot, theme: Theme) -> WindowStack:
    made = WindowStack(theme)
    qtbot.addWidget(made)
    made.resize(402, 60)
    made.set_rows(ROWS, 1000)
    made.show()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def test_it_is_filled_in_the_direction_of_reading(stack: WindowStack) -> None:
    usual = [stack.part_box(number) for number in range(3)]
    assert [round(box.left()) for box in usual] == [1, 121, 321]
    stack.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    mirrored = [stack.part_box(number) for number in range(3)]
    assert [round(box.right()) for box in mirrored] == [401, 281, 81]
    assert [box.width() for box in mirrored] == [box.width() for box in usual]
    QTest.mouseClick(stack, Qt.MouseButton.LeftButton, pos=mirrored[0].center().toPoint())
    assert stack.current_part() == 0
    QTest.keyClick(stack, Qt.Key.Key_Left)
    assert stack.current_part() == 1, "what lies on the left"
    assert stack.grab().toImage().pixelColor(380, 3) != stack.grab().toImage().pixelColor(20, 3)


def test_what_is_past_the_window_is_marked_on_its_side(stack: WindowStack, theme: Theme) -> None:
    stack.set_rows(ROWS, 800)

    def red() -> list[int]:
        image = stack.grab().toImage()
        return [x for x in range(image.width()) if image.pixelColor(x, 35) == theme.error]

    usual = red()
    stack.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    mirrored = red()
    assert len(usual) > 60 and usual[0] > 300
    assert len(mirrored) > 60 and mirrored[-1] < 100
