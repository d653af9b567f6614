"""The lines of a context as a tree whose tiles a treemap can lay out."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.conversation.message_tree import TreeRow


class RowTree:
    """Node 0 is the whole; below it a node for each branch, and in a branch of several lines one for each.

    Immutable. What has no tokens, or none that are known, is not in it.
    """

    def __init__(self, rows: Sequence[TreeRow]) -> None:
        branches: dict[int, list[TreeRow]] = {}
        for row in rows:
            branches.setdefault(row.branch, []).append(row)
        self.rows: list[TreeRow | None] = [None]
        """By node: the line that it is of; None for the whole."""
        self.names = [""]
        """By node."""
        self._inside: list[tuple[int, int]] = [(1, 1)]
        weights, heads = [0], []
        for branch in branches.values():
            heads.append(len(self.names))
            self._add_branch(branch, weights)
        weights[0] = sum(weights[head] for head in heads)
        self.weights: NDArray[np.int64] = np.array(weights, np.int64)
        """``int64[n]``: tokens by node."""
        self._heads: NDArray[np.int64] = np.array(heads, np.int64)
        self.is_file: NDArray[np.bool_] = np.array([start == end for start, end in self._inside], np.bool_)
        """``bool[n]``: whether a node holds no others."""
        self.is_file[0] = False

    def __len__(self) -> int:
        return len(self.names)

    def children(self, node: int) -> NDArray[np.int64]:
        """The nodes directly in ``node``."""
        return self._heads if node == 0 else np.arange(*self._inside[node], dtype=np.int64)

    def node_of(self, line: TreeRow) -> int | None:
        """The node of a line, or of the same line of another version; a branch's own for its first line."""
        for node, row in enumerate(self.rows):
            if row is not None and row.branch == line.branch and (not line.below or row.parts == line.parts):
                return node
        return None

    def _add_branch(self, branch: Sequence[TreeRow], weights: list[int]) -> None:
        head, below = branch[0], branch[1:]
        told = {part for row in below for part in row.parts}
        own = tuple(part for part in head.parts if part not in told)
        leaves = [row for row in below if row.tokens]
        if below and own and head.tokens:
            leaves.insert(0, replace(head, parts=own))
        every = tuple(dict.fromkeys(part for row in branch for part in row.parts))
        place = len(self.names)
        self._add(replace(head, parts=every), head.whole or 0, weights)
        if leaves and below:
            self._inside[place] = (place + 1, place + 1 + len(leaves))
            weights[place] = sum(row.tokens or 0 for row in leaves)
            for row in leaves:
                self._add(row, row.tokens or 0, weights)

    def _add(self, row: TreeRow, tokens: int, weights: list[int]) -> None:
        place = len(self.names)
        self.rows.append(row)
        self.names.append(row.title)
        self._inside.append((place + 1, place + 1))
        weights.append(tokens)
