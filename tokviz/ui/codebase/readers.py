"""From a token tree's columns to counts with their labels, by tokenizer or estimator. No Qt here."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.scan import SIZE_COLUMNS
from tokviz.analysis.codebase.token_tree import FileState, TokenTree
from tokviz.analysis.codebase.type_counts import TypeCounts, ordered
from tokviz.analysis.comparison.count_matrix import matrix
from tokviz.tokenization.estimate import FEATURES, SCALES, estimate
from tokviz.tokens import Count, Provenance
from tokviz.worker.codebase_counting import FEATURE_COLUMNS

_LOW, _HIGH = 0.6, 1.6
"""How far off the likely tokens of files that are not counted yet may be: code and prose have 2.3 to 6 bytes
a token."""
_TOKENS = FEATURES.index("tokens")


class TokenReader(Protocol):
    """Reads the tokens out of some of a tree's columns."""

    @property
    def name(self) -> str:
        """The tokenizer or estimator."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Which columns of the tree it reads."""

    def count(self, figures: NDArray[np.int64]) -> Count:
        """The count that the sums ``int64[columns]`` stand for."""

    sharing: int
    """Which of ``columns`` the tokens of many files are shared out by: a place in them."""

    def shares(self, figures: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """Tokens of many files that add up to the count of all: from their ``figures`` in the column
        ``sharing`` (``int64[k]``) and all columns' ``sums`` (``int64[columns]``)."""


class ExactReader:
    """A tokenizer's own column."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: tuple[str, ...] = (name,)
        self.sharing = 0

    def count(self, figures: NDArray[np.int64]) -> Count:
        """See TokenReader."""
        return Count.certain(int(figures[0]))

    def shares(self, figures: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """See TokenReader."""
        return figures


class EstimateReader:
    """The columns of the estimators' features."""

    columns = FEATURE_COLUMNS
    sharing = _TOKENS

    def __init__(self, name: str) -> None:
        self.name = name

    def count(self, figures: NDArray[np.int64]) -> Count:
        """See TokenReader."""
        return estimate(self.name, figures)

    def shares(self, figures: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """See TokenReader. The estimate of the whole is shared out by the tokens under Claude 2."""
        if not sums[_TOKENS]:
            return np.zeros(len(figures), np.int64)
        shares: NDArray[np.float64] = figures * (self.count(sums).tokens / sums[_TOKENS])
        return np.rint(shares).astype(np.int64)


def make_readers(names: Iterable[str]) -> dict[str, TokenReader]:
    """A reader for each of these tokenizers and estimators; nothing is loaded."""
    return {name: EstimateReader(name) if name in SCALES else ExactReader(name) for name in names}


def places(reader: TokenReader, tree: TokenTree) -> list[int]:
    """Where the reader's columns stand in the tree."""
    return [tree.column(name) for name in reader.columns]


def narrowed(tree: TokenTree, readers: Iterable[TokenReader]) -> TokenTree:
    """The tree with the columns that ``readers`` need and no others: its sums cost that much less."""
    names = dict.fromkeys([*SIZE_COLUMNS, *(name for reader in readers for name in reader.columns)])
    return tree.narrowed(tuple(names))


def selection_counts(tree: TokenTree, readers: Mapping[str, TokenReader]) -> dict[str, Count]:
    """The tokens of all files that take part, by name. While some of them wait, all are estimates."""
    counts: dict[str, Count] = {}
    for some in counting_steps(tree, readers):
        counts |= some
    return counts


def counting_steps(
    tree: TokenTree, readers: Mapping[str, TokenReader], at_once: int = 2
) -> Iterator[dict[str, Count]]:
    """``selection_counts`` a few at a time: each step takes some milliseconds on a large tree."""
    names = list(readers)
    for start in range(0, len(names), at_once):
        yield _counts(tree, {name: readers[name] for name in names[start : start + at_once]})


def type_counts(tree: TokenTree, readers: Mapping[str, TokenReader]) -> TypeCounts:
    """The (likely) tokens of the files that take part, by file type, largest first, and by name."""
    rows, size = tree.by_language(), tree.column("bytes")
    of = {name: places(reader, tree) for name, reader in readers.items()}
    waiting = not all(row.certain for row in rows)
    nothing = {name: reader.count(np.zeros(len(of[name]), np.int64)) for name, reader in readers.items()}
    found = matrix(
        [row.language for row in rows],
        list(readers),
        [int(row.figures[size]) for row in rows],
        [[reader.count(row.figures[of[name]]).tokens for name, reader in readers.items()] for row in rows],
    )
    provenance = (Provenance.ESTIMATE if waiting else count.provenance for count in nothing.values())
    return ordered(TypeCounts(found, tuple(provenance), tuple(row.files for row in rows)))


def _counts(tree: TokenTree, readers: Mapping[str, TokenReader]) -> dict[str, Count]:
    waiting = bool((tree.takes_part & (tree.states == FileState.WAITING)).any())
    counts: dict[str, Count] = {}
    for name, reader in readers.items():
        known, likely = (reader.count(sums) for sums in tree.sums_taking_part(places(reader, tree)))
        counts[name] = _rough(likely, known) if waiting else known
    return counts


def _rough(likely: Count, known: Count) -> Count:
    """A count of which only ``known`` is counted so far."""
    waiting = max(0, likely.tokens - known.tokens)
    low, high = known.low + int(_LOW * waiting), known.high + int(_HIGH * waiting)
    return Count(likely.tokens, Provenance.ESTIMATE, min(low, likely.tokens), max(high, likely.tokens))
