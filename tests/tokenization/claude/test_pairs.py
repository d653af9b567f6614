"""Prices by pairs of an anchor and the gap behind it: the same in ASCII and in UTF-16, kept and not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokenization.claude.oracle import counter
from tokviz.assets import Assets
from tokviz.tokenization.claude import pairs as pairs_module
from tokviz.tokenization.claude.counter import ClaudeCounter
from tokviz.tokenization.claude.families import FAMILIES
from tokviz.tokenization.claude.price_table import UNKNOWN, Keys, PairTable
from tokviz.tokenization.claude.pricing import Pricer
from tokviz.tokenization.claude.spans import Numbers, Spans, Units

_WORDS = (
    "a",
    "It's",
    "it'S",
    "don't",
    "we'll",
    "x'd'll",
    "HELLO",
    "12",
    "1234567",
    "0x1f",
    "(",
    ");\n",
    "'",
    "s",
)
_TEXTS = st.lists(st.sampled_from([*_WORDS, " ", "  ", "\n", "\n\n", "\t", "\x07", "_", "->"]), max_size=30)


@pytest.mark.parametrize("family", ["v3", "v4.8"])
@given(words=_TEXTS)
@settings(max_examples=100, deadline=None)
def test_pairs_cost_what_their_spans_do(family: str, words: list[str]) -> None:
    text = "".join(words)
    # A letter that no piece joins to anything has the same text told in UTF-16.
    narrow = counter(family).count(f"a({text}") - counter(family).count("a(")
    wide = counter(family).count(f"文 a({text}") - counter(family).count("文 a(")
    assert narrow == wide


def test_the_same_pair_costs_the_same_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs_module, "_MOST_WAITING", 3)
    many = [f"it's {word} {number}! And (more)\n".encode() for number in range(300) for word in _WORDS]
    one = ClaudeCounter(Assets(), FAMILIES["v3"])
    first, second = one.count_many(many), one.count_many(many)
    assert first.tolist() == second.tolist() == [counter("v3").count(text) for text in many]


def test_of_pairs_that_wait_and_are_alike_one_is_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    one = ClaudeCounter(Assets(), FAMILIES["v3"])
    one.count("met before")
    looked_at: list[int] = []
    prices = Pricer.prices

    def watched(pricer: Pricer, units: Units, spans: Spans) -> Numbers:
        looked_at.append(len(spans.parts))
        return prices(pricer, units, spans)

    monkeypatch.setattr(Pricer, "prices", watched)
    # Each text is longer than what is worked on at once, so the second and third meet what waits.
    text = b"alpha beta; " * 50_000 + b"gamma"
    counts = one.count_many([text, text, text])
    assert counts.tolist() == [one.count(text)] * 3
    assert looked_at[0] < 30


def test_pairs_that_are_too_long_to_be_kept_are_told_apart() -> None:
    one = ClaudeCounter(Assets(), FAMILIES["v3"])
    texts = [f"a{sign * 200}b{sign * 300}c".encode() for sign in "-=~-"]
    assert one.count_many(texts).tolist() == [counter("v3").count(text) for text in texts]


def _found(table: PairTable, keys: Keys) -> tuple[list[int], list[int], list[int]]:
    prices, unknown, numbers = table.find(keys)
    return prices.tolist(), unknown.tolist(), numbers.tolist()


def test_a_key_whose_place_is_taken_is_not_there() -> None:
    table = PairTable()
    keys = np.array([5, 6, 1 << 60], np.uint64)
    table.add(keys, np.array([1, 2, 3]))
    assert _found(table, keys) == ([0, 2, 3], [0], [UNKNOWN])


@pytest.mark.parametrize("price", [(1 << 20) - 1, 1 << 20, (1 << 21) - 2, 1 << 40])
def test_an_immense_price_is_not_kept(price: int) -> None:
    table = PairTable()
    keys = np.array([1 << 50, 1 << 60], np.uint64)
    table.add(keys, np.array([price, 0]))
    kept = price < 1 << 20
    assert _found(table, keys) == ([price * kept, 0], [] if kept else [0], [] if kept else [UNKNOWN])


@pytest.mark.parametrize("number", [0, 70_000, (1 << 20) - 2, (1 << 20) - 1, 1 << 40])
def test_a_key_that_waits_is_found_by_its_number_until_its_price_is_there(number: int) -> None:
    table = PairTable()
    keys = np.array([1 << 50, 1 << 60], np.uint64)
    table.add_waiting(keys, np.array([number, 3]))
    assert _found(table, keys) == ([0, 0], [0, 1], [number if number < (1 << 20) - 1 else UNKNOWN, 3])
    table.add(keys, np.array([7, 1 << 40]))
    assert _found(table, keys) == ([7, 0], [1], [UNKNOWN])


@given(keys=st.lists(st.integers(0, (1 << 64) - 1), min_size=1, max_size=50))
@settings(max_examples=200, deadline=None)
def test_keys_that_are_not_kept_are_never_found(keys: list[int]) -> None:
    """Whatever stands in a key's place."""
    table = PairTable()
    others = np.array([key ^ 1 for key in keys], np.uint64)
    table.add(others, np.arange(len(keys)))
    table.add_waiting(others, np.arange(len(keys)))
    mine = np.setdiff1d(np.array(keys, np.uint64), others)
    assert _found(table, mine)[2] == [UNKNOWN] * len(mine)
