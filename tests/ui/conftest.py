"""What tests of the window have in common, and token views to try by key and mouse."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QFontDatabase,
    QGuiApplication,
    QPalette,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.token_source import FixedTokens
from tokviz.assets import Assets
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.editor.token_view import TokenView


class OpenView(Protocol):
    """Opens a view on a text."""

    def __call__(
        self, text: str | bytes = "", *, size: tuple[int, int] = (640, 400), tokens: FixedTokens | None = None
    ) -> TokenView: ...


@pytest.fixture(autouse=True)
def _clean_clipboard() -> Iterator[None]:
    """What a test copied does not outlive it: Qt would ask Python for it when Python has ended already."""
    yield
    if isinstance(QGuiApplication.instance(), QGuiApplication):
        QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True, scope="module")
def _looks_of_its_own() -> Iterator[None]:
    """A window changes the looks of the whole application. Its style sheet names pictures in a folder that
    goes with it: windows of the next module would look for them there, and Qt would complain of it. Its font
    is larger, so that what fits into a width would depend on which modules came before."""
    yield
    if isinstance(application := QApplication.instance(), QApplication):
        application.setStyleSheet("")
        application.setPalette(QPalette())
        application.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))


@pytest.fixture(autouse=True)
def _buttons_up() -> Iterator[None]:
    """A mouse button that a test pressed and never let go would pass for a click in the next one."""
    yield
    if isinstance(QGuiApplication.instance(), QGuiApplication):
        anywhere = QWidget()
        for button in QGuiApplication.mouseButtons():
            QTest.mouseRelease(anywhere, button)


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


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told to say, as if one listened."""
    words: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)

    def hear(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            words.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return words


def text_of(view: TokenView) -> bytes:
    """The whole text of a view."""
    return view.buffer.snapshot()
