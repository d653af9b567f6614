"""Token views to try by key and mouse."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.text.token_source import FixedTokens
from tokviz.assets import Assets
from tokviz.ui.text.buffer import TextBuffer
from tokviz.ui.text.token_view import TokenView
from tokviz.ui.theme import Theme, Themes


class OpenView(Protocol):
    """Opens a view on a text."""

    def __call__(
        self, text: str | bytes = "", *, size: tuple[int, int] = (640, 400), tokens: FixedTokens | None = None
    ) -> TokenView: ...


@pytest.fixture
def theme() -> Theme:
    return Themes(Assets()).load("light")


@pytest.fixture
def open_view(qtbot: QtBot, theme: Theme) -> Iterator[OpenView]:
    views: list[TokenView] = []

    def make(
        text: str | bytes = "", *, size: tuple[int, int] = (640, 400), tokens: FixedTokens | None = None
    ) -> TokenView:
        data = text.encode() if isinstance(text, str) else text
        view = TokenView(TextBuffer(data), theme)
        qtbot.addWidget(view)
        view.resize(*size)
        if tokens is not None:
            view.set_token_map(tokens)
        with qtbot.waitExposed(view):
            view.show()
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        views.append(view)
        return view

    yield make
    for view in views:
        view.hide()


def text_of(view: TokenView) -> bytes:
    """The whole text of a view."""
    return view.buffer.snapshot()
