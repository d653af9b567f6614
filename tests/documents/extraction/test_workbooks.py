"""Excel workbooks as odd programs write them."""

import pytest

from tests.documents.extraction.made import archive, members, xlsx
from tests.documents.extraction.test_formats import text_of
from tokviz.documents.extraction.output import DocumentError

CELL = '<row r="1"><c r="A1"><v>{}</v></c></row>'


def member(found: dict[str, str | bytes], name: str) -> str:
    content = found[name]
    return content if isinstance(content, str) else content.decode()


def changed(data: bytes, name: str, old: str, new: str) -> dict[str, str | bytes]:
    found = members(data)
    return {**found, name: member(found, name).replace(old, new)}


def test_sheets_that_are_not_shown_say_so() -> None:
    made = xlsx({"One": CELL.format(1), "Two": CELL.format(2), "Three": CELL.format(3)})
    found = changed(made, "xl/workbook.xml", 'sheetId="2"', 'sheetId="2" state="hidden"')
    assert text_of(archive(found)) == "# One\n\n1\n\n# Two (hidden)\n\n2\n\n# Three\n\n3\n"
    found = changed(archive(found), "xl/workbook.xml", 'sheetId="3"', 'sheetId="3" state="veryHidden"')
    assert text_of(archive(found)).endswith("# Three (hidden)\n\n3\n")


def test_times_have_no_more_than_seconds() -> None:
    cell = '<row r="1"><c r="A1" s="1"><v>{}</v></c></row>'
    for value, shown in (
        ("39219.847924", "2007-05-17 20:21:01"),
        ("39219.9999999", "2007-05-18"),
        ("39219.5", "2007-05-17 12:00:00"),
        ("2958465.9999999", "9999-12-31 23:59:59"),
    ):
        assert text_of(xlsx({"A": cell.format(value)})) == f"# A\n\n{shown}\n"


def test_percents_are_shown_as_such() -> None:
    cell = '<row r="1"><c r="A1" s="{}"{}>{}<v>{}</v></c></row>'
    for style, more, formula, value, shown in (
        (2, "", "", "0.125", "12.5%"),
        (3, "", "", "-0.07", "-7%"),
        (2, "", "<f>A2/3</f>", "0.333333333333333", "33.3333333333333%"),
        (2, "", '<f t="shared" si="0"/>', "1", "100%"),
        (2, ' t="n"', "", "2", "200%"),
        (2, ' t="str"', "", "x", "x"),
        (2, ' t="b"', "", "1", "TRUE"),
        (4, "", "", "5", "5"),
        (0, "", "", "0.5", "0.5"),
    ):
        assert text_of(xlsx({"A": cell.format(style, more, formula, value)})) == f"# A\n\n{shown}\n"


def test_a_format_without_a_sensible_number_is_none_and_many_styles_are_told_apart() -> None:
    """A number of 5,000 digits is more than ``int`` takes; and a workbook may have sixty thousand styles."""
    cell = '<row r="1"><c r="A1" s="{}"><v>0.5</v></c></row>'
    for style, shown in ((2, "50%"), (0, "0.5"), (5, "0.5"), (6, "50%"), (206, "0.5")):
        found = members(xlsx({"A": cell.format(style)}))
        styles = member(found, "xl/styles.xml")
        more = f'<xf numFmtId="{"9" * 5000}"/>' + '<xf numFmtId="9"/>' * 200
        found["xl/styles.xml"] = styles.replace("</cellXfs>", f"{more}</cellXfs>").replace(
            "</numFmts>", f'<numFmt numFmtId="{"8" * 5000}" formatCode="0%"/></numFmts>'
        )
        assert found["xl/styles.xml"] != styles
        assert text_of(archive(found)) == f"# A\n\n{shown}\n"


def test_an_archive_with_the_separators_of_windows_is_read() -> None:
    found = members(xlsx({"A": CELL.format(1)}))
    assert (
        text_of(archive({name.replace("/", "\\"): content for name, content in found.items()}))
        == "# A\n\n1\n"
    )


def in_no_folder(rows: str) -> bytes:
    found = {name.removeprefix("xl/"): content for name, content in members(xlsx({"A": rows})).items()}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    found["[Content_Types].xml"] = f'<Types><Override PartName="/workbook.xml" ContentType="{kind}"/></Types>'
    found["_rels/.rels"] = member(found, "_rels/.rels").replace("xl/", "")
    return archive(found)


def test_a_workbook_is_known_without_its_usual_folder() -> None:
    assert text_of(in_no_folder(CELL.format(7))) == "# A\n\n7\n"


def test_its_sheets_are_bounded_wherever_they_are() -> None:
    far = CELL.format(1) + '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    with pytest.raises(DocumentError, match="spans 17,179,869,184 cells"):
        text_of(in_no_folder(far))
