"""The open file's encoding is shown, can be corrected, and the correction is remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.documents.texts import TEXTS
from tokviz.documents.encodings import find_encoding
from tokviz.ui.common.chosen_encodings import ChosenEncodings
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.text.files import DocumentFiles
from tokviz.ui.text.reading_status import ReadingStatus
from tokviz.ui.tokens.document import Document


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def open_file(tmp_path: Path, settings: Settings, qtbot: QtBot) -> Iterator["OpenFile"]:
    worker = Worker()
    yield OpenFile(tmp_path, settings, worker, qtbot)
    worker.close()


class OpenFile:
    """A document with its files and what is shown of their encoding."""

    def __init__(self, folder: Path, settings: Settings, worker: Worker, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.document = Document()
        self.menu = QMenu()
        self.status = ReadingStatus(self.document, self.menu)
        qtbot.addWidget(self.status)
        self.files = DocumentFiles(self.document, worker, settings, self.status)
        self.menu.aboutToShow.connect(lambda: self.files.fill_encodings(self.menu))
        self.told: list[str] = []
        self.files.information.connect(self.told.append)

    def open(self, path: Path) -> None:
        self.files.open(path)
        self.settle()

    def choose(self, name: str) -> None:
        self.menu.aboutToShow.emit()
        entries = [entry for menu in (self.menu, *self.menu.findChildren(QMenu)) for entry in menu.actions()]
        entry = next(entry for entry in entries if entry.text() == name)
        entry.trigger()
        self.settle()

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: not self.files.reading, timeout=60_000)

    @property
    def text(self) -> str:
        return bytes(self.document.buffer.snapshot()).decode()


def test_a_guess_is_shown_corrected_and_remembered(open_file: OpenFile, tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("Größe\r\n".encode("cp850"))
    open_file.open(path)
    assert "(unsure)" in open_file.status.encoding.text() or "(guessed)" in open_file.status.encoding.text()
    open_file.choose("CP850")
    assert open_file.text == "Größe\r\n"
    assert open_file.status.encoding.text() == "CP850"
    assert "Chosen" in open_file.status.encoding.toolTip()
    other = tmp_path / "other.txt"
    other.write_text("other\n", encoding="utf-8")
    open_file.open(other)
    assert open_file.status.encoding.text() == "UTF-8"
    open_file.open(path)
    assert open_file.text == "Größe\r\n"
    open_file.choose("&Find Out")
    assert "Chosen" not in open_file.status.encoding.toolTip()


def test_line_ends_are_told_and_follow_edits(open_file: OpenFile, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "dos.txt"
    path.write_bytes(b"a\r\nb\r\n")
    open_file.open(path)
    qtbot.waitUntil(lambda: open_file.status.line_ends.text() == "CRLF")
    open_file.document.buffer.replace(0, 0, b"x\n")
    qtbot.waitUntil(lambda: open_file.status.line_ends.text() == "mixed")
    assert open_file.status.line_ends.toolTip() == "Line ends: CRLF: 2, LF: 1"


def test_a_crlf_between_two_slices_is_one_line_end(open_file: OpenFile, qtbot: QtBot) -> None:
    open_file.document.buffer.load(b"x" * ((1 << 20) - 1) + b"\r\n")
    qtbot.waitUntil(lambda: open_file.status.line_ends.text() == "CRLF")


def test_what_little_tells_is_said_with_what_to_do(open_file: OpenFile, tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_bytes(b"ab\xe0\xe8 cd\n")
    open_file.open(path)
    assert "it may be" in open_file.told[-1]
    assert "Reopen with Encoding" in open_file.told[-1]


def test_a_folder_has_a_default_for_what_is_not_utf8(
    settings: Settings, open_file: OpenFile, tmp_path: Path
) -> None:
    ChosenEncodings(settings).set(tmp_path, find_encoding("koi8-r"))
    path, plain = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_bytes("да".encode("koi8-r"))
    plain.write_text("grün да\n", encoding="utf-8")
    open_file.open(path)
    assert open_file.text == "да"
    open_file.open(plain)
    assert open_file.text == "grün да\n"


def test_choices_survive_names_that_are_not_utf8_and_damaged_settings(settings: Settings) -> None:
    chosen, path = ChosenEncodings(settings), Path("/x/\udcff.txt")
    chosen.set(path, find_encoding("big5"))
    assert chosen.get(path) == find_encoding("big5")
    assert chosen.for_file(Path("/x/other")).encoding is None
    settings.set("encodings/names", ["no-such"])
    assert chosen.get(path) is None
    settings.set("encodings/names", ["a", "b"])
    assert chosen.get(path) is None


def test_the_whole_text_reads_as_written(open_file: OpenFile, tmp_path: Path) -> None:
    path = tmp_path / "ja.txt"
    path.write_bytes(TEXTS["ja"].encode("euc_jp"))
    open_file.open(path)
    assert open_file.text == TEXTS["ja"]
