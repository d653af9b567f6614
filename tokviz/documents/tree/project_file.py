"""What a project says of how it is counted: ``tokviz.toml`` in its folder, or ``[tool.tokviz]`` of
pyproject.toml.

It is read only as data, from the opened folder itself. A mistake is told with its line and key, and the rest
is used: whoever counts a stranger's tree must neither be stopped nor ruled by it.
"""

import re
from collections.abc import Callable, Mapping
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
        lists = {
            "pattern": (*self.include, *self.exclude),
            "pattern kept": self.keep,
            "model": self.models,
            "tokenizer": self.tokenizers,
            "shortening": self.shorten,
            "budget": self.budgets,
        }
        parts = [f"{len(found)} {_plural(what, len(found))}" for what, found in lists.items() if found]
        toggles = {
            "ignore files": self.ignore_files,
            "hidden files": self.hidden,
            "documents": self.documents,
        }
        parts += [f"{'with' if on else 'without'} {what}" for what, on in toggles.items() if on is not None]
        return f"{self.name} is applied: {', '.join(parts) or 'it says nothing'}"


def read_project_file(folder: Path) -> ProjectFile | None:
    """What ``folder`` itself says; None if it says nothing."""
    for file, table, wanted in ((OWN, "", b""), (SHARED, _TABLE, b"tokviz")):
        try:
            data = read_bytes(folder / file, follow=False, limit=_LARGEST)
        except ReadError as error:
            if (folder / file).exists() and file == OWN:
                return ProjectFile(OWN, problems=(str(error),))
            continue
        if wanted not in data:
            continue
        try:
            text = data.decode("utf-8-sig")
            found = TomlFile(folder / file, text=text)
        except (DataFileError, UnicodeDecodeError) as error:
            return ProjectFile(file, problems=(_not_toml(file, str(error)),))
        except RecursionError:
            return ProjectFile(file, problems=(f"{file} is nested too deeply.",))
        keys = _table(found.contents, table)
        if keys is not None:
            return _Reader(folder, found, text, keys, table).read()
    return None


def _not_toml(file: str, reason: str) -> str:
    return f"{file} is not used: {reason.partition(': ')[2] or reason}"


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
        name = f"[{self._table}] in {self._file.name}" if self._table else self._file.name
        if not isinstance(self._keys, dict):
            return ProjectFile(name, problems=(f"{self._file.name}: “{self._table}” must be a table.",))
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
        row = f"line {self._line(self._table, key)}"
        return self._tried(lambda: self._file.read(row, {key: value}, _Keys))

    def _budgets(self, value: object) -> dict[str, int]:
        table = f"{self._table}.{_BUDGETS}".removeprefix(".")
        if not isinstance(value, dict):
            row = f"line {self._line(self._table, _BUDGETS)}"
            self._tried(lambda: self._file.fail(row, f"“{_BUDGETS}” must be a table"))
            return {}
        budgets = {}
        for pattern, tokens in value.items():
            row = f"line {self._line(table, pattern)}: {_BUDGETS}: {pattern}"
            found = self._tried(partial(self._file.read, row, {"tokens": tokens}, _Budget))
            if found is not None and self._matches(_BUDGETS, _from_root(pattern), table):
                budgets[_from_root(pattern)] = found.tokens
        return budgets

    def _tried(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except DataFileError as error:
            self._problems.append(str(error).replace(": line ", ", line ", 1))
            return None

    def _matches(self, key: str, pattern: str, table: str | None = None) -> bool:
        """Whether a pattern can match anything; if not, that is a problem."""
        try:
            # Only what belongs to the tree may be written as people write it for other tools.
            option_rules([pattern], key, self._folder if key in ("include", "exclude") else None)
        except ValueError as error:
            line = self._line(self._table if table is None else table, pattern if table else key)
            self._problems.append(f"{self._file.name}, line {line}: {error}")
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


def _plural(what: str, number: int) -> str:
    head, _, tail = what.partition(" ")
    return " ".join(filter(None, (head if number == 1 else f"{head}s", tail)))
