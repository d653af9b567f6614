"""Values of one text's chunks (counts, normalization changes), kept right through changes of the text without
working all of them out again.

A value is whatever can be put together from the chunks' values: a number of tokens, the columns of an
estimate, a number of words, the ranges that normalization changes. Each has a name; which are wanted may
grow, as tokenizers are loaded one after the other.
"""

from collections.abc import Iterator, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from typing import Any

from tokviz.analysis.range_map import Chunk, RangeMap, Request, SplitSearch
from tokviz.text.change import Change
from tokviz.tokenization.splitting.split_points import SafeSplitRule, Text

CHUNK = 1 << 16
"""Bytes of one chunk, where there are split points: what a change has every tokenizer count again."""

_LARGE = 64 * CHUNK
"""Of more bytes than this the chunks are four times as large, so that there are not too many."""


@dataclass(slots=True, eq=False)
class _ValueChunk(Chunk):
    values: dict[str, Any] = field(default_factory=dict)

    def part(self, start: int, end: int) -> "_ValueChunk":
        return self if end - start == self.length else _ValueChunk(end - start)


class TextValues(RangeMap[_ValueChunk]):
    """The values ``names`` (which may grow) of a text of ``length`` bytes, all unknown at first."""

    def __init__(self, length: int, rule: SafeSplitRule, names: MutableSequence[str]) -> None:
        super().__init__([_ValueChunk(length)] if length else [])
        self.names = names
        self._rule = rule

    def is_valid(self, chunk: _ValueChunk) -> bool:
        return chunk.values.keys() >= set(self.names)

    def values(self, name: str) -> list[Any] | None:
        """The value of each chunk, in order; None while one is unknown."""
        if all(name in chunk.values for chunk in self._chunks):
            return [chunk.values[name] for chunk in self._chunks]
        return None

    @property
    def starts(self) -> Sequence[int]:
        """Where each chunk begins."""
        return self._starts

    def placed(self, name: str) -> Iterator[tuple[int, Any]]:
        """Where each chunk begins whose value is known, and the value."""
        for start, chunk in zip(self._starts, self._chunks, strict=True):
            if name in chunk.values:
                yield start, chunk.values[name]

    def apply(self, change: Change) -> None:
        """Forget the values of the chunks that ``change`` touches, which become one."""
        start, end = self._touched(change)
        self._replace(start, end, _ValueChunk(end - start + change.delta))

    def next_request(self, text: Text) -> tuple[Request, tuple[str, ...]] | None:
        """The first chunk that lacks values and is not requested, and their names; None: none for now.
        ``text`` is the text as it is."""
        number = self._next_waiting(0)
        if number is None:
            return None
        chunk = self._chunks[number]
        missing = tuple(name for name in self.names if name not in chunk.values)
        size = CHUNK if chunk.length <= _LARGE else 4 * CHUNK
        # A chunk that has some of the values is not divided.
        size = chunk.length if chunk.values else size
        request = self._request_first(number, size, SplitSearch(self._rule, text))
        return (request, missing) if request else None

    def deliver(self, key: int, values: Mapping[str, Any]) -> bool:
        """Apply the answer to the request ``key``; False if a change has overtaken it."""
        number = self._number_of(key)
        if number is None:
            return False
        self._chunks[number].key = 0
        self._chunks[number].values.update(values)
        return True
