"""The one door to the files that ship with tokviz: vocabularies, catalog, themes, icons, samples."""

import errno
import re
import stat
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec

_PACKAGE = Path(__file__).resolve().parent
_WHERE = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>.*)`)?")
_COMPLAINTS = (
    (re.compile(r"Object contains unknown field `(.*)`"), "unknown key “{key}”", True),
    (re.compile(r"Object missing required field `(.*)`"), "it lacks “{key}”", True),
    (re.compile(r"Expected `str` of length >= 1"), "“{key}” is empty", False),
    (re.compile(r"Expected `array` of length >= (.*)"), "“{key}” must have at least {0} entries", False),
    (re.compile(r"Expected `str` matching regex '(.*)'"), "“{key}” must be written as {0}", False),
    (re.compile(r"Expected `(.*?)` >= (.*)"), "“{key}” must be {0} of at least {1}", False),
    (re.compile(r"Expected `(.*?)`, got `(.*)`"), "“{key}” must be {0}, not {1}", False),
    (re.compile(r"Invalid enum value (.*)"), "“{key}” has the unknown value {0}", False),
)
"""What msgspec says, what a person is told, and whether the first group ends the key."""
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "decimal": "an amount",
    "str": "text",
    "bool": "true or false",
    "date": "a date",
    "datetime": "a date with a time",
    "array": "a list",
    "object": "a table",
}
T = TypeVar("T")


class Assets:
    """Finds the files under ``resources/``.

    A wheel carries them inside the package; an editable install leaves them beside it in the checkout,
    because hatchling's force-include copies nothing there. Tests pass a folder of their own.
    """

    def __init__(self, root: Path | None = None) -> None:
        packaged = _PACKAGE / "resources"
        self._root = root or (packaged if packaged.is_dir() else _PACKAGE.parent / "resources")

    def path(self, *parts: str) -> Path:
        """The path of one file or folder, such as ``path("catalog", "models.toml")``; it may not exist."""
        return self._root.joinpath(*parts)


class DataFileError(Exception):
    """A data file cannot be used. ``str()`` is one sentence that names file, row and key."""


def _text_of(path: Path) -> str:
    """What a file holds; OSError where it is none: a pipe would be waited for, and a device read for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return path.read_text("utf-8")


class TomlFile:
    """A data file, read and held against the classes (``msgspec.Struct``) that say what may be in it.

    Every method raises DataFileError. Amounts of money are ``Decimal``, exactly as written.
    """

    def __init__(self, path: Path, keys: Collection[str] = (), text: str | None = None) -> None:
        """``keys``: all that may stand at the top; none given, anything may. ``text``: what is to be written
        to the file, in place of what it holds."""
        self.name = path.name
        try:
            self.contents: Mapping[str, Any] = tomllib.loads(
                _text_of(path) if text is None else text, parse_float=Decimal
            )
        except OSError as error:
            raise DataFileError(f"{path} cannot be read: {error.strerror or error}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DataFileError(f"{path} is not valid TOML: {error}.") from error
        if keys and (unknown := self.contents.keys() - keys):
            self.fail("", f"unknown key “{min(unknown)}”")

    def fail(self, row: str, what: str) -> NoReturn:
        """Say what is wrong, and in which row (empty: in none)."""
        raise DataFileError(f"{': '.join(filter(None, (self.name, row, what)))}.")

    def rows(self, key: str) -> dict[str, Any]:
        """The rows of the list ``key``, by how each is called in a sentence: number and id."""
        rows = self.contents.get(key, [])
        if not isinstance(rows, list):
            self.fail("", f"“{key}” must be a list")
        names = (row.get("id", row.get("language", "")) if isinstance(row, dict) else "" for row in rows)
        return {
            f"row {number}{f' ({name})' if name else ''}": row
            for number, (name, row) in enumerate(zip(names, rows, strict=True), 1)
        }

    def table(self, key: str, schema: type[T], names: Collection[str] = ()) -> dict[str, T]:
        """The rows of the table ``key`` by their names, each as what ``schema`` says. ``names``: these and no
        others, if any are given."""
        rows = self.contents.get(key, {})
        if not isinstance(rows, dict):
            self.fail("", f"“{key}” must be a table")
        for name in sorted(rows.keys() ^ set(names)) if names else ():
            self.fail(key, f"it lacks “{name}”" if name in names else f"unknown key “{name}”")
        return {name: self.read(f"{key}.{name}", row, schema) for name, row in rows.items()}

    def read(self, row: str, value: object, schema: type[T]) -> T:
        """``value``, which stands in ``row``, as what ``schema`` says."""
        try:
            # Without the two, texts would pass for dates and amounts.
            return msgspec.convert(value, schema, builtin_types=(Decimal, date))
        except msgspec.ValidationError as error:
            self.fail(row, _told(str(error)))


def _told(error: str) -> str:
    """msgspec's message in the words of somebody who edits the file."""
    parts = _WHERE.fullmatch(error)
    what, path = (parts["what"], parts["path"] or "") if parts else (error, "")
    place = path.removeprefix("$").removeprefix(".").replace("[...]", "")
    for pattern, sentence, has_key in _COMPLAINTS:
        if found := pattern.fullmatch(what):
            key = ".".join(filter(None, (place, found[1]))) if has_key else place
            if not key:
                sentence = sentence.replace("“{key}”", "it")
            return sentence.format(*map(_in_words, found.groups()), key=key)
    return f"“{place}”: {what}" if place else what


def _in_words(types: str) -> str:
    kinds = [kind for kind in types.split(" | ") if kind != "null"]
    return " or ".join(_TYPES.get(kind, kind) for kind in kinds)
