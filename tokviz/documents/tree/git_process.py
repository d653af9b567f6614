"""Asking pygit2 about a repository in a process of its own, which is ended when it takes too long.

A few files of settings can include one another a million times, and a small index can unpack to any size:
pygit2 bounds neither, and holds Python's lock meanwhile.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from tokviz.documents.own_process import bound_memory, run_module
from tokviz.language import _, ngettext

if TYPE_CHECKING:
    import pygit2

    Kind = TypeVar("Kind", pygit2.Commit, pygit2.Tree)

SECONDS = 20.0
"""What the process is given. The index of Linux, 80,000 files, takes 0.1."""
MOST_MEMORY = 2 << 30
"""Bytes of address space."""
_LAST_TIME = 253_370_764_800
"""The year 9999 begins."""
_NO = ("", "0", "false", "no", "off")
"""How git writes that something is not so; case does not matter."""


class GitError(Exception):
    """A repository that cannot be read; ``str()`` is one sentence, or the reason in one."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the settings are that no repository has of its own; empty: nowhere."""

    home: str
    """What ``~`` stands for."""
    user: str
    """The user's file, ``.gitconfig`` by default."""
    xdg: str
    """The user's other file, ``git/config`` by default, which the one above overrules."""
    system: str

    @property
    def files(self) -> list[Path]:
        """Those that there may be."""
        return [Path(file) for file in (self.user, self.xdg, self.system) if file]


def settings_places(environment: Mapping[str, str]) -> Places:
    """Where git would look for settings, as the environment says."""
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    folder = environment.get("XDG_CONFIG_HOME") or (home and str(Path(home, ".config")))
    user = str(Path(home, ".gitconfig")) if home else ""
    xdg = str(Path(folder, "git", "config")) if folder else ""
    named = environment.get("GIT_CONFIG_GLOBAL")
    if named is not None:
        user, xdg = named, ""
    system = environment.get("GIT_CONFIG_SYSTEM", "/etc/gitconfig")
    switched_off = environment.get("GIT_CONFIG_NOSYSTEM", "").lower() not in _NO
    return Places(home, user, xdg, "" if switched_off else system)


def settings_in_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Settings that ``GIT_CONFIG_COUNT`` and its like make, by their names in small letters."""
    count = environment.get("GIT_CONFIG_COUNT", "")
    numbers = range(min(int(count), 10_000) if count.isascii() and count.isdigit() else 0)
    pairs = ((environment.get(f"GIT_CONFIG_{kind}_{i}", "") for kind in ("KEY", "VALUE")) for i in numbers)
    return {name.lower(): value for name, value in pairs}


@dataclass(frozen=True, slots=True)
class GitAnswer:
    """What the process has found out."""

    settings: Mapping[str, str]
    """Those that were asked for, as far as they are set."""
    tracked: Sequence[bytes] = ()
    """The paths of all tracked files from the work tree."""


def ask(folder: Path, places: Places, names: Sequence[str]) -> GitAnswer:
    """What the repository whose work tree is ``folder`` tracks, and its settings ``names``. GitError."""
    if find_spec("pygit2") is None:
        raise GitError(_("pygit2 is not installed; install tokviz again"))
    job = {"folder": str(folder), "places": asdict(places), "names": list(names)}
    with _settings_folders(places) as folders:
        try:
            found = run_module("tokviz.documents.tree.git_process", job, SECONDS, *folders)
        except subprocess.TimeoutExpired as error:
            raise GitError(
                ngettext(
                    "that takes longer than {n} second", "that takes longer than {n} seconds", round(SECONDS)
                )
            ) from error
    head, _end, tracked = found.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError as error:
        # Translators: “them” are git's files
        raise GitError(_("pygit2 breaks off on them")) from error
    if answer["refused"]:
        raise GitError(answer["refused"])
    return GitAnswer(answer["settings"], tracked.split(b"\0") if tracked else ())


def open_repository(folder: Path, places: Places) -> "pygit2.Repository":
    """The repository as pygit2 has it. GitError where it cannot be read, or where its work tree is not
    ``folder``."""
    with _settings_folders(places) as folders:
        return _open(folder, folders, places.home)


def revision(opened: "pygit2.Repository", name: str, kind: "type[Kind]") -> "Kind":
    """What the revision ``name`` leads to: a commit or its tree. GitError if it is none, or of no such
    ``kind``."""
    import pygit2

    try:
        return opened.revparse_single(name).peel(kind)
    except (pygit2.GitError, OSError, ValueError, KeyError) as error:
        if opened.is_empty:
            said = _("There is no revision “{name}” in this repository, which has no commit yet.", name=name)
        elif opened.is_shallow:
            said = _(
                "There is no revision “{name}” in this clone, which is shallow; fetch more of it.", name=name
            )
        else:
            said = _("There is no revision “{name}” in this repository.", name=name)
        raise GitError(said) from error


def why(error: BaseException) -> str:
    """What the library says of a repository that it cannot read, as a clause; in our words what people do to
    have such a one."""
    said = str(error)
    if "'sdir'" in said:
        return _(
            "its index is a sparse one, which only git reads; "
            "`git sparse-checkout reapply --no-sparse-index` makes it a plain one"
        )
    if "sha256" in said:
        return _("it names what it keeps by SHA-256, which only git reads yet")
    return said


def commit_text(data: bytes, encoding: str | None) -> str:
    """What stands in a commit, by the encoding that it names; U+FFFD for what is none of its characters."""
    try:
        return data.decode(encoding or "utf-8", "replace")
    except (LookupError, ValueError):  # there is no such encoding
        return data.decode("utf-8", "replace")


def commit_time(commit: "pygit2.Commit") -> int:
    """When it was committed, in seconds since 1970; 0, as git has it, for years that no calendar has."""
    time: int = commit.commit_time
    return time if 0 <= time < _LAST_TIME else 0


@contextmanager
def _settings_folders(places: Places) -> Iterator[tuple[str, str, str]]:
    """Folders in which pygit2 finds the user's settings, the other ones and the system's by their usual
    names, whatever the files are called."""
    wanted = ((places.user, ".gitconfig"), (places.xdg, "config"), (places.system, "gitconfig"))
    with TemporaryDirectory(prefix="tokviz-git-") as folder:
        found = []
        for number, (file, usual) in enumerate(wanted):
            if not file or Path(file).name == usual:
                found.append(str(Path(file).parent) if file else "")
                continue
            place = Path(folder, str(number))
            place.mkdir()
            # Included, what it includes itself is still found from where it lies.
            written = os.path.abspath(file).replace("\\", "\\\\").replace('"', '\\"')  # noqa: PTH100
            content = f'[include]\n\tpath = "{written}"\n'
            (place / usual).write_bytes(os.fsencode(content))
            found.append(str(place))
        user, xdg, system = found
        yield user, xdg, system


def _open(folder: Path, folders: Sequence[str], home: str) -> "pygit2.Repository":
    import pygit2

    levels = pygit2.enums.ConfigLevel
    try:
        for level, place in zip((levels.GLOBAL, levels.XDG, levels.SYSTEM), folders, strict=True):
            pygit2.settings.search_path[level] = place
        if home:
            pygit2.settings.homedir = home
        opened = pygit2.Repository(str(folder))
        inside = bool(opened.workdir) and Path(opened.workdir).samefile(folder)
    except (pygit2.GitError, OSError, ValueError) as error:
        raise GitError(why(error)) from error
    if not inside:
        raise GitError(_("its core.worktree leads elsewhere"))
    return opened


def _answer(folder: Path, folders: Sequence[str], home: str, names: Sequence[str]) -> GitAnswer:
    import pygit2

    try:
        opened = _open(folder, folders, home)
        config = opened.config
        settings = {name: str(config[name]) for name in names if name in config}
        has_index = Path(opened.path, "index").exists()
        return GitAnswer(settings, [os.fsencode(entry.path) for entry in opened.index] if has_index else ())
    except (pygit2.GitError, OSError, ValueError) as error:
        raise GitError(why(error)) from error


def main() -> int:
    """The process: one job from standard input, one answer to standard output."""
    bound_memory(MOST_MEMORY)
    job = json.load(sys.stdin.buffer)
    answer, refused = GitAnswer({}), ""
    try:
        answer = _answer(Path(job["folder"]), sys.argv[1:], job["places"]["home"], job["names"])
    except GitError as error:
        refused = str(error)
    except MemoryError:
        refused = _("that takes more than {size} GB of memory", size=MOST_MEMORY >> 30)
    head = json.dumps({"refused": refused, "settings": dict(answer.settings)}).encode()
    sys.stdout.buffer.write(b"\n".join((head, b"\0".join(answer.tracked))))
    sys.stdout.buffer.flush()
    return 0
