"""The counts of a token tree's files that take part, by tokenizer and estimator."""

from collections.abc import Iterator

import numpy as np

from tokviz.analysis.codebase.token_tree import FileState, TokenTree
from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.analysis.comparison.count_matrix import matrix
from tokviz.analysis.count_plan import CountPlan, Decoder
from tokviz.tokens import Count, Provenance

_LOW, _HIGH = 0.6, 1.6
"""How far off the likely tokens of files that are not counted yet may be: code and prose have 2.3 to 6 bytes
a token."""


def selection_counts(tree: TokenTree, plan: CountPlan) -> dict[str, Count]:
    """The tokens of all files that take part, by name. While some of them wait, all are estimates."""
    counts: dict[str, Count] = {}
    for some in counting_steps(tree, plan):
        counts |= some
    return counts


def counting_steps(tree: TokenTree, plan: CountPlan, at_once: int = 2) -> Iterator[dict[str, Count]]:
    """``selection_counts`` a few at a time: each step takes some milliseconds on a large tree."""
    decoders = list(plan.decoders.values())
    for start in range(0, len(decoders), at_once):
        waiting = bool((tree.takes_part & (tree.states == FileState.WAITING)).any())
        yield {each.name: _count(tree, each, waiting) for each in decoders[start : start + at_once]}


def type_counts(tree: TokenTree, plan: CountPlan) -> TypeCounts:
    """The (likely) tokens of the files that take part, by file type, largest first, and by name."""
    size = tree.column("bytes")
    rows = sorted(tree.by_language(), key=lambda row: -int(row.values[size]))
    values = np.array([row.values for row in rows], np.int64).reshape(len(rows), len(tree.columns))
    tokens = [each.tokens(values.T[tree.positions(each.columns)]) for each in plan.decoders.values()]
    certain = all(row.certain for row in rows)
    found = matrix(
        [row.language for row in rows],
        plan.names,
        values[:, size].tolist(),
        np.array(tokens, np.int64).T.tolist(),
    )
    provenance = [each.provenance if certain else Provenance.ESTIMATE for each in plan.decoders.values()]
    return TypeCounts(found, tuple(provenance), tuple(row.files for row in rows))


def _count(tree: TokenTree, decoder: Decoder, waiting: bool) -> Count:
    known, likely = (decoder.count(sums) for sums in tree.sums_taking_part(tree.positions(decoder.columns)))
    return _rough(likely, known) if waiting else known


def _rough(likely: Count, known: Count) -> Count:
    """A count of which only ``known`` is counted so far."""
    waiting = max(0, likely.tokens - known.tokens)
    low, high = known.low + int(_LOW * waiting), known.high + int(_HIGH * waiting)
    return Count(likely.tokens, Provenance.ESTIMATE, min(low, likely.tokens), max(high, likely.tokens))
