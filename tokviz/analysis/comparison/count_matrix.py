"""Counts of several texts by several tokenizers, and how they stand to the best and to a baseline."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class CountMatrix:
    """Rows are kinds of text (file types, languages, kinds of characters), columns tokenizers."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    sizes: NDArray[np.int64]
    """``int64[rows]``: bytes of each."""
    tokens: NDArray[np.int64]
    """``int64[rows, columns]``."""

    def __post_init__(self) -> None:
        expected = (len(self.rows), len(self.columns))
        if self.tokens.shape != expected or self.sizes.shape != expected[:1]:
            raise ValueError(
                f"sizes {self.sizes.shape} and tokens {self.tokens.shape} do not fit {expected[0]} rows "
                f"and {expected[1]} columns"
            )

    def total(self) -> tuple[int, NDArray[np.int64]]:
        """The bytes and each tokenizer's tokens over all rows."""
        return int(self.sizes.sum()), self.tokens.sum(axis=0, dtype=np.int64)

    def above_least(self) -> NDArray[np.float64]:
        """``float64[rows, columns]``: how much more than the row's fewest tokens, 0.25 for a quarter more.

        0 in a row without tokens.
        """
        least = self.tokens.min(axis=1, keepdims=True, initial=np.iinfo(np.int64).max)
        share = np.zeros(self.tokens.shape)
        np.divide(self.tokens - least, least, where=least > 0, out=share)
        return share

    def against_row(self, row: int) -> NDArray[np.float64]:
        """``float64[rows, columns]``: tokens divided by those of ``row`` under the same tokenizer; NaN where
        that has none."""
        base = self.tokens[row]
        ratio = np.full(self.tokens.shape, np.nan)
        np.divide(self.tokens, base, where=base > 0, out=ratio)
        return ratio


def matrix(
    rows: Sequence[str], columns: Sequence[str], sizes: Sequence[int], tokens: Sequence[Sequence[int]]
) -> CountMatrix:
    """A matrix of plain lists."""
    shape = (len(rows), len(columns))
    return CountMatrix(
        tuple(rows), tuple(columns), np.array(sizes, np.int64), np.array(tokens, np.int64).reshape(shape)
    )
