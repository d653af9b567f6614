"""What the window has counted: what can be seen, in the panel and on the page in front, or is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.shell.windows import opened_window
from tokviz.composition import Application
from tokviz.ui.models.filters import Filters
from tokviz.ui.tokens.document import Origin

CHOSEN, FAVOURITE = "r50k_base", "deepseek-v3"


@pytest.fixture
def application(qapp: QApplication, tmp_path: Path) -> Iterator[Application]:
    """The window with one favourite, whose models alone are shown, another tokenizer, and a text."""
    settings = {"models/favourites": [FAVOURITE], "text/tokenizer": CHOSEN}
    with opened_window(qapp, tmp_path, settings, QSize(1280, 800)) as application:
        application.panel.table.set_filters(Filters(search="deepseek"))
        application.text.document.show(b"Some words to be counted.", Origin())
        yield application


def counted(application: Application) -> set[str]:
    return set(application.text.counts())


def tools(application: Application, text: str) -> QAction:
    menus = [menu for menu in application.window.menuBar().findChildren(QMenu) if "Tools" in menu.title()]
    return next(entry for entry in menus[0].actions() if text in entry.text())


def test_the_text_is_counted_for_what_can_be_seen_and_for_more_when_asked(
    application: Application, qtbot: QtBot
) -> None:
    text, panel = application.text, application.panel
    seen = set(panel.needs.of_all_shown)
    assert FAVOURITE in seen and len(seen) < 5, "few enough to be in sight"
    qtbot.waitUntil(lambda: counted(application) == {CHOSEN, *seen}, timeout=60_000)
    qtbot.waitUntil(lambda: text.counts_with(CHOSEN) and not text.counts_with("o200k_base"))
    qtbot.waitUntil(lambda: not panel.table.all_rows[0].asked)
    rows = {row.model.tokenizer: row.asked for row in panel.table.all_rows}
    assert rows[FAVOURITE] and not rows["o200k_base"]
    panel.table.set_filters(Filters(search="gpt-4o"))
    more = set(panel.needs.of_all_shown)
    assert more.isdisjoint(counted(application))
    tools(application, "Count for All Models").trigger()
    panel.table.set_filters(Filters(search="deepseek"))
    qtbot.waitUntil(lambda: counted(application) == {CHOSEN, *seen, *more}, timeout=60_000)
    text.choose_tokenizer("mistral-v3")
    qtbot.waitUntil(lambda: "mistral-v3" in counted(application), timeout=60_000)


def test_compare_has_the_chosen_models_counted_while_their_tab_is_in_front(
    application: Application, qtbot: QtBot
) -> None:
    compare, counter = application.compare, application.text.counter
    compare.tabs.setCurrentWidget(compare.tabs.models)
    compare.tabs.models._chooser.choose(["gpt-4"])
    application.window.show_page(compare)
    qtbot.waitUntil(lambda: "cl100k_base" in compare.counts(), timeout=60_000)
    assert not compare.counts_with("estimate") and not compare.counts_with("phi-4")
    compare.tabs.setCurrentWidget(compare.tabs.tokenizers)
    qtbot.waitUntil(lambda: compare.counts_with("estimate") and compare.counts_with("phi-4"))
    application.window.show_page(application.text)
    assert not counter.counts_with("phi-4")
