"""Where a text may be split so that its parts, tokenized one by one, give the whole's tokens.

A *split point* is a byte offset at which every token sequence certainly breaks, whatever stands further away:
``encode(a + b) == encode(a) + encode(b)``. Whether an offset is one depends on the two characters beside
it alone, so an edit elsewhere never makes or unmakes it. A rule need not know every such offset; it must
never name a wrong one. Why the rule is right:

- Tokenizers with a pre-tokenizing regex (GPT's, Llama's, DeepSeek's, tekken's, Qwen's, Claude 2's). Their
  patterns match from left to right, look behind at nothing, and look ahead only past white space. No
  alternative of theirs matches (1) an ASCII letter or digit followed by an ASCII character that is
  neither, nor an apostrophe (contractions); (2) a character that is no white space followed by a space or
  tab; (3) a CJK letter followed by such an ASCII character or by punctuation. So a match ends there, and
  the alternatives tried on the way met at the split what they meet at the end of a text. NFC and NFKC never
  join the second character to the first.
- Tokenizers without one (SentencePiece: Gemma, Mistral v3 and v7). Merging only ever builds tokens of the
  vocabulary, so nothing merges across two characters that stand side by side in no token: ``without``
  takes away the pairs that do.
- The texts of added and special tokens are found before anything else. ``without`` takes their pairs away
  too, so that no split falls inside one.

Pure functions of bytes: no engine is imported here, and the window's process uses the rules too.
"""

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

REACH = 4
"""Bytes on each side of an offset that decide whether it is a split point (a character has at most four)."""

_ALNUM = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_GRAPHIC = range(0x21, 0x7F)
_BLANKS = b" \t"
_APOSTROPHE = ord("'")
_PUNCTUATION = "—“”…、。〈〉《》「」『』【】！（），：；？"
"""What may follow a CJK letter at a split: never a letter, mark, number or apostrophe, whatever the
normalization, and of three UTF-8 bytes each."""
_SPACES = "".join(map(chr, (0x1680, 0x180E, *range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F, 0x205F)))
_SPACES += "\u3000▁\ufeff"
"""White space of three bytes by any definition, and ▁, which SentencePiece writes for a space."""
_BLOCK = 1 << 16
"""Most bytes looked at in one step."""


class Text(Protocol):
    """Bytes that can be sliced: ``bytes``, ``bytearray``, ``memoryview``, or a text buffer."""

    def __len__(self) -> int: ...

    def __getitem__(self, key: slice, /) -> "bytes | bytearray | memoryview": ...


def _code(three: bytes) -> int:
    return int.from_bytes(three, "big")


_PUNCTUATION_CODES = np.array(sorted(_code(c.encode()) for c in _PUNCTUATION), np.int64)
_SPACE_CODES = np.array(sorted(_code(c.encode()) for c in _SPACES), np.int64)
# Kana without their combining marks, CJK ideographs and Hangul syllables: letters in every Unicode version.
_LETTER_CODES = [
    (_code(first.encode()), _code(last.encode()))
    for first, last in (("ぁ", "ゖ"), ("ァ", "ヺ"), ("一", "龥"), ("가", "힣"))
]
_WORD_LETTERS = [
    range(ord(first), ord(last) + 1)
    for first, last in zip(
        "ÀØøΣϷҊԱՠאؠٱऄওਓઓఒపಒഒกაበዘកḀぁァ",
        "ÖöʯϵҁԯՖֈתيۓहনਨનనహನഺะჺኈጐឳỿゖヺ",
        strict=True,
    )
]
"""Letters that Claude's tokenizer takes for parts of words, whatever the family: the first and the last of
each range."""
_WORD_CODES = [(_code(chr(some[0]).encode()), _code(chr(some[-1]).encode())) for some in _WORD_LETTERS]
"""A character of two bytes is less than 0x10000 here, one of three is more."""
_COLUMNS = 128 + len(_PUNCTUATION)


def _columns(code: NDArray[np.int64]) -> NDArray[np.int64]:
    """The table's column of each right character given as its three bytes; -1 if there is none."""
    at = np.minimum(np.searchsorted(_PUNCTUATION_CODES, code), len(_PUNCTUATION_CODES) - 1)
    return np.where(_PUNCTUATION_CODES[at] == code, 128 + at, -1)


class SafeSplitRule:
    """Says at which offsets of a text one tokenizer, in one mode, can be split. Immutable; pickles small."""

    def __init__(self, table: bytes | None = None, behind_words: bool = False) -> None:
        """``table``: one bit each for the last byte of the left character (256 rows) and the right
        character (columns: ASCII, then the CJK punctuation); None: the rule of the regex tokenizers.
        ``behind_words``: of what is not ASCII, only letters that make words stand before a split at a
        blank."""
        self._table = _base_table() if table is None else table
        self._behind_words = behind_words

    @classmethod
    def never(cls) -> "SafeSplitRule":
        """The rule of a tokenizer of which nothing is known: the text is one chunk."""
        return cls(np.packbits(np.zeros((256, _COLUMNS), np.bool_)).tobytes())

    @classmethod
    def common(cls) -> "SafeSplitRule":
        """The split points that are safe for every bundled tokenizer, special tokens being plain text. (A
        test holds it against each one's own rule.)"""
        allowed = cls()._allowed.copy()
        # What stands behind a letter or a digit in added tokens; "x[" is in MiniMax's ]<]minimax[>[ alone.
        allowed[:, list(b">]_|:")] = False
        allowed[ord("x"), ord("[")] = False
        # What ends Mistral's added tokens, and what Gemma joins to a space.
        allowed[list(b"]>")] = False
        # The CJK letters that Gemma or Mistral join to some punctuation end in one of the other bytes.
        apart = bytes.fromhex("83848586878a8e9098a0a3a7a8a9aaadb1b4b5b6b7b8babcbdbe")
        allowed[[byte for byte in range(0x80, 0xC0) if byte not in apart], 0x21:] = False
        return cls(np.packbits(allowed).tobytes())

    def __and__(self, other: "SafeSplitRule") -> "SafeSplitRule":
        """The split points that both rules know."""
        table = np.packbits(self._allowed & other._allowed).tobytes()
        return SafeSplitRule(table, self._behind_words or other._behind_words)

    def __reduce__(self) -> tuple[type["SafeSplitRule"], tuple[bytes, bool]]:
        return SafeSplitRule, (self._table, self._behind_words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SafeSplitRule) and self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash((self._table, self._behind_words))

    def without(self, texts: Iterable[bytes], ends: bool = False) -> "SafeSplitRule":
        """This rule without the split points that could fall inside one of ``texts`` (UTF-8).

        With ``ends`` none may stand just after one of them either.
        """
        allowed = self._allowed.copy()
        # 0xFF, in no UTF-8, parts the texts.
        data = np.frombuffer(b"\xff".join(texts), np.uint8)
        _forbid_pairs(allowed, data)
        if ends and len(data):
            allowed[data[np.flatnonzero(np.append(data[1:] == 0xFF, True))]] = False
        return SafeSplitRule(np.packbits(allowed).tobytes(), self._behind_words)

    def next_split(self, text: Text, start: int, stop: int) -> int:
        """The first split point in ``start <= offset <= stop``; -1 if there is none. The text's own ends
        are not. Costs about 2 ns a byte looked at."""
        start, stop = max(start, 1), min(stop, len(text) - 1)
        size = 256
        while start <= stop:
            block = min(start + size, stop + 1)
            found = self._split_points(text, start, block)
            if len(found):
                return int(found[0])
            start, size = block, min(size * 4, _BLOCK)
        return -1

    def previous_split(self, text: Text, start: int, stop: int) -> int:
        """The last split point in ``start <= offset <= stop``; -1 if there is none."""
        start, stop = max(start, 1), min(stop, len(text) - 1)
        size = 256
        while start <= stop:
            block = max(stop + 1 - size, start)
            found = self._split_points(text, block, stop + 1)
            if len(found):
                return int(found[-1])
            stop, size = block - 1, min(size * 4, _BLOCK)
        return -1

    def chunk_ends(self, text: Text, about: int) -> list[int]:
        """The ends of successive chunks of ``about`` bytes each, or longer where there is none; the
        last is ``len(text)``. An empty text has none."""
        ends: list[int] = []
        start = 0
        while start < len(text):
            end = self.previous_split(text, start + about // 2, start + about) if about > 1 else -1
            if end < 0:
                end = self.next_split(text, start + about, len(text))
            start = len(text) if end < 0 or len(text) - start <= about else end
            ends.append(start)
        return ends

    @cached_property
    def _allowed(self) -> NDArray[np.bool_]:
        bits = np.unpackbits(np.frombuffer(self._table, np.uint8), count=256 * _COLUMNS)
        return bits.reshape(256, _COLUMNS).view(np.bool_)

    @cached_property
    def _coarse(self) -> NDArray[np.bool_]:
        """``bool[65536]``: which pairs of bytes may have a split point between them."""
        coarse = np.zeros((256, 256), np.bool_)
        coarse[:, :128] = self._allowed[:, :128]
        for column, code in enumerate(_PUNCTUATION_CODES.tolist(), 128):
            coarse[:, code >> 16] |= self._allowed[:, column]
        return coarse.reshape(65536)

    def _split_points(self, text: Text, start: int, stop: int) -> NDArray[np.int64]:
        """Every split point in ``start <= offset < stop``, for 1 <= start and stop <= len(text)."""
        low = max(start - 3, 0)
        data = np.frombuffer(bytes(text[low : stop + 2]), np.uint8)
        first, last = start - low, stop - low
        pairs = (data[first - 1 : last - 1].astype(np.uint16) << 8) | data[first:last]
        found = np.flatnonzero(self._coarse[pairs])
        if not len(found):
            return found
        at = found + first
        doubtful = (data[at - 1] | data[at]) >= 0x80
        if doubtful.any():
            sure = ~doubtful
            sure[doubtful] = self._confirm(data, at[doubtful])
            at = at[sure]
        return at + low

    def _confirm(self, data: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the offsets beside characters of several bytes are split points."""
        wide = np.concatenate([np.zeros(3, np.uint8), data, np.zeros(2, np.uint8)])
        left, right, before, after = _codes(wide, at), _codes(wide, at + 3), wide[at + 2], wide[at + 3]
        column = np.where(after < 0x80, after, _columns(right))
        blank = (column == _BLANKS[0]) | (column == _BLANKS[1])
        letter = _within(left, _LETTER_CODES)
        if self._behind_words:
            parted = _within(left, _WORD_CODES) | _within(left & 0xFFFF, _WORD_CODES)
        else:
            parted = ~(np.isin(left, _SPACE_CODES) | np.isin(left & 0xFFFF, (0xC285, 0xC2A0)))
        fits = np.where(before < 0x80, column < 128, np.where(blank, parted, letter))
        known: NDArray[np.bool_] = self._allowed[before, np.maximum(column, 0)]
        return fits & (column >= 0) & known


def _forbid_pairs(allowed: NDArray[np.bool_], data: NDArray[np.uint8]) -> None:
    """Take away, in place, every pair of neighbours that stands inside ``data``."""
    narrow = np.flatnonzero(data[1:] < 0x80)
    allowed[data[narrow], data[narrow + 1]] = False
    # All punctuation of three bytes begins with one of these, and no code runs past the end.
    wide = np.flatnonzero(np.isin(data[1:-2], _PUNCTUATION_CODES >> 16))
    column = _columns(_codes(data, wide + 1))
    allowed[data[wide[column >= 0]], column[column >= 0]] = False


def _within(codes: NDArray[np.int64], ranges: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    within = np.zeros(len(codes), np.bool_)
    for low, high in ranges:
        within |= (codes >= low) & (codes <= high)
    return within


def _codes(data: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The three bytes at each offset as one number."""
    first, second, third = (data[at + n].astype(np.int64) for n in range(3))
    return (first << 16) | (second << 8) | third


@cache
def _base_table() -> bytes:
    """The rule that holds for every regex tokenizer (see the top of this file)."""
    allowed = np.zeros((256, _COLUMNS), np.bool_)
    after = [byte for byte in range(128) if byte not in _ALNUM and byte != _APOSTROPHE]
    for byte in _ALNUM:
        allowed[byte, after] = True
    # The last byte of a character of several bytes; _confirm looks at the whole character.
    allowed[0x80:0xC0, after] = True
    allowed[0x80:0xC0, 128:] = True
    for blank in _BLANKS:
        allowed[_GRAPHIC, blank] = True
    return np.packbits(allowed).tobytes()
