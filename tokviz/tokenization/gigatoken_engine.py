"""The fast engine: gigatoken."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.tokenizer_info import Kind
from tokviz.tokenization.vocabularies import Vocabulary

if TYPE_CHECKING:
    import gigatoken


class GigatokenEngine:
    """gigatoken, loaded without added tokens, which it would recognize inside a text.

    ImportError where it is not installed; EngineError where it cannot read the vocabulary.
    """

    name = "gigatoken"

    def __init__(self, vocabulary: Vocabulary) -> None:
        import gigatoken

        self._library = gigatoken.Tokenizer
        self._vocabulary = vocabulary
        self._first_id = vocabulary.info.first_id
        self._lock = threading.Lock()
        self._tokenizer = self._load()

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """See Engine."""
        with self._lock:
            # Unlike `encode`, the padded form releases Python's lock; one row needs no padding.
            rows, _ = self._tokenizer.encode_batch_padded([data], pad_id=0)
        ids: NDArray[np.uint32] = rows[0]
        return ids + np.uint32(self._first_id) if self._first_id else ids

    def count_many(self, batch: Sequence[bytes]) -> NDArray[np.int64]:
        """See Engine."""
        with self._lock:
            offsets = self._tokenizer.encode_batch(list(batch), parallel=True).layout.offsets.data
        return np.diff(np.asarray(offsets, np.int64))

    def _load(self) -> "gigatoken.Tokenizer":
        info = self._vocabulary.info
        data = self._vocabulary.data()
        if info.kind is Kind.MERGES:
            return self._library.from_json(data)
        return self._library.from_tiktoken(str(info.file), pretokenizer=info.scheme, special_tokens={})
