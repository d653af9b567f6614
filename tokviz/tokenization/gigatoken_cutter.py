"""Calling gigatoken: off Python's lock, with few imports, and with bounded memory."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.memory import resident_bytes

if TYPE_CHECKING:
    import gigatoken

SEPARATOR = "\U0010fffe\U0010ffff"
"""Stands between texts that are cut in one call: two noncharacters, of which no part repeats another, so it
is found where it was put. A text that holds it itself is cut without."""
_SEPARATOR = SEPARATOR.encode()

_TINY = 1 << 10
"""Bytes below which the memory is not looked at: it takes as long as cutting them."""
_SMALL = 1 << 18
"""Bytes below which a plain call is better: it holds Python's lock, but for few milliseconds, and spares
a copy of the vocabulary for each thread (30 to 70 ms at first)."""
_MOST_GROWTH = 64 << 20
"""Bytes that gigatoken 0.10 may add for the words it remembers, which it never forgets by itself."""
_MOST_TEXT = 128 << 20
"""The same limit in bytes of text, where memory cannot be measured."""


@dataclass(frozen=True, slots=True)
class CutBatch:
    """The ids of several texts: those of text i are ``ids[starts[i]:ends[i]]``."""

    ids: NDArray[np.uint32]
    """``uint32``: all ids in order, with a separator's between two texts."""
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


class GigatokenCutter:
    """One loaded gigatoken tokenizer. Safe to call from several threads, one at a time.

    ``load`` gives a new one: with SEPARATOR as an added token of the id ``separator_id``, or without.
    """

    def __init__(self, load: Callable[[bool], "gigatoken.Tokenizer"], separator_id: int) -> None:
        from gigatoken import BytesSource

        self._source = BytesSource
        self._load = load
        self._separator_id = separator_id
        self._lock = threading.Lock()
        self._tokenizer: gigatoken.Tokenizer | None = load(True)
        self._grown = 0
        self._cut = 0

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """The ids of one text: ``uint32[n]``."""
        with self._lock:
            return self._encode_one(data)

    def encode_many(self, batch: Sequence[bytes]) -> CutBatch:
        """The ids of several texts (at least one)."""
        with self._lock:
            if not any(_holds_separator(data) for data in batch):
                ids = self._encode(_SEPARATOR.join(batch))
                at = np.flatnonzero(ids == self._separator_id)
                return CutBatch(ids, np.append(0, at + 1), np.append(at, len(ids)))
            each = [self._encode_one(data) for data in batch]
        between = np.array([self._separator_id], np.uint32)
        ends = np.cumsum([len(ids) + 1 for ids in each], dtype=np.int64) - 1
        ids = np.concatenate([part for ids in each for part in (ids, between)])[:-1]
        return CutBatch(ids, np.append(0, ends[:-1] + 1), ends)

    def _encode_one(self, data: bytes) -> NDArray[np.uint32]:
        if _holds_separator(data):
            plain: NDArray[np.uint32] = self._load(False).encode(data)
            return plain
        return self._encode(data)

    def _encode(self, data: bytes) -> NDArray[np.uint32]:
        if self._tokenizer is None:
            self._tokenizer = self._load(True)
        if len(data) < _TINY:
            tiny: NDArray[np.uint32] = self._tokenizer.encode(data)
            return tiny
        before = resident_bytes()
        if len(data) < _SMALL:
            ids: NDArray[np.uint32] = self._tokenizer.encode(data)
        else:
            # Of the forms that release Python's lock, this one needs no awkward, whose import takes 0.27 s.
            rows, _ = self._tokenizer.encode_batch_padded(self._source(data), pad_id=0, parallel=True)
            ids = rows[0]
        self._bound_memory(len(data), before, ids.nbytes)
        return ids

    def _bound_memory(self, size: int, before: int | None, result: int) -> None:
        after = resident_bytes()
        if before is not None and after is not None:
            self._grown += max(0, after - before - result)
        else:
            self._grown += size * _MOST_GROWTH // _MOST_TEXT
        if self._grown > _MOST_GROWTH:
            self._grown = 0
            self._tokenizer = None


def _holds_separator(data: bytes) -> bool:
    # Most texts are ASCII, which shows at once.
    return not data.isascii() and _SEPARATOR in data
