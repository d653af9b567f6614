"""Reads the object and list literals of a JavaScript file; nothing in it is run."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)
    |(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<mark>\.\.\.|.)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_ESCAPES = {"n": "\n", "t": "\t"}
_OPEN, _CLOSE = "([{", ")]}"
Token = tuple[str, str]


def lists_in(source: str) -> Iterator[list[Any]]:
    """The value of each ``const NAME = […]``. What is no literal (a call, a name) stands as None."""
    for found in re.finditer(r"^const \w+ = (?=\[)", source, re.MULTILINE):
        value = _Reader(source, found.end()).value()
        if isinstance(value, list):
            yield value


class _Reader:
    def __init__(self, source: str, start: int) -> None:
        self._tokens = self._cut(source, start)
        self._next: Token = next(self._tokens)

    @staticmethod
    def _cut(source: str, start: int) -> Iterator[Token]:
        for found in _TOKEN.finditer(source, start):
            if found.lastgroup and found.lastgroup != "skip":
                yield found.lastgroup, found[0]
        yield "mark", ""

    def _take(self) -> Token:
        taken, self._next = self._next, next(self._tokens, ("mark", ""))
        return taken

    def value(self) -> Any:
        """The literal that begins here, and None for any other expression."""
        kind, text = self._next
        value: Any = None
        if text == "{":
            value = self._object()
        elif text == "[":
            value = self._list()
        elif kind in ("text", "number", "word"):
            self._take()
            value = _WORDS.get(text) if kind == "word" else _plain(kind, text)
        if self._next[1] not in (",", "]", "}", ")", ";", ""):
            self._pass_over()
            value = None
        return value

    def _pass_over(self) -> None:
        """Go on to the end of an expression that is no literal."""
        depth = 0
        while self._next[1]:
            text = self._next[1]
            if depth == 0 and (text in ",;" or text in _CLOSE):
                return
            depth += (text in _OPEN) - (text in _CLOSE)
            self._take()

    def _list(self) -> list[Any]:
        self._take()
        values: list[Any] = []
        while self._next[1] not in ("]", ""):
            if self._next[1] == "...":
                self._take()
                spread = self.value()
                values += spread if isinstance(spread, list) else []
            else:
                values.append(self.value())
            if self._next[1] == ",":
                self._take()
        self._take()
        return values

    def _object(self) -> dict[str, Any]:
        self._take()
        values: dict[str, Any] = {}
        while self._next[1] not in ("}", ""):
            kind, text = self._take()
            if self._next[1] == ":":
                self._take()
                values[str(_plain(kind, text))] = self.value()
            else:
                self._pass_over()
            if self._next[1] == ",":
                self._take()
        self._take()
        return values


def _plain(kind: str, text: str) -> Any:
    if kind == "number":
        return Decimal(text)
    if kind == "text":
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])
    return text
