"""The counts of a token tree's files that take part, by tokenizer and estimator."""

import numpy as np

from tokviz.analysis.codebase.token_tree import FileState, TokenTree
from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.analysis.comparison.count_matrix import matrix
from tokviz.analysis.count_plan import CountPlan
from tokviz.tokens import Count, Provenance

_LOW, _HIGH = 0.6, 1.6
"""How far off the likely tokens of files that are not counted yet may be: code and prose have 2.3 to 6 bytes
a token."""


def selection_counts(tree: TokenTree, plan: CountPlan) -> dict[str, Count]:
    """The tokens of all files that take part, by name. While some of them wait, all are estimates."""
    known, likely = (plan.counts(tree.columns, sums) for sums in tree.sums(tree.takes_part))
    waiting = bool((tree.takes_part & (tree.states == FileState.WAITING)).any())
    return {name: _rough(likely[name], known[name]) for name in known} if waiting else known


def type_counts(tree: TokenTree, plan: CountPlan) -> TypeCounts:
    """The (likely) tokens of the files that take part, by file type, largest first, and by name."""
    size = tree.column("bytes")
    rows = sorted(tree.by_language(), key=lambda row: -int(row.values[size]))
    values = np.array([row.values for row in rows], np.int64).reshape(len(rows), len(tree.columns))
    tokens = [each.tokens(values.T[tree.positions(each.sources)]) for each in plan.decoders.values()]
    certain = all(row.certain for row in rows)
    found = matrix(
        [row.language for row in rows],
        plan.names,
        values[:, size].tolist(),
        np.array(tokens, np.int64).T.tolist(),
    )
    provenance = [each.provenance if certain else Provenance.ESTIMATE for each in plan.decoders.values()]
    return TypeCounts(found, tuple(provenance), tuple(row.files for row in rows))


def _rough(likely: Count, known: Count) -> Count:
    """A count of which only ``known`` is counted so far."""
    waiting = max(0, likely.tokens - known.tokens)
    low, high = known.low + int(_LOW * waiting), known.high + int(_HIGH * waiting)
    return Count(likely.tokens, Provenance.ESTIMATE, min(low, likely.tokens), max(high, likely.tokens))
