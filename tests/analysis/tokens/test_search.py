"""Finding text and tokens: the same as the plain way over the whole text, in any ranges, never stuck."""

import re
import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.tokens.known_tokens import tokenized
from tokviz.analysis.tokens import search
from tokviz.analysis.tokens.search import (
    Matches,
    Search,
    SearchError,
    TextQuery,
    TokenIdSearch,
    TokenTextSearch,
    search_ranges,
    text_search,
    token_text,
)
from tokviz.tokenization.tokenizer import SpecialTokens


@dataclass
class Held:
    data: bytes | bytearray


def all_found(of: Search, length: int, backwards: bool = False) -> list[tuple[int, int]]:
    parts = [
        list(zip(m.starts.tolist(), m.ends.tolist(), strict=True))
        for m in search_ranges(of, 0, length, backwards)
    ]
    return [pair for part in (reversed(parts) if backwards else parts) for pair in part]


def find(data: bytes | bytearray, query: TextQuery) -> list[tuple[int, int]]:
    return all_found(text_search(Held(data), query), len(data))


@pytest.fixture
def short_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LONGEST_RANGE", 7)


def test_case_matters_only_if_asked() -> None:
    data = "Fox fox FOX fÖx FÖX".encode()
    assert find(data, TextQuery("fox", match_case=True)) == [(4, 7)]
    assert find(data, TextQuery("fox")) == [(0, 3), (4, 7), (8, 11)]
    assert find(data, TextQuery("föx")) == [(12, 16), (17, 21)]


def test_whole_words() -> None:
    data = "can canal scan can't (can) ещё ещёж".encode()
    words = [data[a:b] for a, b in find(data, TextQuery("can", whole_words=True))]
    assert words == [b"can"] * 3
    assert len(find(data, TextQuery("ещё", whole_words=True))) == 1
    assert find(b"x+y a+b", TextQuery("+", whole_words=True)) == [(1, 2), (5, 6)]


def test_patterns() -> None:
    data = "id=1;\r\nname=é2;\nend".encode()
    assert [data[a:b] for a, b in find(data, TextQuery(r"\w+=\w+", pattern=True))] == [
        b"id=1",
        "name=é2".encode(),
    ]
    assert len(find(data, TextQuery(";$", pattern=True))) == 2
    assert [data[a:b] for a, b in find(data, TextQuery("^[$e]nd$", pattern=True))] == [b"end"]
    assert find(b"a$b", TextQuery(r"\$", pattern=True)) == [(1, 2)]
    assert find(b"aaa", TextQuery("x*", pattern=True)) == []


@pytest.mark.parametrize("pattern", ["(", "[a", "a{2", "*", "(?P<n>a)(?P<n>b", "\\"])
def test_what_is_no_pattern_is_refused_with_the_reason(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error:
        with pytest.raises(SearchError, match=r"not a regular expression: .+"):
            text_search(Held(b"abc"), TextQuery(pattern, pattern=True))


def test_nothing_to_look_for_is_refused() -> None:
    for query in (TextQuery("", match_case=True), TextQuery(""), TextQuery("\ud800", match_case=True)):
        with pytest.raises(SearchError):
            text_search(Held(b"abc"), query)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|aa)+$x", r"(a+a+)+\d"])
def test_a_pattern_that_never_ends_is_given_up_in_short_steps(pattern: str) -> None:
    of = text_search(Held(b"a" * 300_000), TextQuery(pattern, pattern=True))
    longest = 0.0
    steps = search_ranges(of, 0, 300_000)
    with pytest.raises(SearchError, match="takes too long"):
        while True:
            before = time.thread_time()
            try:
                next(steps)
            finally:
                longest = max(longest, time.thread_time() - before)
    assert longest < 0.3  # on a busy machine; alone it is some 25 ms


TEXT = st.text(alphabet="abAB é日\n", max_size=60)
NEEDLE = st.text(alphabet="abAB é日", min_size=1, max_size=3)


@settings(deadline=None)
@given(TEXT, NEEDLE, st.booleans())
def test_ranges_find_what_one_look_finds(text: str, needle: str, match_case: bool) -> None:
    data = text.encode()
    flags = 0 if match_case else re.IGNORECASE
    expected = [
        (len(text[: match.start()].encode()), len(text[: match.end()].encode()))
        for match in re.finditer(re.escape(needle), text, flags)
    ]
    for pattern in (False, True):
        query = TextQuery(re.escape(needle) if pattern else needle, match_case=match_case, pattern=pattern)
        assert find(data, query) == expected
        assert find(bytearray(data), query) == expected


def test_matches_across_ranges_are_found(short_ranges: None) -> None:
    data = "0123456789 é日 fox 0123456789".encode()
    for needle in ("789 é日", "FOX", "9 "):
        assert len(find(data, TextQuery(needle))) == 1
    assert all_found(text_search(Held(data), TextQuery("0")), len(data), backwards=True) == [(0, 1), (21, 22)]


def test_overlapping_bytes_are_one_match() -> None:
    assert find(b"aaaa", TextQuery("aa", match_case=True)) == [(0, 2), (2, 4)]
    assert find(b"aaaa", TextQuery("AA")) == [(0, 2), (2, 4)]


SAMPLE = ("the cat and the hat\n" * 30 + "✓ naïve 日本\n").encode()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 40), st.integers(1, 5))
def test_tokens_are_found_by_id_and_by_text(number: int, chunks: int) -> None:
    tokens = tokenized(SAMPLE, chunks=chunks)
    token = tokens.token(number)
    assert token is not None
    token_id, start, end = token
    run = tokens.tokens_in(0, len(SAMPLE))
    spans = list(zip(run.ids.tolist(), run.starts.tolist(), run.ends.tolist(), strict=True))
    by_id = [(a, b) for i, a, b in spans if i == token_id]
    assert all_found(TokenIdSearch(tokens, token_id), len(SAMPLE)) == by_id
    by_text = [(a, b) for _, a, b in spans if SAMPLE[a:b] == SAMPLE[start:end]]
    assert all_found(TokenTextSearch(Held(SAMPLE), tokens, SAMPLE[start:end]), len(SAMPLE)) == by_text


def test_a_text_is_no_token_where_it_is_a_part_of_one() -> None:
    data = b"the there"
    tokens = tokenized(data)
    assert all_found(TokenTextSearch(Held(data), tokens, b"the"), len(data)) == [(0, 3)]
    assert all_found(TokenTextSearch(Held(data), tokens, b"zzz"), len(data)) == []


def test_nothing_is_found_beyond_the_end_of_a_text_that_has_become_shorter() -> None:
    tokens = tokenized(b"the cat, the dog, the end")
    assert all_found(TokenTextSearch(Held(b"the cat, the"), tokens, b" the"), 25) == [(8, 12)]
    assert all_found(TokenTextSearch(Held(b"the cat, th"), tokens, b" the"), 25) == []


def test_tokens_without_text_are_found_by_id() -> None:
    data = b"Hello"
    tokens = tokenized(data, "llama3", SpecialTokens.FRAMED)
    first = tokens.token(0)
    assert first is not None
    assert all_found(TokenIdSearch(tokens, first[0]), len(data)) == [(0, 0)]


def test_there_are_no_negative_ids() -> None:
    for token_id in (-1, 2**32 - 1, 10**12):
        with pytest.raises(SearchError):
            TokenIdSearch(tokenized(b"a"), token_id)


def test_matches_count_themselves() -> None:
    found = text_search(Held(b"abab"), TextQuery("b")).find(0, 4)
    assert isinstance(found, Matches)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (" the", b" the"),
        (r"\n\n", b"\n\n"),
        (r"\xe2\x9C", b"\xe2\x9c"),
        (r"a\\n", b"a\\n"),
        (r"\t\r", b"\t\r"),
        ("\\d\\", b"\\d\\"),
        ("日", "日".encode()),
    ],
)
def test_a_token_may_be_written_with_escapes(text: str, data: bytes) -> None:
    assert token_text(text) == data
