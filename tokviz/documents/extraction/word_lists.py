"""How the lists of a Word document are marked, and how far each has counted."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tokviz.documents.extraction.ordinals import decimal, padded, repeated_letters, roman, upper
from tokviz.documents.extraction.output import whole_number
from tokviz.documents.extraction.package import End, Package, Start

_FORMS: dict[str, Callable[[int], str]] = {
    "decimalZero": padded,
    "lowerLetter": repeated_letters,
    "upperLetter": upper(repeated_letters),
    "lowerRoman": roman,
    "upperRoman": upper(roman),
}
"""Of numbers; others, such as Chinese ones, are written as digits."""
_BULLETS = frozenset(("bullet", "none"))
_PLACE = re.compile(r"%([1-9])")
"""Where the number of a level stands in the marks of an item."""
_MOST_MARK = 40


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = "bullet"
    text: str | None = None
    """The marks of an item, with “%2” for the number of the second level; None: the number and a dot."""
    start: int = 0
    """What is left out is 0: so the format says, and so Word does."""
    digits: bool = False
    """The numbers of outer levels are written as digits, however those have them."""
    restart: int | None = None
    """It begins anew after an item of so many levels, or of fewer; 0: never; None: after any outer one."""


class Lists:
    """Gives the items of lists their marks, one after the other."""

    def __init__(self, package: Package, name: str) -> None:
        """``name``: the member that defines the lists."""
        self._levels: dict[tuple[str, int], _Level] = {}
        self._own: dict[tuple[str, int], _Level] = {}
        """What a list has otherwise than its definition, by the list's number."""
        self._restarts: dict[tuple[str, int], int] = {}
        self._abstract: dict[str, str] = {}
        self._linked: dict[str, str] = {}
        """The style that a definition takes its levels from."""
        self._styled: dict[str, str] = {}
        """The definition behind such a style."""
        self._counted: dict[str, dict[int, int]] = {}
        self._read(package, name)

    def _read(self, package: Package, name: str) -> None:
        abstract = number = ""
        level = 0
        for event in package.events(name) if name in package.names else ():
            if isinstance(event, End) and event.tag in ("abstractNum", "num"):
                abstract = number = ""
            if not isinstance(event, Start):
                continue
            value = event.attributes.get("val", "")
            match event.tag:
                case "abstractNum":
                    abstract = event.attributes.get("abstractNumId", "")
                case "num":
                    number = event.attributes.get("numId", "")
                case "abstractNumId":
                    self._abstract[number] = value
                case "numStyleLink":
                    self._linked[abstract] = value
                case "styleLink":
                    self._styled[value] = abstract
                case "lvl" | "lvlOverride":
                    level = small(event.attributes.get("ilvl", ""))
                case "startOverride" if value.isdecimal():
                    self._restarts[number, level] = small(value)
                case _ if number or abstract:
                    self._define((number or abstract, level), bool(number), event.tag, value)

    def _define(self, key: tuple[str, int], own: bool, tag: str, value: str) -> None:
        levels = self._own if own else self._levels
        level = levels.get(key, _Level())
        match tag:
            case "numFmt":
                levels[key] = replace(level, form=value)
            case "lvlText":
                levels[key] = replace(level, text=value[:_MOST_MARK])
            case "start":
                levels[key] = replace(level, start=small(value))
            case "lvlRestart":
                levels[key] = replace(level, restart=small(value))
            case "isLgl":
                levels[key] = replace(level, digits=value not in ("0", "false", "off"))

    def marker(self, number: str, level: int) -> str:
        """“-”, “3.” or “(c)” for the next item of a list; “” where only the indentation tells it."""
        rule = self._level(number, level)
        counted = self._count(number, level)
        text = rule.text
        if text is not None and not text.strip():
            return ""
        if rule.form in _BULLETS and not (rule.form == "none" and text and any(map(str.isalnum, text))):
            return "-"
        if text is None:
            return f"{_FORMS.get(rule.form, decimal)(counted[level])}."

        def written(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            form = self._level(number, place).form
            if place > level or form == "none":
                return ""
            return _FORMS.get("" if rule.digits and place < level else form, decimal)(counted[place])

        return " ".join(_PLACE.sub(written, text).split())

    def _level(self, number: str, level: int) -> _Level:
        abstract = self._definition(number)
        return self._own.get((number, level)) or self._levels.get((abstract, level)) or _Level()

    def _definition(self, number: str) -> str:
        abstract = self._abstract.get(number, "")
        return self._styled.get(self._linked.get(abstract, ""), abstract)

    def _count(self, number: str, level: int) -> dict[int, int]:
        """The numbers of the levels at the next item."""
        counted = self._counted.setdefault(self._definition(number) or f"-{number}", {})
        for inner in [each for each in counted if each > level]:
            restart = self._level(number, inner).restart
            if restart is None or level < restart:
                del counted[inner]
        for outer in range(level):  # the first item of all may be one of an inner level
            counted.setdefault(outer, self._level(number, outer).start)
        first = self._restarts.pop((number, level), None)
        if first is None:
            first = counted[level] + 1 if level in counted else self._level(number, level).start
        counted[level] = first
        return counted


def small(text: str, least: int = 0) -> int:
    """A number from 0 (or ``least``) to 1,000."""
    return min(max(whole_number(text, 6, least), least), 1_000)
