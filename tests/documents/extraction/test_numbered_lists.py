"""Numbered lists of OpenDocument, HTML and PowerPoint: the numbers that the page shows."""

import pytest

from tests.documents.extraction.made import open_document, pptx
from tests.documents.extraction.test_formats import text_of
from tokviz.documents.extraction.ordinals import letters, padded, repeated_letters, roman


def test_numbers_are_written_in_every_form() -> None:
    assert [letters(each) for each in (0, 1, 26, 27, 28, 703)] == ["0", "a", "z", "aa", "ab", "aaa"]
    assert [repeated_letters(each) for each in (0, 1, 26, 27, 28)] == ["0", "a", "z", "aa", "bb"]
    assert [roman(each) for each in (0, 4, 9, 1994, 5_000)] == ["0", "iv", "ix", "mcmxciv", "5000"]
    assert padded(7) == "07"


def open_text(styles: str, body: str) -> str:
    automatic = f"<office:styles>{styles}</office:styles>"
    return text_of(
        open_document(
            "text", body, stylesdotxml=f'<s xmlns:office="o" xmlns:text="t" xmlns:style="s">{automatic}</s>'
        )
    )


def level(depth: int, form: str, more: str = "") -> str:
    return f'<text:list-level-style-number text:level="{depth}" style:num-format="{form}" {more}/>'


def items(*texts: str) -> str:
    return "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in texts)


STYLE = (
    '<text:list-style style:name="L">'
    + level(1, "I", 'style:num-suffix="."')
    + level(2, "a", 'style:num-prefix="(" style:num-suffix=")"')
    + level(3, "1", 'text:display-levels="3"')
    + '</text:list-style><text:list-style style:name="M">'
    + level(1, "1", 'text:start-value="4"')
    + "</text:list-style>"
)


def test_open_document_numbers_as_the_style_says() -> None:
    inner = f"<text:list>{items('z')}</text:list>"
    within = f"<text:list><text:list-item><text:p>y</text:p>{inner}</text:list-item></text:list>"
    nested = f"<text:list-item><text:p>x</text:p>{within}</text:list-item>"
    body = f'<text:list text:style-name="L">{nested}{items("w")}</text:list>'
    body += f'<text:list text:style-name="M">{items("v", "u")}</text:list>'
    assert open_text(STYLE, body) == "I. x\n  (a) y\n    I.a.1 z\nII. w\n4. v\n5. u\n"


def test_open_document_goes_on_counting_and_begins_where_an_item_says() -> None:
    body = (
        f'<text:list text:style-name="M" xml:id="one">{items("a")}</text:list><text:p>between</text:p>'
        f'<text:list text:style-name="M" text:continue-numbering="true">{items("b")}</text:list>'
        f'<text:list text:style-name="M">{items("c")}</text:list>'
        f'<text:list text:style-name="M" text:continue-list="one">{items("d")}'
        '<text:list-item text:start-value="9"><text:p>e</text:p></text:list-item></text:list>'
    )
    assert open_text(STYLE, body) == "4. a\n\nbetween\n\n5. b\n4. c\n5. d\n9. e\n"


def test_open_document_numbers_its_headings() -> None:
    def heading(text: str, depth: int, more: str = "") -> str:
        return f'<text:h text:outline-level="{depth}" {more}>{text}</text:h>'

    rules = "".join(
        f'<text:outline-level-style text:level="{depth}" style:num-format="1" text:display-levels="{depth}"/>'
        for depth in (1, 2)
    )
    without = '<style:style style:name="N" style:list-style-name=""/>'
    styles = f"<text:outline-style>{rules}</text:outline-style>{without}"
    body = (
        heading("Foreword", 1, 'text:style-name="N"')
        + heading("Scope", 1)
        + heading("Terms", 2)
        + heading("Law", 2)
        + heading("Fees", 1)
        + heading("Deep", 3)
        + heading("Paid", 2)
        + heading("Head", 1, 'text:is-list-header="true"')
    )
    assert open_text(styles, body) == (
        "# Foreword\n\n# 1 Scope\n\n## 1.1 Terms\n\n## 1.2 Law\n\n# 2 Fees\n\n### Deep\n\n"
        "## 2.1 Paid\n\n# Head\n"
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<ol start="25"><li>a<li>b</ol>', "25. a\n26. b\n"),
        ('<ol type="a"><li>x<li value="5">y<li>z</ol>', "a. x\ne. y\nf. z\n"),
        ('<ol type="I" start="-1"><li>x<li>y<li>z</ol>', "-1. x\n0. y\nI. z\n"),
        ('<ol reversed start="3"><li>x<li>y</ol>', "3. x\n2. y\n"),
        ('<ol start="x" type="no"><li value="99999999999">x<ul><li>y</ul><li>z</ol>', "1. x\n  - y\n2. z\n"),
    ],
)
def test_html_numbers_as_a_browser_does(html: str, text: str) -> None:
    assert text_of(html.encode(), "a.html") == text


def test_powerpoint_numbers_what_counts() -> None:
    def line(text: str, kind: str, more: str = "", depth: int = 0) -> str:
        number = f'<a:buAutoNum type="{kind}" {more}/>' if kind else ""
        return f'<a:p><a:pPr lvl="{depth}">{number}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'

    lines = (
        line("a", "arabicPeriod")
        + line("a1", "alphaLcParenBoth", depth=1)
        + line("a2", "alphaLcParenBoth", depth=1)
        + line("b", "arabicPeriod")
        + line("b1", "romanUcParenR", 'startAt="4"', depth=1)
        + line("dot", "")
        + line("c", "arabicPlain")
    )
    body = f'<p:sp><p:nvPr><p:ph type="body"/></p:nvPr><p:txBody>{lines}</p:txBody></p:sp>'
    assert text_of(pptx([body])) == ("1. a\n  (a) a1\n  (b) a2\n2. b\n  IV) b1\n- dot\n1. c\n")
