"""The conversation page's toolbar."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tokviz.ui.conversation.toolbar import ConversationToolbar


class Host(QWidget):
    """Gives the toolbar less than it asks for, as a narrow window does."""

    def __init__(self, *titles: str) -> None:
        super().__init__()
        follow, text = (QAction(title, self) for title in titles or ("Follow", "Token Text"))
        for action in (follow, text):
            action.setData("hash")
        self.bar = ConversationToolbar((), follow, text, QMenu(self), QMenu(self))
        self.bar.setParent(self)
        self.resize(2000, 100)
        self.show()

    def give(self, width: int) -> None:
        """So many pixels."""
        self.bar.setGeometry(0, 0, width, 44)
        QApplication.processEvents()


@pytest.mark.parametrize("role", ["ran on", "geschrieben für, lang"])
def test_no_button_has_less_room_than_it_needs(qtbot: QtBot, role: str) -> None:
    host = Host("Mitlesen", "Tokentext, der lange Worte hat")
    qtbot.addWidget(host)
    bar = host.bar
    bar.show_name("a-file-of-a-very-long-name-indeed.json", "/a", listed=True)
    bar.show_model(None, role, "aide-gpt")
    for width in (1400, 1000, 900, 870):
        host.give(width)
        for button in bar.findChildren(QToolButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), (width, button.text())


def test_a_style_sheets_least_width_is_not_all_that_a_button_needs(qtbot: QtBot) -> None:
    host = Host()
    host.setStyleSheet("QToolButton { min-width: 20px; }")  # which hides from a row what they need
    qtbot.addWidget(host)
    bar = host.bar
    bar.show_name("a-file-of-a-long-name.json", "/a", listed=False)
    bar.show_figures("31 requests · cost $0.758")
    bar.show_model(None, "recorded with", "Claude Sonnet 4")
    first = bar.fontMetrics().horizontalAdvance("31 requests · …")
    whole = bar._row.sizeHint().width()
    for width in range(whole - 120, whole + 220, 20):
        host.give(width)
        if bar._role.isVisible():
            assert bar._figures.width() >= first, width
        for button in bar.findChildren(QToolButton):
            if button.isVisible() and width >= bar._row.sizeHint().width():
                assert button.width() >= button.sizeHint().width(), (width, button.text())


def test_words_of_buttons_give_way_to_the_figures(qtbot: QtBot) -> None:
    host = Host()
    qtbot.addWidget(host)
    bar = host.bar
    bar.show_name("a-file-of-a-very-long-name-indeed.json", "/a", listed=True)
    bar.show_model(None, "recorded with", "Claude Sonnet 4")
    words = "1,031 requests · cost $1,100.758 · 91.7 % read from cache, which is much"
    bar.show_figures(words)
    whole = bar.fontMetrics().horizontalAdvance(words)
    seen = set()
    for width in range(870, 1300, 10):
        host.give(width)
        with_words = bar._buttons[0].toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        seen.add(with_words)
        assert not with_words or bar._figures.width() >= whole, width
    assert seen == {True, False}


def test_the_role_gives_way_to_the_figures(qtbot: QtBot) -> None:
    host = Host()
    qtbot.addWidget(host)
    bar = host.bar
    bar.show_model(None, "recorded with", "aide-gpt")
    bar.show_figures("31 requests · input $2.05")
    shown = []
    for width in (1800, bar._row.minimumSize().width()):
        host.give(width)
        shown.append(bar._role.isVisible())
    assert shown == [True, False]
    assert bar._models.toolTip() == "recorded with"
