"""The trees of a git repository at its commits and tags. Git is not run.

What is counted of a tree is what git keeps of it: its regular files, whatever ignore files say, without links
and submodules; hidden ones only where they are wanted, and none that a pattern leaves out.
"""

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, cast

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
_MOST_AT_ONCE = 128
"""Versions that one request asks for."""


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


class FileChange(NamedTuple):
    """A file that a version does not have as the one before it in a list, the newer one, has it."""

    path: str
    newer: bytes | None
    own: bytes | None
    """The blobs' ids in the two; None: it is not there, or not to be counted."""


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """How a version differs from the newer one; all that it has is new in the first of a list."""

    version: Version
    files: Sequence[FileChange]


@dataclass(frozen=True, slots=True)
class Versions:
    """What was asked for, the newest first."""

    listed: tuple[Version, ...]
    before: Version | None
    """The one before the last of them, for what that one changed."""
    cut: bool
    """The clone is shallow, and its history ends before as many were found as were asked for."""
    begins: bool = False
    """The last of them is where the history begins: all that it has is new."""


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

    def changes(self, versions: Sequence[Version]) -> Iterator[list[VersionChanges]]:
        """How each differs from the one before it in the list, as far as its files are to be counted: one at
        first, then ever more at once."""
        newer, done, number = "", 0, 1
        while batch := versions[done : done + number]:
            asked = [version.id for version in batch]
            found, ids = self._ask("tree_changes", newer=newer, versions=asked)
            rows = msgspec.convert(found, list[list[tuple[str, bool, bool]]])
            each = _divided(ids, sum(there for files in rows for _path, *sides in files for there in sides))
            yield [
                VersionChanges(
                    version,
                    [
                        FileChange(path, next(each) if newer_has else None, next(each) if own_has else None)
                        for path, newer_has, own_has in files
                    ],
                )
                for version, files in zip(batch, rows, strict=True)
            ]
            newer, done, number = asked[-1], done + len(batch), min(2 * number, _MOST_AT_ONCE)

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
        begins = bool(listed) and not tags and not self._opened.is_shallow
        if begins:
            begins = not self._commit(listed[-1].id).parent_ids
        return Versions(tuple(listed), before, cut, begins)

    def tree_changes(self, newer: str, versions: Sequence[str]) -> Iterator[Iterator[FileChange]]:
        """See ``History.changes``; the commits by their ids, ``newer`` empty where there is none."""
        before = self._tree(newer) if newer else None
        for version in versions:
            tree = self._tree(version)
            yield self._changes(before, tree)
            before = tree

    def _tree(self, version: str) -> "pygit2.Tree | None":
        tree = self._commit(version).tree
        if not self._inside:
            return tree
        try:
            inner = tree[self._inside]
        except KeyError:
            return None
        return cast("pygit2.Tree", inner) if inner.type_str == "tree" else None

    def content(self, file: Blob) -> bytes | None:
        """See ``History``."""
        import pygit2

        found = blob(self._opened, pygit2.Oid(raw=file.id), file.path)
        return None if self._largest is not None and found.size > self._largest else found.data

    def _changes(self, newer: "pygit2.Tree | None", own: "pygit2.Tree | None") -> Iterator[FileChange]:
        """What of two trees differs, as the library finds it: it looks into no folder that is the same."""
        if newer is not None:
            diff = newer.diff_to_tree(own) if own is not None else newer.diff_to_tree()
        elif own is not None:
            diff = own.diff_to_tree(swap=True)
        else:
            return
        for delta in diff.deltas:
            path = delta.new_file.path or delta.old_file.path
            sides = [
                bytes(file.id.raw) if stat.S_ISREG(int(file.mode)) else None
                for file in (delta.old_file, delta.new_file)
            ]
            if sides[0] != sides[1] and self._wants(path):
                yield FileChange(path, sides[0], sides[1])

    def _wants(self, path: str) -> bool:
        hidden = path.startswith(".") or "/." in path
        return (self._hidden or not hidden) and self._choice.takes(path)

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


def _divided(ids: bytes, number: int) -> Iterator[bytes]:
    """So many ids that stand one behind the other, all of one length."""
    size = len(ids) // number if number else 0
    return (ids[size * row : size * (row + 1)] for row in range(number))
