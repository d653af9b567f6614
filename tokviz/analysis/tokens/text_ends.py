"""In which part of a text a limit of tokens falls, found from the counts of its chunks alone.

So only that part need be tokenized to know the byte at which the limit falls, however large the text is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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


def limit_range(
    starts: Sequence[int], columns: Sequence[Columns], length: int, decoder: Decoder, most: int, high: bool
) -> LimitRange | None:
    """The chunk in which ``most`` tokens are exceeded, with what stands near before it; None if none is.

    ``starts`` are where the chunks begin that follow each other from the text's beginning, ``columns`` their
    counts; ``high``: by the high end of an estimate, else by its low end.
    """
    if not starts:
        return None
    sums = np.concatenate([np.zeros((1, len(decoder.sources)), np.int64), np.cumsum(columns, axis=0)])

    def tokens(number: int) -> int:
        count = decoder.count(sums[number])
        return count.high if high else count.low

    if tokens(len(starts)) <= most:
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
