"""The files and folders that no plan may touch, whether the user or the project says so."""

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.ui.codebase.codebase import Codebase


class KeptNodes:
    """Known by their paths, so that they are kept after another scan too."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._places: set[tuple[int, str]] = set()
        """As (root, path)."""

    @property
    def names(self) -> list[str]:
        """The files and folders that are kept, by path, and the patterns that the project keeps."""
        project = self._codebase.project
        return [*sorted(path for _, path in self._places), *(project.keep if project else ())]

    def holds(self, node: int) -> bool:
        """Whether a file or folder is kept, or what it lies in."""
        tree = self._codebase.tree
        return tree is not None and not self._places.isdisjoint(_places(tree.shape, node))

    def set(self, node: int, on: bool) -> None:
        """Keep a file or folder, or it and all that it lies in no longer."""
        if (tree := self._codebase.tree) is not None:
            own, *above = _places(tree.shape, node)
            self._places = self._places | {own} if on else self._places - {own, *above}

    @property
    def files(self) -> NDArray[np.bool_] | None:
        """``bool[m]``; None if all may go."""
        by_project = self._codebase.kept_by_project
        if self._codebase.tree is None or not (self._places or by_project is not None):
            return None
        shape = self._codebase.tree.shape
        flags = np.zeros(len(shape.file_nodes), np.bool_) if by_project is None else by_project.copy()
        for root, path in self._places:
            node = shape.find(path, root) if root < len(shape.root_nodes) else None
            if node is not None:
                flags[shape.first_files[node] : shape.end_files[node]] = True
        return flags


def _places(shape: TreeShape, node: int) -> list[tuple[int, str]]:
    """Where a node lies, and what it lies in."""
    return [(shape.root(each), shape.path(each)) for each in (node, *shape.ancestors(node))]
