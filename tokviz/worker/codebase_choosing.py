"""Working out which files are meant: by a filter's pattern, and by what may be left out to make the rest fit.

On a large tree each of these takes longer than a frame, so the window asks the worker.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.suggestions import FileKinds, file_kinds, plan, suggest
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.reading import read_bytes
from tokviz.documents.writing import write_file
from tokviz.worker.jobs import Compute

IGNORE_FILE = ".tokvizignore"


def match_names(shape: TreeShape, pattern: str) -> Compute:
    """Find the files and folders that a filter means: see ``TreeShape.matching``."""
    return Compute(TreeShape.matching, (shape, pattern), f"looking for {pattern}")


def sort_files(shape: TreeShape) -> Compute:
    """Tell by their names what files are: see ``file_kinds``."""
    return Compute(file_kinds, (shape,), "sorting the files")


def rank_suggestions(tree: TokenTree, weights: NDArray[np.int64], kinds: FileKinds) -> Compute:
    """Rank what may be left out: see ``suggestions.suggest``."""
    return Compute(suggest, (tree, weights, kinds), "looking for what may be left out")


def plan_fit(tree: TokenTree, weights: NDArray[np.int64], kinds: FileKinds, budget: int) -> Compute:
    """Choose what to leave out so that the rest fits in ``budget`` tokens: see ``suggestions.plan``."""
    return Compute(plan, (tree, weights, kinds, budget), "working out what to leave out")


def save_plan(folder: Path, lines: Sequence[str]) -> Compute:
    """Add lines to the ``.tokvizignore`` of a folder: the file is the result. Lines that it has already are
    not added again. WriteError or ReadError if that cannot be."""
    return Compute(_save, (folder, lines), f"writing {folder.name}/{IGNORE_FILE}")


def _save(folder: Path, lines: Sequence[str]) -> Path:
    target = folder / IGNORE_FILE
    before = read_bytes(target).decode("utf-8", "surrogateescape") if target.exists() else ""
    known = set(before.splitlines())
    added = _without_empty_headings([line for line in lines if line.startswith("#") or line not in known])
    if added:
        gap = "" if not before or before.endswith("\n") else "\n"
        text = before + gap + "".join(f"{line}\n" for line in added)
        write_file(target, text.encode("utf-8", "surrogateescape"))
    return target


def _without_empty_headings(lines: Sequence[str]) -> list[str]:
    """Without comments that no line follows."""
    following = [*lines[1:], "#"]
    return [
        line
        for line, after in zip(lines, following, strict=True)
        if not (line.startswith("#") and after.startswith("#"))
    ]
