"""The messages of a conversation as a list."""

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from tests.ui.hosts import theme
from tokviz.analysis import formatting
from tokviz.analysis.conversation.message_tree import TreeRow
from tokviz.analysis.conversation.stack import Layer
from tokviz.ui.common.type_sizes import SECOND_LINE, sized
from tokviz.ui.conversation.message_list import MessageList


@pytest.mark.parametrize("tokens", [1, 6, 900_000])
def test_a_share_is_shown_with_all_its_digits(qtbot: QtBot, tokens: int) -> None:
    view = MessageList(theme())
    qtbot.addWidget(view)
    layer = next(iter(Layer))
    lines = [
        TreeRow("most", layer, 900_000, (0,), 0, below=False),
        TreeRow("none", layer, None, (), 1, below=False),
    ]
    view.show_rows([*lines, TreeRow("few", layer, tokens, (1,), 2, below=False)], 1_050_000, frozenset())
    words = formatting.percent(tokens / 1_050_000)
    needed = QFontMetrics(sized(view.font(), SECOND_LINE)).horizontalAdvance(words)
    assert view.columnWidth(2) >= needed + 10
    view.show_rows(lines, 1_050_000, frozenset())
    assert view.columnWidth(2) == 62


def test_the_longest_bar_stands_before_the_longest_number(qtbot: QtBot) -> None:
    view = MessageList(theme())
    qtbot.addWidget(view)
    font = view.font()
    font.setPixelSize(18)
    view.setFont(font)
    view.show_rows([TreeRow("most", Layer.USER, 1_200_005, (0,), 0, below=False)], 1_050_000, frozenset())
    assert view.columnWidth(1) >= QFontMetrics(font).horizontalAdvance("1,200,005") + 26 + 4 + 8
