"""What the treemap of a context says of its tiles."""

import pytest
from pytestqt.qtbot import QtBot

from tokviz.analysis.conversation.message_tree import TreeRow
from tokviz.analysis.conversation.stack import Layer
from tokviz.ui.common.theme import Theme
from tokviz.ui.conversation.parts_map import PartsMap


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        (1, "1 token, 10.0 % of the window"),
        (1_200, "1,200 tokens, 12,000 % of the window"),
        (None, "unknown tokens"),
    ],
)
def test_a_tile_says_its_tokens(qtbot: QtBot, theme: Theme, tokens: int | None, told: str) -> None:
    tiles = PartsMap(theme)
    qtbot.addWidget(tiles)
    row = TreeRow("Hello", Layer.USER, tokens, (0,), 0, below=False, whole=tokens)
    tiles.show_rows([row], frozenset(), "", 10)
    assert tiles.words(row).splitlines()[1] == told
