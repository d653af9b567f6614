"""The tokens of before an edit where the text is now, for what has to be drawn at once."""

import numpy as np

from tokviz.analysis.tokens.token_map_list import TokenRun
from tokviz.analysis.tokens.token_map_pieces import UNKNOWN


def moved_tokens(run: TokenRun, start: int, removed: int, inserted: int) -> TokenRun:
    """The tokens of ``run`` after ``removed`` bytes at ``start`` gave way to ``inserted`` others. Offsets are
    bytes. If the run touches the place of the edit, the token before the place has to be in it.

    What was inserted belongs to the token before it, or at the text's beginning to the first; that token is
    stale. Tokens that lost all their bytes are gone; those that never had any must not be among them.
    """
    if removed:
        run = _without(run, start, removed)
    if not inserted:
        return run
    if not len(run):
        return TokenRun(
            -1,
            np.array([UNKNOWN], np.uint32),
            np.array([start]),
            np.array([start + inserted]),
            np.ones(1, bool),
        )
    starts, ends, stale = run.starts.copy(), run.ends.copy(), run.stale.copy()
    at = int(starts.searchsorted(start)) - 1
    if at < 0 and starts[0] == start == 0:
        at = 0
    starts[at + 1 :] += inserted
    ends[max(at, 0) :] += inserted
    if at >= 0:
        stale[at] = True
    return TokenRun(run.first_index, run.ids, starts, ends, stale)


def _without(run: TokenRun, start: int, removed: int) -> TokenRun:
    end = start + removed
    starts, ends = (
        np.where(offsets > end, offsets - removed, np.minimum(offsets, start))
        for offsets in (run.starts, run.ends)
    )
    left = ends > starts
    stale = run.stale | (ends - starts != run.ends - run.starts)
    return TokenRun(run.first_index, run.ids[left], starts[left], ends[left], stale[left])
