"""Chunks of a text: none has too many tokens by itself, and together they hold every byte."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tokviz.analysis.chunk_metrics import column_counter
from tokviz.analysis.count_plan import make_decoder
from tokviz.analysis.tokens.chunking import TooFewTokensError, split, take
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.analysis.tokens.token_gauge import CountGauge, Gauge, TokenGauge, make_gauge
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.splitting.split_policy import SplitPolicy, common_rule, split_policy_of
from tokviz.tokenization.tokenizer import SpecialTokens

TOKENIZERS = (
    "r50k_base",
    "o200k_base",
    "claude-2",
    "qwen3",
    "mistral-v3",
    "gemma",
    "claude-v3",
    "claude-opus-5",
)
"""Split by a regex, normalized (NFKC, NFC), a space put before each text, no regex, counts of a covering."""
WORDS = st.sampled_from(
    [
        "the ",
        "don't",
        " 12345 ",
        "\n",
        "\r\n",
        "   ",
        "漢字。",
        "नमस्ते ",
        "e\u0301",
        "ﬁ",
        "👩‍👩‍👧",
        "zzqx",
        ".\n\n",
        "it'll",
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=60).map(
    lambda parts: "".join(parts).encode(errors="replace")
)


@cache
def registry() -> Registry:
    return Registry(Assets())


def gauge_of(name: str, text: bytes) -> TokenGauge:
    tokenizer = registry().get(name)
    policy = split_policy_of(registry().info(name), tokenizer, SpecialTokens.PLAIN)
    return TokenGauge(text, tokenizer, policy)


def ends_as_asked(text: bytes, end: int, at: BreakAt) -> bool:
    return end == len(text) or (at is BreakAt.LINE and text[:end].endswith((b"\n", b"\r")))


@pytest.mark.parametrize("at", BreakAt)
@pytest.mark.parametrize("name", TOKENIZERS)
@settings(deadline=None, max_examples=60)
@given(TEXTS, st.integers(1, 40), st.integers(0, 39))
@example(b"a" * 700, 7, 3)
@example("é".encode() * 500, 4, 1)
@example(b"0\n", 1, 0)  # the line feed costs Claude nothing, and its last token takes it in
def test_chunks_keep_to_the_limit_and_hold_every_byte(
    name: str, at: BreakAt, text: bytes, most: int, overlap: int
) -> None:
    assume(overlap < most)
    count = registry().get(name).count
    try:
        chunks = list(split(text, make_gauge(registry(), name, text), most, overlap, at))
    except TooFewTokensError:
        assert most < 40 and any(count(character.encode()) > most for character in text.decode())
        return
    assert [chunk.start for chunk in chunks[:1]] == [0] * bool(text)
    assert [chunk.end for chunk in chunks[-1:]] == [len(text)] * bool(text)
    for chunk in chunks:
        part = text[chunk.start : chunk.end]
        assert part
        part.decode()
        assert count(part) == chunk.tokens <= most
        if chunk.at is BreakAt.LINE:
            assert ends_as_asked(text, chunk.end, BreakAt.LINE)
    for one, other in pairwise(chunks):
        assert one.start < other.start <= one.end < other.end


@pytest.mark.parametrize("name", TOKENIZERS)
@settings(deadline=None, max_examples=60)
@given(TEXTS, st.floats(0, 1))
def test_what_is_taken_is_as_much_as_fits(name: str, text: bytes, share: float) -> None:
    """Where so many tokens of the whole text end is where it is cut, if that is no more by itself."""
    tokenizer = registry().get(name)
    whole = tokenizer.encode(text)
    most = 1 + int(share * len(whole))
    try:
        chunk = take(text, gauge_of(name, text), 0, most)
    except TooFewTokensError:
        return
    reach = int(whole.ends[most - 1]) if most < len(whole) else len(text)
    is_edge = reach == len(text) or text[reach] & 0xC0 != 0x80
    if is_edge and tokenizer.count(text[:reach]) <= most:
        assert chunk.end >= reach


@pytest.mark.parametrize("name", ["o200k_base", "mistral-v3"])
def test_long_texts_are_measured_step_by_step(name: str) -> None:
    text = b"".join(b"Line %d holds %d words, more or less.\n" % (n, n * n) for n in range(20_000))
    tokenizer, gauge = registry().get(name), gauge_of(name, text)
    whole = tokenizer.encode(text)
    for most in (1, 100, 50_000, len(whole) - 1):
        chunk = take(text, gauge, 0, most)
        assert chunk.tokens == most == tokenizer.count(text[: chunk.end])
    assert take(text, gauge, 0, len(whole)).end == len(text)
    chunks = list(split(text, gauge, 5_000, 100, BreakAt.LINE))
    assert all(text[: chunk.end].endswith(b"\n") for chunk in chunks)
    assert all(tokenizer.count(text[c.start : c.end]) == c.tokens > 4_950 for c in chunks[:-1])
    for one, other in pairwise(chunks):
        assert text[: other.start].endswith(b"\n")
        assert 60 < tokenizer.count(text[other.start : one.end]) <= 100


@pytest.mark.parametrize("at", BreakAt)
def test_without_split_points(at: BreakAt) -> None:
    """A user's tokenizer of which nothing is known."""
    text = "One line. And another!\nSo it goes on, 漢字 and all. ".encode() * 40
    tokenizer = registry().get("r50k_base")
    gauge = TokenGauge(text, tokenizer, SplitPolicy(SafeSplitRule.never()))
    chunks = list(split(text, gauge, 50, 5, at))
    assert chunks[-1].end == len(text)
    assert all(tokenizer.count(text[c.start : c.end]) == c.tokens <= 50 for c in chunks)


def test_at_lines_and_sentences() -> None:
    text = b"One is short. Two is short.\nThree is a longer line of words. Four.\n"
    gauge = gauge_of("o200k_base", text)
    assert take(text, gauge, 0, 10, BreakAt.LINE).end == text.index(b"\n") + 1
    assert take(text, gauge, 0, 6, BreakAt.SENTENCE).end == len(b"One is short. ")
    cut = take(text, gauge, 0, 6, BreakAt.LINE)
    assert (cut.end, cut.at) == (len(b"One is short. "), BreakAt.SENTENCE)
    cut = take(text, gauge, 0, 2, BreakAt.LINE)
    assert (cut.tokens, cut.at) == (2, BreakAt.TOKEN)


def test_a_character_that_is_too_large_says_so() -> None:
    text = "😀𓀀".encode()
    with pytest.raises(TooFewTokensError, match="alone takes"):
        list(split(text, gauge_of("r50k_base", text), 1))


def estimate_gauge(text: bytes, name: str, high: bool = True) -> CountGauge:
    return CountGauge(text, column_counter(registry(), name), make_decoder(name), common_rule(), high)


@pytest.mark.parametrize("name", ["claude-v3", "claude-opus-5"])
def test_claude_is_cut_by_its_counts(name: str) -> None:
    text = ('Words, 12 of them in "quotes"; приветствие и 漢字。\n\n' * 6000).encode()
    gauge = make_gauge(registry(), name, text)
    cut = take(text, gauge, 0, 30_000)
    count = registry().get(name).count
    assert count(text[: cut.end]) == cut.tokens <= 30_000
    assert count(text[: cut.end + 8]) > 30_000
    chunks = list(split(text, gauge, 9_000, 0))
    assert b"".join(text[chunk.start : chunk.end] for chunk in chunks) == text
    assert all(count(text[chunk.start : chunk.end]) <= 9_001 for chunk in chunks)


def test_estimates_are_cut_by_their_high_end_and_reach_further_by_their_low_end() -> None:
    name = registry().estimator_names()[0]
    text = ("Sentences in plain English, a number like 4,711, and приветствие. " * 4000).encode()
    decoder, counter = make_decoder(name), column_counter(registry(), name)
    high, low = estimate_gauge(text, name), estimate_gauge(text, name, high=False)
    cut = take(text, high, 0, 20_000)
    assert decoder.count(counter(text[: cut.end], True)).high <= 20_000 + 2
    assert cut.tokens <= 20_000
    assert decoder.count(counter(text[: cut.end + 40], True)).high > 20_000
    assert low.reach(0, 20_000) > cut.end
    gauge: Gauge = high
    chunks = list(split(text, gauge, 9_000, 300, BreakAt.SENTENCE))
    assert chunks[-1].end == len(text)
    assert all(chunk.tokens <= 9_000 for chunk in chunks)
