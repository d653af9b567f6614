"""OpenDocument: texts (ODT), spreadsheets (ODS) and presentations (ODP)."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from tokviz.documents.extraction.flow import Flow
from tokviz.documents.extraction.open_document_lists import Lists, number
from tokviz.documents.extraction.output import Output, Units, damaged, encrypted, whole_number
from tokviz.documents.extraction.package import End, Event, Package, Start
from tokviz.documents.extraction.raised import raised

_CONTENT, _STYLES, _META, _MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"
_SKIPPED = frozenset(
    # What was deleted, remarks in the margin, how ruby text is read, and what scripts and forms hold.
    ("tracked-changes", "annotation", "ruby-text", "scripts", "forms", "desc", "title", "event-listeners")
)
_CODE_STYLE = "Preformatted_20_Text"
_MOST_REPEATED = 1_000
"""Of the same cells and rows with something in them."""


def extract_text(data: bytes, output: Output) -> Units:
    """A text's paragraphs, headings, lists, tables and notes."""
    package = _opened(data)
    _Reader(output, package).read(package.events(_CONTENT))
    return Units(_statistic(package, "page-count"))


def extract_sheets(data: bytes, output: Output) -> Units:
    """What a spreadsheet's cells show, sheet by sheet."""
    package = _opened(data)
    reader = _Reader(output, package, sheets=True)
    reader.read(package.events(_CONTENT))
    return Units(reader.units, reader.empty)


def extract_slides(data: bytes, output: Output) -> Units:
    """A presentation, slide by slide, with the speaker's notes."""
    package = _opened(data)
    reader = _Reader(output, package)
    reader.read(package.events(_CONTENT))
    return Units(reader.units, reader.empty)


def _opened(data: bytes) -> Package:
    package = Package(data)
    if _CONTENT not in package.names:
        raise damaged()
    if _MANIFEST in package.names and b"encryption-data" in package.read(_MANIFEST):
        raise encrypted()
    return package


def _statistic(package: Package, name: str) -> int:
    for event in package.elements(_META):
        if event.tag == "document-statistic":
            return whole_number(event.attributes.get(name, ""), 6, 0)
    return 0


def _code_styles(elements: Iterator[Start]) -> set[str]:
    """The styles of paragraphs in which every blank counts: preformatted text's and all that descend from it,
    in whatever order they stand."""
    children: dict[str, list[str]] = {}
    for element in elements:
        if element.tag == "style" and (parent := element.attributes.get("parent-style-name")):
            children.setdefault(parent, []).append(element.attributes.get("name", ""))
        elif element.tag == "body":
            break
    found: set[str] = set()
    waiting = [_CODE_STYLE]
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += children.get(name, ())
    return found


def _formula(events: Iterator[Event]) -> str:
    """A formula as it was typed, or else its signs."""
    typed: list[str] = []
    signs: list[str] = []
    tag = ""
    for event in events:
        if isinstance(event, Start):
            tag = event.tag
        elif isinstance(event, End):
            tag = ""
        elif tag == "annotation":
            typed.append(event.text)
        elif tag in ("mi", "mn", "mo", "mtext"):
            signs.append(event.text)
    return "".join(typed or signs).strip()


def _odd_styles(elements: Iterator[Start]) -> tuple[set[str], set[str]]:
    """The styles of characters that stand raised, and those of what is not shown."""
    raised: set[str] = set()
    hidden: set[str] = set()
    style = ""
    for element in elements:
        if element.tag == "style":
            style = element.attributes.get("name", "")
        elif element.tag == "text-properties":
            place = element.attributes.get("text-position", "")
            if place.startswith("super") or (place[:1].isdecimal() and not place.startswith("0%")):
                raised.add(style)
            if element.attributes.get("display") == "none":
                hidden.add(style)
        elif element.tag == "body":
            break
    return raised, hidden


@dataclass(slots=True)
class _Paragraph:
    level: int
    parts: list[str] = field(default_factory=list)
    kind: str = ""
    """As of ``Output.block``."""
    mark: str = ""
    """The number of a heading."""
    hidden: bool = False
    boxed: bool = False
    """A text box ends here; what follows begins a line."""

    def add(self, text: str) -> None:
        """Append text that stands in it."""
        if self.boxed and text.strip():
            self.boxed, text = False, f"\n{text.lstrip()}"
        self.parts.append(text)

    def add_box(self, text: str) -> None:
        """Append a paragraph of a text box that hangs on it."""
        self.boxed = True
        self.parts.append(f"\n{text}")


class _Reader:
    """Turns events into paragraphs, rows and headings."""

    def __init__(self, output: Output, package: Package, sheets: bool = False) -> None:
        self.units = 0
        self.empty = 0
        self._output = output
        self._flow = Flow(output)
        self._sheets = sheets
        self._package = package
        self._code = _code_styles(chain(package.elements(_STYLES), package.elements(_CONTENT)))
        self._lists = Lists(chain(package.elements(_STYLES), package.elements(_CONTENT)))
        self._raised, self._hidden = _odd_styles(chain(package.elements(_STYLES), package.elements(_CONTENT)))
        self._spans: list[str] = []
        """The styles of the spans of characters that are open."""
        self._open: list[_Paragraph] = []
        self._skipping = 0
        self._begun = 0
        """Characters that were written before the sheet or slide."""
        self._tables = 0
        self._table = ""
        self._rows: list[int] = []
        self._cells: list[int] = []
        self._notes: list[str] = []
        self._outside: list[list[_Paragraph]] = []
        """What is open around the note that is read."""
        self._speaking = False
        self._titles: list[bool] = []

    def read(self, events: Iterator[Event]) -> None:
        """Write what the events hold, then the notes."""
        for event in events:
            if isinstance(event, Start):
                if self._skipping or event.tag in _SKIPPED:
                    self._skipping += 1
                else:
                    self._start(event.tag, event.attributes)
            elif isinstance(event, End):
                if self._skipping:
                    self._skipping -= 1
                else:
                    self._end(event.tag)
            elif self._open and not self._skipping and not self._is_hidden:
                # Line ends and blanks of the file's own layout are one blank: others are elements.
                text = event.text.replace("\n", " ")
                self._open[-1].add(raised(text) if self._raised.intersection(self._spans) else text)
        for note in self._notes:
            self._output.block(note)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "p" | "h":
                level = number(attributes.get("outline-level", ""), 1) if tag == "h" else 0
                kind = "code" if attributes.get("style-name") in self._code else ""
                mark = self._lists.heading(level, attributes) if tag == "h" else ""
                hidden = attributes.get("style-name") in self._hidden
                self._open.append(_Paragraph(level, kind=kind, mark=mark, hidden=hidden))
            case "span":
                self._spans.append(attributes.get("style-name", ""))
            case "s" if self._open:
                self._open[-1].add(" " * min(number(attributes.get("c", ""), 1), 1_000))
            case "tab" if self._open:
                self._open[-1].add("\t")
            case "line-break" if self._open:
                self._open[-1].add("\n")
            case "object" if self._open:
                self._open[-1].add(self._object(attributes.get("href", "")))
            case "list":
                self._lists.begin(attributes)
            case "list-item":
                self._lists.begin_item(attributes)
            case "note-citation":
                self._skipping = 1
            case "note-body":
                self._begin_note()
            case "notes":
                self._speaking = True
            case "frame" | "custom-shape":
                self._titles.append(attributes.get("class", "") == "title")
            case "table" | "table-row" | "table-cell" | "covered-table-cell":
                self._start_table(tag, attributes)
            case "page":
                self._begun = self._output.length
                self._output.part()

    @property
    def _is_hidden(self) -> bool:
        """Whether what stands here is not shown."""
        return self._open[-1].hidden or bool(self._hidden.intersection(self._spans))

    def _object(self, reference: str) -> str:
        """A formula that stands in the text, which is a document of its own."""
        name = posixpath.join(posixpath.normpath(reference), _CONTENT)
        if name not in self._package.names:
            return ""
        events = self._package.events(name)
        return _formula(events) if next((e.tag for e in events if isinstance(e, Start)), "") == "math" else ""

    def _start_table(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self._tables += 1
            if self._sheets and self._tables == 1:
                self._table = attributes.get("name", "")
                self._begun = self._output.length
        elif tag == "table-row":
            self._rows.append(number(attributes.get("number-rows-repeated", ""), 1))
            self._flow.begin_row()
        else:
            self._cells.append(number(attributes.get("number-columns-repeated", ""), 1))
            self._flow.begin_cell()

    def _end(self, tag: str) -> None:
        match tag:
            case "p" | "h" if self._open:
                self._finish(self._open.pop())
            case "span" if self._spans:
                self._spans.pop()
            case "list":
                self._lists.end()
            case "note-body":
                self._end_note()
            case "notes":
                self._speaking = False
            case "frame" | "custom-shape" if self._titles:
                self._titles.pop()
            case "table-cell" | "covered-table-cell" if self._cells:
                self._flow.end_cell(repeated=self._cells.pop())
            case "table-row" if self._rows:
                self._end_row(self._rows.pop())
            case "table":
                self._tables -= 1
                self._flow.end_table()
                if self._sheets and not self._tables:
                    self._end_unit()
            case "page":
                self._end_unit()

    def _end_row(self, repeated: int) -> None:
        cells = self._flow.close_row()
        if self._table and any(cells):
            # A sheet without anything in it needs no name.
            name, self._table = self._table, ""
            self._output.heading(name, 1)
        if any(cells):
            for _ in range(min(repeated, _MOST_REPEATED)):
                self._output.row(cells)

    def _end_unit(self) -> None:
        self.units += 1
        self.empty += self._output.length == self._begun

    def _begin_note(self) -> None:
        if self._open:
            self._open[-1].add(f"[^{len(self._notes) + 1}]")
        self._outside.append(self._open)
        self._open = []
        self._lists.begin_note()
        self._notes.append("")

    def _end_note(self) -> None:
        if self._outside:
            self._open = self._outside.pop()
            self._lists.end_note()

    def _finish(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.parts)
        if self._outside:
            before = self._notes[-1] or f"[^{len(self._notes)}]:"
            self._notes[-1] = f"{before} {text.strip()}"
            return
        if self._open:  # of a text box: it follows the paragraph that it hangs on
            self._open[-1].add_box(text)
            return
        if self._speaking:
            self._flow.paragraph(f"Notes: {text}" if text.strip() else "")  # verbatim
            return
        level = paragraph.level or int(any(self._titles))
        marker = self._lists.marker() if not level else ""
        if paragraph.mark and text.strip():
            text = f"{paragraph.mark} {text}"
        self._flow.paragraph(text, level, marker, self._lists.depth - 1, paragraph.kind)
