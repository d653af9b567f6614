"""Counting batches of texts: every counter sees every text once, and the metrics add up."""

import time
from collections.abc import Sequence

import numpy as np
import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tokviz.analysis.codebase.scan import (
    CountedBatch,
    MeasuredBatch,
    columns,
    count,
    measure,
    text_sizes,
)
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.tokens.statistics import text_size
from tokviz.assets import Assets
from tokviz.documents.decoding import TextFile
from tokviz.documents.tree.reading import TextBatch
from tokviz.documents.tree.walking import LeftOut, Reason
from tokviz.tokenization.estimate import SOURCES
from tokviz.tokenization.registry import Registry


class ByteBigrams:
    """A real tokenizer, small: bytes, and some pairs of letters."""

    def __init__(self) -> None:
        ranks = {bytes([byte]): byte for byte in range(256)} | {b"th": 256, b"he": 257, b"in": 258}
        self._encoding = tiktoken.Encoding(
            "bigrams", pat_str=r"[\s\S]{1,1000}", mergeable_ranks=ranks, special_tokens={}
        )
        self.columns: tuple[str, ...] = ("bigrams",)
        self.seen: list[bytes] = []

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        self.seen += texts
        counts = [len(self._encoding.encode_ordinary(text.decode())) for text in texts]
        return np.array(counts, np.int64).reshape(-1, 1)


class Spaces:
    columns: tuple[str, ...] = ("spaces", "tabs")

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        return np.array([[text.count(b" "), text.count(b"\t")] for text in texts], np.int64)


def batch(*texts: str, first: int = 0) -> MeasuredBatch:
    data = [text.encode() for text in texts]
    numbers = list(range(first, first + len(data)))
    gathered = TextBatch()
    for number, text in zip(numbers, data, strict=True):
        gathered.add(number, TextFile(text, "UTF-8"), len(text))
    return measure(gathered)


def test_every_counter_sees_every_text_once() -> None:
    bigrams = ByteBigrams()
    batches = [batch("the inn", "a\tb"), batch("é\r\nx", first=2)]
    counted = list(count(batches, [bigrams, Spaces()]))
    assert columns([bigrams, Spaces()]) == ("bytes", "characters", "lines", "bigrams", "spaces", "tabs")
    assert np.concatenate([part.values for part in counted]).tolist() == [
        [7, 7, 1, 5, 1, 0],
        [3, 3, 1, 3, 0, 1],
        [5, 4, 2, 5, 0, 0],
    ]
    assert [part.numbers.tolist() for part in counted] == [[0, 1], [2]]
    assert bigrams.seen == [b"the inn", b"a\tb", "é\r\nx".encode()]


def test_an_estimate_is_counted_as_what_it_is_made_of() -> None:
    plan = CountPlan(("estimate",))
    registry = Registry(Assets())
    counters = plan.counters(registry)
    assert columns(counters)[3:] == SOURCES
    texts = ("Hello, 123 ✓", "你好")
    (counted,) = count([batch(*texts)], counters)
    expected = [sum(registry.get(name).count(text.encode()) for text in texts) for name in SOURCES]
    assert counted.values.sum(axis=0)[3:].tolist() == expected
    found = plan.counts(columns(counters), counted.values.sum(axis=0))["estimate"]
    assert (found.low, found.tokens, found.high) == (
        min(expected),
        sorted(expected)[len(expected) // 2],
        max(expected),
    )


def test_counting_is_lazy_so_that_it_can_be_stopped() -> None:
    bigrams = ByteBigrams()
    results = count([batch(str(number), first=number) for number in range(9)], [bigrams])
    first = next(results)
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert first.numbers.tolist() == [0]
    # The one after it was begun too.
    assert set(bigrams.seen) <= {b"0", b"1"}


def test_batches_come_in_order_however_long_each_takes() -> None:
    class Slow(Spaces):
        def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
            time.sleep(0.02 if texts[0].startswith(b"slow") else 0)
            return super().count(texts, parallel)

    batches = [batch("slow  " if number % 3 == 0 else " ", first=number) for number in range(12)]
    counted = list(count(batches, [Slow(), ByteBigrams()]))
    assert [part.numbers.tolist() for part in counted] == [[number] for number in range(12)]
    assert [part.values[0, 3] for part in counted] == [2, 1, 1] * 4


def test_what_a_counter_raises_is_raised_here() -> None:
    class Broken(Spaces):
        def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
            raise LookupError(texts[0].decode())

    with pytest.raises(LookupError, match="one"):
        list(count([batch("one"), batch("two", first=1)], [ByteBigrams(), Broken()]))


def test_a_batch_of_nothing_but_binaries_passes_on_what_is_left_out() -> None:
    out = LeftOut("a.bin", False, Reason.BINARY)
    (counted,) = count([measure(TextBatch(left_out=[(7, out)]))], [ByteBigrams()])
    assert isinstance(counted, CountedBatch)
    assert counted.values.shape == (0, 4)
    assert counted.left_out == [(7, out)]


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("ab\r\n é你\0")) | st.text(), max_size=6))
def test_sizes_are_those_of_the_statistics(texts: list[str]) -> None:
    data = [text.encode("utf-8", "replace") for text in texts]
    expected = [text_size(text) for text in data]
    assert text_sizes(data).tolist() == [[size.bytes, size.characters, size.lines] for size in expected]
