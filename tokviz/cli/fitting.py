"""``--fits`` and ``--budget``: whether the inputs are small enough, and else what to leave out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Standing
from tokviz.analysis.codebase.suggestions import file_kinds, plan
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.evaluation import Evaluation
from tokviz.tokens import Count

DOES_NOT_FIT = 3
"""The exit code."""
_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of tokens that the inputs may be."""

    tokenizer: str
    most: int
    count: Count
    sentence: str
    """Whether they are, and by how much."""
    kept: bool | None
    """None where that depends on where in its range an estimate lies."""


def model_limit(row: Evaluation) -> Limit:
    """The usable window of a model."""
    fit, name = row.fit, row.model.name
    between = formatting.count_range(row.count)
    count = formatting.count(row.count) + (f" ({between})" if between else "")
    of = f"{count} of {formatting.grouped(fit.usable or 0)} usable tokens, {fit_words.room_and_doubt(fit)}"
    sentence = {
        Standing.FITS: f"Fits {name}: {of}.",
        Standing.MAY_NOT_FIT: f"May not fit {name}: {of}.",
        Standing.ANSWER_CUT: f"Leaves the answer of {name} too little: {of}.",
        Standing.TOO_LONG: f"Does not fit {name}: {of}.",
        Standing.UNKNOWN: f"The window of {name} is unknown.",
    }[fit.standing]
    return Limit(row.model.tokenizer, fit.usable or 0, row.count, sentence, fit.fits)


def budget_limit(name: str, counted: Count, budget: int) -> Limit:
    """A number of tokens of one tokenizer."""
    kept = True if counted.high <= budget else False if counted.low > budget else None
    by = f"{formatting.count(counted)} tokens ({name})"
    if kept:
        sentence = f"Within the budget of {formatting.grouped(budget)}: {by}."
    elif kept is None:
        between = formatting.count_range(counted)
        sentence = f"Perhaps over the budget of {formatting.grouped(budget)}: {by}, {between}."
    else:
        over = formatting.mark(counted) + formatting.grouped(counted.tokens - budget)
        sentence = f"Over the budget of {formatting.grouped(budget)} by {over}: {by}."
    return Limit(name, budget, counted, sentence, kept)


def advice(limit: Limit, tree: TokenTree, weights: NDArray[np.int64]) -> list[str]:
    """What to leave out so that ``limit`` is kept; ``weights`` are each file's tokens (``int64[files]``)."""
    # An estimate must be small enough at the high end of its range.
    most = limit.most * limit.count.tokens // max(1, limit.count.high)
    steps = plan(tree, weights, file_kinds(tree.shape), most)
    if not steps:
        return []

    def saved(tokens: int) -> str:
        return f"{formatting.mark(limit.count)}{tokens:,}".rjust(12)

    lines = ["To make it fit, leave out (as in .tokvizignore or with --exclude):"]
    for step in steps[:_MOST_SHOWN]:
        what = f"{step.title}: {' '.join(step.lines)}" if step.root is None else step.lines[0]
        lines.append(f"  {saved(step.saves)}  {what}")
    if more := steps[_MOST_SHOWN:]:
        saves = sum(step.saves for step in more)
        what = formatting.quantity(len(more), "more file or folder", "more files or folders")
        lines.append(f"  {saved(saves)}  and {what}")
    return lines
