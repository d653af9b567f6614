"""Names of encodings are found however they are written, and wrong ones are told with a near one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.documents.encodings import ENCODINGS, UnknownEncodingError, find_encoding


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("latin1", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("Windows-1252", "cp1252"),
        ("shift-jis", "cp932"),
        ("SJIS", "cp932"),
        ("GBK", "gb18030"),
        ("gb2312", "gb18030"),
        ("big5", "big5hkscs"),
        ("euc-kr", "cp949"),
        ("UTF8", "utf-8"),
        ("utf_8_sig", "utf-8"),
        ("UTF-16", "utf-16-le"),
        ("tis-620", "cp874"),
        ("macroman", "mac-roman"),
        ("koi8r", "koi8-r"),
        ("cp037", "cp037"),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, codec: str) -> None:
    assert find_encoding(name).codec == codec


@pytest.mark.parametrize(
    "name", ["base64", "rot13", "idna", "punycode", "unicode_escape", "", "no-such", "a\0b"]
)
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    with pytest.raises(UnknownEncodingError, match="There is no encoding"):
        find_encoding(name)


def test_a_mistyped_name_is_told_with_a_near_one() -> None:
    with pytest.raises(UnknownEncodingError, match=r'do you mean "Shift_JIS"\?'):
        find_encoding("Shift_JSI")


def test_every_encoding_is_found_by_the_name_that_is_shown_and_python_knows_it() -> None:
    for encoding in ENCODINGS:
        assert find_encoding(encoding.shown) == find_encoding(encoding.codec) == encoding
        assert "a\n".encode(encoding.codec).decode(encoding.codec) == "a\n"


@given(st.text(max_size=12) | st.from_regex(r"[-_.a-z0-9/]{1,10}", fullmatch=True))
def test_any_name_is_an_encoding_or_refused_with_one_sentence(name: str) -> None:
    try:
        codec = find_encoding(name).codec
    except UnknownEncodingError as error:
        assert str(error)
    else:
        assert isinstance(b"a".decode(codec, "replace"), str)
