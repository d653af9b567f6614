"""Excel workbooks (XLSX), by python-calamine: sheet by sheet, rows of cells parted by tabs."""

import io
import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta

from tokviz.documents.extraction.chart import write_charts
from tokviz.documents.extraction.flow import Flow
from tokviz.documents.extraction.output import (
    FORMAT,
    DocumentError,
    Output,
    Units,
    damaged,
    encrypted,
    one_line,
    whole_number,
)
from tokviz.documents.extraction.package import Package
from tokviz.documents.extraction.slides import Shapes
from tokviz.language import _
from tokviz.language import number as in_signs

_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>')
_ERROR = re.compile(rb'(<(?:\w+:)?c\s[^<>]*?\b)t="e"')
_STYLED = (
    rb'<((?:\w+:)?)c\s([^<>]*?\bs="(%s)"[^<>]*)>'
    rb"((?:<(?:\w+:)?f\b[^<>]*/>|<(?:\w+:)?f\b[^<>]*>[^<>]*</(?:\w+:)?f>)?)"
    rb"<(?:\w+:)?v>([^<>]*)</(?:\w+:)?v>"
)
"""A cell of one of some styles: its prefix, its attributes, its style, its formula and its value."""
_FEW = 50
"""Styles in percent up to which a cell is looked for by each of them: faster than to look at every cell."""
_TYPE = re.compile(rb'\bt="(?!n")')
"""That a cell's value is no number."""
_PERCENT_FORMATS = {9, 10}
"""The built-in ones, 0% and 0.00%."""
_NOT_SIGNS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
"""What stands in a number format as text, colour, space or filling."""
_MOST_CELLS = 20_000_000
"""Cells of the rectangle that a sheet spans: the library holds them all, empty ones too."""
_MOST_SHEETS = 1_000
_MOST_WHOLE = 1e21
"""Whole numbers below it are written with all their digits."""


def extract(data: bytes, output: Output) -> Units:
    """The values that the cells show, as the program that wrote them last worked them out."""
    package = Package(data)
    parts, hidden = _sheet_parts(package)
    percents = _percents(package)
    changed = {}
    for name in package.names:
        if name in parts.values() or (name.startswith("xl/worksheets/") and name.endswith(".xml")):
            sheet = package.read(name)
            _check_span(sheet)
            told = sheet
            if b't="e"' in sheet:  # of a value that is an error the library gives nothing
                told = _ERROR.sub(rb'\1t="str"', told)
            if percents:  # of formats it tells those of dates alone
                told = _with_percents(told, percents)
            if told is not sheet:
                changed[name] = told
    data = package.with_members(changed) if changed else data
    return _write_sheets(
        data, hidden, output, lambda name: _write_drawings(package, parts.get(name, ""), output)
    )


def extract_old(data: bytes, output: Output) -> Units:
    """The same of a workbook of before 2007 (XLS). A sheet of it has at most 16 million cells."""
    return _write_sheets(data, frozenset(), output, lambda _: None)


def _write_sheets(
    data: bytes, hidden: Collection[str], output: Output, write_more: Callable[[str], None]
) -> Units:
    """``write_more`` writes what else is on a sheet, by its name."""
    import python_calamine  # nobody else needs it

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = book.sheets_metadata[:_MOST_SHEETS]
        empty = 0
        for sheet in sheets:
            before = output.length
            seen = sheet.name not in hidden and sheet.visible is python_calamine.SheetVisibleEnum.Visible
            shown = sheet.name if seen else f"{sheet.name} (hidden)"  # verbatim
            _write(book.get_sheet_by_name(sheet.name), shown, output)
            write_more(sheet.name)
            empty += output.length == before
    except python_calamine.PasswordError as error:
        raise encrypted() from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    return Units(len(sheets), empty)


def _sheet_parts(package: Package) -> tuple[dict[str, str], set[str]]:
    """The member that each sheet is in, by the sheet's name, and which sheets the program does not show."""
    main = package.main_part("xl/workbook.xml")
    relations = package.relations(main)
    parts: dict[str, str] = {}
    hidden: set[str] = set()
    for element in package.elements(main):
        if element.tag == "sheet":
            name = element.attributes.get("name", "")
            parts[name] = relations.get(element.attributes.get("r:id", ""), ("", ""))[1]
            if element.attributes.get("state", "visible") != "visible":
                hidden.add(name)
    return parts, hidden


def _percents(package: Package) -> frozenset[bytes]:
    """The styles, as cells name them, whose numbers are shown in percent."""
    formats, styles, inside = set(_PERCENT_FORMATS), [], False
    kinds = dict(package.relations(package.main_part("xl/workbook.xml")).values())
    for element in package.elements(kinds.get("styles", "")):
        code = whole_number(element.attributes.get("numFmtId", ""), 5, -1)
        if element.tag == "numFmt" and code >= 0:
            first = _NOT_SIGNS.sub("", element.attributes.get("formatCode", "")).split(";")[0]
            (formats.add if "%" in first else formats.discard)(code)
        elif element.tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = element.tag == "cellXfs"
        elif element.tag == "xf" and inside:
            styles.append(code in formats)
    return frozenset(b"%d" % number for number, percent in enumerate(styles) if percent)


def _with_percents(sheet: bytes, percents: frozenset[bytes]) -> bytes:
    """A sheet in which cells of these styles are texts that say so many percent."""
    looked_for = b"|".join(percents) if len(percents) <= _FEW else rb"\d{1,6}"
    return re.sub(_STYLED % looked_for, lambda cell: _as_percent(cell, percents), sheet)


def _as_percent(cell: re.Match[bytes], percents: frozenset[bytes]) -> bytes:
    """A cell with the text that it shows, with all its digits, if it is a number in percent."""
    prefix, attributes, style, formula, value = cell.groups()
    if style not in percents or _TYPE.search(attributes):
        return cell[0]
    try:
        shown = f"{float(value) * 100:.15g}%"
    except ValueError:
        return cell[0]
    start = b'<%sc %s t="str">' % (prefix, attributes.replace(b't="n"', b""))
    return start + formula + b"<%sv>%s</%sv>" % (prefix, shown.encode(), prefix)


def _write_drawings(package: Package, part: str, output: Output) -> None:
    """What stands in boxes on a sheet, and the titles of its charts; their values stand in cells."""
    for path in package.related(part, "drawing") if part else ():
        Shapes(Flow(output)).read(package.events(path))
        write_charts(package, path, output, values=False)


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
            whole = value.is_integer() and abs(value) < _MOST_WHOLE
            return str(int(value)) if whole else f"{value:.15g}"  # as many digits as Excel keeps
        case datetime():
            value = _whole_seconds(value)
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case time():
            return _whole_seconds(datetime.combine(date(2000, 1, 1), value)).time().isoformat()
        case timedelta():  # as [h]:mm:ss
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case date():
            return str(value)
    return one_line(str(value))


def _whole_seconds(value: datetime) -> datetime:
    """As a cell shows it: what a time has beyond its seconds comes of how it was worked out."""
    try:
        return (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    except OverflowError:  # the last half second of all
        return value.replace(microsecond=0)
