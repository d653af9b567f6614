"""Numbers of our own for Claude's pieces: their ids are not known."""

from functools import cached_property

import numpy as np

from tokviz.tokenization.claude.spans import Numbers
from tokviz.tokenization.claude.vocabulary import CAPITALS, CLOSE, OPEN, SHIFT, Codes, Vocabulary

_BYTES = 256
_MARKS = str.maketrans("", "", OPEN + CLOSE + SHIFT + CAPITALS)


class PieceTable:
    """Which number stands for which piece: first the 256 bytes, then the known starts of characters, then the
    pieces in order. Tables are made when they are first needed: who only counts needs none."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._first_piece = _BYTES + len(vocabulary.byte_starts)

    def __len__(self) -> int:
        return self._first_piece + len(self._pieces)

    def token_bytes(self, number: int) -> bytes:
        """What it stands for in UTF-8, marks aside; KeyError if there is no such number."""
        if not 0 <= number < len(self):
            raise KeyError(number)
        if number < _BYTES:
            return bytes([number])
        if number < self._first_piece:
            return self._vocabulary.byte_starts[number - _BYTES]
        return self._pieces[number - self._first_piece].translate(_MARKS).encode()

    def numbers(self, codes: Codes, starts: Numbers, stops: Numbers, prices: Numbers) -> Numbers:
        """``int64[prices.sum()]``: those of the pieces ``codes[start:stop]``, of which each is ``price``
        tokens: more than one where a single character is no piece."""
        text = codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        numbers = self._numbers
        found: list[int] = []
        for start, stop, price in zip(starts.tolist(), stops.tolist(), prices.tolist(), strict=True):
            number = numbers.get(text[start:stop])
            if number is None:
                found += self._of_bytes(text[start:stop].encode("utf-8", "surrogatepass"), price)
            else:
                found.append(number)
        return np.array(found, np.int64)

    def _of_bytes(self, data: bytes, price: int) -> list[int]:
        """The numbers of a character that is no piece: its beginning, then a byte each."""
        first = len(data) - price + 1
        start = data[0] if first == 1 else _BYTES + self._starts[data[:first]]
        return [start, *data[first:]]

    @cached_property
    def _pieces(self) -> list[str]:
        return self._vocabulary.text.split("\0")

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {piece: number for number, piece in enumerate(self._pieces, self._first_piece)}

    @cached_property
    def _starts(self) -> dict[bytes, int]:
        return {start: number for number, start in enumerate(self._vocabulary.byte_starts)}
