"""What changed in a git repository: since a revision, staged, or between two. Git is not run."""

import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tokviz.documents.reading import ReadError, TooLargeError, exists, read_bytes
from tokviz.documents.tree.git_deltas import Side, States, deltas
from tokviz.documents.tree.git_index import left_out_paths
from tokviz.documents.tree.git_process import GitError
from tokviz.documents.tree.git_reader import Check, GitReader
from tokviz.documents.tree.git_repository import Repository, find_repository
from tokviz.documents.tree.path_choice import PathChoice, Patterns
from tokviz.language import _, in_english

if TYPE_CHECKING:
    import pygit2


MOST_COMMITS = 1000
"""Of which the messages are taken."""
MOST_CONTENTS = 256 << 20
"""Bytes of all files of one answer."""
_LONGEST = 100
"""Letters of ``Compared.file_name``."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states of a repository. Empty, ``before`` is HEAD and ``after`` what lies in the folder."""

    before: str = ""
    after: str = ""
    staged: bool = False
    """``after`` is what is staged."""
    from_common: bool = False
    """``before`` is where the two parted."""

    @property
    def revisions(self) -> str:
        """As git writes two revisions: ``v1..v2``, or ``v1...v2`` from where they parted."""
        return f"{self.before}{'...' if self.from_common else '..'}{self.after}"

    @property
    def file_name(self) -> str:
        """The same as ``str()`` where a file is called by it, in English: a pack is the same text whoever
        makes it."""
        with in_english():
            name = str(self)
        for letter in "/\\:":
            name = name.replace(letter, "-")
        return name[:_LONGEST]

    def __str__(self) -> str:
        if self.staged:
            # Translators: what has changed: “staged”, “in main..HEAD” or “since HEAD”, as parts of sentences
            return _("staged")
        if self.after:
            return _("in {revisions}", revisions=self.revisions)
        return _("since {revision}", revision=self.before or "HEAD")


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs. ``path`` is from the folder asked about; None is a file that is not there."""

    path: str
    before: bytes | None
    after: bytes | None
    former: str = ""
    """The path that it had before, if it was renamed; see `git_renames`."""


def parse_range(text: str) -> Compared:
    """``A..B`` or ``A...B``, where HEAD may be left out once; ValueError, with one sentence, if it is
    neither."""
    dots = "..." if "..." in text else ".."
    before, found, after = text.partition(dots)
    if found and (before or after):
        return Compared(before or "HEAD", after or "HEAD", from_common=dots == "...")
    raise ValueError(_("“{text}” names no two revisions; write them as A..B.", text=text))


_ALL: Patterns = ((), ())
_Row = tuple[str, int | None, int | None]
"""A path, and the bytes of the file before and after."""


def changed_files(
    reader: GitReader, folder: Path, compared: Compared, patterns: Patterns = _ALL
) -> list[ChangedFile]:
    """The files below ``folder`` that differ, without links and submodules. GitError if it lies in no
    repository, if there is no such revision, or if it takes too long; ValueError for a pattern that can match
    nothing."""
    PathChoice(patterns, folder)
    answer, data = _ask(reader, "changes", folder, compared, contents=True, patterns=patterns)
    rows = msgspec.convert(answer, list[_Row])
    if not rows and not folder.is_dir():  # all of one that is gone now would have changed
        if exists(folder):
            raise GitError(_("{file} is no folder; name the one that it lies in.", file=folder))
        raise GitError(_("There is no folder {folder}; check the name.", folder=folder))
    found, start = [], 0
    for path, *sizes in rows:
        sides: list[bytes | None] = []
        for size in sizes:
            sides.append(None if size is None else data[start : start + size])
            start += size or 0
        before, after = sides
        found.append(ChangedFile(path, before, after))
    return found


def changes_below(
    reader: GitReader, folders: Iterable[str], compared: Compared, patterns: Patterns = _ALL
) -> Iterator[tuple[str, list[ChangedFile]]]:
    """``changed_files`` of each folder; a file belongs to the first of those that hold it."""
    seen: set[Path] = set()
    for folder in folders:
        root = Path(folder).resolve()
        found = changed_files(reader, Path(folder), compared, patterns)
        yield folder, [file for file in found if root / file.path not in seen]
        seen.update(root / file.path for file in found)


def changed_paths(
    reader: GitReader, folder: Path, compared: Compared, check: Check | None = None
) -> list[str]:
    """The paths of those of ``changed_files`` that are there afterwards. ``check`` may raise to end it."""
    return [path for path, there in all_changed_paths(reader, folder, compared, check) if there]


def all_changed_paths(
    reader: GitReader, folder: Path, compared: Compared, check: Check | None = None
) -> list[tuple[str, bool]]:
    """The paths of all of ``changed_files``, and whether each is there afterwards."""
    rows, _data = _ask(reader, "changes", folder, compared, check, contents=False, patterns=_ALL)
    return [(path, after is not None) for path, _before, after in msgspec.convert(rows, list[_Row])]


def patch_of(
    reader: GitReader,
    folder: Path,
    compared: Compared,
    patterns: Patterns = _ALL,
    only: Sequence[str] | None = None,
    check: Check | None = None,
) -> bytes:
    """What changed as a unified diff: UTF-8; of the paths ``only``, if they are named. Errors as of
    ``changed_files``."""
    PathChoice(patterns, folder)
    return _ask(reader, "patch", folder, compared, check, patterns=patterns, only=only)[1]


def log_of(reader: GitReader, folder: Path, compared: Compared) -> bytes:
    """The messages of the commits between the two, the newest first: UTF-8. GitError."""
    return _ask(reader, "log", folder, compared, last=MOST_COMMITS)[1]


def last_log(reader: GitReader, folder: Path, last: int, check: Check | None = None) -> bytes:
    """The messages of the last commits, the newest first: UTF-8. GitError."""
    return reader.ask("last_log", check, folder=str(folder.absolute()), last=last)[1]


def _ask(
    reader: GitReader,
    request: str,
    folder: Path,
    compared: Compared,
    check: Check | None = None,
    **more: object,
) -> tuple[object, bytes]:
    return reader.ask(request, check, folder=str(folder.absolute()), compared=asdict(compared), **more)


def stored_changes(
    folder: Path, compared: Compared, environment: Mapping[str, str], choice: PathChoice, contents: bool
) -> Iterator[ChangedFile]:
    """See ``changed_files``; without any bound, for the process that is ended in time. Without ``contents``
    no file is read, and what is there is empty."""
    repository, opened, inside = open_repository(folder, environment)
    states = States(compared.before or "HEAD", compared.after, compared.staged, compared.from_common)
    in_folder = not compared.after and not compared.staged
    sparse = left_out_paths(Path(opened.path, "index")) if in_folder else frozenset()

    def changes(found: Iterable[tuple[Side, Side]], stored: bool) -> Iterator[ChangedFile]:
        for old, new in found:
            path = new.path or old.path
            if not path.startswith(inside) or not choice.takes(path.removeprefix(inside)):
                continue
            lying = repository.folder / path
            if in_folder and stored is not (path in sparse and not exists(lying)):
                continue
            before = _stored(opened, old, contents)
            after = _stored(opened, new, contents) if stored or not in_folder else _lying(lying, contents)
            if before is not None or after is not None:
                yield ChangedFile(path.removeprefix(inside), before, after)

    yield from changes(deltas(opened, states), stored=False)
    if sparse:  # of what a sparse checkout leaves out, what is staged stands for what lies there, as in git
        yield from changes(deltas(opened, replace(states, staged=True)), stored=True)


def open_repository(
    folder: Path, environment: Mapping[str, str]
) -> "tuple[Repository, pygit2.Repository, str]":
    """The repository that ``folder`` lies in, opened, and what stands before the folder's paths in it.
    GitError if there is none, or it may not be opened."""
    absolute = folder.resolve()
    repository = repository_above(absolute, environment)
    opened = repository.opened
    prefix = absolute.relative_to(repository.folder.resolve()).as_posix()
    return repository, opened, "" if prefix == "." else f"{prefix}/"


def repository_above(folder: Path, environment: Mapping[str, str]) -> Repository:
    """The repository that ``folder`` lies in; nothing is opened. GitError if there is none."""
    absolute = folder.resolve()
    for above in (absolute, *absolute.parents):
        if repository := find_repository(above, environment, above):
            return repository
    if not exists(absolute):
        raise GitError(_("There is no folder {folder}; check the name.", folder=folder))
    if (absolute / "HEAD").is_file() and (absolute / "objects").is_dir():
        raise GitError(
            _("{folder} is a bare repository, without files; name a clone of it.", folder=absolute)
        )
    raise GitError(_("{folder} lies in no git repository.", folder=absolute))


def _stored(opened: "pygit2.Repository", file: Side, contents: bool) -> bytes | None:
    """What git keeps of one side of a change; None if it is no file there."""
    if not stat.S_ISREG(file.mode):
        return None
    return blob(opened, file.id, file.path).data if contents else b""


def blob(opened: "pygit2.Repository", key: "str | pygit2.Oid", path: str) -> "pygit2.Blob":
    """What git keeps of the file at ``path``. GitError if it is damaged, or not in this clone, which may be a
    shallow or partial one."""
    import pygit2

    try:
        return opened[key].peel(pygit2.Blob)
    except KeyError as error:
        raise GitError(_("The text of {file} is not in this clone; fetch it first.", file=path)) from error
    except (pygit2.GitError, ValueError) as error:
        raise GitError(_("The text of {file} cannot be read: {why}.", file=path, why=error)) from error


def _lying(path: Path, contents: bool) -> bytes | None:
    try:
        if not contents:
            return b"" if stat.S_ISREG(path.lstat().st_mode) else None
        return read_bytes(path, follow=False, limit=MOST_CONTENTS)
    except TooLargeError as error:
        raise GitError(
            _(
                "{file} is larger than {size} MB; have .gitignore name what belongs to no commit.",
                file=path,
                size=MOST_CONTENTS >> 20,
            )
        ) from error
    except (ReadError, OSError):
        return None
