"""Where normalization rewrites a text: what is put together again is what the library makes of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import normalizers

from tests.tokenization.split_texts import texts
from tokviz.tokenization.normalization import Form, normalize, normalize_with_offsets, rewritten_ranges

FORMS: list[Form] = ["NFC", "NFKC"]
LIBRARY = {"NFC": normalizers.NFC(), "NFKC": normalizers.NFKC()}
MARKS = ["\u0301", "\u0323", "\u0338", "\u3099", "\u1161", "\u11a8", "\u0dcf", "\u09be"]


def spliced(data: bytes, form: Form) -> bytes:
    """The text with each stretch replaced, which is checked on the way."""
    parts, done = [], 0
    for start, end, new in rewritten_ranges(data, form):
        assert done <= start < end <= len(data)
        assert data[start:end] != new
        parts += [data[done:start], new]
        done = end
    return b"".join([*parts, data[done:]])


@pytest.mark.parametrize("form", FORMS)
def test_every_character_is_rewritten_as_by_the_library(form: Form) -> None:
    codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    for first in range(0, len(codes), 1 << 14):
        text = "".join(f"a{chr(code)}" for code in codes[first : first + (1 << 14)])
        assert spliced(text.encode(), form).decode() == LIBRARY[form].normalize_str(text)


@pytest.mark.parametrize("form", FORMS)
@given(
    text=st.one_of(
        texts(MARKS),
        st.lists(st.one_of(st.characters(codec="utf-8"), st.sampled_from(MARKS))).map("".join),
    )
)
def test_any_text_is_rewritten_as_by_the_library(form: Form, text: str) -> None:
    data = text.encode()
    expected = LIBRARY[form].normalize_str(text).encode()
    assert spliced(data, form) == expected == normalize(data, form)
    assert normalize_with_offsets(data, form).data == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("NFC", [("e\u0301", "é"), ("\u2126", "Ω"), ("\u1100\u1161", "가")]),
        ("NFKC", [("ﬁ", "fi"), ("①", "1"), ("e\u0301", "é"), ("½", "1\u20442"), ("\u2126", "Ω")]),
    ],
)
def test_stretches_are_as_small_as_can_be(form: Form, expected: list[tuple[str, str]]) -> None:
    text = " plain é ".join(["", *(old for old, _ in expected), ""])
    found = [
        (text.encode()[start:end].decode(), new.decode())
        for start, end, new in rewritten_ranges(text.encode(), form)
    ]
    assert found == expected
    assert all(unicodedata.normalize(form, old) == new for old, new in found)


def test_a_line_of_any_length_is_gone_through_once() -> None:
    text = "ﬁ é".encode() * 200_000
    found = list(rewritten_ranges(text, "NFKC"))
    assert len(found) == 200_000 and found[-1][:2] == (len(text) - 6, len(text) - 3)
