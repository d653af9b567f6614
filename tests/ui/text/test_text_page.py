"""The text page as a person uses it: choosers, notes, menus and panels together, without a worker process."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewDialog, QPrintPreviewWidget
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolBar, QToolButton
from pytestqt.qtbot import QtBot

from tests.references import reference
from tests.ui.hosts import HereWorker, theme, worker_context
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.icons import SIDE, Tint, icon
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.text.page import TextPage
from tokviz.ui.text.panels.finder import TokenIdQuery


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot) -> Iterator[TextPage]:
    """The page, shown, with an empty text."""
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    worker = HereWorker()
    page = TextPage(
        cast(Worker, worker), worker_context().registry, [], settings, theme(), unsaved=UnsavedTexts(tmp_path)
    )
    qtbot.addWidget(page)
    page.resize(700, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.view.setFocus()
    yield page
    page.hide()
    worker.close()


def show(page: TextPage, text: str, qtbot: QtBot) -> None:
    page.show_text(text.encode(), "A text")
    settle(page, qtbot)


def settle(page: TextPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.tokenizing.is_settled, timeout=60_000)


def point_at(page: TextPage, offset: int) -> None:
    """Move the mouse over the character at a byte."""
    box = page.view.text_viewport.box_of(offset, page.view.buffer.boundary_after(offset + 1))
    assert box is not None
    QTest.mouseMove(page.view.viewport(), box.center())


def test_where_special_tokens_are_parsed_it_is_said_that_the_models_do_not(
    page: TextPage, qtbot: QtBot
) -> None:
    show(page, "a <|endoftext|> b", qtbot)
    assert page.details.note.text == ""
    page.choose_tokenizer("o200k_base", SpecialTokens.PARSED)
    settle(page, qtbot)
    assert page.details.note.text.startswith("Special tokens are parsed here; the models' counts")
    page.choose_tokenizer("o200k_base")
    settle(page, qtbot)
    assert page.details.note.text == ""


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
        chosen.append(page.view.state.selection)
    assert chosen == [(0, 3), (4, 7), (14, 17), (0, 3)]
    page.choose_tokenizer("qwen3")
    qtbot.waitUntil(lambda: "(NFC) before it cuts it: 1 place is changed" in page.details.note.text)
    page.choose_tokenizer("o200k_base")
    assert page.details.note.text == ""


def test_selecting_does_not_move_the_text(page: TextPage, qtbot: QtBot) -> None:
    show(page, "one two three", qtbot)
    height = page.view.height()
    page.view.select(0, 3)
    qtbot.waitUntil(lambda: bool(page.metrics_bar.texts("selection")))
    assert page.view.height() == height


@pytest.mark.parametrize(
    ("name", "told"),
    [("o200k_base", "rank "), ("llama3", "merge rank "), ("mistral-v3", "merge rank ")],
)
def test_hovering_tells_where_a_token_stands(page: TextPage, name: str, told: str, qtbot: QtBot) -> None:
    page.choose_tokenizer(name, SpecialTokens.PARSED)
    special = {"o200k_base": "<|endoftext|>", "llama3": "<|end_of_text|>", "mistral-v3": "</s>"}[name]
    show(page, f"word and {special}", qtbot)
    point_at(page, 6)
    qtbot.waitUntil(lambda: f"   {told}" in page.details.line.text())
    point_at(page, len(f"word and {special}") - 3)
    qtbot.waitUntil(lambda: "special" in page.details.line.text())
    assert "rank" not in page.details.line.text()


def open_menu(page: TextPage, offset: int | None) -> QMenu:
    """The context menu at a byte, as the right mouse button opens it, or as the menu key does (None)."""
    viewport = page.view.viewport()
    if offset is None:
        QTest.keyClick(page.view, Qt.Key.Key_Menu)
    else:
        box = page.view.text_viewport.box_of(offset, page.view.buffer.boundary_after(offset + 1))
        assert box is not None
        place = box.center()
        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(viewport, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(page: TextPage, text: str, offset: int | None = None) -> None:
    """Click an entry of the context menu."""
    menu = open_menu(page, offset)
    (entry,) = [entry for entry in menu.actions() if entry.text().replace("&", "") == text]
    assert entry.isEnabled(), text
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    assert not menu.isVisible()


def enabled(page: TextPage, offset: int | None = None) -> set[str]:
    menu = open_menu(page, offset)
    found = {entry.text().replace("&", "") for entry in menu.actions() if entry.text() and entry.isEnabled()}
    menu.close()
    return found


POPUPS = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@POPUPS
def test_the_context_menu_edits(page: TextPage, qtbot: QtBot) -> None:
    show(page, "one two three", qtbot)
    clipboard = QGuiApplication.clipboard()
    buffer = page.view.buffer
    page.view.select(4, 8)
    choose(page, "Copy", 5)
    assert clipboard.text() == "two "
    choose(page, "Cut", 5)
    assert buffer.snapshot() == b"one three" and clipboard.text() == "two "
    choose(page, "Undo", 2)
    assert buffer.snapshot() == b"one two three"
    choose(page, "Redo", 2)
    assert buffer.snapshot() == b"one three"
    choose(page, "Select All", 2)
    assert page.view.state.selection == (0, 9)
    choose(page, "Paste", 2)
    assert buffer.snapshot() == b"two "
    page.view.select(0, 2)
    choose(page, "Delete", 1)
    assert buffer.snapshot() == b"o "


@POPUPS
def test_the_context_menu_offers_what_can_be_done_now(page: TextPage, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    always = {"Copy All Token Ids", "Copy All Tokens"}
    assert enabled(page) == always
    show(page, "one two", qtbot)
    token = {"Find All of This Token", "Pin in the Inspector"}
    assert enabled(page) == always | token | {"Select All"}
    page.view.select(0, 3)
    selected = {"Copy Token Ids", "Copy Tokens"} | token | {"Select All", "Cut", "Copy", "Delete"}
    assert enabled(page) == selected, "the menu key keeps the selection"
    assert enabled(page, 1) == selected
    assert enabled(page, 5) == always | token | {"Select All"}, "a click elsewhere moves the caret there"
    page.view.set_read_only("It is only looked at.")
    page.view.select(0, 3)
    assert enabled(page) == selected - {"Cut", "Delete"}


@POPUPS
def test_the_context_menu_copies_ids_and_tokens(page: TextPage, qtbot: QtBot) -> None:
    text = "one two ✓🫠"
    show(page, text, qtbot)
    clipboard = QGuiApplication.clipboard()
    ids = reference("o200k_base").encode_ordinary(text)
    choose(page, "Copy All Token Ids", 0)
    qtbot.waitUntil(lambda: clipboard.text() == json.dumps(ids))
    page.view.select(3, 7)
    choose(page, "Copy Token Ids", 5)
    qtbot.waitUntil(lambda: clipboard.text() == json.dumps(ids[1:2]))
    choose(page, "Copy Tokens", 5)
    qtbot.waitUntil(lambda: clipboard.text() == '[" two"]')


@POPUPS
def test_the_context_menu_finds_and_pins_a_token(page: TextPage, qtbot: QtBot) -> None:
    show(page, "one two one two one", qtbot)
    bar = page.details.find_bar
    choose(page, "Find All of This Token", 5)
    two = reference("o200k_base").encode_ordinary(" two")
    qtbot.waitUntil(lambda: bar.isVisible() and bar.status == "2 matches")
    assert bar.matches_in(0, 19) == [(3, 7), (11, 15)]
    assert isinstance(bar.finder.query, TokenIdQuery) and bar.finder.query.token_id == two[0]
    bar.find_next()
    qtbot.waitUntil(lambda: page.view.state.selection == (11, 15) and bar.status == "2 of 2")
    assert not page.details.pane.isVisible()
    choose(page, "Pin in the Inspector", 12)
    assert page.details.pane.isVisible() and page.details.inspector.isVisible()
    assert page.details.inspector.pinned == (11, 15)
    page.view.editor.select(0, 0)
    choose(page, "Pin in the Inspector")
    assert page.details.inspector.pinned == (0, 3), "of the token at the caret"


@pytest.mark.parametrize(("selected", "pages"), [(False, 4), (True, 1)])
def test_control_p_prints_while_the_window_lives_on(
    page: TextPage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    selected: bool,
    pages: int,
    qtbot: QtBot,
) -> None:
    show(page, "a line of text\n" * 150, qtbot)
    page.view.select(0, 300 if selected else 0)
    path = tmp_path / "text.pdf"

    def accept(dialog: QPrintDialog) -> QPrintDialog.DialogCode:
        assert (dialog.printRange() == QPrintDialog.PrintRange.Selection) == selected
        dialog.printer().setOutputFileName(str(path))
        return QPrintDialog.DialogCode.Accepted

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    said: list[str] = []
    page.information.connect(said.append)
    (entry,) = [entry for entry in page.actions_for("file") if entry.text() == "&Print…"]
    assert entry.shortcut() == QKeySequence("Ctrl+P")
    entry.trigger()
    assert page.work.startswith("Printing")
    qtbot.waitUntil(lambda: bool(said), timeout=60_000)
    assert said == [f"Printed {pages} page{'s' if pages > 1 else ''}."] and page.work == ""
    assert path.read_bytes().count(b"/Type /Page\n") == pages


@pytest.mark.parametrize("printed", [False, True])
def test_the_preview_shows_what_is_printed_then(
    page: TextPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: bool, qtbot: QtBot
) -> None:
    show(page, "a line of text\n" * 5000, qtbot)
    path, shown = tmp_path / "text.pdf", list[int]()

    def look(dialog: QPrintPreviewDialog) -> int:
        tools = dialog.findChildren(QToolBar)[0].actions()
        ours = icon("printer", Tint.ALONE).pixmap(SIDE).toImage()
        assert tools[-1].icon().pixmap(SIDE).toImage() == ours, "drawn like all other icons"
        (preview,) = dialog.findChildren(QPrintPreviewWidget)
        preview.updatePreview()
        shown.append(preview.pageCount())
        dialog.printer().setOutputFileName(str(path))
        if printed:
            preview.print_()
        return 0

    monkeypatch.setattr(QPrintPreviewDialog, "exec", look)
    said: list[str] = []
    page.information.connect(said.append)
    (entry,) = [entry for entry in page.actions_for("file") if "Preview" in entry.text()]
    entry.trigger()
    assert shown == [60]
    assert page.work.startswith("Printing") is printed
    if printed:
        qtbot.waitUntil(lambda: bool(said), timeout=60_000)
        assert said == [f"Printed {path.read_bytes().count(b'/Type /Page' + bytes([10]))} pages."]


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_an_edit_or_escape_ends_printing(
    page: TextPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    show(page, "a line of text\n" * 5000, qtbot)
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "text.pdf"))
    said: list[str] = []
    page.problem.connect(said.append)
    page.printing.print_to(printer)
    assert page.stop() and page.work == "" and not page.stop()
    page.printing.print_to(printer)
    QTest.keyClick(page.view, Qt.Key.Key_X)
    assert "edited while it was being printed" in said[0] and page.work == ""
    printer.setOutputFileName(str(tmp_path / "missing" / "text.pdf"))
    page.printing.print_to(printer)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1].startswith(f"Cannot print to {tmp_path / 'missing' / 'text.pdf'}")


def test_the_window_hears_of_the_first_key_after_opening_or_saving(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    heard: list[tuple[str, bool]] = []
    page.location_changed.connect(lambda: heard.append((page.location, page.modified)))
    for _ in range(3):
        QTest.keyClick(page.view, Qt.Key.Key_X)
    assert heard == [("Untitled", True)]
    path = tmp_path / "kept.txt"
    assert page.document.save(path) == ""
    for _ in range(3):
        QTest.keyClick(page.view, Qt.Key.Key_X)
    assert heard[1:] == [(str(path), False), (str(path), True)]


def test_saving_leaves_the_caret_where_it_is(page: TextPage, qtbot: QtBot, tmp_path: Path) -> None:
    show(page, "one two three", qtbot)
    page.view.select(4, 7)
    assert page.document.save(tmp_path / "a.txt") == ""
    assert page.view.state.selection == (4, 7)
    page.show_text(b"another text", "Another")
    assert page.view.state.selection == (0, 0)


def test_of_an_empty_text_there_is_nothing_to_copy(page: TextPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.information) as said:
        page.exports.copy_count()
    assert said.args == ["The text is empty."]
