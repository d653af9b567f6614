"""Scrolling goes exactly as far as it is told, at any size, wrapped or not; edits keep the view in place."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView
from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.input.editor import Move
from tokviz.ui.editor.layout.row_estimate import RowEstimate
from tokviz.ui.editor.token_view import TokenView

PROSE = "Some words that are here to be wrapped, as many as it takes to fill the row twice or more. " * 2
CODE = "def function(argument):\n\treturn argument * 2\n\n\n"
TEXTS = {
    "code": CODE * 300,
    "prose": (PROSE + "\n") * 100,
    "one line": '{"key": "value", "list": [1, 2, 3]},' * 4000,
    "mixed": (PROSE + "\n" + CODE + "漢字カタカナ" * 50 + "\nשלום עולם " * 3) * 30,
    "one mixed line": "wörter, 漢字 and العربية; " * 2000,
    "empty lines": "\n" * 3000,
    "short": "one\ntwo",
    "nothing": "",
}


@pytest.fixture(params=[True, False], ids=["wrapped", "not wrapped"])
def wrap(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def all_rows(view: TokenView) -> list[tuple[int, int]]:
    """(start, stop) of every row, found by scrolling from the top."""
    view.verticalScrollBar().setValue(0)
    rows: list[tuple[int, int]] = []
    while True:
        for _, row in view.text_viewport.visible():
            if not rows or row.start > rows[-1][0] or row.stop > rows[-1][1]:
                rows.append((row.start, row.stop))
        before = view.scroll_state()
        view.scroll_pixels(view.row_height * 5, 0)
        if view.scroll_state() == before:
            return rows


@pytest.mark.parametrize("name", list(TEXTS))
def test_rows_follow_each_other_to_the_end(open_view: OpenView, name: str, wrap: bool) -> None:
    view = open_view(TEXTS[name])
    view.set_options(replace(view.options, wrap=wrap))
    rows = all_rows(view)
    assert rows[0][0] == 0
    assert rows[-1][1] == len(view.buffer)
    assert all(before[1] == after[0] for before, after in pairwise(rows))
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()


@pytest.mark.parametrize("name", ["code", "mixed", "one line"])
def test_scrolling_down_and_up_again_leads_back(open_view: OpenView, name: str, wrap: bool) -> None:
    view = open_view(TEXTS[name])
    view.set_options(replace(view.options, wrap=wrap))
    chance = random.Random(3)
    steps = [chance.randrange(1, 200) for _ in range(40)]
    states = [view.scroll_state()]
    for step in steps:
        view.scroll_pixels(step, 0)
        states.append(view.scroll_state())
    at_end = states.index(states[-1])
    for step, state in zip(reversed(steps[:at_end]), reversed(states[:at_end]), strict=True):
        view.scroll_pixels(-step, 0)
        if at_end == len(steps):
            assert view.scroll_state() == state
    assert at_end < len(steps) or view.scroll_state() == states[0]


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("short", "nothing")])
def test_the_bar_reaches_every_part(open_view: OpenView, name: str, wrap: bool) -> None:
    view = open_view(TEXTS[name])
    view.set_options(replace(view.options, wrap=wrap))
    bar = view.verticalScrollBar()
    if not bar.maximum():
        assert view.visible_bytes() == (0, len(view.buffer))
        return
    tops = []
    for tenth in range(11):
        bar.setValue(bar.maximum() * tenth // 10)
        assert bar.value() == pytest.approx(bar.maximum() * tenth / 10, abs=bar.maximum() * 0.1 + 30)
        tops.append(view.visible_bytes()[0])
    assert tops == sorted(tops)
    assert tops[0] == 0
    assert view.visible_bytes()[1] == len(view.buffer)
    middle = tops[5] / len(view.buffer)
    assert 0.3 < middle < 0.7


def test_the_estimate_and_its_inverse_agree() -> None:
    for text in TEXTS.values():
        buffer = TextBuffer(text.encode())
        buffer.lines.complete_now()
        for columns in (None, 40):
            estimate = RowEstimate(buffer)
            estimate.set_columns(columns)
            starts = [buffer.lines.line_start(line) for line in range(0, buffer.lines.line_count, 7)]
            rows = [estimate.before(start) for start in starts]
            assert rows == sorted(rows)
            if columns is None and len(text) < 15_000:
                assert rows == pytest.approx(list(range(0, buffer.lines.line_count, 7)))
            for start, before in zip(starts, rows, strict=True):
                found = estimate.offset_at(before + 1e-6)
                assert estimate.before(found) == pytest.approx(before, abs=0.02)
                assert found <= start + 1 or len(text) < 2


def test_edits_above_leave_what_is_in_sight_where_it_is(open_view: OpenView, qtbot: QtBot) -> None:
    view = open_view(CODE * 300)
    view.verticalScrollBar().setValue(3000)
    top, pixel, _ = view.scroll_state()
    text = view.buffer.slice(top, top + 40)
    view.buffer.replace(0, 10, b"another beginning\nwith more lines\n")
    assert view.buffer.slice(view.scroll_state()[0], view.scroll_state()[0] + 40) == text
    assert view.scroll_state()[1] == pixel


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_line_begun_at_the_end_of_the_text_is_in_sight_at_once(open_view: OpenView, ends: str) -> None:
    view = open_view(f"one{ends}two")
    view.select(len(view.buffer), len(view.buffer))
    QTest.keyClick(view, Qt.Key.Key_Return)
    box = view.caret_rectangle()
    assert box is not None and int(box.top()) // view.row_height == 2


@pytest.mark.parametrize(
    ("text", "edit"), [("a\r", (2, 2, b"\n")), ("a\rx\nb", (2, 3, b"")), ("a\r\n\nb", (2, 2, b"x"))]
)
def test_where_a_crlf_comes_or_goes_lines_join_or_part(
    open_view: OpenView, text: str, edit: tuple[int, int, bytes]
) -> None:
    view = open_view(text)
    view.buffer.replace(*edit)
    shown = [(row.start, row.stop) for _, row in view.text_viewport.visible()]
    assert shown == [
        (row.start, row.stop) for _, row in open_view(view.buffer.snapshot()).text_viewport.visible()
    ]


def test_deleting_the_end_leaves_no_empty_view(open_view: OpenView) -> None:
    view = open_view(CODE * 300)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    view.editor.replace(len(CODE), len(view.buffer), b"")
    assert view.visible_bytes() == (0, len(CODE))
    assert view.scroll_state() == (0, 0, 0)


def test_wrapping_and_zoom_keep_the_top(open_view: OpenView) -> None:
    view = open_view((PROSE + "\n") * 100)
    view.verticalScrollBar().setValue(2500)
    line = view.buffer.lines.line_of(view.visible_bytes()[0])
    view.set_options(replace(view.options, wrap=False))
    assert view.buffer.lines.line_of(view.visible_bytes()[0]) in (line, line - 1)
    view.set_options(replace(view.options, wrap=True))
    view.resize(400, 300)
    assert view.buffer.lines.line_of(view.visible_bytes()[0]) in (line, line - 1)
    view.set_zoom(5)
    assert view.buffer.lines.line_of(view.visible_bytes()[0]) in (line, line - 1)


def test_without_wrapping_long_lines_scroll_sideways(open_view: OpenView) -> None:
    view = open_view("short\n" + "x" * 1000 + "\nshort")
    view.set_options(replace(view.options, wrap=False))
    bar = view.horizontalScrollBar()
    assert bar.maximum() > 900 * view.text_viewport.layout.style.advance - view.width()
    view.select(6, 6)
    QTest.keyClick(view, Qt.Key.Key_End)
    box = view.caret_rectangle()
    assert box is not None and 0 < box.left() < view.viewport().width()
    assert bar.value() > 0
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
    view.set_options(replace(view.options, wrap=True))
    assert bar.maximum() == 0


def test_what_is_in_sight_is_told(open_view: OpenView, qtbot: QtBot) -> None:
    view = open_view(CODE * 300)
    heard: list[tuple[int, int]] = []
    view.visible_changed.connect(lambda start, end: heard.append((start, end)))
    view.scroll_pixels(1000, 0)
    assert heard[-1] == view.visible_bytes()
    view.select(0, 0)
    assert heard[-1] == view.visible_bytes()
    assert heard[-1][0] == 0
    with qtbot.waitSignal(view.visible_changed):
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert heard[-1] == view.visible_bytes()


def test_two_views_of_one_text_scroll_and_edit_together(open_view: OpenView, qtbot: QtBot) -> None:
    one = open_view((PROSE + "\n") * 100)
    other = TokenView(one.buffer, one.theme, one.history)
    qtbot.addWidget(other)
    other.resize(one.size())
    other.show()
    one.scroll_pixels(1234, 0)
    other.set_scroll_state(one.scroll_state())
    assert other.visible_bytes() == one.visible_bytes()
    one.select(0, 0)
    QTest.keyClick(one, Qt.Key.Key_X)
    other.commands.run("undo")
    assert one.buffer.snapshot() == ((PROSE + "\n") * 100).encode()


def test_a_text_of_nothing_but_a_long_line_of_blanks(open_view: OpenView, wrap: bool) -> None:
    view = open_view(b" " * 1_000_000)
    view.set_options(replace(view.options, wrap=wrap))
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.caret_rectangle() is not None
    QTest.keyClick(view, Qt.Key.Key_X)
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_Y)
    assert view.buffer.snapshot() == b"y" + b" " * 1_000_000 + b"x"


def test_another_text_is_shown_from_its_beginning_without_counting_all_of_it(open_view: OpenView) -> None:
    view = open_view(CODE * 300)
    view.editor.move(Move.END)
    view.buffer.load(b"line\n" * 4_000_000)
    assert view.state.caret.offset == 0
    assert view.visible_bytes()[0] == 0
    assert not view.buffer.lines.complete


def test_a_mark_in_the_only_row_is_at_the_top() -> None:
    estimate = RowEstimate(TextBuffer(b"hello there, world"))
    estimate.set_columns(80)
    assert estimate.shares(np.array([0, 7, 18])).tolist() == [0.0, 0.0, 0.0]


def test_a_text_that_is_all_in_sight_has_no_thumb(open_view: OpenView) -> None:
    short = open_view("one\ntwo")
    assert not short.verticalScrollBar().isEnabled(), "the style sheet draws none then"
    assert open_view("one\n" * 300).verticalScrollBar().isEnabled()


def test_a_caret_in_sight_stays_there_when_the_view_becomes_lower(open_view: OpenView, wrap: bool) -> None:
    """A pane that opened below the text took the line away that it was opened for."""
    view = open_view(CODE * 300)
    view.set_options(replace(view.options, wrap=wrap))
    view.scroll_pixels(1000, 0)
    first, last = view.visible_bytes()
    low = view.buffer.lines.start_of_line(last - 30)
    view.select(low, low)
    top = view.scroll_state()
    view.resize(view.width(), view.height() // 2)
    assert view.visible_bytes()[0] <= low < view.visible_bytes()[1]
    view.set_scroll_state(top)  # away from it
    view.resize(view.width(), view.height() - 10)
    assert view.scroll_state() == top, "what is not in sight is not looked for"
    assert first < low
