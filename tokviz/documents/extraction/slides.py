"""PowerPoint presentations (PPTX): slide by slide, with titles as headings and the speaker's notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tokviz.documents.extraction.chart import write_charts
from tokviz.documents.extraction.equations import EQUATION, Equation
from tokviz.documents.extraction.flow import Flow
from tokviz.documents.extraction.output import FORMAT, DocumentError, Output, Units
from tokviz.documents.extraction.package import End, Event, Package, Start
from tokviz.language import _, number

_PRESENTATION = "ppt/presentation.xml"
_MOST_SLIDES = 10_000
_TITLES = frozenset(("title", "ctrTitle"))
_FURNITURE = frozenset(("sldNum", "dt", "ftr", "hdr", "sldImg"))
"""Placeholders that every slide repeats."""
_BODY = frozenset(("body", "obj"))


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


@dataclass(slots=True)
class _Shape:
    placeholder: str | None = None
    """Its kind; None: it is none."""
    paragraphs: list[tuple[str, int, bool]] = field(default_factory=list)
    """Text, level, and whether it has no bullet."""


class Shapes:
    """Turns the events of a slide into paragraphs."""

    def __init__(self, flow: Flow, notes: bool = False, everything: bool = False) -> None:
        self._flow = flow
        self._notes = notes
        self._shape = _Shape("" if everything else None)
        self._parts: list[str] = []
        self._level = 0
        self._plain = False
        self._skipping = 0
        self._in_text = False
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
                self._parts.append(event.text)
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
            case "pPr":
                level = event.attributes.get("lvl", "")
                self._level = int(level) if level.isdecimal() and len(level) == 1 else 0
            case "buNone":
                self._plain = True
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
                self._shape.paragraphs.append(("".join(self._parts), self._level, self._plain))
                self._parts = []
                if self._in_table:
                    self._flow.paragraph(self._shape.paragraphs.pop()[0])
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
            self._flow.paragraph(" ".join(text for text, _level, _plain in shape.paragraphs), 1)
            return
        lines = [text for text, _level, _plain in shape.paragraphs if text.strip()]
        if self._notes:
            self._flow.paragraph("Notes: " + "\n".join(lines) if lines else "")  # verbatim
            return
        for text, level, plain in shape.paragraphs:
            self._flow.paragraph(text, 0, "-" if kind in _BODY and not plain else "", level)
