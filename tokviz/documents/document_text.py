"""What is told of a text that was made of a document (PDF, Word, …)."""

from typing import NamedTuple


class DocumentText(NamedTuple):
    """Where such a text came from."""

    format: str
    """“PDF document”, “Word document”…"""
    unit: str
    """What it is divided into: “page”, “sheet”…; empty: nothing that is counted."""
    number: int
    """So many; 0: unknown."""
    empty: int
    """How many of them hold no text."""

    @property
    def label(self) -> str:
        """“text of the PDF document”"""
        return f"text of the {self.format}"

    @property
    def parts(self) -> str:
        """“12 pages, 3 of them without text”; empty if nothing is known."""
        if not self.number:
            return ""
        parts = f"{self.number:,} {self.unit}{'s' * (self.number != 1)}"
        return f"{parts}, {self.empty:,} of them without text" if self.empty else parts

    def __str__(self) -> str:
        """“text of the PDF document, 12 pages”"""
        return f"{self.label}, {self.parts}" if self.parts else self.label
