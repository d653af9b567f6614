"""Counts what a comparison needs of many texts, as metrics that add up over them."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.comparison.comparison import BoundaryCounts, compare
from tokviz.analysis.tokens.statistics import text_size
from tokviz.tokenization.tokenizer import Tokenizer

_WORDS, _COMMON, _DIFFERING = "words", "common boundaries", "differing boundaries"


class BoundaryCounter:
    """Tokens of each tokenizer, words, and the boundaries that tokenizers share: a ``scan.Counter``."""

    def __init__(self, tokenizers: Sequence[Tokenizer]) -> None:
        self._tokenizers = tuple(tokenizers)
        names = [each.name for each in self._tokenizers]
        shared = [f"{one} and {other}" for one in names for other in names]
        self.columns: tuple[str, ...] = (*names, _WORDS, _COMMON, _DIFFERING, *shared)

    @property
    def names(self) -> tuple[str, ...]:
        """The tokenizers' names, in their order."""
        return self.columns[: len(self._tokenizers)]

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:  # noqa: ARG002
        """``int64[len(texts), len(columns)]`` of texts in valid UTF-8, each compared by itself."""
        values = np.zeros((len(texts), len(self.columns)), np.int64)
        for row, text in zip(values, texts, strict=True):
            self._fill(row, text)
        return values

    def words(self, sums: Callable[[str], int]) -> int:
        """The words of all texts, given the sum of each column."""
        return sums(_WORDS)

    def boundaries(self, sums: Callable[[str], int]) -> BoundaryCounts:
        """The boundaries of all texts, given the sum of each column."""
        count = len(self._tokenizers)
        shared = np.array([sums(column) for column in self.columns[count + 3 :]], np.int64)
        return BoundaryCounts(shared.reshape(count, count), sums(_COMMON), sums(_DIFFERING))

    def _fill(self, row: NDArray[np.int64], text: bytes) -> None:
        count = len(self._tokenizers)
        ends = [tokenizer.encode(text).ends for tokenizer in self._tokenizers]
        found = compare(len(text), ends, buckets=1).counts
        row[:count] = [len(each) for each in ends]
        row[count : count + 3] = text_size(text).words, found.common, found.differing
        row[count + 3 :] = found.shared.ravel()
