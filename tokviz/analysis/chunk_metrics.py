"""The metrics of one chunk of a text, by name; together they make the text's.

A name is a tokenizer or an estimator (its metric: the columns that its decoder reads, see ``count_plan``), or
``words``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.count_plan import make_decoder
from tokviz.analysis.tokens.statistics import text_size
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_policy import split_policy_of
from tokviz.tokenization.tokenizer import SpecialTokens

WORDS = "words"


@dataclass(frozen=True, slots=True)
class WordCount:
    """The words of a chunk (runs without white space), and whether its edges stand inside one."""

    words: int
    starts_inside: bool
    """Its first character is no white space."""
    ends_inside: bool
    """Its last character is no white space."""


Metric = NDArray[np.int64] | WordCount
ColumnCounter = Callable[[bytes, bool], NDArray[np.int64]]
"""The columns of a chunk (valid UTF-8); the flag says whether the chunk begins the text."""


def column_counter(registry: Registry, name: str) -> ColumnCounter:
    """What counts the columns of a tokenizer or estimator; the registry's errors if it cannot be used."""
    parts = [_source_counter(registry, source) for source in make_decoder(name).sources]
    return lambda data, opens: np.concatenate([part(data, opens) for part in parts])


def _source_counter(registry: Registry, source: str) -> ColumnCounter:
    tokenizer = registry.get(source)
    policy = split_policy_of(registry.info(source), tokenizer, SpecialTokens.PLAIN)
    return lambda data, opens: np.array([policy.count(tokenizer, data, opens)], np.int64)


def count_words(data: bytes) -> WordCount:
    """The words of ``data``, which is valid UTF-8 and not cut inside a character."""
    head, tail = data[:4].decode("utf-8", "ignore")[:1], data[-4:].decode("utf-8", "ignore")[-1:]
    return WordCount(
        text_size(data).words, bool(head) and not head.isspace(), bool(tail) and not tail.isspace()
    )


def total_words(chunks: Iterable[WordCount]) -> int:
    """The words of the text that the chunks make up: a word over an edge counts once."""
    total, inside = 0, False
    for chunk in chunks:
        total += chunk.words - (inside and chunk.starts_inside)
        inside = chunk.ends_inside
    return total
