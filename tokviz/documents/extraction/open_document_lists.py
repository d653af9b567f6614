"""How the lists and headings of OpenDocument are numbered, and how far each has counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from tokviz.documents.extraction.ordinals import LETTERED, decimal, repeated_letters, upper
from tokviz.documents.extraction.output import whole_number
from tokviz.documents.extraction.package import Start

_TRUE = "true"
_OUTLINE = ""
"""In the place of a list style's name: how headings are numbered."""
_SYNCED = {"a": repeated_letters, "A": upper(repeated_letters)}
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class _Numbers:
    """How a level of a list style counts."""

    form: str
    before: str
    after: str
    start: int
    shown: int
    """So many levels stand in a number, this one included."""
    synced: bool
    """After “z” comes “aa”, then “bb”."""

    def written(self, count: int) -> str:
        forms = LETTERED | _SYNCED if self.synced else LETTERED
        return forms.get(self.form, decimal)(count)


@dataclass(slots=True)
class _List:
    style: str
    count: int
    name: str
    """Its id."""
    fresh: bool = False
    """The item that is open has no paragraph yet."""


class Lists:
    """Follows the lists that are open, and gives items and headings their marks."""

    def __init__(self, elements: Iterator[Start]) -> None:
        """``elements``: of all members that define styles, up to the body of the last."""
        self._numbers: dict[tuple[str, int], _Numbers] = {}
        self._unnumbered: set[str] = set()
        """Styles of headings that have no number."""
        self._open: list[_List] = []
        self._outside: list[list[_List]] = []
        """The lists around the note that is read."""
        self._ended: dict[tuple[str, int], int] = {}
        self._named: dict[str, int] = {}
        """How far lists have counted that may go on later: by style and level, and by id."""
        self._headings = [0] * (_DEEPEST + 1)
        self._read(elements)

    def _read(self, elements: Iterator[Start]) -> None:
        style = ""
        for element in elements:
            given = element.attributes
            match element.tag:
                case "list-style":
                    style = given.get("name", "")
                case "list-level-style-number" if style:
                    self._define(style, given)
                case "outline-level-style":
                    self._define(_OUTLINE, given)
                case "style" if given.get("list-style-name") == "":
                    self._unnumbered.add(given.get("name", ""))
                case "body":
                    break

    def _define(self, style: str, given: dict[str, str]) -> None:
        form = given.get("num-format", "")
        shown = number(given.get("display-levels", ""), 1)
        # A bare number would read as a word of its item.
        after = "." if style and shown == 1 and "num-prefix" not in given else ""
        if form:
            self._numbers[style, number(given.get("level", ""), 1) - 1] = _Numbers(
                form,
                given.get("num-prefix", ""),
                given.get("num-suffix", after),
                number(given.get("start-value", ""), 0) if "start-value" in given else 1,
                shown,
                given.get("num-letter-sync") == _TRUE,
            )

    @property
    def depth(self) -> int:
        """So many lists are open, one in the other."""
        return len(self._open)

    def begin(self, attributes: dict[str, str]) -> None:
        """A list begins."""
        level = len(self._open)
        style = attributes.get("style-name") or (self._open[-1].style if self._open else "")
        rule = self._numbers.get((style, level))
        count = rule.start - 1 if rule else 0
        if attributes.get("continue-numbering") == _TRUE:
            count = self._ended.get((style, level), count)
        count = self._named.get(attributes.get("continue-list", ""), count)
        self._open.append(_List(style, count, attributes.get("id", "")))

    def end(self) -> None:
        """The innermost list ends."""
        if self._open:
            ended = self._open.pop()
            self._ended[ended.style, len(self._open)] = ended.count
            if ended.name:
                self._named[ended.name] = ended.count

    def begin_item(self, attributes: dict[str, str]) -> None:
        """An item of the innermost list begins."""
        if self._open:
            innermost = self._open[-1]
            if start := attributes.get("start-value"):
                innermost.count = number(start, 0) - 1
            innermost.count += 1
            innermost.fresh = True

    def begin_note(self) -> None:
        """A note begins, which stands in none of the lists around it."""
        self._outside.append(self._open)
        self._open = []

    def end_note(self) -> None:
        """The note ends."""
        self._open = self._outside.pop()

    def marker(self) -> str:
        """“-”, “3.” or “(c)” at the first paragraph of an item; “” at the others and outside of lists."""
        if not self._open or not self._open[-1].fresh:
            return ""
        innermost = self._open[-1]
        innermost.fresh = False
        counts = [each.count for each in self._open]
        return self._mark(innermost.style, counts) or "-"

    def heading(self, level: int, attributes: dict[str, str]) -> str:
        """The number of a heading of ``level``, which may be that of the list that it stands in."""
        if attributes.get("is-list-header") == _TRUE or attributes.get("style-name") in self._unnumbered:
            return ""
        if self._open:
            mark = self.marker()
            return "" if mark == "-" else mark
        if not 0 < level <= _DEEPEST:
            return ""
        counts = self._headings
        rule = self._numbers.get((_OUTLINE, level - 1))
        counts[level] = max(counts[level] + 1, rule.start if rule else 1)
        counts[level + 1 :] = [0] * (_DEEPEST - level)
        return self._mark(_OUTLINE, [max(count, 1) for count in counts[1 : level + 1]])

    def _mark(self, style: str, counts: list[int]) -> str:
        """The number of the last of ``counts``, those of all levels around it; “” if it has none."""
        last = len(counts) - 1
        rule = self._numbers.get((style, last))
        if rule is None:
            return ""
        levels = range(max(0, last + 1 - rule.shown), last + 1)
        shown = (self._numbers[style, i].written(counts[i]) for i in levels if (style, i) in self._numbers)
        return " ".join(f"{rule.before}{'.'.join(shown)}{rule.after}".split())


def number(text: str, least: int) -> int:
    """A number of at most eight digits."""
    return max(whole_number(text, 8, least), least)
