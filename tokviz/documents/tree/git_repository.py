"""What git's own files say of a repository: its settings and which files it tracks.

They are read through pygit2, which executes nothing that a configuration names; git itself is never run. What
would hang it (a named pipe in the place of a file) or lead out of the folder is refused first.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tokviz.documents.reading import ReadError, is_folder, read_bytes
from tokviz.documents.tree.git_process import (
    GitAnswer,
    GitError,
    Places,
    ask,
    open_repository,
    settings_in_environment,
    settings_places,
)
from tokviz.language import _

if TYPE_CHECKING:
    import pygit2

_LIMIT = 1 << 20
"""A file of git's settings with more bytes than this is not one."""
_TELLING = re.compile(rb"include|excludesfile|ignorecase|worktree", re.IGNORECASE)
"""A configuration without these words says nothing that is asked for here."""
_PATH = re.compile(rb"^\s*(?:\[[^\]\n]*\]\s*)?path\s*=\s*\"?([^\"\n#;]+)", re.IGNORECASE | re.MULTILINE)
_WORK_TREE = re.compile(rb"^\s*worktree\s*=\s*\"?([^\"\n#;]+?)\"?\s*$", re.IGNORECASE | re.MULTILINE)
_MOST_INCLUDES = 50
_EXCLUDES_FILE, _IGNORE_CASE = "core.excludesfile", "core.ignorecase"
_OWN_FILES = ("HEAD", "config", "config.worktree", "commondir", "index", "packed-refs", "info/exclude")


@dataclass
class Repository:
    """The repository whose work tree is ``folder``. What is asked of it is read when it is first asked."""

    folder: Path
    git: Path
    """Its ``.git``, followed where that is a file."""
    common: Path
    """What its linked work trees share."""
    environment: Mapping[str, str]
    problems: list[str] = field(default_factory=list)
    """A sentence for each thing that could not be read, and so is not respected."""

    @cached_property
    def excludes_file(self) -> str | None:
        """``core.excludesFile`` as it is set; None if it is not."""
        return self._setting(_EXCLUDES_FILE)

    @cached_property
    def ignore_case(self) -> bool | None:
        """``core.ignoreCase``; None if it is not set."""
        value = self._setting(_IGNORE_CASE)
        return None if value is None else value.lower() in ("", "true", "yes", "on", "1")

    @cached_property
    def tracked(self) -> frozenset[bytes]:
        """The paths of all tracked files from ``folder``, and of the folders that they are in."""
        if not (self.git / "index").exists() or self._answer is None:
            return frozenset()
        paths = frozenset(self._answer.tracked)
        folders: set[bytes] = set()
        for path in paths:
            while (path := path.rpartition(b"/")[0]) and path not in folders:
                folders.add(path)
        return paths | folders

    def _setting(self, name: str) -> str | None:
        said = settings_in_environment(self.environment).get(name)
        if said is not None or not any(_TELLING.search(content) for _path, content in self._configurations):
            return said
        return None if self._answer is None else self._answer.settings.get(name)

    @cached_property
    def _answer(self) -> GitAnswer | None:
        """What pygit2 says of it; None, with a problem, where that cannot be had."""
        try:
            self._check()
            return ask(self.folder, self._places, (_EXCLUDES_FILE, _IGNORE_CASE))
        except (GitError, OSError) as error:
            self._refuse(str(error))
        return None

    @property
    def opened(self) -> "pygit2.Repository":
        """The repository as pygit2 has it, for a process that is ended in time; GitError where it may not, or
        cannot, be opened."""
        try:
            self._check()
            return open_repository(self.folder, self._places)
        except (GitError, OSError) as error:
            raise GitError(
                _("Git's files in {folder} cannot be read: {why}.", folder=self.folder, why=error)
            ) from error

    def _refuse(self, reason: str) -> None:
        sentence = _(
            "Git's files in {folder} are not read: {why}. Tracked files that an ignore file matches are left "
            "out, and settings such as core.excludesFile are read from the user's own alone.",
            folder=self.folder,
            why=reason,
        )
        if not self.problems:
            self.problems.append(sentence)

    def _check(self) -> None:
        """GitError for what would hang a reader, or is not what it should be."""
        for name in _OWN_FILES:
            for place in (self.git, self.common):
                _require_file(place / name)
        for path, _content in self._configurations:
            _require_file(path)

    @cached_property
    def _configurations(self) -> list[tuple[Path, bytes]]:
        """All files of settings that git would read, with those they include, and their content."""
        pending = [self.common / "config", self.git / "config.worktree", *self._places.files]
        found: list[tuple[Path, bytes]] = []
        seen: set[Path] = set()
        while pending and len(found) < _MOST_INCLUDES:
            path = pending.pop()
            if path in seen or not os.path.lexists(path):
                continue
            seen.add(path)
            try:
                content = read_bytes(path, limit=_LIMIT)
            except ReadError:
                content = b"include"  # it is looked at, and refused, when the repository is opened
            found.append((path, content))
            if b"nclude" in content.lower():
                pending += _included(path, content, self._places.home)
        return found

    @cached_property
    def _places(self) -> Places:
        return settings_places(self.environment)


def find_repository(folder: Path, environment: Mapping[str, str], allowed: Path) -> Repository | None:
    """The repository whose work tree is ``folder``; None if ``.git`` there is none, or leads elsewhere.

    A ``.git`` file may lead to a folder inside ``allowed``, or to one that says that it belongs here.
    """
    git = folder / ".git"
    if git.is_symlink():
        return None
    if not is_folder(git):
        target = pointed_to(git, b"gitdir:")
        if target is None or not is_folder(target):
            return None
        if not (_is_inside(target, allowed) or _belongs_to(target, folder)):
            return None
        git = target
    common = pointed_to(git / "commondir", b"") or git
    return Repository(folder, git, common, environment)


def pointed_to(file: Path, keyword: bytes) -> Path | None:
    """The path that a file of git's holds after ``keyword``; None if there is no such file."""
    try:
        content = read_bytes(file, follow=False, limit=_LIMIT)
    except ReadError:
        return None
    target = content.removeprefix(keyword).strip()
    # On Windows, opening //server/share/... would tell that server who the user is.
    if not content.startswith(keyword) or b"\0" in target or target.startswith((b"//", b"\\\\")):
        return None
    return file.parent / os.fsdecode(target)


def _is_inside(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _belongs_to(git: Path, folder: Path) -> bool:
    """Whether a repository outside names ``folder`` as its work tree, as one of a submodule or a linked work
    tree does: what merely points at somebody else's repository cannot make it say so."""
    back = pointed_to(git / "gitdir", b"")
    if back is not None:
        return os.path.realpath(back) == os.path.realpath(folder / ".git")
    try:
        found = _WORK_TREE.search(read_bytes(git / "config", limit=_LIMIT))
    except ReadError:
        return False
    return found is not None and os.path.realpath(git / os.fsdecode(found[1])) == os.path.realpath(folder)


def _included(path: Path, content: bytes, home: str) -> Iterator[Path]:
    for match in _PATH.finditer(content):
        name = os.fsdecode(match[1].strip())
        if name.startswith("~/"):
            yield Path(home or "/", name[2:])
        else:
            yield path.parent / name


def _require_file(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # it is not there
    if not stat.S_ISREG(mode):
        raise GitError(_("{file} is no regular file", file=path))
