"""The caret blinks, and stays on while it moves."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tokviz.ui.editor.repainting import Blinking


@pytest.fixture
def quick(qapp: QApplication) -> Iterator[None]:
    hints = qapp.styleHints()
    before = hints.cursorFlashTime()
    hints.setCursorFlashTime(20)
    yield
    hints.setCursorFlashTime(before)


def turns(blinking: Blinking, count: int, qtbot: QtBot, moving: bool = False) -> list[bool]:
    """The first ``count`` states; of a caret that moves, the first one after each move."""
    seen: list[bool] = []
    found: list[bool] = []
    blinking.turned.connect(lambda: seen.append(blinking.on))
    while len(found) < count:
        before = len(seen)
        if moving:
            blinking.moved()
            assert blinking.on
        qtbot.waitUntil(lambda: len(seen) > before)  # noqa: B023
        # On a busy machine it may have turned again before that was noticed.
        found += seen[before : before + 1] if moving else seen[before:]
    blinking.turned.disconnect()
    return found[:count]


@pytest.mark.usefixtures("quick")
def test_it_goes_on_and_off_but_for_one_that_moves(qtbot: QtBot) -> None:
    blinking = Blinking()
    blinking.start()
    assert blinking.on
    assert turns(blinking, 4, qtbot) == [False, True, False, True]
    assert turns(blinking, 3, qtbot, moving=True) == [True, True, True]
    assert turns(blinking, 2, qtbot) == [False, True]
    blinking.stop()


def test_where_the_desktop_wants_no_blinking_it_stays_on(qapp: QApplication, qtbot: QtBot) -> None:
    hints = qapp.styleHints()
    before = hints.cursorFlashTime()
    hints.setCursorFlashTime(0)
    try:
        blinking = Blinking()
        blinking.start()
        with qtbot.assertNotEmitted(blinking.turned, wait=50):
            pass
        assert blinking.on
    finally:
        hints.setCursorFlashTime(before)
