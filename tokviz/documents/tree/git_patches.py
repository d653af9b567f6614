"""What changed in a repository as text: a unified diff, and the messages of commits. Git is not run."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tokviz.documents.decoding import NotTextError, decode_bytes
from tokviz.documents.tree.git_changes import ChangedFile, Compared, open_repository
from tokviz.documents.tree.git_process import GitError, commit_text, commit_time, revision
from tokviz.documents.tree.git_renames import similarity, with_renames
from tokviz.language import _, ngettext

if TYPE_CHECKING:
    import pygit2

MOST_BYTES = 200_000_000
"""Of a diff: a larger one is beyond every model."""


def patch_text(files: Iterable[ChangedFile]) -> bytes:
    """The files' changes, each with three lines around them, as UTF-8; GitError for too much. Of a file that
    is no text it says only that it differs."""
    parts: list[bytes] = []
    size = 0
    for file in with_renames(list(files)):
        part = _patch(file)
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise GitError(
                ngettext(
                    "The diff is larger than {n} byte; ask for less of it.",
                    "The diff is larger than {n} bytes; ask for less of it.",
                    MOST_BYTES,
                )
            )
    return b"".join(parts)


def _patch(file: ChangedFile) -> bytes:
    import pygit2

    path = file.path.encode("utf-8", "replace").decode()
    former = file.former.encode("utf-8", "replace").decode() or path
    try:
        before, after = (
            None if side is None else decode_bytes(side).text for side in (file.before, file.after)
        )
    except NotTextError:
        said = f"diff --git a/{former} b/{path}\n{_renamed(file, former, path)}"  # verbatim
        if file.before != file.after:
            sides = (("a/", former, file.before), ("b/", path, file.after))
            names = [f"{side}{name}" if data is not None else "/dev/null" for side, name, data in sides]
            said += f"Binary files {names[0]} and {names[1]} differ\n"  # verbatim
        return said.encode()
    flags = pygit2.enums.DiffOption.FORCE_TEXT
    made = pygit2.Patch.create_from(before, after, old_as_path=former, new_as_path=path, flag=flags)
    found: bytes = made.data
    if not file.former:
        return found
    first, _end, rest = found.partition(b"\n")
    if not first:  # of equal texts there is none
        first = f"diff --git a/{former} b/{path}".encode()  # verbatim
    return first + b"\n" + _renamed(file, former, path).encode() + rest


def _renamed(file: ChangedFile, former: str, path: str) -> str:
    """What git says of a file that was renamed; empty of another."""
    if not file.former or file.before is None or file.after is None:
        return ""
    share = similarity(file.before, file.after)
    return f"similarity index {share}%\nrename from {former}\nrename to {path}\n"  # verbatim


def log_text(folder: Path, compared: Compared, environment: Mapping[str, str], last: int) -> bytes:
    """The commits between the two, the newest first and at most so many, with their messages: UTF-8. Empty
    for what is staged, which is none yet. GitError."""
    if compared.staged:
        return b""
    opened = open_repository(folder, environment)[1]
    parts = []
    for number, commit in enumerate(_commits(opened, compared.after, compared.before or "HEAD")):
        if number == last:
            parts.append("More commits than these are not shown.\n")  # verbatim
            break
        parts.append(_entry(commit))
    return _joined(parts)


def last_log_text(folder: Path, environment: Mapping[str, str], last: int) -> bytes:
    """The last commits, the newest first, with their messages: UTF-8. GitError."""
    opened = open_repository(folder, environment)[1]
    return _joined(_entry(commit) for commit in islice(_commits(opened, "HEAD"), last))


def _joined(entries: Iterable[str]) -> bytes:
    return "\n".join(entries).encode("utf-8", "replace")


def _commits(
    opened: "pygit2.Repository", newest: str, hidden: str | None = None
) -> "Iterator[pygit2.Commit]":
    """The commits that lead to a revision (empty: HEAD) and not to the ``hidden`` one, the newest first."""
    import pygit2

    before = None if hidden is None else revision(opened, hidden, pygit2.Commit)
    after = revision(opened, newest or "HEAD", pygit2.Commit)
    try:
        walker = opened.walk(after.id, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.TIME)
        if before is not None:
            walker.hide(before.id)
        yield from walker
    except (pygit2.GitError, OSError, ValueError, KeyError) as error:
        raise GitError(_("The history cannot be read: {why}.", why=error)) from error


def _entry(commit: "pygit2.Commit") -> str:
    """A commit as `git log` shows it, without the author's address."""
    zone = timezone(timedelta(minutes=commit.commit_time_offset))
    when = datetime.fromtimestamp(commit_time(commit), zone)
    author = commit_text(commit.author.raw_name, commit.message_encoding)
    lines = commit_text(commit.raw_message, commit.message_encoding).rstrip().splitlines()
    message = "".join(f"    {line}".rstrip() + "\n" for line in lines)
    head = f"commit {commit.id}\nAuthor: {author}\nDate: {when:%Y-%m-%d %H:%M:%S %z}\n\n"  # verbatim
    return head + message
