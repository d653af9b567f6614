"""Powers, in every format that raises characters: 10⁶ is not 106."""

from collections.abc import Callable

import pytest

from tests.documents.extraction.made import docx, open_document, pptx
from tests.documents.extraction.test_formats import text_of

_RAISED = {"6": "⁶", "-3": "⁻³", "n": "ⁿ", "th": "th"}


def word(power: str) -> bytes:
    run = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{power}</w:t></w:r>'
    return docx(f"<w:p><w:r><w:t>10</w:t></w:r>{run}<w:r><w:t> 6</w:t></w:r></w:p>")


def slide(power: str) -> bytes:
    run = '<a:r><a:rPr baseline="{}"/><a:t>{}</a:t></a:r>'
    runs = run.format("0", "10") + run.format("30000", power) + run.format("-9", " 6")
    return pptx([f"<p:sp><a:p>{runs}</a:p></p:sp>"])


def rich(power: str) -> bytes:
    return rb"{\rtf1 10{\super " + power.encode() + rb"}\super\nosupersub  6}"


def page(power: str) -> bytes:
    return f"10<sup>{power}</sup> 6</sup>".encode()


def text(power: str) -> bytes:
    style = '<style:style style:name="{}"><style:text-properties style:text-position="{} 58%"/></style:style>'
    span = '<text:span text:style-name="{}">{}</text:span>'
    styles = f'<s xmlns:style="s">{style.format("U", "super")}{style.format("D", "sub")}</s>'
    body = f"<text:p>10{span.format('U', power)} {span.format('D', '6')}</text:p>"
    return open_document("text", body, stylesdotxml=styles)


@pytest.mark.parametrize("power", _RAISED)
@pytest.mark.parametrize(
    ("make", "name"), [(word, ""), (slide, ""), (text, ""), (page, "a.html"), (rich, "a.rtf")]
)
def test_powers_stay_raised(make: Callable[[str], bytes], name: str, power: str) -> None:
    assert text_of(make(power), name) == f"10{_RAISED[power]} 6\n"
