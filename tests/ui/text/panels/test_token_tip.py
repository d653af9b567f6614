"""What is told beside the mouse, and when it goes."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.hosts import Host, theme
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.panels.token_tip import TokenTip

TEXT = "plain words, γειά σου 👋 12\n" + "more\n" * 200


class Tipped:
    def __init__(self, qtbot: QtBot) -> None:
        self.host = Host(TEXT.encode(), "o200k_base")
        self.view = TokenView(self.host.buffer, theme())
        qtbot.addWidget(self.view)
        self.view.set_token_map(self.host.owner.map)
        self.tip = TokenTip(self.view, self.host.shown, theme())
        self.view.resize(500, 400)
        with qtbot.waitExposed(self.view):
            self.view.show()

    def point_at(self, text: str) -> None:
        offset = TEXT.encode().index(text.encode())
        box = self.view.text_viewport.box_of(offset, self.view.buffer.boundary_after(offset + 1))
        assert box is not None
        QTest.mouseMove(self.view.viewport(), box.center())


@pytest.fixture
def tipped(qtbot: QtBot) -> Iterator[Tipped]:
    made = Tipped(qtbot)
    yield made
    made.view.hide()


def test_a_token_is_told_after_a_moment(tipped: Tipped, qtbot: QtBot) -> None:
    tipped.point_at("ά")
    assert tipped.tip.text == ""
    qtbot.waitUntil(lambda: "greek small letter alpha with tonos" in tipped.tip.text)
    assert "CE AC" in tipped.tip.text
    assert "U+03AC" in tipped.tip.text
    index = tipped.host.tokens.index_at(TEXT.encode().index("ά".encode()))
    found = tipped.host.tokens.token(index)
    assert found is not None
    assert f"token {index:,}" in tipped.tip.text
    assert f"id {found[0]:,}" in tipped.tip.text
    inside = tipped.view.rect().contains(tipped.tip.geometry())
    assert inside


def test_letters_of_ascii_are_not_named_one_by_one(tipped: Tipped, qtbot: QtBot) -> None:
    tipped.point_at("words")
    qtbot.waitUntil(lambda: bool(tipped.tip.text))
    assert "5 letters and digits of ASCII" in tipped.tip.text
    assert "U+0020" in tipped.tip.text
    assert "letter w" not in tipped.tip.text


def test_it_goes_with_the_mouse_with_scrolling_and_with_an_edit(tipped: Tipped, qtbot: QtBot) -> None:
    leaving: list[Callable[[], None]] = [
        lambda: tipped.point_at("12"),
        lambda: tipped.view.scroll_pixels(40, 0),
        lambda: tipped.view.editor.replace(0, 0, b"x"),
    ]
    for leave in leaving:
        tipped.view.set_scroll_state((0, 0, 0))
        tipped.point_at("plain")
        qtbot.waitUntil(lambda: "| id " in tipped.tip.text and "plain" in tipped.tip.text)
        leave()
        assert tipped.tip.text == ""
        QTest.mouseMove(tipped.view.viewport(), tipped.view.viewport().rect().bottomRight())
        qtbot.wait(20)


def test_it_can_be_switched_off(tipped: Tipped, qtbot: QtBot) -> None:
    tipped.tip.enabled = False
    tipped.point_at("plain")
    qtbot.wait(700)
    assert tipped.tip.text == ""
