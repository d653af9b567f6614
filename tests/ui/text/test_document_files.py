"""Documents on the text page: opened as a copy of their text, which never replaces the document."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.documents.extraction.made import docx, paragraph, pdf
from tests.ui.hosts import HereWorker
from tokviz.ui.common.settings import Settings
from tokviz.ui.text import files as module
from tokviz.ui.text.files import DocumentFiles
from tokviz.ui.text.reading_status import ReadingStatus
from tokviz.ui.tokens.document import Document
from tokviz.worker.text_jobs import ReadDocument


@pytest.fixture
def document() -> Document:
    return Document()


@pytest.fixture
def files(document: Document, tmp_path: Path, qtbot: QtBot) -> DocumentFiles:
    window = QWidget()
    qtbot.addWidget(window)
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    return DocumentFiles(document, HereWorker(), settings, window)  # type: ignore[arg-type]


def opened(files: DocumentFiles, path: Path, document: Document, qtbot: QtBot) -> str:
    with qtbot.waitSignal(document.origin_changed, timeout=60_000):
        files.open(path)
    return document.buffer.snapshot().decode()


def test_a_document_opens_as_its_text_and_says_so(
    files: DocumentFiles, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    path, said = tmp_path / "plan.pdf", list[str]()
    path.write_bytes(pdf(["First page", "Second"]))
    files.information.connect(said.append)
    status = ReadingStatus(document, QMenu())
    qtbot.addWidget(status)
    assert opened(files, path, document, qtbot) == "First page\n\nSecond\n"
    assert said == [
        "This is the text of the PDF document, 2 pages: a copy, which is saved by a name of its own."
    ]
    assert status.encoding.text() == "text of the PDF document, 2 pages"
    assert not status.encoding.isEnabled()


def test_saving_asks_for_another_name_and_never_takes_the_documents_own(
    files: DocumentFiles, document: Document, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked, problems = tmp_path / "plan.docx", list[Path](), list[str]()
    data = docx(paragraph("Hello"))
    path.write_bytes(data)
    files.problem.connect(problems.append)
    opened(files, path, document, qtbot)
    document.buffer.replace(0, 0, b"edited ")

    def answer(_window: QWidget, _settings: Settings, _title: str, where: Path, *_: object) -> Path:
        asked.append(where)
        return answers.pop()

    answers = [tmp_path / "copy.txt", path]
    monkeypatch.setattr(module, "ask_where", answer)
    assert not files.save()
    assert problems == ["plan.docx is the document itself; save its text by another name."]
    assert files.save()
    assert asked == [tmp_path / "plan.docx.txt"] * 2
    assert path.read_bytes() == data
    assert (tmp_path / "copy.txt").read_bytes() == b"edited Hello\n"
    # From now on it is a text of its own.
    document.buffer.replace(0, 0, b"and ")
    assert files.save()
    assert len(asked) == 2


def test_a_document_that_cannot_be_read_is_one_sentence(
    files: DocumentFiles, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([""]))
    with qtbot.waitSignal(files.problem, timeout=60_000) as blocker:
        files.open(path)
    said = "the only page of the PDF document holds no text, as after scanning"
    assert blocker.args == [f"Cannot read {path}: {said}; have its text recognized (OCR) first."]


def test_html_is_source_until_its_text_is_asked_for(
    files: DocumentFiles, document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    path, menu = tmp_path / "page.html", QMenu()
    path.write_text("<p>Hello <b>you</b></p>")
    assert opened(files, path, document, qtbot) == "<p>Hello <b>you</b></p>"
    files.fill_encodings(menu)
    entry = menu.actions()[0]
    assert (entry.text(), entry.isChecked()) == ("As the &Text of the HTML page", False)
    with qtbot.waitSignal(document.origin_changed, timeout=60_000):
        entry.trigger()
    assert document.buffer.snapshot() == b"Hello you\n"
    files.fill_encodings(menu)
    entry = menu.actions()[0]
    assert entry.isChecked()
    with qtbot.waitSignal(document.origin_changed, timeout=60_000):
        entry.trigger()
    assert document.buffer.snapshot() == b"<p>Hello <b>you</b></p>"


def test_reading_a_document_delays_no_quick_job() -> None:
    assert ReadDocument.long
