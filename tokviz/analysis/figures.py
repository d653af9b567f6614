"""The figures of a piece of text, by name, and what the pieces' figures make together.

A name is a tokenizer (its figure: tokens), an estimator (its figure: features, ``int64[k]``, that add up),
or ``words``.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.word_counts import WordCount, count_words
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_policy import split_policy_of
from tokviz.tokenization.tokenizer import SpecialTokens

WORDS = "words"
Figure = int | WordCount | NDArray[np.int64]
PieceCounter = Callable[[bytes, bool], Figure]
"""The figure of a piece (valid UTF-8); the flag says whether the piece begins the text."""


def piece_counter(registry: Registry, name: str) -> PieceCounter:
    """What counts ``name`` of a piece; the registry's errors if its tokenizer cannot be used."""
    if name == WORDS:
        return lambda data, _: count_words(data)
    if name in registry.estimator_names():
        estimator = registry.estimator(name)
        return lambda data, _: estimator.features([data])[0]
    tokenizer = registry.get(name)
    policy = split_policy_of(registry.info(name), tokenizer, SpecialTokens.PLAIN)
    if not policy.context_prefix:
        return lambda data, _: tokenizer.count(data)
    return lambda data, opens: len(policy.encode(tokenizer, data, opens))
