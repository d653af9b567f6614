"""Which suggestions make a codebase fit: as few cuts as it takes, and no more left out than that needs."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.file_kinds import FileKinds, Kind
from tokviz.analysis.codebase.suggestions import TINY, Sorted, Suggestion, folded, joined
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape

_WORTH = 1 / 50
"""Of the budget: what a line more in the plan must keep in. So no list is as long as a window for the sake of
a few tokens, and Django loses its contrib and not pieces of its core and of four more."""
_LONG = 150
"""So many lines more are worth the whole budget, and a quarter of them half of it: where much of it is at
stake, as with Django's tests at a quarter, a longer list is in place."""
_MORE = 50
"""Folders and files of the own source that are looked at for a cut that is nearer to what is needed."""
_SWAPS = 8


def plan(
    tree: TokenTree,
    weights: NDArray[np.int64],
    kinds: FileKinds,
    budget: int,
    kept: NDArray[np.bool_] | None = None,
) -> list[Suggestion]:
    """The suggestions after which at most ``budget`` tokens are left, or as near as that comes.

    Each kind goes as a whole before the next one is touched; of the last one, the fewest and largest parts
    that do not leave out far more than is needed. What saves next to nothing is told together.
    """
    return folded(plan_apart(tree, weights, kinds, budget, kept), int(weights[tree.takes_part].sum()))


def plan_apart(
    tree: TokenTree,
    weights: NDArray[np.int64],
    kinds: FileKinds,
    budget: int,
    kept: NDArray[np.bool_] | None = None,
) -> list[Suggestion]:
    """The same, each by itself."""
    known = Sorted(tree, weights, kinds, kept, budget)
    over = known.total - budget
    taken: list[Suggestion] = []
    for suggestion in known.by_products():
        if over <= 0:
            break
        steps = [suggestion]
        if suggestion.saves > over:
            parts = _enough(known, known.parts(suggestion), over, budget)
            steps = _briefer(suggestion, parts, budget)
        taken += steps
        over -= _saved(steps)
    if over > 0:
        taken += _source_parts(known, taken, over, budget)
        over = known.total - budget - _saved(taken)
    taken = _without_needless(taken, -over)
    return known.gathered(_without_tiny(known, taken, known.total - budget))


def fewest(parts: Sequence[Suggestion], over: int) -> list[Suggestion]:
    """Of ``parts`` (the largest first), the fewest that save ``over`` tokens, and of as few the smallest."""
    left, taken = list(parts), []
    while over > 0 and left:
        enough = [part for part in left if part.saves >= over]
        part = enough[-1] if enough else left[0]
        left.remove(part)
        taken.append(part)
        over -= part.saves
    return taken


def _saved(steps: Sequence[Suggestion]) -> int:
    return sum(step.saves for step in steps)


def _enough(known: Sorted, parts: Sequence[Suggestion], over: int, budget: int) -> list[Suggestion]:
    """``fewest``, with parts of the last one in its place where they keep enough for their lines."""
    taken = fewest(parts, over)
    if _saved(taken) - over < _worth(budget, 1):
        return taken
    *others, last = taken
    pieces = known.pieces(last)
    if not pieces:
        return taken
    finer = _enough(known, pieces, over - _saved(others), budget)
    return [*others, *finer] if _pays(finer, last, budget) else taken


def _briefer(whole: Suggestion, parts: Sequence[Suggestion], budget: int) -> list[Suggestion]:
    """``parts``, or the ``whole`` in a word where a hundred paths keep next to nothing more."""
    return list(parts) if _pays(parts, whole, budget) else [whole]


def _pays(parts: Sequence[Suggestion], whole: Suggestion, budget: int) -> bool:
    """Whether ``parts`` keep enough tokens for the lines that they take more than the ``whole``."""
    more = sum(map(_lines, parts)) - _lines(whole)
    return whole.saves - _saved(parts) >= _worth(budget, more)


def _worth(budget: int, more: int) -> int:
    """The tokens that so many lines more must keep in."""
    return max(1, int(budget * min(more * _WORTH, math.sqrt(max(0, more) / _LONG))))


def _lines(suggestion: Suggestion) -> int:
    return len(suggestion.patterns) + len(suggestion.nodes)


# -- the own source ---------------------------------------------------------------------------------------


def _source_parts(known: Sorted, before: Sequence[Suggestion], over: int, budget: int) -> list[Suggestion]:
    left = known.tree.takes_part.copy()
    for suggestion in before:
        left[suggestion.files] = False
    taken: list[Suggestion] = []
    while over > 0 and (parts := known.largest_source(left)):
        part = fewest(parts, over)[0]
        over -= part.saves
        left[part.files] = False
        taken.append(part)
    return _swallowed(known.shape, _nearer(known, left, taken, -over, budget))


def _nearer(
    known: Sorted, left: NDArray[np.bool_], taken: list[Suggestion], room: int, budget: int
) -> list[Suggestion]:
    """``taken`` with smaller parts in the place of some, where ``room`` tokens more are left than need be."""
    worth = _worth(budget, 1)
    for _swap in range(_SWAPS):
        best: tuple[int, Suggestion, list[Suggestion]] | None = None
        for part in taken if room >= worth else ():
            free = left.copy()
            free[part.files] = True
            smaller = [one for one in known.largest_source(free, _MORE) if one.saves < part.saves]
            for among in (smaller, _apart(known.shape, smaller)):
                parts = fewest(among, part.saves - room)
                gain = part.saves - _saved(parts)
                enough = gain <= room and len(_apart(known.shape, parts)) == len(parts)
                if enough and _pays(parts, part, budget) and gain >= worth and (not best or gain > best[0]):
                    best = gain, part, parts
        if best is None:
            break
        gain, part, parts = best
        taken = [*(one for one in taken if one is not part), *parts]
        left[part.files] = True
        for one in parts:
            left[one.files] = False
        room -= gain
    return taken


def _apart(shape: TreeShape, parts: Sequence[Suggestion]) -> list[Suggestion]:
    """Those that lie neither in an earlier one nor around it."""
    kept: list[Suggestion] = []
    for part in parts:
        (node,) = part.nodes
        ends = int(shape.ends[node])
        others = [one.nodes[0] for one in kept]
        if not any(node <= other < ends or other <= node < shape.ends[other] for other in others):
            kept.append(part)
    return kept


def _swallowed(shape: TreeShape, parts: Sequence[Suggestion]) -> list[Suggestion]:
    """Each folder together with what was taken of it before."""
    kept: list[Suggestion] = []
    for part in parts:
        (node,) = part.nodes
        inner = [one for one in kept if node <= one.nodes[0] < shape.ends[node]]
        if inner:
            part = joined(part.kind, part.title, [part, *inner], part.nodes)
            kept = [one for one in kept if one not in inner]
        kept.append(part)
    return kept


def _without_tiny(known: Sorted, taken: list[Suggestion], over: int) -> list[Suggestion]:
    """Without the kinds that save next to nothing, as far as ``over`` tokens are saved all the same, unless
    own source goes. What other lines leave out too goes with those."""
    saves: Counter[Kind] = Counter()
    for one in taken:
        saves[one.kind] += one.saves
    if Kind.SOURCE in saves:
        return taken
    room = sum(saves.values()) - over
    for kind, saved in sorted(saves.items(), key=lambda item: item[1]):
        if saved <= room and saved < known.total * TINY:
            files = np.concatenate([one.files for one in taken if one.kind is kind])
            taken = known.with_files([one for one in taken if one.kind is not kind], files)
            room = _saved(taken) - over
    return taken


def _without_needless(taken: list[Suggestion], room: int) -> list[Suggestion]:
    """Without those of the last kind that are not needed where ``room`` tokens are left. While any of a kind
    is left out, none of an earlier one comes back."""
    while taken:
        last = [one for one in taken if one.kind is taken[-1].kind]
        spare = [one for one in last if 0 < one.saves <= room]
        if not spare:
            break
        suggestion = max(spare, key=lambda one: one.saves)
        taken.remove(suggestion)
        room -= suggestion.saves
    return taken
