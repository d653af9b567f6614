"""The trees of a git repository at its commits and tags. Git is not run.

What is counted of a tree is what git keeps of it: its regular files, whatever ignore files say, without links
and submodules; hidden ones only where they are wanted, and none that a pattern leaves out.
"""

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from tokviz.documents.tree.git_changes import blob, open_repository
from tokviz.documents.tree.git_process import GitError, commit_text, commit_time, revision
from tokviz.documents.tree.git_reader import Check, GitReader
from tokviz.documents.tree.path_choice import PathChoice, Patterns
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import _

if TYPE_CHECKING:
    import pygit2

_TAGS = "refs/tags/"


@dataclass(frozen=True, slots=True)
class Version:
    """A commit, or a tag's."""

    id: str
    """All 40 hexadecimal digits."""
    tag: str
    """Empty where commits were asked for."""
    time: int
    """When it was committed: seconds since 1970."""
    author: str
    subject: str

    @property
    def name(self) -> str:
        """What it is called in a table."""
        return self.tag or self.id[:8]


@dataclass(frozen=True, slots=True)
class Blob:
    """A file's content as git keeps it; ``path`` is where it was found, from the folder asked about."""

    id: bytes
    path: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What was asked for, the newest first."""

    listed: tuple[Version, ...]
    before: Version | None
    """The one before the last of them, for what that one changed."""
    cut: bool
    """The clone is shallow, and its history ends before as many were found as were asked for."""


class History:
    """The repository that a folder lies in, read by a process that is ended in time: a context manager that
    ends it. Every method raises GitError, with one sentence.

    What it reads is read from git's store of objects alone: no file of the work tree is opened.
    """

    def __init__(self, folder: Path, options: WalkOptions, check: Check | None = None) -> None:
        """``options``: hidden files, include and exclude patterns, and the largest file; ValueError for a
        pattern that can match nothing. ``check`` may raise to give any request up."""
        if not folder.is_dir():
            raise GitError(_("There is no folder {folder}; check the name.", folder=folder))
        patterns = (options.include, options.exclude)
        PathChoice(patterns, folder)
        self._check = check
        self._reader = GitReader()
        self._opening: dict[str, object] = {
            "folder": str(folder.absolute()),
            "hidden": options.hidden,
            "largest": options.largest,
            "patterns": [list(each) for each in patterns],
        }

    def __enter__(self) -> Self:
        try:
            self._ask("history", **self._opening)
        except BaseException:
            self._reader.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._reader.close()

    def versions(self, name: str, last: int, *, tags: bool, sample: int = 0) -> Versions:
        """The ``last`` commits from the revision ``name`` back, along first parents: a merge is one step,
        with all that it brought. Or the last tags. ``sample``: only so many of them, evenly, with both ends.
        """
        found, _data = self._ask("versions", name=name, last=last, tags=tags, sample=sample)
        return msgspec.convert(found, Versions)

    def files(self, version: Version) -> dict[str, bytes]:
        """The blobs (their ids) of a version's files by path, as far as they are to be counted."""
        found, ids = self._ask("files", version=asdict(version))
        paths = msgspec.convert(found, list[str])
        size = len(ids) // len(paths) if paths else 0
        return {path: ids[size * row : size * (row + 1)] for row, path in enumerate(paths)}

    def content(self, file: Blob) -> bytes | None:
        """What a blob holds; None if it is larger than what is to be counted."""
        there, data = self._ask("content", blob=file.id.hex(), path=file.path)
        return data if there else None

    def _ask(self, request: str, **arguments: object) -> tuple[object, bytes]:
        return self._reader.ask(request, self._check, **arguments)


class StoredHistory:
    """What ``History`` asks, for the process that is ended in time."""

    def __init__(
        self,
        folder: Path,
        hidden: bool,
        largest: int | None,
        patterns: Patterns,
        environment: Mapping[str, str],
    ) -> None:
        _found, self._opened, inside = open_repository(folder, environment)
        self._inside = inside.rstrip("/")
        self._hidden = hidden
        self._largest = largest
        self._choice = PathChoice(patterns, folder)
        self._files: dict[tuple[str, str], tuple[tuple[str, bytes], ...]] = {}

    def versions(self, name: str, last: int, *, tags: bool, sample: int = 0) -> Versions:
        """See ``History``."""
        found = list(self._tagged(last + 1) if tags else self._commits(name, last + 1))
        listed = found[:last]
        if sample and len(listed) > sample:
            step = (len(listed) - 1) / max(1, sample - 1)
            listed = [listed[round(number * step)] for number in range(sample)]
            before = None
        else:
            before = found[last] if len(found) > last else None
        cut = not tags and len(found) <= last and self._opened.is_shallow
        return Versions(tuple(listed), before, cut)

    def files(self, version: Version) -> dict[str, bytes]:
        """See ``History``."""
        tree = self._commit(version.id).tree
        if self._inside:
            try:
                inner = tree[self._inside]
            except KeyError:
                return {}
            if inner.type_str != "tree":
                return {}
            tree = inner
        return dict(self._below(tree, ""))

    def content(self, file: Blob) -> bytes | None:
        """See ``History``."""
        import pygit2

        found = blob(self._opened, pygit2.Oid(raw=file.id), file.path)
        return None if self._largest is not None and found.size > self._largest else found.data

    def _below(self, tree: "pygit2.Tree", inside: str) -> tuple[tuple[str, bytes], ...]:
        # A folder that did not change is the same object in the next version.
        key = (str(tree.id), inside)
        if key not in self._files:
            self._files[key] = tuple(self._listed(tree, inside))
        return self._files[key]

    def _listed(self, tree: "pygit2.Tree", inside: str) -> Iterator[tuple[str, bytes]]:
        for entry in tree:
            name = entry.name or ""
            path = f"{inside}{name}"
            if name.startswith(".") and not self._hidden:
                continue
            mode = int(entry.filemode)
            if self._choice.excludes(path, folder=stat.S_ISDIR(mode)):
                continue
            if stat.S_ISDIR(mode):
                yield from self._below(entry, f"{path}/")
            elif stat.S_ISREG(mode) and self._choice.includes(path):
                yield path, bytes(entry.id.raw)

    # -- versions --------------------------------------------------------------------------------------

    def _commits(self, name: str, most: int) -> Iterator[Version]:
        import pygit2

        commit = revision(self._opened, name, pygit2.Commit)
        for _turn in range(most):
            yield _version(commit)
            if not commit.parent_ids:
                return
            parent = self._opened.get(commit.parent_ids[0])
            if parent is None:  # the clone is shallow
                return
            commit = parent

    def _tagged(self, most: int) -> Iterator[Version]:
        import pygit2

        found: list[Version] = []
        for name in self._opened.references:
            if name.startswith(_TAGS):
                try:
                    commit = self._opened.references[name].peel(pygit2.Commit)
                except (pygit2.GitError, KeyError, ValueError):
                    continue  # a tag of something that is no commit, or that is not in the clone
                found.append(_version(commit, name.removeprefix(_TAGS)))
        yield from sorted(found, key=lambda one: (-one.time, one.tag))[:most]

    def _commit(self, name: str) -> "pygit2.Commit":
        import pygit2

        try:
            return self._opened[name].peel(pygit2.Commit)
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise GitError(_("The commit {id} cannot be read: {why}.", id=name[:10], why=error)) from error


def _version(commit: "pygit2.Commit", tag: str = "") -> Version:
    message, author = (
        commit_text(data, commit.message_encoding) for data in (commit.raw_message, commit.author.raw_name)
    )
    subject = message.strip().partition("\n")[0]
    return Version(str(commit.id), tag, commit_time(commit), author, subject)


def changed_paths(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Sequence[str]:
    """The files that two versions do not have alike, by path."""
    return sorted({path for path, _id in before.items() ^ after.items()})
