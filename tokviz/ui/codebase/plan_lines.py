"""What a plan, and what was taken out by hand, do to the files, and say as lines of an ignore file."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.shortened_counts import bit_of
from tokviz.analysis.codebase.suggestions import Suggestion, ignore_line, ignore_text
from tokviz.analysis.codebase.token_tree import FileState, Inclusion, TokenTree
from tokviz.analysis.codebase.tree_images import TreeImages

_BY_HAND = "# taken out by hand"  # verbatim


def dropped_files(tree: TokenTree, suggestions: Iterable[Suggestion]) -> NDArray[np.bool_]:
    """What suggestions leave out: ``bool[m]``."""
    flags = np.zeros(len(tree.sizes), np.bool_)
    for suggestion in suggestions:
        if suggestion.shortening is None:
            flags[suggestion.files] = True
    return flags


def taken_out(tree: TokenTree, images: TreeImages | None) -> int:
    """How many files would take part, as texts or as ``images``, and are excluded."""
    counted = tree.states != FileState.LEFT_OUT
    if images is not None:
        counted[images.numbers] = True
    return int(np.count_nonzero(counted & ~tree.included))


def plan_lines(tree: TokenTree, applied: Sequence[Suggestion], root: int) -> tuple[str, ...]:
    """What stands in the ``.tokvizignore`` of a root (its number). What is shortened has no line."""
    lines = ignore_text(tree.shape, applied, root).splitlines()
    by_hand = [ignore_line(tree.shape, node) for node in _excluded(tree, dropped_files(tree, applied), root)]
    return (*lines, _BY_HAND, *by_hand) if by_hand else tuple(lines)


def _excluded(tree: TokenTree, planned: NDArray[np.bool_], root: int) -> list[int]:
    """The outermost nodes of a root that are excluded as a whole, where ``planned`` does not say so."""
    shape = tree.shape
    out = tree.inclusion(np.arange(len(shape))) == Inclusion.NONE
    out &= shape.sums(~tree.included & ~planned) > 0
    top = shape.root_nodes[root]
    return [node for node in shape.outermost(out) if top < node < shape.ends[top]]


def with_ways(wanted: NDArray[np.uint8], suggestions: Sequence[Suggestion]) -> NDArray[np.uint8]:
    """What is to be shortened if suggestions are applied too."""
    wanted = wanted.copy()
    for one in suggestions:
        if one.shortening is not None:
            wanted[one.files] |= np.uint8(bit_of(one.shortening))
    return wanted
