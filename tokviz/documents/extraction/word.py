"""Word documents (DOCX): paragraphs, headings, lists, tables, footnotes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tokviz.documents.extraction.chart import write_charts
from tokviz.documents.extraction.equations import EQUATION, Equation
from tokviz.documents.extraction.flow import Flow
from tokviz.documents.extraction.output import Output, Units
from tokviz.documents.extraction.package import End, Event, Package, Start, Text
from tokviz.documents.extraction.raised import raised
from tokviz.documents.extraction.slides import write_diagrams
from tokviz.documents.extraction.symbols import symbol
from tokviz.documents.extraction.word_lists import Lists, small

_BODY = "word/document.xml"
_SKIPPED = frozenset(
    # What was deleted, the second form of what was written already, how ruby text is read, and fields' codes.
    ("Fallback", "del", "moveFrom", "delText", "instrText", "rt", "sectPr", "tblPr", "trPr")  # verbatim
)
_SPECIAL = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


@dataclass(slots=True)
class _Paragraph:
    parts: list[str] = field(default_factory=list)
    style: str = ""
    outline: int | None = None
    number: str = ""
    """The list's number; “0” is none."""
    level: int = 0
    boxes: list[str] = field(default_factory=list)
    """Paragraphs of text boxes that hang on it."""


def extract(data: bytes, output: Output) -> Units:
    """The document's own text, its diagrams, then its notes; not what is repeated on every page."""
    package = Package(data)
    body = package.main_part(_BODY)
    kinds = dict(package.relations(body).values())
    reader = _Reader(Flow(output), _Styles(package, kinds), Lists(package, kinds.get("numbering", "")))
    reader.read(package.events(body))
    write_diagrams(package, body, output)
    write_charts(package, body, output)
    for kind, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
        if (name := kinds.get(kind, "")) in package.names:
            reader.read_notes(package.events(name), tag)
    return Units(_pages(package))


def _pages(package: Package) -> int:
    """As many as Word last counted."""
    name = "docProps/app.xml"
    inside = False
    for event in package.events(name) if name in package.names else ():
        if isinstance(event, Text) and inside and event.text.strip().isdecimal():
            return int(event.text)
        inside = isinstance(event, Start) and event.tag == "Pages"  # verbatim
    return 0


class _Styles:
    """Which paragraph styles are headings, of which level; and lists."""

    def __init__(self, package: Package, kinds: dict[str, str]) -> None:
        self._level: dict[str, int] = {}
        self._based: dict[str, str] = {}
        self._numbers: dict[str, tuple[str, int]] = {}
        self._depth: dict[str, int] = {}
        style = ""
        for event in package.elements(kinds.get("styles", "")):
            value = event.attributes.get("val", "")
            if event.tag == "style":
                style = event.attributes.get("styleId", "")
            elif event.tag == "basedOn":
                self._based[style] = value
            elif event.tag == "name":
                if level := _heading_level(value):
                    self._level[style] = level
                self._depth[style] = _list_depth(value)
            elif event.tag == "outlineLvl" and value.isdecimal() and int(value) < 9:
                self._level.setdefault(style, int(value) + 1)
            elif event.tag == "numId" and style:
                self._numbers[style] = (value, self._numbers.get(style, ("", 0))[1])
            elif event.tag == "ilvl" and style and value.isdecimal():
                self._numbers[style] = (self._numbers.get(style, ("", 0))[0], int(value))

    def level(self, style: str) -> int:
        """0 if it is no heading."""
        return next((self._level[each] for each in self._line(style) if each in self._level), 0)

    def list_of(self, style: str) -> tuple[str, int]:
        """The list that paragraphs of it belong to, and the level; “” if to none."""
        return next((self._numbers[each] for each in self._line(style) if each in self._numbers), ("", 0))

    def depth(self, style: str) -> int:
        """How far its name says that a list is indented: “List Bullet 2” is a list of its own."""
        return self._depth.get(style, 0)

    def _line(self, style: str) -> Iterator[str]:
        seen: set[str] = set()
        while style and style not in seen:
            yield style
            seen.add(style)
            style = self._based.get(style, "")


def _list_depth(name: str) -> int:
    before, _, digits = name.lower().rpartition(" ")
    deeper = before.startswith("list ") and digits in ("2", "3", "4", "5")  # verbatim
    return int(digits) - 1 if deeper else 0


def _heading_level(name: str) -> int:
    name = name.lower()
    if name == "title":
        return 1
    before, _, digits = name.rpartition(" ")
    return int(digits) if before == "heading" and digits.isdecimal() else 0


class _Reader:
    """Turns events into paragraphs."""

    def __init__(self, flow: Flow, styles: _Styles, lists: Lists) -> None:
        self._flow = flow
        self._styles = styles
        self._lists = lists
        self._open: list[_Paragraph] = []
        """The paragraph that is open, and those around it: text boxes stand inside of paragraphs."""
        self._skipping = 0
        self._in_text = False
        self._raised = self._hidden = False
        self._equation: Equation | None = None
        self._columns = [1]
        self._notes: dict[tuple[str, str], int] = {}
        """The number of each note by its kind and id, in the order in which the text refers to them."""
        self._note = ""

    def read(self, events: Iterator[Event]) -> None:
        """Write what the events hold."""
        for event in events:
            if self._skipping:
                self._skip(event)
            elif self._equation is not None:
                self._calculate(event, self._equation)
            elif isinstance(event, Start):
                self._start(event)
            elif isinstance(event, End):
                self._end(event.tag)
            elif self._in_text and self._open and not self._hidden:
                self._open[-1].parts.append(raised(event.text) if self._raised else event.text)

    def read_notes(self, events: Iterator[Event], tag: str) -> None:
        """Write the notes that the text refers to."""
        wanted = False
        for event in events:
            if isinstance(event, Start) and event.tag == tag:
                number = self._notes.get((tag, event.attributes.get("id", "")))
                wanted, self._note = number is not None, f"[^{number}]:"
            elif wanted and not (isinstance(event, End) and event.tag == tag):
                self.read(iter((event,)))

    def _skip(self, event: Event) -> None:
        if isinstance(event, Start):
            self._skipping += 1
        elif isinstance(event, End):
            self._skipping -= 1

    def _calculate(self, event: Event, equation: Equation) -> None:
        text = equation.take(event)
        self._equation = equation if text is None else None
        if text and self._open:
            self._open[-1].parts.append(text)

    def _start(self, event: Start) -> None:
        tag, value = event.tag, event.attributes.get("val", "")
        paragraph = self._open[-1] if self._open else None
        if tag in _SKIPPED:
            self._skipping = 1
        elif tag == EQUATION:
            self._calculate(event, Equation())
        elif tag == "p":
            self._open.append(_Paragraph())
        elif tag == "t":
            self._in_text = True
        elif tag in ("r", "vertAlign"):
            self._raised = value == "superscript"
            self._hidden = self._hidden and tag != "r"
        elif tag == "vanish":
            self._hidden = value not in ("0", "false", "off")
        elif tag == "tr":
            self._flow.begin_row()
        elif tag == "tc":
            self._columns.append(1)
            self._flow.begin_cell()
        elif tag == "gridSpan":
            self._columns[-1] = small(value, 1)
        elif paragraph is None:
            return
        elif tag in _SPECIAL and tag != "tab":
            paragraph.parts.append(_SPECIAL[tag])
        elif tag == "tab":
            if not event.attributes:  # else it is a tab stop of the paragraph's properties
                paragraph.parts.append("\t")
        elif tag == "sym" and not self._hidden:
            paragraph.parts.append(symbol(event.attributes.get("font", ""), event.attributes.get("char", "")))
        elif tag == "pStyle":
            paragraph.style = value
        elif tag == "outlineLvl" and value.isdecimal():
            paragraph.outline = int(value)
        elif tag == "numId":
            paragraph.number = value
        elif tag == "ilvl":
            paragraph.level = small(value)
        elif tag in ("footnoteReference", "endnoteReference"):
            key = tag.removesuffix("Reference"), event.attributes.get("id", "")  # verbatim
            paragraph.parts.append(f"[^{self._notes.setdefault(key, len(self._notes) + 1)}]")

    def _end(self, tag: str) -> None:
        if tag == "t":
            self._in_text = False
        elif tag == "p" and self._open:
            self._finish(self._open.pop())
        elif tag == "tc":
            self._flow.end_cell(self._columns.pop() if len(self._columns) > 1 else 1)
        elif tag == "tr":
            self._flow.end_row()
        elif tag == "tbl":
            self._flow.end_table()

    def _finish(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.parts)
        if self._open:  # of a text box: it follows the paragraph that it hangs on
            self._open[-1].boxes += [text, *paragraph.boxes]
            return
        if self._note and text.strip():
            text, self._note = f"{self._note} {text.strip()}", ""
        level = self._styles.level(paragraph.style)
        if paragraph.outline is not None:
            level = paragraph.outline + 1 if paragraph.outline < 9 else 0
        number, depth = paragraph.number, paragraph.level
        if not number:
            number, depth = self._styles.list_of(paragraph.style)
        marker = self._lists.marker(number, depth) if number not in ("", "0") else ""
        if level:  # its number, by which others refer to it, is part of a heading
            text = f"{marker} {text}" if any(map(str.isalnum, marker)) and text.strip() else text
            marker = ""
        self._flow.paragraph(text, level, marker, depth or self._styles.depth(paragraph.style))
        for box in paragraph.boxes:
            self._flow.paragraph(box)
