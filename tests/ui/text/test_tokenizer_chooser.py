"""Choosing a tokenizer by mouse, keys and wheel; the last entry asks for a file."""

import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.ui.text.tokenizer_chooser import TokenizerChooser

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""Popups raise themselves and grab the keyboard."""


class Chosen:
    """A chooser and what it has said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.registry = Registry(Assets())
        self.box = TokenizerChooser(self.registry)
        qtbot.addWidget(self.box)
        self.chosen: list[str] = []
        self.wanted = 0
        self.box.tokenizer_chosen.connect(self.chosen.append)
        self.box.file_wanted.connect(self._want)
        self.box.show()
        qtbot.waitExposed(self.box)
        self.box.setFocus()

    def _want(self) -> None:
        self.wanted += 1


@pytest.fixture
def chosen(qtbot: QtBot) -> Chosen:
    return Chosen(qtbot)


def click(box: TokenizerChooser, row: int) -> None:
    box.showPopup()
    index = box.model().index(row, 0)
    box.view().scrollTo(index)
    place = box.view().visualRect(index).center()
    # The popup takes a click only a moment after it has opened.
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    QTest.mouseMove(box.view().viewport(), place)
    QTest.mouseClick(box.view().viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_chooses_and_the_last_entry_asks_for_a_file(chosen: Chosen) -> None:
    box, names = chosen.box, chosen.registry.names()
    click(box, 2)
    assert chosen.chosen == [names[2]] and box.tokenizer == names[2]
    click(box, box.count() - 1)
    assert chosen.wanted == 1
    assert box.tokenizer == names[2] and box.currentText() == chosen.registry.info(names[2]).display_name
    assert chosen.chosen == [names[2]]


def test_keys_and_the_wheel_stop_at_the_last_tokenizer(chosen: Chosen) -> None:
    box, names = chosen.box, chosen.registry.names()
    QTest.keyClick(box, Qt.Key.Key_End)
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Down)
        down = QWheelEvent(
            QPointF(5, 5),
            QPointF(box.mapToGlobal(QPoint(5, 5))),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, down)
    assert box.tokenizer == names[-1]
    assert chosen.wanted == 0
    box.showPopup()
    QTest.keyClick(box.view(), Qt.Key.Key_End)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert chosen.wanted == 1, "in the open list Enter asks for a file"
    assert box.tokenizer == names[-1]


def test_a_refresh_keeps_the_choice_and_lists_what_is_new(chosen: Chosen) -> None:
    box, registry = chosen.box, chosen.registry
    assert box.choose("gemma")
    assert not box.choose("nothing.json") and not box.choose("")
    registry.add_info(structs.replace(registry.info("gemma"), name="mine.json", display_name="mine.json"))
    box.refresh()
    assert box.tokenizer == "gemma"
    assert box.choose("mine.json") and box.currentText() == "mine.json"
    assert chosen.chosen == []
