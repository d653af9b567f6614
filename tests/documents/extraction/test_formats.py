"""What each format's text looks like: order, headings, lists, tables, notes."""

from collections.abc import Callable

import pytest

from tests.documents.extraction import made
from tests.documents.extraction.made import docx, epub, open_document, paragraph, pdf, pptx, shape, xls, xlsx
from tests.speaking import speaking
from tokviz import language
from tokviz.documents.binary_formats import binary_format
from tokviz.documents.document_text import DocumentText, encoding_words
from tokviz.documents.extraction.formats import (
    FORMATS,
    DocumentFormat,
    markup_format,
    may_be_document,
    recognize,
)
from tokviz.documents.extraction.output import DocumentError, Output, Units

STYLES = (
    '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Sub"><w:basedOn w:val="H1"/><w:name w:val="My heading"/></w:style>'
    '<w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="LB2"><w:name w:val="List Bullet 2"/><w:numId w:val="1"/></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)


def text_of(data: bytes, name: str = "") -> str:
    """The text, here and not in a process of its own."""
    return extracted(data, name)[0]


def extracted(data: bytes, name: str = "") -> tuple[str, Units]:
    found = markup_format(name) if name else recognize(data)
    assert found is not None
    output = Output()
    units = found.extractor()(data, output)
    return output.text(), units


def item(text: str, number: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def test_word_has_headings_by_style_by_ancestor_and_by_outline() -> None:
    body = (
        paragraph("One", style("H1"))
        + paragraph("Two", style("Sub"))
        + paragraph("Three", '<w:outlineLvl w:val="2"/>')
        + paragraph("Body &amp; soul")
    )
    assert text_of(docx(body, styles=STYLES)) == "# One\n\n# Two\n\n### Three\n\nBody & soul\n"


def test_word_has_lists_that_count_and_start_again() -> None:
    body = item("a", 2) + item("b", 2) + item("b1", 2, 1) + item("b2", 2, 1) + item("c", 2) + item("c1", 2, 1)
    body += paragraph("Between") + item("dot", 1) + paragraph("deeper", style("LB2")) + item("none", 0)
    assert text_of(docx(body, styles=STYLES, numbering=NUMBERING)) == (
        "3. a\n4. b\n  1. b1\n  2. b2\n5. c\n  1. c1\n\nBetween\n\n- dot\n  - deeper\n\nnone\n"
    )


def test_word_has_tables_in_their_place_with_nested_and_wide_cells() -> None:
    def cell(content: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"

    wide = '<w:gridSpan w:val="2"/>'
    nested = f"<w:tbl><w:tr>{cell(paragraph('in'))}{cell(paragraph('side'))}</w:tr></w:tbl>"
    rows = (
        f"<w:tr>{cell(paragraph('wide'), wide)}{cell(paragraph('x'))}</w:tr>"
        f"<w:tr>{cell(paragraph('two') + paragraph('lines'))}{cell(nested)}{cell(paragraph(''))}</w:tr>"
    )
    body = paragraph("Before") + f"<w:tbl>{rows}</w:tbl>" + paragraph("After")
    assert text_of(docx(body)) == "Before\n\nwide\t\tx\ntwo lines\tin side\n\nAfter\n"


def test_word_leaves_out_what_was_deleted_and_what_stands_twice() -> None:
    runs = (
        "<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t><w:noBreakHyphen/></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        '<w:r><mc:AlternateContent xmlns:mc="mc"><mc:Choice><w:txbxContent>'
        "<w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert text_of(docx(runs)) == "new\ttab\nline-\n\nbox\n"


def test_word_has_its_notes_at_the_end_in_the_order_of_the_text() -> None:
    body = (
        '<w:p><w:r><w:t>See</w:t><w:footnoteReference w:id="7"/></w:r></w:p>'
        '<w:p><w:r><w:t>and</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    )
    notes = "".join(
        f'<w:footnote w:id="{i}">{paragraph(text)}</w:footnote>'
        for i, text in ((-1, "a line"), (2, "second"), (7, "first"))
    )
    assert text_of(docx(body, footnotes=notes)) == "See[^1]\n\nand[^2]\n\n[^2]: second\n\n[^1]: first\n"


def test_powerpoint_goes_slide_by_slide_with_notes() -> None:
    table = "<a:tbl><a:tr><a:tc>{}</a:tc><a:tc>{}</a:tc></a:tr></a:tbl>".format(
        *(f"<a:txBody><a:p><a:r><a:t>{word}</a:t></a:r></a:p></a:txBody>" for word in ("l", "r"))
    )
    slides = [
        shape("Agenda", "title") + shape("one\n  inner", "body") + shape("7", "sldNum"),
        shape("Free text") + table,
        "<p:pic/>",
    ]
    text, units = extracted(pptx(slides, {0: "Say hello"}))
    assert text == "# Agenda\n\n- one\n  - inner\n\nNotes: Say hello\n\nFree text\n\nl\tr\n"
    assert units == Units(3, 1)


def test_excel_shows_values_as_they_are_meant() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Item</t></is></c><c r="C1"><v>2.5</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3" s="1"><v>46024</v></c><c r="C3" t="b"><v>1</v></c>'
        '<c r="D3"><f>0.1+0.2</f><v>0.30000000000000004</v></c></row>'
    )
    text, units = extracted(xlsx({"Sales": rows, "Empty": ""}))
    assert text == "# Sales\n\nItem\t\t2.5\n3\t2026-01-02\tTRUE\t0.3\n"
    assert units == Units(2, 1)


def test_excel_does_not_hold_what_lies_too_far_apart() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576">{}</c></row>'
    with pytest.raises(DocumentError, match="spans 17,179,869,184 cells"):
        text_of(xlsx({"A": far.format("<v>2</v>")}))
    styled = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert text_of(xlsx({"A": styled})) == "# A\n\n1\n"


def test_open_document_text() -> None:
    body = (
        '<text:h text:outline-level="2">Head</text:h>'
        "<text:p>A<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d<text:note><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>noted</text:p></text:note-body></text:note> on</text:p>"
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        "<text:list><text:list-item><text:p>x</text:p><text:p>more</text:p>"
        "<text:list><text:list-item><text:p>y</text:p></text:list-item></text:list></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>"
        "<table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert text_of(open_document("text", body)) == (
        "## Head\n\nA  b\tc\nd[^1] on\n\n- x\n\nmore\n\n  - y\n\n1\t2\n\n[^1]: noted\n"
    )


def test_a_text_box_in_a_paragraph_stands_apart_from_what_follows_it() -> None:
    box = "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    boxes = box.format("Left") + box.format("Right")
    body = f"<text:p>{boxes} after <text:s/></text:p><text:p>a{box.format('b')}</text:p>"
    assert text_of(open_document("text", body)) == "Left\nRight\nafter\n\na\nb\n"


def test_open_document_keeps_the_blanks_of_every_style_that_descends_from_preformatted_text() -> None:
    def styles(element: str, parents: dict[str, str]) -> str:
        told = (
            f"<s:style s:name='{name}' s:parent-style-name='{parent}'/>" for name, parent in parents.items()
        )
        return f"<o:{element} xmlns:o='o' xmlns:s='s' xmlns:t='t'>{''.join(told)}"

    own = styles("document-styles", {"Deeper": "Code", "Code": "Preformatted_20_Text", "Body": "Standard"})
    lines = [f"<t:p t:style-name='{style}'>{style}<t:s t:c='4'/>x</t:p>" for style in ("P1", "P2", "P3")]
    content = styles("document-content", {"P1": "Deeper", "P2": "Deeper", "P3": "Body"})
    body = f"<o:body><o:text>{''.join(lines)}</o:text></o:body></o:document-content>"
    data = open_document("text", "", stylesdotxml=f"{own}</o:document-styles>", contentdotxml=content + body)
    assert text_of(data) == "P1    x\nP2    x\n\nP3    x\n"


def test_open_document_spreadsheet_writes_no_million_of_empty_rows() -> None:
    body = (
        '<table:table table:name="Budget"><table:table-row>'
        "<table:table-cell><text:p>a</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"><text:p>b</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        '<table:table table:name="Empty"/>'
    )
    text, units = extracted(open_document("spreadsheet", body))
    assert text == "# Budget\n\na\tb\tb\n"
    assert units == Units(2, 1)


def test_open_document_presentation() -> None:
    body = (
        '<draw:page><draw:frame presentation:class="title"><draw:text-box>'
        "<text:p>Title</text:p></draw:text-box></draw:frame>"
        "<presentation:notes><draw:frame><draw:text-box><text:p>say it</text:p></draw:text-box></draw:frame>"
        "</presentation:notes></draw:page><draw:page/>"
    )
    text, units = extracted(open_document("presentation", body))
    assert text == "# Title\n\nNotes: say it\n"
    assert units == Units(2, 1)


def test_epub_reads_its_chapters_in_the_order_of_the_spine() -> None:
    text, units = extracted(epub({"b%20c.xhtml": "<h1>Last</h1>", "a.xhtml": "<p>First &nbsp;one</p>"}))
    assert text == "First \xa0one\n\n# Last\n"
    assert units == Units(2)


def test_epub_reads_a_file_once_whose_sections_the_spine_names() -> None:
    named = {"a.xhtml": "<p>First</p>", "a.xhtml#s1": "", "a.xhtml#s2": "", "b.xhtml": "<p>Last</p>"}
    text, units = extracted(epub(dict(reversed(named.items()))))
    assert text == "First\n\nLast\n"
    assert units == Units(2)


def test_epub_that_is_copy_protected_says_so() -> None:
    with pytest.raises(DocumentError, match="copy-protected"):
        text_of(epub({"a.xhtml": "<p>x</p>"}, encrypted="a.xhtml"))


def test_pdf_goes_page_by_page() -> None:
    text, units = extracted(pdf(["Hello page one", "", "Page three"]))
    assert text == "Hello page one\n\nPage three\n"
    assert units == Units(3, 1)


def test_pdf_has_what_was_filled_in_and_typed_over() -> None:
    fields = (
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Name)/V(Alice)/Rect[0 0 9 9]>>"
        "<</Type/Annot/Subtype/Widget/FT/Btn/T(Tick)/V/Yes/Rect[0 0 9 9]>>"
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Empty)/Rect[0 0 9 9]>>"
        "<</Type/Annot/Subtype/FreeText/Contents(Seen by Bob)/Rect[0 0 9 9]>>"
    )
    text, units = extracted(pdf(["Form", ""], annotations=fields))
    filled = "Name: Alice\nSeen by Bob"
    assert text == f"Form\n\n{filled}\n{filled}\n"
    assert units == Units(2)


def test_html_shows_what_a_browser_shows() -> None:
    html = (
        b"<!DOCTYPE html><html><head><title>T</title><style>p {}</style></head><body><h2>Head</h2>"
        b"<p>One\n two <b>bold</b>&amp;<br>next</p><script>var x = '<p>';</script>"
        b"<ol><li>a<li>b<ul><li>c</ul></ol><pre>  code\n   more</pre>"
        b"<table><tr><th>h<td>d<table><tr><td>in</table><tr><td>e</table>tail</body></html>"
    )
    assert text_of(html, "page.html") == (
        "## Head\n\nOne two bold&\nnext\n\n1. a\n2. b\n  - c\n\n  code\n   more\n\nh\td in\ne\n\ntail\n"
    )


def test_rtf_has_its_accents_and_emoji() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252 Caf\'e9 \u8364? \u-10179?\u-8704?\par End\par}"
    assert text_of(rtf, "a.RTF") == "Café € 😀\nEnd\n"


def test_mail_shows_headers_the_plain_body_and_what_is_attached() -> None:
    mail = (
        b"From: Ann <a@x.org>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
        b"Content-Type: multipart/alternative; boundary=C\r\n\r\n"
        b"--C\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Hallo =E2=82=AC\r\n--C\r\nContent-Type: text/html\r\n\r\n<p>Hallo</p>\r\n--C--\r\n--B\r\n"
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n"
        b"xx\r\n--B--\r\n"
    )
    assert text_of(mail, "a.eml") == "From: Ann <a@x.org>\nSubject: Grüße\n\nHallo €\n\nAttachment: a.pdf\n"


@pytest.mark.parametrize("name", ["page.html", "PAGE.HTM", "a.rtf", "a.eml"])
def test_what_is_text_itself_is_known_by_its_name_alone(name: str) -> None:
    assert markup_format(name) is not None
    assert markup_format("a.txt") is None


SAMPLES: dict[str, Callable[[], bytes]] = {
    "Word document": lambda: docx(paragraph("x")),
    "PowerPoint presentation": lambda: pptx([shape("x")]),
    "Excel workbook": lambda: xlsx({"A": '<row r="1"><c r="A1"><v>1</v></c></row>'}),
    "old Excel workbook": lambda: xls({"A": [["x"]]}),
    "OpenDocument text": lambda: open_document("text", "<text:p>x</text:p>"),
    "OpenDocument spreadsheet": lambda: open_document("spreadsheet", ""),
    "OpenDocument presentation": lambda: open_document("presentation", ""),
    "EPUB book": lambda: epub({"a.xhtml": "<p>x</p>"}),
    "PDF document": lambda: b"\xef\xbb\xbf" + pdf(["x"]),
}


def test_every_document_is_recognized_by_its_content() -> None:
    found = {}
    for name, make in SAMPLES.items():
        data = make()
        assert may_be_document(data)
        row = recognize(data)
        found[name] = row.name if row else ""
    assert found == {row.name: row.name for row in FORMATS if not row.markup}


def test_a_pdf_from_a_printer_queue_is_one() -> None:
    """PJL stands around what was printed to a file."""
    before = b"\x1b%-12345X@PJL JOB\r\n@PJL SET RESOLUTION=600\r\n@PJL ENTER LANGUAGE=PDF\r\n"
    data = before + pdf(["Hello page one"]) + b"\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X"
    assert may_be_document(data)
    assert extracted(data)[0] == "Hello page one\n"
    assert binary_format(data) == "a PDF document"
    assert not may_be_document(b"\x1b%-12345X@PJL ENTER LANGUAGE=PCL\r\n" + b"x" * 2000 + pdf(["x"]))


def test_another_archive_and_a_text_about_pdf_are_no_documents() -> None:
    assert recognize(made.archive({"a.txt": "x"})) is None
    assert not may_be_document(made.archive({"a.txt": "x"}))
    assert recognize(made.archive({"[Content_Types].xml": "", "lib/a.dll": "x"})) is None
    assert not may_be_document(b"A PDF begins with %PDF-1.7")


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_people_read_what_a_text_was_made_of_in_their_language(row: DocumentFormat) -> None:
    label = DocumentText(row.name, row.unit, 2, 1).label
    with speaking(language.PSEUDO):
        assert encoding_words(label) != label, "list it in documents/document_text.py"
        assert encoding_words("Windows-1252") == "Windows-1252"


def test_excel_shows_errors_boxes_titles_of_charts_and_long_numbers() -> None:
    rows = (
        '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><v>12345678901234567</v></c>'
        '<c r="C1"><v>0.30000000000000004</v></c></row>'
    )
    chart = "<c><title><p><t>Growth</t></p></title><ser><val><v>1</v></val></ser></c>"
    members = made.members(xlsx({"A": rows})) | {
        "xl/worksheets/_rels/sheet1.xml.rels": made.relations({"d": ("drawing", "../drawings/d.xml")}),
        "xl/drawings/d.xml": f"<x xmlns:a='a'>{shape('boxed')}</x>".replace("p:", ""),
        "xl/drawings/_rels/d.xml.rels": made.relations({"c": ("chart", "../charts/c.xml")}),
        "xl/charts/c.xml": chart,
    }
    assert text_of(made.archive(members)) == "# A\n\n#N/A\t12345678901234568\t0.3\n\nboxed\n\nGrowth\n"


def test_powerpoint_has_charts_as_tables() -> None:
    def points(*values: str) -> str:
        return "".join(f'<pt idx="{i}"><v>{value}</v></pt>' for i, value in enumerate(values))

    series = (
        f"<ser><tx>{points(name)}</tx><cat>{points('East', 'West')}</cat><val>{points(*values)}</val></ser>"
        for name, values in {"Q1": ("1", "2"), "Q2": ("3", "4")}.items()
    )
    chart = f"<c><title><p><t>Sales</t></p></title>{''.join(series)}</c>"
    members = made.members(pptx([shape("Chart", "title")])) | {
        "ppt/slides/_rels/slide0.xml.rels": made.relations({"c": ("chart", "../charts/c.xml")}),
        "ppt/charts/c.xml": chart,
    }
    assert text_of(made.archive(members)) == "# Chart\n\nSales\n\n\tQ1\tQ2\nEast\t1\t3\nWest\t2\t4\n"


EQUATION = (
    "<m:oMath xmlns:m='m'><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>n+1</m:t></m:r></m:sup>"
    "</m:sSup><m:r><m:t>=</m:t></m:r><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num>"
    "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f><m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>"
    "<m:sub><m:r><m:t>0</m:t></m:r></m:sub><m:sup/><m:e><m:rad><m:deg/><m:e>"
    "<m:r><m:t>y</m:t></m:r></m:e></m:rad>"
    "</m:e></m:nary><m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr>"
    "<m:e><m:r><m:t>z</m:t></m:r></m:e></m:d></m:oMath>"
)


def test_word_has_equations_in_a_line() -> None:
    body = f"<w:p><w:r><w:t>So </w:t></w:r>{EQUATION}<w:r><w:t>.</w:t></w:r></w:p>"
    assert text_of(docx(body)) == "So x^(n+1)=(a+b)/2∑_0√y[z].\n"


def test_word_does_not_mark_further_paragraphs_of_an_item() -> None:
    numbering = NUMBERING.replace(
        '<w:numFmt w:val="bullet"/>', '<w:numFmt w:val="bullet"/><w:lvlText w:val=" "/>'
    )
    assert text_of(docx(item("more", 1) + item("third", 2), numbering=numbering)) == "more\n\n3. third\n"


def test_open_document_has_formulas_and_lines_of_code() -> None:
    formula = "<math><mi>E</mi><mo>=</mo><mi>m</mi></math>"
    typed = formula.replace("</math>", "<annotation>E = m c^2</annotation></math>")
    body = (
        "<text:p>So <draw:frame><draw:object href='./F1'/></draw:frame> or "
        "<draw:object href='./F2'/><draw:object href='./none'/></text:p>"
        "<text:p text:style-name='Preformatted_20_Text'>if x:</text:p>"
        "<text:p text:style-name='Preformatted_20_Text'><text:s text:c='4'/>y</text:p>"
    )
    data = open_document("text", body, F1_contentdotxml=formula, F2_contentdotxml=typed)
    assert text_of(data) == "So E=m or E = m c^2\n\nif x:\n    y\n"


def test_archives_are_recognized_that_do_not_begin_with_their_type() -> None:
    members = made.members(epub({"a.xhtml": "<p>x</p>"}))
    kind = members.pop("mimetype")
    for data in (made.archive(members), made.archive({**members, "mimetype": kind})):
        assert may_be_document(data)
        assert text_of(data) == "x\n"
    sheet = made.members(open_document("spreadsheet", "<table:table table:name='A'/>"))
    kind = sheet.pop("mimetype")
    assert isinstance(kind, bytes)
    manifest = f"<manifest><file-entry full-path='/' media-type='{kind.decode()}'/></manifest>"
    found = recognize(made.archive({**sheet, "META-INF/manifest.xml": manifest}))
    assert found is not None
    assert found.name == "OpenDocument spreadsheet"
    assert recognize(made.archive({**sheet, "mimetype": kind})) == found
    assert recognize(made.archive({"META-INF/manifest.xml": "<manifest/>"})) is None


def test_a_member_before_the_beginning_of_its_archive_is_damage() -> None:
    data = open_document("text", "<text:p>x</text:p>")
    directory = data.index(b"PK\x01\x02")
    cut = data[20:directory] + data[directory:]
    assert cut.startswith(b"PK") is False
    with pytest.raises(DocumentError, match="is damaged"):
        text_of(b"PK\x03\x04" + cut[4:])


def test_html_has_sections_of_any_kind() -> None:
    page = b"<p>a</p><![if !IE]><p>b</p><![endif]><![op x]><p>c</p><![CDATA[d]]><p>e</p><![e]>"
    assert text_of(page, "a.html") == "a\n\nb\n\nc\n\ne\n"
    mail = b"Content-Type: text/html\r\n\r\n<![op]>words"
    assert text_of(mail, "a.eml") == "words\n"


def test_xml_in_an_encoding_that_there_is_not_is_damage() -> None:
    found = made.members(docx(paragraph("x")))
    found["word/document.xml"] = b'<?xml version="1.0" encoding="URF-8"?><a/>'
    with pytest.raises(DocumentError, match="is damaged"):
        text_of(made.archive(found))
