"""The part of a text into which a limit falls."""

import numpy as np
import pytest

from tokviz.analysis.count_plan import TokenDecoder
from tokviz.analysis.tokens.text_ends import RunningSums, limit_range

DECODER = TokenDecoder("r50k_base")
STEP = 1 << 16


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, (0, STEP, 0)),
        (9, (0, STEP, 0)),
        (10, (0, 2 * STEP, 0)),
        (25, (STEP, 3 * STEP, 10)),
        (39, (2 * STEP, 3 * STEP + 5, 20)),
        (40, None),
    ],
)
def test_the_limit_falls_behind_the_chunks_that_fit(most: int, expected: tuple[int, ...] | None) -> None:
    starts = [0, STEP, 2 * STEP, 3 * STEP]
    columns = [np.array([10])] * 4
    found = limit_range(RunningSums.of(starts, columns), 3 * STEP + 5, DECODER, most, high=True)
    assert (found and (found.start, found.end, int(found.before[0]))) == expected


def test_of_what_is_not_counted_nothing_is_known() -> None:
    assert limit_range(RunningSums.of([], []), 100, DECODER, 5, high=True) is None
    assert limit_range(RunningSums.of([0], [np.array([5])]), STEP, DECODER, 5, high=True) is None
