"""Tables for a terminal: aligned by the cells' true widths, and narrowed by leaving columns out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokviz.analysis.escaping import escaped
from tokviz.cli.cells import display_width, pad, wrapped

_GAP = 2
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    right: bool = False
    """Aligned to the right, as numbers are."""
    optional: int = 0
    """Where the table is too wide, the column with the highest number goes first; 0 always stays."""
    sparse: bool = False
    """It is left out where no row has anything in it."""


def render(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int, styled: bool = False
) -> list[str]:
    """The lines of a table of at most ``width`` columns, if its optional columns allow that."""
    rows = [[escaped(cell) for cell in row] for row in rows]
    widths = [
        max([display_width(column.title), *(display_width(row[i]) for row in rows)])
        for i, column in enumerate(columns)
    ]
    filled = {i for i in range(len(columns)) if any(row[i] for row in rows)}
    shown = [i for i, column in enumerate(columns) if i in filled or not column.sparse]
    while sum(widths[i] + _GAP for i in shown) - _GAP > width:
        last = max(shown, key=lambda i: columns[i].optional)
        if not columns[last].optional:
            break
        shown.remove(last)

    def line(cells: Sequence[str]) -> str:
        parts = (pad(cells[i], widths[i], columns[i].right) for i in shown)
        return (" " * _GAP).join(parts).rstrip()

    title = line([column.title for column in columns])
    return [f"{_BOLD}{title}{_PLAIN}" if styled else title, *map(line, rows)]


def remark_lines(remarks: Iterable[str], width: int, styled: bool = False) -> list[str]:
    """What stands under a table: each remark from a line of its own, wrapped, with less weight."""
    lines = [line for remark in remarks for line in wrapped(remark, width, "  ")]
    return [f"{_DIM}{line}{_PLAIN}" for line in lines] if styled else lines
