"""The file of a byte-level vocabulary whose ranks alone do not say how its tokens are merged.

Every token once, with the length of its left half, where a ``tokenizer.json`` writes it twice. In order:

- how many tokens there are: ``uint32``, little endian as all that follows;
- how many bytes each has: ``uint16[tokens]``; 0: no text ever gets this token;
- how many of them are its left half in the last merge that makes it: ``uint16[tokens]``; 0: no merge does;
- the tokens' bytes, one after the other.

Merges come in the order of the tokens they make.
"""

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.token_tables import TokenTable, byte_level_splits, spell


class MergeFile(TokenTable):
    """What such a file says."""

    def __init__(self, data: bytes, first_id: int = 0, tokens: int | None = None) -> None:
        """``first_id``: the id of the first token. ``tokens``: take so many from the beginning, not all."""
        count = int.from_bytes(data[:4], "little")
        table = np.frombuffer(data, "<u2", 2 * count, 4).astype(np.int64).reshape(2, count)[:, :tokens]
        self.lefts: NDArray[np.int64] = table[1]
        """``int64[tokens]``: the bytes of each token's left half; 0 if no merge makes it."""
        self._first = first_id
        self._bytes = data[4 + 4 * count :]
        self._ends = np.cumsum(table[0])
        self.lengths = np.append(np.zeros(first_id, np.uint32), table[0].astype(np.uint32))

    def token_bytes(self, token_id: int) -> bytes:
        """See TokenTable."""
        number = token_id - self._first
        if not 0 <= number < len(self._ends) or not self.lengths[token_id]:
            raise KeyError(token_id)
        end = int(self._ends[number])
        return self._bytes[end - int(self.lengths[token_id]) : end]

    def tokenizer_json(self, splits: Sequence[str], whole_words: bool) -> bytes:
        """The ``tokenizer.json`` that does the same, without added tokens, its ids from 0.

        ``splits``: the patterns by which a text is split, one after the other. ``whole_words``: a word that
        is a token is never merged.
        """
        # Written by hand, and spelled in one call, a letter a byte: a third of what json.dumps takes.
        spelled = spell(self._bytes)
        vocabulary: list[str] = []
        merges: list[str] = []
        start = 0
        for number, (end, left) in enumerate(zip(self._ends.tolist(), self.lefts.tolist(), strict=True)):
            if end > start:
                vocabulary.append(f'"{_escaped(spelled[start:end])}":{number}')
            if left:
                middle = start + left
                merges.append(f'["{_escaped(spelled[start:middle])}","{_escaped(spelled[middle:end])}"]')
            start = end
        pre_tokenizer = json.dumps(byte_level_splits(splits), ensure_ascii=False)
        head = f'{{"version":"1.0","added_tokens":[],"pre_tokenizer":{pre_tokenizer},"model":{{"type":"BPE",'
        head += f'"ignore_merges":{json.dumps(whole_words)},"vocab":{{'
        return "".join([head, ",".join(vocabulary), '},"merges":[', ",".join(merges), "]}}"]).encode()


def _escaped(spelled: str) -> str:
    # Of the byte alphabet, these two alone mean something in a JSON string.
    return spelled.replace("\\", "\\\\").replace('"', '\\"')
