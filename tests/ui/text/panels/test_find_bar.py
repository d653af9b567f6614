"""The find bar, used by keys and by mouse."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.hosts import Host, theme
from tokviz.text.change import Parts, Reason
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.settings import Settings
from tokviz.ui.text.panels.find_bar import FindBar, Kind

TEXT = b"The cat and the hat, and the bat.\n" * 3
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Bar:
    """A find bar over a text whose selection it moves."""

    def __init__(self, host: Host, settings: Settings, qtbot: QtBot) -> None:
        self.selection = (0, 0)
        self.host, self.refusal = host, ""
        self.qtbot = qtbot
        self.bar = FindBar(host.shown, settings, theme(), lambda: self.selection, self.edit)
        qtbot.addWidget(self.bar)
        self.bar.resize(690, 40)
        self.chosen: list[tuple[int, int]] = []
        self.bar.match_chosen.connect(self.select)
        self.field = self.bar.findChildren(QLineEdit)[0]
        self.buttons = {button.accessibleName(): button for button in self.bar.findChildren(QToolButton)}

    def edit(self, start: int, end: int, data: bytes, parts: Parts | None = None) -> str:
        if self.refusal:
            return self.refusal
        self.host.buffer.replace(start, end, data, Reason.EDIT, parts)
        self.selection = (start + len(data), start + len(data))
        return ""

    def select(self, start: int, end: int) -> None:
        self.selection = (start, end)
        self.chosen.append((start, end))

    def choose(self, kind: Kind) -> None:
        self.bar.findChildren(QComboBox)[0].setCurrentText(kind)

    def type(self, text: str) -> None:
        self.field.clear()
        QTest.keyClicks(self.field, text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        before = len(self.chosen)
        QTest.keyClick(self.field, key, modifiers)
        self.qtbot.waitUntil(lambda: len(self.chosen) > before)

    def wait(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in self.bar.status)


@pytest.fixture
def settings(tmp_path: Path, qtbot: QtBot) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def test_typing_finds_and_enter_goes_on(settings: Settings, qtbot: QtBot) -> None:
    bar = Bar(Host(TEXT), settings, qtbot)
    assert bar.bar.isHidden()
    bar.bar.open()
    bar.type("the")
    bar.wait("1 of 9")
    assert bar.selection == (0, 3)
    bar.press(Qt.Key.Key_Return)
    bar.wait("2 of 9")
    assert bar.selection == (12, 15)
    bar.press(Qt.Key.Key_Return, SHIFT)
    assert bar.selection == (0, 3)
    bar.press(Qt.Key.Key_Return, SHIFT)
    bar.wait("9 of 9 · from the other end")
    assert bar.bar.matches_in(0, 16) == [(0, 3), (12, 15)]


def test_each_letter_narrows_it_down_from_the_same_place(settings: Settings, qtbot: QtBot) -> None:
    bar = Bar(Host(TEXT), settings, qtbot)
    bar.selection = (5, 5)
    bar.bar.open()
    bar.type("h")
    bar.wait(" of ")
    QTest.keyClicks(bar.field, "at")
    bar.wait("1 of 3")
    assert bar.selection == (16, 19)


def test_options(settings: Settings, qtbot: QtBot) -> None:
    bar = Bar(Host(TEXT), settings, qtbot)
    bar.bar.open()
    bar.type("The")
    bar.wait("of 9")
    QTest.mouseClick(bar.buttons["Match case"], Qt.MouseButton.LeftButton)
    bar.wait("of 3")
    QTest.mouseClick(bar.buttons["Match case"], Qt.MouseButton.LeftButton)
    bar.type("at")
    bar.wait("of 9")
    QTest.mouseClick(bar.buttons["Whole words only"], Qt.MouseButton.LeftButton)
    bar.wait("not found")
    QTest.mouseClick(bar.buttons["Whole words only"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.buttons["Regular expression"], Qt.MouseButton.LeftButton)
    bar.type("[ch]at")
    bar.wait("of 6")
    bar.type("[ch")
    bar.wait("not a regular expression")
    bar.type("[ch]")
    bar.wait("of 15")
    assert settings.flag("find/pattern")


def test_tokens_by_id_and_by_text(settings: Settings, qtbot: QtBot) -> None:
    host = Host(TEXT)
    bar = Bar(host, settings, qtbot)
    bar.bar.open()
    bar.choose(Kind.TOKEN_TEXT)
    assert not bar.buttons["Match case"].isVisible()
    bar.type(" the")
    bar.wait("1 of 6")
    assert bar.selection == (11, 15)
    bar.type(r".\n")
    bar.wait("of 3")
    bar.choose(Kind.TOKEN_ID)
    bar.wait("A token's id is a number")
    bar.type(str(int(host.tokens.ids()[host.tokens.index_at(12)])))
    bar.wait("1 of 6")
    bar.type("199999")
    bar.wait("not found")


def test_a_token_can_be_looked_for_from_elsewhere(settings: Settings, qtbot: QtBot) -> None:
    host = Host(TEXT)
    bar = Bar(host, settings, qtbot)
    bar.bar.find_token(int(host.tokens.ids()[host.tokens.index_at(12)]))
    bar.wait("6 matches")
    assert bar.bar.isVisible()


def test_tokens_without_bytes_are_passed_one_by_one(settings: Settings, qtbot: QtBot) -> None:
    host = Host(b"Hi there", "llama3", SpecialTokens.FRAMED)
    bar = Bar(host, settings, qtbot)
    bar.bar.find_token(int(host.tokens.ids()[0]))
    bar.wait("1 match")
    bar.press(Qt.Key.Key_Return)
    assert bar.selection == (0, 0)
    bar.press(Qt.Key.Key_Return)
    bar.wait("1 of 1 · from the other end")


def test_the_selection_is_what_to_find(settings: Settings, qtbot: QtBot) -> None:
    bar = Bar(Host(TEXT), settings, qtbot)
    bar.selection = (4, 7)
    bar.bar.open()
    assert bar.field.text() == "cat"
    assert bar.field.selectedText() == "cat"
    bar.wait("3 matches")
    bar.selection = (30, 40)
    bar.bar.open()
    assert bar.field.text() == "cat"


def test_esc_and_the_button_close_it(settings: Settings, qtbot: QtBot) -> None:
    bar = Bar(Host(TEXT), settings, qtbot)
    bar.bar.open()
    bar.type("cat")
    bar.wait("of 3")
    with qtbot.waitSignals([bar.bar.closed, bar.bar.marks_changed]):
        QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.bar.isHidden()
    assert bar.bar.matches_in(0, 50) == []
    bar.bar.open()
    with qtbot.waitSignal(bar.bar.closed):
        QTest.mouseClick(bar.buttons["Close (Esc)"], Qt.MouseButton.LeftButton)


def test_find_next_works_from_the_text(settings: Settings, qtbot: QtBot) -> None:
    bar = Bar(Host(TEXT), settings, qtbot)
    actions = {action.text().replace("&", ""): action for action in bar.bar.find_actions(bar.bar)}
    assert [action.shortcut().toString() for action in actions.values()] == [
        "Ctrl+F",
        "F3",
        "Shift+F3",
        "Ctrl+H",
    ]
    actions["Find Next"].trigger()
    assert bar.bar.isVisible(), "there is nothing to look for yet"
    bar.type("cat")
    bar.wait("1 of 3")
    bar.bar.close_bar()
    actions["Find Next"].trigger()
    bar.wait("2 of 3")
    actions["Find Previous"].trigger()
    bar.wait("1 of 3")


def test_the_text_may_change_meanwhile(settings: Settings, qtbot: QtBot) -> None:
    host = Host(TEXT)
    bar = Bar(host, settings, qtbot)
    bar.bar.open()
    bar.type("cat")
    bar.wait("1 of 3")
    host.buffer.replace(0, 0, b"cat ")
    bar.wait("4 matches")
    host.buffer.load(b"")
    bar.wait("not found")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    bar.wait("not found")


def replacing(settings: Settings, qtbot: QtBot, data: bytes = TEXT) -> tuple[Bar, QLineEdit]:
    bar = Bar(Host(data), settings, qtbot)
    bar.bar.open_replacing()
    (field,) = (
        field for field in bar.bar.findChildren(QLineEdit) if field.accessibleName() == "Replace with"
    )
    assert field.isVisibleTo(bar.bar)
    return bar, field


def test_one_match_after_the_other_is_replaced(settings: Settings, qtbot: QtBot) -> None:
    bar, field = replacing(settings, qtbot)
    bar.type("the")
    bar.wait("1 of 9")
    field.setText("a")
    before = len(bar.chosen)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(bar.chosen) > before)
    assert bar.host.buffer.snapshot().startswith(b"a cat and the hat") and bar.selection == (10, 13)
    bar.wait("1 of 8")
    bar.buttons["Replace this match and go to the next (Enter)"].click()
    qtbot.waitUntil(lambda: bar.selection == (21, 24))
    assert bar.host.buffer.snapshot().startswith(b"a cat and a hat, and the bat.")


def test_what_is_selected_and_no_match_is_not_replaced(settings: Settings, qtbot: QtBot) -> None:
    bar, field = replacing(settings, qtbot)
    bar.type("the")
    bar.wait("1 of 9")
    bar.selection = (4, 7)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bar.selection == (12, 15))
    assert bar.host.buffer.snapshot() == TEXT


def test_all_are_replaced_as_one_change(settings: Settings, qtbot: QtBot) -> None:
    bar, field = replacing(settings, qtbot)
    revision = bar.host.buffer.revision
    bar.type("the")
    field.setText("every")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bar.wait("9 replaced")
    assert bar.host.buffer.snapshot() == TEXT.replace(b"The", b"every").replace(b"the", b"every")
    assert bar.host.buffer.revision == revision + 1
    qtbot.waitUntil(lambda: bar.bar.finder.is_complete)
    assert bar.bar.status == "9 replaced"
    bar.type("cat")
    bar.wait("1 of 3")


def test_groups_of_a_pattern_and_what_is_wrong_with_them(settings: Settings, qtbot: QtBot) -> None:
    bar, field = replacing(settings, qtbot, b"one two")
    bar.buttons["Regular expression"].click()
    bar.type(r"(\w+) (\w+)")
    field.setText(r"\3")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bar.wait("This cannot be put in the place of a match")
    field.setText(r"\2 \1")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bar.wait("1 replaced")
    assert bar.host.buffer.snapshot() == b"two one"


def test_a_text_that_may_not_be_changed_is_not(settings: Settings, qtbot: QtBot) -> None:
    bar, field = replacing(settings, qtbot)
    bar.refusal = "This text cannot be edited."
    bar.type("the")
    bar.wait("1 of 9")
    for modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        QTest.keyClick(field, Qt.Key.Key_Return, modifiers)
        bar.wait("This text cannot be edited.")
    assert bar.host.buffer.snapshot() == TEXT


def test_a_change_meanwhile_ends_replacing(settings: Settings, qtbot: QtBot) -> None:
    bar, field = replacing(settings, qtbot, b"word " * 200_000)
    bar.type("word")
    bar.wait("1 of 200,000")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bar.wait("replacing")
    bar.host.buffer.replace(0, 1, b"W")
    bar.wait("the text changed meanwhile")
    assert bar.host.buffer.snapshot() == b"W" + b"word "[1:] + b"word " * 199_999


def test_tokens_cannot_be_replaced(settings: Settings, qtbot: QtBot) -> None:
    bar, field = replacing(settings, qtbot)
    bar.choose(Kind.TOKEN_ID)
    assert not field.isVisibleTo(bar.bar)
