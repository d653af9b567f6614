"""The ruler draws its marks where they are, at the height that it has."""

import numpy as np
from pytestqt.qtbot import QtBot

from tests.ui.hosts import theme
from tokviz.ui.text.panels.text_ruler import WIDTH, Mark, TextRuler


def test_marks_follow_what_is_marked_and_the_height(qtbot: QtBot) -> None:
    ruler = TextRuler(theme())
    qtbot.addWidget(ruler)

    def drawn() -> list[int]:
        image = ruler.grab().toImage()
        return [y for y in range(image.height()) if image.pixelColor(3, y) == theme().accent]

    ruler.resize(WIDTH, 200)
    ruler.set_marks(Mark.MATCH, np.array([0.25, 0.25, 0.5]))
    assert drawn() == [50, 51, 100, 101]
    ruler.resize(WIDTH, 100)
    assert drawn() == [25, 26, 50, 51]
    ruler.set_marks(Mark.MATCH, np.array([0.75]))
    assert drawn() == [75, 76]
    ruler.set_marks(Mark.MATCH)
    assert drawn() == []
