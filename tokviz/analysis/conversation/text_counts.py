"""Counts the many texts of a conversation by any tokenizers and estimators, each text once by each."""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from threading import Lock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.count_plan import CountPlan, Decoder, TokenCounter, make_counter
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count

TextCounter: TypeAlias = Callable[[Sequence[bytes]], tuple[list[int], Count]]
"""The likely tokens of each text (UTF-8), and the count of all."""
_MOST = 500_000
"""Texts whose counts are kept: about 100 bytes each, and 8 for each tokenizer."""
_UNKNOWN = -1


class TextCounts:
    """Keeps what was counted: the next request of a session has the texts of the one before, and estimators
    count by tokenizers that models have. Texts are known by digests, so that they are not kept.

    Several threads may count; one waits for another where both count by one tokenizer.
    """

    def __init__(self, registry: Registry, most: int = _MOST) -> None:
        self._registry, self._most = registry, most
        self._kept = _Kept()
        self._lock = Lock()

    def by(self, name: str) -> TextCounter:
        """Counts by a tokenizer or estimator. Loads it: the registry's errors if it cannot be."""
        plan = CountPlan((name,), self._registry.assumed)
        counters = [make_counter(self._registry, source) for source in plan.sources]
        return partial(self._count, plan.decoders[name], counters)

    def _count(
        self, decoder: Decoder, counters: Sequence[TokenCounter], texts: Sequence[bytes]
    ) -> tuple[list[int], Count]:
        if not texts:
            return [], Count.certain(0, decoder.provenance)
        digests = [blake2b(text, digest_size=16).digest() for text in texts]
        with self._lock:
            if len(self._kept.numbers) + len(texts) > self._most:
                self._kept = _Kept()  # who counts right now goes on with the old one
            kept, numbers = self._kept, self._kept.numbers
            places = [numbers.setdefault(digest, len(numbers)) for digest in digests]
            size = len(numbers)
            columns = [kept.column(counter) for counter in counters]
        sums = np.stack([column.count(places, texts, size) for column in columns])
        return decoder.tokens(sums).tolist(), decoder.count(sums.sum(axis=1))


class _Kept:
    """Numbers of texts, by their digests, and what each tokenizer counts of them."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self._columns: dict[str, _Column] = {}

    def column(self, counter: TokenCounter) -> "_Column":
        name = counter.tokenizer.name
        column = self._columns.get(name)
        # A file of the user's that was read again is another tokenizer of the same name.
        if column is None or column.tokenizer is not counter.tokenizer:
            column = self._columns[name] = _Column(counter)
        return column


class _Column:
    """What one tokenizer counts of the texts, by their numbers."""

    def __init__(self, counter: TokenCounter) -> None:
        self.tokenizer = counter.tokenizer
        self._counter = counter
        self._known = np.full(0, _UNKNOWN, np.int64)
        self._lock = Lock()

    def count(self, places: Sequence[int], texts: Sequence[bytes], size: int) -> NDArray[np.int64]:
        """The tokens of each text; ``places`` are their numbers, all below ``size``."""
        with self._lock:
            more = size - len(self._known)
            if more > 0:
                room = np.full(max(more, len(self._known)), _UNKNOWN, np.int64)
                self._known = np.concatenate((self._known, room))
            missing = self._known[places] == _UNKNOWN
            if missing.any():
                asked = {places[index]: texts[index] for index in np.flatnonzero(missing).tolist()}
                self._known[list(asked)] = self._counter.count(list(asked.values()))[:, 0]
            found: NDArray[np.int64] = self._known[places]
            return found
