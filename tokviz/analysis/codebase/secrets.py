"""Keys and passwords in files, by what their makers say they look like: ``resources/catalog/secrets.toml``.

Found ones are told, and nothing is done with them: what is a secret, only its owner knows.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated

import re2
from msgspec import Meta, Struct

from tokviz.analysis.codebase.packing import PackedFile, PackLayout
from tokviz.assets import Assets, TomlFile
from tokviz.language import N_, _, gettext, ngettext

_Text = Annotated[str, Meta(min_length=1)]
_OWN_TEXT = N_("your own text")
"""What secrets in it are told to be in."""
_LEAST_BITS = 2.0
"""Entropy of a value's letters, in bits a letter, under which it is a word or a filler such as ``xxxx``."""
_EXAMPLE = re.compile(
    rb"(?i)example|sample|dummy|fake|placeholder|change[_-]?me|your|insert|replace|todo|redacted|xxxx|\*\*\*|\.\.\."
    rb"|^(?:password|passwd|pass|secret|user|username|test|testing|null|none|true|false|string|foo|bar|root|admin"
    rb"|default|postgres|guest|hunter2?|required|optional|secrets?)\d*$"
    rb"|^[$%<{\[(]|[}>\])]$|\{\{|\$\{|^(?:os\.|env|process\.|file:|!|\||/)"
)
"""A value that stands for one: no secret."""


class SecretKind(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the table."""

    name: _Text
    marks: Annotated[list[_Text], Meta(min_length=1)]
    pattern: _Text
    source: _Text
    files: list[_Text] = []


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that looks like a key or a password."""

    path: str
    line: int
    """From 1."""
    kind: str

    def __str__(self) -> str:
        return _(
            "{file}, line {line}: {what}",
            file=gettext(_OWN_TEXT) if self.path == _OWN_TEXT else self.path,
            line=self.line,
            what=gettext(self.kind),
        )


class SecretFinder:
    """Searches texts; a pattern is compiled when it is first needed."""

    def __init__(self, assets: Assets) -> None:
        """DataFileError if the table is wrong."""
        file = TomlFile(assets.path("catalog", "secrets.toml"), ("secrets",))
        rows = file.contents.get("secrets", [])
        self._kinds = [
            _Searched(file.read(f"secrets {number}", row, SecretKind))  # verbatim
            for number, row in enumerate(rows, 1)
        ]

    @property
    def kinds(self) -> Sequence[SecretKind]:
        """The rows of the table."""
        return [kind.row for kind in self._kinds]

    def find(self, path: str, text: bytes) -> list[Secret]:
        """What looks like a secret in a file's ``text`` (UTF-8), each place once, in its order."""
        found: dict[int, str] = {}
        for kind in self._kinds:
            for start in kind.find(path, text):
                found.setdefault(text.count(b"\n", 0, start) + 1, kind.row.name)
        return [Secret(path, line, name) for line, name in sorted(found.items())]


def searched(
    layout: PackLayout, files: Iterable[PackedFile], finder: SecretFinder, found: list[Secret]
) -> Iterator[PackedFile]:
    """The files as they come; what looks like a secret in the user's own text and in them is added to
    ``found``."""
    found += finder.find(_OWN_TEXT, layout.before + layout.after)
    for file in files:
        found += finder.find(file.path, file.text)
        yield file


def told(secrets: Sequence[Secret], most: int = 10) -> list[str]:
    """In words, a line each: how many there are, and the first of them; nothing if there are none."""
    if not secrets:
        return []
    lines = [
        ngettext(
            "{n} place looks like a key or a password; look before you send them:",
            "{n} places look like a key or a password; look before you send them:",
            len(secrets),
        )
    ]
    lines += [f"  {secret}" for secret in secrets[:most]]
    if more := len(secrets) - most:
        lines += [f"  {ngettext('and {n} more', 'and {n} more', more)}"] if more > 0 else []
    return lines


class _Searched:
    def __init__(self, row: SecretKind) -> None:
        self.row = row
        self._marks = [mark.encode() for mark in row.marks]

    @cached_property
    def _pattern(self) -> "re2._Regexp[bytes]":
        return re2.compile(self.row.pattern.encode())

    @cached_property
    def _group(self) -> int:
        """The number of the group that is the key; 0 if the whole match is."""
        names = {name if isinstance(name, str) else name.decode() for name in self._pattern.groupindex}
        return 1 if "secret" in names else 0  # no pattern has another group

    def find(self, path: str, text: bytes) -> Iterator[int]:
        """The offsets at which a secret of this kind begins."""
        name = path.rpartition("/")[2]
        if self.row.files and not any(fnmatchcase(name, glob) for glob in self.row.files):
            return
        if not any(mark in text for mark in self._marks):
            return
        for match in self._pattern.finditer(text):
            # Where another alternative has matched than the one that names the key, all of it is the key.
            group = self._group if self._group and match.group(self._group) is not None else 0
            if not is_placeholder(match.group(group)):
                yield match.start(group)


def is_placeholder(value: bytes) -> bool:
    """Whether a value is an example, a variable or a word rather than a secret."""
    if _EXAMPLE.search(value):
        return True
    total = len(value)
    entropy = -sum(count / total * math.log2(count / total) for count in Counter(value).values())
    return entropy < _LEAST_BITS
