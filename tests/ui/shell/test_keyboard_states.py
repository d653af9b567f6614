"""Tab alone also leads through what opens on a page (bars, a card, banners, lists), and Esc out of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conversation.conftest import session_rows, write_rows
from tests.ui.shell.test_keyboard_walk import BY_ARROWS, show_text
from tests.ui.shell.walks import assert_back_is_the_same_way, assert_reading_order, missed_by, unseen, walk
from tests.ui.shell.windows import choose
from tokviz.composition import Application
from tokviz.ui.common.banner import Banner
from tokviz.ui.models.card import ModelCard
from tokviz.ui.text.panels.find_bar import FindBar
from tokviz.ui.text.panels.goto_bar import GoToBar


@pytest.fixture
def application(application: Application) -> Iterator[Application]:
    """In the next test no card and no banner is there."""
    yield application
    application.panel.close_card()
    application.window.banner.clear()


def part(application: Application, kind: type[QWidget]) -> QWidget:
    (found,) = [one for one in application.window.findChildren(kind) if one.isVisible()]
    return found


def find_bar(application: Application, qtbot: QtBot, folder: Path) -> QWidget:
    show_text(application, qtbot, folder)
    choose(application, "Replace…")()
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "world")
    return part(application, FindBar)


def goto_bar(application: Application, qtbot: QtBot, folder: Path) -> QWidget:
    show_text(application, qtbot, folder)
    choose(application, "Go To Line or Token…")()
    return part(application, GoToBar)


def card(application: Application, qtbot: QtBot, folder: Path) -> QWidget:
    show_text(application, qtbot, folder)
    application.panel.choose("gpt-4o")
    application.panel.open_card()
    return part(application, ModelCard)


def banner(application: Application, qtbot: QtBot, folder: Path) -> QWidget:
    show_text(application, qtbot, folder)
    application.window.banner.show_offer("It was changed on the disk.", "Read Again", lambda: None)
    return part(application, Banner)


OPENED: dict[str, Callable[[Application, QtBot, Path], QWidget]] = {
    "find and replace": find_bar,
    "go to": goto_bar,
    "card": card,
    "banner": banner,
}


def sessions(application: Application, qtbot: QtBot, folder: Path) -> None:
    (folder / "sessions").mkdir()
    for name in ("a", "b"):
        write_rows(folder / "sessions" / f"{name}.jsonl", session_rows())
    application.window.show_page(application.conversation)
    application.conversation.open_folder(folder / "sessions")
    qtbot.waitUntil(lambda: application.conversation.list.isVisible())


def prompt(application: Application, qtbot: QtBot, folder: Path) -> None:
    application.window.show_page(application.conversation)
    application.conversation.building.begin()
    qtbot.waitUntil(application.conversation.building.view.isVisible)


@pytest.mark.parametrize("name", OPENED)
def test_tab_leads_through_what_opens_and_esc_out_of_it(
    name: str, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    opened = OPENED[name](application, qtbot, tmp_path)
    walk_through(application)
    inside = [one for one in walk(application.window, forward=True) if opened.isAncestorOf(one)]
    assert inside
    for one in inside:
        opened = OPENED[name](application, qtbot, tmp_path) if not opened.isVisible() else opened
        one.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(one, Qt.Key.Key_Escape)
        assert not opened.isVisible(), f"Esc closes it from {one.accessibleName()}"
        assert QApplication.focusWidget() is not None, "the keys go somewhere"


@pytest.mark.parametrize("show", [sessions, prompt])
def test_tab_leads_through_the_lists_and_the_prompt_of_conversations(
    show: Callable[[Application, QtBot, Path], None], application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    show(application, qtbot, tmp_path)
    walk_through(application)


def walk_through(application: Application) -> None:
    window, panel = application.window, application.panel
    reached = walk(window, forward=True)
    assert missed_by(reached, window) - {*BY_ARROWS} == set()
    order = [one for one in reached if not panel.isAncestorOf(one)]
    begins = next(at for at, one in enumerate(order) if one.accessibleName() == "Pages")
    assert_reading_order(order[begins:] + order[:begins], window)
    assert_back_is_the_same_way(reached, window)
    assert (blind := unseen(reached, window)) == [], "; ".join(blind)


def test_tab_leads_from_what_to_find_to_what_to_replace_it_with(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    find_bar(application, qtbot, tmp_path)
    field = QApplication.focusWidget()
    assert field is not None and field.accessibleName() == "Find"
    QTest.keyClick(field, Qt.Key.Key_Tab)
    replacing = QApplication.focusWidget()
    assert replacing is not None and replacing.accessibleName() == "Replace with"
