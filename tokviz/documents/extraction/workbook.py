"""Excel workbooks (XLSX), by python-calamine: sheet by sheet, rows of cells parted by tabs."""

import io
import re
from datetime import date, datetime, time, timedelta

from tokviz.documents.extraction.output import (
    FORMAT,
    DocumentError,
    Output,
    Units,
    damaged,
    encrypted,
    one_line,
)
from tokviz.documents.extraction.package import Package
from tokviz.language import _
from tokviz.language import number as in_signs

_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>')
_MOST_CELLS = 20_000_000
"""Cells of the rectangle that a sheet spans: the library holds them all, empty ones too."""
_MOST_SHEETS = 1_000


def extract(data: bytes, output: Output) -> Units:
    """The values that the cells show, as the program that wrote them last worked them out."""
    import python_calamine  # nobody else needs it

    package = Package(data)
    for name in package.names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _check_span(package.read(name))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names[:_MOST_SHEETS]
        empty = 0
        for name in names:
            before = output.length
            _write(book.get_sheet_by_name(name), name, output)
            empty += output.length == before
    except python_calamine.PasswordError as error:
        raise encrypted() from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    return Units(len(names), empty)


def _check_span(sheet: bytes) -> None:
    """DocumentError if its cells lie too far apart to be held: A1 and XFD1048576 span 17 billion."""
    columns = rows = 0
    for match in _CELL.finditer(sheet):
        if match[0].endswith(b"/>"):  # it has a style and no value
            continue
        columns = max(columns, _column(match[1]))
        rows = max(rows, int(match[2]))
    if columns * rows > _MOST_CELLS:
        cells = in_signs(columns * rows)
        raise DocumentError(
            _("the {format} has a sheet that spans {cells} cells", format=FORMAT, cells=cells)
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _write(sheet: object, name: str, output: Output) -> None:
    headed = False
    for row in sheet.iter_rows():  # type: ignore[attr-defined]
        cells = [_shown(value) for value in row]
        if any(cells):
            if not headed:
                output.heading(name, 1)
                headed = True
            output.row(cells)
    output.part()


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.15g}"  # as many digits as Excel keeps
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ")
        case date() | time() | timedelta():
            return str(value)
    return one_line(str(value))
