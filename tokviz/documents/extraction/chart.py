"""Charts of Microsoft's formats: their titles, and the values that they draw as a table."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tokviz.documents.extraction.output import Output, whole_number
from tokviz.documents.extraction.package import End, Event, Package, Start

_MOST_POINTS = 10_000
"""Of a series."""
_ROLES = {"tx": "name", "cat": "place", "xVal": "place", "val": "value", "yVal": "value"}


@dataclass(slots=True)
class _Series:
    name: str = ""
    places: dict[int, str] = field(default_factory=dict)
    values: dict[int, str] = field(default_factory=dict)


def write_charts(package: Package, name: str, output: Output, values: bool = True) -> None:
    """Write the charts that a member refers to; without ``values`` their titles alone, for they stand in
    cells elsewhere."""
    for path in package.related(name, "chart"):
        _write(package.events(path), output, values)


def _write(events: Iterator[Event], output: Output, values: bool) -> None:
    reader = _Reader()
    for event in events:
        reader.take(event)
    for title in reader.titles:
        output.block(title)
    series = [each for each in reader.series if each.values]
    if not values or not series:
        return
    output.part()
    if any(each.name for each in series):
        output.row(["", *(each.name for each in series)])
    for index in sorted({index for each in series for index in each.values}):
        place = next((each.places[index] for each in series if index in each.places), "")
        output.row([place, *(each.values.get(index, "") for each in series)])
    output.part()


class _Reader:
    def __init__(self) -> None:
        self.titles: list[str] = []
        self.series: list[_Series] = []
        self._open: list[str] = []
        self._role = ""
        self._index = 0
        self._parts: list[str] = []

    def take(self, event: Event) -> None:
        if isinstance(event, Start):
            self._open.append(event.tag)
            self._start(event)
        elif isinstance(event, End):
            self._open.pop()
            self._end(event.tag)
        elif self._open and self._open[-1] in ("t", "v"):
            self._parts.append(event.text)

    def _start(self, event: Start) -> None:
        if event.tag == "ser":
            self.series.append(_Series())
        elif event.tag in _ROLES and "ser" in self._open:
            self._role = _ROLES[event.tag]
        elif event.tag == "pt":
            self._index = min(whole_number(event.attributes.get("idx", ""), 8, 0), _MOST_POINTS)
        elif event.tag in ("title", "v"):
            self._parts.clear()

    def _end(self, tag: str) -> None:
        text = "".join(self._parts).strip()
        if tag == "title" and text:
            self.titles.append(text)
            self._parts.clear()
        elif tag == "v" and self.series and self._index < _MOST_POINTS:
            self._put(self.series[-1], text)
        elif tag in _ROLES:
            self._role = ""
        elif tag == "p" and "title" in self._open:
            self._parts.append(" ")

    def _put(self, series: _Series, text: str) -> None:
        match self._role:
            case "name":
                series.name = series.name or text
            case "place":
                series.places[self._index] = f"{text} {series.places.get(self._index, '')}".strip()
            case "value":
                series.values[self._index] = text
