"""What a text holds and how its tokens lie in it: vectorised, about 0.1 s for 10 MB."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.tokens import Tokenization

_WIDE_SPACES = tuple(
    chr(code).encode()
    for code in (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
)
"""The whitespace of Unicode beyond ASCII, in UTF-8."""
_IS_ASCII_SPACE = bytes(0x09 <= code <= 0x0D or 0x1C <= code <= 0x20 for code in range(256))
"""For each byte, 1 if it is whitespace and 0 if not: the fastest look-up there is (``bytes.translate``)."""


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
    return _size(codes, whitespace(codes))


def statistics(
    data: bytes, tokenization: Tokenization, start: int = 0, end: int | None = None, *, frequent: int = 10
) -> Statistics:
    """The statistics of ``data[start:end]`` (byte offsets); ``tokenization`` is that of all of ``data``."""
    stop = len(data) if end is None else end
    codes = np.frombuffer(data, dtype=np.uint8)[start:stop]
    space = whitespace(codes)
    first, last = 0, len(tokenization)
    if (start, stop) != (0, len(data)):
        first = tokenization.index_at(start)
        last = tokenization.index_at(stop - 1) + 1 if stop > start else first
    # Where a token reaches over an edge, only what lies within is looked at.
    ends = np.clip(tokenization.ends[first:last] - start, 0, len(codes))
    return Statistics(
        size=_size(codes, space),
        tokens=last - first,
        whitespace_tokens=_whitespace_tokens(space, ends),
        whitespace_bytes=int(np.count_nonzero(space)),
        frequent=_most_frequent(tokenization.ids[first:last], frequent),
    )


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


def _size(codes: NDArray[np.uint8], space: NDArray[np.bool_]) -> TextSize:
    if not len(codes):
        return TextSize(0, 0, 0, 0)
    characters = int(np.count_nonzero((codes & 0xC0) != 0x80))
    words = int(np.count_nonzero(space[:-1] > space[1:])) + int(not space[0])
    feeds = codes == 0x0A
    returns = codes == 0x0D
    pairs = int(np.count_nonzero(returns[:-1] & feeds[1:]))
    breaks = int(np.count_nonzero(feeds)) + int(np.count_nonzero(returns)) - pairs
    return TextSize(len(codes), characters, words, breaks + int(codes[-1] not in (0x0A, 0x0D)))


def _whitespace_tokens(space: NDArray[np.bool_], ends: NDArray[np.int64]) -> int:
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1]
    starts = starts[ends > starts]  # a token that stands for no text is no whitespace
    return int(np.count_nonzero(np.logical_and.reduceat(space, starts))) if len(starts) else 0


def _most_frequent(ids: NDArray[np.uint32], most: int) -> tuple[TokenFrequency, ...]:
    if not len(ids) or most <= 0:
        return ()
    occurrences = np.bincount(ids.astype(np.int64))
    present = np.flatnonzero(occurrences)
    order = present[np.argsort(-occurrences[present], kind="stable")[:most]]
    return tuple(TokenFrequency(int(token_id), int(occurrences[token_id])) for token_id in order)
