"""Counts the many texts of a conversation by one tokenizer or estimator."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.count_plan import Counter, CountPlan
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count


class TextCounts:
    """One tokenizer's or estimator's counts; the same text is counted once."""

    def __init__(self, name: str, registry: Registry) -> None:
        """Loads it: the registry's errors if it cannot be."""
        self.name = name
        plan = CountPlan((name,))
        self._decoder = plan.decoders[name]
        self._counters: list[Counter] = plan.counters(registry)
        self._known: dict[bytes, NDArray[np.int64]] = {}

    def count(self, texts: Sequence[bytes]) -> tuple[list[int], Count]:
        """The likely tokens of each text (UTF-8), and the count of all."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            columns = np.hstack([counter.count(new) for counter in self._counters])
            self._known.update(zip(new, columns, strict=True))
        if not texts:
            return [], Count.certain(0, self._decoder.provenance)
        rows = np.array([self._known[text] for text in texts], np.int64)
        return self._decoder.tokens(rows.T).tolist(), self._decoder.count(rows.sum(axis=0))
