"""Text that a document hides is no text of it: nobody knows that it is there who sends it on."""

from tests.documents.extraction.made import docx, open_document
from tests.documents.extraction.test_formats import text_of


def test_hidden_characters_of_word() -> None:
    run = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>"
    body = (
        "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>"
        + run.format("", "seen ")
        + run.format("<w:vanish/>", "hidden ")
        + run.format('<w:vanish w:val="0"/>', "too")
        + "</w:p>"
    )
    assert text_of(docx(body)) == "seen too\n"


def test_hidden_characters_and_paragraphs_of_open_document() -> None:
    style = '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    body = (
        '<text:p>seen <text:span text:style-name="H">hidden <text:span text:style-name="X">as well '
        '</text:span></text:span>too</text:p><text:p text:style-name="H">hidden</text:p>'
    )
    found = open_document("text", body, stylesdotxml=f'<s xmlns:style="s" xmlns:text="t">{style}</s>')
    assert text_of(found) == "seen too\n"


def test_hidden_elements_of_html() -> None:
    page = (
        '<div style="font: x; display:none; color: red">preview <div>of</div> the mail</div><p>seen</p>'
        '<span hidden>no</span><span style="display: inline">yes</span><p style="display:none">open<p>end'
    )
    assert text_of(page.encode(), "a.html") == "seen\n\nyes\n\nopen\n\nend\n"
