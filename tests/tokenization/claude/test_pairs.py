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
from tokviz.tokenization.claude.price_table import PairTable

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


def test_a_key_whose_place_is_taken_is_not_there() -> None:
    table = PairTable()
    keys = np.array([5, 6, 1 << 60], np.uint64)
    table.add(keys, np.array([1, 2, 3]))
    prices, unknown = table.find(keys)
    assert (prices.tolist(), unknown.tolist()) == ([0, 2, 3], [0])


def test_an_immense_price_is_not_kept() -> None:
    table = PairTable()
    keys = np.array([1 << 50, 1 << 60], np.uint64)
    table.add(keys, np.array([1 << 40, 0]))
    prices, unknown = table.find(keys)
    assert (prices.tolist(), unknown.tolist()) == ([0, 0], [0])
