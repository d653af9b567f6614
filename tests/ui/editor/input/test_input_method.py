"""Input methods and dead keys: composing in place, committing, answering what they ask."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCharFormat, QTextFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import OpenView, text_of
from tests.ui.token_source import FixedTokens
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.layout import line_layout
from tokviz.ui.editor.layout.fonts import TextStyle, text_font
from tokviz.ui.editor.layout.line_layout import LineLayout, Preedit
from tokviz.ui.editor.layout.segments import Segments
from tokviz.ui.editor.layout.shaping import ShapedChunk
from tokviz.ui.editor.token_view import TokenView

ASKS = Qt.InputMethodQuery
KINDS = QInputMethodEvent.AttributeType


def compose(view: TokenView, text: str, cursor: int | None = None) -> None:
    attributes = []
    if cursor is not None:
        attributes.append(QInputMethodEvent.Attribute(KINDS.Cursor, cursor, 1))
    QApplication.sendEvent(view, QInputMethodEvent(text, attributes))


def commit(view: TokenView, text: str, start: int = 0, length: int = 0) -> None:
    event = QInputMethodEvent()
    event.setCommitString(text, start, length)
    QApplication.sendEvent(view, event)


def left(view: TokenView) -> float:
    box = view.caret_rectangle()
    assert isinstance(box, QRectF)
    return box.left()


def test_composing_is_drawn_in_place_and_is_not_text(open_view: OpenView) -> None:
    written = open_view("aにほb")
    written.select(7, 7)
    view = open_view("ab")
    view.select(1, 1)
    plain, before = view.grab().toImage(), left(view)
    compose(view, "にほ")
    assert text_of(view) == b"ab"
    wide = left(view) - before
    assert wide == left(written) - before > 10  # as wide as the font at hand has it
    assert view.grab().toImage() != plain
    compose(view, "にほんご", cursor=1)
    assert 5 < left(view) - before < wide
    compose(view, "")
    assert view.grab().toImage() == plain
    assert text_of(view) == b"ab"


def test_committing_inserts_one_step(open_view: OpenView) -> None:
    view = open_view("ab")
    view.select(1, 1)
    compose(view, "にほん")
    commit(view, "日本")
    assert text_of(view) == "a日本b".encode()
    assert view.state.caret.offset == 7
    view.commands.run("undo")
    assert text_of(view) == b"ab"


def test_composing_replaces_the_selection(open_view: OpenView) -> None:
    view = open_view("one two")
    view.select(0, 3)
    compose(view, "x")
    assert text_of(view) == b" two"
    commit(view, "x")
    assert text_of(view) == b"x two"


def test_a_dead_key_composes_and_commits(open_view: OpenView) -> None:
    view = open_view()
    compose(view, "´")
    commit(view, "é")
    assert text_of(view) == "é".encode()


def test_a_commit_may_replace_what_is_around_the_caret(open_view: OpenView) -> None:
    view = open_view("a😀teh b")
    view.select(8, 8)
    commit(view, "the", start=-3, length=3)
    assert text_of(view) == "a😀the b".encode()
    assert view.state.caret.offset == 8


def test_composing_wraps_with_the_line(open_view: OpenView) -> None:
    view = open_view("word " * 40)
    view.select(100, 100)
    box = view.caret_rectangle()
    assert box is not None
    compose(view, "語" * 60)
    moved = view.caret_rectangle()
    assert moved is not None and moved.top() > box.top()


def test_formats_of_the_input_method_are_used(open_view: OpenView) -> None:
    view = open_view("ab")
    shown = []
    for weight in (None, Qt.GlobalColor.red):
        form = QTextCharFormat()
        form.setFontUnderline(True)
        if weight is not None:
            form.setBackground(weight)
        event = QInputMethodEvent("xyz", [QInputMethodEvent.Attribute(KINDS.TextFormat, 0, 3, form)])
        QApplication.sendEvent(view, event)
        shown.append(view.grab().toImage())
    assert shown[0] != shown[1]


@pytest.mark.parametrize("bare", [True, False], ids=["as QTextFormat", "as QTextCharFormat"])
def test_formats_stand_where_what_is_composed_stands(open_view: OpenView, bare: bool) -> None:
    view = open_view("abcdef\n")
    view.select(3, 3)
    begin = round(left(view))
    form = QTextCharFormat()
    form.setBackground(Qt.GlobalColor.red)
    value = QTextFormat(form) if bare else form  # ibus sends the former
    compose(view, "ghij", 4)
    end = round(left(view))
    event = QInputMethodEvent("ghij", [QInputMethodEvent.Attribute(KINDS.TextFormat, 0, 4, value)])
    QApplication.sendEvent(view, event)
    image = view.grab().toImage()
    red = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) == Qt.GlobalColor.red for y in range(view.row_height))
    ]
    assert red and begin <= red[0] <= begin + 2 and end - 2 <= red[-1] <= end


def test_what_is_composed_within_a_token_does_not_look_like_one(open_view: OpenView, theme: Theme) -> None:
    view = open_view("abcdef", tokens=FixedTokens([6]))
    view.select(3, 3)
    point = QPoint(round(left(view)) + 5, view.row_height - 8)
    assert view.grab().toImage().pixelColor(point) != theme.surface
    compose(view, "    ")
    assert view.grab().toImage().pixelColor(point) == theme.surface


def test_what_an_input_method_asks(open_view: OpenView) -> None:
    view = open_view("first\né😀 two\nlast")
    view.select(13, 16)
    assert view.inputMethodQuery(ASKS.ImEnabled) is True
    assert view.inputMethodQuery(ASKS.ImSurroundingText) == "é😀 two"
    assert view.inputMethodQuery(ASKS.ImCursorPosition) == 7
    assert view.inputMethodQuery(ASKS.ImAnchorPosition) == 4
    assert view.inputMethodQuery(ASKS.ImCurrentSelection) == "two"
    assert view.inputMethodQuery(ASKS.ImTextBeforeCursor) == "é😀 two"
    assert view.inputMethodQuery(ASKS.ImTextAfterCursor) == ""
    assert view.inputMethodQuery(ASKS.ImAbsolutePosition) == 13
    assert view.inputMethodQuery(ASKS.ImCursorRectangle) == view.caret_rectangle()
    view.set_read_only("Because.")
    assert view.inputMethodQuery(ASKS.ImEnabled) is False
    commit(view, "x")
    assert text_of(view) == "first\né😀 two\nlast".encode()


def test_a_caret_that_an_input_method_hides_is_not_drawn(open_view: OpenView) -> None:
    view = open_view("ab")
    shown = []
    for length in (1, 0):
        attribute = QInputMethodEvent.Attribute(KINDS.Cursor, 0, length)
        QApplication.sendEvent(view, QInputMethodEvent("xyz", [attribute]))
        shown.append(view.grab().toImage())
    assert shown[0] != shown[1]


# -- where candidates are shown ----------------------------------------------------------------------------


@pytest.fixture
def told() -> Iterator[list[QRectF]]:
    """The boxes of the caret that an input method is told of, in the order in which it is."""
    boxes: list[QRectF] = []

    def note() -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        boxes.append(focused.inputMethodQuery(ASKS.ImCursorRectangle))

    method = QGuiApplication.inputMethod()
    method.cursorRectangleChanged.connect(note)
    yield boxes
    method.cursorRectangleChanged.disconnect(note)


def test_an_input_method_is_told_where_the_caret_of_what_is_composed_is(
    open_view: OpenView, told: list[QRectF]
) -> None:
    view = open_view("ab\n" * 100)
    view.select(1, 1)
    told.clear()
    compose(view, "にほん")
    assert told[-1] == view.caret_rectangle()
    compose(view, "にほん", cursor=1)
    assert told[-1] == view.caret_rectangle()
    view.scroll_pixels(7, 0)
    assert told[-1] == view.caret_rectangle()
    compose(view, "")
    assert told[-1] == view.caret_rectangle()


@pytest.mark.parametrize("rows", [-60, 60])
def test_candidates_stay_at_the_edge_where_the_caret_is_out_of_sight(open_view: OpenView, rows: int) -> None:
    view = open_view("ab\n" * 200)
    view.select(300, 300)
    compose(view, "に")
    view.scroll_pixels(rows * view.row_height, 0)
    assert view.caret_rectangle() is None
    box = view.inputMethodQuery(ASKS.ImCursorRectangle)
    assert isinstance(box, QRectF) and box.height() == view.row_height
    assert box.top() == (0 if rows > 0 else view.viewport().height() - view.row_height)


def test_the_caret_stands_on_its_own_row_of_a_long_composition(open_view: OpenView) -> None:
    view = open_view("word " * 40)
    view.select(100, 100)
    compose(view, "語")
    one = view.caret_rectangle()
    assert one is not None
    compose(view, "語" * 120)
    last = view.caret_rectangle()
    compose(view, "語" * 120, cursor=1)
    first = view.caret_rectangle()
    compose(view, "語" * 120, cursor=60)
    middle = view.caret_rectangle()
    assert first == one
    assert last is not None and middle is not None
    assert one.top() < middle.top() < last.top()


def test_the_caret_stands_in_what_is_composed_in_a_long_row(open_view: OpenView) -> None:
    view = open_view("é" + "word " * 400)
    view.set_options(replace(view.options, wrap=False))
    view.select(1002, 1002)
    compose(view, "にほんご", cursor=0)
    begin = left(view)
    compose(view, "にほんご", cursor=4)
    assert left(view) > begin + 20


@pytest.mark.parametrize(
    ("text", "before", "composed", "ahead"),
    [
        ("שלום עולם", 2, "にほんご", 1),
        ("العربية من اليمين", 8, "abcd", 1),
        ("שלום עולם", 9, "にほんご", 1),
        ("שלום hello", 7, "にほ", 1),
        ("abcdef", 3, "שלום", -1),
        ("abcdef", 0, "שלום", -1),
        ("", 0, "שלום", -1),
        ("hello שלום", 8, "שלום", -1),
    ],
)
def test_the_caret_goes_the_way_of_what_is_composed(
    open_view: OpenView, text: str, before: int, composed: str, ahead: int
) -> None:
    view = open_view(text + "\nnext")
    start = len(text[:before].encode())
    view.select(start, start)
    xs = []
    for cursor in range(len(composed) + 1):
        compose(view, composed, cursor)
        xs.append(left(view))
    steps = [(to - x) * ahead for x, to in pairwise(xs)]
    assert all(2 < step < 20 for step in steps)


@pytest.mark.parametrize("length", [20, 60, 150])
@pytest.mark.parametrize("before", range(1400, 1540, 10))
def test_a_composition_where_chunks_meet_takes_the_rows_that_its_text_would(
    before: int, length: int, qapp: QApplication
) -> None:
    style = TextStyle.of(text_font(0))
    layout = LineLayout(style)
    layout.configure(style, 30)
    content, composed = "é " + "word " * 600, "語" * length
    layout.compose(Preedit(before + 1, composed, [], 0))
    composing = layout.wrap(Segments(TextBuffer(content.encode())).at(0)).count()
    layout.compose(None)
    committed = content[:before] + composed + content[before:]
    assert composing == layout.wrap(Segments(TextBuffer(committed.encode())).at(0)).count()


def test_rows_of_a_composition_have_no_boundaries(qapp: QApplication) -> None:
    style = TextStyle.of(text_font(0))
    layout = LineLayout(style)
    layout.configure(style, 30)
    layout.compose(Preedit(4, "語" * 120, [], 0))
    segment = Segments(TextBuffer(b"one two")).at(0)
    breaks = layout.wrap(segment)
    assert breaks.count() > 3
    for number in range(breaks.count()):
        row = layout.shape(segment, breaks, number)
        spans = row.spans(np.array([row.start, row.end], np.int64))
        assert not len(spans.inner)
        assert (spans.lefts <= spans.rights).all() and (spans.rights <= row.extent[1]).all()


def test_a_composition_is_shaped_once_however_many_rows_are_drawn(
    open_view: OpenView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = open_view("word " * 250)
    view.select(100, 100)
    made: list[ShapedChunk] = []

    def shape(*asked: Any) -> ShapedChunk:
        made.append(ShapedChunk(*asked))
        return made[-1]

    monkeypatch.setattr(line_layout, "ShapedChunk", shape)
    compose(view, "にほん")
    view.grab()
    assert len(made) == 1


# -- a composition that is cut short -----------------------------------------------------------------------


def test_an_event_that_says_nothing_leaves_the_view_where_it_is(open_view: OpenView) -> None:
    view = open_view("line\n" * 300)
    view.scroll_pixels(2000, 0)
    before = view.scroll_state()
    QApplication.sendEvent(view, QInputMethodEvent())
    assert view.scroll_state() == before


def test_what_nobody_commits_is_dropped_when_the_caret_goes_elsewhere(open_view: OpenView) -> None:
    view = open_view("one two three")
    view.select(3, 3)
    compose(view, "に")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 10))
    assert not view.text_viewport.layout.preedit
    compose(view, "に")
    view.select(1, 1)
    assert not view.text_viewport.layout.preedit
    assert text_of(view) == b"one two three"


@pytest.mark.parametrize("command", ["paste", "undo", "delete", "select_all"])
def test_a_command_ends_composing_first(open_view: OpenView, command: str) -> None:
    view = open_view("one two")
    view.select(3, 3)
    QGuiApplication.clipboard().setText("X")
    compose(view, "に")
    view.commands.run(command)
    assert not view.text_viewport.layout.preedit


def test_composing_goes_on_where_another_view_edits_before_it(open_view: OpenView) -> None:
    view = open_view("one two")
    view.select(3, 3)
    compose(view, "に")
    view.buffer.replace(0, 0, b"zero ")
    assert view.text_viewport.layout.preedit is not None
    assert view.text_viewport.layout.preedit.offset == view.state.caret.offset == 8
    commit(view, "日")
    assert text_of(view) == "zero one日 two".encode()


def test_another_text_ends_composing(open_view: OpenView) -> None:
    view = open_view("one two")
    view.select(7, 7)
    compose(view, "に")
    view.buffer.load(b"ab")
    view.grab()
    assert not view.text_viewport.layout.preedit


def test_a_text_that_becomes_read_only_ends_composing(open_view: OpenView) -> None:
    view = open_view("one two")
    compose(view, "に")
    view.set_read_only("Because.")
    compose(view, "")
    assert not view.text_viewport.layout.preedit


# -- what a commit does ------------------------------------------------------------------------------------


def test_composing_over_a_selection_is_one_step(open_view: OpenView) -> None:
    view = open_view("one two")
    view.select(4, 7)
    compose(view, "に")
    compose(view, "にほ")
    commit(view, "日本")
    assert text_of(view) == "one 日本".encode()
    view.commands.run("undo")
    assert text_of(view) == b"one two"
    assert view.state.selection == (4, 7)
    view.commands.run("redo")
    assert text_of(view) == "one 日本".encode()


def test_a_composition_given_up_leaves_a_step_that_brings_the_selection_back(open_view: OpenView) -> None:
    view = open_view("one two")
    view.select(4, 7)
    compose(view, "に")
    compose(view, "")
    assert text_of(view) == b"one "
    view.commands.run("undo")
    assert text_of(view) == b"one two"


def test_a_commit_overwrites_as_many_characters_as_it_has(open_view: OpenView) -> None:
    view = open_view("abcdef\nnext")
    view.commands.run("toggle_overwrite")
    view.select(0, 0)
    compose(view, "にほん")
    commit(view, "日本")
    assert text_of(view) == "日本cdef\nnext".encode()
    commit(view, "👩‍👩‍👧‍👦")
    assert text_of(view) == "日本👩‍👩‍👧‍👦def\nnext".encode()
    commit(view, "12345")
    assert text_of(view) == "日本👩‍👩‍👧‍👦12345\nnext".encode()


@pytest.mark.parametrize(("text", "at"), [("ab\n", 3), ("ab\r\n", 3), ("ab\r\n", 4)])
def test_a_commit_overwrites_nothing_at_the_end_of_the_text_or_in_a_break(
    open_view: OpenView, text: str, at: int
) -> None:
    view = open_view(text)
    view.commands.run("toggle_overwrite")
    view.select(at, at)
    commit(view, "日")
    assert text_of(view).decode() == text[:at] + "日" + text[at:]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_selection_is_replaced_as_the_text_before_the_caret(open_view: OpenView, backwards: bool) -> None:
    """So ibus-hangul makes the selected hangul hanja: it takes away, then commits."""
    view = open_view("one 한국!")
    view.select(*((10, 4) if backwards else (4, 10)))
    asked = [view.inputMethodQuery(query) for query in (ASKS.ImAnchorPosition, ASKS.ImCursorPosition)]
    assert asked == [4, 6]
    before, after = (view.inputMethodQuery(ask) for ask in (ASKS.ImTextBeforeCursor, ASKS.ImTextAfterCursor))
    assert (before, after) == ("one 한국", "!")
    commit(view, "", start=-2, length=2)
    commit(view, "韓國")
    assert text_of(view) == "one 韓國!".encode()
    view.commands.run("undo")
    assert text_of(view) == "one 한국!".encode()


def test_a_replacement_within_the_selection_takes_all_of_it(open_view: OpenView) -> None:
    view = open_view("one two three")
    view.select(4, 7)
    commit(view, "x", start=-1, length=2)
    assert text_of(view) == b"one xthree"


def test_an_input_method_may_select(open_view: OpenView) -> None:
    view = open_view("first\né😀 two\nlast")
    view.select(6, 6)
    for start, length, chosen in ((4, 3, (13, 16)), (7, -3, (16, 13)), (1, 2, (8, 12)), (4, 100, (13, 16))):
        attribute = QInputMethodEvent.Attribute(KINDS.Selection, start, length)
        QApplication.sendEvent(view, QInputMethodEvent("", [attribute]))
        assert (view.state.anchor, view.state.caret.offset) == chosen
