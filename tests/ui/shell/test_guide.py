"""The guide's window, and that what it says of menus is true."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell.windows import opened_window
from tokviz.composition import Application
from tokviz.ui.common.mnemonics import without_mnemonic
from tokviz.ui.common.settings import Settings
from tokviz.ui.shell.guide import GuideWindow, chapters
from tokviz.ui.shell.menu_entries import entries_of

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "resources" / "guide"
FILES = [ROOT / "README.md", *sorted(GUIDE.glob("*.md"))]
TEXTS = {str(path.relative_to(ROOT)): " ".join(path.read_text("utf-8").split()) for path in FILES}
PATHS = {
    (name, path) for name, text in TEXTS.items() for path in re.findall(r"\*\*([^*]+ ▸ [^*]+)\*\*", text)
}
SAMPLE = {
    "README.md": "# Guide\n\n1. [One](one.md)\n2. [Two](two.md)\n",
    "one.md": "# One\n\nA *walrus*, `code`, [two](two.md).\n\n```sh\ntokviz\n```\n\n|A|B|\n|-|-|\n|c|d|\n",
    "two.md": "# Two\n\nAn otter. [Web](https://example.org) [out](../secret.md) [gone](gone.md)\n",
}


@pytest.fixture(scope="module")
def application(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with opened_window(qapp, tmp_path_factory.mktemp("guide")) as made:
        yield made


def test_every_menu_entry_of_the_guide_is_there(application: Application) -> None:
    window = application.window
    there: dict[str, set[str]] = {}
    for page in window.pages:
        window.show_page(page)
        for entry in entries_of(window.menuBar()):
            there.setdefault(f"{entry.place} ▸ {entry.title}", set()).add(entry.keys)
    window.show_page(window.pages[0])
    assert len(PATHS) > 40
    wrong = sorted(f"{name}: {path}" for name, path in PATHS if path not in there)
    assert wrong == []
    keys = re.findall(
        r"\| ([\w+]+) \| (?:[^|*]*: )?\*\*([^*]+)\*\* \|", (GUIDE / "keys.md").read_text("utf-8")
    )
    assert len(keys) > 8
    for pressed, path in keys:
        assert pressed in there[path], path


def test_f1_opens_the_chapter_of_the_page_in_front(application: Application, qtbot: QtBot) -> None:
    window = application.window
    for page, title in zip(window.pages, ("Text", "Codebase", "Compare", "Conversation"), strict=True):
        window.show_page(page)
        (entry,) = [found for found in entries_of(window.menuBar()) if found.keys == "F1"]
        assert entry.title == "Guide"
        entry.action.trigger()
        (guide,) = window.findChildren(GuideWindow)
        assert guide.isVisible()
        assert guide.page.toPlainText().startswith(f"The {title} page")
        assert guide.list.currentItem().text() == f"The {title} page"
    guide.reject()
    window.show_page(window.pages[0])


def test_chapters_are_high_enough_to_click_and_lie_apart(application: Application, qtbot: QtBot) -> None:
    application.window.show_page(application.text)
    QTest.keyClick(application.window, Qt.Key.Key_F1)
    (guide,) = application.window.findChildren(GuideWindow)
    rows = [guide.list.visualItemRect(guide.list.item(row)) for row in range(guide.list.count())]
    assert min(row.height() for row in rows) >= 22
    assert all(one.bottom() < other.top() for one, other in pairwise(rows))
    guide.close()


def test_no_mnemonic_of_the_help_menu_is_taken_twice(application: Application) -> None:
    (menu,) = [
        entry for entry in application.window.menuBar().actions() if without_mnemonic(entry.text()) == "Help"
    ]
    inside = menu.menu()
    assert isinstance(inside, QMenu)
    marks = [entry.text().partition("&")[2][:1].lower() for entry in inside.actions()]
    assert len(marks) == len(set(marks)) >= 4


@pytest.fixture
def guide(qtbot: QtBot, tmp_path: Path) -> Iterator[GuideWindow]:
    folder = tmp_path / "guide"
    folder.mkdir()
    for name, text in SAMPLE.items():
        (folder / name).write_text(text, "utf-8")
    (tmp_path / "secret.md").write_text("# Secret\n", "utf-8")
    parent = QWidget()
    qtbot.addWidget(parent)
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = GuideWindow(folder, Settings(store), parent)
    window.show_chapter("one.md")
    yield window
    window.reject()


def follow(guide: GuideWindow, link: str) -> None:
    guide.page.anchorClicked.emit(QUrl(link))


def test_links_lead_from_chapter_to_chapter_and_back(guide: GuideWindow) -> None:
    assert not guide.back.isEnabled()
    follow(guide, "two.md")
    assert guide.page.chapter == "two.md"
    assert guide.list.currentItem().text() == "Two"
    QTest.mouseClick(guide.back, Qt.MouseButton.LeftButton)
    assert guide.page.chapter == "one.md"
    QTest.mouseClick(guide.forward, Qt.MouseButton.LeftButton)
    assert guide.page.chapter == "two.md"
    guide.list.setCurrentRow(0)
    assert guide.page.toPlainText().startswith("One")


def test_the_web_opens_in_the_browser_and_only_by_a_click(
    guide: GuideWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    follow(guide, "two.md")
    assert opened == []
    follow(guide, "https://example.org")
    assert opened == ["https://example.org"]
    for link in ("../secret.md", "gone.md", "file:///etc/passwd"):
        follow(guide, link)
        assert guide.page.chapter == "two.md"
    assert len(opened) == 1


def test_a_search_goes_through_all_chapters(guide: GuideWindow) -> None:
    guide.field.setText("OTTER")
    assert [guide.list.item(row).isHidden() for row in range(2)] == [True, False]
    guide.find_next()
    assert guide.page.chapter == "two.md"
    assert guide.page.textCursor().selectedText() == "otter"
    guide.field.setText("walrus")
    guide.find_next()
    assert guide.page.chapter == "one.md"
    assert guide.page.textCursor().selectedText() == "walrus"
    guide.field.setText("giraffe")
    assert all(guide.list.item(row).isHidden() for row in range(2))
    guide.find_next()
    guide.field.clear()
    assert not any(guide.list.item(row).isHidden() for row in range(2))


def test_links_and_code_have_the_theme_s_colours(guide: GuideWindow, qtbot: QtBot) -> None:
    palette = guide.page.palette()
    palette.setColor(QPalette.ColorRole.Link, QColor("#ff0000"))
    palette.setColor(QPalette.ColorRole.Button, QColor("#00ff00"))
    qapp = QApplication.instance()
    assert isinstance(qapp, QApplication)
    before = qapp.palette()
    try:
        qapp.setPalette(palette)
        guide.page.setPalette(palette)
        html = guide.page.toHtml()
    finally:
        qapp.setPalette(before)
    assert "#ff0000" in html and "#00ff00" in html


def test_a_guide_that_is_gone_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = GuideWindow(tmp_path / "none", Settings(store), parent)
    window.show_chapter("text.md")
    assert "install" in window.page.toPlainText()
    assert chapters(tmp_path) == {}
    window.reject()
