"""What every tokenizer answers, whatever its maker."""

from collections.abc import Collection, Mapping, Sequence
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
    def engine(self) -> str:
        """The library that tokenizes the text, such as ``gigatoken``; each gives the same ids."""

    @property
    def mode(self) -> SpecialTokens:
        """What it does with the text of special tokens."""

    @property
    def recognized(self) -> Collection[str]:
        """The texts that are found and made one token before anything else, in this mode."""

    @property
    def vocabulary_size(self) -> int:
        """How many token ids there are, special tokens included."""

    @property
    def special_tokens(self) -> Mapping[int, str]:
        """The special tokens by id, with the text each is written as."""

    def encode(self, data: bytes, revision: int = 0) -> Tokenization:
        """Every token of ``data``. ``ends`` are byte offsets into ``data`` itself; the last is its length.

        So the bytes between two ends are always a token's own part of the text. Where the tokenizer
        normalizes (NFC: qwen3; NFKC: claude-2), an end that falls inside a rewritten range stands at the
        end of that range in ``data``, and the tokens before it in the range are empty. Where it puts a
        space before every text (mistral-v3, mistral-v7), that space belongs to no byte of ``data``.
        Empty text has no tokens, except the framing ones. ValueError if ``data`` is not valid UTF-8.
        """

    def count(self, data: bytes) -> int:
        """How many tokens ``encode`` would give."""

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """``count`` of each text, in one call: ``int64[len(batch)]``.

        ``parallel``: on all processors, where that is possible. Who counts with several tokenizers at a time
        does better without: it takes less memory.
        """

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes that the token stands for; KeyError if there is no such id.

        Joined, the bytes of a text's tokens are the text, with three exceptions: where the tokenizer
        normalizes they are the normalized text; SentencePiece vocabularies (gemma, mistral-v3, mistral-v7)
        cannot tell U+2581 from a space, and give a space; mistral-v3 and mistral-v7 begin with a space of
        their own.
        """
