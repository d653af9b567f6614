"""Which files differ between two states of a repository, looked up in a process that is ended in time.

To compare the folder, git reads what lies in it: a named pipe in the place of an ignore file is waited for
without end, and pygit2 holds Python's lock meanwhile.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tokviz.documents.own_process import run_module
from tokviz.documents.tree.git_process import SECONDS, GitError, Places, open_repository, revision

if TYPE_CHECKING:
    import pygit2


@dataclass(frozen=True, slots=True)
class States:
    """Two states, by the names of revisions: what ``git_changes.Compared`` says, with all that it implies."""

    before: str
    after: str
    """Empty: the folder, or what is staged."""
    staged: bool
    from_common: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference."""

    path: str
    mode: int
    """As git keeps it; 0: there is no file."""
    id: str
    """The blob's, in hexadecimal digits."""


def stored_deltas(opened: "pygit2.Repository", states: States) -> list[tuple[Side, Side]]:
    """What differs between two states that git keeps, before and after: no file of the folder is read for it.
    GitError."""
    return [(_side(delta.old_file), _side(delta.new_file)) for delta in _deltas(opened, states)]


def _side(file: "pygit2.DiffFile") -> Side:
    return Side(file.path, int(file.mode), str(file.id))


def folder_deltas(folder: Path, places: Places, states: States) -> list[tuple[Side, Side]]:
    """What differs between a state and the folder, which is the work tree. GitError."""
    job = {"folder": str(folder), "places": asdict(places), "states": asdict(states)}
    try:
        found = run_module("tokviz.documents.tree.git_deltas", job, SECONDS)
    except subprocess.TimeoutExpired as error:
        raise GitError(
            f"Git's comparison of {folder} takes longer than {SECONDS:.0f} seconds; look whether a file of "
            "git's there, such as .gitignore, is a named pipe."
        ) from error
    try:
        answer = json.loads(found)
    except ValueError as error:
        raise GitError("The changes cannot be read: pygit2 breaks off on them.") from error
    if refused := answer["refused"]:
        raise GitError(refused)
    return [(Side(*before), Side(*after)) for before, after in answer["deltas"]]


def _deltas(opened: "pygit2.Repository", states: States) -> "list[pygit2.DiffDelta]":
    import pygit2

    options = pygit2.enums.DiffOption
    try:
        before = _parted(opened, states) if states.from_common else _tree(opened, states.before)
        if states.staged:
            diff = opened.diff(before, cached=True)
        elif not states.after:
            diff = opened.diff(before, flags=options.INCLUDE_UNTRACKED | options.RECURSE_UNTRACKED_DIRS)
        else:
            diff = opened.diff(before, _tree(opened, states.after))
    except (pygit2.GitError, OSError, ValueError, KeyError) as error:
        raise GitError(f"The changes cannot be read: {error}.") from error
    return list(diff.deltas)


def _tree(opened: "pygit2.Repository", name: str) -> "pygit2.Tree":
    import pygit2

    return revision(opened, name, pygit2.Tree)


def _parted(opened: "pygit2.Repository", states: States) -> "pygit2.Tree":
    """The state where the two parted."""
    import pygit2

    ends = [revision(opened, name, pygit2.Commit).id for name in (states.before, states.after)]
    base = opened.merge_base(*ends)
    if base is None:
        raise GitError(f"{states.before} and {states.after} have nothing in common.")
    return opened[base].peel(pygit2.Tree)


def main() -> int:
    """The process: one job from standard input, one answer to standard output."""
    job = json.load(sys.stdin.buffer)
    deltas: list[list[list[str | int]]] = []
    refused = ""
    try:
        opened = open_repository(Path(job["folder"]), Places(**job["places"]))
        for sides in stored_deltas(opened, States(**job["states"])):
            deltas.append([[side.path, side.mode, side.id] for side in sides])
    except GitError as error:
        refused = str(error)
    sys.stdout.buffer.write(json.dumps({"refused": refused, "deltas": deltas}).encode())
    sys.stdout.buffer.flush()
    return 0
