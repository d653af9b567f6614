"""The fast engine, gigatoken: called off Python's lock, and with few imports."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.engine import refusal
from tokviz.tokenization.memory import MemoryBound, require_room
from tokviz.tokenization.tokenizer_info import Kind
from tokviz.tokenization.vocabularies import Vocabulary

if TYPE_CHECKING:
    import gigatoken

SEPARATOR = "\U0010fffe\U0010ffff"
"""Stands between texts that are encoded in one call: two noncharacters, of which no part repeats another,
so it is found where it was put. A text that holds it itself is encoded without."""
_SEPARATOR = SEPARATOR.encode()

_SMALL = 1 << 18
"""Bytes below which a plain call is better: it holds Python's lock, but for few milliseconds, and spares
a copy of the vocabulary for each thread (30 to 200 ms of a processor at first)."""
_FIRST, _AT_FIRST = 1 << 20, 4 << 20
"""The same, until so much is encoded in all: a plain call takes 10 to 40 ms for a MB, and a run that counts
little is over before the copies pay."""


@dataclass(frozen=True, slots=True)
class EncodedBatch:
    """The ids of several texts: those of text i are ``ids[starts[i]:ends[i]]``."""

    ids: NDArray[np.uint32]
    """``uint32``: all ids in order, with a separator's between two texts."""
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


class GigatokenEncoder:
    """One loaded gigatoken tokenizer. Safe to call from several threads.

    ``load`` gives a new one: with SEPARATOR as an added token of the id ``separator_id``, or without.
    ``memory`` says when it must be loaded anew.
    """

    def __init__(
        self, load: Callable[[bool], "gigatoken.Tokenizer"], separator_id: int, memory: MemoryBound
    ) -> None:
        from gigatoken import BytesSource

        self._source = BytesSource
        self._load = load
        self._separator_id = separator_id
        self._memory = memory
        # gigatoken's `encode` wants its tokenizer for itself ("Already borrowed"); batches may share it.
        self._free = threading.Condition()
        self._sharing = 0
        self._waiting = 0
        self._encoded = 0
        """Bytes, since it was loaded."""
        self._tokenizer: gigatoken.Tokenizer | None = None
        self._plain: gigatoken.Tokenizer | None = None
        """The one without SEPARATOR, once a text has held it."""
        self._must_forget = False
        self._loaded()

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """The ids of one text: ``uint32[n]``."""
        return self._encode_plain(data) if _holds_separator(data) else self._encode(data, parallel=True)

    def encode_many(self, batch: Sequence[bytes], parallel: bool = True) -> EncodedBatch:
        """The ids of several texts (at least one); ``parallel``: on all processors."""
        if not any(_holds_separator(data) for data in batch):
            ids = self._encode(_SEPARATOR.join(batch), parallel)
            at = _positions(ids == self._separator_id)
            return EncodedBatch(ids, np.append(0, at + 1), np.append(at, len(ids)))
        each = [self.encode(data) for data in batch]
        between = np.array([self._separator_id], np.uint32)
        ends = np.cumsum([len(ids) + 1 for ids in each], dtype=np.int64) - 1
        ids = np.concatenate([part for ids in each for part in (ids, between)])[:-1]
        return EncodedBatch(ids, np.append(0, ends[:-1] + 1), ends)

    def forget(self) -> None:
        """See Forgetful."""
        self._must_forget = True
        # If somebody has just begun or ended, they do it.
        if self._free.acquire(blocking=False):
            self._forget_if_asked()
            self._free.release()

    def _encode(self, data: bytes, parallel: bool) -> NDArray[np.uint32]:
        if self._is_small(len(data)):
            ids = self._alone(lambda tokenizer: tokenizer.encode(data))
        elif parallel:
            ids = self._shared(lambda tokenizer: self._encode_large(tokenizer, data, True))
        else:
            ids = self._alone(lambda tokenizer: self._encode_large(tokenizer, data, False))
        self._memory.note(self, len(data))
        return ids

    def _is_small(self, size: int) -> bool:
        """Whether a plain call is better for a text of so many bytes."""
        self._encoded += size
        return size < (_FIRST if self._encoded < _AT_FIRST else _SMALL)

    def _encode_plain(self, data: bytes) -> NDArray[np.uint32]:
        with self._free:
            if self._plain is None:
                require_room()
                self._plain = self._load(False)
            try:
                ids: NDArray[np.uint32] = self._plain.encode(data)
            finally:
                self._forget_if_asked()
        self._memory.note(self, len(data))
        return ids

    def _encode_large(
        self, tokenizer: "gigatoken.Tokenizer", data: bytes, parallel: bool
    ) -> NDArray[np.uint32]:
        # Of the forms that release Python's lock, this one needs no awkward (0.27 s to import).
        rows, _ = tokenizer.encode_batch_padded(self._source(data), pad_id=0, parallel=parallel)
        ids: NDArray[np.uint32] = rows[0]
        return ids

    def _alone(self, encode: "Callable[[gigatoken.Tokenizer], NDArray[np.uint32]]") -> NDArray[np.uint32]:
        """Encode while nobody else does."""
        with self._free:
            self._waiting += 1
            try:
                self._free.wait_for(lambda: not self._sharing)
            finally:
                self._waiting -= 1
            try:
                return encode(self._loaded())
            finally:
                self._forget_if_asked()
                self._free.notify_all()

    def _shared(self, encode: "Callable[[gigatoken.Tokenizer], NDArray[np.uint32]]") -> NDArray[np.uint32]:
        """Encode beside others who share, after those who wait to be alone."""
        with self._free:
            self._free.wait_for(lambda: not self._waiting)
            tokenizer = self._loaded()
            self._sharing += 1
        try:
            return encode(tokenizer)
        finally:
            with self._free:
                self._sharing -= 1
                self._forget_if_asked()
                self._free.notify_all()

    def _loaded(self) -> "gigatoken.Tokenizer":
        if self._tokenizer is None:
            require_room()
            self._memory.make_room()
            start = time.thread_time()
            self._tokenizer = self._load(True)
            self._memory.loaded(self, time.thread_time() - start)
        return self._tokenizer

    def _forget_if_asked(self) -> None:
        # Those who are still encoding with it keep it until they are done.
        if self._must_forget:
            self._tokenizer, self._plain, self._must_forget = None, None, False
            self._encoded = 0


def _positions(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where the few set flags are: Python finds a byte in less than a tenth of the time that numpy takes."""
    data, found, at = flags.tobytes(), [], -1
    while (at := data.find(1, at + 1)) >= 0:
        found.append(at)
    return np.array(found, np.int64)


def _holds_separator(data: bytes) -> bool:
    # Most texts are ASCII, which shows at once.
    return not data.isascii() and _SEPARATOR in data


class GigatokenEngine:
    """Tokenizes with gigatoken, loaded without added tokens, which it would recognize inside a text.

    ImportError where it is not installed; EngineError where it cannot read the vocabulary.
    """

    name = "gigatoken"

    def __init__(self, vocabulary: Vocabulary, memory: MemoryBound) -> None:
        self._vocabulary = vocabulary
        self._first_id = vocabulary.info.first_id
        with refusal(self.name):
            self._encoder = GigatokenEncoder(self._load, vocabulary.info.vocabulary_size, memory)

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """See Engine."""
        ids = self._encoder.encode(data)
        return ids + np.uint32(self._first_id) if self._first_id else ids

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Engine."""
        encoded = self._encoder.encode_many(batch, parallel)
        return encoded.ends - encoded.starts

    def _load(self, with_separator: bool) -> "gigatoken.Tokenizer":
        from gigatoken import Tokenizer

        info = self._vocabulary.info
        if info.kind is Kind.RANKS:
            self._vocabulary.data()  # checks the file
            # An id that no rank has; the vocabulary's size counts the special tokens too.
            added = {SEPARATOR: info.vocabulary_size} if with_separator else {}
            with self._vocabulary.as_file() as path:
                return Tokenizer.from_tiktoken(str(path), pretokenizer=info.scheme, special_tokens=added)
        data = self._vocabulary.tokenizer_json()
        return Tokenizer.from_json(
            with_added_token(data, SEPARATOR, info.vocabulary_size) if with_separator else data
        )


def with_added_token(tokenizer_json: bytes, text: str, token_id: int) -> bytes:
    """A ``tokenizer.json`` of tokviz's own, which has no added tokens, with one."""
    token = f'{{"id":{token_id},"content":"{text}","single_word":false,"lstrip":false,"rstrip":false,'
    token += '"normalized":false,"special":true}'
    return tokenizer_json.replace(b'"added_tokens":[]', f'"added_tokens":[{token}]'.encode(), 1)
