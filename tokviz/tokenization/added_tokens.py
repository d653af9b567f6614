"""Finding the text of added tokens, such as ``<|endoftext|>``, before a text is cut."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from tokviz.tokenization.byte_search import ByteSearch, keys


class AddedTokenFinder:
    """Finds the added tokens in a text: the leftmost first, and of those the longest."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = {text.encode(): token_id for text, token_id in ids.items()}
        self._search = ByteSearch(keys(self._ids))

    def occurs(self, data: bytes) -> bool:
        """Whether a token may be in ``data``; a False is certain."""
        # The pattern below would take ten times as long.
        return self._search.occurs(data)

    def find(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        """Each added token in ``data``: its start and end in bytes, and its id."""
        if self.occurs(data):
            for match in self._pattern.finditer(data):
                yield match.start(), match.end(), self._ids[match.group()]

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        longest_first = sorted(self._ids, key=len, reverse=True)
        return re.compile(b"|".join(re.escape(text) for text in longest_first))
