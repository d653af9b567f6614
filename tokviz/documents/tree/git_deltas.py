"""Which files differ between two states of a repository.

To compare the folder, git reads what lies in it: a named pipe in the place of an ignore file is waited for
without end. So this is done in the process of ``git_reading``.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokviz.documents.tree.git_process import GitError, revision, why
from tokviz.language import _

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


def deltas(opened: "pygit2.Repository", states: States) -> list[tuple[Side, Side]]:
    """What differs between two states, before and after. GitError."""
    if states.staged and states.before == "HEAD" and opened.head_is_unborn:
        return _first_staged(opened)
    return [(_side(delta.old_file), _side(delta.new_file)) for delta in _compared(opened, states)]


def _first_staged(opened: "pygit2.Repository") -> list[tuple[Side, Side]]:
    """All that is staged, where there is no commit to compare it with: git's empty tree would have to be
    written into the repository first."""
    import pygit2

    try:
        return [
            (Side(entry.path, 0, ""), Side(entry.path, int(entry.mode), str(entry.id)))
            for entry in opened.index
        ]
    except (pygit2.GitError, OSError, ValueError) as error:
        raise GitError(_("The changes cannot be read: {why}.", why=why(error))) from error


def _side(file: "pygit2.DiffFile") -> Side:
    return Side(file.path, int(file.mode), str(file.id))


def _compared(opened: "pygit2.Repository", states: States) -> "list[pygit2.DiffDelta]":
    import pygit2

    options = pygit2.enums.DiffOption
    try:
        before = _parted(opened, states) if states.from_common else _tree(opened, states.before)
        if states.staged:
            _refuse_conflicts(opened)
            diff = opened.diff(before, cached=True)
        elif not states.after:
            diff = opened.diff(before, flags=options.INCLUDE_UNTRACKED | options.RECURSE_UNTRACKED_DIRS)
        else:
            diff = opened.diff(before, _tree(opened, states.after))
    except (pygit2.GitError, OSError, ValueError, KeyError) as error:
        raise GitError(_("The changes cannot be read: {why}.", why=why(error))) from error
    return list(diff.deltas)


def _refuse_conflicts(opened: "pygit2.Repository") -> None:
    """GitError while a merge has left a file in several versions, of which none is staged."""
    sides = (side for conflict in opened.index.conflicts or () for side in conflict)
    if file := next((side.path for side in sides if side is not None), ""):
        raise GitError(
            _("{file} is in a merge conflict, so what is staged is not known; resolve it first.", file=file)
        )


def _tree(opened: "pygit2.Repository", name: str) -> "pygit2.Tree":
    import pygit2

    return revision(opened, name, pygit2.Tree)


def _parted(opened: "pygit2.Repository", states: States) -> "pygit2.Tree":
    """The state where the two parted."""
    import pygit2

    ends = [revision(opened, name, pygit2.Commit).id for name in (states.before, states.after)]
    base = opened.merge_base(*ends)
    if base is None:
        raise GitError(_("{one} and {other} have nothing in common.", one=states.before, other=states.after))
    return opened[base].peel(pygit2.Tree)
