"""Old tokens moved with an edit cover the text as it is; those the edit does not touch stay as they were."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from tokviz.analysis.tokens.moved_tokens import moved_tokens
from tokviz.analysis.tokens.token_map import UNKNOWN, TokenRun


def _run(sizes: list[int], base: int = 0) -> TokenRun:
    ends = base + np.cumsum(np.array(sizes, np.int64), dtype=np.int64)
    starts = ends - np.array(sizes, np.int64)
    return TokenRun(7, np.arange(len(sizes), dtype=np.uint32), starts, ends, np.zeros(len(sizes), np.bool_))


@given(st.lists(st.integers(1, 5), max_size=12), st.integers(0, 60), st.integers(0, 20), st.integers(0, 9))
@example([3, 2], 0, 0, 4)
@example([3, 2], 3, 0, 1)
@example([3, 2], 5, 0, 1)
@example([3, 2], 0, 5, 2)
@example([3, 2, 4], 2, 4, 0)
def test_a_whole_text_stays_covered(sizes: list[int], start: int, removed: int, inserted: int) -> None:
    run = _run(sizes)
    size = sum(sizes)
    start = min(start, size)
    removed = min(removed, size - start)
    moved = moved_tokens(run, start, removed, inserted)
    bounds = [0, *moved.ends.tolist()]
    assert moved.starts.tolist() == bounds[:-1]
    assert bounds == sorted(set(bounds))
    assert bounds[-1] == size + inserted - removed
    kept = {
        (int(i), int(s), int(e))
        for i, s, e, old in zip(moved.ids, moved.starts, moved.ends, moved.stale, strict=True)
        if not old
    }
    for token_id, first, last in zip(run.ids.tolist(), run.starts.tolist(), run.ends.tolist(), strict=True):
        if last < start:
            assert (token_id, first, last) in kept
        elif first >= start + removed and start > 0:
            by = inserted - removed
            assert (token_id, first + by, last + by) in kept
    assert not inserted or moved.stale.any()
    assert len(moved) == 0 or moved.first_index == (7 if sizes and removed < size else -1)


def test_a_run_behind_the_edit_only_moves() -> None:
    run = _run([2, 3], base=10)
    moved = moved_tokens(run, 4, 0, 1)
    assert moved.starts.tolist() == [11, 13] and moved.ends.tolist() == [13, 16] and not moved.stale.any()
    moved = moved_tokens(run, 4, 3, 1)
    assert moved.starts.tolist() == [8, 10] and moved.ends.tolist() == [10, 13] and not moved.stale.any()


def test_what_is_typed_into_nothing_is_unknown() -> None:
    moved = moved_tokens(_run([]), 0, 0, 3)
    assert moved.ids.tolist() == [UNKNOWN] and moved.ends.tolist() == [3] and moved.stale.all()
