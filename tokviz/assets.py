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

from tokviz import system_errors
from tokviz.language import N_, _, gettext, pgettext
from tokviz.lists import either

_PACKAGE = Path(__file__).resolve().parent
_WHERE = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>.*)`)?")
_COMPLAINTS = (
    (re.compile(r"Object contains unknown field `(?P<last>.*)`"), N_("unknown key “{key}”"), ""),
    (re.compile(r"Object missing required field `(?P<last>.*)`"), N_("it lacks “{key}”"), ""),
    (re.compile(r"Expected `str` of length >= 1"), N_("“{key}” is empty"), N_("it is empty")),
    (
        re.compile(r"Expected `array` of length >= (?P<least>.*)"),
        N_("“{key}” must have at least {least} entries"),
        N_("it must have at least {least} entries"),
    ),
    (
        re.compile(r"Expected `str` matching regex '(?P<pattern>.*)'"),
        N_("“{key}” must be written as {pattern}"),
        N_("it must be written as {pattern}"),
    ),
    (
        re.compile(r"Expected `(?P<kind>.*?)` >= (?P<least>.*)"),
        # Translators: {kind} is such as “a whole number”.
        N_("“{key}” must be {kind} of at least {least}"),
        N_("it must be {kind} of at least {least}"),
    ),
    (
        re.compile(r"Expected `(?P<kind>.*?)`, got `(?P<other>.*)`"),
        # Translators: {kind} and {other} are such as “a whole number” or “text”.
        N_("“{key}” must be {kind}, not {other}"),
        N_("it must be {kind}, not {other}"),
    ),
    (
        re.compile(r"Invalid enum value (?P<value>.*)"),
        N_("“{key}” has the unknown value {value}"),
        N_("it has the unknown value {value}"),
    ),
)
"""What msgspec says, and what a person is told of a key and of a whole row; ``last`` ends the key."""
_TYPES = {
    "int": _("a whole number"),
    "float": _("a number"),
    "decimal": _("an amount"),
    "str": pgettext("what a value is", "text"),
    "bool": _("true or false"),
    "date": _("a date"),
    "datetime": _("a date with a time"),
    "array": _("a list"),
    "object": _("a table"),
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

    def __init__(self, sentence: str, what: str = "", key: str = "") -> None:
        """``what``: the same without file, row and full stop. ``key``: which is meant, if one is."""
        super().__init__(sentence)
        self.what = what
        self.key = key


def _text_of(path: Path) -> str:
    """What a file holds; OSError where it is none: a pipe would be waited for, and a device read for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, _("it is no regular file"), str(path))
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
            reason = system_errors.words(error)
            raise DataFileError(
                _("{file} cannot be read: {reason}.", file=path, reason=reason),
                _("cannot be read: {reason}", reason=reason),
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DataFileError(
                _("{file} is not valid TOML: {error}.", file=path, error=error),
                # Translators: “models.toml, line 3: is not valid TOML: …”
                _("is not valid TOML: {error}", error=error),
            ) from error
        if keys and (unknown := self.contents.keys() - keys):
            self.fail("", _("unknown key “{key}”", key=min(unknown)), min(unknown))

    def fail(self, row: str, what: str, key: str = "") -> NoReturn:
        """Say what is wrong, in which row (empty: in none), and with which key, if it is one's fault."""
        raise DataFileError(f"{': '.join(filter(None, (self.name, row, what)))}.", what, key)

    def rows(self, key: str) -> dict[str, Any]:
        """The rows of the list ``key``, by how each is called in a sentence: number and id."""
        rows = self.contents.get(key, [])
        if not isinstance(rows, list):
            self.fail("", _("“{key}” must be a list", key=key), key)
        names = (row.get("id", row.get("language", "")) if isinstance(row, dict) else "" for row in rows)
        return {
            _("row {row} ({name})", row=number, name=name) if name else _("row {row}", row=number): row
            for number, (name, row) in enumerate(zip(names, rows, strict=True), 1)
        }

    def table(self, key: str, schema: type[T], names: Collection[str] = ()) -> dict[str, T]:
        """The rows of the table ``key`` by their names, each as what ``schema`` says. ``names``: these and no
        others, if any are given."""
        rows = self.contents.get(key, {})
        if not isinstance(rows, dict):
            self.fail("", _("“{key}” must be a table", key=key), key)
        for name in sorted(rows.keys() ^ set(names)) if names else ():
            lacks = _("it lacks “{key}”", key=name) if name in names else ""
            self.fail(key, lacks or _("unknown key “{key}”", key=name), name)
        return {name: self.read(f"{key}.{name}", row, schema) for name, row in rows.items()}

    def read(self, row: str, value: object, schema: type[T]) -> T:
        """``value``, which stands in ``row``, as what ``schema`` says."""
        try:
            # Without the two, texts would pass for dates and amounts.
            return msgspec.convert(value, schema, builtin_types=(Decimal, date))
        except msgspec.ValidationError as error:
            self.fail(row, *_told(str(error)))


def _told(error: str) -> tuple[str, str]:
    """msgspec's message in the words of somebody who edits the file, and the key."""
    parts = _WHERE.fullmatch(error)
    what, path = (parts["what"], parts["path"] or "") if parts else (error, "")
    place = path.removeprefix("$").removeprefix(".").replace("[...]", "")
    for pattern, of_key, of_row in _COMPLAINTS:
        if found := pattern.fullmatch(what):
            values = found.groupdict()
            key = ".".join(filter(None, (place, values.pop("last", ""))))
            values |= {name: _in_words(values[name]) for name in ("kind", "other") if name in values}
            return gettext(of_key if key else of_row, key=key, **values), key
    return (f"“{place}”: {what}" if place else what), place


def _in_words(types: str) -> str:
    kinds = [kind for kind in types.split(" | ") if kind != "null"]
    return either(_TYPES.get(kind, kind) for kind in kinds)
