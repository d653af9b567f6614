"""A tokenizer of which Google's `sentencepiece` does every step: a user's ``.model`` file of any kind."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.engine import refusal, text_refusal
from tokviz.tokenization.token_tables import SPACE, bytes_before
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.tokens import Tokenization


class SentencePieceTokenizer:
    """Implements Tokenizer; see there for what each answer means.

    The library says which characters each token comes from; of a character that became several byte tokens,
    each gets a byte. Text that it drops, such as repeated spaces, belongs to the token after it, or to the
    last one. It never parses control tokens in a text.
    """

    engine = "sentencepiece"
    mode = SpecialTokens.PLAIN

    def __init__(self, info: TokenizerInfo, model: bytes) -> None:
        from sentencepiece import SentencePieceProcessor

        self.name = info.name
        self.vocabulary_size = info.vocabulary_size
        with refusal(self.engine):
            self._processor = SentencePieceProcessor(model_proto=model)
        every = range(info.vocabulary_size)
        self._texts: list[str] = [self._processor.id_to_piece(i) for i in every]
        control = [i for i in every if self._processor.is_control(i) or self._processor.is_unknown(i)]
        self.special_tokens = {token_id: self._texts[token_id] for token_id in control}
        self._bytes = {i: int(self._texts[i][1:-1], 16) for i in every if self._processor.is_byte(i)}
        self.recognized: frozenset[str] = frozenset()

    def encode(self, data: bytes, revision: int = 0) -> Tokenization:
        """See Tokenizer."""
        text = data.decode()
        with text_refusal(self.name, len(data)):
            found = self._processor.encode(text, return_type="offset_mapping")
        ids = np.array(found["ids"], np.uint32)
        ends = bytes_before(text)[np.array([end for _, end in found["offsets"]], np.int64)]
        ends = np.maximum.accumulate(ends)
        self._part_bytes(ids, ends)
        if len(ends):
            ends[-1] = len(data)
        return Tokenization(self.name, ids, ends, revision)

    def count(self, data: bytes) -> int:
        """See Tokenizer."""
        text = data.decode()
        with text_refusal(self.name, len(data)):
            return len(self._processor.encode(text, return_type="numpy"))

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:  # noqa: ARG002
        """See Tokenizer."""
        return np.array([self.count(data) for data in batch], np.int64)

    def token_bytes(self, token_id: int) -> bytes:
        """See Tokenizer."""
        if not 0 <= token_id < len(self._texts):
            raise KeyError(token_id)
        if token_id in self._bytes:
            return bytes([self._bytes[token_id]])
        return self._texts[token_id].replace(SPACE, " ").encode()

    def _part_bytes(self, ids: NDArray[np.uint32], ends: NDArray[np.int64]) -> None:
        """Give the byte tokens of a character a byte each, in place: all but the last end where it begins."""
        is_byte = np.isin(ids, list(self._bytes))
        for last in np.flatnonzero(is_byte[1:] & is_byte[:-1] & (ends[1:] > ends[:-1])) + 1:
            size = int(ends[last] - ends[last - 1])
            for back in range(1, min(size, int(last) + 1)):
                if is_byte[last - back] and ends[last - back] == ends[last] - size:
                    ends[last - back] = ends[last] - back
