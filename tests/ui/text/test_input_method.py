"""Input methods and dead keys: composing in place, committing, answering what they ask."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication

from tests.ui.text.conftest import OpenView, text_of
from tokviz.ui.text.token_view import TokenView

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
    view = open_view("ab")
    view.select(1, 1)
    plain, before = view.grab().toImage(), left(view)
    compose(view, "にほ")
    assert text_of(view) == b"ab"
    wide = left(view) - before
    assert wide > 20
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
    assert view.editor.caret.offset == 7
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
    assert view.editor.caret.offset == 8


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
