"""The sentences at the top of a conversation."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
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


def test_rows_end_between_words_behind_emoji(qtbot: QtBot) -> None:
    line = Sentence()
    qtbot.addWidget(line)
    words = ["🎉" * 11 + ".py", *(f"word{number}" for number in range(8))]
    line.setText(" ".join(words))
    width = line.fontMetrics().horizontalAdvance(line.text()) // 2
    rows = line.rows(width)
    assert all(line.fontMetrics().horizontalAdvance(row) <= width for row in rows)
    assert " ".join(rows).split() == words


def test_from_right_to_left_a_short_sentence_stands_at_the_right(qtbot: QtBot, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        line = Sentence()
        qtbot.addWidget(line)
        line.setText("short")
        line.resize(300, line.heightForWidth(300))
        image = line.grab().toImage()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    ground = image.pixelColor(0, 0)
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    painted = [x for x, y in places if image.pixelColor(x, y) != ground]
    assert painted and min(painted) > image.width() / 2
