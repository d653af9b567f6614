"""Statistics of a text and its tokens equal what plain Python says, for every text and part of one."""

import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.tokens.statistics import Statistics, TextSize, statistics, text_size
from tokviz.tokens import Tokenization

SPACES = [chr(code) for code in range(0x3001) if chr(code).isspace()]
PIECES = st.sampled_from([*SPACES, "\r\n", "\r", "\n", "a", "é", "漢", "🙂", "\u200b", "\u2060", "\0"])
TEXTS = st.lists(st.one_of(PIECES, st.characters(exclude_categories=["Cs"]))).map("".join)


def tokenization_of(data: bytes, cuts: list[int], ids: list[int] | None = None) -> Tokenization:
    ends = np.array([*sorted(min(cut, len(data)) for cut in cuts), len(data)], dtype=np.int64)
    return Tokenization("test", np.array(ids or range(len(ends)), dtype=np.uint32), ends)


@given(TEXTS)
def test_sizes_equal_pythons(text: str) -> None:
    size = text_size(text.encode())
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert size.bytes == len(text.encode())
    assert size.characters == len(text)
    assert size.words == len(text.split())
    assert size.lines == len(lines) - (not lines[-1])


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n", 1), ("a\r\nb\r\n", 2), ("a\rb", 2), ("\n\r", 2)],
)
def test_lines(text: str, lines: int) -> None:
    assert text_size(text.encode()).lines == lines


@settings(deadline=None)
@given(TEXTS, st.lists(st.integers(0, 60)), st.integers(0, 60), st.integers(0, 60))
def test_tokens_of_a_part_equal_a_plain_loop(text: str, cuts: list[int], one: int, other: int) -> None:
    data = text.encode()
    tokenization = tokenization_of(data, cuts)
    start, end = sorted((min(one, len(data)), min(other, len(data))))
    found = statistics(data, tokenization, start, end)
    assert found.size == text_size(data[start:end])
    space = spaces(data[start:end])
    if (start, end) == (0, len(data)):
        assert found.tokens == len(tokenization)
    spans = [tokenization.span(index) for index in range(len(tokenization))]
    inside = [(max(a, start), min(b, end)) for a, b in spans if max(a, start) < min(b, end)]
    if found.tokens != len(tokenization):
        # empty tokens between others count, empty ones at the edges do not
        assert found.tokens >= len(inside)
        assert found.tokens <= sum(a <= end and b > start for a, b in spans)
    assert found.whitespace_tokens == sum(all(space[a - start : b - start]) for a, b in inside)
    assert found.whitespace_bytes == sum(space)


def spaces(data: bytes) -> list[bool]:
    """Which bytes belong to whole whitespace characters, found character by character."""
    flags: list[bool] = []
    for character in data.decode("utf-8", "surrogateescape"):
        width = len(character.encode("utf-8", "surrogateescape"))
        flags += [character.isspace()] * width
    return flags


def test_a_selection_counts_the_tokens_it_touches() -> None:
    data = b"one two  three"
    tokenization = tokenization_of(data, [3, 7, 8])
    assert statistics(data, tokenization, 1, 2).tokens == 1
    assert statistics(data, tokenization, 2, 4).tokens == 2
    assert statistics(data, tokenization, 3, 7).tokens == 1
    assert statistics(data, tokenization, 4, 4).tokens == 0
    assert statistics(data, tokenization).tokens == 4
    assert statistics(data, tokenization).whitespace_tokens == 1


def test_ratios_and_frequencies() -> None:
    data = "a b a é".encode()
    tokenization = tokenization_of(data, [1, 2, 3, 4, 5, 6, 7], ids=[9, 4, 7, 4, 9, 4, 1, 2])
    found = statistics(data, tokenization, frequent=3)
    assert found.size == TextSize(bytes=8, characters=7, words=4, lines=1)
    assert (found.tokens, found.whitespace_tokens, found.whitespace_bytes) == (8, 3, 3)
    assert [(f.token_id, f.occurrences) for f in found.frequent] == [(4, 3), (9, 2), (1, 1)]
    assert found.characters_per_token == 7 / 8
    assert found.bytes_per_token == 1.0
    assert found.tokens_per_word == 2.0
    assert found.whitespace_token_share == 3 / 8
    assert found.whitespace_byte_share == 3 / 8


def test_an_empty_text_has_no_ratios() -> None:
    empty = Tokenization("test", np.array([], dtype=np.uint32), np.array([], dtype=np.int64))
    found = statistics(b"", empty)
    assert found == Statistics(TextSize(0, 0, 0, 0), 0, 0, 0, ())
    assert found.characters_per_token is None
    assert found.bytes_per_token is None
    assert found.tokens_per_word is None
    assert found.whitespace_token_share is None
    assert found.whitespace_byte_share is None


def test_sizes_add_up() -> None:
    assert text_size(b"a b\n") + text_size("é".encode()) == TextSize(6, 5, 3, 2)


def test_ten_megabytes_take_a_fraction_of_a_second() -> None:
    data = ("The quick brown fox, 漢字とかな, jumps\u00a0over.\r\n" * 250_000).encode()[:10_000_000]
    ends = np.arange(4, len(data) + 1, 4, dtype=np.int64)
    ids = (np.arange(len(ends)) % 50_000).astype(np.uint32)
    best = min(timed(data, Tokenization("test", ids, ends)) for _ in range(3))
    counted = Counter(ids.tolist())
    assert statistics(data, Tokenization("test", ids, ends)).frequent[0].occurrences == max(counted.values())
    # Measured 0.12 to 0.2 s on a busy 2-core machine; a loop in Python would take seconds.
    assert best < 1.0


def timed(data: bytes, tokenization: Tokenization) -> float:
    begin = time.perf_counter()
    statistics(data, tokenization)
    return time.perf_counter() - begin
