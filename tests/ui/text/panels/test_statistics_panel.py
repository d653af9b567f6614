"""Statistics and costly lines: the figures of a fresh count, shown only for the text as it is."""

import base64
import random

from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from tests.references import reference
from tests.ui.hosts import Host
from tokviz.ui.text.panels.statistics_panel import StatisticsPanel

WASTE = base64.b64encode(random.Random(1).randbytes(60)).decode()
TEXT = f"Plain English words are cheap to send.\nso are these\n{WASTE}\nand these again\n"


def test_figures_and_lines_are_those_of_the_text(qtbot: QtBot) -> None:
    host = Host(TEXT.encode())
    panel = StatisticsPanel(host.shown)
    for part in (panel.overview, panel.lines):
        qtbot.addWidget(part)
        part.show()
    qtbot.waitUntil(lambda: panel.statistics is not None)
    found = panel.statistics
    assert found is not None
    expected = reference("o200k_base").encode_ordinary(TEXT)
    assert found.tokens == len(expected)
    assert found.size.words == len(TEXT.split())
    chosen: list[tuple[int, int]] = []
    panel.line_chosen.connect(lambda start, end: chosen.append((start, end)))
    panel.choose_line(0)
    start = TEXT.index(WASTE)
    assert chosen == [(start, start + len(WASTE) + 1)]


def test_an_edit_is_counted_again(qtbot: QtBot) -> None:
    host = Host(b"one two three")
    panel = StatisticsPanel(host.shown)
    qtbot.addWidget(panel.overview)
    qtbot.addWidget(panel.lines)
    panel.overview.show()
    qtbot.waitUntil(lambda: panel.statistics is not None and panel.statistics.size.words == 3)
    host.buffer.replace(0, 0, b"zero ")
    qtbot.waitUntil(lambda: panel.statistics is not None and panel.statistics.size.words == 4)


def test_the_most_frequent_need_no_sideways_scrolling(qtbot: QtBot) -> None:
    host = Host(TEXT.encode())
    panel = StatisticsPanel(host.shown)
    qtbot.addWidget(panel.overview)
    qtbot.addWidget(panel.lines)
    panel.overview.show()
    qtbot.waitUntil(lambda: panel.statistics is not None)
    (table,) = panel.overview.findChildren(QTableWidget)
    panel.overview.resize(panel.overview.width() - table.width() + 200, 200)
    qtbot.waitUntil(lambda: table.width() <= 210)
    assert table.horizontalScrollBar().maximum() == 0
