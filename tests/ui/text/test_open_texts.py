"""Several texts in one window: each comes back as it was left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMessageBox, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from tests.references import reference
from tests.ui.hosts import HereWorker, theme
from tokviz.assets import Assets
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.settings import Settings
from tokviz.ui.text.page import TextPage
from tokviz.ui.tokens.document import Origin

_BUTTON = QMessageBox.StandardButton


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[TextPage]:
    worker = HereWorker()
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made = TextPage(
        worker,  # type: ignore[arg-type]
        Registry(Assets()),
        ["o200k_base"],
        settings,
        theme(),
        unsaved=UnsavedTexts(tmp_path / "unsaved"),
    )
    qtbot.addWidget(made)
    made.resize(900, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.view.setFocus()
    yield made
    made.texts.end()
    worker.close()


def names(page: TextPage) -> list[str]:
    return [text.name for text in page.texts.texts]


def labels(page: TextPage) -> list[str]:
    return [page.tabs.tabs.tabText(index) for index in range(page.tabs.tabs.count())]


def text(page: TextPage) -> str:
    return page.document.buffer.snapshot().decode()


def entry(page: TextPage, menu: str, title: str) -> QAction:
    return next(one for one in page.actions_for(menu) if one.text().replace("&", "") == title)


def settled(page: TextPage, qtbot: QtBot, count: int) -> None:
    def is_settled() -> bool:
        tokens = page.tokenizing.map
        return tokens is not None and page.tokenizing.is_settled and tokens.count == count

    qtbot.waitUntil(is_settled, timeout=20_000)


def test_an_untouched_text_is_used_and_the_row_is_there_from_two_on(page: TextPage) -> None:
    page.show_text(b"one", "One")
    assert names(page) == ["One"]
    assert not page.tabs.isVisible()
    page.show_text(b"two", "Two & two")
    assert names(page) == ["One", "Two & two"]
    assert page.tabs.isVisible()
    assert labels(page) == ["One", "Two && two"]
    page.texts.new()
    page.texts.new()
    assert names(page) == ["One", "Two & two", ""]
    QTest.keyClicks(page.view, "x")
    page.texts.new()
    assert len(names(page)) == 4


def test_each_text_comes_back_as_it_was(page: TextPage, qtbot: QtBot) -> None:
    long = "".join(f"line {number}\n" for number in range(500))
    page.show_text(long.encode(), "Long")
    page.choose_tokenizer("cl100k_base")
    page.view.select(2000, 2010)
    QTest.keyClicks(page.view, "typed")
    page.view.select(2000, 2003)
    edited, scroll = text(page), page.view.scroll_state()
    page.show_text(b"short text", "Short")
    page.choose_tokenizer("r50k_base")
    settled(page, qtbot, 2)
    page.texts.show(0)
    assert text(page) == edited
    assert page.view.state.selection == (2000, 2003)
    assert page.view.scroll_state() == scroll
    assert page.modified
    assert (page.tokenizing.tokenizer, page.toolbar.tokenizer) == ("cl100k_base", "cl100k_base")
    settled(page, qtbot, len(reference("cl100k_base").encode_ordinary(edited)))
    page.view.commands.run("undo")
    assert text(page) == long
    page.view.commands.run("redo")
    assert text(page) == edited
    page.texts.show(1)
    assert text(page) == "short text"
    assert page.tokenizing.tokenizer == "r50k_base"
    assert [one.modified for one in page.texts.texts] == [True, False]
    assert not page.view.history.can_undo


def test_the_counts_of_a_text_are_there_at_once_when_it_comes_back(page: TextPage, qtbot: QtBot) -> None:
    page.show_text(b"some words here", "One")
    qtbot.waitUntil(lambda: "o200k_base" in page.counts(), timeout=20_000)
    page.show_text(b"two", "Two")
    assert "o200k_base" not in page.counts()
    page.texts.show(0)
    assert page.counts()["o200k_base"].tokens == 3


def test_the_encoding_stays_with_its_text(page: TextPage, tmp_path: Path) -> None:
    page.document.show("größer".encode(), Origin(tmp_path / "a.txt", encoding="Windows-1252"))
    page.show_text(b"two", "Two")
    assert page.document.origin.encoding == "UTF-8"
    page.texts.show(0)
    assert page.document.origin.encoding == "Windows-1252"
    assert page.tabs.tabs.tabToolTip(0) == str(tmp_path / "a.txt")


def test_keys_go_from_text_to_text(page: TextPage) -> None:
    for name in ("One", "Two", "Three"):
        page.show_text(name.encode(), name)
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(page.view, Qt.Key.Key_Tab, control)
    assert text(page) == "One"
    QTest.keyClick(page.view, Qt.Key.Key_Backtab, control | shift)
    assert text(page) == "Three"
    entry(page, "view", "Previous Text").trigger()
    assert text(page) == "Two"
    assert page.view.hasFocus()


def test_with_one_text_ctrl_tab_leaves_it_and_f6_always_does(page: TextPage) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    page.show_text(b"One", "One")
    assert not entry(page, "view", "Next Text").isEnabled()
    QTest.keyClick(page.view, Qt.Key.Key_Tab, control)
    assert not page.view.hasFocus()
    page.show_text(b"Two", "Two")
    assert entry(page, "view", "Next Text").isEnabled()
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_F6)
    assert not page.view.hasFocus()


def test_an_unsaved_text_has_a_dot(page: TextPage) -> None:
    page.show_text(b"one", "One")
    page.show_text(b"two", "Two")
    QTest.keyClicks(page.view, "x")
    assert labels(page) == ["One", "● Two"]
    assert page.tabs.tabs.accessibleTabName(1) == "Two, not saved"
    page.texts.show(0)
    assert labels(page) == ["One", "● Two"]


@pytest.mark.parametrize("by", ["key", "button", "middle"])
def test_closing_brings_the_next_text_and_reopening_brings_it_back(
    page: TextPage, qtbot: QtBot, by: str
) -> None:
    for name in ("One", "Two", "Three"):
        page.show_text(name.encode(), name)
    page.texts.show(1)
    tabs = page.tabs.tabs
    if by == "key":
        entry(page, "file", "Close").trigger()
    elif by == "button":
        button = tabs.tabButton(1, QTabBar.ButtonPosition.RightSide)
        assert isinstance(button, QToolButton)
        button.click()
    else:
        QTest.mouseClick(tabs, Qt.MouseButton.MiddleButton, pos=tabs.tabRect(1).center())
    assert names(page) == ["One", "Three"]
    assert text(page) == "Three"
    entry(page, "file", "Reopen Closed").trigger()
    assert text(page) == "Two"
    assert names(page) == ["One", "Three", "Two"]
    assert not entry(page, "file", "Reopen Closed").isEnabled()


def test_the_last_text_closed_leaves_an_empty_one(page: TextPage) -> None:
    page.show_text(b"One", "One")
    entry(page, "file", "Close").trigger()
    assert names(page) == [""]
    assert entry(page, "file", "Reopen Closed").isEnabled()


def test_closing_an_edited_text_asks_and_a_discarded_one_can_be_opened_again(
    page: TextPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.show_text(b"one", "One")
    QTest.keyClicks(page.view, "x")
    page.show_text(b"two", "Two")
    asked: list[str] = []
    answers = [_BUTTON.Cancel, _BUTTON.Discard]

    def ask(_parent: object, _title: str, question: str, *_: object) -> QMessageBox.StandardButton:
        asked.append(question)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", ask)
    page.tabs.close_asked.emit(0)
    assert asked == ["Save the changes to One?"]
    assert names(page) == ["One", "Two"]
    assert text(page) == "xone"  # what is asked about is shown
    page.tabs.close_asked.emit(0)
    assert names(page) == ["Two"]
    entry(page, "file", "Reopen Closed").trigger()
    assert text(page) == "xone"
    assert page.modified
    page.view.commands.run("undo")
    assert text(page) == "one"


def test_a_file_opens_beside_and_one_that_is_open_comes_forward(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt")]
    for path in paths:
        path.write_text(path.name)
        page.files.open(path)  # the second while the first is being read
    qtbot.waitUntil(lambda: len(names(page)) == 2, timeout=20_000)
    qtbot.waitUntil(lambda: text(page) == "b.txt", timeout=20_000)
    paths[0].write_text("changed")
    page.files.open(paths[0])
    qtbot.waitUntil(lambda: text(page) == "changed", timeout=20_000)
    assert names(page) == ["a.txt", "b.txt"]
    QTest.keyClicks(page.view, "x")
    page.texts.show(1)
    said: list[str] = []
    page.information.connect(said.append)
    page.files.open(paths[0])
    assert "open already, with changes" in said[0]
    assert text(page).endswith("changed") or "x" in text(page)
    entry(page, "file", "New").trigger()
    page.files.open(tmp_path / "missing.txt")
    qtbot.waitUntil(lambda: not page.files.reading, timeout=20_000)
    assert names(page) == ["a.txt", "", "b.txt"]


def test_a_closed_file_is_read_again(page: TextPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    page.show_text(b"one", "One")
    page.files.open(path)
    qtbot.waitUntil(lambda: text(page) == "before", timeout=20_000)
    entry(page, "file", "Close").trigger()
    path.write_text("after")
    entry(page, "file", "Reopen Closed").trigger()
    qtbot.waitUntil(lambda: text(page) == "after", timeout=20_000)


def test_what_was_to_take_the_place_of_a_text_that_is_not_in_front_any_more_is_dropped(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("größer".encode("mac-roman"))
    page.show_text(b"one", "One")
    page.files.open(path)
    qtbot.waitUntil(lambda: len(names(page)) == 2, timeout=20_000)
    page.files.reopen(None)
    page.texts.show(0)
    qtbot.wait(50)
    assert text(page) == "one"
    assert not page.files.reading


def test_tabs_can_be_dragged(page: TextPage) -> None:
    for name in ("One", "Two", "Three"):
        page.show_text(name.encode(), name)
    tabs = page.tabs.tabs
    tabs.moveTab(2, 0)
    assert names(page) == ["Three", "One", "Two"]
    assert (page.texts.front, tabs.currentIndex()) == (0, 0)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(2).center() - QPoint(10, 0))
    assert text(page) == "Two"


def test_hidden_texts_keep_no_tokens(page: TextPage, qtbot: QtBot) -> None:
    page.show_text(b"word " * 1000, "One")
    settled(page, qtbot, 1001)
    page.show_text(b"two", "Two")
    settled(page, qtbot, 1)
    tokens = page.tokenizing.map
    assert tokens is not None
    assert len(tokens) == 3


def test_reading_one_file_goes_on_while_another_that_is_open_is_read_anew(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt")]
    for path in paths:
        path.write_text(path.name)
    page.files.open(paths[0])
    qtbot.waitUntil(lambda: text(page) == "a.txt", timeout=20_000)
    page.files.open(paths[1])
    page.files.open(paths[0])  # while the second one is being read
    qtbot.waitUntil(lambda: not page.files.reading, timeout=20_000)
    assert names(page) == ["a.txt", "b.txt"]


def test_what_is_written_while_a_file_is_read_anew_is_not_lost(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    page.files.open(path)
    qtbot.waitUntil(lambda: text(page) == "before", timeout=20_000)
    path.write_text("after")
    said: list[str] = []
    page.information.connect(said.append)
    page.files.reload()
    QTest.keyClicks(page.view, "x")
    qtbot.waitUntil(lambda: not page.files.reading, timeout=20_000)
    assert text(page) == "xbefore"
    assert page.modified
    assert said == ["a.txt was not read again, because the text was changed meanwhile."]


def test_a_file_that_was_read_waits_for_the_end_of_a_question(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("file")
    page.show_text(b"one", "One")
    QTest.keyClicks(page.view, "x")
    question = QDialog(page)
    question.setModal(True)
    question.show()
    page.files.open(path)
    qtbot.wait(150)
    assert text(page) == "xone"  # which the question is about
    question.reject()
    qtbot.waitUntil(lambda: text(page) == "file", timeout=20_000)


def test_a_copy_under_way_is_made_again_when_its_text_comes_to_the_front(
    page: TextPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.show_text(b"a" * (4 << 20), "One")
    QTest.keyClicks(page.view, "x")
    page.show_text(b"two", "Two")
    keeper = page.texts._tabs[0].keeper
    keeper._due.flush()
    keeper._copying._slice = 0
    keeper._copying._work()
    assert keeper._copying.running
    page.texts.show(0)
    qtbot.waitUntil(lambda: not keeper._copying.running, timeout=20_000)
    assert keeper.is_pending or keeper._thread is not None


def test_a_tokenizer_that_is_read_anew_is_not_that_of_another_text(page: TextPage) -> None:
    page.show_text(b"one", "One")
    page.choose_tokenizer("cl100k_base")
    page.show_text(b"two", "Two")
    page.choose_tokenizer("r50k_base")
    page.texts.show(0)
    page.add_tokenizer("r50k_base", opened=False)  # as after another worker process was started
    assert page.tokenizing.tokenizer == "cl100k_base"


def test_a_text_whose_edits_are_undone_is_as_it_was_saved(
    page: TextPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    page.show_text(b"saved", "a")
    assert page.document.save(path) == ""
    QTest.keyClicks(page.view, "one")
    assert page.document.modified
    page.texts.new()
    page.texts.show(0)
    assert page.document.modified and page.document.text.unsaved
    page.view.editor.undo()
    assert (text(page), page.document.modified) == ("saved", False)
    page.view.editor.redo()
    assert page.document.modified
    assert page.document.save(path) == ""
    QTest.keyClicks(page.view, "two")
    page.view.editor.undo()  # what was typed since, and no more
    assert (text(page), page.document.modified) == ("onesaved", False)
    page.view.editor.undo()
    assert (text(page), page.document.modified) == ("saved", True)


def test_the_reader_stays_where_all_are_replaced(page: TextPage, qtbot: QtBot) -> None:
    """The view jumped to the last of them."""
    page.show_text(b"some words, one in each line\n" * 300, "a")
    line = len(b"some words, one in each line\n")
    words = page.view.buffer.snapshot().index(b"words", 100 * line)
    page.view.select(words, words)
    page.view.set_scroll_state((100 * line, 0, 0))
    bar = page.details.find_bar
    bar.open_replacing()
    bar._field.setText("some")
    bar._replacing.field.setText("a few")
    QTest.keyClick(bar._replacing.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bar.status == "300 replaced")
    caret, lines = page.view.state.caret.offset, page.view.buffer.lines
    assert (lines.line_of(caret), lines.line_of(page.view.scroll_state()[0])) == (100, 100)
    assert page.view.buffer.slice(caret, caret + 5) == b"words"


def test_names_stay_readable_however_many_texts_are_open(page: TextPage) -> None:
    """They were shortened to their first and last letter before the tabs began to scroll."""
    for number in range(14):
        page.show_text(b"text", f"some_longer_name_{number}.txt")
    tabs = page.tabs.tabs
    assert tabs.width() <= page.width() and tabs.count() == 14
    for place in range(14):
        room = tabs.tabRect(place).width() - 50  # the button and what lies around the name
        assert tabs.fontMetrics().horizontalAdvance("some_lon") < room
    assert tabs.rect().contains(tabs.tabRect(tabs.currentIndex()).center()), "the one in front is in sight"
