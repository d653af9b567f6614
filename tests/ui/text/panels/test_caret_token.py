"""A key tells the token at the caret: to a screen reader in words, and beside the caret."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.references import reference
from tests.ui.hosts import Host, theme
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.panels.caret_token import CaretToken
from tokviz.ui.text.panels.token_tip import TokenTip

TEXT = "Hello world,\n  γειά 👋"


class Reader:
    """A text with its tokens, a caret, and someone who hears what is said."""

    def __init__(self, qtbot: QtBot, text: str, tokenizer: str = "o200k_base") -> None:
        self.host = Host(text.encode(), tokenizer)
        self.view = TokenView(self.host.buffer, theme())
        qtbot.addWidget(self.view)
        self.view.set_token_map(self.host.owner.map)
        self.caret_token = CaretToken(self.view, self.host.shown)
        self.tip = TokenTip(self.view, self.host.shown, theme())
        self.caret_token.told.connect(self.tip.tell)
        self.view.resize(500, 400)
        with qtbot.waitExposed(self.view):
            self.view.show()

    def at(self, offset: int) -> None:
        self.view.select(offset, offset)
        self.caret_token.tell()


def test_it_says_text_number_place_and_how_it_is_known(qtbot: QtBot, said: list[str]) -> None:
    reader = Reader(qtbot, TEXT)
    ids = reference("o200k_base").encode_ordinary(TEXT)
    reader.at(7)
    reader.at(len(b"Hello world"))
    assert said == [
        f"·world (space), id {ids[1]}, token 1, 6 bytes, exact, by o200k_base",
        f",↵ (comma, line feed), id {ids[2]}, token 2, 2 bytes, exact, by o200k_base",
    ]


def test_at_the_end_of_the_text_it_says_the_last_token(qtbot: QtBot, said: list[str]) -> None:
    reader = Reader(qtbot, TEXT)
    reader.at(len(TEXT.encode()))
    (words,) = said
    ids = reference("o200k_base").encode_ordinary(TEXT)
    assert f"id {ids[-1]}, token {len(ids) - 1}, " in words


def test_where_nothing_is_known_it_says_so(qtbot: QtBot, said: list[str]) -> None:
    reader = Reader(qtbot, "")
    reader.at(0)
    assert said == ["The text is empty."]
    reader = Reader(qtbot, "Hello")
    reader.view.set_token_map(None)
    reader.at(0)
    assert said[1:] == ["No token is known here yet."]
    assert reader.tip.text == ""


def test_a_rebuilt_tokenizer_s_pieces_are_no_ids(qtbot: QtBot, said: list[str]) -> None:
    reader = Reader(qtbot, "Hello world", "claude-v3")
    reader.at(0)
    assert ", piece " in said[0] and said[0].endswith("reconstructed, by claude-v3")


@pytest.mark.parametrize(
    "leave",
    [
        lambda view: QTest.keyClick(view, Qt.Key.Key_Right),
        lambda view: view.editor.replace(0, 0, b"x"),
    ],
)
def test_those_who_see_it_find_it_at_the_caret_until_the_caret_goes(
    qtbot: QtBot, leave: Callable[[TokenView], object]
) -> None:
    reader = Reader(qtbot, TEXT)
    reader.tip.enabled = False
    reader.at(7)
    assert "·world" in reader.tip.text and "20 77 6F 72 6C 64" in reader.tip.text
    box = reader.view.text_viewport.box_of(5, 11)
    assert box is not None and reader.tip.geometry().top() > box.bottom()
    leave(reader.view)
    assert reader.tip.text == ""
