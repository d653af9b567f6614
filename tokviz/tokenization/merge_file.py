"""The file of a byte-level vocabulary whose ranks alone do not say how its tokens are merged.

A line for each token, in the order of the ids: ``base64(token) left``. The last merge that makes the token
joins its first ``left`` bytes to the rest; 0: no merge makes it. Merges come in the order of their lines. So
a merge takes a digit or two, where a ``tokenizer.json`` repeats the whole token.
"""

import json
from binascii import a2b_base64
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.token_tables import spell


def left_halves(data: bytes) -> NDArray[np.int64]:
    """``int64[ids]``: the bytes of each token's left half; 0 if no merge makes it."""
    return np.array([int(left) for left in data.split()[1::2]], np.int64)


def tokenizer_json(data: bytes, splits: Sequence[str], whole_words: bool) -> bytes:
    """The ``tokenizer.json`` that does the same, without added tokens.

    ``splits``: the patterns by which a text is split, one after the other. ``whole_words``: a word that is a
    token is never merged.
    """
    fields = data.split()
    tokens = [a2b_base64(token) for token in fields[::2]]
    # Written by hand, and spelled in one call, a letter a byte: a third of what json.dumps takes.
    spelled = spell(b"".join(tokens))
    vocabulary: list[str] = []
    merges: list[str] = []
    start = 0
    for token_id, (token, left) in enumerate(zip(tokens, map(int, fields[1::2]), strict=True)):
        middle, end = start + left, start + len(token)
        vocabulary.append(f'"{_escaped(spelled[start:end])}":{token_id}')
        if left:
            merges.append(f'["{_escaped(spelled[start:middle])}","{_escaped(spelled[middle:end])}"]')
        start = end
    parts = [
        {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
        for pattern in splits
    ]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    pre_tokenizer = json.dumps({"type": "Sequence", "pretokenizers": [*parts, level]}, ensure_ascii=False)
    head = f'{{"version":"1.0","added_tokens":[],"pre_tokenizer":{pre_tokenizer},"model":{{"type":"BPE",'
    head += f'"ignore_merges":{json.dumps(whole_words)},"vocab":{{'
    return "".join([head, ",".join(vocabulary), '},"merges":[', ",".join(merges), "]}}"]).encode()


def _escaped(spelled: str) -> str:
    # Of the byte alphabet, these two alone mean something in a JSON string.
    return spelled.replace("\\", "\\\\").replace('"', '\\"')
