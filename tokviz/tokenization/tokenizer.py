"""What every tokenizer answers, whatever its maker."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.tokens import Tokenization


class SpecialTokens(StrEnum):
    """What a tokenizer does with the text of a special token such as ``<|endoftext|>``."""

    PLAIN = "plain"
    """It is text like any other (the default: what a user pastes is a user's text)."""
    PARSED = "parsed"
    """It becomes the special token it spells."""
    FRAMED = "framed"
    """Parsed, and the beginning and end tokens that the model adds stand around the text."""


class Tokenizer(Protocol):
    """Cuts a text into tokens. The text is valid UTF-8 (``documents.reading`` sees to that)."""

    @property
    def name(self) -> str:
        """The tokenizer's name in ``tokenizers.toml``, such as ``o200k_base``."""

    @property
    def vocabulary_size(self) -> int:
        """How many token ids there are, special tokens included."""

    @property
    def special_tokens(self) -> Mapping[int, str]:
        """The special tokens by id, with the text each is written as."""

    def encode(self, data: bytes, revision: int = 0) -> Tokenization:
        """Every token of ``data``. ``ends`` are byte offsets into ``data`` itself, and the last is its length.

        Where the tokenizer normalizes (NFC, NFKC), ``token_bytes`` join to the normalized text, and an end
        that falls inside a rewritten stretch stands at the end of that stretch in ``data``.
        """

    def count(self, data: bytes) -> int:
        """How many tokens ``encode`` would give."""

    def count_many(self, batch: Sequence[bytes]) -> NDArray[np.int64]:
        """``count`` of each text, in one call: ``int64[len(batch)]``."""

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes that the token stands for; KeyError if there is no such id."""
