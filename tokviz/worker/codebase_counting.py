"""Counting the files of a codebase, slice by slice.

So other work of the worker gets its turn in between, and a file that ends the worker costs its slice and not
the whole scan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.scan import SIZE_COLUMNS, Counter, TokenCounter, batch_size, count, measure
from tokviz.documents.tree.reading import ReadAhead, read_files
from tokviz.documents.tree.walking import FoundFile
from tokviz.tokenization.estimate import FEATURES, SCALES, Estimator
from tokviz.tokenization.registry import Registry
from tokviz.worker.jobs import Reporter, WorkerContext

_FEATURES = "estimate"
FEATURE_COLUMNS = tuple(f"{_FEATURES} {feature}" for feature in FEATURES)
"""What estimates are made of; all estimators read the same."""


@dataclass(frozen=True, slots=True)
class LoadCounter:
    """Load what counts one tokenizer or estimator."""

    name: str
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> None:  # noqa: ARG002
        """The registry's errors if it cannot be used."""
        make_counters(context.registry, columns_for([self.name]))

    def __str__(self) -> str:
        return f"loading the tokenizer {self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class CountFiles:
    """Read some files of one root, each once, and count them with every counter."""

    root: Path
    files: tuple[tuple[int, str, int], ...]
    """Number, path from the root, and bytes on the disk."""
    columns: tuple[str, ...]
    """The tree's; see ``columns_for``."""
    binaries: bool
    batch: int
    """Bytes of text counted between two reports, at most."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> None:
        """Reports each ``CountedBatch``. VocabularyError if a tokenizer cannot be used."""
        counters = make_counters(context.registry, self.columns)
        files = ((number, FoundFile(path, size, 0)) for number, path, size in self.files)
        batch = min(self.batch, batch_size(len(counters)))
        texts = read_files(self.root, files, binaries=self.binaries, batch=batch)
        with ReadAhead(measure(text) for text in texts) as ahead:
            for counted in count(ahead, counters):
                reporter.progress(counted)

    def __str__(self) -> str:
        first = self.files[0][1]
        return f"counting {first}" + (f" and {len(self.files) - 1:,} more files" if self.files[1:] else "")


class FeatureCounter:
    """What the estimators need to know of texts: a column for each feature, the same for all of them."""

    columns = FEATURE_COLUMNS

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator

    def figures(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Counter."""
        return self._estimator.features(texts, parallel)


def columns_for(names: Iterable[str]) -> tuple[str, ...]:
    """The columns of a tree that is counted by these tokenizers and estimators."""
    columns = [FEATURE_COLUMNS if name in SCALES else (name,) for name in names]
    return (*SIZE_COLUMNS, *dict.fromkeys(chain.from_iterable(columns)))


def make_counters(registry: Registry, columns: Sequence[str]) -> list[Counter]:
    """What counts ``columns``, as ``columns_for`` gives them. The registry's errors if one cannot be used."""
    wanted = dict.fromkeys(_FEATURES if name in FEATURE_COLUMNS else name for name in columns)
    counters: list[Counter] = []
    for name in wanted:
        if name == _FEATURES:
            counters.append(FeatureCounter(registry.estimator(next(iter(SCALES)))))
        elif name not in SIZE_COLUMNS:
            counters.append(TokenCounter(registry.get(name)))
    return counters
