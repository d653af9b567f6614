"""Equations of Word and PowerPoint (OMML) in a line, as they would be typed: “x^2”, “(a+b)/c”."""

from dataclasses import dataclass, field

from tokviz.documents.extraction.package import Event, Start, Text

EQUATION = "oMath"
"""The element of one."""
_PLACES = {"sup": "^", "sub": "_", "den": "/", "num": "", "deg": "", "lim": "_"}
"""What stands before the parts of fractions, powers and roots."""


@dataclass(slots=True)
class _Element:
    tag: str
    begins: int
    """So many parts came before it."""
    signs: dict[str, str] = field(default_factory=dict)
    """What its properties say is drawn around or before it."""


class Equation:
    """Takes the events of an equation, one after the other."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[_Element] = []

    def take(self, event: Event) -> str | None:
        """The whole, at the event that ends it; None before."""
        if isinstance(event, Start):
            self._start(event)
        elif isinstance(event, Text):
            if self._open and self._open[-1].tag == "t":
                self._parts.append(event.text)
        elif self._open:
            self._end(self._open.pop())
        return None if self._open else "".join(self._parts)

    def _start(self, event: Start) -> None:
        if event.tag in ("chr", "begChr", "endChr") and len(self._open) > 1:
            self._open[-2].signs[event.tag] = event.attributes.get("val", "")
        if event.tag == "e" and self._open and self._open[-1].tag == "rad":
            self._parts.append("√")
        self._open.append(_Element(event.tag, len(self._parts)))

    def _end(self, element: _Element) -> None:
        tag, signs = element.tag, element.signs
        around = self._open[-1].tag if self._open else ""
        if tag in _PLACES and around != "sSubPr":
            text = "".join(self._parts[element.begins :])
            self._parts[element.begins :] = [f"{_PLACES[tag]}{_grouped(text)}"] if text.strip() else []
        elif tag == "e" and around in ("sSup", "sSub", "sSubSup", "rad"):
            self._parts[element.begins :] = [_grouped("".join(self._parts[element.begins :]))]
        elif tag == "naryPr":
            self._parts.append(self._open[-1].signs.get("chr", "∫"))
        elif tag == "d":
            self._parts.insert(element.begins, signs.get("begChr", "("))
            self._parts.append(signs.get("endChr", ")"))
        elif tag == "acc":
            self._parts.append(signs.get("chr", ""))
        elif tag == "fName" or (tag == "e" and around == "mr"):
            self._parts.append(" ")
        elif tag == "mr":
            self._parts.append("; ")


def _grouped(text: str) -> str:
    """In brackets, unless it is one number, one name or in brackets already."""
    return text if text.isalnum() or len(text) < 2 or (text[0], text[-1]) == ("(", ")") else f"({text})"
