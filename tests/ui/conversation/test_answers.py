"""The sentences at the top of a conversation."""

import pytest
from pytestqt.qtbot import QtBot

from tokviz.ui.conversation.answers import Sentence

WORDS = "Request 20 read 27,475 tokens anew: after its first 12,160 tokens something changed"


@pytest.mark.parametrize("width", [60, 120, 200, 300, 900])
def test_a_sentence_is_shown_in_whole_where_three_rows_are_enough(qtbot: QtBot, width: int) -> None:
    line = Sentence()
    qtbot.addWidget(line)
    line.setText(WORDS)
    rows = line.rows(width)
    assert len(rows) <= 3
    whole = line.fontMetrics().horizontalAdvance(WORDS)
    if whole < 2 * width:
        assert " ".join(rows) == WORDS
    if whole > 3 * width:
        assert rows[-1].endswith("…") and len(rows) == 3
    assert all(line.fontMetrics().horizontalAdvance(row) <= width for row in rows)
    assert line.heightForWidth(width) > (len(rows) - 1) * line.fontMetrics().height()
    line.setText("")
    assert line.rows(width) == [] or line.rows(width) == [""]
