"""A packed text in parts that each keep to a number of tokens, all that stands around the files included.

A part ends where a file does. Only a file that does not fit into a part of its own is divided, at the ends of
lines where they allow it. All parts together hold every byte of every file, each once.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tokviz.analysis import formatting
from tokviz.analysis.codebase.packing import PackedFile, PackLayout, PackPart, numbered, pack, packed_file
from tokviz.analysis.tokens.chunking import TooFewTokensError, take
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.analysis.tokens.token_gauge import Gauge
from tokviz.language import _, number

CountTexts = Callable[[Sequence[bytes]], Sequence[int]]
"""The tokens of each text by itself: of an estimate the high end."""
MakeGauge = Callable[[bytes], Gauge]
LEAST_DIGITS = 3
"""Of the numbers in the parts' names."""
_TRIES = 20
"""Of a piece that turns out too large, because tokens at the edges of texts that are joined may be others;
and of the number of parts."""


class CannotSplitError(ValueError):
    """So few tokens that no parts can be made; ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes ``start`` to ``end`` of a file's text, as it is packed."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One part, as it is to be written."""

    text: bytes
    tokens: int
    """Of all of it, counted as it stands here."""
    contents: tuple[str, ...]
    """The files in it; of one that is divided, which piece."""
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Item:
    """A file, or what is left of one that is divided."""

    file: PackedFile
    end: int
    tokens: int
    """With what stands around it, roughly."""
    start: int = 0
    line: int = 1
    """In which it begins."""

    def packed(self) -> PackedFile:
        """As it is packed."""
        whole = self.file.text
        if not self.start and self.end == len(whole):
            return self.file
        text = whole[self.start : self.end]
        last = self.line + _breaks(text) - _ends_line(text)
        named = f"lines {self.line:,}–{last:,}" if last > self.line else f"line {self.line:,}"  # verbatim
        of = _breaks(whole) + 1 - _ends_line(whole)
        goes_on = self.start and not _ends_line(whole[: self.start][-1:])
        piece = f"{named} of {of:,}{', continued' if goes_on else ''}"  # verbatim
        return self.file._replace(text=text, piece=piece)

    def divided(self, end: int, tokens: int) -> "tuple[_Item, _Item | None]":
        """What ends at ``end``, of so many ``tokens``, and what is left."""
        first = _Item(self.file, end, tokens, self.start, self.line)
        if end == self.end:
            return first, None
        line = self.line + _breaks(self.file.text[self.start : end])
        return first, _Item(self.file, self.end, max(1, self.tokens - tokens), end, line)


class PackSplitter:
    """Makes the parts of one packed text."""

    def __init__(
        self,
        name: str,
        paths: Sequence[str],
        layout: PackLayout,
        most: int,
        count: CountTexts,
        gauge: MakeGauge,
    ) -> None:
        """``name``, ``paths``, ``layout``: see ``pack``; ``most``: tokens of a part. TemplateError if the
        layout does not say which part one is."""
        layout.check(split=True)
        self._name = name
        self._paths = paths
        self._layout = layout
        self._most = most
        self._count = count
        self._gauge = gauge

    def parts(self, files: Sequence[PackedFile]) -> list[SplitPart]:
        """The parts in order. CannotSplitError where not even a piece of a file fits into one."""
        if self._layout.line_numbers:
            files = [numbered(file) for file in files]
        wrapped = [packed_file(self._name, file, self._layout) for file in files]
        labels = [f"{file.label}\n".encode() for file in files]
        weights = [sum(pair) for pair in zip(self._count(wrapped), self._count(labels), strict=True)]
        del wrapped
        of, tried = self._likely_number(weights), set[int]()
        for _try in range(_TRIES):
            items = (_Item(file, len(file.text), many) for file, many in zip(files, weights, strict=True))
            parts = self._filled(deque(items), of)
            if len(parts) < of and len(parts) in tried:
                # With one part less the text at the end does not fit into the last one: it has its own.
                parts += [self._part([], number, of) for number in range(len(parts) + 1, of + 1)]
            if len(parts) == of:
                return parts
            tried.add(of)
            of = len(parts)
        raise self._refusal()

    def _likely_number(self, weights: Sequence[int]) -> int:
        """How many parts there will be, if all adds up; their number stands in every one of them."""
        number, room = 1, self._most - self._part([], 1, 9).tokens
        later = max(1, self._most - self._part([], 2, 9).tokens)
        for weight in weights:
            if weight > room:
                more = -(-weight // later)
                number, room = number + more, more * later
            room -= weight
        return number

    def _filled(self, items: deque[_Item], of: int) -> list[SplitPart]:
        parts: list[SplitPart] = []
        while items or not parts:
            number = len(parts) + 1
            room = self._most - self._part([], number, of).tokens
            group: list[_Item] = []
            while items and items[0].tokens <= room:
                room -= items[0].tokens
                group.append(items.popleft())
            part = self._part(group, number, of) if group or not items else None
            while part is not None and part.tokens > self._most and group:
                items.appendleft(group.pop())
                part = self._part(group, number, of) if group else None
            parts.append(part or self._divided(items, number, of))
        return parts

    def _divided(self, items: deque[_Item], number: int, of: int) -> SplitPart:
        """A part with as much of the first item as fits; the rest of it stays in ``items``."""
        item = items.popleft()
        nothing, _all = item.divided(item.start, 0)
        most = self._most - self._part([nothing], number, of).tokens
        gauge = self._gauge(item.file.text)
        for _try in range(_TRIES):
            if most <= 0:
                break
            try:
                chunk = take(item.file.text, gauge, item.start, most, BreakAt.LINE)
            except TooFewTokensError:
                break
            first, rest = item.divided(chunk.end, chunk.tokens)
            part = self._part([first], number, of)
            if part.tokens <= self._most:
                if rest:
                    items.appendleft(rest)
                return part
            most -= part.tokens - self._most
        raise self._refusal()

    def _part(self, group: Sequence[_Item], number: int, of: int) -> SplitPart:
        files = [item.packed() for item in group]
        contents = tuple(file.label for file in files)
        place = PackPart(number, of, contents)
        text = b"".join(pack(self._name, self._paths, files, self._layout, place))
        pieces = tuple(Piece(item.file.path, item.start, item.end) for item in group)
        return SplitPart(text, self._count([text])[0], contents, pieces)

    def _refusal(self) -> CannotSplitError:
        head = self._part([], 1, 9).tokens
        most, needed = formatting.tokens(self._most), number(head)
        if head > self._most // 2:
            return CannotSplitError(
                _(
                    "No parts of {tokens} can be made: what stands at the head of the first takes "
                    "{needed} (leave the tree out, or your own text); allow more.",
                    tokens=most,
                    needed=needed,
                )
            )
        return CannotSplitError(
            _(
                "No parts of {tokens} can be made: what stands at the head of the first takes "
                "{needed}; allow more.",
                tokens=most,
                needed=needed,
            )
        )


def part_name(name: str, number: int, of: int) -> str:
    """What the file of a part is called, if the whole were ``name``: in order by name."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if stem else (name, "")
    return f"{stem}-{number:0{max(LEAST_DIGITS, len(str(of)))}}{ending}"


def _breaks(text: bytes) -> int:
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def _ends_line(text: bytes) -> bool:
    return text.endswith((b"\n", b"\r"))
