"""Coverings: as many pieces as are counted, in the text's own bytes."""

import pytest
from hypothesis import given, settings

from tests.tokenization.claude.claude_texts import EXAMPLES, texts
from tests.tokenization.claude.oracle import counter
from tests.tokenization.texts import TEXTS
from tokviz.assets import Assets
from tokviz.tokenization.claude.families import FAMILIES
from tokviz.tokenization.claude.infos import read_claude_infos
from tokviz.tokenization.claude.normalization import to_utf8


def check(family: str, text: str) -> None:
    data = to_utf8(text)
    ends = counter(family).cover(data)[1].tolist()
    assert len(ends) == counter(family).count(data)
    assert ends == sorted(ends)
    assert not ends or (ends[0] >= 0 and ends[-1] == len(data))


def pieces(family: str, text: str) -> list[str]:
    data = text.encode()
    ends = counter(family).cover(text)[1].tolist()
    return [data[a:b].decode(errors="replace") for a, b in zip([0, *ends], ends, strict=False)]


def letters(family: str, data: bytes) -> str:
    """What the pieces stand for, one after the other, as letters and signs without white space."""
    numbers, _ = counter(family).cover(data)
    return b"".join(map(counter(family).pieces.token_bytes, numbers.tolist())).decode().replace(" ", "")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_numbers_of_a_covering_spell_the_text(family: str) -> None:
    for text in (
        "Hello, world: it's 12345!",
        "naïve 漢字 Ünïcode",
        "a𐐀b 😀",
        "ÀÉ ΣΑΣ",
        "WORDS IN CAPITALS",
    ):
        assert letters(family, text.encode()).lower() == text.replace(" ", "").lower()


@pytest.mark.parametrize("family", ["v3", "v4.8"])
def test_every_number_stands_for_something(family: str) -> None:
    pieces = counter(family).pieces
    info = read_claude_infos(Assets())[f"claude-{family}"]
    assert len(pieces) == info.vocabulary_size
    assert [pieces.token_bytes(number) for number in range(256)] == [bytes([byte]) for byte in range(256)]
    for number in range(256, len(pieces)):
        pieces.token_bytes(number)
    for number in (-1, len(pieces)):
        with pytest.raises(KeyError):
            pieces.token_bytes(number)


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
    ends = counter("v4.8").cover("a𐐀b")[1].tolist()
    assert ends == [1, *range(2, 6), 6]
    assert counter("v4.8").cover("😀")[1].tolist() == [3, 4]


def test_opus_5_draws_white_space_at_the_end_with_the_last_piece() -> None:
    assert counter("opus-5").cover("word \n")[1].tolist() == [6]
    assert counter("opus-5").cover(" \n")[1].tolist() == []
