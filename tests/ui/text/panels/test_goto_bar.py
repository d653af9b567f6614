"""Going to a line, a token, a byte or a character."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.hosts import Host
from tokviz.ui.text.panels.goto_bar import GoToBar, Target

TEXT = "one\r\ntwo é words\n\nlast 🫠".encode()


def make(qtbot: QtBot, data: bytes = TEXT) -> tuple[GoToBar, Host]:
    host = Host(data)
    bar = GoToBar(host.shown)
    bar.setObjectName("bar")
    qtbot.addWidget(bar)
    bar.resize(690, 40)
    bar.open()
    return bar, host


def go(qtbot: QtBot, bar: GoToBar, target: Target, text: str) -> tuple[int, int]:
    bar.open()
    bar.findChildren(QComboBox)[0].setCurrentText(target)
    field = bar.findChildren(QLineEdit)[0]
    field.clear()
    QTest.keyClicks(field, text)
    with qtbot.waitSignal(bar.position_chosen, timeout=60_000) as chosen:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert bar.isHidden()
    assert chosen.args is not None
    return chosen.args[0], chosen.args[1]


@pytest.mark.parametrize(
    ("target", "text", "place"),
    [
        (Target.LINE, "1", 0),
        (Target.LINE, "2", 5),
        (Target.LINE, "2:6", TEXT.index(b" words")),
        (Target.LINE, "2:999", TEXT.index(b"\n\n")),
        (Target.LINE, "4", TEXT.index(b"last")),
        (Target.BYTE, "5", 5),
        (Target.BYTE, "10", TEXT.index("é".encode())),
        (Target.CHARACTER, "10", TEXT.index(b" words")),
        (Target.CHARACTER, "0", 0),
    ],
)
def test_places(qtbot: QtBot, target: Target, text: str, place: int) -> None:
    bar, _ = make(qtbot)
    assert go(qtbot, bar, target, text) == (place, place)


def test_tokens_are_selected(qtbot: QtBot) -> None:
    bar, host = make(qtbot, b"word " * 2000)
    assert go(qtbot, bar, Target.TOKEN, "1,200") == host.tokens.span(1200)
    assert go(qtbot, bar, Target.TOKEN, "0") == (0, 4)


@pytest.mark.parametrize(
    ("target", "text", "reason"),
    [
        (Target.LINE, "9", "There are lines 1–4."),
        (Target.LINE, "0", "There are lines 1–4."),
        (Target.LINE, "9" * 30, "There are lines 1–4."),
        (Target.TOKEN, "9" * 30, "There are tokens 0–"),
        (Target.CHARACTER, "9" * 30, "The text has 24 characters."),
        (Target.LINE, "abc", "Write a number"),
        (Target.LINE, "", "Write a number"),
        (Target.TOKEN, "99", "There are tokens 0–"),
        (Target.TOKEN, "1:2", "Write a number"),
        (Target.BYTE, "99", "The text has 28 bytes."),
        (Target.CHARACTER, "99", "The text has 24 characters."),
    ],
)
def test_what_is_not_there_is_said(qtbot: QtBot, target: Target, text: str, reason: str) -> None:
    bar, _ = make(qtbot)
    bar.findChildren(QComboBox)[0].setCurrentText(target)
    field = bar.findChildren(QLineEdit)[0]
    QTest.keyClicks(field, text)
    with qtbot.assertNotEmitted(bar.position_chosen):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert bar.isVisible()
    assert reason in bar.hint


def test_the_possible_numbers_are_said(qtbot: QtBot) -> None:
    bar, host = make(qtbot)
    assert bar.hint == "1–4"
    bar.findChildren(QComboBox)[0].setCurrentText(Target.TOKEN)
    assert bar.hint == f"0–{(host.tokens.count or 0) - 1}"
    host.owner.forget()
    qtbot.waitUntil(lambda: bar.hint == "")
    QTest.keyClicks(bar.findChildren(QLineEdit)[0], "1")
    QTest.keyClick(bar.findChildren(QLineEdit)[0], Qt.Key.Key_Return)
    assert bar.hint == "The tokens are not known yet."


def test_esc_and_the_button_close_it(qtbot: QtBot) -> None:
    bar, _ = make(qtbot)
    assert [entry.shortcut().toString() for entry in bar.go_to_actions(bar)] == ["Ctrl+G"]
    with qtbot.waitSignal(bar.closed):
        QTest.keyClick(bar.findChildren(QLineEdit)[0], Qt.Key.Key_Escape)
    assert bar.isHidden()
    bar.open()
    with qtbot.waitSignal(bar.closed):
        QTest.mouseClick(bar.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
