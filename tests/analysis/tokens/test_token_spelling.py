"""Tokens as people read them: everything visible, nothing taken for something else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.tokens.token_spelling import hex_bytes, spelled


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b" the", "·the"),
        (b"\t\r\n", "→␍↵"),
        (b"\x00\x1b\x7f", "␀␛␡"),
        ("\u00a0".encode(), "⍽"),
        (b"\xe2\x9c", "‹E2 9C›"),
        (b" \xe2\x9c", "·‹E2 9C›"),
        (b"\x93 ok\xff\xfe", "‹93›·ok‹FF FE›"),
        ("\u0301".encode(), "◌\u0301"),
        ("\u200d".encode(), "‹ZWJ›"),
        ("\u2060\u2028\ue000".encode(), "‹U+2060›‹U+2028›‹U+E000›"),
        ("✓é日".encode(), "✓é日"),
        (b"", ""),
    ],
)
def test_each_kind_of_token_is_visible(data: bytes, expected: str) -> None:
    assert spelled(data) == expected


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_a_spelling_never_shows_what_breaks_a_line_or_hides(data: bytes) -> None:
    text = spelled(data)
    assert text.isprintable()
    assert "\ufffd" not in text or "\ufffd".encode() in data
    assert bool(text) == bool(data)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400), st.integers(4, 40))
def test_long_tokens_are_cut_in_the_middle(text: str, longest: int) -> None:
    data = text.encode()
    short = spelled(data, longest)
    if len(short) < len(spelled(data)):
        assert "…" in short
    assert short.isprintable()


def test_hex_is_grouped_by_byte() -> None:
    assert hex_bytes(b"\xe2\x9c\x93") == "E2 9C 93"
    assert hex_bytes(b"") == ""
