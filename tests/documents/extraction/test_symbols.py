"""Characters of symbol fonts are the ones that they look like."""

import pytest

from tests.documents.extraction.made import docx
from tests.documents.extraction.test_formats import text_of
from tokviz.documents.extraction.symbols import symbol


def test_a_symbol_of_word_is_read() -> None:
    sign = '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>'
    hidden = '<w:r><w:rPr><w:vanish/></w:rPr><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    body = f"<w:p><w:r><w:t>in </w:t></w:r>{sign}{hidden}<w:r><w:t> out</w:t></w:r></w:p>"
    assert text_of(docx(body)) == "in → out\n"


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Symbol", "F061", "α"),
        ("Symbol", "F0B7", "•"),
        ("Symbol", "61", "α"),
        ("Wingdings", "F0FC", "✓"),
        ("wingdings 2", "F052", "☑"),
        ("Wingdings", "F081", "①"),
        ("Segoe UI Symbol", "2713", "✓"),
        ("Own Font", "F041", "\uf041"),
        ("Symbol", "D800", ""),
        ("Symbol", "0", ""),
        ("Symbol", "FFFFFFFFF", ""),
        ("Symbol", "x", ""),
        ("Symbol", "-1", ""),
    ],
)
def test_by_font_and_number(font: str, code: str, shown: str) -> None:
    assert symbol(font, code) == shown
