"""The fewest pieces that cover a text.

A text falls into *parts* at every place that no piece of several characters spans. The parts of a window are
covered all together: in each step, the places equally far into their parts.
"""

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.claude.piece_trie import Places
from tokviz.tokenization.claude.vocabulary import Codes, Vocabulary

_WINDOW = 1 << 16
"""Characters whose pieces are looked for at once: a long run of spaces has 128 from each place."""
_UNREACHED = 1 << 40
_FEW = 3
"""Places that are done sooner one by one than all at once."""
_FEW_STEPS = 64


def fewest_pieces(vocabulary: Vocabulary, codes: Codes) -> tuple[NDArray[np.int64], Places]:
    """``int64[n + 1]``, the tokens of the text up to each place, and ``int64[n]``, where the last piece
    before each place but the first begins. What a character costs beyond one token are tokens of bytes."""
    size = len(codes)
    totals = np.full(size + 1, _UNREACHED, np.int64)
    totals[0] = 0
    last = np.arange(size)
    prices = vocabulary.prices(codes).astype(np.int64)
    reached = 0
    for low in range(0, size, _WINDOW):
        high = min(low + _WINDOW, size)
        starts, ends = vocabulary.trie.find(codes[low:], high - low)
        starts, ends = starts + low, ends + low
        _sweep(totals, prices, low, high, starts, ends, reached)
        best = (totals[starts] + 1 == totals[ends]).nonzero()[0]
        # Longer pieces come later, and of several the last is kept.
        last[ends[best] - 1] = starts[best]
        reached = int(ends.max(initial=high))
    return totals, last


def _sweep(
    totals: NDArray[np.int64],
    prices: NDArray[np.int64],
    low: int,
    high: int,
    starts: Places,
    ends: Places,
    reached: int,
) -> None:
    """Bring ``totals`` up to date for the pieces that begin from ``low`` to ``high``. Earlier ones have
    reached beyond ``low``, at most to ``reached``."""
    top = max(int(ends.max(initial=high)), reached)
    spanning = np.zeros(top - low + 1, np.int64)
    spanning += np.bincount(starts + 1 - low, minlength=len(spanning))
    spanning -= np.bincount(ends - low, minlength=len(spanning))
    begins = np.cumsum(spanning) == 0
    begins[: reached - low] = False
    begins[0] = True
    place = np.arange(high - low)
    part = np.maximum.accumulate(np.where(begins[: high - low], place, 0))
    depth = place - part
    # Tokens from the part's beginning to behind each character.
    costs = totals[low + 1 : top + 1] - totals[low]
    by_depth = np.argsort(depth.astype(np.uint16), kind="stable")
    pieces = np.argsort(depth[starts - low].astype(np.uint16), kind="stable")
    starts, ends = starts[pieces] - low, ends[pieces] - low
    steps = int(depth.max(initial=0)) + 1
    places_until = np.cumsum(np.bincount(depth, minlength=steps))
    pieces_until = np.cumsum(np.bincount(depth[starts], minlength=steps))
    done = covered = 0
    # From here on a step has next to nothing to do.
    few = int(np.searchsorted(-np.diff(places_until, prepend=0), -_FEW)) if steps > _FEW_STEPS else steps
    for step in range(few):
        at, to = by_depth[done : places_until[step]], ends[covered : pieces_until[step]] - 1
        single, whole = prices[low + at], 1
        if step:
            single = single + costs[at - 1]
            whole = costs[starts[covered : pieces_until[step]] - 1] + 1
        costs[at] = np.minimum(costs[at], single)
        costs[to] = np.minimum(costs[to], whole)
        done, covered = places_until[step], pieces_until[step]
    if few < steps:
        rest = slice(int(done), None), slice(int(covered), None)
        _step_by_step(costs, prices[low:high], depth, by_depth[rest[0]], starts[rest[1]], ends[rest[1]])
    first = begins[: high - low].nonzero()[0]
    before = totals[low] + np.cumsum(np.append(0, costs[first[1:] - 1]))
    index = np.cumsum(begins[: high - low]) - 1
    totals[low + 1 : high + 1] = before[index] + costs[: high - low]
    totals[high + 1 : top + 1] = before[-1] + costs[high - low :]


def _step_by_step(
    costs: NDArray[np.int64],
    prices: NDArray[np.int64],
    depth: NDArray[np.int64],
    places: Places,
    starts: Places,
    ends: Places,
) -> None:
    """Go on where few parts are left, in place. ``places`` and the pieces are in order of their depth."""
    cost, price = costs.tolist(), prices.tolist()
    pieces = iter(zip(depth[starts].tolist(), starts.tolist(), ends.tolist(), strict=True))
    none = (_UNREACHED, 0, 0)
    of_piece, start, end = next(pieces, none)
    for place, step in [*zip(places.tolist(), depth[places].tolist(), strict=True), (-1, _UNREACHED)]:
        while of_piece < step:
            whole = (cost[start - 1] if of_piece else 0) + 1
            if whole < cost[end - 1]:
                cost[end - 1] = whole
            of_piece, start, end = next(pieces, none)
        if place >= 0:
            cost[place] = min(cost[place], price[place] + (cost[place - 1] if step else 0))
    costs[:] = cost
