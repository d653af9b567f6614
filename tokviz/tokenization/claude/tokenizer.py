"""Claude's counts, and one covering of a text that has as many tokens, as a tokenizer among the others."""

import threading
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.assets import Assets
from tokviz.tokenization.claude.counter import ClaudeCounter
from tokviz.tokenization.claude.infos import NAMES
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.tokenization.vocabularies import read_checked
from tokviz.tokens import Tokenization


class ClaudeTokenizer:
    """Implements Tokenizer; see there for what each answer means.

    Only the counts are Claude's. The ids are numbers of our own (``PieceTable``), the boundaries those of one
    of several coverings. There are no special tokens: their texts are not known.
    """

    engine = "tokviz"
    mode = SpecialTokens.PLAIN
    recognized: frozenset[str] = frozenset()
    special_tokens: Mapping[int, str] = {}

    def __init__(self, info: TokenizerInfo, counter: ClaudeCounter) -> None:
        self.name = info.name
        self.vocabulary_size = info.vocabulary_size
        self._counter = counter
        self._lock = threading.Lock()

    def encode(self, data: bytes, revision: int = 0) -> Tokenization:
        """See Tokenizer. The marks that words and capitals take are tokens of no bytes where no piece holds
        them."""
        numbers, ends = self._counter.cover(data)
        return Tokenization(self.name, numbers.astype(np.uint32), ends, revision)

    def count(self, data: bytes) -> int:
        """See Tokenizer."""
        return int(self.count_many([data])[0])

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:  # noqa: ARG002
        """See Tokenizer."""
        # The counter remembers prices while it counts.
        with self._lock:
            return self._counter.count_many(batch)

    def token_bytes(self, token_id: int) -> bytes:
        """See Tokenizer. A piece's letters are small where a mark says that they are capitals."""
        return self._counter.pieces.token_bytes(token_id)


def load_claude(info: TokenizerInfo, assets: Assets) -> ClaudeTokenizer:
    """The tokenizer that ``info`` describes; VocabularyError if a file of it is missing or altered."""
    read_checked(info.name, info.file, info.sha256)
    assert info.special_file is not None
    read_checked(info.name, info.special_file, info.special_sha256)
    return ClaudeTokenizer(info, ClaudeCounter(assets, NAMES[info.name]))
