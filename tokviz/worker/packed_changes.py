"""The diff and the log of the folders that are packed: texts in front of their files."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.tree.git_changes import (
    Compared,
    all_changed_paths,
    last_log,
    patch_of,
    repository_above,
)
from tokviz.documents.tree.git_process import GitError
from tokviz.documents.tree.git_reader import GitReader
from tokviz.language import _, pgettext
from tokviz.worker.jobs import Compute, Reporter


@dataclass(frozen=True, slots=True)
class WantedChanges:
    """What of a repository is packed beside the files."""

    since: str | None
    """The diff from this revision (empty: HEAD) to what lies in the folder; None: no diff."""
    commits: int | None
    """The messages of so many of the latest commits; None: no log."""


@dataclass(frozen=True, slots=True)
class FoundChanges:
    """What that comes to in one folder."""

    texts: Mapping[str, bytes]
    """By the names that they are packed under."""
    remarks: tuple[str, ...]
    """A sentence for each thing that is not there."""


def find_changes(
    reader: GitReader,
    folder: Path,
    wanted: WantedChanges,
    takes: Callable[[str, bool], bool],
    known: set[bytes],
    reporter: Reporter,
) -> FoundChanges:
    """The texts of one folder. ``takes`` says whether a path that changed is wanted, given whether it
    is still there; a log that is ``known``, because another folder lies in the same repository, is left
    out. GitError, such as for a revision that there is not."""
    try:
        repository_above(folder, os.environ)
    except GitError as error:
        return FoundChanges({}, (str(error),))
    texts: dict[str, bytes] = {}
    remarks: list[str] = []
    if wanted.commits and (log := last_log(reader, folder, wanted.commits, reporter.check)):
        if log not in known:
            last = "commit" if wanted.commits == 1 else f"{wanted.commits} commits"  # verbatim
            texts[f"last {last}.txt"] = log  # verbatim
        known.add(log)
    if wanted.since is not None:
        compared = Compared(wanted.since)
        paths = all_changed_paths(reader, folder, compared, reporter.check)
        only = [path for path, there in paths if takes(path, there)]
        patch = patch_of(reader, folder, compared, only=only, check=reporter.check) if only else b""
        if patch:
            texts[f"changes {compared.file_name}.diff"] = patch  # verbatim
        else:
            # Translators: {compared} is such as “since HEAD”
            remarks.append(_("Nothing of it changed {compared}.", compared=compared))
    return FoundChanges(texts, tuple(remarks))


def taking_part(shape: TreeShape, taken: NDArray[np.bool_], root: int) -> Callable[[str, bool], bool]:
    """Tells whether a path of a root that changed is wanted: it is if any of it is ``taken``
    (``bool[files]``); one that is no more there, if anything of its folder is."""
    nodes = slice(shape.root_nodes[root], int(shape.ends[shape.root_nodes[root]]))
    parts: dict[str, bool] = dict(
        zip(shape.paths()[nodes], (shape.sums(taken) > 0)[nodes].tolist(), strict=True)
    )

    def takes(path: str, there: bool) -> bool:
        while path not in parts and not there:
            path = path.rpartition("/")[0]
        return parts.get(path, False)

    return takes


def find_repositories(folders: tuple[Path, ...]) -> Compute:
    """Why there are no changes to pack: a sentence; empty if one of the folders lies in a repository."""
    return Compute(_without_repository, (folders,), pgettext("stopped while …", "looking for a repository"))


def _without_repository(folders: tuple[Path, ...]) -> str:
    problems = []
    for folder in folders:
        try:
            repository_above(folder, os.environ)
        except (GitError, OSError) as error:
            problems.append(str(error))
        else:
            return ""
    return _("No changes and no log: {problem}", problem=problems[0]) if problems else ""
