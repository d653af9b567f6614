"""Budgets by pattern: how many tokens the files that a pattern matches may be together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import formatting
from tokviz.analysis.codebase.file_kinds import matching_files
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import Decoder
from tokviz.language import _
from tokviz.tokens import Count


@dataclass(frozen=True, slots=True)
class GlobBudget:
    """One pattern and what its files come to."""

    pattern: str
    most: int
    """Tokens that they may be."""
    count: Count
    """Of those that take part."""
    files: int
    tokenizer: str

    @property
    def kept(self) -> bool:
        """Whether they surely are no more."""
        return self.count.high <= self.most

    def __str__(self) -> str:
        pattern, tokenizer = self.pattern, self.tokenizer
        tokens, budget = formatting.tokens(self.count), formatting.grouped(self.most)
        if self.kept:
            return _(
                "{pattern} is within its budget of {budget}: {tokens} ({tokenizer}).",
                pattern=pattern,
                budget=budget,
                tokens=tokens,
                tokenizer=tokenizer,
            )
        if self.count.low <= self.most:
            return _(
                "{pattern} is perhaps over its budget of {budget}: {tokens} ({tokenizer}).",
                pattern=pattern,
                budget=budget,
                tokens=tokens,
                tokenizer=tokenizer,
            )
        return _(
            "{pattern} is over its budget of {budget} by {excess}: {tokens} ({tokenizer}).",
            pattern=pattern,
            budget=budget,
            excess=formatting.mark(self.count) + formatting.grouped(self.count.tokens - self.most),
            tokens=tokens,
            tokenizer=tokenizer,
        )


def matches(shape: TreeShape, patterns: Iterable[str]) -> dict[str, NDArray[np.bool_]]:
    """Which files each pattern matches, as in an ignore file at each root: ``bool[m]``. ValueError for one
    that can match nothing."""
    return {pattern: matching_files(shape, [pattern], "budgets") for pattern in patterns}


def glob_budgets(
    tree: TokenTree, budgets: Mapping[str, int], matched: Mapping[str, NDArray[np.bool_]], decoder: Decoder
) -> list[GlobBudget]:
    """What each pattern's files come to by ``decoder``, of those that take part."""
    columns = [tree.values[position] for position in tree.positions(decoder.sources)]
    found = []
    for pattern, most in budgets.items():
        files = matched[pattern] & tree.takes_part
        sums = np.array([int(column[files].sum()) for column in columns], np.int64)
        number = int(np.count_nonzero(files))
        found.append(GlobBudget(pattern, most, decoder.count(sums), number, decoder.name))
    return found
