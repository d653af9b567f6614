"""What others draw over a view: in the right places, clipped, and anew when something moved."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView
from tokviz.ui.editor.painting.visible_rows import VisibleRow
from tokviz.ui.editor.token_view import TokenView

MARK = QColor(1, 2, 3)


class Bars:
    """Draws a bar one pixel wide, as high as the row, left of each letter "x"."""

    def __init__(self, view: TokenView) -> None:
        self._view = view
        self.drawn: list[tuple[int, int]] = []

    @property
    def draws(self) -> bool:
        return True

    def draw(self, painter: QPainter, rows: Sequence[VisibleRow], height: int) -> None:
        self.drawn += [(row.start, row.stop) for row in rows]
        painter.fillRect(-1000, 0, 1000 - 8, 2000, MARK)  # over the line numbers: to be clipped away
        for row in rows:
            text = self._view.buffer.slice(row.start, row.stop)
            for offset in (row.start + at for at in range(len(text)) if text[at : at + 1] == b"x"):
                boundaries = np.array([offset, offset + 1])
                (_, left, _), *_ = row.spans(boundaries)
                painter.fillRect(round(left), row.y, 1, height, MARK)


def marked(view: TokenView) -> list[tuple[int, int]]:
    """Where, in letters and rows, marks are drawn; each as high as its row."""
    image = view.viewport().grab().toImage()
    style = view.text_viewport.layout.style
    left = 8 + (0 if not view.options.line_numbers else round(3 * style.advance) + 18)
    found = []
    for row in range(image.height() // style.row_height):
        columns = [
            {x for x in range(image.width()) if image.pixelColor(x, row * style.row_height + y) == MARK}
            for y in range(style.row_height)
        ]
        assert all(column == columns[0] for column in columns)
        found += [(round((x - left) / style.advance), row) for x in sorted(columns[0])]
    return found


def test_an_overlay_stands_where_the_text_stands(open_view: OpenView) -> None:
    view = open_view("ax b\nxx\n")
    view.add_overlay(Bars(view))
    assert marked(view) == [(1, 0), (0, 1), (1, 1)]
    view.set_options(replace(view.options, line_numbers=True, wrap=False))
    assert marked(view) == [(1, 0), (0, 1), (1, 1)], "the bar left of the text is cut off at the line numbers"
    view.select(0, 0)
    before = view.text_viewport.rows.version
    QTest.keyClick(view, Qt.Key.Key_X)
    assert marked(view) == [(0, 0), (2, 0), (0, 1), (1, 1)]
    assert view.text_viewport.rows.version != before


def test_only_rows_that_are_drawn_again_are_asked_for(open_view: OpenView, qtbot: QtBot) -> None:
    view = open_view("line\n" * 10)
    bars = Bars(view)
    view.add_overlay(bars)
    qtbot.waitUntil(lambda: len(bars.drawn) >= 10)
    bars.drawn.clear()
    view.highlight_bytes(5, 7)
    qtbot.waitUntil(lambda: bool(bars.drawn))
    assert bars.drawn == [(5, 10)]


def test_of_a_long_row_only_what_is_in_sight_is_asked_for(open_view: OpenView) -> None:
    view = open_view("x" * 100_000)
    view.set_options(replace(view.options, wrap=False))
    bars = Bars(view)
    view.add_overlay(bars)
    view.viewport().grab()
    start, stop = bars.drawn[0]
    assert start == 0 and stop < 1000


def test_a_view_that_sleeps_while_hidden_catches_up(open_view: OpenView, qtbot: QtBot) -> None:
    awake = open_view("some text\n" * 200)
    asleep = TokenView(awake.buffer, awake.theme, awake.history)
    qtbot.addWidget(asleep)
    asleep.sleeps_while_hidden = True
    asleep.resize(awake.size())
    asleep.show()
    asleep.set_pinned((0, 4))
    asleep.set_scroll_state((1500, 0, 0))
    asleep.hide()
    edits: list[None] = []
    asleep.edited.connect(lambda: edits.append(None))
    awake.editor.replace(0, 1990, b"")
    assert edits == []
    asleep.show()
    awake.set_scroll_state(asleep.scroll_state())
    assert asleep.visible_bytes() == awake.visible_bytes() == (0, 10)


class Broken(Bars):
    """Cannot draw."""

    def draw(self, painter: QPainter, rows: Sequence[VisibleRow], height: int) -> None:
        raise ValueError("it does not work")


def test_what_cannot_be_drawn_is_told_and_does_not_end_the_program(open_view: OpenView, qtbot: QtBot) -> None:
    view = open_view("line\n" * 10)
    with qtbot.capture_exceptions() as told:
        view.add_overlay(Broken(view))
        qtbot.waitUntil(lambda: bool(told))
    assert all(str(error[1]).endswith("it does not work") for error in told)
    view.hide()
