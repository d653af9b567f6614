"""Keys and passwords in files, by what their makers say they look like: ``resources/catalog/secrets.toml``.

Found ones are told, and nothing is done with them: what is a secret, only its owner knows.
"""

import base64
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise
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
_RANDOM_BITS, _RANDOM_TURNS = 2.9, 0.3
"""What random letters of ten places or more have at least: entropy, and the share of places where a letter is
followed by one of another kind (small, capital, digit, sign). Of random base64 and hex, 98 % have as much; of
names and words with a number behind them, few."""
_EXAMPLE = re.compile(
    rb"(?i)example|sample|dummy|fake|placeholder|change[_-]?(?:me|it)|your|insert|replace|todo|redacted|xxxx|\*\*\*"
    rb"|\.\.\."
    rb"|^(?:(?:my|the|some|db|app|user|super|top|admin|secret|bogus|wrong|incorrect|invalid|bad|new|old|plain(?:text)?)"
    rb"[_-]?)*(?:pass(?:\+|%\w\w)?word|passwd|pass|pw|secret|username|passphrase|user|test|testing|token|key|login)s?(?:%20)?\d*(?:pass)?$"
    rb"|^(?:null|none|true|false|string|foo|bar|foobar|root|admin|default|postgres|guest|hunter2?|tiger|required"
    rb"|optional|always|never)\d*$"
    rb"|^[a-z]{1,6}$|^[\d.]{1,10}$|(?-i:^(?:[a-z]+(?:[_-][a-z]+)+|[A-Z]+(?:_[A-Z]+)+)$)"
    rb"|^(?:pbkdf2_\w+|bcrypt\w*|argon2\w*|scrypt|md5|sha\d*)\$|^\$\w{1,10}\$"
    rb"|^\$\w+$|^%\w+%$|^@\w+@$|^[$%]?\{.*\}+$|^[$]?\(.*\)$|^[$]?\[.*\]$|^<.*>$|\{\{|\$\{|\$\("
    rb"|^(?:os\.|env\b|process\.|vault:|file:|\||!\w+$)"
    rb"|^\.{0,2}/(?:[\w.-]+/)*[\w-]+\.\w{2,5}$|^/(?:run|etc|var|home|usr|opt|tmp|srv|mnt|path|app|secrets?|root|Users)/"
)
"""A value that stands for one, or is the hash of one: no secret."""
_NOT_RANDOM = re.compile(
    rb"(?i)s[e3]cret|p[a4]ss|token|t[e3]st|demo|admin|user|hello|schema|access|client|^\.{0,2}/|://"
    rb"|[a-z]{4,}\.[a-z]{4,}|^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$|^[a-z]+(?:[.:_-][a-z]*\d*)*$|^[\d\W_]+$"
)
"""A value with a word in it, a path, an address, a UUID, or a name with numbers."""
_NAMES_NONE = re.compile(rb"(?i)public|csrf|max|next|page|cursor|sync")
"""Names of keys and tokens that are none of anybody's."""
_EXAMPLE_HOST = re.compile(
    rb"(?i)@(?:[\w-]+\.)*(?:example(?:\.\w+)?|\w+\.(?:example|invalid|test)|host(?:name)?)$"
)
"""An address with a password, of a machine that only stands for one (RFC 2606)."""


class SecretKind(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the table."""

    name: _Text
    marks: Annotated[list[_Text], Meta(min_length=1)]
    pattern: _Text
    source: _Text
    files: list[_Text] = []
    random: bool = False
    """Whether only what looks random is one, where its place says too little."""
    pair: bool = False
    """Whether it is base64 of a name and a password, which is looked at."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that looks like a key or a password."""

    path: str
    line: int
    """From 1."""
    kind: str
    shortened: bool = False
    """Whether the line is one of the file's shortened text."""

    def __str__(self) -> str:
        file = gettext(_OWN_TEXT) if self.path == _OWN_TEXT else self.path
        if self.shortened:
            return _(
                "{file}, line {line} of its shortened text: {what}",
                file=file,
                line=self.line,
                what=gettext(self.kind),
            )
        return _("{file}, line {line}: {what}", file=file, line=self.line, what=gettext(self.kind))


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
        self._marked: dict[int, list[int]] = {}
        """By the number of a mark in ``_marks``, the kinds that have it."""
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        self._marks = re2.Set.SearchSet(options)
        """All marks at once: twenty times as fast as one after the other."""
        numbers: dict[str, int] = {}
        for number, kind in enumerate(self._kinds):
            for mark in kind.row.marks:
                if mark not in numbers:
                    numbers[mark] = self._marks.Add(re2.escape(mark.encode()))
                self._marked.setdefault(numbers[mark], []).append(number)
        self._marks.Compile()

    @property
    def kinds(self) -> Sequence[SecretKind]:
        """The rows of the table."""
        return [kind.row for kind in self._kinds]

    def find(self, path: str, text: bytes) -> list[Secret]:
        """What looks like a secret in a file's ``text`` (UTF-8), each place once, in its order."""
        found: dict[int, str] = {}
        marks: Iterable[int] = (self._marks.Match(text) or ()) if text else ()
        for number in sorted({number for mark in marks for number in self._marked[mark]}):
            kind = self._kinds[number]
            line, counted = 1, 0
            for match in kind.matches(path, text):
                start = match.start(match.lastindex or 0)
                line += text.count(b"\n", counted, start)  # of no part of the text twice
                counted = start
                if line not in found and kind.is_secret(text, match):
                    found[line] = kind.row.name
        return [Secret(path, line, name) for line, name in sorted(found.items())]


def searched(
    layout: PackLayout, files: Iterable[PackedFile], finder: SecretFinder, found: list[Secret]
) -> Iterator[PackedFile]:
    """The files as they come; what looks like a secret in the user's own text and in them is added to
    ``found``."""
    found += finder.find(_OWN_TEXT, layout.before + layout.after)
    for file in files:
        here = finder.find(file.path, file.text)
        found += [replace(secret, shortened=True) for secret in here] if file.shortened else here
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

    @cached_property
    def _pattern(self) -> "re2._Regexp[bytes]":
        return re2.compile(self.row.pattern.encode())

    def matches(self, path: str, text: bytes) -> "Iterator[re2._Match[bytes]]":
        """What the pattern finds; the key is the group that matched, for no pattern has one in another."""
        name = path.rpartition("/")[2]
        if not self.row.files or any(fnmatchcase(name, glob) for glob in self.row.files):
            yield from self._pattern.finditer(text)

    def is_secret(self, text: bytes, match: "re2._Match[bytes]") -> bool:
        """Whether what was found is more than an example of one."""
        group = match.lastindex or 0
        value = match.group(group)
        if self.row.random and not looks_random(value):
            return False
        if self.row.random and _NAMES_NONE.search(text, match.start(), match.start(group)):
            return False
        judged = _password_of(value) if self.row.pair else value
        return not is_placeholder(judged) and not _EXAMPLE_HOST.search(match.group())


def _password_of(pair: bytes) -> bytes:
    """The password of base64 of a name and a password; what is none, as it is."""
    try:
        name, colon, password = base64.b64decode(pair + b"=" * (-len(pair) % 4), validate=True).partition(
            b":"
        )
    except ValueError:
        return pair
    return password if name and colon and password.isascii() else pair


def is_placeholder(value: bytes) -> bool:
    """Whether a value is an example, a variable or a word rather than a secret."""
    return bool(_EXAMPLE.search(value)) or _bits(value) < _LEAST_BITS


def looks_random(value: bytes) -> bool:
    """Whether a value is no word, name or path."""
    kinds = [_kind_of(letter) for letter in value]
    turns = sum(first != second for first, second in pairwise(kinds))
    return (
        _DIGIT in kinds
        and len(set(kinds)) > 1
        and turns >= _RANDOM_TURNS * (len(value) - 1)
        and _bits(value) >= _RANDOM_BITS
        and not _NOT_RANDOM.search(value)
    )


_DIGIT, _SMALL, _CAPITAL, _SIGN = range(4)


def _kind_of(letter: int) -> int:
    if 0x30 <= letter <= 0x39:
        return _DIGIT
    if 0x61 <= letter <= 0x7A:
        return _SMALL
    return _CAPITAL if 0x41 <= letter <= 0x5A else _SIGN


def _bits(value: bytes) -> float:
    """Entropy in bits a letter."""
    total = len(value)
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values())
