"""Counts of parts add up to the count of the whole."""

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokenization import split_texts
from tests.tokenization.claude.claude_texts import EXAMPLES, texts
from tests.tokenization.claude.oracle import counter
from tests.tokenization.texts import TEXTS
from tokviz.assets import Assets
from tokviz.tokenization.claude.characters import FLOATING, KIND, Kind, read_characters
from tokviz.tokenization.claude.families import FAMILIES
from tokviz.tokenization.claude.normalization import to_utf8
from tokviz.tokenization.claude.splits import LEAD, split_rule
from tokviz.tokenization.splitting.split_points import _WORD_LETTERS

RULE = split_rule()


def splits_of(data: bytes) -> list[int]:
    found: list[int] = []
    while (split := RULE.next_split(data, found[-1] + 1 if found else 0, len(data))) >= 0:
        found.append(split)
    return found


def check(family: str, data: bytes) -> None:
    """Every part between two successive splits, and the halves at each."""
    bounds = [0, *splits_of(data), len(data)]
    parts = [LEAD * (start > 0) + data[start:end] for start, end in pairwise(bounds)]
    halves = [half for split in bounds[1:-1] for half in (data[:split], LEAD + data[split:])]
    whole, lead, *rest = counter(family).count_many([data, LEAD, *parts, *halves]).tolist()
    pieces, halved = rest[: len(parts)], rest[len(parts) :]
    assert sum(pieces) - lead * (len(parts) - 1) == whole
    assert [a + b - lead for a, b in zip(halved[::2], halved[1::2], strict=True)] == [whole] * (
        len(bounds) - 2
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_our_texts_can_be_split(family: str) -> None:
    for text in (*EXAMPLES, *TEXTS.values()):
        check(family, to_utf8(text)[:3000].decode(errors="ignore").encode())


@pytest.mark.parametrize("family", FAMILIES)
@given(text=st.one_of(texts(), split_texts.texts()))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_split(family: str, text: str) -> None:
    check(family, to_utf8(text))


def test_there_are_splits_where_they_are_needed() -> None:
    assert splits_of(b"ab cd, 12, x'y 1 2\nz\n") == [2, 5, 9, 14, 18, 20]
    assert splits_of("文（字）、かな、a".encode()) == [3, 9, 21]
    assert splits_of("a\x07b 1 é 文 !x\r\n".encode()) == [3, 8]
    assert splits_of("слово и слово — 'да'".encode()) == [10, 13, 24]
    assert splits_of("한글 漢字 ไทย कम ² x".encode()) == [23, 30]


def test_letters_before_blanks_are_those_of_words() -> None:
    kinds = read_characters(Assets().path("vocabularies", "claude-characters.npy"))
    letters = [chr(code) for some in _WORD_LETTERS for code in some]
    assert len(letters) > 1500
    for letter in letters:
        kind = int(kinds[ord(unicodedata.normalize("NFC", letter)[-1])])
        assert (kind & KIND, kind & FLOATING) == (Kind.WORD, 0), ascii(letter)


@pytest.mark.parametrize("family", FAMILIES)
def test_words_of_every_script_can_be_split(family: str) -> None:
    words = [chr(code) for some in _WORD_LETTERS for code in some]
    draw = random.Random(3)
    joints = (" ", "\t", "  ", " \n", " (", " 1", " 漢", " '", "\u0301 ")
    check(family, "".join(f"{word}{draw.choice(joints)}" for word in words).encode())


def test_what_white_space_at_the_end_costs_nothing_is_drawn_whole() -> None:
    rule = split_rule(ignores_final_space=True)
    assert rule.next_split(b"word \n next, 1\n", 1, 16) == 11
