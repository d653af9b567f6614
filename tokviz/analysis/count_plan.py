"""How texts are counted by several tokenizers at once: one plan for the window, the command line and exports.

A *source* is what must be loaded: a tokenizer, or the features that estimates are made from. Its *counter*
fills columns with numbers that add up over texts. A *decoder* turns the sums of the columns that one
tokenizer or estimator needs into a ``Count``; several decoders may read the same columns.

A new way to count is a new source (``columns_of`` and ``make_counter``), a new way to read what is counted a
new decoder (``make_decoder``). Everything else follows from the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.estimate import FEATURES, SCALES, Estimator, estimate
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import Tokenizer
from tokviz.tokens import Count, Provenance

SIZE_COLUMNS = ("bytes", "characters", "lines")
"""The columns that need no tokenizer: UTF-8 bytes, code points, and lines as ``statistics`` counts them."""
FEATURES_SOURCE = "estimate"
"""The source of all estimators: they read the same features."""
FEATURE_COLUMNS = tuple(f"{FEATURES_SOURCE} {feature}" for feature in FEATURES)
_TOKENS = FEATURES.index("tokens")


class Counter(Protocol):
    """Fills columns with numbers of texts that add up over texts kept apart."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """``int64[len(texts), len(columns)]``; ``parallel``: see Tokenizer."""


class TokenCounter:
    """A tokenizer's counts, one column under its name."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.columns: tuple[str, ...] = (tokenizer.name,)

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Counter."""
        return self.tokenizer.count_many(texts, parallel).reshape(-1, 1)


class FeatureCounter:
    """What the estimators need to know of texts: a column for each feature, the same for all of them."""

    columns = FEATURE_COLUMNS

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Counter."""
        return self._estimator.features(texts, parallel)


class Decoder(Protocol):
    """Turns sums of columns into the count of one tokenizer or estimator."""

    @property
    def name(self) -> str:
        """The tokenizer or estimator."""

    @property
    def sources(self) -> tuple[str, ...]:
        """What fills its columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""

    provenance: Provenance
    """What its counts are, if every file is counted."""
    share_column: int
    """The position in its columns of the one by which the tokens of many files are shared out."""

    def count(self, sums: NDArray[np.int64]) -> Count:
        """The count that the sums ``int64[columns]`` stand for."""

    def tokens(self, sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """The likely tokens of ``n`` texts: ``int64[columns, n]`` to ``int64[n]``."""

    def shares(self, weights: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """Tokens of ``n`` texts that add up to the count of all: from each one's number in the column
        ``share_column`` (``int64[n]``) and all columns' ``sums`` (``int64[columns]``)."""


class TokenDecoder:
    """Reads a tokenizer's own column."""

    provenance = Provenance.EXACT
    share_column = 0

    def __init__(self, name: str) -> None:
        self.name = name
        self.sources = self.columns = (name,)

    def count(self, sums: NDArray[np.int64]) -> Count:
        """See Decoder."""
        return Count.certain(int(sums[0]))

    def tokens(self, sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """See Decoder."""
        tokens: NDArray[np.int64] = sums[0]
        return tokens

    def shares(self, weights: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.int64]:  # noqa: ARG002
        """See Decoder."""
        return weights


class EstimateDecoder:
    """Reads the estimators' features."""

    sources = (FEATURES_SOURCE,)
    columns = FEATURE_COLUMNS
    provenance = Provenance.ESTIMATE
    share_column = _TOKENS

    def __init__(self, name: str) -> None:
        self.name = name

    def count(self, sums: NDArray[np.int64]) -> Count:
        """See Decoder."""
        return estimate(self.name, sums)

    def tokens(self, sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """See Decoder."""
        return np.array([self.count(one).tokens for one in sums.T], np.int64)

    def shares(self, weights: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """See Decoder. The estimate of the whole is shared out by the tokens under Claude 2."""
        if not sums[_TOKENS]:
            return np.zeros(len(weights), np.int64)
        shares: NDArray[np.float64] = weights * (self.count(sums).tokens / sums[_TOKENS])
        return np.rint(shares).astype(np.int64)


def make_decoder(name: str) -> Decoder:
    """What decodes the columns of a tokenizer or estimator; nothing is loaded."""
    return EstimateDecoder(name) if name in SCALES else TokenDecoder(name)


def columns_of(source: str) -> tuple[str, ...]:
    """The columns that a source fills."""
    return FEATURE_COLUMNS if source == FEATURES_SOURCE else (source,)


def make_counter(registry: Registry, source: str) -> Counter:
    """What fills the columns of a source; the registry's errors if it cannot be loaded."""
    if source == FEATURES_SOURCE:
        return FeatureCounter(registry.estimator(next(iter(SCALES))))
    return TokenCounter(registry.get(source))


@dataclass(frozen=True)
class CountPlan:
    """Counts by some tokenizers and estimators: what to load, which columns that fills, what they mean."""

    names: tuple[str, ...]
    """Tokenizers and estimators, each once."""

    @cached_property
    def decoders(self) -> Mapping[str, Decoder]:
        """By name, in the order of ``names``."""
        return {name: make_decoder(name) for name in self.names}

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """What must be loaded, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(one.sources for one in self.decoders.values())))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """``SIZE_COLUMNS``, then those that the sources fill."""
        return (*SIZE_COLUMNS, *chain.from_iterable(map(columns_of, self.sources)))

    def counters(self, registry: Registry) -> list[Counter]:
        """What fills the columns behind ``SIZE_COLUMNS``. The registry's errors if one cannot be loaded."""
        return [make_counter(registry, source) for source in self.sources]

    def counts(self, columns: Sequence[str], sums: NDArray[np.int64]) -> dict[str, Count]:
        """By name, what the sums of ``columns`` (``int64[len(columns)]``) mean. A name is absent if its
        columns are, because what fills them could not be loaded."""
        position = {column: number for number, column in enumerate(columns)}
        counts = {}
        for name, decoder in self.decoders.items():
            if position.keys() >= set(decoder.columns):
                counts[name] = decoder.count(sums[[position[column] for column in decoder.columns]])
        return counts
