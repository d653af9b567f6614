"""Lists of Word documents: numbered as Word shows them, for people refer to clause (c) of 2.1."""

from tests.documents.extraction.made import docx, paragraph
from tests.documents.extraction.test_formats import item, style, text_of


def numbering(*levels: str, more: str = "") -> str:
    """A definition with these levels, a list 1 of it, and ``more`` lists."""
    made = "".join(f'<w:lvl w:ilvl="{depth}">{level}</w:lvl>' for depth, level in enumerate(levels))
    definition = f'<w:abstractNum w:abstractNumId="0">{made}</w:abstractNum>'
    return f'{definition}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'


def level(form: str, text: str, more: str = '<w:start w:val="1"/>') -> str:
    return f'{more}<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'


def test_numbers_are_written_as_the_list_has_them() -> None:
    lists = numbering(
        level("upperRoman", "Article %1."), level("lowerLetter", "(%2)"), level("lowerRoman", "%3)")
    )
    body = item("x", 1) + item("y", 1, 1) + item("z", 1, 2) + item("y", 1, 1) + item("x", 1) + item("y", 1, 1)
    assert text_of(docx(body, numbering=lists)) == (
        "Article I. x\n  (a) y\n    i) z\n  (b) y\nArticle II. x\n  (a) y\n"
    )


def test_numbers_name_the_levels_around_them() -> None:
    lists = numbering(level("upperLetter", "%1"), level("decimal", "%1.%2"), level("decimal", "%1.%2.%3"))
    body = item("x", 1) + item("y", 1, 1) + item("z", 1, 2) + item("z", 1, 2) + item("y", 1, 1)
    assert text_of(docx(body, numbering=lists)) == ("A x\n  A.1 y\n    A.1.1 z\n    A.1.2 z\n  A.2 y\n")
    legal = numbering(level("upperLetter", "%1"), level("decimal", "%1.%2", '<w:start w:val="1"/><w:isLgl/>'))
    assert text_of(docx(item("x", 1) + item("y", 1, 1), numbering=legal)) == "A x\n  1.1 y\n"


def test_a_list_of_the_same_kind_goes_on_or_starts_again_as_it_says() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    lists = numbering(level("decimal", "%1."), more=more)
    body = item("a", 1) + item("b", 2) + item("c", 3) + item("d", 3)
    assert text_of(docx(body, numbering=lists)) == "1. a\n2. b\n7. c\n8. d\n"


def test_a_level_that_is_never_begun_anew_counts_on() -> None:
    on = '<w:start w:val="1"/><w:lvlRestart w:val="0"/>'
    lists = numbering(level("decimal", "%1."), level("lowerLetter", "%2.", on), level("decimal", "%3.", ""))
    body = item("x", 1) + item("y", 1, 1) + item("x", 1) + item("y", 1, 1) + item("z", 1, 2)
    assert text_of(docx(body, numbering=lists)) == "1. x\n  a. y\n2. x\n  b. y\n    0. z\n"


def test_headings_have_their_numbers() -> None:
    styles = (
        '<w:style w:styleId="H1"><w:name w:val="heading 1"/><w:numId w:val="1"/></w:style>'
        '<w:style w:styleId="H2"><w:name w:val="heading 2"/><w:ilvl w:val="1"/><w:numId w:val="1"/></w:style>'
    )
    lists = numbering(level("decimal", "%1"), level("decimal", "%1.%2"))
    body = paragraph("Scope", style("H1")) + paragraph("Terms", style("H2")) + paragraph("Price", style("H1"))
    assert text_of(docx(body, styles=styles, numbering=lists)) == "# 1 Scope\n\n## 1.1 Terms\n\n# 2 Price\n"


def test_an_empty_item_numbers_the_row_of_a_table() -> None:
    cells = "".join(f"<w:tc>{content}</w:tc>" for content in (item("", 1), paragraph("Crew is rested")))
    table = f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{cells}</w:tr></w:tbl>"
    lists = numbering(level("decimal", "%1."))
    assert text_of(docx(table, numbering=lists)) == "1.\tCrew is rested\n2.\tCrew is rested\n"


def test_a_definition_may_be_that_of_a_style() -> None:
    linked = (
        '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="Own"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="6"><w:styleLink w:val="Own"/>'
        f'<w:lvl w:ilvl="0">{level("upperLetter", "%1)")}</w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
    )
    assert text_of(docx(item("x", 1) + item("y", 1), numbering=linked)) == "A) x\nB) y\n"
