"""In which part of a text a limit of tokens falls, found from the counts of its chunks alone.

So only that part need be tokenized to know the byte at which the limit falls, however large the text is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.count_plan import Decoder
from tokviz.analysis.tokens.token_gauge import Columns

_NEAR = 1 << 16
"""Bytes before the limit in which the end of a line or sentence is looked for, at least."""


@dataclass(frozen=True, slots=True, eq=False)
class LimitRange:
    """Bytes ``start`` to ``end`` of a text: the limit falls into them, or at the text's end behind them."""

    start: int
    end: int
    before: Columns
    """The sums of the columns up to ``start``."""


@dataclass(frozen=True, slots=True, eq=False)
class RunningSums:
    """What the chunks of a text come to that follow each other from its beginning."""

    starts: Sequence[int]
    """Where each begins."""
    sums: NDArray[np.int64]
    """``int64[len(starts) + 1, columns]``: the sums up to each, and behind the last."""

    @classmethod
    def of(cls, starts: Sequence[int], columns: Sequence[Columns]) -> "RunningSums":
        """Add up the chunks' ``columns``."""
        if not starts:
            return cls(starts, np.zeros((1, 1), np.int64))
        sums = np.cumsum(columns, axis=0)
        return cls(starts, np.concatenate([np.zeros((1, sums.shape[1]), np.int64), sums]))


def limit_range(
    counted: RunningSums, length: int, decoder: Decoder, most: int, high: bool
) -> LimitRange | None:
    """The chunk in which ``most`` tokens are exceeded, with what stands near before it; None if none is.

    ``length``: that of the text; ``high``: by the high end of an estimate, else by its low end.
    """
    starts, sums = counted.starts, counted.sums

    def tokens(number: int) -> int:
        count = decoder.count(sums[number])
        return count.high if high else count.low

    if not starts or tokens(len(starts)) <= most:
        return None
    low, over = 0, len(starts)  # the first ``low`` chunks fit, the first ``over`` do not
    while over - low > 1:
        middle = (low + over) // 2
        low, over = (middle, over) if tokens(middle) <= most else (low, middle)
    first = low
    while first and starts[low] - starts[first] < _NEAR:
        first -= 1
    end = starts[over] if over < len(starts) else length
    return LimitRange(starts[first], end, sums[first])
