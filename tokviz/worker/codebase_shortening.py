"""Counting what files of a codebase would be when they are shortened, slice by slice."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tokviz.analysis.codebase.kept_shortened import KeptShortened
from tokviz.analysis.codebase.shortened_counts import count_shortened
from tokviz.analysis.count_plan import CountPlan
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.walking import FoundFile
from tokviz.language import npgettext, pgettext
from tokviz.worker.codebase_counting import JobCounters
from tokviz.worker.jobs import ReadFile, Reporter, WorkerContext

_STEP = 1 << 17
"""Bytes between two looks whether anybody still waits: a lexer takes some 0.1 s for as many."""


@dataclass(frozen=True, slots=True)
class ReadShortened(ReadFile):
    """Read one file as the shorter text that ``reading`` asks for, which may take a lexer some seconds."""

    long: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, eq=False)
class CountShortened:
    """Read some files of one root, and count the text that every choice of shortenings makes of them."""

    root: Path
    files: tuple[tuple[int, str], ...]
    """Number, and path from the root."""
    plan: CountPlan
    reading: ReadOptions
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> None:
        """Reports each ``ShortenedBatch``. VocabularyError if a tokenizer cannot be used."""
        counters = JobCounters(self.plan.sources, context.registry)
        kept = KeptShortened(context.count_cache, counters.columns, tuple(Shortening))
        files = ((number, FoundFile(path, 0, 0)) for number, path in self.files)
        texts = kept.texts(self.root, files, self.reading, _STEP)
        for batch in count_shortened(texts, dict(self.files), counters, most=_STEP, recalled=kept):
            reporter.progress(batch)
        kept.flush()

    def __str__(self) -> str:
        first = self.files[0][1]
        if not self.files[1:]:
            return pgettext("stopped while …", "shortening {file}", file=first)
        return npgettext(
            "stopped while …",
            "shortening {file} and {n} more file",
            "shortening {file} and {n} more files",
            len(self.files) - 1,
            file=first,
        )
