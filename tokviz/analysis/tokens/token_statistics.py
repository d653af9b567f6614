"""The statistics of a text taken in chunk by chunk, so that a large one stalls nothing."""

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.characters import Text, character_end, character_start
from tokviz.analysis.tokens.statistics import Statistics, TextSize, TokenFrequency, whitespace
from tokviz.analysis.tokens.token_map_list import TokenRun
from tokviz.analysis.tokens.token_map_pieces import UNKNOWN

_BREAKS = (0x0A, 0x0D)


class TokenStatistics:
    """Adds up what ``statistics`` says of a whole text, fed with all its tokens in order."""

    def __init__(self) -> None:
        self._bytes = self._characters = self._words = self._breaks = 0
        self._tokens = self._blank_tokens = self._blank_bytes = 0
        self._after_blank = True
        self._last = 0
        self._occurrences = np.zeros(0, np.int64)

    @property
    def known_bytes(self) -> int:
        """How much of the text was taken in."""
        return self._bytes

    @property
    def distinct(self) -> int:
        """How many different tokens there are."""
        return int(np.count_nonzero(self._occurrences))

    def feed(self, text: Text, run: TokenRun) -> None:
        """Take in the next tokens, which are all known."""
        self._count_ids(run.ids)
        low, high = self._bytes, int(run.ends[-1]) if len(run) else self._bytes
        if high == low:
            return
        codes, space = _codes_and_blanks(text, low, high)
        self._bytes = high
        self._characters += int(np.count_nonzero((codes & 0xC0) != 0x80))
        self._words += int(np.count_nonzero(space[:-1] > space[1:])) + int(self._after_blank and not space[0])
        self._after_blank = bool(space[-1])
        self._count_breaks(codes)
        self._blank_bytes += int(np.count_nonzero(space))
        starts = run.starts[run.ends > run.starts] - low
        self._blank_tokens += int(np.count_nonzero(np.logical_and.reduceat(space, starts)))

    def result(self, frequent: int = 50) -> Statistics:
        """What has been taken in so far, with the ``frequent`` most frequent tokens."""
        unfinished = int(bool(self._bytes) and self._last not in _BREAKS)
        return Statistics(
            size=TextSize(self._bytes, self._characters, self._words, self._breaks + unfinished),
            tokens=self._tokens,
            whitespace_tokens=self._blank_tokens,
            whitespace_bytes=self._blank_bytes,
            frequent=self._frequent(frequent),
        )

    def _count_ids(self, ids: NDArray[np.uint32]) -> None:
        known = ids[ids != UNKNOWN].astype(np.int64)
        self._tokens += len(known)
        counts = np.bincount(known, minlength=len(self._occurrences))
        if len(counts) > len(self._occurrences):
            counts[: len(self._occurrences)] += self._occurrences
            self._occurrences = counts
        else:
            self._occurrences += counts

    def _count_breaks(self, codes: NDArray[np.uint8]) -> None:
        feeds = codes == 0x0A
        returns = codes == 0x0D
        pairs = int(np.count_nonzero(returns[:-1] & feeds[1:])) + int(self._last == 0x0D and bool(feeds[0]))
        self._breaks += int(np.count_nonzero(feeds)) + int(np.count_nonzero(returns)) - pairs
        self._last = int(codes[-1])

    def _frequent(self, most: int) -> tuple[TokenFrequency, ...]:
        present = np.flatnonzero(self._occurrences)
        order = present[np.argsort(-self._occurrences[present], kind="stable")[:most]]
        return tuple(TokenFrequency(int(i), int(self._occurrences[i])) for i in order)


def _codes_and_blanks(text: Text, low: int, high: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The bytes of a part, and which belong to white space: also those of a character cut by an edge."""
    first, last = character_start(text, low), character_end(text, high)
    codes = np.frombuffer(text, np.uint8, last - first, first).copy()
    inside = slice(low - first, high - first)
    return codes[inside], whitespace(codes)[inside]
