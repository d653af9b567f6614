"""Copied text is the text's bytes; pasted text is taken as it is."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest

from tests.ui.conftest import OpenView, text_of
from tokviz.ui.editor.input.clipboard import TextMime
from tokviz.ui.editor.input.clipboard import text_of as text_of_mime

CONTROL = Qt.KeyboardModifier.ControlModifier
ODD = "\ufeffa\r\nb\rc\nd\u00a0e\u2028f\u2029g\u0000h\u200bi\x1b\x85j\ufffc😀\t\ufffd"
"""What Qt's own editors alter: BOM, CRLF, CR, NBSP, U+2028, U+2029, NUL, controls, U+FFFC."""


def test_copying_and_pasting_keeps_every_byte(open_view: OpenView) -> None:
    view = open_view(ODD)
    QTest.keyClick(view, Qt.Key.Key_A, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    other = open_view()
    QTest.keyClick(other, Qt.Key.Key_V, CONTROL)
    assert text_of(other) == ODD.encode()
    assert text_of(view) == ODD.encode()


def test_other_programs_are_offered_the_same_bytes() -> None:
    """What Qt hands on to the platform: as a string, and as UTF-8."""
    mime = TextMime(ODD.encode())
    assert mime.hasText()
    assert mime.text() == ODD
    for form in ("text/plain;charset=utf-8", "text/plain"):
        assert mime.hasFormat(form)
        assert bytes(mime.data(form).data()) == ODD.encode()
    assert not mime.hasFormat("text/html")


def test_text_of_other_programs_is_pasted_as_it_is(open_view: OpenView) -> None:
    mime = QMimeData()
    mime.setData("text/plain;charset=utf-8", ODD.encode())
    assert text_of_mime(mime) == ODD.encode()
    QGuiApplication.clipboard().setMimeData(mime)
    view = open_view("[]")
    view.select(1, 1)
    QTest.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert text_of(view) == f"[{ODD}]".encode()
    QTest.keyClick(view, Qt.Key.Key_Z, CONTROL)
    assert text_of(view) == b"[]"


def test_bytes_that_are_not_utf8_are_taken_through_the_string() -> None:
    mime = QMimeData()
    mime.setData("text/plain;charset=utf-8", b"caf\xe9")
    assert text_of_mime(mime) == "caf\ufffd".encode()


def test_cutting(open_view: OpenView) -> None:
    view = open_view("one two")
    view.select(0, 4)
    QTest.keyClick(view, Qt.Key.Key_X, CONTROL)
    assert text_of(view) == b"two"
    assert QGuiApplication.clipboard().text() == "one "
    QTest.keyClick(view, Qt.Key.Key_X, CONTROL)  # nothing selected: the clipboard stays
    assert QGuiApplication.clipboard().text() == "one "
    QTest.keyClick(view, Qt.Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier)
    assert text_of(view) == b"one two"


def test_whitespace_signs_never_get_into_copied_text(open_view: OpenView) -> None:
    view = open_view("a b\tc\n")
    view.set_options(replace(view.options, whitespace=True))
    view.grab()
    view.commands.run("select_all")
    view.commands.run("copy")
    assert QGuiApplication.clipboard().text() == "a b\tc\n"


def test_a_clipboard_without_text_pastes_nothing(open_view: OpenView) -> None:
    view = open_view("text")
    QGuiApplication.clipboard().setMimeData(QMimeData())
    QTest.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert text_of(view) == b"text"


class SelectionClipboard:
    """A clipboard as X11 has it, with the selection beside it."""

    Mode = QClipboard.Mode

    def __init__(self) -> None:
        self.held: dict[QClipboard.Mode, QMimeData] = {}

    def supportsSelection(self) -> bool:
        return True

    def setMimeData(self, mime: QMimeData, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        self.held[mode] = mime

    def mimeData(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> QMimeData | None:
        return self.held.get(mode)


def test_the_selection_is_offered_and_a_middle_click_pastes_it(
    open_view: OpenView, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipboard = SelectionClipboard()
    monkeypatch.setattr(QGuiApplication, "clipboard", lambda: clipboard)
    view = open_view("one two")
    view.select(0, 3)
    assert not clipboard.held
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    offered = clipboard.mimeData(QClipboard.Mode.Selection)
    assert text_of_mime(offered) == b"one "
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier,
        view.viewport().rect().topRight(),
    )  # fmt: skip
    assert text_of(view) == b"one twoone "
    assert QClipboard.Mode.Clipboard not in clipboard.held


def test_a_text_in_parts_is_joined_when_somebody_asks() -> None:
    mime = TextMime(b"one ", "zwei ✓".encode(), b"")
    assert text_of_mime(mime) == "one zwei ✓".encode()
    assert mime.text() == "one zwei ✓"
    assert bytes(mime.data("text/plain").data()) == "one zwei ✓".encode()
    assert text_of_mime(TextMime()) == b""
