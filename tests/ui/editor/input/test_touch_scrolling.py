"""A finger on a touch screen scrolls the text."""

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScroller
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView

CODE = "".join(f"line {number} of a text\n" for number in range(2000)).encode()


def test_a_finger_scrolls_and_selects_nothing(open_view: OpenView, qtbot: QtBot) -> None:
    view = open_view(CODE)
    device, viewport = QTest.createTouchDevice(), view.viewport()
    scroller = QScroller.scroller(viewport)
    finger = QPoint(100, 250)
    QTest.touchEvent(viewport, device).press(0, finger, viewport)
    for _ in range(12):
        QTest.qWait(10)
        finger -= QPoint(0, 15)
        QTest.touchEvent(viewport, device).move(0, finger, viewport)
    dragged = view.visible_bytes()[0]
    assert scroller.state() is QScroller.State.Dragging and dragged > 0
    QTest.touchEvent(viewport, device).release(0, finger, viewport)
    qtbot.waitUntil(lambda: scroller.state() is QScroller.State.Inactive, timeout=60_000)
    assert view.visible_bytes()[0] >= dragged  # how far depends on how fast the finger was
    assert not view.state.has_selection
