"""Counting the files of a codebase, slice by slice.

Other jobs run between slices, and a file that kills the worker costs its slice and not
the whole scan.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tokviz.analysis.codebase.scan import batch_size, count, measure
from tokviz.analysis.count_plan import CountPlan
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.reading import ReadAhead, read_files
from tokviz.documents.tree.walking import FoundFile
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
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> None:
        """Reports each ``CountedBatch``. VocabularyError if a tokenizer cannot be used."""
        counters = self.plan.counters(context.registry)
        files = ((number, FoundFile(path, size, 0)) for number, path, size in self.files)
        batch = min(self.batch, batch_size(len(counters)))
        texts = read_files(self.root, files, self.reading, batch)
        with ReadAhead(measure(text) for text in texts) as ahead:
            for counted in count(ahead, counters):
                reporter.progress(counted)

    def __str__(self) -> str:
        first = self.files[0][1]
        return f"counting {first}" + (f" and {len(self.files) - 1:,} more files" if self.files[1:] else "")
