"""A file that was changed on the disk is told of, and read again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker, theme
from tokviz.assets import Assets
from tokviz.documents.encodings import find_encoding
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.banner import Banner
from tokviz.ui.common.settings import Settings
from tokviz.ui.text.page import TextPage

_BUTTON = QMessageBox.StandardButton


class Opened:
    """A page with one file open, and the banner of its window."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.path = folder / "a.txt"
        self.path.write_text("".join(f"line {number}\n" for number in range(300)))
        self.worker = HereWorker()
        settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        registry, unsaved = Registry(Assets()), UnsavedTexts(folder / "unsaved")
        self.page = TextPage(self.worker, registry, ["o200k_base"], settings, theme(), unsaved=unsaved)  # type: ignore[arg-type]
        self.banner = Banner()
        for widget in (self.page, self.banner):
            qtbot.addWidget(widget)
        self.page.resize(800, 500)
        self.page.show()
        self.page.offer.connect(self.banner.show_suggestion)
        self.page.information.connect(self.banner.show_information)
        self.page.files.open(self.path)
        qtbot.waitUntil(lambda: self.path in self.page.disk._known, timeout=20_000)

    @property
    def text(self) -> str:
        return self.page.document.buffer.snapshot().decode()

    def look(self) -> None:
        self.page.disk.look()
        self.qtbot.waitUntil(lambda: self.page.disk._ticket is None, timeout=20_000)

    def reload(self) -> None:
        next(one for one in self.page.actions_for("file") if one.text() == "Reload from Dis&k").trigger()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.page.files.reading, timeout=20_000)


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    made = Opened(qtbot, tmp_path)
    yield made
    made.page.texts.end()
    made.worker.close()


def test_a_file_that_was_written_is_told_of_once_and_read_again_at_the_same_place(opened: Opened) -> None:
    page, view = opened.page, opened.page.view
    opened.look()
    assert not opened.banner.isVisible()
    view.select(2000, 2004)
    top = view.scroll_state()[0]
    opened.path.write_text(opened.path.read_text().replace("line 1\n", "LINE 1\n") + "one more\n")
    opened.look()
    assert opened.banner.text == "a.txt was changed on the disk."
    opened.banner.hide()
    opened.look()
    assert not opened.banner.isVisible()
    opened.reload()
    opened.settle()
    assert opened.text.endswith("one more\n")
    assert "LINE 1\n" in opened.text
    assert view.state.selection == (2000, 2004)
    assert view.scroll_state()[0] == top > 0
    assert not page.modified
    opened.look()
    assert not opened.banner.isVisible()


def test_a_save_ends_only_the_problems_that_it_solves(opened: Opened, tmp_path: Path) -> None:
    page, banner = opened.page, opened.banner
    page.problem.connect(lambda sentence: banner.show_problem(sentence, page))
    page.problem_over.connect(lambda sentence: banner.over(page, sentence))
    missing = tmp_path / "missing.txt"
    page.files.open(missing)
    opened.settle()
    unread = banner.text
    assert "missing.txt" in unread
    page.view.select(0, 4)
    page.view.commands.run("delete")
    assert not page.files._write(tmp_path)
    assert banner.text != unread
    assert page.files.save()
    assert banner.text == unread and banner.isVisible()
    page.show_text(b"another", "Another")
    assert banner.text == unread and banner.isVisible()
    for path in (missing, opened.path):  # asked for together
        page.files.open(path)
    opened.qtbot.waitUntil(lambda: not page.files.waits, timeout=20_000)
    assert banner.text == unread and banner.isVisible()
    page.files.open(opened.path)
    assert not banner.isVisible() or banner.text != unread


def test_what_failed_with_a_text_is_over_with_another(opened: Opened) -> None:
    counter, over = opened.page.counter, list[str]()
    counter.recovered.connect(over.append)
    counter._fail_with_text("It cannot be counted.")
    opened.page.view.commands.run("select_all")
    assert not over
    opened.page.show_text(b"another", "Another")
    assert over == ["It cannot be counted."]


def test_the_banner_s_button_reads_the_text_that_it_speaks_of(opened: Opened) -> None:
    opened.path.write_text("changed")
    opened.look()
    opened.page.show_text(b"another", "Another")
    opened.banner._take_offer()
    opened.settle()
    assert opened.text == "changed"
    assert len(opened.page.texts.texts) == 2


def test_a_text_that_comes_to_the_front_is_looked_at(opened: Opened) -> None:
    opened.page.show_text(b"another", "Another")
    opened.path.write_text("changed")
    opened.look()
    assert not opened.banner.isVisible()
    opened.page.texts.show(0)
    opened.qtbot.waitUntil(opened.banner.isVisible, timeout=20_000)


def test_what_is_still_another_on_the_disk_is_told_again_when_the_text_comes_back(opened: Opened) -> None:
    opened.path.write_text("changed")
    opened.look()
    assert opened.banner.isVisible()
    opened.page.show_text(b"another", "Another")
    opened.banner.clear()
    opened.page.texts.show(0)
    opened.qtbot.waitUntil(opened.banner.isVisible, timeout=20_000)
    assert opened.banner.text == "a.txt was changed on the disk."


def test_edits_are_not_lost_without_a_question(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, asked = [_BUTTON.Cancel, _BUTTON.Discard], list[str]()

    def ask(_parent: object, _title: str, question: str, *_: object) -> QMessageBox.StandardButton:
        asked.append(question)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", ask)
    QTest.keyClicks(opened.page.view, "x")
    edited = opened.text
    opened.reload()
    opened.settle()
    assert opened.text == edited
    assert asked == ["Read a.txt again, and lose the changes made here?"]
    opened.reload()
    opened.settle()
    assert opened.text == opened.path.read_text()


def test_what_was_saved_here_is_no_news(opened: Opened) -> None:
    QTest.keyClicks(opened.page.view, "x")
    assert opened.page.files.save()
    opened.qtbot.waitUntil(lambda: opened.path in opened.page.disk._known, timeout=20_000)
    opened.look()
    assert "changed on the disk" not in opened.banner.text


def test_a_file_that_is_gone_is_told_of(opened: Opened) -> None:
    opened.path.unlink()
    opened.look()
    assert opened.banner.text == "a.txt is not on the disk any more; saving writes it again."
    opened.reload()
    opened.settle()
    assert opened.text.startswith("line 0")


def test_the_encoding_that_was_chosen_is_kept(opened: Opened) -> None:
    opened.page.files.reopen(find_encoding("Mac Roman"))
    opened.settle()
    opened.path.write_bytes("größer".encode("mac-roman"))
    opened.reload()
    opened.settle()
    assert opened.text == "größer"


def test_a_text_of_no_file_cannot_be_reloaded(opened: Opened) -> None:
    entry = next(one for one in opened.page.actions_for("file") if one.text() == "Reload from Dis&k")
    assert entry.isEnabled()
    opened.page.show_text(b"none", "None")
    assert not entry.isEnabled()
    opened.page.texts.show(0)
    assert entry.isEnabled()


@pytest.mark.parametrize(("answer", "kept"), [(_BUTTON.Cancel, "theirs\n"), (_BUTTON.Save, "mine")])
def test_saving_over_what_another_program_wrote_is_asked_for(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, answer: QMessageBox.StandardButton, kept: str
) -> None:
    asked: list[str] = []

    def ask(*said: str) -> QMessageBox.StandardButton:
        asked.append(said[2])
        return answer

    monkeypatch.setattr(QMessageBox, "question", ask)
    opened.page.view.select(0, len(opened.text))
    QTest.keyClicks(opened.page.view.viewport(), "mine")
    opened.path.write_text("theirs\n")
    assert opened.page.files.save() == (answer == _BUTTON.Save)
    assert asked == ["a.txt was changed by another program since it was read here. Save over those changes?"]
    assert opened.path.read_text() == kept
    if answer == _BUTTON.Save:  # what was written here is nobody else's
        opened.qtbot.waitUntil(lambda: opened.path in opened.page.disk._known, timeout=20_000)
        assert opened.page.files.save() and len(asked) == 1


def test_a_file_that_is_gone_is_saved_without_a_question(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: pytest.fail("asked"))
    opened.path.unlink()
    assert opened.page.files.save() and opened.path.read_text() == opened.text


def test_a_file_is_open_once_by_whatever_name(opened: Opened, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(opened.path)
    opened.page.files.open(link)
    opened.settle()
    assert len(opened.page.texts.texts) == 1


def test_a_text_is_not_saved_as_the_file_of_another_one(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    opened.page.files.problem.connect(said.append)
    opened.page.texts.new()
    monkeypatch.setattr("tokviz.ui.text.files.ask_where", lambda *_: opened.path)
    before = opened.path.read_text()
    assert not opened.page.files.save_as()
    assert said == ["a.txt is open in another tab; close it there, or save by another name."]
    assert opened.path.read_text() == before


def test_what_was_written_after_a_crash_is_asked_about(opened: Opened) -> None:
    disk, path = opened.page.disk, opened.path
    written = path.stat().st_mtime_ns
    disk.resume(path, written + 1)
    opened.qtbot.waitUntil(lambda: path in disk._known, timeout=20_000)
    assert not disk.written_by_others(path), "it was kept after the file was written"
    disk.resume(path, written - 1)
    assert disk.written_by_others(path)
    opened.look()
    assert opened.banner.isVisible() and "was changed on the disk" in opened.banner.text
