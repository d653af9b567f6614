"""HTML and XHTML as the text that a browser shows.

The parser of the standard library keeps no tree, so that nesting costs nothing; selectolax is faster, and
quadratic in the depth of what it reads.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tokviz.documents.extraction.flow import Flow
from tokviz.documents.extraction.ordinals import LETTERED, decimal
from tokviz.documents.extraction.output import Output, Units, whole_number
from tokviz.documents.extraction.raised import raised

_SKIPPED = frozenset(
    ("script", "style", "head", "template", "noscript", "svg", "iframe", "object", "datalist")
)
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "dialog",
        ),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html"),
        *("legend", "main", "nav", "p", "pre", "section", "summary"),
    )
)
_CLOSED = frozenset(("a", "article", "aside", "div", "footer", "header", "nav", "section", "span", "table"))
"""Elements that end where their end tag is, and nowhere else."""
_AROUND_CHOICES = ("body", "form", "table", "td", "th", "tr")
"""What ends also where the end of a choice is missing."""
_NOT_SHOWN = re.compile(r"(?:^|;)\s*display\s*:\s*none\b", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_NUMBER = re.compile(r"[ \t\n\r\f]*([+-]?[0-9]{1,9})(?![0-9])")


def extract(data: bytes, output: Output) -> Units:
    """A page's text."""
    write(decoded(data), output)
    return Units(0)


def write(html: str, output: Output) -> None:
    """Write the text of a page."""
    parser = _Parser(Flow(output))
    parser.feed(html)
    parser.close()
    parser.finish()


def decoded(data: bytes) -> str:
    """Bytes as text, whose encoding is found out."""
    from tokviz.documents.decoding import FOUND_OUT, NotTextError, decode_bytes

    try:
        return decode_bytes(data, FOUND_OUT).text.decode("utf-8", "replace")
    except NotTextError:
        return data.decode("utf-8", "replace")


class _Parser(HTMLParser):
    def __init__(self, flow: Flow) -> None:
        super().__init__(convert_charrefs=True)
        self._flow = flow
        self._parts: list[str] = []
        self._level = 0
        self._marker = ""
        self._lists: list[_List | None] = []
        """The lists that are open; None: one that does not count."""
        self._skipped = ""
        self._depth = 0
        self._pre = 0
        self._raised = 0
        self._tables: list[_Table] = []
        self._choice: _Choice | None = None
        self._beside_choice = False
        """Whether a choice was the last that was written: its box stands apart from words."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _AROUND_CHOICES and not self._skipped:
            self._end_choice()
        if self._skipped:
            self._depth += tag == self._skipped
        elif tag in _SKIPPED or (tag in _CLOSED and _is_hidden(dict(attrs))):
            self._skipped, self._depth = tag, 1
        elif tag == "select":
            self._end_choice()
            self._choice = _Choice.of(dict(attrs))
        elif self._choice is not None:
            self._choice.begin(tag, dict(attrs))
        elif tag == "br":
            self._parts.append("\n")
        elif tag in _HEADINGS:
            self.finish()
            self._level = _HEADINGS[tag]
        elif tag in ("ul", "ol", "menu"):
            self.finish()
            self._lists.append(_List.of(dict(attrs)) if tag == "ol" else None)
        elif tag == "li":
            self.finish()
            self._begin_item(dict(attrs).get("value") or "")
        elif tag in ("tr", "td", "th", "table"):
            self.finish()
            self._begin_table_part(tag, dict(attrs))
        elif tag == "sup":
            self._raised += 1
        elif tag in _BLOCKS:
            self.finish()
            self._pre += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # XHTML's <script src="…"/> opens nothing that would have to be closed.
        if tag not in _SKIPPED:
            self.handle_starttag(tag, attrs)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """``<![…]>``; one of a kind that the library does not know is a comment, as to a browser."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i, False)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._depth -= tag == self._skipped
            if not self._depth or tag == "body":
                self._skipped = ""
        elif self._choice is not None:
            if tag in ("select", *_AROUND_CHOICES):
                self._end_choice()
                if tag != "select":
                    self.handle_endtag(tag)
        elif tag == "sup":
            self._raised -= self._raised > 0
        elif tag in _HEADINGS or tag in _BLOCKS or tag == "li":
            self.finish()
            self._level = 0
            self._pre -= tag == "pre" and self._pre > 0
        elif tag in ("ul", "ol", "menu"):
            self.finish()
            if self._lists:
                self._lists.pop()
        elif tag in ("td", "th", "tr", "table"):
            self.finish()
            self._end_table_part(tag)

    def handle_data(self, data: str) -> None:
        if self._choice is not None and not self._skipped:
            self._choice.take(data)
        elif not self._skipped:
            text = data if self._pre else _SPACE.sub(" ", data)
            if self._beside_choice and text[:1].isalnum():
                self._parts.append(" ")
            self._beside_choice = False
            self._parts.append(raised(text) if self._raised else text)

    def finish(self) -> None:
        """End the paragraph that is open."""
        self._end_choice()
        text = "".join(self._parts)
        self._parts.clear()
        if not self._pre:
            lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
            text = "\n".join(lines)
        if text.strip():
            marker, self._marker = self._marker, ""
            kind = "code" if self._pre else ""
            self._flow.paragraph(text, self._level, marker, len(self._lists) - 1, kind)

    def _end_choice(self) -> None:
        choice, self._choice = self._choice, None
        if choice is None or not (shown := choice.shown()):
            return
        if choice.whole:
            self.finish()
            for option in shown:
                self._flow.paragraph(option, 0, "-", len(self._lists))
        else:
            self._parts += [" ", shown[0]]
            self._beside_choice = True

    def _begin_item(self, value: str) -> None:
        counted = self._lists[-1] if self._lists else None
        self._marker = counted.marker(value) if counted else "-"

    def _begin_table_part(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "table":
            self._tables.append(_Table())
            return
        if not self._tables:
            return
        table = self._tables[-1]
        # The ends of cells and rows may be left out.
        self._end_cell(table)
        if tag == "tr":
            self._end_row(table)
        if not table.row:
            self._flow.begin_row()
            table.row = True
        if tag != "tr":
            table.columns = whole_number(attributes.get("colspan") or "", 3, 1)
            self._flow.begin_cell()

    def _end_table_part(self, tag: str) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        self._end_cell(table)
        if tag in ("tr", "table"):
            self._end_row(table)
        if tag == "table":
            self._tables.pop()
            self._flow.end_table()

    def _end_cell(self, table: "_Table") -> None:
        if table.columns:
            self._flow.end_cell(table.columns)
            table.columns = 0

    def _end_row(self, table: "_Table") -> None:
        if table.row:
            self._flow.end_row()
            table.row = False


@dataclass(slots=True)
class _List:
    """An ordered list."""

    next: int
    step: int
    form: Callable[[int], str]

    @classmethod
    def of(cls, attributes: dict[str, str | None]) -> "_List":
        """As its element says. One that counts down from the number of its items, which is not known yet,
        counts up."""
        start = _whole(attributes.get("start") or "")
        down = "reversed" in attributes and start is not None
        form = LETTERED.get(attributes.get("type") or "", decimal)
        return cls(1 if start is None else start, -1 if down else 1, form)

    def marker(self, value: str) -> str:
        """The number of the next item; ``value``: the one that the item itself has."""
        own = _whole(value)
        number = self.next if own is None else own
        self.next = number + self.step
        return f"{self.form(number)}."


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    """Whether an element says of itself that it is not shown, as the first words of many a mail do."""
    return "hidden" in attributes or bool(_NOT_SHOWN.search(attributes.get("style") or ""))


def _whole(text: str) -> int | None:
    """A whole number; None if it is none."""
    found = _NUMBER.match(text)
    return int(found[1]) if found else None


@dataclass(slots=True)
class _Choice:
    """A ``select``: a box that shows the one that is chosen, or a list of all."""

    whole: bool
    options: list[list[str]] = field(default_factory=list)
    chosen: int = 0

    @classmethod
    def of(cls, attributes: dict[str, str | None]) -> "_Choice":
        """As its element says."""
        return cls("multiple" in attributes or (_whole(attributes.get("size") or "") or 0) > 1)

    def begin(self, tag: str, attributes: dict[str, str | None]) -> None:
        """An element in it, of which a browser knows few."""
        if tag == "option":
            if "selected" in attributes:
                self.chosen = len(self.options)
            self.options.append([])

    def take(self, text: str) -> None:
        """What stands in it; beside its options that is nothing."""
        if self.options:
            self.options[-1].append(text)

    def shown(self) -> list[str]:
        """The options that are seen."""
        every = [_SPACE.sub(" ", "".join(parts)).strip() for parts in self.options]
        return [text for text in (every if self.whole else every[self.chosen : self.chosen + 1]) if text]


@dataclass(slots=True)
class _Table:
    row: bool = False
    """A row is open."""
    columns: int = 0
    """So many columns wide is the cell that is open; 0: none is."""
