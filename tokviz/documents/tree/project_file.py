"""What a project says of how it is counted: ``tokviz.toml`` in its folder, or ``[tool.tokviz]`` of
pyproject.toml.

It is read only as data, from the opened folder itself. A mistake is told with its line and key, and the rest
is used: whoever counts a stranger's tree must neither be stopped nor ruled by it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

from tokviz.assets import DataFileError, TomlFile
from tokviz.documents.reading import ReadError, read_bytes
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.ignore_rules import option_rules
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.names import nearest

OWN, SHARED = "tokviz.toml", "pyproject.toml"
_TABLE = "tool.tokviz"
_LARGEST = 1 << 20
"""Bytes of a file that is read."""
_Texts = Annotated[list[Annotated[str, Meta(min_length=1, max_length=1000)]], Meta(max_length=1000)]
_PATTERNS = ("include", "exclude", "keep")
_BUDGETS = "budgets"
T = TypeVar("T")


class _Keys(Struct, frozen=True, forbid_unknown_fields=True):
    """All that may stand there, besides the table of budgets."""

    include: _Texts = []
    exclude: _Texts = []
    keep: _Texts = []
    models: _Texts = []
    tokenizers: _Texts = []
    ignore_files: bool | None = None
    hidden: bool | None = None
    documents: bool | None = None
    shorten: list[Shortening] = []


class _Budget(Struct, frozen=True):
    tokens: Annotated[int, Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A project's choices."""

    name: str
    """As it is called in sentences."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    """Patterns as in an ignore file at the root."""
    models: tuple[str, ...] = ()
    tokenizers: tuple[str, ...] = ()
    ignore_files: bool | None = None
    hidden: bool | None = None
    documents: bool | None = None
    """Read documents as the text that they hold."""
    shorten: tuple[Shortening, ...] = ()
    budgets: Mapping[str, int] = field(default_factory=dict)
    """The most tokens of what a pattern matches."""
    problems: tuple[str, ...] = ()
    """A sentence for each mistake."""
    read: bool = True
    """Whether it could be read at all."""

    def applied(self, options: WalkOptions) -> WalkOptions:
        """The options with what the project says; patterns to include that are asked for stand instead of its
        own."""
        reading = replace(
            options.reading,
            shortened=options.reading.shortened | set(self.shorten),
            document_text=options.reading.document_text or bool(self.documents),
        )
        return replace(
            options,
            include=options.include or self.include,
            exclude=(*self.exclude, *options.exclude),
            hidden=options.hidden or bool(self.hidden),
            respect_ignore_files=options.respect_ignore_files and self.ignore_files is not False,
            reading=reading,
        )

    def __str__(self) -> str:
        """What is applied, in a few words."""
        if not self.read:
            return _("{file} is not applied", file=self.name)
        parts = [*self._lists(), *self._toggles()]
        if not parts:
            return _("{file} is applied: it says nothing", file=self.name)
        # Translators: {what} is such as “2 patterns, 1 model, without hidden files”
        return _("{file} is applied: {what}", file=self.name, what=listed(parts))

    def _lists(self) -> Iterator[str]:
        if number := len(self.include) + len(self.exclude):
            yield ngettext("{n} pattern", "{n} patterns", number)
        if number := len(self.keep):
            yield ngettext("{n} pattern kept", "{n} patterns kept", number)
        if number := len(self.models):
            yield ngettext("{n} model", "{n} models", number)
        if number := len(self.tokenizers):
            yield ngettext("{n} tokenizer", "{n} tokenizers", number)
        if number := len(self.shorten):
            yield ngettext("{n} shortening", "{n} shortenings", number)
        if number := len(self.budgets):
            yield ngettext("{n} budget", "{n} budgets", number)

    def _toggles(self) -> Iterator[str]:
        if self.ignore_files is not None:
            yield _("with ignore files") if self.ignore_files else _("without ignore files")
        if self.hidden is not None:
            yield _("with hidden files") if self.hidden else _("without hidden files")
        if self.documents is not None:
            yield _("with documents") if self.documents else _("without documents")


def read_project_file(folder: Path) -> ProjectFile | None:
    """What ``folder`` itself says; None if it says nothing."""
    for file, table, wanted in ((OWN, "", b""), (SHARED, _TABLE, b"tokviz")):
        try:
            data = read_bytes(folder / file, follow=False, limit=_LARGEST)
        except ReadError as error:
            if (folder / file).exists() and file == OWN:
                return ProjectFile(OWN, problems=(str(error),), read=False)
            continue
        if wanted not in data:
            continue
        try:
            text = data.decode("utf-8-sig")
            found = TomlFile(folder / file, text=text)
        except DataFileError as error:
            return ProjectFile(file, problems=(_not_used(file, f"{error.__cause__}."),), read=False)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            why = _("line {line} is not UTF-8.", line=line)
            return ProjectFile(file, problems=(_not_used(file, why),), read=False)
        except RecursionError:
            problem = _("{file} is nested too deeply.", file=file)
            return ProjectFile(file, problems=(problem,), read=False)
        keys = _table(found.contents, table)
        if keys is not None:
            return _Reader(folder, found, text, keys, table).read()
    return None


def _not_used(file: str, why: str) -> str:
    return _("{file} is not used: {why}", file=file, why=why)


def _table(contents: Mapping[str, Any], name: str) -> Any:
    """What stands under a name with dots; the whole for an empty one; None if there is no such table."""
    found: Any = contents
    for part in filter(None, name.split(".")):
        found = found.get(part) if isinstance(found, dict) else None
    return found


class _Reader:
    """Reads key by key, so that one mistake costs one key."""

    def __init__(self, folder: Path, file: TomlFile, text: str, keys: Any, table: str) -> None:
        self._folder = folder
        self._file = file
        self._lines = text.splitlines()
        self._keys = keys
        self._table = table
        self._problems: list[str] = []

    def read(self) -> ProjectFile:
        values: dict[str, Any] = {}
        name, file = self._file.name, self._file.name
        if self._table:
            name = _("[{table}] in {file}", table=self._table, file=file)
        if not isinstance(self._keys, dict):
            problem = _("{file}: “{key}” must be a table.", file=file, key=self._table)
            return ProjectFile(name, problems=(problem,), read=False)
        for key, value in self._keys.items():
            if key == _BUDGETS:
                values[_BUDGETS] = self._budgets(value)
                continue
            found = self._read_key(key, value)
            if found is None and isinstance(value, list) and key in _Keys.__struct_fields__:
                # What is wrong is told; the other entries are used.
                rest = [one for one in value if _is_right(self._file, key, [one])]
                found = self._file.read("", {key: rest}, _Keys)
            if found is not None:
                read = getattr(found, key)
                values[key] = tuple(read) if isinstance(read, list) else read
        for key in _PATTERNS:
            if key in values:
                values[key] = tuple(one for one in map(_from_root, values[key]) if self._matches(key, one))
        return ProjectFile(name, **values, problems=tuple(self._problems))

    def _read_key(self, key: str, value: object) -> _Keys | None:
        row = self._row(self._table, key)
        known = (*_Keys.__struct_fields__, _BUDGETS)
        if key not in known and (near := nearest(key, known)):
            what = _("unknown key “{key}”; did you mean “{name}”?", key=key, name=near)
            self._problems.append(f"{self._file.name}, {row}: {what}")
            return None
        return self._tried(row, lambda: self._file.read(row, {key: value}, _Keys))

    def _row(self, table: str, key: str) -> str:
        return _("line {line}", line=self._line(table, key))

    def _budgets(self, value: object) -> dict[str, int]:
        table = f"{self._table}.{_BUDGETS}".removeprefix(".")
        if not isinstance(value, dict):
            row = self._row(self._table, _BUDGETS)
            self._tried(row, lambda: self._file.fail(row, _("“{key}” must be a table", key=_BUDGETS)))
            return {}
        budgets = {}
        for pattern, tokens in value.items():
            row = f"{self._row(table, pattern)}: {_BUDGETS}: {pattern}"
            found = self._tried(row, partial(self._file.read, row, {"tokens": tokens}, _Budget))
            if found is not None and self._matches(_BUDGETS, _from_root(pattern), table):
                budgets[_from_root(pattern)] = found.tokens
        return budgets

    def _tried(self, row: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except DataFileError as error:
            self._problems.append(f"{self._file.name}, {row}: {error.what}.")
            return None

    def _matches(self, key: str, pattern: str, table: str | None = None) -> bool:
        """Whether a pattern can match anything; if not, that is a problem."""
        try:
            # Only what belongs to the tree may be written as people write it for other tools.
            option_rules([pattern], key, self._folder if key in ("include", "exclude") else None)
        except ValueError as error:
            row = self._row(self._table if table is None else table, pattern if table else key)
            self._problems.append(f"{self._file.name}, {row}: {error}")
            return False
        return True

    def _line(self, table: str, key: str) -> int:
        """Where a key stands: the first line that looks so, from 1."""
        inside = not table
        quoted = re.escape(key)
        beginning = re.compile(rf"""\s*(?:{quoted}|"{quoted}"|'{quoted}')\s*[.=]""")
        headed = re.compile(rf"\s*\[\s*{re.escape(table)}\s*[.\]]")
        header = re.compile(r"\s*\[")
        for number, line in enumerate(self._lines, 1):
            if header.match(line):
                inside = bool(table and headed.match(line))
                if re.match(rf"\s*\[\s*{re.escape(f'{table}.{key}'.removeprefix('.'))}\s*\]", line):
                    return number
            elif inside and beginning.match(line):
                return number
        return 1


def _is_right(file: TomlFile, key: str, value: object) -> bool:
    try:
        file.read("", {key: value}, _Keys)
    except DataFileError:
        return False
    return True


def _from_root(pattern: str) -> str:
    """A pattern that begins in the current folder means the file's own."""
    return pattern.removeprefix(".") if pattern.startswith("./") else pattern
