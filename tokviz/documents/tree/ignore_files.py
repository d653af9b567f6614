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
from tokviz.documents.tree.git_process import settings_places
from tokviz.documents.tree.git_repository import Repository, find_repository
from tokviz.documents.tree.ignore_rules import Decider, Placed, Rule, RuleSet, parse_rules
from tokviz.language import _

IGNORE_FILES = (b".tokvizignore", b".ignore", b".gitignore")
"""The names looked for in every folder, strongest first."""
_GIT, _EXCLUDE, _GLOBAL = 2, 3, 4
_LOOKED_FOR = frozenset((*IGNORE_FILES, b".git"))
_NOT_OF_GIT = (".tokvizignore", ".ignore")
_LIMIT = 1 << 20
"""An ignore file with more bytes than this is not one."""


class FolderRules:
    """All rules that speak about what lies in one folder."""

    def __init__(
        self,
        kinds: tuple[tuple[Placed, ...], ...] = ((), (), (), (), ()),
        repository: "RepositoryAt | None" = None,
    ) -> None:
        self._kinds = kinds
        """By kind from strongest to weakest, in each from the farthest file to the nearest."""
        self.repository = repository
        """The one that the folder lies in."""
        self._decider = Decider([placed for files in reversed(kinds) for placed in files])
        self.match = self._decider.match
        self.spoken_of = self._decider.spoken_of

    def nearer(self, kind: int, placed: Placed) -> "FolderRules":
        """These rules and a nearer file's."""
        kinds = list(self._kinds)
        kinds[kind] = (*kinds[kind], placed)
        return FolderRules(tuple(kinds), self.repository)

    def in_repository(self, repository: "RepositoryAt | None") -> "FolderRules":
        """These rules without git's kinds, in another repository."""
        return FolderRules((*self._kinds[:_GIT], (), (), ()), repository)

    def holds_tracked(self, path: bytes, rule: Rule) -> bool:
        """Whether git tracks what ``rule`` would leave out, or something in it: then it belongs to the tree.

        A rule of ``.ignore`` or ``.tokvizignore`` is none of git's, and leaves out what is tracked too.
        """
        if self.repository is None or rule.source.endswith(_NOT_OF_GIT):
            return False
        return self.repository.tracks(path)

    def is_other_work_tree(self, above: "FolderRules") -> bool:
        """Whether here begins a second work tree of the repository that the folder above lies in."""
        if self.repository is None or above.repository is None or self.repository is above.repository:
            return False
        here, there = self.repository.repository, above.repository.repository
        return os.path.realpath(here.common) == os.path.realpath(there.common)


@dataclass(frozen=True, slots=True)
class RepositoryAt:
    """A repository, and where its work tree lies as seen from the walk's root (as in ``Placed``)."""

    repository: Repository
    prefix: bytes
    inside: bytes

    def tracks(self, path: bytes) -> bool:
        """Whether the file at ``path`` from the walk's root is tracked, or any in that folder."""
        if not path.startswith(self.inside):
            return False
        return self.prefix + path[len(self.inside) :] in self.repository.tracked


class IgnoreFiles:
    """Reads ignore files as a walk comes to them. ``problems`` gathers what it could not read."""

    def __init__(self, root: Path, *, ignore_case: bool, environment: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self._root = root
        self._ignore_case = ignore_case
        self._environment = environment
        self._repositories: list[Repository] = []
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
            rules = self._enter_repository(rules, folder, at)
        ignore_case = self._ignore_case_in(rules.repository)
        for kind, name in enumerate(IGNORE_FILES):
            if name in names:
                path = folder / name.decode()
                if found := self._read(path, at.shown + name.decode(), ignore_case=ignore_case):
                    rules = rules.nearer(kind, at.put(found))
        return rules

    def _enter_repository(self, rules: FolderRules, folder: Path, at: "_FolderAt") -> FolderRules:
        repository = find_repository(folder, self._environment, self._root)
        around = RepositoryAt(repository, at.prefix, at.inside) if repository else None
        rules = rules.in_repository(around)
        if repository is None:
            return rules.nearer(_GLOBAL, at.put(self._global)) if self._global else rules
        ignore_case = self._ignore_case_in(around)
        everywhere = self._global
        if repository.excludes_file is not None:
            path = _expanded(repository.excludes_file, folder, self._environment)
            everywhere = self._read(path, str(path), follow=True, ignore_case=ignore_case) if path else None
        if everywhere:
            rules = rules.nearer(_GLOBAL, at.put(everywhere))
        exclude = repository.common / "info" / "exclude"
        if found := self._read(exclude, str(exclude), ignore_case=ignore_case):
            rules = rules.nearer(_EXCLUDE, at.put(found))
        self._repositories.append(repository)
        return rules

    def _ignore_case_in(self, around: RepositoryAt | None) -> bool:
        said = around.repository.ignore_case if around else None
        return self._ignore_case if said is None else said

    def take_problems(self) -> list[str]:
        """What could not be read since this was last asked."""
        problems = self.problems
        self.problems = []
        for repository in self._repositories:
            problems += repository.problems
            # One sentence is enough; the list stays, so that the repository adds no other.
            if repository.problems:
                self._repositories = [each for each in self._repositories if each is not repository]
        return problems

    def _read(
        self, path: Path, shown: str, *, follow: bool = False, ignore_case: bool | None = None
    ) -> RuleSet | None:
        # Git follows no link to an ignore file inside a repository either.
        try:
            text = read_bytes(path, follow=follow, limit=_LIMIT)
        except ReadError as error:
            if os.path.lexists(path):
                # Translators: {problem} is a sentence of its own
                self.problems.append(_("{problem} Its rules are not applied.", problem=error))
            return None
        case = self._ignore_case if ignore_case is None else ignore_case
        rules = parse_rules(text, shown, ignore_case=case)
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
    places = settings_places(environment)
    for file in places.files:
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
            value = "".join(
                re.sub(r"\\(.)", r"\1", quoted) or plain for quoted, _remark, plain in parts
            ).strip()
    return value


def _present(folder: Path) -> set[bytes]:
    return {name for name in _LOOKED_FOR if os.path.lexists(folder / name.decode())}


def _expanded(value: str, folder: Path, environment: Mapping[str, str]) -> Path | None:
    """A path of git's settings: ~ is the home, and a relative one begins at the work tree; None if empty."""
    if value.startswith("~/"):
        return Path(environment.get("HOME") or environment.get("USERPROFILE") or "/", value[2:])
    return folder / value if value else None
