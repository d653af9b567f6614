"""Finding the text of added tokens, such as ``<|endoftext|>``, before a text is cut."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

_KEY_BYTES = 4
"""Tokens that share this many first bytes are looked for together (see `_keys`)."""


class AddedTokenFinder:
    """Finds the added tokens in a text: the leftmost first, and of those the longest."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = {text.encode(): token_id for text, token_id in ids.items()}
        self._keys = _keys(self._ids)

    def occurs(self, data: bytes) -> bool:
        """Whether a token may be in ``data``; a False is certain."""
        # Python's substring search passes over gigabytes a second; the pattern below, a tenth of that.
        return any(key in data for key in self._keys)

    def find(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        """Each added token in ``data``: its start and end in bytes, and its id."""
        if self.occurs(data):
            for match in self._pattern.finditer(data):
                yield match.start(), match.end(), self._ids[match.group()]

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        longest_first = sorted(self._ids, key=len, reverse=True)
        return re.compile(b"|".join(re.escape(text) for text in longest_first))


def _keys(texts: Mapping[bytes, int]) -> list[bytes]:
    """A few byte strings of which every token holds one: what the tokens of each group begin with."""
    groups: dict[bytes, bytes] = {}
    for text in texts:
        start = text[:_KEY_BYTES]
        groups[start] = _common_start(groups.get(start, text), text)
    return list(groups.values())


def _common_start(a: bytes, b: bytes) -> bytes:
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return a[:i]
    return min(a, b, key=len)
