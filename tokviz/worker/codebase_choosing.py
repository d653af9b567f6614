"""Working out which files are meant: by a filter's pattern, and by what may be left out to make the rest fit.

On a large tree each of these takes longer than a frame, so the window asks the worker.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.file_kinds import FileKinds, file_kinds, folders
from tokviz.analysis.codebase.planning import plan
from tokviz.analysis.codebase.shrinking import Shrinking, left_after, plan_smaller, suggest_shrinking
from tokviz.analysis.codebase.suggestions import Suggestion, suggest
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_images import ImagesToPlan
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.tree.git_attributes import read_attributes
from tokviz.documents.tree.ignore_file import IGNORE_FILE, add_rules
from tokviz.language import pgettext
from tokviz.worker.jobs import Compute


def match_names(shape: TreeShape, pattern: str) -> Compute:
    """Find the files and folders that a filter means: see ``TreeShape.matching``."""
    return Compute(
        TreeShape.matching,
        (shape, pattern),
        pgettext("stopped while …", "looking for {pattern}", pattern=pattern),
    )


def sort_files(shape: TreeShape, roots: Sequence[Path]) -> Compute:
    """Tell what files are, by their names and by ``.gitattributes``: see ``file_kinds``."""
    return Compute(_sort, (shape, tuple(roots)), pgettext("stopped while …", "sorting the files"))


def _sort(shape: TreeShape, roots: Sequence[Path]) -> FileKinds:
    attributes = [read_attributes(root, folders(shape, number)) for number, root in enumerate(roots)]
    return file_kinds(shape, attributes)


def rank_suggestions(
    tree: TokenTree,
    weights: NDArray[np.int64],
    kinds: FileKinds,
    kept: NDArray[np.bool_] | None = None,
    shrinking: Shrinking | None = None,
    images: ImagesToPlan | None = None,
) -> Compute:
    """Rank what may be shortened and left out: see ``suggest_shrinking`` and ``suggestions.suggest``."""
    return Compute(
        _suggest,
        (tree, weights, kinds, kept, shrinking, images),
        pgettext("stopped while …", "looking for what may be left out"),
    )


def _suggest(
    tree: TokenTree,
    weights: NDArray[np.int64],
    kinds: FileKinds,
    kept: NDArray[np.bool_] | None,
    shrinking: Shrinking | None,
    images: ImagesToPlan | None,
) -> list[Suggestion]:
    shorter = suggest_shrinking(shrinking, kept) if shrinking else []
    found = suggest(tree, weights, kinds, kept)
    return [*shorter, *(images.added_to(found) if images else found)]


def plan_shrinking(
    shrinking: Shrinking,
    kinds: FileKinds,
    budget: int,
    kept: NDArray[np.bool_] | None = None,
    images: ImagesToPlan | None = None,
) -> Compute:
    """Choose what to shorten and leave out so that the rest fits in ``budget`` tokens: see
    ``plan_smaller``."""
    return _planning(partial(_shrink, shrinking, kinds, kept), kinds, budget, images)


def plan_fit(
    tree: TokenTree,
    weights: NDArray[np.int64],
    kinds: FileKinds,
    budget: int,
    kept: NDArray[np.bool_] | None = None,
    images: ImagesToPlan | None = None,
) -> Compute:
    """Choose what to leave out so that the rest fits in ``budget`` tokens: see ``suggestions.plan``."""
    return _planning(partial(_leave_out, tree, weights, kinds, kept), kinds, budget, images)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """See ``TextPlan``."""

    steps: list[Suggestion]
    left: int


_PlanTexts = Callable[[int], _Plan]
"""Plans the texts so that at most so many tokens are left of them."""


def _leave_out(
    tree: TokenTree,
    weights: NDArray[np.int64],
    kinds: FileKinds,
    kept: NDArray[np.bool_] | None,
    most: int,
) -> _Plan:
    steps = plan(tree, weights, kinds, max(0, most), kept)
    left = tree.takes_part.copy()
    for step in steps:
        left[step.files] = False
    return _Plan(steps, int(weights[left].sum()))


def _shrink(shrinking: Shrinking, kinds: FileKinds, kept: NDArray[np.bool_] | None, most: int) -> _Plan:
    steps = plan_smaller(shrinking, kinds, max(0, most), kept)
    return _Plan(steps, left_after(shrinking, steps))


def _planning(plan_texts: _PlanTexts, kinds: FileKinds, budget: int, images: ImagesToPlan | None) -> Compute:
    return Compute(
        _plan,
        (plan_texts, kinds, budget, images),
        pgettext("stopped while …", "working out what to leave out"),
    )


def _plan(
    plan_texts: _PlanTexts, kinds: FileKinds, budget: int, images: ImagesToPlan | None
) -> list[Suggestion]:
    if images is None:
        return plan_texts(budget).steps
    _texts, steps, _left = images.plan(kinds, budget, plan_texts)
    return steps


def save_plan(folder: Path, lines: Sequence[str]) -> Compute:
    """Add lines to the ``.tokvizignore`` of a folder: the file is the result. Lines that it has already are
    not added again. WriteError or ReadError if that cannot be."""
    return Compute(
        add_rules,
        (folder, lines),
        pgettext("stopped while …", "writing {file}", file=f"{folder.name}/{IGNORE_FILE}"),
    )
