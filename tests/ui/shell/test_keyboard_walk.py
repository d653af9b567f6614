"""Tab alone leads through every page: to everything, once, in the order of reading, and is seen there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.ui.conversation.conftest import session_rows, write_rows
from tests.ui.shell.walks import (
    assert_back_is_the_same_way,
    assert_reading_order,
    missed_by,
    unseen,
    walk,
    words,
)
from tokviz.composition import Application
from tokviz.ui.tokens.document import Origin

BY_ARROWS = ("Tree", "Map")
"""One of a group, of which Tab reaches the one that is chosen, and arrow keys the others."""


def show_text(application: Application, qtbot: QtBot, _: Path) -> None:
    application.window.show_page(application.text)
    application.text.document.show(b"Hello world of tokens\n" * 30, Origin())
    qtbot.waitUntil(lambda: application.text.tokenizing.is_settled)


def show_compare(application: Application, qtbot: QtBot, folder: Path) -> None:
    show_text(application, qtbot, folder)
    application.window.show_page(application.compare)


def show_codebase(application: Application, qtbot: QtBot, folder: Path) -> None:
    scan = application.codebase.codebase
    if scan.tree is not None:
        application.window.show_page(application.codebase)
        return
    (folder / "src").mkdir()
    for name in ("a.py", "src/b.py"):
        (folder / name).write_text("def f(x):\n    return x\n" * 20, "utf-8")
    application.opening.open_paths([folder])
    qtbot.waitUntil(lambda: scan.tree is not None and not scan.scan.under_way)


def show_conversation(application: Application, qtbot: QtBot, folder: Path) -> None:
    application.opening.open_paths([write_rows(folder / "session.jsonl", session_rows())])
    page = application.conversation
    qtbot.waitUntil(lambda: application.window.page is page and page.workspace.isVisible())


PAGES: dict[str, Callable[[Application, QtBot, Path], None]] = {
    "text": show_text,
    "compare": show_compare,
    "codebase": show_codebase,
    "conversation": show_conversation,
}


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_once_and_in_the_order_of_reading(
    name: str, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    PAGES[name](application, qtbot, tmp_path)
    window = application.window
    reached = walk(window, forward=True)
    assert missed_by(reached, window) - {*BY_ARROWS} == set()
    assert [type(widget).__name__ for widget in reached if not words(widget)] == []
    boxes = [widget for widget in reached if isinstance(widget, QComboBox)]
    assert [words(one) for one in boxes if not one.accessibleDescription()] == []
    # Pages and their switches come first, then the page, then the models beside it.
    first = next(place for place, widget in enumerate(reached) if words(widget) == "Pages")
    order = reached[first:] + reached[:first]
    panel = [widget for widget in order if application.panel.isAncestorOf(widget)]
    assert order[-len(panel) :] == panel and words(order[0]) == "Pages"
    for part in (order[: -len(panel)], panel):
        assert_reading_order(part, window)
    assert_back_is_the_same_way(reached, window)


@pytest.mark.parametrize("name", PAGES)
def test_one_sees_where_the_focus_is(
    name: str, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    PAGES[name](application, qtbot, tmp_path)
    window = application.window
    assert unseen(walk(window, forward=True), window) == []
