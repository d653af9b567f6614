"""The fast engine, gigatoken, for byte-level vocabularies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.engine import refusal
from tokviz.tokenization.gigatoken_encoder import SEPARATOR, GigatokenEncoder
from tokviz.tokenization.memory import MemoryBound
from tokviz.tokenization.tokenizer_info import Kind
from tokviz.tokenization.vocabularies import Vocabulary

if TYPE_CHECKING:
    import gigatoken


class GigatokenEngine:
    """Cuts with gigatoken, loaded without added tokens, which it would recognize inside a text.

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
        cut = self._encoder.encode_many(batch, parallel)
        return cut.ends - cut.starts

    def _load(self, with_separator: bool) -> "gigatoken.Tokenizer":
        from gigatoken import Tokenizer

        info = self._vocabulary.info
        data = self._vocabulary.data()
        if info.kind is Kind.RANKS:
            # An id that no rank has; the vocabulary's size counts the special tokens too.
            added = {SEPARATOR: info.vocabulary_size} if with_separator else {}
            return Tokenizer.from_tiktoken(str(info.file), pretokenizer=info.scheme, special_tokens=added)
        return Tokenizer.from_json(
            with_added_token(data, SEPARATOR, info.vocabulary_size) if with_separator else data
        )


def with_added_token(tokenizer_json: bytes, text: str, token_id: int) -> bytes:
    """A ``tokenizer.json`` of tokviz's own, which has no added tokens, with one."""
    token = f'{{"id":{token_id},"content":"{text}","single_word":false,"lstrip":false,"rstrip":false,'
    token += '"normalized":false,"special":true}'
    return tokenizer_json.replace(b'"added_tokens":[]', f'"added_tokens":[{token}]'.encode(), 1)
