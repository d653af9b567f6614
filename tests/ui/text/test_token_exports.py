"""Copying and exporting tokens: what is written is what they are, and an edit meanwhile spoils nothing."""

import csv
import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.references import reference
from tests.ui.hosts import HereWorker, StillTokens, theme, worker_context
from tokviz.analysis.tokens.token_export import export_csv, export_json, ids_json, tokens_json
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.settings import Settings
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.token_exports import TokenExports
from tokviz.ui.tokens.document import Document, Origin
from tokviz.ui.tokens.shown_tokens import ShownTokens
from tokviz.ui.tokens.token_facts import TokenFacts

TEXT = "AI models are fascinating, ✓ 🏳️‍🌈 <script>&\r\n"


class Taken:
    """A text and its exports, with what they said."""

    def __init__(self, qtbot: QtBot, tmp_path: Path, text: str = TEXT) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        document = Document()
        document.show(text.encode(), Origin(title="A text"))
        self.view = TokenView(document.buffer, theme())
        qtbot.addWidget(self.view)
        owner = StillTokens(document.buffer, "o200k_base", SpecialTokens.PLAIN)
        shown = ShownTokens(document.buffer, owner, worker_context().registry, TokenFacts(HereWorker()))
        settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
        self.kept = (owner, shown, settings)
        self.document = document
        self.exports = TokenExports(shown, self.view, document, settings, theme(), self.window)
        self.said: list[str] = []
        self.exports.information.connect(self.said.append)
        self.exports.problem.connect(self.said.append)


@pytest.fixture
def taken(qtbot: QtBot, tmp_path: Path) -> Taken:
    return Taken(qtbot, tmp_path)


def ids(text: str) -> list[int]:
    return reference("o200k_base").encode_ordinary(text)


def test_ids_tokens_and_count_are_copied(taken: Taken, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    taken.exports.copy(ids_json)
    qtbot.waitUntil(lambda: len(taken.said) == 1)
    assert json.loads(clipboard.text()) == ids(TEXT)
    taken.exports.copy(tokens_json)
    qtbot.waitUntil(lambda: len(taken.said) == 2)
    parts = [
        t.encode() if isinstance(t, str) else bytes.fromhex(t["hex"]) for t in json.loads(clipboard.text())
    ]
    assert b"".join(parts) == TEXT.encode()
    taken.exports.copy_count()
    assert clipboard.text() == str(len(ids(TEXT)))


def test_of_a_selection_only_its_tokens_are_copied(taken: Taken, qtbot: QtBot) -> None:
    taken.view.select(3, 13)
    taken.exports.copy(ids_json)
    qtbot.waitUntil(lambda: len(taken.said) == 1)
    assert json.loads(QGuiApplication.clipboard().text()) == ids(" models are")


def test_files_are_written(taken: Taken, qtbot: QtBot, tmp_path: Path) -> None:
    for name, form in (("a.json", export_json), ("a.csv", export_csv), ("a.html", taken.exports.page)):
        taken.exports.save(tmp_path / name, form)
        qtbot.waitUntil((tmp_path / name).exists)
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["ids"] == ids(TEXT)
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
    assert [int(row["id"]) for row in rows] == ids(TEXT)
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<script>&" not in page
    assert "fascinating" in page


def test_a_place_that_cannot_be_written_is_one_sentence(taken: Taken, tmp_path: Path) -> None:
    taken.exports.save(tmp_path / "missing" / "a.json", export_json)
    assert taken.said[0].startswith(f"Cannot write {tmp_path / 'missing' / 'a.json'}")


def test_an_edit_meanwhile_leaves_the_old_file(qtbot: QtBot, tmp_path: Path) -> None:
    taken = Taken(qtbot, tmp_path, TEXT * 20_000)
    path = tmp_path / "old.json"
    path.write_text("old")
    taken.exports.save(path, export_json)
    taken.document.buffer.replace(0, 0, b"x")
    assert "edited" in taken.said[0]
    assert not taken.exports.doing
    qtbot.wait(50)
    assert path.read_text() == "old"
