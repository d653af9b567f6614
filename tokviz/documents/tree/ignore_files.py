"""Which ignore files speak about a folder, and which of them has the last word.

From strongest to weakest, as in ripgrep: ``.tokvizignore``, ``.ignore``, ``.gitignore``,
``.git/info/exclude``, the user's global excludes; in each kind the file nearest to the path decides. Git's
kinds end at the root of a repository, but ``.gitignore`` counts outside of one too: a source archive has no
``.git``. Git itself is never run, because it executes what a folder's configuration says.
"""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tokviz.documents.reading import ReadError, read_bytes
from tokviz.documents.tree.ignore_rules import Decider, Placed, RuleSet, parse_rules

IGNORE_FILES = (b".tokvizignore", b".ignore", b".gitignore")
"""The names looked for in every folder, strongest first."""
_GIT, _EXCLUDE, _GLOBAL = 2, 3, 4
_LOOKED_FOR = frozenset((*IGNORE_FILES, b".git"))
_LIMIT = 1 << 20
"""An ignore file with more bytes than this is not one."""


class FolderRules:
    """All rules that speak about what lies in one folder."""

    def __init__(self, kinds: tuple[tuple[Placed, ...], ...] = ((), (), (), (), ())) -> None:
        self._kinds = kinds
        """By kind from strongest to weakest, in each from the farthest file to the nearest."""
        self._decider = Decider([placed for files in reversed(kinds) for placed in files])
        self.match = self._decider.match

    def nearer(self, kind: int, placed: Placed) -> "FolderRules":
        """These rules and a nearer file's."""
        kinds = list(self._kinds)
        kinds[kind] = (*kinds[kind], placed)
        return FolderRules(tuple(kinds))

    def outside_git(self) -> "FolderRules":
        """These rules without git's kinds."""
        return FolderRules((*self._kinds[:_GIT], (), (), ()))


class IgnoreFiles:
    """Reads ignore files as a walk comes to them. ``problems`` gathers what it could not read."""

    def __init__(self, root: Path, *, ignore_case: bool, environment: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self._root = root
        self._ignore_case = ignore_case
        everywhere = global_excludes(environment)
        self._global = self._read(everywhere, str(everywhere), follow=True) if everywhere else None

    def at_root(self) -> FolderRules:
        """The rules of the walk's root, with those of the folders above it."""
        rules = FolderRules()
        if self._global:
            rules = rules.nearer(_GLOBAL, Placed(self._global))
        for folder in reversed(self._root.parents):
            prefix = os.fsencode(self._root.relative_to(folder).as_posix() + "/")
            rules = self._enter(rules, folder, _present(folder), _FolderAt(prefix, b"", f"{folder}{os.sep}"))
        return self._enter(rules, self._root, _present(self._root), _FolderAt(b"", b"", ""))

    def inside(self, rules: FolderRules, folder: bytes, path: bytes, names: Collection[bytes]) -> FolderRules:
        """The rules of ``folder``, which holds ``names`` and lies at ``path`` from the walk's root.

        ``rules`` are those of the folder above it.
        """
        if _LOOKED_FOR.isdisjoint(names):
            return rules
        at = _FolderAt(b"", path + b"/", os.fsdecode(path) + "/")
        return self._enter(rules, Path(os.fsdecode(folder)), names, at)

    def _enter(
        self, rules: FolderRules, folder: Path, names: Collection[bytes], at: "_FolderAt"
    ) -> FolderRules:
        if b".git" in names:
            rules = rules.outside_git()
            if self._global:
                rules = rules.nearer(_GLOBAL, at.put(self._global))
            exclude = _exclude_file(folder)
            if exclude and (found := self._read(exclude, str(exclude))):
                rules = rules.nearer(_EXCLUDE, at.put(found))
        for kind, name in enumerate(IGNORE_FILES):
            if name in names and (found := self._read(folder / name.decode(), at.shown + name.decode())):
                rules = rules.nearer(kind, at.put(found))
        return rules

    def _read(self, path: Path, shown: str, *, follow: bool = False) -> RuleSet | None:
        # Git follows no link to an ignore file inside a repository either.
        try:
            text = read_bytes(path, follow=follow, limit=_LIMIT)
        except ReadError as error:
            if os.path.lexists(path):
                self.problems.append(f"{error} Its rules are not applied.")
            return None
        rules = parse_rules(text, shown, ignore_case=self._ignore_case)
        return rules if len(rules) else None


@dataclass(frozen=True, slots=True)
class _FolderAt:
    """Where a folder lies as seen from the walk's root (as in ``Placed``)."""

    prefix: bytes
    inside: bytes
    shown: str
    """Its path as shown, ready to have a name behind it."""

    def put(self, rules: RuleSet) -> Placed:
        return Placed(rules, self.prefix, self.inside)


def global_excludes(environment: Mapping[str, str]) -> Path | None:
    """The user's own excludes file as git finds it: ``core.excludesFile``, else ``git/ignore``; None without
    a home. It may not exist."""
    home = environment.get("HOME") or environment.get("USERPROFILE")
    if not home:
        return None
    settings = Path(environment.get("XDG_CONFIG_HOME") or Path(home, ".config"), "git")
    configured = environment.get("GIT_CONFIG_GLOBAL")
    files = [Path(configured)] if configured else [Path(home, ".gitconfig"), settings / "config"]
    for file in files:
        try:
            value = _excludes_setting(read_bytes(file, limit=_LIMIT))
        except ReadError:  # most people have none
            continue
        if value is not None:
            return Path(home, value.removeprefix("~/")) if value else None
    return settings / "ignore"


_SECTION = re.compile(r"\s*\[\s*([\w.-]+)\s*(\"[^\"]*\")?\s*\]")
_SETTING = re.compile(r"\s*(?:\[[^\]]*\])?\s*excludesfile\s*=\s*(.*)", re.IGNORECASE)


def _excludes_setting(config: bytes) -> str | None:
    """The last ``core.excludesFile`` of a git configuration; None if it has none."""
    core = False
    value: str | None = None
    for line in config.decode("utf-8", "surrogateescape").splitlines():
        if section := _SECTION.match(line):
            core = section[1].lower() == "core" and not section[2]
        if core and (setting := _SETTING.fullmatch(line)):
            # Quotes group and may stand anywhere; outside of them # and ; begin a comment.
            parts = re.findall(r'"((?:[^"\\]|\\.)*)"?|([#;].*)|([^"#;]+)', setting[1])
            value = "".join(re.sub(r"\\(.)", r"\1", quoted) or plain for quoted, _, plain in parts).strip()
    return value


def _present(folder: Path) -> set[bytes]:
    return {name for name in _LOOKED_FOR if os.path.lexists(folder / name.decode())}


def _exclude_file(folder: Path) -> Path | None:
    """``info/exclude`` of the repository whose work tree ``folder`` is; it may not exist."""
    git: Path | None = folder / ".git"
    if git and not git.is_dir():  # a work tree or a submodule, whose .git is a file that says where it is
        git = _pointed_to(git, b"gitdir:")
    if git is None:
        return None
    return (_pointed_to(git / "commondir", b"") or git) / "info" / "exclude"


def _pointed_to(file: Path, keyword: bytes) -> Path | None:
    try:
        content = read_bytes(file, follow=False, limit=_LIMIT)
    except ReadError:  # not there, or not such a file: then there is nothing to point
        return None
    target = content.removeprefix(keyword).strip()
    # On Windows, opening //server/share/... would tell that server who the user is.
    if not content.startswith(keyword) or b"\0" in target or target.startswith((b"//", b"\\\\")):
        return None
    return file.parent / os.fsdecode(target)
