"""Where a SentencePiece text cannot be tokenized by a byte-level engine: see `sentencepiece.vocabulary`."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from heapq import merge

from tokviz.tokenization.byte_search import ByteSearch
from tokviz.tokenization.sentencepiece.vocabulary import Rewriting
from tokviz.tokenization.token_tables import SPACE

_LINE_END = re.compile(rb"\n+")
"""No token holds a line end and anything else; those that follow each other stay together."""
_WORDS = re.compile(rb" +[^ \n]*\n*|[^ \n]+\n*|\n+")
"""A word with the spaces before it and the line ends after it: no token reaches from one into the next, but
those that `UnsafeSpans` knows."""


class UnsafeSpans:
    """Finds the parts of a text that cannot be rewritten: those with the text of a crossing token."""

    def __init__(self, crossing: Collection[str], rewriting: Rewriting) -> None:
        # The shortest will do: a text with a longer one has a shorter one too.
        shortest = [text for text in crossing if not any(o != text and o in text for o in crossing)]
        in_ascii = [text.encode() for text in shortest if text.isascii()]
        self.reported = [rewriting.text(text).decode() for text in in_ascii]
        """Those that the engine is to look for in a rewritten text: for few short ones it does so in passing.
        (Where a space of one merges with another space first, the rewritten text does not hold it.)"""
        # U+2581 is a space to SentencePiece.
        unreported = [SPACE.encode(), *rewriting.reserved]
        self._unreported = ByteSearch(unreported)
        self._reported = ByteSearch(in_ascii)
        self._literals = [*unreported, *in_ascii]
        self._others = [text for text in shortest if not text.isascii()]
        self._over_words = ByteSearch(
            [SPACE.encode(), *(text.encode() for text in shortest if " " in text[1:])]
        )

    def unreported(self, data: bytes) -> bool:
        """Whether ``data`` holds any but the ``reported`` ones."""
        if self._unreported.occurs(data):
            return True
        return not data.isascii() and bool(self._others) and self._pattern.search(data) is not None

    def lines(self, data: bytes) -> Iterator[tuple[bytes, bool]]:
        """The text in order, in parts of whole lines, each with whether it can be rewritten."""
        at = 0
        for found in self._found(data):
            if found >= at:
                start = max(at, data.rfind(b"\n", at, found) + 1)
                if start > at:
                    yield data[at:start], True
                at = _end_of_line(data, found)
                yield data[start:at], False
        if at < len(data):
            yield data[at:], True

    def words(self, line: bytes) -> Iterator[tuple[bytes, bool]]:
        """The same for a line that cannot, in parts of whole words with the spaces before them."""
        if self._over_words.occurs(line):
            yield line, False
            return
        start, easy = 0, True
        for word in _WORDS.finditer(line):
            is_easy = not (self._reported.occurs(word.group()) or self.unreported(word.group()))
            if is_easy != easy:
                if word.start() > start:
                    yield line[start : word.start()], easy
                start, easy = word.start(), is_easy
        yield line[start:], easy

    def _found(self, data: bytes) -> Iterator[int]:
        """Where in ``data`` each text of a crossing token begins, in order; one may come twice."""
        return merge(*(_occurrences(text, data) for text in self._literals), self._other_found(data))

    def _other_found(self, data: bytes) -> Iterator[int]:
        if self._others and not data.isascii():
            yield from (match.start() for match in self._pattern.finditer(data))

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        followers: dict[str, list[str]] = {}
        for text in self._others:
            followers.setdefault(text[0], []).append(text[1:])
        choices = (f"{re.escape(c)}(?:{'|'.join(map(re.escape, f))})" for c, f in followers.items())
        return re.compile("|".join(choices).encode())


def _occurrences(text: bytes, data: bytes) -> Iterator[int]:
    at = data.find(text)
    while at >= 0:
        yield at
        at = data.find(text, at + 1)


def _end_of_line(data: bytes, at: int) -> int:
    """The end of the line ends after ``at``."""
    match = _LINE_END.search(data, at)
    return match.end() if match else len(data)
