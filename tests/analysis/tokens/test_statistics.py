"""Statistics of a text and its tokens equal what plain Python says, for every text and part of one."""

import time
from collections import Counter
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.tokens.known_tokens import known, tokenized
from tokviz.analysis.tokens.statistics import Statistics, TextSize, TokenStatistics, text_size
from tokviz.analysis.tokens.token_chunks import token_chunks
from tokviz.analysis.tokens.token_list import TokenList
from tokviz.analysis.tokens.token_map_chunks import TokenChunk
from tokviz.tokenization.tokenizer import SpecialTokens

SPACES = [chr(code) for code in range(0x3001) if chr(code).isspace()]
PIECES = st.sampled_from([*SPACES, "\r\n", "\r", "\n", "a", "é", "漢", "🙂", "\u200b", "\u2060", "\0"])
TEXTS = st.lists(st.one_of(PIECES, st.characters(exclude_categories=["Cs"]))).map("".join)


def tokens_at(data: bytes, cuts: list[int], ids: list[int] | None = None) -> list[tuple[int, int]]:
    """Tokens (id, bytes) of ``data`` that end at ``cuts`` and at its end."""
    ends = [*sorted(min(cut, len(data)) for cut in cuts), len(data)]
    sizes = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    return list(zip(ids or range(len(sizes)), sizes, strict=True))


def statistics(data: bytes, tokens: TokenList, chunk: int = 1 << 20, frequent: int = 10) -> Statistics:
    return taken(data, tokens, chunk).result(frequent)


def taken(data: bytes, tokens: TokenList, chunk: int) -> TokenStatistics:
    found = TokenStatistics()
    for run in token_chunks(tokens, chunk):
        found.feed(data, run)
    return found


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
@given(TEXTS, st.lists(st.integers(0, 60)), st.integers(1, 9))
def test_tokens_equal_a_plain_loop(text: str, cuts: list[int], chunk: int) -> None:
    data = text.encode()
    tokens = tokens_at(data, cuts)
    found = statistics(data, known(tokens), chunk)
    assert found.size == text_size(data)
    assert found.tokens == len(tokens)
    space = spaces(data)
    ends = list(accumulate(size for _, size in tokens))
    spans = [(end - size, end) for end, (_, size) in zip(ends, tokens, strict=True) if size]
    assert found.whitespace_tokens == sum(all(space[start:end]) for start, end in spans)
    assert found.whitespace_bytes == sum(space)


def spaces(data: bytes) -> list[bool]:
    """Which bytes belong to whole whitespace characters, found character by character."""
    flags: list[bool] = []
    for character in data.decode("utf-8", "surrogateescape"):
        width = len(character.encode("utf-8", "surrogateescape"))
        flags += [character.isspace()] * width
    return flags


def test_ratios_and_frequencies() -> None:
    data = "a b a é".encode()
    tokens = known(tokens_at(data, [1, 2, 3, 4, 5, 6, 7], ids=[9, 4, 7, 4, 9, 4, 1, 2]))
    found = statistics(data, tokens, frequent=3)
    assert found.size == TextSize(bytes=8, characters=7, words=4, lines=1)
    assert (found.tokens, found.whitespace_tokens, found.whitespace_bytes) == (8, 3, 3)
    assert [(f.token_id, f.occurrences) for f in found.frequent] == [(4, 3), (9, 2), (1, 1)]
    assert found.characters_per_token == 7 / 8
    assert found.bytes_per_token == 1.0
    assert found.tokens_per_word == 2.0
    assert found.whitespace_token_share == 3 / 8
    assert found.whitespace_byte_share == 3 / 8


def test_an_empty_text_has_no_ratios() -> None:
    found = statistics(b"", known([]))
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
    ends = np.arange(4, len(data) + 1, 4, dtype=np.uint32)
    ids = (np.arange(len(ends)) % 50_000).astype(np.uint32)
    tokens = TokenList([TokenChunk(len(data), ids, ends, True)], [], [])
    best = min(timed(data, tokens) for _ in range(3))
    counted = Counter(ids.tolist())
    assert statistics(data, tokens).frequent[0].occurrences == max(counted.values())
    # Measured 0.12 to 0.2 s on a busy 2-core machine; a loop in Python would take seconds.
    assert best < 1.0


def timed(data: bytes, tokens: TokenList) -> float:
    begin = time.thread_time()
    statistics(data, tokens)
    return time.thread_time() - begin


@settings(deadline=None)
@given(
    st.text(alphabet="ab é\u3000\u00a0\n\r日\u2028.", max_size=60),
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), max_size=80),
    st.integers(1, 9),
    st.integers(1, 4),
)
def test_chunks_add_up(text: str, sizes: list[tuple[int, int]], chunk: int, pieces: int) -> None:
    data = text.encode()
    tokens: list[tuple[int, int]] = []
    left = len(data)
    for token_id, size in [*sizes, *[(7, 3)] * len(data)]:
        if left:
            tokens.append((token_id, min(size, left)))
            left -= min(size, left)
    listed = known(tokens, pieces)
    whole = statistics(data, listed)
    found = taken(data, listed, chunk)
    assert found.result(10) == whole
    assert found.distinct == len(np.unique(listed.ids()))
    assert found.result().size.bytes == len(data)


def test_a_real_text() -> None:
    data = ("Hello wörld, 日本語 text\u3000here.\r\n" * 200).encode()
    tokens = tokenized(data, chunks=3)
    whole = statistics(data, tokens)
    assert taken(data, tokens, 100).result(10) == whole


def test_tokens_that_the_model_adds_count_as_tokens() -> None:
    data = b"Hello"
    found = taken(data, tokenized(data, "llama3", SpecialTokens.FRAMED), 1).result()
    assert (found.tokens, found.size.bytes, found.size.words) == (2, 5, 1)
    assert found.bytes_per_token == 2.5
