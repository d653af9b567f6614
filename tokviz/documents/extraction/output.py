"""What an extractor writes to, and what it says when it cannot."""

from dataclasses import dataclass

from tokviz.language import _

MOST_TEXT = 64 << 20
"""Characters of text that are taken of one document: a hundred books."""


FORMAT = "{format}"
"""What a document is, in the reason of a ``DocumentError``, until somebody who knows it puts it in."""


class DocumentError(Exception):
    """A document of which no text can be had. ``str()`` ends a sentence: “the PDF document is encrypted”."""

    def __init__(self, reason: str, advice: str = "", *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing
        """Another time it may be read: memory or time was short, or a package is missing."""
        self.advice = advice
        """What helps, as a few words; empty if nothing does."""


def damaged() -> DocumentError:
    """It cannot be read at all."""
    # Translators: {format} is such as “PDF document”; another clause may follow after a semicolon
    return DocumentError(_("the {format} is damaged", format=FORMAT))


def encrypted() -> DocumentError:
    """A password is needed."""
    return DocumentError(_("the {format} is encrypted", format=FORMAT), _("save it without a password"))


@dataclass(frozen=True, slots=True)
class Units:
    """What a document is divided into."""

    count: int
    """0: unknown, or not divided."""
    empty: int = 0
    """How many hold no text but something else to see, such as a scan."""


class Output:
    """Gathers a document's text, within bounds.

    Paragraphs, headings and tables stand a blank line apart; items of a list and rows of a table follow line
    by line. Cells of a row are parted by tabs: the plainest form, and the one with the fewest tokens.
    """

    def __init__(self, most: int = MOST_TEXT) -> None:
        self._parts: list[str] = []
        self._left = most
        self._most = most
        self._last = ""

    def block(self, text: str, kind: str = "") -> None:
        """Add a paragraph, or a line that stands close to the one before it if both are of one ``kind``."""
        text = text.strip("\n").rstrip() if kind else text.strip()
        if not text.strip():
            return
        if self._parts:
            self.raw("\n" if kind and kind == self._last else "\n\n")
        self.raw(text)
        self._last = kind

    def heading(self, text: str, level: int) -> None:
        """Add a heading, as in Markdown; level 0 is a paragraph."""
        text = one_line(text)
        if text:
            self.block(f"{'#' * min(level, 6)} {text}" if level > 0 else text)

    def row(self, cells: list[str]) -> None:
        """Add a row of a table, without the empty cells at its end; none if all are empty."""
        self.block("\t".join(one_line(cell) for cell in cells).rstrip(), "row")

    def part(self) -> None:
        """What follows stands apart, whatever it is."""
        self._last = ""

    def raw(self, text: str) -> None:
        """Add text as it stands."""
        self._left -= len(text)
        if self._left < 0:
            raise DocumentError(
                _(
                    "the {format} holds more than {number} million characters of text",
                    format=FORMAT,
                    number=self._most >> 20,
                )
            )
        self._parts.append(text)

    @property
    def length(self) -> int:
        """How many characters were written so far."""
        return self._most - self._left

    def text(self) -> str:
        """All of it, with a line end after it."""
        whole = "".join(self._parts)
        return f"{whole}\n" if whole else ""


def whole_number(text: str, digits: int, otherwise: int) -> int:
    """The number that a text of at most so many digits is; ``otherwise`` where it is no such."""
    return int(text) if text.isdecimal() and len(text) <= digits else otherwise


def one_line(text: str) -> str:
    """``text`` with its white space as single blanks."""
    return " ".join(text.split())
