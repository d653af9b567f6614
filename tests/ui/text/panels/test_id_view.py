"""The ids in the flow of the text, used by hand and by key."""

import time
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.hosts import Host, theme, whole
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.ui.text.panels.id_view import IdView

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
TEXT = b"one two three\nfour five\n\nsix seven eight nine ten\n" + b"line\n" * 200


class Told:
    """What a view has announced."""

    def __init__(self, view: IdView) -> None:
        self.selected: list[tuple[int, int]] = []
        self.clicked: list[tuple[int, int, int]] = []
        self.hovered: list[tuple[int, int, int]] = []
        self.copied: list[tuple[int, int]] = []
        view.tokens_selected.connect(lambda *place: self.selected.append(place))
        view.token_clicked.connect(lambda *place: self.clicked.append(place))
        view.token_hovered.connect(lambda *place: self.hovered.append(place))
        view.copy_asked.connect(lambda *place: self.copied.append(place))


def make(host: Host, qtbot: QtBot) -> tuple[IdView, Told]:
    view = IdView(host.shown, theme())
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()
    view.setFocus()
    return view, Told(view)


def place_of(view: IdView, index: int) -> QPoint:
    """Where a token in sight is drawn."""
    box = view.rectangle_of(index)
    assert box is not None, f"token {index} is not in sight"
    return box.center()


def test_clicks_and_drags_select_tokens(qtbot: QtBot) -> None:
    view, told = make(Host(TEXT), qtbot)
    QTest.mouseClick(view.viewport(), LEFT, pos=place_of(view, 1))
    assert told.selected[-1] == (3, 7)
    assert told.clicked == [(1, 3, 7)]
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, pos=place_of(view, 4))
    assert view.selected == (1, 5)
    QTest.mousePress(view.viewport(), LEFT, pos=place_of(view, 0))
    QTest.mouseMove(view.viewport(), place_of(view, 2))
    QTest.mouseRelease(view.viewport(), LEFT, pos=place_of(view, 2))
    assert view.selected == (0, 3)
    assert told.selected[-1] == (0, 13)


def test_dragging_beyond_the_edge_scrolls(qtbot: QtBot) -> None:
    view, _ = make(Host(TEXT), qtbot)
    QTest.mousePress(view.viewport(), LEFT, pos=place_of(view, 0))
    QTest.mouseMove(view.viewport(), QPoint(200, view.viewport().height() + 30))
    qtbot.waitUntil(lambda: (view.top_row or (0, 0))[0] > 20)
    QTest.mouseRelease(view.viewport(), LEFT, pos=QPoint(200, view.viewport().height() + 30))
    selected = view.selected
    assert selected is not None and selected[0] == 0 and selected[1] > 20


def test_the_mouse_tells_which_token_it_is_over(qtbot: QtBot) -> None:
    view, told = make(Host(TEXT), qtbot)
    QTest.mouseMove(view.viewport(), place_of(view, 2))
    assert told.hovered[-1] == (2, 7, 13)
    QTest.mouseMove(view.viewport(), QPoint(2, 2))
    assert told.hovered[-1] == (-1, -1, -1)


def test_keys_move_as_in_a_text(qtbot: QtBot) -> None:
    host = Host(TEXT)
    view, told = make(host, qtbot)
    last = (host.tokens.count or 0) - 1

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> int:
        QTest.keyClick(view, key, modifiers)
        return view.current

    assert press(Qt.Key.Key_Right) == 1
    assert press(Qt.Key.Key_Down) == 5
    assert press(Qt.Key.Key_Home) == 4
    assert press(Qt.Key.Key_Up) == 0
    assert press(Qt.Key.Key_End) == 3
    assert press(Qt.Key.Key_Left) == 2
    assert press(Qt.Key.Key_Right, SHIFT) == 3
    assert view.selected == (2, 4)
    assert press(Qt.Key.Key_PageDown) > 20
    assert press(Qt.Key.Key_End, CONTROL) == last
    assert (view.top_row or (0, 0))[0] > 0
    assert press(Qt.Key.Key_Home, CONTROL | SHIFT) == 0
    assert view.selected == (0, last + 1)
    press(Qt.Key.Key_A, CONTROL)
    assert told.selected[-1] == (0, len(TEXT))
    press(Qt.Key.Key_C, CONTROL)
    assert told.copied == [(0, last + 1)]
    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Return)
    assert told.clicked[-1] == (0, 0, 3)
    assert view.accessibleDescription() == f"id {int(host.tokens.ids()[0])}, index 0"


def test_the_texts_selection_is_followed_in_silence(qtbot: QtBot) -> None:
    view, told = make(Host(TEXT), qtbot)
    view.select_bytes(4, 9)
    assert view.selected == (1, 3)
    view.select_bytes(len(TEXT) - 3, len(TEXT) - 3)
    assert view.current == view.token_at(QPointF(place_of(view, view.current)))
    assert told.selected == []
    assert view.selected is None


def test_wheel_and_bar_scroll(qtbot: QtBot) -> None:
    view, _ = make(Host(TEXT), qtbot)

    def turn(steps: int) -> int:
        wheel(view, QPoint(), QPoint(0, 120 * steps), Qt.ScrollPhase.NoScrollPhase)
        return (view.top_row or (-1, -1))[0]

    lines = QApplication.styleHints().wheelScrollLines()
    assert turn(-1) > 0
    assert turn(1) == 0
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    bottom = (view.top_row or (0, 0))[0]
    assert bottom == bar.maximum()
    assert turn(-5) == bottom
    assert turn(1) < bottom
    assert lines > 0


def test_a_touch_pad_scrolls_by_as_many_rows_as_the_finger_goes(qtbot: QtBot) -> None:
    view, _ = make(Host(TEXT), qtbot)
    tops = []
    for way in (-1, 1):
        for number in range(100):
            pixels = 2 * way if number % 2 else 0  # the pixels are rounded, the angle is not
            wheel(view, QPoint(0, pixels), QPoint(0, 12 * way), Qt.ScrollPhase.ScrollUpdate)
            tops.append((view.top_row or (-1, -1))[0])
    assert tops[8] == 0
    assert 4 <= len(set(tops)) <= 8
    assert tops[-1] in sorted(set(tops))[:2]


def wheel(view: IdView, pixels: QPoint, angle: QPoint, phase: Qt.ScrollPhase) -> None:
    place = QPointF(50, 50)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        pixels,
        angle,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        phase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_it_follows_edits_and_tokenizers(qtbot: QtBot) -> None:
    host = Host(TEXT)
    view, _ = make(host, qtbot)
    QTest.keyClick(view, Qt.Key.Key_End, CONTROL)
    host.buffer.load(b"short")
    view.grab()
    qtbot.waitUntil(lambda: view.current == 0)
    host.owner.forget()
    qtbot.wait(80)
    assert view.top_row is None
    view.grab()
    QTest.keyClick(view, Qt.Key.Key_Down)
    host.owner.choose("r50k_base")
    qtbot.waitUntil(lambda: view.top_row == (0, 1))


def test_ten_million_tokens_are_there_at_once(qtbot: QtBot) -> None:
    host = Host(b"")
    view, _ = make(host, qtbot)
    line = b"a b c d e f g h i j\n"
    data = line * 500_000
    host.buffer.load(data)
    tokens = TokenMap(len(data), SafeSplitRule.never())
    if request := whole(tokens, data):
        tokens.deliver(request.key, np.full(len(data) // 2, 77, np.uint32), np.arange(2, len(data) + 1, 2))
    host.owner.map = tokens
    times = [time.thread_time()]

    def measure() -> None:
        view.grab()
        times.append(time.thread_time())

    host.owner.map_changed.emit(tokens)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 4_000_000)
    times[0] = time.thread_time()
    measure()
    view.verticalScrollBar().setValue(3_333_333)
    measure()
    assert view.top_row is not None and view.top_row.start == 3_333_330
    QTest.keyClick(view, Qt.Key.Key_A, CONTROL)
    measure()
    QTest.keyClick(view, Qt.Key.Key_End, CONTROL)
    measure()
    assert view.current == 4_999_999
    # Some 10 ms each here, for any number of tokens.
    assert max(after - before for before, after in pairwise(times)) < 0.2


@pytest.mark.parametrize("name", ["light", "dark"])
def test_tokens_have_their_colours(qtbot: QtBot, name: str) -> None:
    view, _ = make(Host(TEXT), qtbot)
    view.set_theme(theme(name))
    view.clearFocus()
    place = place_of(view, 1)
    image = view.viewport().grab().toImage()
    seen = {
        image.pixelColor(place.x() + dx, place.y() + dy).name() for dx in range(-4, 30) for dy in range(8)
    }
    assert theme(name).token_colors[1].name() in seen
