"""The metrics of one chunk of a text, by name; together they make the text's.

A name is a tokenizer or an estimator (its metric: the columns that its decoder reads, see ``count_plan``), or
``words``.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.count_plan import make_counter, make_decoder
from tokviz.analysis.word_counts import WordCount
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_policy import split_policy_of
from tokviz.tokenization.tokenizer import SpecialTokens

WORDS = "words"
Metric = NDArray[np.int64] | WordCount
ColumnCounter = Callable[[bytes, bool], NDArray[np.int64]]
"""The columns of a chunk (valid UTF-8); the flag says whether the chunk begins the text."""


def column_counter(registry: Registry, name: str) -> ColumnCounter:
    """What counts the columns of a tokenizer or estimator; the registry's errors if it cannot be used."""
    parts = [_source_counter(registry, source) for source in make_decoder(name).sources]
    return lambda data, opens: np.concatenate([part(data, opens) for part in parts])


def _source_counter(registry: Registry, source: str) -> ColumnCounter:
    counter = make_counter(registry, source)
    if source in registry.names():
        tokenizer = registry.get(source)
        policy = split_policy_of(registry.info(source), tokenizer, SpecialTokens.PLAIN)
        if policy.context_prefix:
            return lambda data, opens: np.array([len(policy.encode(tokenizer, data, opens))], np.int64)
    return lambda data, _: counter.count([data])[0]
