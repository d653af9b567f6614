"""The tokenizers a count asks for: loaded, handed to the scan, and their sums read back as counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.scan import Counter, TokenCounter
from tokviz.cli.tally import Tally
from tokviz.tokenization.estimate import FEATURES, Estimator
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.tokens import Count


class EstimateCounter:
    """What estimators need to know of texts, a column for each feature; see ``scan.Counter``."""

    columns = tuple(f"estimate: {feature}" for feature in FEATURES)

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator

    def figures(self, texts: Sequence[bytes]) -> NDArray[np.int64]:
        """See Counter."""
        return self._estimator.features(texts)


@dataclass(slots=True)
class Counting:
    """What counts, and what could not be loaded."""

    counters: list[Counter] = field(default_factory=list)
    estimators: list[Estimator] = field(default_factory=list)
    """They all look at the same features, which one EstimateCounter gathers."""
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
                    counting.estimators.append(registry.estimator(name))
            except VocabularyError as error:
                counting.unusable.append(str(error))
        if counting.estimators:
            counting.counters.append(EstimateCounter(counting.estimators[0]))
        # Two estimators say the same about the tokenizer that both miss.
        counting.unusable = list(dict.fromkeys(counting.unusable))
        return counting

    def counts(self, sums: Tally) -> dict[str, Count]:
        """By name, what the sums of the counters' columns say."""
        found: dict[str, Count] = {}
        for counter in self.counters:
            figures = np.array([sums[column] for column in counter.columns], np.int64)
            if isinstance(counter, EstimateCounter):
                found |= {estimator.name: estimator.estimate(figures) for estimator in self.estimators}
            else:
                for name, tokens in zip(counter.columns, figures.tolist(), strict=True):
                    found[name] = Count.certain(tokens)
        return found
