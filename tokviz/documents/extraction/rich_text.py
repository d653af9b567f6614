"""RTF: paragraphs, headings, lists, tables and footnotes out of its control words."""

import re
from dataclasses import dataclass, field, replace

from tokviz.documents.extraction.flow import Flow
from tokviz.documents.extraction.output import FORMAT, DocumentError, Output, Units, damaged, one_line
from tokviz.documents.extraction.raised import raised
from tokviz.documents.extraction.rich_text_words import (
    CHARSETS,
    CODE_PAGES,
    HIDDEN_GROUPS,
    SHOWN_GROUPS,
    SPECIAL,
    codec_of_page,
)
from tokviz.language import _

_BEGINNING = b"{\\rtf"
_DEEPEST = 10_000
"""Groups in groups."""
_STEP = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)",
    re.DOTALL,
)
_MARKED = re.compile(r"(?:([•·▪◦■○]|\uf0b7|\uf0a7)|(\d{1,3}[.)]|[a-zA-Z][.)]|[ivx]{1,6}[.)]))\t")
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo) (\d)", re.IGNORECASE)  # verbatim
_ENDS = frozenset(("par", "sect", "page", "column"))  # verbatim


def extract(data: bytes, output: Output) -> Units:
    """A document's text, then its notes; not what is repeated on every page."""
    if _BEGINNING not in data[:64]:
        raise damaged()
    _Reader(output).read(data.decode("latin-1"))
    return Units(0)


@dataclass(slots=True)
class _Group:
    """What holds until the brace that closes."""

    codec: str
    hidden: bool = False
    deleted: bool = False
    raised: bool = False
    skipped: int = 1
    """Characters that stand in for one that Unicode has, after ``\\u``."""
    role: str = ""
    """The table that is read, or the note; “” elsewhere."""


@dataclass(slots=True)
class _Paragraph:
    parts: list[str] = field(default_factory=list)
    marker: str = ""
    style: str = ""
    outline: int | None = None
    indent: int = 0
    depth: int = 0
    """In so many tables."""


class _Reader:
    def __init__(self, output: Output) -> None:
        self._output = output
        self._flow = Flow(output)
        self._page = "cp1252"
        self._fonts: dict[str, str] = {}
        self._font = ""
        self._default_font = ""
        self._levels: dict[str, int] = {}
        """The level of each style that is a heading."""
        self._group = _Group(self._page)
        self._around: list[_Group] = []
        self._bytes = bytearray()
        """Characters of a code page that are not decoded yet: one may take two bytes."""
        self._skip = 0
        self._starred = False
        self._begun = 0
        """Where the group that was opened last begins, if nothing was read of it yet."""
        self._style = ""
        """The number of the style that the style sheet is about to name."""
        self._paragraph = _Paragraph()
        self._outside: list[_Paragraph] = []
        """The paragraphs around the note that is read."""
        self._notes: list[str] = []
        self._rows: dict[int, list[str]] = {}
        self._cells: dict[int, list[str]] = {}
        """The row and the cell that are open, by how deep the table stands in others."""

    def read(self, text: str) -> None:
        """Write what the text holds."""
        position, end = 0, len(text)
        while position < end and (found := _STEP.match(text, position)):
            position = found.end()
            word, argument, hexadecimal, symbol, brace, plain = found.groups()
            if word == "bin":
                position += max(0, int(argument or 0))
            elif word:
                self._word(word, argument)
            elif hexadecimal:
                self._characters(bytes.fromhex(hexadecimal))
            elif plain:
                self._characters(plain.encode("latin-1"))
            elif symbol:
                self._symbol(symbol, first=found.start() == self._begun)
            elif brace == "{":
                self._begun = position
                self._flush()
                self._skip = 0
                if len(self._around) > _DEEPEST:
                    raise DocumentError(_("the {format} is nested too deeply", format=FORMAT))
                self._around.append(self._group)
                self._group = replace(self._group)
            elif brace:
                if not self._close():
                    break
            elif found.start() == self._begun:  # line ends, which are not part of the text
                self._begun = position
        self._flush()
        self._finish()
        self._end_rows()
        for note in self._notes:
            self._output.part()
            self._output.block(note)

    def _close(self) -> bool:
        """The group ends; False at the end of the document."""
        self._flush()
        self._skip, self._starred = 0, False
        if not self._around:
            return False
        ended, self._group = self._group, self._around.pop()
        if ended.role == "footnote" != self._group.role:
            self._end_note()
        elif ended.role == "marker" != self._group.role:
            self._end_marker()
        return bool(self._around)

    def _characters(self, data: bytes) -> None:
        if self._skip:
            taken = min(self._skip, len(data))
            self._skip -= taken
            data = data[taken:]
        self._starred = False
        if not self._group.hidden and not self._group.deleted:
            self._bytes += data

    def _flush(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._group.codec, "replace")
            self._bytes.clear()
            self._add(text)

    def _add(self, text: str) -> None:
        if self._group.hidden or self._group.deleted:
            return
        if self._group.role == "stylesheet":
            if self._style and (found := _HEADING.search(text)):
                self._levels.setdefault(self._style, min(int(found[1]), 9))
        elif self._group.role != "fonttbl":
            self._paragraph.parts.append(raised(text) if self._group.raised else text)

    def _symbol(self, symbol: str, first: bool) -> None:
        if symbol == "*":
            self._starred = first  # elsewhere it means nothing
        elif symbol in "\r\n":
            self._word("par", None)
        elif symbol in "{}\\":
            self._characters(symbol.encode())
        elif symbol in "~_":
            self._flush()
            self._add("\xa0" if symbol == "~" else "-")

    def _word(self, word: str, argument: str | None) -> None:
        if word == "u":
            self._unicode(int(argument or 0))
            return
        self._flush()
        self._skip = 0
        starred, self._starred = self._starred, False
        if word in HIDDEN_GROUPS or (starred and word not in SHOWN_GROUPS):
            self._group.hidden = True
        elif word in SHOWN_GROUPS:
            self._begin(word)
        elif word in SPECIAL:
            self._add(SPECIAL[word])
        elif self._group.role in ("fonttbl", "stylesheet"):
            self._define(word, argument or "")
        elif not self._group.hidden:
            self._format(word, argument)

    def _unicode(self, code: int) -> None:
        self._flush()
        self._starred = False
        self._add(chr(code % 0x10000))
        self._skip = self._group.skipped

    def _begin(self, word: str) -> None:
        if word == "ud":  # the same in Unicode as what was skipped before it
            self._group.hidden = False
        elif word in ("fonttbl", "stylesheet"):
            self._group.role = word
        elif word == "footnote" and not self._group.hidden and len(self._outside) < 9:
            self._group.role = word
            self._paragraph.parts.append(f"[^{len(self._notes) + 1}]")
            self._notes.append("")
            self._outside.append(self._paragraph)
            self._paragraph = _Paragraph()
        elif word in ("pntext", "listtext"):
            self._group.role = "marker"
            self._paragraph.parts.clear()

    def _define(self, word: str, argument: str) -> None:
        """A font or a style."""
        if word == "f":
            self._font = argument
        elif word == "fcharset" and argument in CHARSETS:
            self._fonts[self._font] = CHARSETS[argument]
        elif word == "cpg":
            self._fonts[self._font] = codec_of_page(argument, self._page)
        elif word == "s":
            self._style = argument
        elif word in ("cs", "ds", "ts"):
            self._style = ""
        elif word == "outlinelevel" and self._style and argument.isdecimal() and int(argument) < 9:
            self._levels[self._style] = int(argument) + 1

    def _format(self, word: str, argument: str | None) -> None:
        number = int(argument) if argument else 0
        match word:
            case _ if word in _ENDS:
                self._finish()
            case "cell" | "nestcell":
                self._end_cell(1 if word == "cell" else max(self._paragraph.depth, 2))
            case "row" | "nestrow":
                self._end_row(1 if word == "row" else max(self._paragraph.depth, 2))
            case "pard":
                parts, marker = self._paragraph.parts, self._paragraph.marker
                self._paragraph = _Paragraph(parts, marker)
            case "intbl":
                self._paragraph.depth = max(self._paragraph.depth, 1)
            case "itap":
                self._paragraph.depth = min(max(number, 0), 50)
            case "s":
                self._paragraph.style = argument or ""
            case "outlinelevel":
                self._paragraph.outline = number
            case "ilvl":
                self._paragraph.indent = min(max(number, 0), 8)
            case _:
                self._format_characters(word, argument, number)

    def _format_characters(self, word: str, argument: str | None, number: int) -> None:
        match word:
            case "uc":
                self._group.skipped = min(max(number, 0), 9)
            case "f":
                self._group.codec = self._fonts.get(argument or "", self._page)
            case "super" | "nosupersub" | "sub":
                self._group.raised = word == "super" and argument != "0"
            case "plain":
                self._group.deleted = self._group.raised = False
                self._group.codec = self._fonts.get(self._default_font, self._page)
            case "v" | "deleted":
                self._group.deleted = argument != "0"
            case "deff":
                self._default_font = argument or ""
            case "ansicpg" | "mac" | "pc" | "pca":
                self._page = codec_of_page(CODE_PAGES.get(word, argument or ""), self._page)
                self._group.codec = self._page
                for group in self._around:
                    group.codec = self._page

    def _text(self) -> str:
        """The paragraph's, which is begun anew."""
        text = "".join(self._paragraph.parts)
        if not text.isascii():  # characters beyond the first plane come as two halves
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._paragraph.parts.clear()
        return text

    def _end_marker(self) -> None:
        self._paragraph.marker = self._text().strip() or self._paragraph.marker

    def _finish(self) -> None:
        """The paragraph ends."""
        paragraph, text = self._paragraph, self._text()
        marker, paragraph.marker = paragraph.marker, ""
        if self._outside:
            before = self._notes[-1] or f"[^{len(self._notes)}]:"
            self._notes[-1] = f"{before} {text.strip()}".rstrip() if text.strip() else self._notes[-1]
        elif paragraph.depth:
            self._cells.setdefault(paragraph.depth, []).append(f"{marker} {text}" if marker else text)
        else:
            self._end_rows()
            if not marker and (found := _MARKED.match(text.lstrip())):
                marker, text = found[2] or "-", text.lstrip()[found.end() :]
            if marker and not any(sign.isalnum() for sign in marker):
                marker = "-"
            level = self._levels.get(paragraph.style, 0)
            if paragraph.outline is not None:
                level = paragraph.outline + 1 if paragraph.outline < 9 else 0
            if level:  # a number before a heading is part of it
                text, marker = f"{marker} {text}".strip(), ""
            self._flow.paragraph(text, level, marker, paragraph.indent, "" if marker else "line")

    def _end_note(self) -> None:
        self._finish()
        if self._outside:
            self._paragraph = self._outside.pop()

    def _end_cell(self, depth: int) -> None:
        words = [*self._cells.pop(depth, []), self._text()]
        self._rows.setdefault(depth, []).append(one_line(" ".join(words)))

    def _end_row(self, depth: int) -> None:
        cells = self._rows.pop(depth, [])
        if depth > 1:  # of a table in a cell: words of that cell
            self._cells.setdefault(depth - 1, []).append(" ".join(filter(None, cells)))
        else:
            self._output.row(cells)

    def _end_rows(self) -> None:
        """The tables that are open end here."""
        for depth in sorted({*self._rows, *self._cells}, reverse=True):
            if self._cells.get(depth):
                self._end_cell(depth)
            self._end_row(depth)
