"""When files of a git repository changed last. Git is not run."""

import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tokviz.documents.tree.git_changes import open_repository
from tokviz.documents.tree.git_process import GitError
from tokviz.documents.tree.git_reader import Check, GitReader
from tokviz.language import _

if TYPE_CHECKING:
    import pygit2

SECONDS = 10.0
"""How long the history is looked through; on two cores a repository of 1,000 commits takes 0.3 s."""


def last_changes(
    folder: Path, paths: Collection[str], seconds: float = SECONDS, check: Check | None = None
) -> dict[str, float]:
    """When files below ``folder`` changed last, in seconds since 1970: in a commit, or, where what lies there
    is not what was committed, on the disk.

    The history is read from its newest commit backwards until every path is found; what is not found after
    ``seconds`` is left out. ``check`` may raise to end it. GitError outside a repository, or if it is broken.
    """
    with GitReader() as reader:
        absolute = str(folder.absolute())
        found, _data = reader.ask(
            "last_changes", check, folder=absolute, paths=sorted(paths), seconds=seconds
        )
    return msgspec.convert(found, dict[str, float])


def stored_last_changes(
    folder: Path, paths: Collection[str], environment: Mapping[str, str], seconds: float
) -> dict[str, float]:
    """See ``last_changes``; for the process that is ended in time."""
    import pygit2

    _found, opened, inside = open_repository(folder, environment)
    ends = time.monotonic() + seconds
    try:
        found = _uncommitted(opened, folder, inside, paths)
        wanted = {inside + path for path in paths} - {inside + path for path in found}
        if opened.is_empty or opened.head_is_unborn:
            return found
        for commit in opened.walk(opened.head.target, pygit2.enums.SortMode.TIME):
            if not wanted or time.monotonic() > ends:
                break
            for path in _changed(opened, commit) & wanted:
                found[path.removeprefix(inside)] = float(commit.commit_time)
                wanted.discard(path)
    except (pygit2.GitError, OSError, ValueError, KeyError) as error:
        raise GitError(
            _("The history of {folder} cannot be read: {why}.", folder=folder, why=error)
        ) from error
    return found


def _uncommitted(
    opened: "pygit2.Repository", folder: Path, inside: str, paths: Collection[str]
) -> dict[str, float]:
    found = {}
    for path in opened.status():
        name = path.removeprefix(inside)
        if path.startswith(inside) and name in paths:
            try:
                found[name] = (folder / name).stat().st_mtime
            except OSError:  # it is gone
                continue
    return found


def _changed(opened: "pygit2.Repository", commit: "pygit2.Commit") -> set[str]:
    """The paths that a commit changed; none for a merge, which only brings others' changes together."""
    parents = commit.parents
    if len(parents) > 1:
        return set()
    diff = opened.diff(parents[0], commit) if parents else commit.tree.diff_to_tree(swap=True)
    return {delta.new_file.path or delta.old_file.path for delta in diff.deltas}
