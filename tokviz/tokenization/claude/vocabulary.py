"""Claude's pieces: what one token may stand for, and what a character costs that no piece covers."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.claude.piece_trie import PieceTrie
from tokviz.tokenization.claude.runs import Runs

OPEN, CLOSE, SHIFT, CAPITALS = "\ue000", "\ue001", "\ue002", "\ue003"
"""The marks in a rewritten text and in pieces: where a word opens and closes, and before OPEN that its first
letter is a capital, or that all are. Private characters, of which normalization leaves none in a text."""

Codes = NDArray[np.uint32]
"""``uint32[n]``: a text's characters. 0, which no normalized text holds, parts texts."""


class Vocabulary:
    """The pieces of one vocabulary, each worth one token. Immutable; takes some 20 ms and 10 MB."""

    def __init__(self, path: Path) -> None:
        """Read the file; OSError or ValueError if it cannot be."""
        content = json.loads(path.read_bytes())
        pieces: Sequence[str] = content["pieces"]
        starts = [bytes.fromhex(text) for text in content["bytes"]]
        self.text = "\0".join(pieces)
        """The pieces, sorted, parted by NUL: a list of them would take up four times as much."""
        self.byte_starts = tuple(starts)
        """The first two or three bytes of characters that are one token together."""
        self.trie = PieceTrie(pieces)
        self.runs = Runs(pieces)
        self._low = _low_prices([piece for piece in pieces if len(piece) == 1], starts)
        self._three = np.array([_number(start) for start in starts if len(start) == 3], np.uint32)
        self._two = np.array([_number(start) for start in starts if len(start) == 2], np.uint32)

    def prices(self, codes: Codes) -> NDArray[np.uint8]:
        """``uint8[n]``: tokens of each character by itself."""
        prices: NDArray[np.uint8] = self._low[np.minimum(codes, 0xFFFF)]
        high = np.flatnonzero(codes > 0xFFFF)
        if len(high):
            code = codes[high]
            three = 0xF08080 | (code >> 18) << 16 | (code >> 12 & 0x3F) << 8 | (code >> 6 & 0x3F)
            # What opens with three known bytes costs one more token, with two known bytes two more.
            prices[high] = np.where(
                np.isin(three, self._three), 2, np.where(np.isin(three >> 8, self._two), 3, 4)
            )
        return prices


def _number(start: bytes) -> int:
    return int.from_bytes(start, "big")


def _low_prices(single: Collection[str], starts: Collection[bytes]) -> NDArray[np.uint8]:
    """``uint8[65536]``: 1 for a piece; else a token for each byte, or one less where the first two make one.

    The separator 0 costs nothing.
    """
    code = np.arange(0x10000, dtype=np.uint32)
    start = 0xE080 | (code >> 12) << 8 | (code >> 6 & 0x3F)
    known = np.isin(start, [_number(s) for s in starts if len(s) == 2])
    prices = np.select([code == 0, code < 0x80, code < 0x800], [0, 1, 2], np.where(known, 2, 3))
    prices[[ord(c) for c in single]] = 1
    return prices.astype(np.uint8)
