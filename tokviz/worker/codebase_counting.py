"""Counting the files of a codebase, slice by slice.

Other jobs run between slices, and a file that kills the worker costs its slice and not
the whole scan.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.recalling import known_part, recall
from tokviz.analysis.codebase.scan import MeasuredBatch, batch_size, count
from tokviz.analysis.count_plan import Counter, CountPlan, make_counter
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.extraction.reader import DocumentReader
from tokviz.documents.tree.reading import ReadAhead, read_contents
from tokviz.documents.tree.walking import FoundFile
from tokviz.language import npgettext, pgettext
from tokviz.tokenization.registry import Registry
from tokviz.worker.jobs import Reporter, WorkerContext


@dataclass(frozen=True, slots=True, eq=False)
class CountFiles:
    """Read some files of one root, each once, and count them with every counter."""

    root: Path
    files: tuple[tuple[int, str, int], ...]
    """Number, path from the root, and bytes on the disk."""
    plan: CountPlan
    reading: ReadOptions
    batch: int
    """Bytes of text counted between two reports, at most."""
    only_kept: bool = False
    """Load no tokenizer: only what is kept of earlier runs is reported."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> NDArray[np.int64]:
        """Reports each ``CountedBatch``, and returns the numbers of the files that are still to be counted.
        VocabularyError if a tokenizer cannot be used."""
        cache, columns = context.count_cache, self.plan.sources
        loaded = all(map(context.registry.is_loaded, columns))
        if self.only_kept and cache is None and not loaded:
            return np.array([number for number, _, _ in self.files], np.int64)
        files = ((number, FoundFile(path, size, 0)) for number, path, size in self.files)
        batch = min(self.batch, batch_size(len(columns)))
        read = read_contents(self.root, files, batch, cache.digest if cache else None)
        waiting: list[int] = []
        documents = context.kept(DocumentReader) if self.reading.extracted else None
        texts = (recall(each, self.reading, columns, cache, documents) for each in read)
        with ReadAhead(texts) as ahead:
            batches = _known(ahead, waiting) if self.only_kept and not loaded else ahead
            for counted in count(batches, JobCounters(columns, context.registry)):
                reporter.progress(counted)
        if cache is not None:
            cache.flush()
        return np.array(waiting, np.int64)

    def __str__(self) -> str:
        first = self.files[0][1]
        if not self.files[1:]:
            return pgettext("stopped while …", "counting {file}", file=first)
        return npgettext(
            "stopped while …",
            "counting {file} and {n} more file",
            "counting {file} and {n} more files",
            len(self.files) - 1,
            file=first,
        )


@dataclass(frozen=True, slots=True)
class JobCounters:
    """Loads what the first text needs; see ``scan.CounterLoader``."""

    columns: tuple[str, ...]
    registry: Registry

    def load(self, columns: Sequence[str]) -> list[Counter]:
        """See ``scan.CounterLoader``."""
        return [make_counter(self.registry, name) for name in columns]


def _known(batches: Iterable[MeasuredBatch], waiting: list[int]) -> Iterator[MeasuredBatch]:
    """Of each batch the texts all of whose counts are kept; the numbers of the others go to ``waiting``."""
    for batch in batches:
        known, others = known_part(batch)
        waiting += others
        yield known
