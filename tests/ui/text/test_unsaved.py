"""The text of a window that is gone is back in the next one."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tokviz.documents.decoding import Basis
from tokviz.documents.document_text import DocumentText
from tokviz.documents.unsaved import About, UnsavedTexts
from tokviz.documents.writing import WriteError
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.settings import KEEP_UNSAVED, Settings
from tokviz.ui.common.unsaved import UnsavedKeeper
from tokviz.ui.text.open_texts import OpenTexts, ViewState
from tokviz.ui.text.unsaved import UnsavedDocument
from tokviz.ui.tokens.document import Document, Origin


class Stage:
    """Shows nothing."""

    def view_state(self) -> ViewState:
        return ViewState((0, 0), (0, 0, 0), "o200k_base", SpecialTokens.PLAIN, {})

    def show_as(self, state: ViewState) -> None:
        """There is no view."""


class Session:
    """A window's document and what keeps it. ``crash`` leaves everything as a killed process does."""

    def __init__(self, folder: Path) -> None:
        self.document = Document()
        self.settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        self.texts = UnsavedTexts(folder / "unsaved")
        self.open = OpenTexts(self.document, Stage(), self.texts, self.settings, self.document)
        self.said: list[str] = []
        self.open.information.connect(self.said.append)
        self.open.problem.connect(self.said.append)

    def type(self, text: str) -> None:
        buffer = self.document.buffer
        buffer.replace(len(buffer), len(buffer), text.encode())

    @property
    def text(self) -> str:
        return self.document.buffer.snapshot().decode()

    def crash(self) -> None:
        # The lock of a process that is gone is nobody's.
        for tab in self.open._tabs:
            tab.keeper.close()

    @property
    def keeper(self) -> UnsavedKeeper:
        """What keeps the text in front."""
        return self.open._front.keeper


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr("tokviz.ui.common.unsaved._DELAY", 10)
    yield tmp_path


def _kept(session: Session) -> list[bytes]:
    return [session.texts.read(name)[1] for name in session.texts.names()]


def test_a_typed_text_is_written_soon_and_comes_back(folder: Path, qtbot: QtBot) -> None:
    first = Session(folder)
    first.type("naïve ")
    first.type("text")
    qtbot.waitUntil(lambda: _kept(first) == ["naïve text".encode()])
    first.crash()
    second = Session(folder)
    assert second.open.restore()
    assert (second.text, second.document.modified) == ("naïve text", True)
    assert second.said == ["The unsaved text of the last session is back."]


def test_a_restored_text_goes_on_being_kept(folder: Path, qtbot: QtBot) -> None:
    first = Session(folder)
    first.type("one")
    assert first.keeper.flush()
    first.crash()
    second = Session(folder)
    assert second.open.restore()
    second.type(" two")
    qtbot.waitUntil(lambda: _kept(second) == [b"one two"])
    second.document.show(b"", Origin())
    qtbot.waitUntil(lambda: _kept(second) == [])


def test_where_it_came_from_is_kept(folder: Path) -> None:
    first = Session(folder)
    origin = Origin(folder / "a.txt", "", "Windows-1252", 3, Basis.UNSURE, ("Windows-1250", "KOI8-R"))
    first.document.show(b"from a file", origin)
    first.type(", edited")
    assert first.keeper.flush()
    first.crash()
    second = Session(folder)
    assert second.open.restore()
    assert second.document.origin == origin


def test_what_is_not_edited_or_saved_is_not_kept(folder: Path, qtbot: QtBot) -> None:
    session = Session(folder)
    session.document.show(b"as opened", Origin(title="Sample"))
    assert session.keeper.flush()
    assert _kept(session) == []
    session.type(" edited")
    assert session.keeper.flush()
    assert _kept(session) == [b"as opened edited"]
    assert session.document.save(folder / "saved.txt") == ""
    qtbot.waitUntil(lambda: _kept(session) == [])


def test_a_text_of_a_window_that_is_open_is_left_alone(folder: Path) -> None:
    first, second = Session(folder), Session(folder)
    first.type("mine")
    assert first.keeper.flush()
    assert not second.open.restore()
    second.open.clear()
    assert _kept(first) == [b"mine"]


def test_of_several_the_last_one_comes_back_and_the_others_are_told(folder: Path) -> None:
    sessions = [Session(folder) for _ in range(3)]
    for number, session in enumerate(sessions):
        session.type(f"text {number}")
        assert session.keeper.flush()
    for session in sessions:
        session.crash()
    last = Session(folder)
    assert last.open.restore()
    assert last.text == "text 2"
    assert "2 more can be restored" in last.said[0]
    last.open.clear()
    assert _kept(last) == [b"text 2"]


def test_switched_off_nothing_is_written(folder: Path) -> None:
    session = Session(folder)
    session.type("text")
    assert session.keeper.flush()
    session.settings.set(KEEP_UNSAVED, False)
    session.open.switch(False)
    assert _kept(session) == []
    session.type(" more")
    assert not session.keeper.flush()
    assert _kept(session) == []


def test_an_edit_in_the_middle_of_a_copy_gives_no_mixture(folder: Path, qtbot: QtBot) -> None:
    session = Session(folder)
    session.type("a" * (9 << 20))
    steps = UnsavedDocument(session.document).copy([])
    next(steps)
    session.type("b")
    with pytest.raises(StopIteration):
        next(steps)
    qtbot.waitUntil(lambda: _kept(session) == [b"a" * (9 << 20) + b"b"], timeout=60_000)


def test_a_disk_that_is_full_is_told_once_and_never_taken_for_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(folder)

    def full(name: str, about: About, parts: Sequence[bytes]) -> None:
        raise WriteError("Cannot write: no space left on device.")

    monkeypatch.setattr(session.texts, "write", full)
    session.type("text")
    assert not session.keeper.flush()
    assert not session.keeper.flush()
    assert len(session.said) == 1
    assert "no space left" in session.said[0]


def test_a_damaged_one_is_told_and_the_next_comes_back(folder: Path) -> None:
    first = Session(folder)
    first.type("whole")
    assert first.keeper.flush()
    first.crash()
    (folder / "unsaved" / "zzz.unsaved").write_bytes(b"damaged")
    second = Session(folder)
    assert second.open.restore()
    assert second.text == "whole"
    assert any("damaged" in sentence for sentence in second.said)


def _three_texts(folder: Path) -> Session:
    session = Session(folder)
    for text in ("first", "second", "third"):
        session.open.new()
        session.type(text)
    session.open.show(1)
    return session


def test_all_texts_of_a_window_are_back_in_their_order_and_the_same_in_front(
    folder: Path, qtbot: QtBot
) -> None:
    first = _three_texts(folder)
    qtbot.waitUntil(lambda: sorted(_kept(first)) == [b"first", b"second", b"third"])
    qtbot.waitUntil(lambda: any((folder / "unsaved").glob("*.order")))
    first.open.move(2, 0)
    first.open._order.flush()
    first.crash()
    second = Session(folder)
    assert second.open.restore()
    assert [bytes(text.content.text.whole) for text in second.open.texts] == [b"third", b"first", b"second"]
    assert second.text == "second"
    assert second.said == ["The 3 unsaved texts of the last session are back."]
    second.type(" more")
    qtbot.waitUntil(lambda: b"second more" in _kept(second))
    second.open.end()
    third = Session(folder)
    assert third.open.restore()
    assert len(third.open.texts) == 3


def test_a_text_that_was_typed_after_its_tab_was_opened_comes_back_with_the_others(
    folder: Path, qtbot: QtBot
) -> None:
    first = Session(folder)
    first.type("first")
    first.open.new()
    first.open._order.flush()  # a moment passes before anything is typed
    first.type("second")
    qtbot.waitUntil(lambda: sorted(_kept(first)) == [b"first", b"second"])
    first.open._order.flush()
    first.crash()
    second = Session(folder)
    assert second.open.restore()
    assert second.said == ["The 2 unsaved texts of the last session are back."]
    assert second.text == "second"


def test_a_text_that_goes_behind_another_is_written_all_the_same(folder: Path, qtbot: QtBot) -> None:
    session = Session(folder)
    session.type("typed, and left at once")
    session.open.new()
    qtbot.waitUntil(lambda: _kept(session) == [b"typed, and left at once"])
    session.settings.set(KEEP_UNSAVED, False)
    session.open.switch(False)
    # It is there before the thread that wrote it has ended, and goes when that has.
    qtbot.waitUntil(lambda: _kept(session) == [])


def test_closing_the_window_keeps_texts_of_no_file_and_asks_for_edits_of_files(folder: Path) -> None:
    session = _three_texts(folder)
    session.document.show(b"of a file", Origin(folder / "a.txt"))
    session.type(", edited")
    asked: list[str] = []

    def refuse() -> bool:
        asked.append(session.text)
        return False

    session.open.show(2)
    assert not session.open.may_close(refuse)
    assert asked == ["of a file, edited"]
    assert session.open.may_close(lambda: True)
    assert sorted(_kept(session)) == [b"first", b"third"]


def test_the_order_of_texts_that_are_gone_is_removed(folder: Path) -> None:
    first = _three_texts(folder)
    first.open.end()
    second = Session(folder)
    second.open.clear()
    assert second.texts.beside("any") == (["any"], "any")
    assert list((folder / "unsaved").glob("*.order")) == []


def test_the_text_of_a_document_never_comes_back_as_the_document(folder: Path) -> None:
    first = Session(folder)
    path = folder / "a.pdf"
    first.document.show(b"from a document", Origin(path, document=DocumentText("PDF document", "page", 1, 0)))
    first.type(", edited")
    assert first.keeper.flush()
    first.crash()
    second = Session(folder)
    assert second.open.restore()
    assert second.document.origin == Origin(title="a.pdf")


def test_a_text_that_was_dropped_while_it_was_written_is_gone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    session = Session(folder)
    write, may_write = session.texts.write, threading.Event()

    def slow(name: str, about: About, parts: Iterable[bytes]) -> None:
        may_write.wait(20)
        write(name, about, parts)

    monkeypatch.setattr(session.texts, "write", slow)
    session.type("text")
    qtbot.waitUntil(lambda: session.keeper._thread is not None, timeout=20_000)
    session.keeper.forget()
    may_write.set()
    session.keeper.close()  # and no event comes any more
    assert _kept(session) == []


def test_a_discarded_text_is_kept_again_if_the_window_stays_after_all(folder: Path, qtbot: QtBot) -> None:
    session = Session(folder)
    session.document.show(b"file", Origin(folder / "a.txt"))
    session.type(", edited")
    assert session.open.may_close(lambda: True)
    assert _kept(session) == []
    session.open.stay()  # another page did not let the window go
    qtbot.waitUntil(lambda: _kept(session) == [b"file, edited"])
    other = Session(folder)
    assert not other.open.restore()


def test_a_restored_text_of_a_file_says_when_it_was_kept(folder: Path) -> None:
    first, path = Session(folder), folder / "a.txt"
    first.document.show(b"of a file", Origin(path))
    first.type(", edited")
    assert first.keeper.flush()
    kept = first.texts.time_of(first.keeper.name)
    first.crash()
    second, told = Session(folder), list[object]()
    second.open.restored.connect(lambda *what: told.extend(what))
    assert second.open.restore()
    assert told == [path, kept] and kept > 0
