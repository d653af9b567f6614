"""Forms that are tables: CSV, TSV and Markdown. A row is an object whose names are the columns' titles.

A cell is text. Where it spells a number as JSON does, ``true`` or ``false``, it is read as that.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from tokviz.analysis.forms.json_form import Note, write_minified
from tokviz.analysis.forms.values import (
    MOST_BYTES,
    FormError,
    Value,
    first_repeated,
    spelled,
    unspelled,
)
from tokviz.language import _, ngettext, number

Row: TypeAlias = Sequence[str]
COLUMN = "value"
"""The title of the column that a list of plain values makes."""
_MOST_CELLS = 4 * MOST_BYTES
"""A table has a cell for every title in every row, even if each row has names of its own."""
_LONGEST_TITLE = 80
_RULE = re.compile(r":?-+:?")
_CELL = re.compile(r"((?:[^\\|]|\\.?)*)(?:\||$)", re.DOTALL)


def table(value: Value) -> tuple[list[str], Iterator[Row]]:
    """The titles and rows that hold ``value``: its objects, or those of its one list; FormError if none."""
    rows = _rows(value)
    titles = list(dict.fromkeys(name for row in rows for name in row))
    if not titles:
        raise FormError(_("A table needs at least one row and one column."))
    if len(titles) * len(rows) > _MOST_CELLS:
        raise FormError(
            _(
                "A table of {columns} columns and {rows} rows would be nearly empty.",
                columns=number(len(titles)),
                rows=number(len(rows)),
            )
        )
    return titles, ([_text(row[name]) if name in row else "" for name in titles] for row in rows)


def _rows(value: Value) -> list[dict[str, Value]]:
    if isinstance(value, dict):
        inner = next(iter(value.values())) if len(value) == 1 else None
        rows = _objects(inner) if isinstance(inner, list) else []
        return rows or [value]
    if isinstance(value, list):
        return _objects(value) or [{COLUMN: item} for item in value]
    return [{COLUMN: value}]


def _objects(items: list[Value]) -> list[dict[str, Value]]:
    """The items, if all of them are objects; else none."""
    rows = [item for item in items if isinstance(item, dict)]
    return rows if len(rows) == len(items) else []


def _text(value: Value) -> str:
    if isinstance(value, list | dict):
        return write_minified(value)
    return "" if value is None else spelled(value)


def _value(titles: Row, rows: Iterable[Row]) -> Value:
    """A list of objects; FormError unless every row has a cell for every title."""
    if (twice := first_repeated(titles)) is not None:
        raise FormError(_("Two columns have the title “{title}”.", title=twice))
    objects: list[Value] = []
    for place, row in enumerate(rows, 1):
        if len(row) != len(titles):
            raise FormError(
                _(
                    "Row {row} has {cells}, and there are {titles}.",
                    row=place,
                    cells=ngettext("{n} cell", "{n} cells", len(row)),
                    titles=ngettext("{n} title", "{n} titles", len(titles)),
                )
            )
        objects.append({title: unspelled(cell) for title, cell in zip(titles, row, strict=True)})
    return objects


def write_separated(value: Value, separator: str) -> str:
    """Cells between separators, quoted where they must be."""
    special = re.compile(f'[{separator}"\r\n]')

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if special.search(cell) else cell

    titles, rows = table(value)
    lines = (separator.join(map(quoted, row)) for row in (titles, *rows))
    return "".join((line or '""') + "\n" for line in lines)  # an empty line would be no row


def read_separated(text: str, separator: str) -> Value:
    """A list of objects; FormError if rows differ in length."""
    csv.field_size_limit(MOST_BYTES)  # the module's own 128 KB is less than one cell may be
    try:
        found = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row]
    except csv.Error as error:
        raise FormError(_("The rows cannot be told apart: {reason}.", reason=error)) from None
    if not found:
        raise FormError(_("There is no row."))
    return _value(found[0], found[1:])


def recognize_separated(text: str) -> tuple[str, Value] | None:
    """What separates the cells of a text in which every row has as many, two or more, and the data; None for
    prose."""
    first = text.split("\n", 1)[0]
    for separator in sorted("\t,;", key=first.count, reverse=True):
        titles = first.strip().split(separator)
        if len(titles) > 1 and not any(_is_prose(title) for title in titles):
            try:
                value = read_separated(text, separator)
            except FormError:
                continue
            if value:
                return separator, value
    return None


def _is_prose(title: str) -> bool:
    """Whether a comma before it seems to be one of a sentence."""
    return title[:1].isspace() or not title.strip() or len(title) > _LONGEST_TITLE


def write_markdown(value: Value) -> str:
    """A table in GitHub's Markdown, without padding."""
    titles, rows = table(value)
    lines = (map(_escaped, titles), ["---"] * len(titles), *(map(_escaped, row) for row in rows))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def read_markdown(text: str, _note: Note) -> Value:
    """The objects of a text that is one Markdown table; FormError if it is not."""
    rows = [_cells(line) for line in text.strip().split("\n")]
    if len(rows) < 2 or not all(_RULE.fullmatch(cell) for cell in rows[1]) or len(rows[0]) != len(rows[1]):
        raise FormError(_("A Markdown table needs titles and, under them, a line such as | --- | --- |."))
    return _value(rows[0], rows[2:])


def _escaped(cell: str) -> str:
    return re.sub(r"\r\n|\n|\r", "<br>", cell.replace("|", "\\|"))


def _cells(line: str) -> list[str]:
    if "|" not in line:
        raise FormError(_("A line of a Markdown table holds a |."))
    inner = line.strip().removeprefix("|")
    cells = [found[1].strip() for found in _CELL.finditer(inner)]
    if cells and not cells[-1]:
        cells.pop()  # what stands after the last |
    return [cell.replace("\\|", "|").replace("<br>", "\n") for cell in cells]
