"""Working out which files are meant: by a filter's pattern, and by what may be left out to make the rest fit.

On a large tree each of these takes longer than a frame, so the window asks the worker.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.suggestions import FileKinds, Suggestion, file_kinds, plan, suggest
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.reading import read_bytes
from tokviz.documents.writing import write_file
from tokviz.worker.jobs import Reporter, WorkerContext

IGNORE_FILE = ".tokvizignore"


@dataclass(frozen=True, slots=True, eq=False)
class MatchNames:
    """Find the files and folders that a filter means."""

    shape: TreeShape
    pattern: str
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> NDArray[np.bool_]:  # noqa: ARG002
        """``bool[nodes]``, see ``TreeShape.matching``; ValueError if the pattern can match nothing."""
        return self.shape.matching(self.pattern)

    def __str__(self) -> str:
        return f"looking for {self.pattern}"


@dataclass(frozen=True, slots=True, eq=False)
class SortFiles:
    """Tell by their names what files are: lock files, generated, vendored…"""

    shape: TreeShape
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> FileKinds:  # noqa: ARG002
        """The kinds, see ``file_kinds``."""
        return file_kinds(self.shape)

    def __str__(self) -> str:
        return "sorting the files"


@dataclass(frozen=True, slots=True, eq=False)
class Suggest:
    """Rank what may be left out."""

    tree: TokenTree
    weights: NDArray[np.int64]
    """Each file's tokens: ``int64[files]``."""
    kinds: FileKinds
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> list[Suggestion]:  # noqa: ARG002
        """The suggestions, most dispensable first."""
        return suggest(self.tree, self.weights, self.kinds)

    def __str__(self) -> str:
        return "looking for what may be left out"


@dataclass(frozen=True, slots=True, eq=False)
class PlanFit:
    """Choose what to leave out so that the rest fits."""

    tree: TokenTree
    weights: NDArray[np.int64]
    kinds: FileKinds
    budget: int
    """Tokens."""
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> list[Suggestion]:  # noqa: ARG002
        """See ``suggestions.plan``."""
        return plan(self.tree, self.weights, self.kinds, self.budget)

    def __str__(self) -> str:
        return "working out what to leave out"


@dataclass(frozen=True, slots=True)
class SavePlan:
    """Add lines to the ``.tokvizignore`` of a folder."""

    folder: Path
    lines: tuple[str, ...]
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> Path:  # noqa: ARG002
        """The file. Lines that it has already are not added again. WriteError or ReadError if that
        cannot be."""
        target = self.folder / IGNORE_FILE
        before = read_bytes(target).decode("utf-8", "surrogateescape") if target.exists() else ""
        known = set(before.splitlines())
        added = [line for line in self.lines if line.startswith("#") or line not in known]
        added = _without_empty_headings(added)
        if added:
            gap = "" if not before or before.endswith("\n") else "\n"
            text = before + gap + "".join(f"{line}\n" for line in added)
            write_file(target, text.encode("utf-8", "surrogateescape"))
        return target

    def __str__(self) -> str:
        return f"writing {self.folder.name}/{IGNORE_FILE}"


def _without_empty_headings(lines: Sequence[str]) -> list[str]:
    """Without comments that no line follows."""
    following = [*lines[1:], "#"]
    return [
        line
        for line, after in zip(lines, following, strict=True)
        if not (line.startswith("#") and after.startswith("#"))
    ]
