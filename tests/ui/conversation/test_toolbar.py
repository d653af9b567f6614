"""The conversation page's toolbar."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tokviz.ui.conversation.toolbar import ConversationToolbar


@pytest.mark.parametrize("role", ["ran on", "geschrieben für, lang"])
def test_no_button_has_less_room_than_it_needs(qtbot: QtBot, role: str) -> None:
    actions = [QAction(text) for text in ("Mitlesen", "Tokentext, der lange Worte hat")]
    for action in actions:
        action.setData("hash")
    opening, export = QMenu(), QMenu()
    bar = ConversationToolbar((), actions[0], actions[1], opening, export)
    host = QWidget()  # gives it less than it asks for, as a narrow window does
    qtbot.addWidget(host)
    bar.setParent(host)
    host.resize(1500, 100)
    host.show()
    bar.show_name("a-file-of-a-very-long-name-indeed.json", "/a", listed=True)
    bar.show_model(None, role, "aide-gpt")
    for width in (1400, 1000, 900, 870):
        bar.setGeometry(0, 0, width, 44)
        QApplication.processEvents()
        for button in bar.findChildren(QToolButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), (width, button.text())


def test_a_style_sheets_least_width_is_not_all_that_a_button_needs(qtbot: QtBot) -> None:
    actions = [QAction(text) for text in ("Follow", "Token Text")]
    for action in actions:
        action.setData("hash")
    bar = ConversationToolbar((), actions[0], actions[1], QMenu(), QMenu())
    host = QWidget()
    host.setStyleSheet("QToolButton { min-width: 20px; }")  # as the program's own has it
    qtbot.addWidget(host)
    bar.setParent(host)
    host.resize(1500, 100)
    host.show()
    bar.show_name("a-file-of-a-long-name.json", "/a", listed=False)
    bar.show_figures("31 requests · cost $0.758")
    bar.show_model(None, "recorded with", "Claude Sonnet 4")
    first = bar.fontMetrics().horizontalAdvance("31 requests · …")
    whole = bar._row.sizeHint().width()
    for width in range(whole - 120, whole + 220, 20):
        bar.setGeometry(0, 0, width, 44)
        QApplication.processEvents()
        if bar._role.isVisible():
            assert bar._figures.width() >= first, width
        for button in bar.findChildren(QToolButton):
            if button.isVisible() and width >= bar._row.sizeHint().width():
                assert button.width() >= button.sizeHint().width(), (width, button.text())


def test_words_of_buttons_give_way_to_the_figures(qtbot: QtBot) -> None:
    actions = [QAction(text) for text in ("Follow", "Token Text")]
    for action in actions:
        action.setData("hash")
    bar = ConversationToolbar((), actions[0], actions[1], QMenu(), QMenu())
    host = QWidget()
    qtbot.addWidget(host)
    bar.setParent(host)
    host.resize(1500, 100)
    host.show()
    bar.show_name("a-file-of-a-very-long-name-indeed.json", "/a", listed=True)
    bar.show_model(None, "recorded with", "Claude Sonnet 4")
    words = "1,031 requests · cost $1,100.758 · 91.7 % read from cache, which is much"
    bar.show_figures(words)
    whole = bar.fontMetrics().horizontalAdvance(words)
    seen = set()
    for width in range(870, 1300, 10):
        bar.setGeometry(0, 0, width, 44)
        QApplication.processEvents()
        with_words = bar._buttons[0].toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        seen.add(with_words)
        assert not with_words or bar._figures.width() >= whole, width
    assert seen == {True, False}


def test_the_role_gives_way_to_the_figures(qtbot: QtBot) -> None:
    actions = [QAction(text) for text in ("Follow", "Token Text")]
    for action in actions:
        action.setData("hash")
    bar = ConversationToolbar((), actions[0], actions[1], QMenu(), QMenu())
    host = QWidget()
    qtbot.addWidget(host)
    bar.setParent(host)
    host.resize(2000, 100)
    host.show()
    bar.show_model(None, "recorded with", "aide-gpt")
    bar.show_figures("31 requests · input $2.05")
    shown = []
    for width in (1800, bar._row.minimumSize().width()):
        bar.setGeometry(0, 0, width, 44)
        QApplication.processEvents()
        shown.append(bar._role.isVisible())
    assert shown == [True, False]
    assert bar._models.toolTip() == "recorded with"
