"""What is told of a text that was made of a document (PDF, Word, …)."""

from typing import NamedTuple

from tokviz.language import N_, gettext, ngettext

_SAID = (
    N_("UTF-8 with BOM"),
    N_("text of the PDF document"),
    N_("text of the Word document"),
    N_("text of the PowerPoint presentation"),
    N_("text of the Excel workbook"),
    N_("text of the old Excel workbook"),
    N_("text of the OpenDocument text"),
    N_("text of the OpenDocument spreadsheet"),
    N_("text of the OpenDocument presentation"),
    N_("text of the EPUB book"),
    N_("text of the HTML page"),
    N_("text of the RTF document"),
    N_("text of the e-mail"),
)
"""What may stand where an encoding does and is more than its name."""


def encoding_words(encoding: str) -> str:
    """An encoding for people, or what stands in its place."""
    return gettext(encoding) if encoding in _SAID else encoding


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
        """“text of the PDF document”, which stands where texts have an encoding; see ``encoding_words``."""
        return f"text of the {self.format}"  # verbatim

    @property
    def parts(self) -> str:
        """“12 pages, 3 of them without text”; empty if nothing is known."""
        if not self.number:
            return ""
        parts = _counted(self.unit, self.number)
        if self.empty:
            return ngettext(
                "{parts}, {n} of them without text",
                "{parts}, {n} of them without text",
                self.empty,
                parts=parts,
            )
        return parts

    def __str__(self) -> str:
        """“text of the PDF document, 12 pages”"""
        label = encoding_words(self.label)
        return f"{label}, {self.parts}" if self.parts else label


def _counted(unit: str, number: int) -> str:
    match unit:
        case "page":
            return ngettext("{n} page", "{n} pages", number)
        case "sheet":
            return ngettext("{n} sheet", "{n} sheets", number)
        case "slide":
            return ngettext("{n} slide", "{n} slides", number)
        case _chapter:
            return ngettext("{n} chapter", "{n} chapters", number)
