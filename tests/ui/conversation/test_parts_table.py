"""The table of a window's layers."""

import pytest
from pytestqt.qtbot import QtBot

from tests.speaking import speaking
from tests.ui.hosts import theme
from tokviz.analysis.conversation.stack import Layer, StackRow
from tokviz.ui.conversation.parts_table import PartsTable


@pytest.mark.parametrize("width", [420, 500, 620, 900])
def test_names_are_whole_and_what_parts_hold_gives_way(qtbot: QtBot, width: int) -> None:
    with speaking("de"):
        view = PartsTable(theme())
        qtbot.addWidget(view)
        font = view.font()
        font.setPixelSize(13)
        view.setFont(font)
        view.resize(width, 200)
        view.show()
        rows = [
            StackRow(Layer.ASSISTANT, 44_000, "41 Nachrichten", (0,)),
            StackRow(Layer.CALLS, 5, "9 Aufrufe", (1,)),
        ]
        view.show_rows(rows, 200_000, "~")
        assert view.columnWidth(0) >= view.sizeHintForColumn(0)
        assert view.isColumnHidden(1) or view.columnWidth(1) >= 70
        assert sum(view.columnWidth(at) for at in range(4)) <= view.viewport().width()
