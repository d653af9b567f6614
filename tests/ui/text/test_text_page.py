"""The text page as a person uses it: choosers, notes, menus and panels together, without a worker process."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.text.panels import HereWorker, theme, workshop
from tokviz.ui.settings import Settings
from tokviz.ui.text.page import TextPage
from tokviz.ui.worker import Worker


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot) -> Iterator[TextPage]:
    """The page, shown, with an empty text."""
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    page = TextPage(cast(Worker, HereWorker()), workshop().registry, [], settings, theme())
    qtbot.addWidget(page)
    page.resize(700, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.view.setFocus()
    yield page
    page.hide()


def show(page: TextPage, text: str, qtbot: QtBot) -> None:
    page.show_text(text.encode(), "A text")
    settle(page, qtbot)


def settle(page: TextPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.tokenizing.is_settled, timeout=20_000)


def point_at(page: TextPage, offset: int) -> None:
    """Move the mouse over the character at a byte."""
    box = page.view.box_of(offset, page.view.buffer.boundary_after(offset + 1))
    assert box is not None
    QTest.mouseMove(page.view.viewport(), box.center())


def test_a_tokenizer_that_normalizes_says_so_and_shows_what_changed(page: TextPage, qtbot: QtBot) -> None:
    show(page, "ﬁ ① plain e\u0301", qtbot)
    assert page.details.note.text == ""
    page.choose_tokenizer("claude-2")
    settle(page, qtbot)
    qtbot.waitUntil(lambda: "(NFKC) before it cuts it: 3 places are changed" in page.details.note.text)
    point_at(page, 0)
    qtbot.waitUntil(lambda: "reads ﬁ as fi" in page.details.line.text())
    point_at(page, 8)
    qtbot.waitUntil(lambda: "plain" in page.details.line.text())
    assert "reads" not in page.details.line.text()
    page.view.editor.select(0, 0)
    following = [
        b for b in page.details.note.findChildren(QToolButton) if b.accessibleName().startswith("Next")
    ]
    chosen = []
    for _ in range(4):
        QTest.mouseClick(following[0], Qt.MouseButton.LeftButton)
        chosen.append(page.view.editor.selection)
    assert chosen == [(0, 3), (4, 7), (14, 17), (0, 3)]
    page.choose_tokenizer("qwen3")
    qtbot.waitUntil(lambda: "(NFC) before it cuts it: 1 place is changed" in page.details.note.text)
    page.choose_tokenizer("o200k_base")
    assert page.details.note.text == ""
