"""What changed in a git repository: since a revision, staged, or between two. Git is not run."""

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tokviz.documents.reading import ReadError, read_bytes
from tokviz.documents.tree.git_deltas import Side, States, folder_deltas, stored_deltas
from tokviz.documents.tree.git_process import GitError, settings_places
from tokviz.documents.tree.git_repository import Repository, find_repository

if TYPE_CHECKING:
    import pygit2


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states of a repository. Empty, ``before`` is HEAD and ``after`` what lies in the folder."""

    before: str = ""
    after: str = ""
    staged: bool = False
    """``after`` is what is staged."""
    from_common: bool = False
    """``before`` is where the two parted."""

    def __str__(self) -> str:
        if self.staged:
            return "staged"
        dots = "..." if self.from_common else ".."
        return f"in {self.before}{dots}{self.after}" if self.after else f"since {self.before or 'HEAD'}"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs. ``path`` is from the folder asked about; None is a file that is not there."""

    path: str
    before: bytes | None
    after: bytes | None


def parse_range(text: str) -> Compared:
    """``A..B`` or ``A...B``, where HEAD may be left out; ValueError, with one sentence, if it is neither."""
    for dots in ("...", ".."):
        before, found, after = text.partition(dots)
        if found:
            return Compared(before or "HEAD", after or "HEAD", from_common=dots == "...")
    raise ValueError(f"“{text}” names no two revisions; write them as A..B.")


def changed_files(folder: Path, compared: Compared, environment: Mapping[str, str]) -> Iterator[ChangedFile]:
    """The files below ``folder`` that differ, without links and submodules. GitError if it lies in no
    repository, if there is no such revision, or if comparing takes too long."""
    repository, opened, inside = open_repository(folder, environment)
    states = States(compared.before or "HEAD", compared.after, compared.staged, compared.from_common)
    in_folder = not compared.after and not compared.staged
    if in_folder:
        deltas = folder_deltas(repository.folder.resolve(), settings_places(environment), states)
    else:
        deltas = stored_deltas(opened, states)
    for old, new in deltas:
        path = new.path or old.path
        if path.startswith(inside):
            before = _stored(opened, old)
            after = _lying(repository.folder / path) if in_folder else _stored(opened, new)
            if before is not None or after is not None:
                yield ChangedFile(path.removeprefix(inside), before, after)


def open_repository(
    folder: Path, environment: Mapping[str, str]
) -> "tuple[Repository, pygit2.Repository, str]":
    """The repository that ``folder`` lies in, opened, and what stands before the folder's paths in it.
    GitError if there is none, or it may not be opened."""
    absolute = folder.resolve()
    for above in (absolute, *absolute.parents):
        if repository := find_repository(above, environment, above):
            break
    else:
        raise GitError(f"{absolute} lies in no git repository.")
    opened = repository.opened
    prefix = absolute.relative_to(repository.folder.resolve()).as_posix()
    return repository, opened, "" if prefix == "." else f"{prefix}/"


def _stored(opened: "pygit2.Repository", file: Side) -> bytes | None:
    """What git keeps of one side of a change; None if it is no file there."""
    return blob(opened, file.id, file.path).data if stat.S_ISREG(file.mode) else None


def blob(opened: "pygit2.Repository", key: "str | pygit2.Oid", path: str) -> "pygit2.Blob":
    """What git keeps of the file at ``path``. GitError if it is damaged, or not in this clone, which may be a
    shallow or partial one."""
    import pygit2

    try:
        return opened[key].peel(pygit2.Blob)
    except KeyError as error:
        raise GitError(f"The text of {path} is not in this clone; fetch it first.") from error
    except (pygit2.GitError, ValueError) as error:
        raise GitError(f"The text of {path} cannot be read: {error}.") from error


def _lying(path: Path) -> bytes | None:
    try:
        return read_bytes(path, follow=False)
    except ReadError:
        return None
