"""Documents in the child process: limits, hostile files, and that nothing is run, written or connected to."""

import io
import os
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.documents.extraction.made import (
    WORD_SPACE,
    archive,
    docx,
    epub,
    open_document,
    paragraph,
    pdf,
    xlsx,
)
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.extraction import child
from tokviz.documents.extraction.formats import FORMATS
from tokviz.documents.extraction.output import DocumentError
from tokviz.documents.extraction.reader import DocumentReader
from tokviz.documents.reading import BinaryError, make_text, read_text

ENCRYPTED = struct.pack("<8s", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") + "EncryptedPackage".encode("utf-16-le")


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    with DocumentReader() as reader:
        yield reader


def refused(reader: DocumentReader, data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        reader.read(data)
    return str(caught.value)


def with_body(content: str) -> bytes:
    """A Word document whose main part is ``content``."""
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": content})


def test_one_process_reads_many_documents(reader: DocumentReader) -> None:
    processes = set()
    for number in range(3):
        found = reader.read(docx(paragraph(f"number {number}")))
        assert found and found.text == f"number {number}\n".encode()
        processes.add(reader._process)
    assert len(processes) == 1


def test_what_is_no_document_is_none(reader: DocumentReader) -> None:
    assert reader.read(archive({"a.txt": "x"})) is None


def test_its_units_are_told(reader: DocumentReader) -> None:
    found = reader.read(pdf(["one", "", "three"]))
    assert found and (found.format.name, found.count, found.empty) == ("PDF document", 3, 1)


def test_a_scan_says_that_it_holds_no_text(reader: DocumentReader) -> None:
    assert refused(reader, pdf(["", ""])) == "the 2 pages of the PDF document hold no text, as after scanning"
    assert refused(reader, pdf([""])) == "the only page of the PDF document holds no text, as after scanning"


PDF_ENCRYPTED = "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{0}>/U<{0}>>>/ID[<00><00>]".format("41" * 32)


def encrypted_member() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("[Content_Types].xml", "")
        made.writestr("word/document.xml", "x" * 20)
    data = bytearray(stream.getvalue())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(sign, start + 1)) >= 0:
            data[start + at] |= 1
    return bytes(data)


ODF_ENCRYPTED = archive(
    {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "x",
        "META-INF/manifest.xml": "<manifest><encryption-data/></manifest>",
    }
)


@pytest.mark.parametrize("data", [ENCRYPTED, pdf(["x"], PDF_ENCRYPTED), encrypted_member(), ODF_ENCRYPTED])
def test_what_is_encrypted_says_so(reader: DocumentReader, data: bytes) -> None:
    assert refused(reader, data).endswith("is encrypted")


def test_entities_that_grow_are_refused(reader: DocumentReader) -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 9))
    laughs = f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><w:document xmlns:w="{WORD_SPACE}">&l8;</w:document>'
    assert refused(reader, with_body(laughs)) == (
        "the Word document declares entities, which no such document does"
    )
    outside = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    assert "declares entities" in refused(reader, with_body(outside))


def test_deep_nesting_is_refused(reader: DocumentReader) -> None:
    deep = f'<w:document xmlns:w="{WORD_SPACE}">' + "<w:tbl>" * 100_000
    assert refused(reader, with_body(deep)) == "the Word document is nested too deeply"


def test_an_archive_that_unpacks_without_end_is_refused(reader: DocumentReader) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        with made.open("word/document.xml", "w") as member:
            member.write(f'<w:document xmlns:w="{WORD_SPACE}">'.encode())
            for _ in range(600):
                member.write(bytes(b" " * (1 << 20)))
    assert len(stream.getvalue()) < 2 << 20
    assert refused(reader, stream.getvalue()) == "the Word document unpacks to more than 512 MB"


def test_a_text_without_end_is_refused(reader: DocumentReader) -> None:
    row = '<table:table-row table:number-rows-repeated="1000">' + (
        '<table:table-cell table:number-columns-repeated="1000"><text:p>'
        + "x" * 1000
        + "</text:p></table:table-cell>"
    )
    body = f"<table:table>{row}</table:table-row></table:table>"
    assert refused(reader, open_document("spreadsheet", body)) == (
        "the OpenDocument spreadsheet holds more than 64 million characters of text"
    )


def test_sheets_that_span_too_much_are_refused_and_kill_nothing(reader: DocumentReader) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r={0}XFD1048576{0}><v>2</v></c></row>'
    assert "spans 17,179,869,184 cells" in refused(reader, xlsx({"A": far.format('"')}))
    # Written in another way it gets past that look, and takes the process with it, or its memory.
    assert (
        "Excel workbook" in (said := refused(reader, xlsx({"A": far.format("'")}))) or "reader stop" in said
    )
    assert reader.read(docx(paragraph("still here"))) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\ngarbage",
        docx(paragraph("x"))[:-30],
        with_body("<w:document"),
        archive({"mimetype": "application/epub+zip"}),
        archive({"mimetype": "application/vnd.oasis.opendocument.text"}),
        epub({})[:200],
    ],
)
def test_what_is_damaged_is_one_sentence(reader: DocumentReader, data: bytes) -> None:
    assert refused(reader, data).endswith(("is damaged", "is encrypted"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(0, 10_000), byte=st.integers(0, 255), which=st.integers(0, 3), cut=st.booleans())
def test_any_damage_is_a_text_or_one_sentence(
    reader: DocumentReader, where: int, byte: int, which: int, cut: bool
) -> None:
    data = bytearray(WHOLE[which])
    at = where % len(data)
    data[at] = byte
    try:
        reader.read(bytes(data[:at] if cut else data))
    except DocumentError as error:
        assert str(error).startswith("the ")
        assert "\n" not in str(error)


WHOLE = (
    docx(paragraph("one") + paragraph("two")),
    pdf(["a page", "another"]),
    xlsx({"A": '<row r="1"><c r="A1"><v>1</v></c></row>'}),
    epub({"a.xhtml": "<p>x</p>"}),
)


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr("tokviz.documents.extraction.reader.command_line", lambda *_: sleeper)
    started = time.monotonic()
    with DocumentReader(seconds=0.3) as reader:
        assert refused(reader, pdf(["x"])) == "the document takes longer than 0.3 seconds to read"
        assert reader._process is None
    assert time.monotonic() - started < 20


def test_what_is_not_wanted_any_more_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr("tokviz.documents.extraction.reader.command_line", lambda *_: sleeper)
    with DocumentReader(wanted=lambda: False) as reader, pytest.raises(DocumentError):
        reader.read(pdf(["x"]))


def test_a_reader_that_was_killed_is_started_again(reader: DocumentReader) -> None:
    reader.read(docx(paragraph("x")))
    assert reader._process
    reader._process.kill()
    reader._process.wait()
    assert reader.read(docx(paragraph("y")))


LIMITED = """
import sys
from tokviz.documents.extraction import child
child.limit_process()
try:
    {}
except (PermissionError, MemoryError, OSError) as error:
    print(type(error).__name__)
else:
    print("done")
"""


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("open({path!r}, 'w').write('x')", "PermissionError"),
        ("__import__('os').open({path!r}, 0o101)", "PermissionError"),
        ("__import__('os').remove({path!r})", "PermissionError"),
        ("__import__('socket').socket()", "PermissionError"),
        ("__import__('subprocess').run(['true'])", "PermissionError"),
        ("__import__('os').system('true')", "PermissionError"),
        ("bytearray(3 << 30)", "MemoryError"),
        ("open({path!r}).read()", "done"),
    ],
)
def test_the_process_writes_connects_and_starts_nothing(tmp_path: Path, what: str, expected: str) -> None:
    path = tmp_path / "file"
    path.write_text("text")
    if sys.platform == "win32" and "bytearray" in what:
        pytest.skip("Windows limits no memory")
    script = LIMITED.format(what.format(path=str(path)))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.strip() == expected, done.stderr
    assert path.read_text() == "text"


def test_what_a_library_prints_is_no_answer() -> None:
    frames = io.BytesIO()
    child.send(frames, b"\0" + docx(paragraph("x")))
    done = subprocess.run(
        [sys.executable, "-m", "tokviz", "--own-process", child.__name__],
        input=frames.getvalue(),
        capture_output=True,
        check=False,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(Path(child.__file__).parents[3])},
    )
    answer = child.receive(io.BytesIO(done.stdout))
    assert answer and answer.endswith(b"\0x\n")
    assert done.returncode == 0


def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    row = next(row for row in FORMATS if row.needs == "pypdfium2")
    with pytest.raises(DocumentError, match="can be read only with pypdfium2") as caught:
        row.extractor()
    assert caught.value.advice == "pip install pypdfium2"


# -- as texts of files -------------------------------------------------------------------------------------

DOCUMENTS = ReadOptions(document_text=True)


def test_a_document_is_text_only_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(["Hello"]))
    with pytest.raises(BinaryError, match=r"it is binary data \(a PDF document\)"):
        read_text(path)
    found = read_text(path, DOCUMENTS)
    assert found.text == b"Hello\n"
    assert (found.encoding, str(found.document)) == (
        "text of the PDF document",
        "text of the PDF document, 1 page",
    )
    assert not found.plain


def test_what_no_text_comes_of_names_file_and_reason() -> None:
    with pytest.raises(BinaryError) as caught:
        make_text(ENCRYPTED, "plan.docx", DOCUMENTS)
    assert (
        str(caught.value) == "Cannot read plan.docx: the document is encrypted; save it without a password."
    )


def test_markup_stays_source_unless_asked_for() -> None:
    html = b"<p>Hello <b>you</b></p>"
    assert make_text(html, "a.html", DOCUMENTS).text == html
    found = make_text(html, "a.html", ReadOptions(markup_text=True))
    assert (found.text, found.encoding) == (b"Hello you\n", "text of the HTML page")


def test_texts_and_other_archives_stay_what_they_are() -> None:
    assert make_text(b"plain", "a.pdf", DOCUMENTS).text == b"plain"
    with pytest.raises(BinaryError, match="a ZIP archive"):
        make_text(archive({"a.txt": "x"}), "a.zip", DOCUMENTS)


def test_equal_bytes_read_otherwise_have_other_fingerprints() -> None:
    prints = {
        options.fingerprint("a.html") for options in (ReadOptions(), DOCUMENTS, ReadOptions(markup_text=True))
    }
    assert len(prints) == 3


def test_compressed_in_another_way_is_refused(reader: DocumentReader) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("[Content_Types].xml", "")
        made.writestr("word/document.xml", "<x/>")
    assert "compressed in a way" in refused(reader, stream.getvalue())
