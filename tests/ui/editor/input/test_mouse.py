"""What the mouse does, by real mouse events."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView, text_of
from tests.ui.token_source import FixedTokens
from tokviz.ui.editor.input.clipboard import TextMime
from tokviz.ui.editor.layout.row_navigator import Caret
from tokviz.ui.editor.painting.visible_rows import FoundToken
from tokviz.ui.editor.token_view import TokenView

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MOVE = Qt.DropAction.MoveAction
COPY = Qt.DropAction.CopyAction


def point_at(view: TokenView, offset: int, right: int = 0) -> QPoint:
    """The middle of the row at the left edge of the character at ``offset``, ``right`` pixels further."""
    anchor, before = view.state.anchor, view.state.caret
    view.editor.place(Caret(offset))
    box = view.caret_rectangle()
    view.editor.place(Caret(anchor))
    view.editor.place(before, extend=True)
    assert box is not None
    return box.center().toPoint() + QPoint(right, 0)


def drag(view: TokenView, start: QPoint, end: QPoint, release: bool = True) -> None:
    viewport = view.viewport()
    QTest.mousePress(viewport, LEFT, NONE, start)
    for step in range(1, 5):
        at = QPointF(start + (end - start) * step / 4)
        event = QMouseEvent(
            QEvent.Type.MouseMove, at, viewport.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, NONE
        )
        QApplication.sendEvent(viewport, event)
    if release:
        QTest.mouseRelease(viewport, LEFT, NONE, end)


def selected(view: TokenView) -> bytes:
    return view.buffer.slice(*view.state.selection)


def test_a_click_places_the_caret_at_the_nearest_gap(open_view: OpenView) -> None:
    view = open_view("0123456789\nab\n漢字")
    QTest.mouseClick(view.viewport(), LEFT, NONE, point_at(view, 4, right=2))
    assert view.state.caret.offset == 4
    QTest.mouseClick(view.viewport(), LEFT, NONE, point_at(view, 4, right=7))
    assert view.state.caret.offset == 5
    QTest.mouseClick(view.viewport(), LEFT, NONE, point_at(view, 11) + QPoint(300, 0))
    assert view.state.caret.offset == 13
    QTest.mouseClick(view.viewport(), LEFT, NONE, point_at(view, 17, right=1))
    assert view.state.caret.offset == 17
    QTest.mouseClick(view.viewport(), LEFT, NONE, QPoint(5, 380))
    assert view.state.caret.offset == 14


def test_a_click_beyond_a_wrapped_row_stays_on_it(open_view: OpenView) -> None:
    view = open_view("word " * 60)
    y = view.row_height // 2
    QTest.mouseClick(view.viewport(), LEFT, NONE, QPoint(view.viewport().width() - 1, y))
    box = view.caret_rectangle()
    assert box is not None and box.top() < view.row_height


def test_dragging_selects(open_view: OpenView) -> None:
    view = open_view("0123456789\nabcdef")
    drag(view, point_at(view, 3), point_at(view, 14))
    assert selected(view) == b"3456789\nabc"
    assert view.state.caret.offset == 14
    drag(view, point_at(view, 15), point_at(view, 12))
    assert selected(view) == b"bcd"
    assert view.state.caret.offset == 12


def test_shift_click_extends(open_view: OpenView) -> None:
    view = open_view("0123456789")
    QTest.mouseClick(view.viewport(), LEFT, NONE, point_at(view, 3))
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, point_at(view, 7))
    assert selected(view) == b"3456"
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, point_at(view, 1))
    assert selected(view) == b"12"


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ("one two, three", 5, "two"),
        ("one two, three", 7, ","),
        ("one   two", 4, "   "),
        ("naïve façade", 2, "naïve"),
        ("snake_case it", 3, "snake_case"),
        ("שלום עולם", 11, "עולם"),
        ("end", 2, "end"),
    ],
)
def test_a_double_click_selects_a_word(open_view: OpenView, text: str, offset: int, word: str) -> None:
    view = open_view(text)
    at = point_at(view, offset, right=-3 if text.startswith("ש") else 3)
    QTest.mouseClick(view.viewport(), LEFT, NONE, at)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, at)
    assert selected(view).decode() == word


def test_a_triple_click_selects_the_line_and_dragging_on_more_of_them(open_view: OpenView) -> None:
    view = open_view("one\r\ntwo words\r\nthree\nfour")
    at = point_at(view, 6)
    QTest.mouseClick(view.viewport(), LEFT, NONE, at)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, at)
    QTest.mousePress(view.viewport(), LEFT, NONE, at)
    assert selected(view) == b"two words\r\n"
    below = QPointF(at + QPoint(0, view.row_height))
    move = QMouseEvent(
        QEvent.Type.MouseMove, below, view.viewport().mapToGlobal(below), Qt.MouseButton.NoButton, LEFT, NONE
    )
    QApplication.sendEvent(view.viewport(), move)
    assert selected(view) == b"two words\r\nthree\n"
    QTest.mouseRelease(view.viewport(), LEFT, NONE, below.toPoint())


def test_dragging_after_a_double_click_selects_whole_words(open_view: OpenView) -> None:
    view = open_view("one two three four")
    at = point_at(view, 5)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, at)
    QTest.mousePress(view.viewport(), LEFT, NONE, at)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, at)
    view.editor.place(Caret(0))
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, at)
    far = QPointF(point_at(view, 10))
    move = QMouseEvent(
        QEvent.Type.MouseMove, far, view.viewport().mapToGlobal(far), Qt.MouseButton.NoButton, LEFT, NONE
    )
    view.editor.select(4, 7)
    QApplication.sendEvent(view.viewport(), move)
    assert selected(view) == b"two three"


def test_dragging_out_of_the_view_scrolls_on(open_view: OpenView, qtbot: QtBot) -> None:
    view = open_view("\n".join(f"line {number}" for number in range(400)))
    drag(view, point_at(view, 3), QPoint(20, 460), release=False)
    qtbot.waitUntil(lambda: view.state.selection[1] > 1500, timeout=60_000)
    assert view.scroll_state()[0] > 0
    QTest.mouseRelease(view.viewport(), LEFT, NONE, QPoint(20, 460))
    top = view.scroll_state()
    QTest.qWait(100)
    assert view.scroll_state() == top


def test_a_click_into_a_selection_drops_it_on_release(open_view: OpenView) -> None:
    view = open_view("0123456789")
    view.select(2, 8)
    QTest.mousePress(view.viewport(), LEFT, NONE, point_at(view, 5))
    assert selected(view) == b"234567"
    QTest.mouseRelease(view.viewport(), LEFT, NONE, point_at(view, 5))
    assert not view.state.has_selection
    assert view.state.caret.offset == 5


# -- drag and drop -----------------------------------------------------------------------------------------


def drop(view: TokenView, mime: QMimeData, at: QPoint, action: Qt.DropAction = COPY) -> bool:
    """Hold ``mime`` over the view and let it fall; whether it was taken."""
    viewport, buttons = view.viewport(), Qt.MouseButton.LeftButton
    QApplication.sendEvent(viewport, QDragEnterEvent(at, COPY | MOVE, mime, buttons, NONE))
    moving = QDragMoveEvent(at, COPY | MOVE, mime, buttons, NONE)
    QApplication.sendEvent(viewport, moving)
    event = QDropEvent(QPointF(at), COPY | MOVE, mime, buttons, NONE)
    event.setDropAction(action)
    event.ignore()
    QApplication.sendEvent(viewport, event)
    return event.isAccepted()


def test_text_dropped_from_elsewhere_is_inserted_and_selected(open_view: OpenView) -> None:
    view = open_view("0123")
    mime = QMimeData()
    mime.setText("a\r\nb")
    assert drop(view, mime, point_at(view, 2))
    assert text_of(view) == b"01a\r\nb23"
    assert selected(view) == b"a\r\nb"
    view.commands.run("undo")
    assert text_of(view) == b"0123"


@pytest.mark.parametrize(
    ("selection", "at", "text"),
    [((0, 3), 6, b"345012678"), ((6, 9), 3, b"012678345"), ((2, 5), 3, b"012345678")],
)
def test_a_selection_is_moved_in_one_step(
    open_view: OpenView, selection: tuple[int, int], at: int, text: bytes
) -> None:
    view = open_view("012345678")
    view.select(*selection)
    data = selected(view)
    view.editor.drop(data, at, selection)
    assert text_of(view) == text
    assert selected(view) == data
    if text != b"012345678":
        view.commands.run("undo")
        assert text_of(view) == b"012345678"
        assert not view.history.can_undo


def test_dragging_a_selection_offers_it(open_view: OpenView, monkeypatch: pytest.MonkeyPatch) -> None:
    view = open_view("0123456789")
    view.select(2, 5)
    offered: list[tuple[bytes, Qt.DropAction]] = []

    def execute(drag: object, actions: Qt.DropAction, default: Qt.DropAction) -> Qt.DropAction:
        mime = drag.mimeData()  # type: ignore[attr-defined]
        offered.append((bytes(mime.utf8), default))
        return MOVE

    monkeypatch.setattr("tokviz.ui.editor.input.mouse.QDrag.exec", execute)
    drag_from = point_at(view, 3)
    drag(view, drag_from, drag_from + QPoint(60, 0))
    assert offered == [(b"234", MOVE)]
    assert text_of(view) == b"0156789"  # it went to another program, which took it


@pytest.mark.parametrize("action", [MOVE, COPY], ids=["move", "copy"])
@pytest.mark.parametrize(
    ("selection", "at", "moved", "copied"),
    [
        ((0, 3), 6, b"345012678", b"012345012678"),
        ((6, 9), 3, b"012678345", b"012678345678"),
        ((2, 5), 3, b"012345678", b"012234345678"),
    ],
)
@pytest.mark.parametrize("same", [True, False], ids=["within a view", "between views of one text"])
def test_a_drag_within_one_text_is_one_edit(
    open_view: OpenView,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    same: bool,
    selection: tuple[int, int],
    at: int,
    moved: bytes,
    copied: bytes,
    action: Qt.DropAction,
) -> None:
    view = open_view("012345678")
    other = view if same else TokenView(view.buffer, view.theme, view.history)
    if not same:
        qtbot.addWidget(other)
        other.resize(view.size())
        other.show()
    view.select(*selection)
    grabbed, target = point_at(view, selection[0] + 1), point_at(other, at)
    view.select(*selection)
    data = selected(view)

    def execute(drag: object, actions: Qt.DropAction, default: Qt.DropAction) -> Qt.DropAction:
        mime = drag.mimeData()  # type: ignore[attr-defined]
        QApplication.sendEvent(other.viewport(), QDragEnterEvent(target, actions, mime, LEFT, NONE))
        event = QDropEvent(QPointF(target), actions, mime, LEFT, NONE)
        event.setDropAction(action)
        QApplication.sendEvent(other.viewport(), event)
        return event.dropAction()

    monkeypatch.setattr("tokviz.ui.editor.input.mouse.QDrag.exec", execute)
    drag(view, grabbed, grabbed + QPoint(60, 0))
    expected = moved if action == MOVE else copied
    assert text_of(view) == expected
    assert selected(other) == data
    if expected != b"012345678":
        other.commands.run("undo")
        assert text_of(view) == b"012345678"
        assert not view.history.can_undo


def test_files_are_handed_up_and_not_inserted(open_view: OpenView) -> None:
    view = open_view("text")
    heard: list[list[str]] = []
    view.files_dropped.connect(heard.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/some/file.txt"), QUrl.fromLocalFile("/a/folder")])
    assert drop(view, mime, QPoint(10, 10))
    assert heard == [["/some/file.txt", "/a/folder"]]
    assert text_of(view) == b"text"


def test_a_read_only_view_takes_no_text(open_view: OpenView) -> None:
    view = open_view("text")
    view.set_read_only("Because.")
    assert not drop(view, TextMime(b"more"), QPoint(10, 10))
    assert text_of(view) == b"text"


# -- the wheel ---------------------------------------------------------------------------------------------


def wheel(
    view: TokenView,
    pixels: QPoint,
    angle: QPoint,
    modifiers: Qt.KeyboardModifier = NONE,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
) -> None:
    at = QPointF(50, 50)
    event = QWheelEvent(
        at, view.viewport().mapToGlobal(at), pixels, angle, Qt.MouseButton.NoButton, modifiers,
        phase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def test_the_wheel_scrolls_by_pixels_where_it_can(open_view: OpenView) -> None:
    view = open_view("line\n" * 300)
    wheel(view, QPoint(0, -37), QPoint(0, -120))
    top, pixel, _ = view.scroll_state()
    assert top // 5 * view.row_height + pixel == 37
    wheel(view, QPoint(0, 30), QPoint(0, 120))
    assert view.scroll_state() == (0, 7, 0)
    wheel(view, QPoint(), QPoint(0, -120))
    top, pixel, _ = view.scroll_state()
    assert top // 5 * view.row_height + pixel == 7 + 3 * view.row_height
    wheel(view, QPoint(), QPoint(0, 1200))
    assert view.scroll_state() == (0, 0, 0)


def test_less_than_a_pixel_from_a_touch_pad_is_no_turn_of_a_wheel(open_view: OpenView) -> None:
    """On Wayland a finger that goes slowly gives these: the pixels are rounded, the angle is not."""
    view = open_view("line\n" * 300)
    update = Qt.ScrollPhase.ScrollUpdate
    wheel(view, QPoint(), QPoint(), phase=Qt.ScrollPhase.ScrollBegin)
    for pixels in (-1, 0, -1, -1, 0):
        wheel(view, QPoint(0, pixels), QPoint(0, -8), phase=update)
    wheel(view, QPoint(), QPoint(), phase=Qt.ScrollPhase.ScrollEnd)
    assert view.scroll_state() == (0, 3, 0)


def test_control_and_wheel_zoom(open_view: OpenView) -> None:
    view = open_view("text")
    wheel(view, QPoint(), QPoint(0, 60), Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 0
    wheel(view, QPoint(), QPoint(0, 60), Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 1
    wheel(view, QPoint(), QPoint(0, -240), Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == -1


# -- tokens under the mouse --------------------------------------------------------------------------------


def hover(view: TokenView, at: QPoint) -> None:
    point = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        point,
        view.viewport().mapToGlobal(point),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        NONE,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_hovering_and_clicking_tell_the_token(open_view: OpenView) -> None:
    view = open_view("abcdefghi\n漢", tokens=FixedTokens([3, 6, 10, 11, 13]))
    hovered: list[tuple[int, int, int]] = []
    clicked: list[tuple[int, int, int]] = []
    view.token_hovered.connect(lambda *token: hovered.append(token))
    view.token_clicked.connect(lambda *token: clicked.append(token))
    for offset in (1, 2, 4):
        hover(view, point_at(view, offset, right=3))
    assert hovered == [(0, 0, 3), (1, 3, 6)]
    hover(view, point_at(view, 9, right=3))  # the line break
    assert hovered[-1] == (2, 6, 10)
    box = view.text_viewport.box_of(10, 13)
    assert box is not None
    for share in (1 / 6, 2 / 3):  # of a character as wide as the font at hand has it
        hover(view, QPoint(round(box.left() + share * box.width()), box.center().y()))
    assert hovered[-2:] == [(3, 10, 11), (4, 11, 13)]  # within one character, by its bytes
    hover(view, QPoint(300, 300))
    assert hovered[-1] == (-1, -1, -1)
    QTest.mouseClick(view.viewport(), LEFT, NONE, point_at(view, 4, right=3))
    assert clicked == [(1, 3, 6)]
    drag(view, point_at(view, 1), point_at(view, 5))
    assert len(clicked) == 1


def test_hovering_outside_ends(open_view: OpenView) -> None:
    view = open_view("abcdef", tokens=FixedTokens([3, 6]))
    hovered: list[tuple[int, int, int]] = []
    view.token_hovered.connect(lambda *token: hovered.append(token))
    hover(view, point_at(view, 1, right=3))
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert hovered == [(0, 0, 3), (-1, -1, -1)]


def test_alt_arrows_go_from_token_to_token(open_view: OpenView) -> None:
    view = open_view("abcdef" * 300, tokens=FixedTokens.every(2, 1800))
    clicked: list[tuple[int, int, int]] = []
    view.token_clicked.connect(lambda *token: clicked.append(token))
    alt = Qt.KeyboardModifier.AltModifier
    view.select(5, 5)
    QTest.keyClick(view, Qt.Key.Key_Right, alt)
    QTest.keyClick(view, Qt.Key.Key_Right, alt)
    QTest.keyClick(view, Qt.Key.Key_Left, alt)
    QTest.keyClick(view, Qt.Key.Key_Left, alt)
    assert clicked == [(2, 4, 6), (3, 6, 8), (2, 4, 6), (1, 2, 4)]


# -- the menu ----------------------------------------------------------------------------------------------


@pytest.fixture
def opened_menu(monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, bool]]:
    menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _: menus.append(menu))

    def entries() -> dict[str, bool]:
        found = menus[-1].actions()
        return {
            entry.text().replace("&", ""): entry.isEnabled() for entry in found if not entry.isSeparator()
        }

    return entries


def test_the_menu_offers_what_is_possible(
    open_view: OpenView, opened_menu: Callable[[], dict[str, bool]]
) -> None:
    QGuiApplication.clipboard().setText("clip")
    view = open_view("one two")

    def ask(at: QPoint) -> dict[str, bool]:
        where = view.viewport().mapToGlobal(at)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, where)
        QApplication.sendEvent(view.viewport(), event)
        return opened_menu()

    entries = ask(point_at(view, 5, right=2))
    assert view.state.caret.offset == 5
    assert entries == {
        "Undo": False, "Redo": False, "Cut": False, "Copy": False, "Paste": True, "Delete": False,
        "Select All": True,
    }  # fmt: skip
    view.select(0, 3)
    entries = ask(point_at(view, 1))
    assert view.state.selection == (0, 3)
    assert entries["Cut"] and entries["Copy"] and entries["Delete"]
    view.set_read_only("Because.")
    QTest.keyClick(view, Qt.Key.Key_Menu)
    entries = opened_menu()
    assert entries["Copy"] and not entries["Cut"] and not entries["Paste"]


def test_the_menu_at_the_caret_is_about_the_token_behind_it(
    open_view: OpenView, opened_menu: Callable[[], dict[str, bool]]
) -> None:
    view = open_view("abcdef", tokens=FixedTokens([3, 6]))
    told: list[FoundToken | None] = []
    view.context_menu.additions = lambda _, token: told.append(token)
    for offset in (4, 6):
        view.select(offset, offset)
        QTest.keyClick(view, Qt.Key.Key_Menu)
    spans = [token and (token.start, token.end) for token in told]
    assert spans == [(3, 6), None], "there is none at the text's end"
