"""What a repository's ``.gitattributes`` say of its files: generated, vendored, documentation.

The attributes are those of GitHub's linguist. The files are read as data, wherever they lie in the tree;
git is not asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from tokviz.documents.reading import ReadError, read_blocks
from tokviz.documents.tree.globs import Glob, NeverMatchesError, parse_glob
from tokviz.documents.tree.ignore_rules import Decider, Placed, Rule, RuleSet

NAME = ".gitattributes"
_LARGEST = 1 << 20
"""Bytes of such a file that are read; git itself ignores those over 100 MB."""


class Attribute(StrEnum):
    """What may be said of a file."""

    GENERATED = "linguist-generated"
    VENDORED = "linguist-vendored"
    DOCUMENTATION = "linguist-documentation"


class GitAttributes:
    """All ``.gitattributes`` of a tree: by the folder that each lies in, its rules."""

    def __init__(self, rules: Mapping[str, Mapping[Attribute, RuleSet]]) -> None:
        self._rules = rules
        self._deciders: dict[str, dict[Attribute, Decider]] = {}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def of(self, path: str) -> dict[Attribute, bool]:
        """What is said of the file at ``path`` (from the tree's root): set or unset."""
        encoded = path.encode("utf-8", "surrogateescape")
        folder, _, name = path.rpartition("/")
        deciders = self._in(folder)
        name_of = name.encode("utf-8", "surrogateescape")
        rules = {one: decider.match(encoded, name_of, folder=False) for one, decider in deciders.items()}
        return {one: not rule.negated for one, rule in rules.items() if rule}

    def _in(self, folder: str) -> dict[Attribute, Decider]:
        """What decides about the files in a folder: the rules of those that it lies in, then its own."""
        if folder not in self._deciders:
            parts = folder.split("/") if folder else []
            above = ["", *("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))]
            placed: dict[Attribute, list[Placed]] = {}
            for outer in above:
                inside = f"{outer}/".encode("utf-8", "surrogateescape") if outer else b""
                for attribute, rules in self._rules.get(outer, {}).items():
                    placed.setdefault(attribute, []).append(Placed(rules, inside=inside))
            self._deciders[folder] = {attribute: Decider(each) for attribute, each in placed.items()}
        return self._deciders[folder]


def read_attributes(root: Path, folders: Iterable[str]) -> GitAttributes:
    """Read the ``.gitattributes`` in ``root`` and in its ``folders`` (paths from it)."""
    rules: dict[str, Mapping[Attribute, RuleSet]] = {}
    for folder in ("", *folders):
        name = f"{folder}/{NAME}" if folder else NAME
        if found := _parse(_read(root / name), name):
            rules[folder] = found
    return GitAttributes(rules)


def _read(path: Path) -> bytes:
    """Empty if there is none, or none that is a plain file: a pipe would be waited for."""
    try:
        return next(read_blocks(path, _LARGEST), b"")
    except ReadError:
        return b""


def _parse(text: bytes, source: str) -> dict[Attribute, RuleSet]:
    found: dict[Attribute, list[tuple[Rule, Glob]]] = {}
    for number, line in enumerate(text.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        pattern, *attributes = line.split() or [b"#"]
        if pattern.startswith((b"#", b"!", b"[attr]")):
            continue
        try:
            glob = parse_glob(pattern.strip(b'"'))
        except NeverMatchesError:
            continue
        for attribute, on in _said(attributes):
            rule = Rule(source, number, pattern.decode("utf-8", "replace"), not on)
            found.setdefault(attribute, []).append((rule, glob))
    return {attribute: RuleSet(rules) for attribute, rules in found.items()}


def _said(attributes: Iterable[bytes]) -> Iterator[tuple[Attribute, bool]]:
    for word in attributes:
        unset = word.startswith((b"-", b"!"))
        name, _, value = word.removeprefix(b"-").removeprefix(b"!").partition(b"=")
        text = name.decode("utf-8", "replace")
        if text in set(Attribute):
            yield Attribute(text), not unset and value.lower() not in (b"false", b"0", b"no")
