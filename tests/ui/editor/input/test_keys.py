"""Every habit of an editor's keyboard, by real keys."""

import sys

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView, text_of
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.input.editor import Move
from tokviz.ui.editor.token_view import TokenView

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
FAMILY = "👩‍👩‍👧‍👦"


def press(view: TokenView, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(view, key, modifiers)


def type_text(view: TokenView, text: str) -> None:
    """Type as a keyboard does: any character, one key event each."""
    for letter in text:
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            QApplication.sendEvent(view, QKeyEvent(kind, 0, NONE, letter))


def at(view: TokenView, text: str) -> None:
    """Put the caret right before the first occurrence of ``text``."""
    offset = text_of(view).index(text.encode())
    view.select(offset, offset)


def caret(view: TokenView) -> int:
    return view.state.caret.offset


def selected(view: TokenView) -> str:
    start, end = view.state.selection
    return view.buffer.slice(start, end).decode()


# -- typing ------------------------------------------------------------------------------------------------


def test_typing_inserts_any_script(open_view: OpenView) -> None:
    view = open_view("[]")
    at(view, "]")
    type_text(view, "aé漢😀שa")
    assert text_of(view) == "[aé漢😀שa]".encode()
    assert caret(view) == len("[aé漢😀שa".encode())


def test_shift_and_keypad_type_and_shortcuts_do_not(open_view: OpenView) -> None:
    view = open_view()
    QApplication.sendEvent(view, QKeyEvent(QKeyEvent.Type.KeyPress, KEY.Key_A, SHIFT, "A"))
    QTest.keyClick(view, KEY.Key_7, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClick(view, KEY.Key_B, ALT)
    QTest.keyClick(view, KEY.Key_K, CONTROL)
    QApplication.sendEvent(view, QKeyEvent(QKeyEvent.Type.KeyPress, KEY.Key_At, CONTROL | ALT, "@"))  # AltGr
    press(view, KEY.Key_F5)
    press(view, KEY.Key_Escape)
    assert text_of(view) == (b"A7b@" if sys.platform == "darwin" else b"A7@")


def test_typing_replaces_the_selection(open_view: OpenView) -> None:
    view = open_view("one two")
    view.select(0, 3)
    type_text(view, "1")
    assert text_of(view) == b"1 two"


@pytest.mark.parametrize(
    ("text", "line_break"),
    [("", "\n"), ("a\nb", "\n"), ("a\r\nb", "\r\n"), ("a\rb", "\r"), ("a\r\nb\nc", "\n")],
)
def test_return_breaks_lines_as_the_text_does(open_view: OpenView, text: str, line_break: str) -> None:
    view = open_view(text)
    press(view, KEY.Key_End, CONTROL)
    press(view, KEY.Key_Return)
    assert text_of(view).decode() == text + line_break


def test_overwriting_takes_whole_characters_and_no_line_break(open_view: OpenView) -> None:
    view = open_view(f"a{FAMILY}é\nend")
    press(view, KEY.Key_Home, CONTROL)
    press(view, KEY.Key_Insert)
    type_text(view, "wxyz")
    assert text_of(view) == b"wxyz\nend"
    press(view, KEY.Key_Insert)
    type_text(view, "!")
    assert text_of(view) == b"wxyz!\nend"


def test_tab_types_indents_and_takes_back(open_view: OpenView) -> None:
    view = open_view("one\r\ntwo\r\n\r\nfour")
    at(view, "ne")
    press(view, KEY.Key_Tab)
    assert text_of(view).startswith(b"o\tne")
    press(view, KEY.Key_Z, CONTROL)
    view.select(1, 14)
    press(view, KEY.Key_Tab)
    assert text_of(view) == b"\tone\r\n\ttwo\r\n\r\n\tfour"
    press(view, KEY.Key_Backtab, SHIFT)
    assert text_of(view) == b"one\r\ntwo\r\n\r\nfour"
    assert selected(view) == text_of(view).decode()


# -- deleting ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("abc", "ab"),
        (f"a{FAMILY}", "a"),
        ("a🇩🇪", "a"),
        ("ae\u0301", "ae"),
        ("a漢", "a"),
        ("a❤\ufe0f", "a"),
        ("a\r\n", "a"),
        ("कि", "क"),
        ("a\U0001f44d\U0001f3fd", "a"),
    ],
)
def test_backspace(open_view: OpenView, before: str, after: str) -> None:
    view = open_view(before)
    press(view, KEY.Key_End, CONTROL)
    press(view, KEY.Key_Backspace)
    assert text_of(view).decode() == after


def test_a_bom_is_a_character_like_any_other(open_view: OpenView) -> None:
    view = open_view("\ufeffab\n\ufeffc")
    press(view, KEY.Key_Right, times=2)
    assert caret(view) == 4
    press(view, KEY.Key_Backspace)
    assert text_of(view) == "\ufeffb\n\ufeffc".encode()
    at(view, "c")
    press(view, KEY.Key_Left, SHIFT)
    assert selected(view) == "\ufeff"
    press(view, KEY.Key_Home, CONTROL)
    press(view, KEY.Key_Delete)
    assert text_of(view) == "b\n\ufeffc".encode()


@pytest.mark.parametrize("first", ["a", "\ufeff", FAMILY, "🇩🇪", "e\u0301", "漢", "\r\n", "\u200b"])
def test_delete_takes_a_character_as_people_see_it(open_view: OpenView, first: str) -> None:
    view = open_view(first + "b")
    press(view, KEY.Key_Delete)
    assert text_of(view) == b"b"


@pytest.mark.parametrize(
    ("key", "modifiers", "left"),
    [
        (KEY.Key_Backspace, CONTROL, "one three"),
        (KEY.Key_Delete, CONTROL, "one two "),
        (KEY.Key_Delete, CONTROL | SHIFT, "one two "),
        (KEY.Key_Backspace, CONTROL | SHIFT, "three"),
        (KEY.Key_K, CONTROL | SHIFT, ""),
    ],
)
def test_deleting_more(open_view: OpenView, key: Qt.Key, modifiers: Qt.KeyboardModifier, left: str) -> None:
    view = open_view("one two three")
    at(view, "three")
    press(view, key, modifiers)
    assert text_of(view).decode() == left


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_empty_line_at_the_end_has_nothing_to_delete_nor_to_go_to(open_view: OpenView, ends: str) -> None:
    view = open_view(f"one{ends}")
    end = len(view.buffer)
    view.select(end, end)
    view.commands.run("delete_to_line_end")
    view.editor.move(Move.LINE_END)
    assert text_of(view) == f"one{ends}".encode() and caret(view) == end


def test_deleting_a_selection(open_view: OpenView) -> None:
    for key in (KEY.Key_Delete, KEY.Key_Backspace):
        view = open_view("one two")
        view.select(1, 5)
        press(view, key)
        assert text_of(view) == b"owo"


# -- undo --------------------------------------------------------------------------------------------------


def test_undo_and_redo_by_key(open_view: OpenView) -> None:
    view = open_view("start ")
    press(view, KEY.Key_End, CONTROL)
    type_text(view, "one two")
    press(view, KEY.Key_Z, CONTROL)
    assert text_of(view) == b"start one "
    press(view, KEY.Key_Z, CONTROL)
    assert text_of(view) == b"start "
    assert caret(view) == 6
    press(view, KEY.Key_Z, CONTROL | SHIFT)
    assert text_of(view) == b"start one "
    press(view, KEY.Key_Y, CONTROL)
    assert text_of(view) == b"start one two"
    press(view, KEY.Key_Z, CONTROL, times=9)
    assert text_of(view) == b"start "


# -- moving ------------------------------------------------------------------------------------------------

LINES = f"word one, two\r\ntab\tand {FAMILY}e\u0301x\n\nlast"


@pytest.mark.parametrize("forward", [True, False])
def test_arrows_step_over_characters_as_people_see_them(open_view: OpenView, forward: bool) -> None:
    text = f"ab{FAMILY}e\u0301\r\n漢🇩🇪"
    view = open_view(text)
    stops = ["", "a", "ab", f"ab{FAMILY}", f"ab{FAMILY}e\u0301", f"ab{FAMILY}e\u0301\r\n"]
    stops += [stops[-1] + "漢", text]
    places = [len(stop.encode()) for stop in stops]
    if not forward:
        press(view, KEY.Key_End, CONTROL)
        places.reverse()
    seen = [caret(view)]
    for _ in places[1:]:
        press(view, KEY.Key_Right if forward else KEY.Key_Left)
        seen.append(caret(view))
    assert seen == places
    press(view, KEY.Key_Right if forward else KEY.Key_Left)
    assert caret(view) == places[-1]


def test_moving_by_word(open_view: OpenView) -> None:
    text = "one  two, three\nfour"
    view = open_view(text)
    stops = []
    for _ in range(7):
        press(view, KEY.Key_Right, CONTROL)
        stops.append(caret(view))
    assert stops[:2] == [5, 8]
    assert text.index("three") in stops
    assert text.index("\n") in stops
    assert text.index("four") in stops
    assert stops[-1] == len(text)
    for _ in range(9):
        press(view, KEY.Key_Left, CONTROL)
    assert caret(view) == 0


def test_up_and_down_keep_the_column(open_view: OpenView) -> None:
    view = open_view("0123456789\nab\n0123456789")
    view.select(7, 7)
    press(view, KEY.Key_Down)
    assert caret(view) == 13
    press(view, KEY.Key_Down)
    assert caret(view) == 14 + 7
    press(view, KEY.Key_Up, times=2)
    assert caret(view) == 7
    press(view, KEY.Key_Up)
    assert caret(view) == 0
    press(view, KEY.Key_Down, times=5)
    assert caret(view) == len(text_of(view))


def test_home_and_end_are_of_the_row_and_with_control_of_the_text(open_view: OpenView) -> None:
    words = "word " * 60
    view = open_view(words + "\nend")
    columns = view.text_viewport.layout.columns
    assert columns
    press(view, KEY.Key_End)
    first_row_end = caret(view)
    assert columns - 6 < first_row_end <= columns + 1
    box = view.caret_rectangle()
    assert box is not None and box.top() < view.row_height  # at the end of the first row, not on the second
    press(view, KEY.Key_Right)
    press(view, KEY.Key_Home)
    assert caret(view) == first_row_end
    second = view.caret_rectangle()
    assert second is not None and second.top() > view.row_height and second.left() < 20
    press(view, KEY.Key_End, CONTROL)
    assert caret(view) == len(text_of(view))
    press(view, KEY.Key_Home, CONTROL)
    assert caret(view) == 0


def test_pages(open_view: OpenView) -> None:
    view = open_view("\n".join(f"line {number}" for number in range(300)))
    page = view.viewport().height() // view.row_height
    press(view, KEY.Key_PageDown)
    line = view.buffer.lines.line_of(caret(view))
    assert page - 2 <= line <= page
    press(view, KEY.Key_PageDown, times=40)
    assert caret(view) == len(text_of(view))
    assert view.visible_bytes()[1] == len(text_of(view))
    press(view, KEY.Key_PageUp, times=50)
    assert caret(view) == 0
    assert view.visible_bytes()[0] == 0


@pytest.mark.parametrize(
    ("key", "modifiers", "text"),
    [
        (KEY.Key_Right, NONE, "t"),
        (KEY.Key_Left, NONE, " "),
        (KEY.Key_Right, CONTROL, "two "),
        (KEY.Key_Left, CONTROL, "one "),
        (KEY.Key_Home, NONE, "one "),
        (KEY.Key_End, NONE, "two three"),
        (KEY.Key_Home, CONTROL, "first\none "),
        (KEY.Key_End, CONTROL, "two three\nlast"),
        (KEY.Key_Down, NONE, "two three\nlast"),
        (KEY.Key_Up, NONE, "t\none "),
        (KEY.Key_PageDown, NONE, "two three\nlast"),
        (KEY.Key_PageUp, NONE, "first\none "),
    ],
)
def test_with_shift_every_movement_selects(
    open_view: OpenView, key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str
) -> None:
    view = open_view("first\none two three\nlast")
    at(view, "two")
    heard: list[tuple[int, int]] = []
    view.selection_changed.connect(lambda start, end: heard.append((start, end)))
    press(view, key, modifiers | SHIFT)
    assert selected(view) == text
    assert heard[-1] == view.state.selection


def test_an_arrow_leaves_a_selection_at_its_edge(open_view: OpenView) -> None:
    view = open_view("one two three")
    view.select(4, 7)
    press(view, KEY.Key_Left)
    assert (caret(view), view.state.has_selection) == (4, False)
    view.select(4, 7)
    press(view, KEY.Key_Right)
    assert (caret(view), view.state.has_selection) == (7, False)


def test_select_all(open_view: OpenView) -> None:
    view = open_view(LINES)
    press(view, KEY.Key_A, CONTROL)
    assert selected(view) == LINES


def test_the_caret_moves_as_the_eye_goes_through_both_directions(open_view: OpenView) -> None:
    view = open_view("ab שלום cd")
    lefts = []
    for _ in range(11):
        box = view.caret_rectangle()
        assert box is not None
        lefts.append(box.left())
        press(view, KEY.Key_Right)
    assert lefts == sorted(lefts)
    assert caret(view) == len(text_of(view))


def test_left_is_forward_in_a_line_from_right_to_left(open_view: OpenView) -> None:
    view = open_view("שלום עולם")
    press(view, KEY.Key_Left)
    assert caret(view) == 2
    press(view, KEY.Key_Right)
    assert caret(view) == 0
    press(view, KEY.Key_Left, CONTROL)
    assert caret(view) == text_of(view).index("עולם".encode())


def test_the_caret_stays_in_sight(open_view: OpenView) -> None:
    view = open_view("\n".join(f"line {number}" for number in range(500)))
    press(view, KEY.Key_Down, times=60)
    assert view.caret_rectangle() is not None
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert view.caret_rectangle() is None
    type_text(view, "x")
    assert view.caret_rectangle() is not None
    assert view.buffer.lines.line_of(caret(view)) == 60


# -- the rest ----------------------------------------------------------------------------------------------


def test_zoom_by_key(open_view: OpenView) -> None:
    view = open_view("text")
    heard: list[int] = []
    view.zoom_changed.connect(heard.append)
    height = view.row_height
    press(view, KEY.Key_Plus, CONTROL)
    press(view, KEY.Key_Equal, CONTROL)
    assert view.row_height > height
    press(view, KEY.Key_Minus, CONTROL, times=3)
    assert view.row_height < height
    press(view, KEY.Key_0, CONTROL)
    assert view.row_height == height
    assert heard == [1, 2, 1, 0, -1, 0]
    press(view, KEY.Key_Plus, CONTROL | SHIFT)
    assert view.zoom == 1, "where + is above ="


def test_control_arrows_scroll_and_leave_the_caret(open_view: OpenView) -> None:
    view = open_view("\n" * 200)
    press(view, KEY.Key_Down, CONTROL, times=3)
    assert view.scroll_state()[:2] == (3, 0)
    assert caret(view) == 0
    press(view, KEY.Key_Up, CONTROL)
    assert view.scroll_state()[:2] == (2, 0)


def test_a_read_only_view_moves_copies_and_changes_nothing(open_view: OpenView) -> None:
    view = open_view("read only")
    view.set_read_only("Because.")
    type_text(view, "x")
    for key in (KEY.Key_Backspace, KEY.Key_Delete, KEY.Key_Return):
        press(view, key)
    for key in (KEY.Key_X, KEY.Key_V, KEY.Key_Z):
        press(view, key, CONTROL)
    assert text_of(view) == b"read only"
    press(view, KEY.Key_Right, CONTROL)
    assert caret(view) == 5
    view.set_read_only("")
    type_text(view, "x")
    assert text_of(view) == b"read xonly"


def test_a_text_above_the_limit_is_read_only_and_says_why(
    open_view: OpenView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.ui.editor.input.editor_state.EDITABLE_LIMIT", 1 << 20)
    view = open_view("small")
    reasons: list[str] = []
    view.read_only_changed.connect(reasons.append)
    view.buffer.load(b"x" * ((1 << 20) + 1))
    assert "1 MB" in view.state.read_only_reason
    assert view.state.read_only
    view.buffer.load(b"small again")
    assert reasons[-1] == ""
    assert not view.state.read_only


def test_tab_types_and_control_tab_leaves_the_view(theme: Theme, qtbot: QtBot) -> None:
    view, window = TokenView(TextBuffer(b"text"), theme), QWidget()
    qtbot.addWidget(window)
    before, after = QLineEdit(), QLineEdit()
    row = QHBoxLayout(window)
    for widget in (before, view, after):
        row.addWidget(widget)
    window.show()
    window.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    press(view, KEY.Key_Tab)
    assert text_of(view) == b"\ttext" and view.hasFocus()
    press(view, KEY.Key_Backtab, SHIFT)
    assert text_of(view) == b"text" and view.hasFocus()
    press(view, KEY.Key_Tab, CONTROL)
    assert after.hasFocus()
    view.setFocus()
    press(view, KEY.Key_Backtab, CONTROL | SHIFT)
    assert before.hasFocus()
    view.set_read_only("Where nothing is typed, Tab leaves.")
    view.setFocus()
    press(view, KEY.Key_Tab)
    assert after.hasFocus() and text_of(view) == b"text"
    QTest.keyClick(after, KEY.Key_Backtab, SHIFT)
    assert view.hasFocus()


def test_alt_is_for_the_menus(open_view: OpenView) -> None:
    view = open_view("text")
    for kind in (QKeyEvent.Type.ShortcutOverride, QKeyEvent.Type.KeyPress):
        event = QKeyEvent(kind, KEY.Key_Z, ALT, "z")
        event.ignore()
        QApplication.sendEvent(view, event)
        assert event.isAccepted() == (sys.platform == "darwin")
    assert text_of(view) == (b"ztext" if sys.platform == "darwin" else b"text")


def test_the_views_keys_come_before_the_windows_shortcuts(open_view: OpenView) -> None:
    view = open_view("text")
    override = QKeyEvent(QKeyEvent.Type.ShortcutOverride, KEY.Key_Z, CONTROL)
    override.ignore()
    QApplication.sendEvent(view, override)
    assert override.isAccepted()  # so that the window's shortcut does not take the key
    assert view.text_viewport.caret_at(QPointF(0, 0)).offset == 0
