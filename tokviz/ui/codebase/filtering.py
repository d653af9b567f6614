"""The filter: which files and folders a pattern leaves, worked out in the worker where the tree is large."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_choosing import match_names

_AT_ONCE = 10_000
"""Nodes up to which the window looks for itself: under 10 ms."""


class Filter(QObject):
    """Answers the newest pattern; older answers are dropped."""

    changed = Signal()
    """``nodes`` and ``files`` have changed."""
    problem = Signal(str)
    """Why the pattern can match nothing; empty: it can."""

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._shape: TreeShape | None = None
        self.pattern = ""
        """What is looked for; empty is no filter."""
        self._ticket: int | None = None
        self.nodes: NDArray[np.bool_] | None = None
        """Which nodes are shown: ``bool[n]``; None is all."""
        self.files: NDArray[np.bool_] | None = None
        """Which files are shown: ``bool[m]``; None is all."""

    def set_shape(self, shape: TreeShape | None) -> None:
        """Another tree; the pattern stays."""
        self._shape = shape
        self.nodes = self.files = None
        self._find()

    def set_pattern(self, pattern: str) -> None:
        """Look for something else."""
        if pattern != self.pattern:
            self.pattern = pattern
            self._find()

    def _find(self) -> None:
        self._worker.cancel(self._ticket)
        self._ticket = None
        if not self.pattern or self._shape is None:
            self._take(None)
        elif len(self._shape) <= _AT_ONCE:
            try:
                self._take(self._shape.matching(self.pattern))
            except ValueError as error:
                self._fail(str(error))
        else:
            job = match_names(self._shape, self.pattern)
            self._ticket = self._worker.submit(job, self._take, self._fail)

    def _take(self, nodes: NDArray[np.bool_] | None) -> None:
        self._ticket = None
        before = self.nodes
        self.nodes = nodes
        self.files = nodes[self._shape.file_nodes] if nodes is not None and self._shape else None
        self.problem.emit("")
        if before is not None or nodes is not None:
            self.changed.emit()

    def _fail(self, sentence: str) -> None:
        if self._shape is not None:
            self._take(np.zeros(len(self._shape), np.bool_))
        self.problem.emit(sentence)
