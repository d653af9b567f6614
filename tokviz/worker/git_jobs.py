"""What is asked of a folder's git repository: its counts over time, and what changed."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tokviz.analysis.codebase.history import BlobCounter, VersionCounts, count_versions
from tokviz.analysis.count_plan import CountPlan
from tokviz.documents.tree.git_changes import Compared, changed_paths
from tokviz.documents.tree.git_reader import GitReader
from tokviz.documents.tree.git_versions import History, Versions
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import pgettext
from tokviz.worker.codebase_counting import JobCounters
from tokviz.worker.jobs import Reporter, WorkerContext


@dataclass(frozen=True, slots=True)
class VersionProgress:
    """A version that is counted, and how many there are."""

    counts: VersionCounts
    all: int


@dataclass(frozen=True, slots=True, eq=False)
class CountHistory:
    """Count a folder at each of its last commits or tags, the newest first."""

    folder: Path
    tokenizer: str
    last: int
    tags: bool
    options: WalkOptions
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> Versions:
        """Reports ``VersionProgress``. GitError outside a repository, VocabularyError if the tokenizer cannot
        be used."""
        context.renew_count_cache()
        plan = CountPlan((self.tokenizer,), context.registry.assumed)
        with History(self.folder, self.options, reporter.check) as history:
            found = history.versions("HEAD", self.last, tags=self.tags)
            counters = JobCounters(plan.sources, context.registry)
            blobs = BlobCounter(history, self.options.reading, counters, context.count_cache)
            with closing(count_versions(history, found, plan, blobs)) as counted:
                for row in counted:
                    reporter.progress(VersionProgress(row, len(found.listed)))
        return found

    def __str__(self) -> str:
        name = self.folder.name or self.folder
        return pgettext("stopped while …", "counting the history of {folder}", folder=name)


@dataclass(frozen=True, slots=True)
class FindChanged:
    """Look up which files below some folders changed between two states of their repository."""

    folders: tuple[Path, ...]
    compared: Compared
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> tuple[frozenset[str], ...]:  # noqa: ARG002
        """For each folder the paths, from it, of files that were not deleted. GitError outside a repository,
        or where there is no such revision."""
        with GitReader() as reader:
            return tuple(
                frozenset(changed_paths(reader, folder, self.compared, reporter.check))
                for folder in self.folders
            )

    def __str__(self) -> str:
        return pgettext("stopped while …", "looking up what changed {between}", between=self.compared)
