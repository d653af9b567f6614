"""How texts are counted by several tokenizers at once: one plan for the window, the command line and exports.

A *source* is a tokenizer that must be loaded. Its *counter* fills a column of its name with numbers that add
up over texts. A *decoder* turns the sums of the columns that one tokenizer or estimator needs into a
``Count``; several decoders may read the same columns.

A new way to read what is counted is a new decoder (``make_decoder``). Everything else follows from the plan.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.claude.infos import NAMES as CLAUDE
from tokviz.tokenization.estimate import ESTIMATE, SOURCES, estimate
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_policy import split_policy_of
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokens import Count, Provenance

SIZE_COLUMNS = ("bytes", "characters", "lines")
"""The columns that need no tokenizer: UTF-8 bytes, code points, and lines as ``statistics`` counts them."""


class Counter(Protocol):
    """Fills columns with numbers of texts that add up over texts kept apart."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """``int64[len(texts), len(columns)]``; ``parallel``: see Tokenizer."""


class TokenCounter:
    """A tokenizer's counts, one column under its name."""

    def __init__(self, tokenizer: Tokenizer, context: Callable[[], bytes] | None = None) -> None:
        """``context``: what to put before a text that goes on at a split point; see ``SplitPolicy``."""
        self.tokenizer = tokenizer
        self.context = context
        self.columns: tuple[str, ...] = (tokenizer.name,)

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Counter."""
        return self.tokenizer.count_many(texts, parallel).reshape(-1, 1)


class _LaterParts:
    """Counts parts of texts that do not begin them."""

    def __init__(self, counter: TokenCounter, context: bytes) -> None:
        self._tokenizer = counter.tokenizer
        self._context = context
        self.columns = counter.columns

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Counter."""
        behind = [self._context + text for text in texts] if self._context else texts
        counts = self._tokenizer.count_many(behind, parallel)
        if self._context:
            counts = counts - self._tokenizer.count(self._context)
        return counts.reshape(-1, 1)


def later_parts(counter: Counter) -> Counter:
    """What counts as ``counter`` does, for parts of texts that begin at a split point; TypeError if its
    counts do not add up."""
    if not isinstance(counter, TokenCounter) or counter.context is None:
        raise TypeError(f"{counter.columns} cannot be counted in parts")
    return _LaterParts(counter, counter.context())


class Decoder(Protocol):
    """Turns sums of columns into the count of one tokenizer or estimator."""

    @property
    def name(self) -> str:
        """The tokenizer or estimator."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The tokenizers whose columns it reads."""

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

    share_column = 0

    def __init__(self, name: str, assumed: bool = False) -> None:
        self.name = name
        self.sources = (name,)
        certain = Provenance.ASSUMED if assumed else Provenance.EXACT
        self.provenance = Provenance.RECONSTRUCTED if name in CLAUDE else certain

    def count(self, sums: NDArray[np.int64]) -> Count:
        """See Decoder."""
        return Count.certain(int(sums[0]), self.provenance)

    def tokens(self, sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """See Decoder."""
        tokens: NDArray[np.int64] = sums[0]
        return tokens

    def shares(self, weights: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.int64]:  # noqa: ARG002
        """See Decoder."""
        return weights


class EstimateDecoder:
    """Reads what known tokenizers count; see ``tokenization.estimate``."""

    name = ESTIMATE
    sources = SOURCES
    provenance = Provenance.ESTIMATE
    share_column = 0

    def count(self, sums: NDArray[np.int64]) -> Count:
        """See Decoder."""
        return estimate(sums)

    def tokens(self, sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """See Decoder."""
        middle: NDArray[np.int64] = np.sort(sums, axis=0)[len(sums) // 2]
        return middle

    def shares(self, weights: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.int64]:
        """See Decoder. The estimate of the whole is shared out by the tokens under the first source."""
        if not sums[0]:
            return np.zeros(len(weights), np.int64)
        shares: NDArray[np.float64] = weights * (self.count(sums).tokens / sums[0])
        return np.rint(shares).astype(np.int64)


def make_decoder(name: str, assumed: bool = False) -> Decoder:
    """What decodes the columns of a tokenizer or estimator; nothing is loaded."""
    return EstimateDecoder() if name == ESTIMATE else TokenDecoder(name, assumed)


def make_counter(registry: Registry, source: str) -> TokenCounter:
    """What fills the column of a source; the registry's errors if it cannot be loaded."""
    tokenizer = registry.get(source)

    @cache
    def context() -> bytes:
        return split_policy_of(registry.info(source), tokenizer, SpecialTokens.PLAIN).context_prefix

    return TokenCounter(tokenizer, context)


@dataclass(frozen=True)
class CountPlan:
    """Counts by some tokenizers and estimators: what to load, which columns that fills, what they mean."""

    names: tuple[str, ...]
    """Tokenizers and estimators, each once."""
    assumed: frozenset[str] = frozenset()
    """Those of a user's files that do not say how they split."""

    @cached_property
    def decoders(self) -> Mapping[str, Decoder]:
        """By name, in the order of ``names``."""
        return {name: make_decoder(name, name in self.assumed) for name in self.names}

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """What must be loaded, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(one.sources for one in self.decoders.values())))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """``SIZE_COLUMNS``, then those that the sources fill."""
        return (*SIZE_COLUMNS, *self.sources)

    def counters(self, registry: Registry) -> list[Counter]:
        """What fills the columns behind ``SIZE_COLUMNS``. The registry's errors if one cannot be loaded."""
        return [make_counter(registry, source) for source in self.sources]

    def counts(self, columns: Sequence[str], sums: NDArray[np.int64]) -> dict[str, Count]:
        """By name, what the sums of ``columns`` (``int64[len(columns)]``) mean. A name is absent if its
        columns are, because what fills them could not be loaded."""
        position = {column: number for number, column in enumerate(columns)}
        counts = {}
        for name, decoder in self.decoders.items():
            if position.keys() >= set(decoder.sources):
                counts[name] = decoder.count(sums[[position[column] for column in decoder.sources]])
        return counts
