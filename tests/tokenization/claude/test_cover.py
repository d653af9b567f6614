"""Coverings: as many pieces as are counted, in the text's own bytes."""

import pytest
from hypothesis import given, settings

from tests.tokenization.claude.claude_texts import EXAMPLES, texts
from tests.tokenization.claude.oracle import counter
from tests.tokenization.texts import TEXTS
from tokviz.tokenization.claude.families import FAMILIES
from tokviz.tokenization.claude.normalization import to_utf8


def check(family: str, text: str) -> None:
    data = to_utf8(text)
    ends = counter(family).cover(data).tolist()
    assert len(ends) == counter(family).count(data)
    assert ends == sorted(ends)
    assert not ends or (ends[0] >= 0 and ends[-1] == len(data))


def pieces(family: str, text: str) -> list[str]:
    data = text.encode()
    ends = counter(family).cover(text).tolist()
    return [data[a:b].decode(errors="replace") for a, b in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_covering_has_as_many_pieces_as_are_counted(family: str) -> None:
    for text in (*EXAMPLES, *TEXTS.values()):
        check(family, text)


@pytest.mark.parametrize("family", FAMILIES)
@given(text=texts())
@settings(max_examples=100, deadline=None)
def test_any_text_is_covered(family: str, text: str) -> None:
    check(family, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello, world", ["hello", ",", " world"]),
        ("It's 12345 files", ["It", "'s", " ", "12", "345", " ", "files"]),
        # What is dropped or composed stays with its piece.
        ("cafe\u0301 x", ["cafe\u0301", " x"]),
        ("a\x07 b\r\nc", ["a", "\x07 b", "\r\n", "c"]),
        (" a\n\n", [" a\n\n"]),
        ("1", ["", "1"]),
        ("\n", ["\n"]),
        ("", []),
    ],
)
def test_where_pieces_end(text: str, expected: list[str]) -> None:
    assert pieces("v3", text) == expected


def test_bytes_of_a_character_are_tokens_of_their_own() -> None:
    ends = counter("v4.8").cover("a𐐀b").tolist()
    assert ends == [1, *range(2, 6), 6]
    assert counter("v4.8").cover("😀").tolist() == [3, 4]


def test_opus_5_draws_white_space_at_the_end_with_the_last_piece() -> None:
    assert counter("opus-5").cover("word \n").tolist() == [6]
    assert counter("opus-5").cover(" \n").tolist() == []
