"""What the text page asks of the worker process beside the tokens themselves: see ``jobs``. No Qt here."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.token_details import TokenFact
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.extraction.reader import DocumentReader
from tokviz.documents.reading import ReadError, read_text
from tokviz.language import pgettext
from tokviz.tokenization.merge_ranks import MergeRanks
from tokviz.tokenization.normalization import Form, rewritten_ranges
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.worker.jobs import OpenedFile, Reporter, WorkerContext


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """Read one file as the text that the document in it holds, which may take a while."""

    path: Path
    reading: ReadOptions
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> OpenedFile:  # noqa: ARG002
        """As ``ReadFile``; it ends as soon as nobody waits for it."""
        with DocumentReader(wanted=reporter.is_wanted) as documents:
            try:
                return OpenedFile.of(read_text(self.path, self.reading, documents))
            except ReadError:
                reporter.check()
                raise

    def __str__(self) -> str:
        return pgettext("stopped while …", "reading {file}", file=self.path.name)


def state_of(path: Path) -> tuple[int, ...]:
    """What differs once a file was written to; empty if it is not there, or cannot be looked at."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


@dataclass(frozen=True, slots=True)
class LookAtFile:
    """How a file is on the disk now."""

    path: Path
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> tuple[int, ...]:  # noqa: ARG002
        """See ``state_of``."""
        return state_of(self.path)

    def __str__(self) -> str:
        return pgettext("stopped while …", "looking at {file}", file=self.path.name)


@dataclass(frozen=True, slots=True)
class DescribeTokens:
    """Say what some token ids stand for."""

    tokenizer: str
    mode: SpecialTokens
    ids: tuple[int, ...]
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> tuple[TokenFact, ...]:  # noqa: ARG002
        """One fact for each id, in their order; the registry's errors if the tokenizer cannot be used."""
        tokenizer = context.registry.get(self.tokenizer, self.mode)
        try:
            merge_ranks = context.merge_ranks(self.tokenizer)
        except VocabularyError:  # a user's file that is gone by now; the tokenizer itself is loaded
            merge_ranks = MergeRanks()
        return tuple(_fact(tokenizer, merge_ranks, token_id) for token_id in self.ids)

    def __str__(self) -> str:
        return pgettext("stopped while …", "looking up tokens of {tokenizer}", tokenizer=self.tokenizer)


@dataclass(frozen=True, slots=True)
class AddTokenizer:
    """Make a user's own tokenizer file usable."""

    path: Path
    known_as: str = ""
    """The name it went by before: what was chosen by that name must not become another file."""
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> TokenizerInfo:  # noqa: ARG002
        """What is known of it now, its name among that; UserFileError or VocabularyError says in one
        sentence why it cannot be used."""
        if self.known_as in context.registry.names() or context.registry.own_name(self.path):
            # What is in use stays in use, should the file be no good any more.
            trial = Registry(context.assets)
            trial.get(trial.add_file(self.path))
        name = context.registry.add_file(self.path, self.known_as)
        context.forget(name)
        # Loading shows what reading cannot: whether a library can cut with it.
        context.registry.get(name)
        return context.registry.info(name)

    def __str__(self) -> str:
        return pgettext("stopped while …", "reading the tokenizer {file}", file=self.path.name)


NORMALIZATION_CHANGES = "normalization changes"  # verbatim


@dataclass(frozen=True, slots=True)
class FindNormalizationChanges:
    """Find what normalization changes in a chunk of a text (valid UTF-8) between two split points."""

    form: Form
    data: bytes
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> dict[str, NDArray[np.uint32]]:  # noqa: ARG002
        """Under ``NORMALIZATION_CHANGES`` ``uint32[n, 2]``: start and end of each changed range, in bytes
        from the chunk's start."""
        ranges = [(start, end) for start, end, _ in rewritten_ranges(self.data, self.form)]
        return {NORMALIZATION_CHANGES: np.array(ranges, np.uint32).reshape(-1, 2)}

    def __str__(self) -> str:
        return pgettext("stopped while …", "looking for what {form} changes", form=self.form)


def _fact(tokenizer: Tokenizer, merge_ranks: MergeRanks, token_id: int) -> TokenFact:
    special = tokenizer.special_tokens.get(token_id, "")
    try:
        data = tokenizer.token_bytes(token_id)
    except KeyError:
        return TokenFact(token_id, None, special)
    return TokenFact(token_id, data, special, None if special else merge_ranks.of(token_id))
