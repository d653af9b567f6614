"""Compound files: workbooks are read, of others it is said what they are and what helps."""

import pytest

from tests.documents.extraction.made import compound, xls
from tests.documents.extraction.test_formats import extracted
from tokviz.documents.binary_formats import binary_format
from tokviz.documents.extraction.formats import may_be_document, recognize
from tokviz.documents.extraction.output import DocumentError, Units
from tokviz.documents.extraction.reader import DocumentReader


def test_an_old_workbook_is_read() -> None:
    data = xls({"One": [["Größe", 1.5], ["", 20.0]], "Two": [["日本"]], "None": []})
    assert extracted(data) == ("# One\n\nGröße\t1.5\n\t20\n\n# Two\n\n日本\n", Units(3, 1))


@pytest.mark.parametrize(
    ("stream", "said", "advice"),
    [
        ("__nameid_version1.0", "it is an Outlook message", "save it as .eml or .txt"),
        ("WordDocument", "it is a Word document of before 2007", "save it as .docx"),
        ("PowerPoint Document", "it is a PowerPoint presentation of before 2007", "save it as .pptx"),
        ("EncryptedPackage", "the {format} is encrypted", "save it without a password"),
    ],
)
def test_what_is_not_read_says_what_helps(stream: str, said: str, advice: str) -> None:
    # What is embedded does not tell what it is.
    data = compound({stream: b"x", "Workbook": b"x"})
    assert may_be_document(data)
    with pytest.raises(DocumentError, match=said) as caught:
        recognize(data)
    assert caught.value.advice == advice


def test_a_workbook_with_a_document_in_it_is_one() -> None:
    data = bytearray(compound({"Workbook": b"x", "WordDocument": b"x"}))
    root = data.index("Root Entry".encode("utf-16-le"))
    data[root + 80 : root + 84] = (0x00020820).to_bytes(4, "little")
    found = recognize(bytes(data))
    assert found and found.name == "old Excel workbook"


def test_another_compound_file_and_damaged_workbooks() -> None:
    other = compound({"Catalog": b"x"})
    assert not may_be_document(other) and recognize(other) is None and binary_format(other)
    with DocumentReader() as reader:  # the library may end its process
        for cut in (1200, 1700, 6000):
            with pytest.raises(DocumentError, match="damaged"):
                reader.read(xls({"One": [["a"] * 40] * 40})[:cut], None)
