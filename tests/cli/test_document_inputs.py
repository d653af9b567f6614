"""Documents on the command line: a named one as its text, in a folder only where that is asked for."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tests.documents.extraction.made import docx, paragraph, pdf, pptx, shape

COUNTING = ("--tokenizer", "r50k_base")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.pdf").write_bytes(pdf(["Hello world", "again"]))
    (tmp_path / "b.docx").write_bytes(docx(paragraph("Hello world")))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (tmp_path / "page.html").write_text("<p>Hello <b>world</b></p>\n")
    (tmp_path / "plain.txt").write_text("Hello world\n")
    return tmp_path


def test_a_named_document_is_counted_as_its_text(command: Runner, folder: Path) -> None:
    outcome = command("count", str(folder / "b.docx"), *COUNTING)
    assert outcome.code == 0, outcome.err
    plain = command("count", str(folder / "plain.txt"), *COUNTING)
    assert _tokens(outcome.out) == _tokens(plain.out) == "3"
    assert f"{folder / 'b.docx'}, text of the Word document: " in outcome.out
    # Its bytes are those of the archive, of which a token has no share.
    assert "Bytes per token" not in outcome.out or "4.00" not in outcome.out


def _tokens(out: str) -> str:
    return next(line.split()[1] for line in out.splitlines() if line.startswith("r50k_base"))


def test_json_says_what_the_text_was_made_of(command: Runner, folder: Path) -> None:
    answer = json.loads(command("count", str(folder / "a.pdf"), "--json", *COUNTING).out)
    assert answer["texts_of_documents"] == 1
    assert answer["paths"][0]["text_of_document"] == {
        "format": "PDF document",
        "unit": "page",
        "count": 2,
        "without_text": 0,
    }


def test_a_document_through_a_pipe(command: Runner, folder: Path) -> None:
    outcome = command("count", "-", *COUNTING, piped=(folder / "b.docx").read_bytes())
    assert outcome.code == 0, outcome.err
    assert "standard input, text of the Word document: " in outcome.out


def test_a_folder_stays_what_it_is_unless_documents_are_asked_for(command: Runner, folder: Path) -> None:
    without = json.loads(command("count", str(folder), "--json", *COUNTING).out)
    assert without["files"] == 2
    assert "texts_of_documents" not in without
    outcome = command("count", str(folder), "--documents", "--json", *COUNTING)
    answer = json.loads(outcome.out)
    assert (answer["files"], answer["texts_of_documents"]) == (4, 2)
    reasons = {row["path"]: row["reason"] for row in answer["skipped"]}
    assert reasons[str(folder / "broken.pdf")] == "the PDF document is damaged"
    shown = command("count", str(folder), "--documents", *COUNTING).out
    assert "4 files (2 texts of documents)" in shown
    assert f"{folder / 'a.pdf'}: text of the PDF document, 2 pages" in shown


def test_markup_is_text_where_that_is_asked_for(command: Runner, folder: Path) -> None:
    page = str(folder / "page.html")
    source = command("count", page, *COUNTING).out
    text = command("count", page, "--as-text", *COUNTING).out
    assert int(_tokens(source)) > int(_tokens(text)) == 3
    assert "text of the HTML page" in text


def test_a_document_that_cannot_be_read_is_one_sentence(command: Runner, folder: Path) -> None:
    outcome = command("count", str(folder / "broken.pdf"), *COUNTING)
    assert outcome.code == 1
    assert f"Cannot read {folder / 'broken.pdf'}: the PDF document is damaged." in outcome.err
    scan = folder / "scan.pdf"
    scan.write_bytes(pdf(["", ""]))
    assert "hold no text" in command("count", str(scan), *COUNTING).err


def test_other_commands_read_documents_too(command: Runner, folder: Path) -> None:
    slides = folder / "talk.pptx"
    slides.write_bytes(pptx([shape("Hello world")]))
    outcome = command("tokens", str(slides), *COUNTING)
    assert outcome.code == 0, outcome.err
    assert outcome.out == "15496 995 198\n"


def test_a_pack_holds_the_texts_of_documents(command: Runner, folder: Path) -> None:
    pack = folder.parent / "pack.md"
    outcome = command("count", str(folder), "--documents", "--pack", str(pack), *COUNTING)
    assert outcome.code == 0, outcome.err
    assert "Hello world\n\nagain" in pack.read_text()


def test_what_is_read_as_bytes_stays_bytes(command: Runner, folder: Path) -> None:
    answer = json.loads(command("count", str(folder / "a.pdf"), "--text", "--json", *COUNTING).out)
    assert "texts_of_documents" not in answer


def test_a_folder_with_one_document_is_not_called_by_it(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(paragraph("word")))
    outcome = command("count", str(tmp_path), "--documents", "--tokenizer", "r50k_base")
    assert outcome.out.startswith(f"{tmp_path}: 1 file (1 text of documents), ")
    (tmp_path / "a.docx").unlink()
    (tmp_path / "a.txt").write_text("word")
    assert command("count", str(tmp_path), "--tokenizer", "r50k_base").out.startswith(f"{tmp_path}: 1 file, ")
