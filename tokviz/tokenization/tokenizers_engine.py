"""Hugging Face's tokenizers: the reference for what tiktoken cannot do, and the last fallback."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.engine import count_together, refusal, text_refusal
from tokviz.tokenization.token_tables import byte_level_splits, spell
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo
from tokviz.tokenization.vocabularies import Vocabulary


class TokenizersEngine:
    """Tokenizes with tokenizers.

    ImportError where it is not installed; EngineError where it cannot read the vocabulary.
    """

    name = "tokenizers"

    def __init__(self, vocabulary: Vocabulary) -> None:
        from tokenizers import Tokenizer

        with refusal(self.name):
            self._tokenizer = Tokenizer.from_str(tokenizer_json(vocabulary))
        self._first_id = vocabulary.info.first_id
        self._tokenizer_name = vocabulary.info.name

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """See Engine."""
        # The batch form needs a third of the memory (a gigabyte for 10 MB) and releases Python's lock.
        with text_refusal(self._tokenizer_name, len(data)):
            (encoding,) = self._tokenizer.encode_batch_fast([data.decode()], add_special_tokens=False)
        return np.array(encoding.ids, np.uint32) + np.uint32(self._first_id)

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:  # noqa: ARG002
        """See Engine."""
        encode = partial(self._tokenizer.encode_batch_fast, add_special_tokens=False)
        return count_together(self._tokenizer_name, batch, encode)


def tokenizer_json(vocabulary: Vocabulary) -> str:
    """The vocabulary as a ``tokenizer.json`` without added tokens; VocabularyError if it cannot be read."""
    if vocabulary.info.kind is Kind.RANKS:
        return _from_ranks(vocabulary.ranks(), vocabulary.info)
    return vocabulary.tokenizer_json().decode()


def _from_ranks(ranks: Mapping[bytes, int], info: TokenizerInfo) -> str:
    """The ``tokenizer.json`` that does as a rank file: two tokens merge if together they are a token."""
    merges: list[tuple[int, str, str]] = []
    for token, rank in ranks.items():
        for middle in range(1, len(token)):
            if token[:middle] in ranks and token[middle:] in ranks:
                merges.append((rank, spell(token[:middle]), spell(token[middle:])))
    model = {
        "type": "BPE",
        "ignore_merges": True,
        "vocab": {spell(token): rank for token, rank in ranks.items()},
        "merges": [(left, right) for _, left, right in sorted(merges)],
    }
    pre_tokenizer = byte_level_splits(map(_oniguruma, info.splits or (info.pattern,)))
    return json.dumps({"version": "1.0", "added_tokens": [], "pre_tokenizer": pre_tokenizer, "model": model})


_CLASS_OR_ESCAPE = r"\[(?:\\.|[^\]\\])*\]|\\."
_POSSESSIVE = r"(?<=[+*?])\+|(?<=\d\})\+"


def _oniguruma(pattern: str) -> str:
    """The pattern in the dialect of `tokenizers`: ``{1,3}+`` would repeat, ``$`` match at every line end.

    Possessive quantifiers come out plain, which gives the same matches in these patterns.
    """
    return re.sub(
        f"({_CLASS_OR_ESCAPE})|{_POSSESSIVE}|(\\$)",
        lambda match: match[1] or (r"\z" if match[2] else ""),
        pattern,
    )
