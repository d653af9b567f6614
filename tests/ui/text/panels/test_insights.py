"""Statistics and costly lines: the figures of a fresh count, shown only for the text as it is."""

import base64
import random

from pytestqt.qtbot import QtBot

from tests.references import reference
from tests.ui.hosts import Host
from tokviz.ui.text.panels.insights import Insights

WASTE = base64.b64encode(random.Random(1).randbytes(60)).decode()
TEXT = f"Plain English words are cheap to send.\nso are these\n{WASTE}\nand these again\n"


def test_figures_and_lines_are_those_of_the_text(qtbot: QtBot) -> None:
    host = Host(TEXT.encode())
    insights = Insights(host.shown)
    for part in (insights.figures, insights.lines):
        qtbot.addWidget(part)
        part.show()
    qtbot.waitUntil(lambda: insights.statistics is not None)
    found = insights.statistics
    assert found is not None
    expected = reference("o200k_base").encode_ordinary(TEXT)
    assert found.tokens == len(expected)
    assert found.size.words == len(TEXT.split())
    chosen: list[tuple[int, int]] = []
    insights.line_chosen.connect(lambda start, end: chosen.append((start, end)))
    insights.choose_line(0)
    start = TEXT.index(WASTE)
    assert chosen == [(start, start + len(WASTE) + 1)]


def test_an_edit_is_counted_again(qtbot: QtBot) -> None:
    host = Host(b"one two three")
    insights = Insights(host.shown)
    qtbot.addWidget(insights.figures)
    qtbot.addWidget(insights.lines)
    insights.figures.show()
    qtbot.waitUntil(lambda: insights.statistics is not None and insights.statistics.size.words == 3)
    host.buffer.replace(0, 0, b"zero ")
    qtbot.waitUntil(lambda: insights.statistics is not None and insights.statistics.size.words == 4)
