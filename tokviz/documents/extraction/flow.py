"""Paragraphs, lists and tables as they come out of nested elements, in the order of the document."""

from dataclasses import dataclass, field

from tokviz.documents.extraction.output import Output, one_line

_WIDEST = 16_384
"""Columns of a table that are told apart; spreadsheets have no more."""


@dataclass(slots=True)
class _Row:
    cells: list[str] = field(default_factory=list)
    blank: int = 0
    """Empty cells after them, which count only if another follows."""
    cell: list[str] | None = None
    """The paragraphs of the cell that is open."""

    def add(self, text: str, times: int) -> None:
        if not text:
            self.blank += times
        elif len(self.cells) + self.blank < _WIDEST:
            self.cells += [""] * self.blank + [text] * min(times, _WIDEST - len(self.cells) - self.blank)
            self.blank = 0


class Flow:
    """Sends paragraphs to the output, or into the cell of the table that they stand in."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._rows: list[_Row] = []
        """The open rows: of a table, of a table in a cell of it, …"""

    def paragraph(self, text: str, level: int = 0, marker: str = "", indent: int = 0, kind: str = "") -> None:
        """A paragraph (``kind``: see ``Output.block``), a heading of ``level``, or an item of a list after
        its ``marker``."""
        if self._rows and self._rows[-1].cell is not None:
            # The number of an empty item is what the first cell of many a table holds.
            if marker and (text.strip() or any(map(str.isalnum, marker))):
                text = f"{marker} {text}"
            self._rows[-1].cell.append(text)
        elif level:
            self._output.heading(text, level)
        elif marker and text.strip():
            self._item(text, marker, indent)
        else:
            self._output.block(text, kind)

    def _item(self, text: str, marker: str, indent: int) -> None:
        before = "  " * min(indent, 8)
        lines = text.strip().split("\n")
        after = "\n" + before + " " * (len(marker) + 1)
        # One list for the eye and for the model: items of every level stand line by line.
        self._output.block(f"{before}{marker} {after.join(lines)}", "item")

    def begin_row(self) -> None:
        """A row of a table begins."""
        self._rows.append(_Row())

    def begin_cell(self) -> None:
        """A cell begins."""
        if self._rows:
            self._rows[-1].cell = []

    def end_cell(self, columns: int = 1, repeated: int = 1) -> None:
        """The cell ends, which is so many columns wide, or stands so many times side by side."""
        if self._rows and (row := self._rows[-1]).cell is not None:
            row.add(one_line(" ".join(row.cell)), repeated)
            row.add("", columns - 1)
            row.cell = None

    def close_row(self) -> list[str]:
        """The row ends: its cells. Those of a table in a cell become words of that cell instead."""
        if not self._rows:
            return []
        row = self._rows.pop()
        if not self._rows or self._rows[-1].cell is None:
            return row.cells
        self._rows[-1].cell.append(" ".join(filter(None, row.cells)))
        return []

    def end_row(self) -> None:
        """The row ends and is written."""
        self._output.row(self.close_row())

    def end_table(self) -> None:
        """The table ends: what follows it is another."""
        if not self._rows:
            self._output.part()
