"""tiktoken: the reference for byte-level vocabularies with one split pattern, and the first fallback."""

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.language import _
from tokviz.tokenization.engine import EngineError, refusal
from tokviz.tokenization.tokenizer_info import Kind
from tokviz.tokenization.tokenizers_engine import TokenizersEngine
from tokviz.tokenization.vocabularies import Vocabulary

_LONGEST_RUN = 500_000
"""Characters of white space in a row. At twice that, tiktoken's regex runs out of stack: it raises, or
panics with a report on stderr."""
_SOLID = re.compile(r"\S+")
_UNUSED = "\U0010fffe\U0010ffff"
"""A special token that is never parsed: with none at all, tiktoken looks for it at every character."""


class TiktokenEngine:
    """Tokenizes with tiktoken.

    ImportError where it is not installed; EngineError where it cannot split as the tokenizer does.
    """

    name = "tiktoken"

    def __init__(self, vocabulary: Vocabulary) -> None:
        from tiktoken import Encoding

        info = vocabulary.info
        if not info.pattern or info.kind is Kind.PIECES:
            raise EngineError(_("tiktoken cannot cut as this tokenizer does"))
        self._vocabulary = vocabulary
        self._first_id = info.first_id
        with refusal(self.name):
            self._encoding = Encoding(
                info.name,
                pat_str=info.pattern,
                mergeable_ranks=vocabulary.ranks(),
                special_tokens={_UNUSED: info.vocabulary_size},
            )

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """See Engine."""
        if has_long_run(data):
            return self._for_long_runs.encode(data)
        ids = self._encoding.encode_to_numpy(data.decode(), disallowed_special=())
        return ids.astype(np.uint32) + np.uint32(self._first_id)

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:  # noqa: ARG002
        """See Engine."""
        return np.array([len(self.encode(data)) for data in batch], np.int64)

    @cached_property
    def _for_long_runs(self) -> TokenizersEngine:
        return TokenizersEngine(self._vocabulary)


def has_long_run(data: bytes) -> bool:
    """Whether more white space stands in a row in ``data`` (UTF-8) than tiktoken is sure to survive."""
    if len(data) <= _LONGEST_RUN:
        return False
    codes = np.frombuffer(data, np.uint8)
    graphic = np.flatnonzero((codes > ord(" ")) & (codes < 0x7F))
    starts = np.append(0, graphic + 1)
    ends = np.append(graphic, len(codes))
    # Between two graphic characters of ASCII there may be anything else: look closer at what is long.
    return any(
        max(map(len, _SOLID.split(data[starts[i] : ends[i]].decode()))) > _LONGEST_RUN
        for i in np.flatnonzero(ends - starts > _LONGEST_RUN)
    )
