"""The inspector: what it says about a token, and how hands, keys and screen readers get at it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextBrowser, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.hosts import Host, theme
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.text.panels.inspector import HoverLine, Inspector

Make = Callable[[Host], Inspector]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def build(host: Host) -> Inspector:
        panel = Inspector(host.shown, theme())
        qtbot.addWidget(panel)
        panel.resize(420, 240)
        panel.show()
        return panel

    return build


def browser(panel: Inspector) -> QTextBrowser:
    return panel.findChild(QTextBrowser)  # type: ignore[return-value]


def wait_for(qtbot: QtBot, panel: Inspector, words: str) -> None:
    qtbot.waitUntil(lambda: words in panel.text)


def test_it_says_what_to_do_first(make: Make) -> None:
    assert "Point at a token" in make(Host(b"Hello")).text


def test_the_token_under_the_mouse_is_told_whole(make: Make, qtbot: QtBot) -> None:
    host = Host(b"one\nAI models")
    panel = make(host)
    index = host.tokens.index_at(7)
    panel.hover(index, *(host.tokens.span(index) or (0, 0)))
    wait_for(qtbot, panel, "rank")
    text = panel.text
    for words in ("·models", "20 6D 6F 64 65 6C 73", "7 bytes", "U+0020 SPACE", "bytes 6–12", "line 2"):
        assert words in text, text
    assert f"index {index}" in text.replace("\xa0", " ")
    panel.hover(-1, -1, -1)
    assert panel.text == text, "what was under the mouse stays while the mouse goes to the panel"


def test_a_pinned_token_stays_until_it_is_let_go(make: Make, qtbot: QtBot) -> None:
    host = Host(b"AI models are fascinating")
    panel = make(host)
    panel.hover(0, 0, 2)
    panel.pin(1, 2, 9)
    panel.hover(2, 9, 13)
    assert "models" in panel.text
    with qtbot.waitSignal(panel.pinned_changed) as unpinned:
        QTest.keyClick(browser(panel), Qt.Key.Key_Escape)
    assert unpinned.args == [-1, -1]
    panel.hover(2, 9, 13)
    assert "·are" in panel.text


def test_arrow_keys_go_from_token_to_token(make: Make, qtbot: QtBot) -> None:
    host = Host(b"AI models are fascinating")
    panel = make(host)
    panel.pin(1, 2, 9)
    chosen: list[list[int]] = []
    panel.token_chosen.connect(lambda *place: chosen.append(list(place)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(browser(panel), key)
    assert chosen == [[2, 9, 13], [3, 13, 25], [2, 9, 13]]
    assert panel.pinned == (9, 13)


def test_buttons_do_the_same(make: Make, qtbot: QtBot) -> None:
    host = Host(b"AI models are fascinating")
    panel = make(host)
    panel.pin(1, 2, 9)
    buttons = {button.accessibleName(): button for button in panel.findChildren(QToolButton)}
    assert set(buttons) == {
        "Previous token",
        "Next token",
        "Copy what is said here",
        "Let this token go (Esc)",
    }
    QTest.mouseClick(buttons["Previous token"], Qt.MouseButton.LeftButton)
    assert panel.pinned == (0, 2)
    QTest.mouseClick(buttons["Copy what is said here"], Qt.MouseButton.LeftButton)
    assert "AI" in QGuiApplication.clipboard().text()
    QTest.mouseClick(buttons["Let this token go (Esc)"], Qt.MouseButton.LeftButton)
    assert panel.pinned is None


def test_a_shared_character_leads_to_the_other_tokens(make: Make, qtbot: QtBot) -> None:
    host = Host("🫠!".encode())
    panel = make(host)
    panel.pin(0, *(host.tokens.span(0) or (0, 0)))
    assert "🫠" in panel.text
    assert "·" in panel.text
    view = browser(panel)
    cursor = view.document().find(str(int(host.tokens.ids()[1])))
    place = view.cursorRect(cursor).center() - QPoint(6, 0)
    with qtbot.waitSignal(panel.token_chosen) as chosen:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args is not None and chosen.args[0] == 1


def test_what_the_tokenizer_changes_is_said(make: Make, qtbot: QtBot) -> None:
    host = Host("cafe\u0301".encode(), "qwen3")
    panel = make(host)
    index = host.tokens.index_at(4)
    panel.pin(index, *(host.tokens.span(index) or (0, 0)))
    wait_for(qtbot, panel, "normalizes to NFC")
    assert "U+00E9" in panel.text and "U+0065 U+0301" in panel.text


def test_a_token_that_the_model_adds(make: Make, qtbot: QtBot) -> None:
    host = Host(b"Hi", "llama3", SpecialTokens.FRAMED)
    panel = make(host)
    panel.pin(0, 0, 0)
    wait_for(qtbot, panel, "special token <|begin_of_text|>")
    assert "the model adds this token" in panel.text


def test_text_is_never_markup(make: Make, qtbot: QtBot) -> None:
    data = b"<b>x</b>&amp;<img src=x>"
    host = Host(data)
    panel = make(host)
    for index in range(host.tokens.count or 0):
        panel.pin(index, *(host.tokens.span(index) or (0, 0)))
        start, end = host.tokens.span(index) or (0, 0)
        assert data[start:end].decode().replace(" ", "·") in panel.text


def test_a_pinned_token_moves_with_the_text_and_goes_when_it_is_edited(make: Make, qtbot: QtBot) -> None:
    host = Host(b"AI models are fascinating")
    panel = make(host)
    panel.pin(1, 2, 9)
    host.buffer.replace(0, 0, b"Well, ")
    assert panel.pinned == (8, 15)
    qtbot.waitUntil(lambda: "bytes 8–14" in panel.text)
    host.buffer.replace(8, 8, b" big")  # just before it
    assert panel.pinned == (12, 19)
    host.buffer.replace(14, 15, b"")
    assert panel.pinned is None


def test_another_tokenizer_is_told_of_the_same_place(make: Make, qtbot: QtBot) -> None:
    host = Host("日本語 tokenization".encode(), "o200k_base")
    panel = make(host)
    panel.pin(1, *(host.tokens.span(1) or (0, 0)))
    host.owner.choose("r50k_base")
    qtbot.waitUntil(lambda: "looking" not in panel.text and "rank" in panel.text)
    assert panel.pinned == host.tokens.span(host.tokens.index_at((panel.pinned or (0, 0))[0]))
    details = panel.details
    assert details is not None and details.token_id == int(host.tokens.ids()[details.index])


def test_a_screen_reader_hears_it(make: Make) -> None:
    host = Host(b"AI models")
    panel = make(host)
    panel.pin(1, 2, 9)
    interface = QAccessible.queryAccessibleInterface(browser(panel))
    assert interface.text(QAccessible.Text.Name) == "Token inspector"
    assert "·models" in interface.text(QAccessible.Text.Description)
    spoken = interface.textInterface()
    assert "models" in spoken.text(0, spoken.characterCount())


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_paints_in_both_themes(make: Make, name: str) -> None:
    panel = make(Host(b"AI models"))
    panel.pin(1, 2, 9)
    panel.set_theme(theme(name))
    assert theme(name).token_colors[1].name() in browser(panel).toHtml()


def test_the_line_under_the_text(qtbot: QtBot) -> None:
    host = Host(b"AI models " + b"-" * 200)
    line = HoverLine(host.shown)
    qtbot.addWidget(line)
    line.resize(600, 20)
    line.show()
    line.hover(1, 2, 9)
    assert line.text().removeprefix("\u200e").startswith("·models   id ")
    line.hover(3, *(host.tokens.span(3) or (0, 0)))
    line.resize(90, 20)
    assert line.text().endswith("…")
    assert line.accessibleName() == f"Token under the mouse: {line.toolTip()}"
    assert len(line.toolTip()) > len(line.text())
    line.hover(-1, -1, -1)
    assert line.text() == ""


def test_a_token_from_right_to_left_does_not_turn_the_lines_round(make: Make, qtbot: QtBot) -> None:
    host = Host("سلام".encode())
    panel = make(host)
    span = host.tokens.span(0) or (0, 0)
    panel.pin(0, *span)
    wait_for(qtbot, panel, "rank")
    view = browser(panel)
    cursor = view.document().find("index")
    assert view.cursorRect(cursor).center().x() < view.viewport().width() // 2 + 40
    assert cursor.block().textDirection() is Qt.LayoutDirection.LeftToRight
    line = HoverLine(host.shown)
    qtbot.addWidget(line)
    line.resize(900, 20)
    line.hover(0, *span)
    assert "index 0" in line.text() and not line.text().isascii()
    assert QTextDocument(line.text()).firstBlock().textDirection() is Qt.LayoutDirection.LeftToRight
