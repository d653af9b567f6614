"""The rules of an ignore file, and which of many files' rules decides about a path."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tokviz.documents.tree.globs import Glob, NeverMatchesError, parse_glob
from tokviz.documents.tree.written_patterns import ways_to_mean
from tokviz.language import _

_PER_REGEX = 200
"""How many globs share one regular expression; compiling thousands at once would take seconds."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of an ignore file."""

    source: str
    """The file's path as shown, or the name of an option such as ``--exclude``."""
    line: int
    """Counted from 1; 0 for an option."""
    pattern: str
    negated: bool
    """It takes back in what a weaker rule leaves out."""

    def __str__(self) -> str:
        if self.line:
            return _("{file}, line {line}: {pattern}", file=self.source, line=self.line, pattern=self.pattern)
        return f"{self.source}: {self.pattern}"


_Match = Callable[[bytes], "re.Match[bytes] | None"]


@dataclass(frozen=True, slots=True)
class _Globs:
    """Globs tried at once: alternatives from the last rule to the first, so that the first hit decides."""

    fullmatch: _Match
    indices: list[int]
    anchored: bool
    among: "re.Pattern[bytes] | None"
    """Not anchored: finds the names that they match among names with a ``/`` between them."""
    above: _Match | None
    """Anchored: matches the folders of what they match; None where that may be anywhere."""


@dataclass(slots=True)
class _Table:
    """Globs by how they are found, each with the index of its rule: three look-ups, then expressions."""

    names: dict[bytes, int] = field(default_factory=dict)
    suffixes: dict[bytes, int] = field(default_factory=dict)
    paths: dict[bytes, int] = field(default_factory=dict)
    globs: list[_Globs] = field(default_factory=list)


class RuleSet:
    """The rules of one file, wherever it lies. The last that matches decides (git's order)."""

    def __init__(self, rules: Sequence[tuple[Rule, Glob]], *, ignore_case: bool = False) -> None:
        self.rules = [rule for rule, _glob in rules]
        self.ignore_case = ignore_case
        globs = [(index, glob) for index, (_rule, glob) in enumerate(rules)]
        self.for_folders = _table(globs, ignore_case)
        files = [(index, glob) for index, glob in globs if not glob.folders_only]
        self.for_files = self.for_folders if len(files) == len(globs) else _table(files, ignore_case)

    def __len__(self) -> int:
        return len(self.rules)


def parse_rules(text: bytes, source: str, *, ignore_case: bool = False) -> RuleSet:
    """The rules of an ignore file's content; what git finds malformed matches nothing, as in git."""
    rules: list[tuple[Rule, Glob]] = []
    for number, line in enumerate(text.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line or line.startswith(b"#"):
            continue
        pattern = _without_trailing_blanks(line.removesuffix(b"\r"))
        negated = pattern.startswith(b"!")
        try:
            glob = parse_glob(pattern[1:] if negated else pattern)
        except NeverMatchesError:
            continue
        rules.append((Rule(source, number, pattern.decode("utf-8", "replace"), negated), glob))
    return RuleSet(rules, ignore_case=ignore_case)


def option_rules(
    patterns: Iterable[str], option: str, root: Path | None = None, *, ignore_case: bool = False
) -> RuleSet:
    """Rules from the command line or the window, written as in an ignore file at the root of a walk.

    With ``root``, where that is, they may also be written as people write them for other tools, and a ``!``
    in front takes back. Raises ValueError, with one sentence, for a pattern that can match nothing.
    """
    rules: list[tuple[Rule, Glob]] = []
    for pattern in patterns:
        negated = root is not None and pattern.startswith("!")
        found: list[Glob] = []
        reason = ""
        for meant in ways_to_mean(pattern.removeprefix("!"), root) if root else [pattern]:
            try:
                found.append(parse_glob(meant.encode("utf-8", "surrogateescape")))
            except NeverMatchesError as error:
                reason = reason or str(error)
        if not found:
            raise ValueError(
                _(
                    "{option} {pattern}: the pattern matches nothing ({why}).",
                    option=option,
                    pattern=pattern,
                    why=reason,
                )
            )
        rules += [(Rule(option, 0, pattern, negated), glob) for glob in found]
    return RuleSet(rules, ignore_case=ignore_case)


def _without_trailing_blanks(line: bytes) -> bytes:
    end = len(line.rstrip(b" "))
    # The first of the blanks stands if an odd number of backslashes is in front of it.
    backslashes = end - len(line[:end].rstrip(b"\\"))
    return line[: end + 1] if backslashes % 2 else line[:end]


def _table(globs: Iterable[tuple[int, Glob]], ignore_case: bool) -> _Table:
    table = _Table()
    named: list[tuple[int, Glob]] = []
    anchored: list[tuple[int, Glob]] = []
    for index, glob in globs:
        if glob.literal is not None:
            literal = glob.literal.lower() if ignore_case else glob.literal
            (table.paths if glob.anchored else table.names)[literal] = index
        elif glob.suffix is not None:
            table.suffixes[glob.suffix.lower() if ignore_case else glob.suffix] = index
        else:
            (anchored if glob.anchored else named).append((index, glob))
    table.globs = [*_compile(named, ignore_case), *_compile(anchored, ignore_case)]
    return table


def _compile(globs: Sequence[tuple[int, Glob]], ignore_case: bool) -> list[_Globs]:
    """``globs`` are all anchored, or none is."""
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else re.NOFLAG)
    backwards = globs[::-1]
    compiled: list[_Globs] = []
    for start in range(0, len(backwards), _PER_REGEX):
        indices, part = zip(*backwards[start : start + _PER_REGEX], strict=True)
        regex = "|".join(f"({glob.regex})" for glob in part).encode("latin-1")
        anchored = part[0].anchored
        among = None if anchored else re.compile(b"(?<![^/])(?:%b)(?![^/])" % regex, flags)
        folders = [f"(?:{glob.above})".encode("latin-1") for glob in part if glob.above is not None]
        above = re.compile(b"|".join(folders), flags).fullmatch if len(folders) == len(part) else None
        fullmatch = re.compile(regex, flags).fullmatch
        compiled.append(_Globs(fullmatch, list(indices), anchored, among, above))
    return compiled


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule set where its file lies, as seen from the walk's root."""

    rules: RuleSet
    prefix: bytes = b""
    """The way from its folder down to the walk's root, where it lies above, with a ``/`` at the end."""
    inside: bytes = b""
    """The way from the walk's root to its folder, where it lies below, with a ``/`` at the end."""


_Ranked = tuple[int, Rule | None]
_NOTHING: _Ranked = (-1, None)


class Decider:
    """The rules of many files, merged so that a path costs little more than with one file.

    ``placed`` are the files from the weakest to the strongest.
    """

    def __init__(self, placed: Sequence[Placed]) -> None:
        self._fold = any(one.rules.ignore_case for one in placed)
        self._files = _Merged([(one, one.rules.for_files) for one in placed])
        self._folders = _Merged([(one, one.rules.for_folders) for one in placed])

    def match(self, path: bytes, name: bytes, *, folder: bool) -> Rule | None:
        """The rule that decides about ``path`` (from the walk's root, with ``/``; its last part is ``name``),
        or None. Rules about the folders above it are not looked at."""
        if self._fold:
            path, name = path.lower(), name.lower()
        return (self._folders if folder else self._files).match(path, name)

    def spoken_of(self, inside: bytes, names: Collection[bytes]) -> Collection[bytes]:
        """Those of the ``names`` in one folder that a rule may match, mostly none: asked for all of them at
        once. ``inside``: the folder's path with a ``/`` behind it, empty for the root."""
        return names if self._fold else self._folders.spoken_of(inside, names)


class _Merged:
    """Tables of several files as one; a rule's rank says how strong it is."""

    def __init__(self, tables: Sequence[tuple[Placed, _Table]]) -> None:
        self._names: dict[bytes, _Ranked] = {}
        self._suffixes: dict[bytes, _Ranked] = {}
        self._paths: dict[bytes, _Ranked] = {}
        self._globs: list[tuple[int, _Match, bool, Placed, list[_Ranked]]] = []
        self._tried: list[tuple[_Globs, Placed]] = []
        start = 0
        for placed, table in tables:
            ranked: list[_Ranked] = [(start + i, rule) for i, rule in enumerate(placed.rules.rules)]
            start += len(ranked)
            self._names.update({key: ranked[i] for key, i in table.names.items()})
            self._suffixes.update({key: ranked[i] for key, i in table.suffixes.items()})
            for literal, i in table.paths.items():
                if literal.startswith(placed.prefix):
                    self._paths[placed.inside + literal.removeprefix(placed.prefix)] = ranked[i]
            for globs in table.globs:
                ranks = [ranked[i] for i in globs.indices]
                self._globs.append((ranks[0][0], globs.fullmatch, globs.anchored, placed, ranks))
                self._tried.append((globs, placed))
        self._above = {path[: path.rfind(b"/") + 1] for path in self._paths}
        self._globs.sort(key=lambda globs: -globs[0])

    def match(self, path: bytes, name: bytes) -> Rule | None:
        # This runs for every file of a tree, and mostly finds nothing: no call that is not needed.
        best = self._names.get(name, _NOTHING)
        dot = name.rfind(b".")
        if dot >= 0 and (found := self._suffixes.get(name[dot:], _NOTHING))[0] > best[0]:
            best = found
        if self._paths and (found := self._paths.get(path, _NOTHING))[0] > best[0]:
            best = found
        for highest, fullmatch, anchored, placed, ranks in self._globs:
            if highest < best[0]:
                break
            subject = (placed.prefix + path[len(placed.inside) :]) if anchored else name
            if (hit := fullmatch(subject)) and (found := ranks[(hit.lastindex or 1) - 1])[0] > best[0]:
                best = found
        return best[1]

    def spoken_of(self, inside: bytes, names: Collection[bytes]) -> Collection[bytes]:
        """See ``Decider.spoken_of``."""
        found = self._names.keys() & names
        if self._suffixes:
            found.update(name for name in names if name[name.rfind(b".") :] in self._suffixes)
        if inside in self._above:
            found.update(name for name in names if inside + name in self._paths)
        joined = b"/".join(names)
        for globs, placed in self._tried:
            if globs.among:
                found.update(hit[0] for hit in globs.among.finditer(joined))
                continue
            above = placed.prefix + inside[len(placed.inside) :]
            if globs.above is None or globs.above(above):
                found.update(name for name in names if globs.fullmatch(above + name))
        return found
