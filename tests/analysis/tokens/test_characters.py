"""Names of characters, and where one ends as people see them."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.tokens.characters import character_name, code_point, graphemes


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("a", "LATIN SMALL LETTER A"),
        ("\x00", "NULL"),
        ("\t", "CHARACTER TABULATION (tab)"),
        ("\n", "LINE FEED"),
        ("\x1f", "INFORMATION SEPARATOR ONE"),
        ("\x7f", "DELETE"),
        ("\x85", "NEXT LINE"),
        ("\x9f", "APPLICATION PROGRAM COMMAND"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE (byte order mark)"),
        ("\ufffe", "noncharacter"),
        ("\U0010ffff", "noncharacter"),
        ("가", "HANGUL SYLLABLE GA"),
    ],
)
def test_names(character: str, name: str) -> None:
    assert character_name(character) == name


def test_every_code_point_has_a_name_in_words() -> None:
    for code in range(0, sys.maxunicode + 1, 7):
        assert character_name(chr(code))
    assert character_name("\ue000").startswith("private use")
    assert character_name("\u0378").startswith("no character is assigned")


def test_code_points_have_at_least_four_digits() -> None:
    assert (code_point("A"), code_point("\U0001f600")) == ("U+0041", "U+1F600")


def test_graphemes_are_what_people_see() -> None:
    assert graphemes("e\u0301👨‍👩‍👧🇩🇪\r\n!") == ["e\u0301", "👨‍👩‍👧", "🇩🇪", "\r\n", "!"]


@settings(deadline=None)
@given(st.text(max_size=50))
def test_graphemes_join_to_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text
