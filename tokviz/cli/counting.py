"""The tokenizers a count asks for: loaded, handed to the scan, and their sums read back as counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from tokviz.analysis.codebase.scan import (
    Counter,
    EstimateCounter,
    TokenCounter,
    columns,
    count,
    estimate_columns,
    measure,
)
from tokviz.documents.tree.reading import TextBatch
from tokviz.tokenization.estimate import estimate
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.tokens import Count


class Sums(Protocol):
    """Sums of columns by their names."""

    def __getitem__(self, column: str, /) -> int: ...


@dataclass(slots=True)
class Counting:
    """What counts, and what could not be loaded."""

    counters: list[Counter] = field(default_factory=list)
    estimates: list[str] = field(default_factory=list)
    """The estimators among them."""
    unusable: list[str] = field(default_factory=list)
    """A sentence for each tokenizer that cannot be used; the others go on."""

    @classmethod
    def load(cls, names: Sequence[str], registry: Registry) -> "Counting":
        """Load the tokenizers and estimators of these names, which the registry knows."""
        counting = cls()
        for name in names:
            try:
                if name in registry.names():
                    counting.counters.append(TokenCounter(registry.get(name)))
                else:
                    counting.counters.append(EstimateCounter(registry.estimator(name)))
                    counting.estimates.append(name)
            except VocabularyError as error:
                counting.unusable.append(str(error))
        # Two estimators say the same about the tokenizer that both miss.
        counting.unusable = list(dict.fromkeys(counting.unusable))
        return counting

    def counts(self, sums: "Sums") -> dict[str, Count]:
        """By name, what the sums of the counters' columns say."""
        found: dict[str, Count] = {}
        for name in self.estimates:
            features = [sums[column] for column in estimate_columns(name)]
            found[name] = estimate(name, np.array(features, np.int64))
        for counter in self.counters:
            if not isinstance(counter, EstimateCounter):
                found |= {name: Count.certain(sums[name]) for name in counter.columns}
        return found

    def counts_of_text(self, text: bytes) -> dict[str, Count]:
        """By name, the counts of one text."""
        batch = measure(TextBatch([0], [text], ["UTF-8"], [0], size=len(text)))
        (counted,) = count([batch], self.counters)
        return self.counts(dict(zip(columns(self.counters), counted.figures[0].tolist(), strict=True)))
