"""A row cut alone, as after a key, is cut as it is among others."""

from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.tokens.token_map_list import TokenRun
from tokviz.ui.editor.layout.row_space import PlacedRow
from tokviz.ui.editor.layout.rows import Row
from tokviz.ui.editor.painting import row_parts
from tokviz.ui.editor.painting.row_parts import RowPart, cut_parts


def part(start: int, stop: int) -> RowPart:
    return RowPart(0, cast(PlacedRow, None), cast(Row, None), start, stop)


@given(
    lengths=st.lists(st.integers(0, 4), max_size=12),
    gap=st.integers(-1, 11),
    begin=st.integers(0, 30),
    bounds=st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_one_row_is_cut_as_among_others(
    lengths: list[int], gap: int, begin: int, bounds: tuple[int, int]
) -> None:
    ends = begin + np.cumsum(np.array(lengths, np.int64))
    starts = ends - np.array(lengths, np.int64)
    kept = np.arange(len(ends)) != gap
    flags = np.zeros(int(kept.sum()), np.bool_)
    run = TokenRun(0, np.arange(len(ends), dtype=np.uint32)[kept], starts[kept], ends[kept], flags)
    row = part(*sorted(bounds))
    (alone,) = cut_parts([row], run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_parts, "_cut_one", lambda *_: None)
        (general,) = cut_parts([row], run)
    assert alone.cuts.tolist() == general.cuts.tolist()
    assert alone.tokens.tolist() == general.tokens.tolist()
    assert alone.real.tolist() == general.real.tolist()
    assert alone.empty == general.empty
