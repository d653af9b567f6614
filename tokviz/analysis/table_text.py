"""Tables and records as text to take away: CSV, Markdown and JSON."""

import csv
import json
from collections.abc import Collection, Iterable, Sequence
from types import SimpleNamespace

from tokviz.analysis.escaping import json_safe, table_cell


def csv_text(rows: Iterable[Sequence[object]], line_end: str = "\n") -> str:
    """Comma-separated values, quoted where they must be; a heading is a row like the others.

    A text that a spreadsheet would take for a formula gets a ' in front.
    """
    lines: list[str] = []
    # With both as line end, a cell with either is quoted.
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
    writer.writerows(map(table_cell, row) for row in rows)
    return "".join(line[:-2] + line_end for line in lines)


def markdown_table(headers: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int]) -> str:
    """A table in GitHub's Markdown; the columns ``numbers`` are aligned right."""
    rule = ["---:" if column in numbers else "---" for column in range(len(headers))]
    lines = [headers, rule, *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def json_text(record: object) -> str:
    """A record as people can read it too: indented, with letters of all scripts as they are."""
    return json_safe(json.dumps(record, indent=2, ensure_ascii=False)) + "\n"
