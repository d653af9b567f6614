"""A tokenizer of which Hugging Face's `tokenizers` does every step."""

from collections.abc import Sequence
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.engine import count_together, refusal, text_refusal
from tokviz.tokenization.token_tables import BYTE_LETTERS, BYTE_PIECES, SPACE, bytes_before, unspell
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.tokens import Tokenization

_RARE = "\U00013000 \U00012000 \u2e0e"
"""Characters that few vocabularies know: some tokenizers have no token for what they do not know."""


class LibraryTokenizer:
    """Implements Tokenizer; see there for what each answer means.

    The library says which characters each token comes from. Where several tokens come from the same ones, all
    but the last are empty, unless they are byte tokens. Text that the tokenizer drops, such as spaces,
    belongs to the token after it.
    """

    engine = "tokenizers"

    def __init__(self, info: TokenizerInfo, tokenizer_json: str, mode: SpecialTokens) -> None:
        from tokenizers import Tokenizer

        self.name = info.name
        self.vocabulary_size = info.vocabulary_size
        self.mode = mode
        with refusal(self.engine):
            self._tokenizer = Tokenizer.from_str(tokenizer_json)
            self._tokenizer.encode_batch_fast([_RARE])
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = mode is SpecialTokens.PLAIN
        self._framed = mode is SpecialTokens.FRAMED
        added = self._tokenizer.get_added_tokens_decoder()
        self.special_tokens = {token_id: token.content for token_id, token in added.items()}
        always = {token.content for token in added.values() if not token.special}
        self.recognized = frozenset(always if mode is SpecialTokens.PLAIN else self.special_tokens.values())

    def encode(self, data: bytes, revision: int = 0) -> Tokenization:
        """See Tokenizer."""
        text = data.decode()
        with text_refusal(self.name, len(data)):
            (encoding,) = self._tokenizer.encode_batch([text], add_special_tokens=self._framed)
        ids = np.array(encoding.ids, np.uint32)
        spans = np.array(encoding.offsets, np.int64).reshape(-1, 2)
        before = bytes_before(text)
        starts, ends = before[spans[:, 0]], before[spans[:, 1]]
        self._part_bytes(ids, starts, ends)
        ends = np.maximum.accumulate(ends)
        # What is dropped at the end belongs to the last token that the model does not add.
        added = np.array(encoding.special_tokens_mask, np.bool_)
        own = np.flatnonzero(~added) if self._framed else np.arange(len(ends))
        if len(own):
            ends[own[-1] :] = len(data)
        return Tokenization(self.name, ids, ends, revision)

    def count(self, data: bytes) -> int:
        """See Tokenizer."""
        return int(self.count_many([data])[0])

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:  # noqa: ARG002
        """See Tokenizer."""
        encode = partial(self._tokenizer.encode_batch_fast, add_special_tokens=self._framed)
        return count_together(self.name, batch, encode)

    def token_bytes(self, token_id: int) -> bytes:
        """See Tokenizer."""
        special = self.special_tokens.get(token_id)
        piece = self._tokenizer.id_to_token(token_id) if special is None else special
        if piece is None:
            raise KeyError(token_id)
        if special is not None:
            return piece.encode()
        byte = BYTE_PIECES.get(piece)
        if byte is not None:
            return bytes([byte])
        if self._is_byte_level and all(letter in BYTE_LETTERS for letter in piece):
            return unspell(piece)
        return piece.removeprefix("##").replace(SPACE, " ").encode()

    def _part_bytes(
        self, ids: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> None:
        """Give the byte tokens of one character a byte each, in place."""
        at = 0
        is_byte = np.isin(ids, self._byte_ids)
        while at < len(ids):
            size = int(ends[at] - starts[at])
            group = slice(at, at + size)
            if (
                is_byte[at]
                and 1 < size == len(ids[group])
                and is_byte[group].all()
                and np.ptp(starts[group]) == 0
            ):
                ends[group] = starts[at] + np.arange(1, size + 1)
                at += size
            else:
                at += 1

    @cached_property
    def _byte_ids(self) -> list[int]:
        """The ids of SentencePiece's ``<0xHH>``."""
        found = map(self._tokenizer.token_to_id, BYTE_PIECES)
        return [token_id for token_id in found if token_id is not None]

    @cached_property
    def _is_byte_level(self) -> bool:
        return '"ByteLevel"' in self._tokenizer.to_str()
