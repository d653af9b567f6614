"""What a text holds and how its tokens lie in it: vectorised, about 0.1 s for 10 MB."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.characters import Text, character_end, character_start
from tokviz.analysis.tokens.token_list import TokenRun
from tokviz.analysis.tokens.token_map_chunks import UNKNOWN

_WIDE_SPACES = tuple(
    chr(code).encode()
    for code in (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
)
"""The whitespace of Unicode beyond ASCII, in UTF-8."""
_IS_ASCII_SPACE = bytes(0x09 <= code <= 0x0D or 0x1C <= code <= 0x20 for code in range(256))
"""For each byte, 1 if it is whitespace and 0 if not: the fastest look-up there is (``bytes.translate``)."""
_BREAKS = (0x0A, 0x0D)


@dataclass(frozen=True, slots=True)
class TextSize:
    """The sizes of a text, or of a part of one."""

    bytes: int
    characters: int
    """Unicode code points."""
    words: int
    """Runs without whitespace, as Python's ``str.split`` has them (so a run of Chinese is one word)."""
    lines: int
    """Pieces ended by LF, CR LF or CR, and what follows the last of these; 0 for an empty text.

    So a file that ends with a line break has as many lines as ``wc -l`` says.
    """

    def __add__(self, other: "TextSize") -> "TextSize":
        """The sizes of two texts kept apart, such as two files."""
        return TextSize(
            self.bytes + other.bytes,
            self.characters + other.characters,
            self.words + other.words,
            self.lines + other.lines,
        )


@dataclass(frozen=True, slots=True)
class TokenFrequency:
    """How often a token stands in a text."""

    token_id: int
    occurrences: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The sizes of a text, or of a part of one, and how its tokens share it."""

    size: TextSize
    tokens: int
    """Tokens that hold any byte of the part: those cut by its edges count as whole."""
    whitespace_tokens: int
    """Of these, how many hold nothing but whitespace."""
    whitespace_bytes: int
    frequent: tuple[TokenFrequency, ...]
    """The most frequent tokens; of equals, the one with the smaller id first."""

    @property
    def characters_per_token(self) -> float | None:
        """None where there are no tokens."""
        return self.size.characters / self.tokens if self.tokens else None

    @property
    def bytes_per_token(self) -> float | None:
        """None where there are no tokens."""
        return self.size.bytes / self.tokens if self.tokens else None

    @property
    def tokens_per_word(self) -> float | None:
        """None where there are no words. The rule of thumb for English is 4/3."""
        return self.tokens / self.size.words if self.size.words else None

    @property
    def whitespace_token_share(self) -> float | None:
        """Of all tokens; None where there are none."""
        return self.whitespace_tokens / self.tokens if self.tokens else None

    @property
    def whitespace_byte_share(self) -> float | None:
        """Of all bytes; None where there are none."""
        return self.whitespace_bytes / self.size.bytes if self.size.bytes else None


def text_size(data: bytes | memoryview) -> TextSize:
    """The sizes of a text, which is valid UTF-8 (a part of one may begin or end inside a character).

    A character that a part holds only the end of is not counted in it.
    """
    codes = np.frombuffer(data, dtype=np.uint8)
    sizes = _Sizes()
    sizes.feed(codes, whitespace(codes))
    return sizes.result()


def whitespace(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which bytes of UTF-8 belong to whitespace characters: ``bool`` of the shape of ``codes``."""
    space = np.frombuffer(bytearray(codes.tobytes().translate(_IS_ASCII_SPACE)), dtype=np.bool_)
    for lead in {character[0] for character in _WIDE_SPACES}:
        at = np.flatnonzero(codes == lead)
        for character in _WIDE_SPACES:
            if character[0] != lead or not len(at):
                continue
            here = at[at <= len(codes) - len(character)]
            for offset, code in enumerate(character[1:], start=1):
                here = here[codes[here + offset] == code]
            for offset in range(len(character)):
                space[here + offset] = True
    return space


class _Sizes:
    """Adds up the sizes of a text that comes part by part."""

    def __init__(self) -> None:
        self.bytes = 0
        self._characters = self._words = self._breaks = 0
        self._after_blank = True
        self._last = 0

    def feed(self, codes: NDArray[np.uint8], space: NDArray[np.bool_]) -> None:
        """Take in the next bytes, with those of them that are whitespace."""
        if not len(codes):
            return
        feeds, returns = codes == 0x0A, codes == 0x0D
        pairs = int(np.count_nonzero(returns[:-1] & feeds[1:])) + int(self._last == 0x0D and bool(feeds[0]))
        self._breaks += int(np.count_nonzero(feeds)) + int(np.count_nonzero(returns)) - pairs
        self._characters += int(np.count_nonzero((codes & 0xC0) != 0x80))
        self._words += int(np.count_nonzero(space[:-1] > space[1:])) + int(self._after_blank and not space[0])
        self.bytes += len(codes)
        self._after_blank, self._last = bool(space[-1]), int(codes[-1])

    def result(self) -> TextSize:
        """The sizes of what has been taken in so far."""
        unfinished = int(bool(self.bytes) and self._last not in _BREAKS)
        return TextSize(self.bytes, self._characters, self._words, self._breaks + unfinished)


class TokenStatistics:
    """Adds up the statistics of a text that is fed with all its tokens in order, chunk by chunk."""

    def __init__(self) -> None:
        self._sizes = _Sizes()
        self._tokens = self._blank_tokens = self._blank_bytes = 0
        self._occurrences = np.zeros(0, np.int64)

    @property
    def distinct(self) -> int:
        """How many different tokens there are."""
        return int(np.count_nonzero(self._occurrences))

    def feed(self, text: Text, run: TokenRun) -> None:
        """Take in the next tokens, which are all known."""
        self._count_ids(run.ids)
        low = self._sizes.bytes
        high = int(run.ends[-1]) if len(run) else low
        if high == low:
            return
        codes, space = _codes_and_blanks(text, low, high)
        self._sizes.feed(codes, space)
        self._blank_bytes += int(np.count_nonzero(space))
        starts = run.starts[run.ends > run.starts] - low
        self._blank_tokens += int(np.count_nonzero(np.logical_and.reduceat(space, starts)))

    def result(self, frequent: int = 50) -> Statistics:
        """What has been taken in so far, with the ``frequent`` most frequent tokens."""
        return Statistics(
            size=self._sizes.result(),
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
