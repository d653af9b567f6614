"""PowerPoint presentations (PPTX): slide by slide, with titles as headings and the speaker's notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tokviz.documents.extraction.chart import write_charts
from tokviz.documents.extraction.equations import EQUATION, Equation
from tokviz.documents.extraction.flow import Flow
from tokviz.documents.extraction.ordinals import decimal, letters, roman, upper
from tokviz.documents.extraction.output import FORMAT, DocumentError, Output, Units, whole_number
from tokviz.documents.extraction.package import End, Event, Package, Start
from tokviz.documents.extraction.raised import raised
from tokviz.language import _, number

_PRESENTATION = "ppt/presentation.xml"
_MOST_SLIDES = 10_000
_TITLES = frozenset(("title", "ctrTitle"))
_FURNITURE = frozenset(("sldNum", "dt", "ftr", "hdr", "sldImg"))
"""Placeholders that every slide repeats."""
_BODY = frozenset(("body", "obj"))
_FORMS = {
    "alphaLc": letters,
    "alphaUc": upper(letters),
    "romanLc": roman,
    "romanUc": upper(roman),
}
"""How numbers are written, by how the name of their kind begins."""


def extract(data: bytes, output: Output) -> Units:
    """All slides in their order."""
    package = Package(data)
    main = package.main_part(_PRESENTATION)
    relations = package.relations(main)
    slides = [
        path
        for event in package.events(main)
        if isinstance(event, Start) and event.tag == "sldId"
        for kind, path in [relations.get(event.attributes.get("r:id", ""), ("", ""))]
        if kind == "slide" and path in package.names
    ]
    if len(slides) > _MOST_SLIDES:
        raise DocumentError(
            _(
                "the {format} has {slides} slides; at most {most} are read",
                format=FORMAT,
                slides=number(len(slides)),
                most=number(_MOST_SLIDES),
            )
        )
    empty = 0
    for slide in slides:
        before = output.length
        Shapes(Flow(output)).read(package.events(slide))
        write_diagrams(package, slide, output)
        write_charts(package, slide, output)
        empty += output.length == before
        for path in package.related(slide, "notesSlide"):  # verbatim
            Shapes(Flow(output), notes=True).read(package.events(path))
    return Units(len(slides), empty)


def write_diagrams(package: Package, name: str, output: Output) -> None:
    """Write the text of the diagrams (SmartArt) that a member refers to."""
    for path in package.related(name, "diagramData"):  # verbatim
        Shapes(Flow(output), everything=True).read(package.events(path))


class _Line(NamedTuple):
    """A paragraph of a shape."""

    text: str
    level: int
    plain: bool
    """It has no bullet."""
    numbered: str
    """How it is numbered, such as “romanLcPeriod”; empty: it is not."""
    start: int


@dataclass(slots=True)
class _Shape:
    placeholder: str | None = None
    """Its kind; None: it is none."""
    paragraphs: list[_Line] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    """The number that the last item of each level had."""


class Shapes:
    """Turns the events of a slide into paragraphs."""

    def __init__(self, flow: Flow, notes: bool = False, everything: bool = False) -> None:
        self._flow = flow
        self._notes = notes
        self._shape = _Shape("" if everything else None)
        self._parts: list[str] = []
        self._level = 0
        self._plain = False
        self._numbered, self._start_at = "", 1
        self._skipping = 0
        self._in_text = False
        self._raised = False
        self._in_table = 0
        self._equation: Equation | None = None

    def read(self, events: Iterator[Event]) -> None:
        """Write what the events hold."""
        for event in events:
            if self._equation is not None:
                self._calculate(event, self._equation)
            elif isinstance(event, Start):
                if self._skipping or event.tag == "Fallback":  # verbatim
                    self._skipping += 1
                else:
                    self._start(event)
            elif isinstance(event, End):
                if self._skipping:
                    self._skipping -= 1
                else:
                    self._end(event.tag)
            elif self._in_text and not self._skipping:
                self._parts.append(raised(event.text) if self._raised else event.text)
        self._finish_shape()

    def _calculate(self, event: Event, equation: Equation) -> None:
        text = equation.take(event)
        self._equation = equation if text is None else None
        self._parts.append(text or "")

    def _start(self, event: Start) -> None:
        match event.tag:
            case _ if event.tag == EQUATION:
                self._calculate(event, Equation())
            case "sp":
                self._shape = _Shape()
            case "ph":
                self._shape.placeholder = event.attributes.get("type", "body")
            case "p":
                self._parts, self._level, self._plain = [], 0, False
                self._numbered, self._start_at = "", 1
            case "pPr":
                self._level = whole_number(event.attributes.get("lvl", ""), 1, 0)
            case "buNone":
                self._plain = True
            case "buAutoNum":
                self._numbered = event.attributes.get("type", "arabicPeriod")
                self._start_at = whole_number(event.attributes.get("startAt", ""), 5, 1)
            case "r" | "rPr":
                baseline = event.attributes.get("baseline", "")
                self._raised = baseline.rstrip("%").isdecimal() and baseline not in ("0", "0%")
            case "t":
                self._in_text = True
            case "br":
                self._parts.append("\n")
            case "tbl":
                self._in_table += 1
            case "tr":
                self._flow.begin_row()
            case "tc":
                self._flow.begin_cell()

    def _end(self, tag: str) -> None:
        match tag:
            case "t":
                self._in_text = False
            case "p":
                line = _Line("".join(self._parts), self._level, self._plain, self._numbered, self._start_at)
                self._shape.paragraphs.append(line)
                self._parts = []
                if self._in_table:
                    self._flow.paragraph(self._shape.paragraphs.pop().text)
            case "tc":
                self._flow.end_cell()
            case "tr":
                self._flow.end_row()
            case "tbl":
                self._in_table -= 1
                self._flow.end_table()
            case "sp":
                self._finish_shape()

    def _finish_shape(self) -> None:
        shape, self._shape = self._shape, _Shape()
        kind = shape.placeholder
        if kind in _FURNITURE or (self._notes and kind != "body"):
            return
        if kind in _TITLES:
            self._flow.paragraph(" ".join(line.text for line in shape.paragraphs), 1)
            return
        lines = [line.text for line in shape.paragraphs if line.text.strip()]
        if self._notes:
            self._flow.paragraph("Notes: " + "\n".join(lines) if lines else "")  # verbatim
            return
        for line in shape.paragraphs:
            if line.text.strip():
                self._flow.paragraph(line.text, 0, _marker(shape, line), line.level)


def _marker(shape: _Shape, line: _Line) -> str:
    """“-”, “3.” or “(c)”; “” for a paragraph that is no item of a list."""
    counts = shape.counts
    for level in [each for each in counts if each > line.level or (each == line.level and not line.numbered)]:
        del counts[level]
    if not line.numbered:
        return "-" if shape.placeholder in _BODY and not line.plain else ""
    number = counts[line.level] = counts.get(line.level, line.start - 1) + 1
    form = next((form for name, form in _FORMS.items() if line.numbered.startswith(name)), decimal)(number)
    if line.numbered.endswith("ParenBoth"):
        return f"({form})"
    return f"{form})" if line.numbered.endswith("ParenR") else f"{form}."
