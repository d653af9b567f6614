"""Texts counted by several tokenizers: as each counts alone, and every text once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.analysis.tokens.known_tokens import registry
from tokviz.analysis.conversation.text_counts import TextCounts
from tokviz.analysis.count_plan import CountPlan, TokenCounter
from tokviz.tokens import Count

NAMES = ("o200k_base", "cl100k_base", "estimate")


def alone(name: str, texts: Sequence[bytes]) -> Count:
    """What the count plan says of all texts together."""
    plan = CountPlan((name,))
    sums = np.concatenate([one.count(texts).sum(axis=0) for one in plan.counters(registry())])
    return plan.decoders[name].count(sums)


@settings(deadline=None)  # the first example loads the tokenizers
@given(st.lists(st.lists(st.text(max_size=9).map(str.encode), max_size=6), max_size=5))
def test_the_counts_are_those_of_each_alone(rounds: list[list[bytes]]) -> None:
    counts = TextCounts(registry(), most=8)
    for texts in rounds:
        for name in NAMES:
            tokens, whole = counts.by(name)(texts)
            assert len(tokens) == len(texts)
            if texts:
                assert whole == alone(name, texts)
                if name != "estimate":
                    assert tokens == [registry().get(name).count(text) for text in texts]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[bytes]]]:
    """What was really counted, by which tokenizer."""
    made: list[tuple[str, list[bytes]]] = []
    original = TokenCounter.count

    def count(self: TokenCounter, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        made.append((self.tokenizer.name, list(texts)))
        return original(self, texts, parallel)

    monkeypatch.setattr(TokenCounter, "count", count)
    return made


def test_a_text_is_counted_once_by_each(counted: list[tuple[str, list[bytes]]]) -> None:
    counts = TextCounts(registry())
    assert counts.by("o200k_base")([b"one", b"two", b"one"])[0] == [1, 1, 1]
    assert counted == [("o200k_base", [b"one", b"two"])]
    counts.by("o200k_base")([b"two", b"three"])
    assert counted[1:] == [("o200k_base", [b"three"])]
    counts.by("estimate")([b"one"])
    assert "o200k_base" not in [name for name, _ in counted[2:]], "the estimator takes what is known"


def test_no_more_is_kept_than_asked(counted: list[tuple[str, list[bytes]]]) -> None:
    counts = TextCounts(registry(), most=3)
    count = counts.by("o200k_base")
    for text in (b"1", b"2", b"3", b"4"):
        count([text])
    assert len(counts._kept.numbers) == 1
    assert count([b"1", b"2", b"3", b"4", b"five words in a row"])[1].tokens == 9
    assert counted[-1][1] == [b"1", b"2", b"3", b"4", b"five words in a row"]


def test_several_threads_count_at_once() -> None:
    counts = TextCounts(registry(), most=50)
    texts = [
        [str(number % 70).encode() * (number % 5 + 1) for number in range(at, at + 30)] for at in range(60)
    ]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda some: counts.by("o200k_base")(some), texts))
    assert [tokens for tokens, _ in found] == [
        [registry().get("o200k_base").count(text) for text in some] for some in texts
    ]
