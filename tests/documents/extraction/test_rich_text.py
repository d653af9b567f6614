"""RTF: what a page of it shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.documents.extraction.output import DocumentError, Output
from tokviz.documents.extraction.rich_text import extract

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0"
    rb"{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Cyr;}{\f2\fcharset128 J;}}"
)


def text_of(body: bytes) -> str:
    output = Output()
    extract(HEAD + body + b"}", output)
    return output.text()


def test_headings_by_style_and_by_outline() -> None:
    styles = rb"{\stylesheet{\s1 heading 1;}{\s2\outlinelevel1 Own;}{\*\cs3 Char;}}"
    body = rb"\pard\s1 One\par\pard\s2 Two\par\pard\outlinelevel2 Three\par\pard Text\par"
    assert text_of(styles + body) == "# One\n\n## Two\n\n### Three\n\nText\n"


def test_lists_have_their_marks() -> None:
    body = (
        rb"{\pntext\f3\'B7\tab}\ilvl0 a\par\pard{\listtext 1.\tab}\ilvl1 b\par"
        rb"\pard\bullet\tab c\par\pard 2)\tab d\par"
    )
    assert text_of(body) == "- a\n  1. b\n- c\n2) d\n"


def test_tables_are_rows_of_cells_with_nested_ones_in_them() -> None:
    body = (
        rb"before\par\trowd\intbl a\cell b\par c\cell\row"
        rb"\pard\intbl\itap2 in\nestcell ner\nestcell{\*\nesttableprops\trowd\nestrow}"
        rb"\pard\intbl\itap1 d\cell e | f\cell\row\pard after\par"
    )
    assert text_of(body) == "before\n\na\tb c\nin ner d\te | f\n\nafter\n"


def test_notes_stand_at_the_end() -> None:
    body = (
        rb"Text{\super\chftn{\footnote\pard{\super\chftn} First\par more}} is{\footnote Second} on.\par Next"
    )
    assert text_of(body) == "Text[^1] is[^2] on.\nNext\n\n[^1]: First more\n\n[^2]: Second\n"


def test_what_a_page_does_not_show_is_left_out() -> None:
    body = (
        rb"{\info{\title T}}{\header H}{\*\unknown u}{\pict\bin4 }}{{}shown{\v hidden}{\deleted gone}"
        rb"{\field{\*\fldinst HYPERLINK http://x}{\fldrslt link}}"
        rb"{\shp{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt box\par}}{\shprslt twice}}"
        rb"{\upr{ansi}{\*\ud{ unicode}}}{\*\bkmkstart m}\par"
    )
    assert text_of(body) == "shownlinkbox\n unicode\n"


def test_characters_by_font_by_page_and_in_two_bytes() -> None:
    body = (
        rb"Caf\'e9 \u8364?\uc2\u8212\'97\'97{\f1 \'cf\'f0\'e8} {\f2\'83A\'82\'a0}\~x\_y\-z "
        rb"\u-10179??\u-8704??\{\}\\\ldblquote q\rdblquote"
    )
    assert text_of(body) == "Café €—При アあ\xa0x-yz 😀{}\\“q”\n"


def test_what_follows_the_end_is_no_text() -> None:
    assert text_of(b"a\\par}{b}") == "a\n"


def test_what_is_no_rtf_is_damaged() -> None:
    with pytest.raises(DocumentError, match="damaged"):
        extract(b"plain text", Output())


def test_groups_without_end_are_refused() -> None:
    with pytest.raises(DocumentError, match="nested too deeply"):
        text_of(b"{" * 100_000)


@given(
    st.lists(
        st.sampled_from(
            [
                *(b"{", b"}", b"\\par ", b"\\cell ", b"\\row ", b"\\nestrow ", b"\\footnote ", b"\\pntext "),
                *(b"\\u99999999 ", b"\\'e9", b"\\bin9 ", b"\\itap99999 ", b"\\f1 ", b"\\*\\x ", b"\\", b"a|"),
                *(b"\\uc-5 ", b"\\intbl ", b"\\ansicpg0 ", b"\\s1 ", b"{\\stylesheet ", b"\xff"),
                b"{\\fonttbl ",
            ]
        )
    )
)
def test_any_rtf_is_a_text(parts: list[bytes]) -> None:
    text_of(b"".join(parts)).encode()


def test_only_at_the_beginning_of_a_group_a_star_hides_it() -> None:
    assert text_of(rb"{\f1\i0\*\cs7\cf0 shown}{\*\unknown hidden}{" + b"\n" + rb"\*\unknown hidden} too") == (
        "shown too\n"
    )
