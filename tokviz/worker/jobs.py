"""What the worker process is asked to do. No Qt here: the worker never loads it.

A job is a small picklable value that says what to do and does it with what the worker holds (its
`WorkerContext`). The window submits jobs through ``ui.worker``; tests and the command line call the same
functions without a process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from tokviz.analysis.chunk_metrics import WORDS, ColumnCounter, Metric, column_counter, count_words
from tokviz.analysis.count_plan import make_decoder
from tokviz.analysis.tokens.statistics import TextSize, text_size
from tokviz.assets import Assets
from tokviz.count_cache.cache import CountCache
from tokviz.count_cache.user_cache import UserCache
from tokviz.documents.decoding import FOUND_OUT, Basis, ReadOptions, TextFile
from tokviz.documents.document_text import DocumentText
from tokviz.documents.reading import read_text
from tokviz.language import pgettext
from tokviz.lists import listed
from tokviz.tokenization.merge_ranks import MergeRanks, read_merge_ranks
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count
from tokviz.worker.transport import LargeBytes

Kept = TypeVar("Kept")


class WorkerContext:
    """What jobs work with: the tokenizers, loaded once and kept."""

    def __init__(self, assets: Assets, counts: Path | None = None) -> None:
        """``counts``: the folder of the counts that are kept from one run to the next, if any are."""
        self._user_cache = UserCache(counts) if counts else None
        self._count_cache: CountCache | None = None
        self._looked_up = False
        self.assets = assets
        self.registry = Registry(assets)
        self._counters: dict[str, ColumnCounter] = {}
        self._merge_ranks: dict[str, MergeRanks] = {}
        self._kept: dict[type, object] = {}

    def kept(self, kind: type[Kept]) -> Kept:
        """What jobs of one room keep from one to the next: an object of ``kind``, made once."""
        # Two threads may ask at once: setdefault is one step.
        found = self._kept.get(kind) or self._kept.setdefault(kind, kind())
        assert isinstance(found, kind)
        return found

    def counter(self, name: str) -> ColumnCounter:
        """What counts chunks of text with a tokenizer or estimator, made once."""
        if name not in self._counters:
            self._counters[name] = column_counter(self.registry, name)
        return self._counters[name]

    def merge_ranks(self, name: str) -> MergeRanks:
        """The merge ranks and scores of a vocabulary's tokens, read once."""
        if name not in self._merge_ranks:
            self._merge_ranks[name] = read_merge_ranks(
                self.registry.info(name), self.registry.own_sha256(name)
            )
        return self._merge_ranks[name]

    @property
    def count_cache(self) -> CountCache | None:
        """The counts of earlier runs, as they were at ``renew_count_cache``; None if none are used."""
        if not self._looked_up:
            self.renew_count_cache()
        return self._count_cache

    def renew_count_cache(self) -> None:
        """See what is kept now: another program may have added to it, cleared it, or switched it off."""
        self._looked_up = True
        self._count_cache = self._user_cache.open(self.registry) if self._user_cache else None

    def forget(self, name: str) -> None:
        """Forget what was made of the tokenizer ``name``, which was read again."""
        self._counters.pop(name, None)
        self._merge_ranks.pop(name, None)


class SupersededError(Exception):
    """Raised inside a job whose result nobody waits for."""


class Reporter:
    """A job's line to whoever waits for it."""

    def __init__(self, post: Callable[[object], None], wanted: Callable[[], bool]) -> None:
        self._post = post
        self._wanted = wanted

    def progress(self, value: object) -> None:
        """Send a part of the result, or how far the job has come; SupersededError if nobody waits."""
        self.check()
        self._post(value)

    def is_wanted(self) -> bool:
        """Whether somebody waits for the result."""
        return self._wanted()

    def check(self) -> None:
        """Raise SupersededError if nobody waits for the result. Long jobs call this often."""
        if not self._wanted():
            raise SupersededError


class Job(Protocol):
    """One request. ``long`` jobs run in parallel with the quick ones and never delay them."""

    long: ClassVar[bool]

    def perform(self, context: WorkerContext, reporter: Reporter) -> object:
        """Do the work in the worker process; what it returns is pickled back."""

    def __str__(self) -> str:
        """What is being done, to complete "The worker stopped while …"."""


@dataclass(frozen=True, slots=True, eq=False)
class Compute:
    """Call a function of the analysis that takes longer than a frame, though not long."""

    function: Callable[..., object]
    arguments: tuple[object, ...]
    doing: str
    """What is being done; see ``Job.__str__``."""
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> object:
        """What the function returns or raises."""
        return self.function(*self.arguments)

    def __str__(self) -> str:
        return self.doing


@dataclass(frozen=True, slots=True)
class LoadTokenizer:
    """Load one tokenizer or what an estimator needs, so that it is there when a text is to be counted."""

    name: str
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> None:
        """VocabularyError if it cannot be used."""
        context.counter(self.name)

    def __str__(self) -> str:
        return pgettext("stopped while …", "loading the tokenizer {tokenizer}", tokenizer=self.name)


@dataclass(frozen=True, slots=True)
class CountChunk:
    """Count one chunk of a text (valid UTF-8) between two split points."""

    names: tuple[str, ...]
    """Tokenizers and estimators, and ``words``."""
    data: bytes
    opens: bool
    """Whether the chunk begins the text."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> dict[str, Metric]:
        """Each metric by its name; see ``analysis.chunk_metrics``."""
        metrics: dict[str, Metric] = {}
        for name in self.names:
            reporter.check()
            is_words = name == WORDS
            metrics[name] = (
                count_words(self.data) if is_words else context.counter(name)(self.data, self.opens)
            )
        return metrics

    def __str__(self) -> str:
        return pgettext("stopped while …", "counting with {tokenizers}", tokenizers=listed(self.names))


@dataclass(frozen=True, slots=True)
class CountPassages:
    """Count whole texts (valid UTF-8) with one tokenizer or estimator, as the same passage in several
    languages, or the same data in several forms."""

    name: str
    texts: tuple[bytes, ...]
    forms: bool = False
    """The texts are the same data in several forms, else one text in several languages."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> tuple[Count, ...]:
        """A count for each text; the registry's errors if the tokenizer cannot be used."""
        counter = context.counter(self.name)
        decoder = make_decoder(self.name, self.name in context.registry.assumed)
        counts = []
        for text in self.texts:
            reporter.check()
            counts.append(decoder.count(counter(text, True)))
        return tuple(counts)

    def __str__(self) -> str:
        if self.forms:
            return pgettext("stopped while …", "counting the forms with {tokenizer}", tokenizer=self.name)
        return pgettext("stopped while …", "counting the languages with {tokenizer}", tokenizer=self.name)


@dataclass(frozen=True, slots=True)
class MeasureText:
    """Count the characters, words and lines of a part of a text."""

    data: bytes
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> TextSize:
        """The sizes of the part."""
        return text_size(self.data)

    def __str__(self) -> str:
        return pgettext("stopped while …", "counting the selection")


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file's text as it travels to the window: ``text.data`` is valid UTF-8."""

    text: LargeBytes
    encoding: str
    replaced: int
    basis: Basis
    others: tuple[str, ...]
    document: DocumentText | None = None
    """What it was made of, if it is not the file's own."""

    @classmethod
    def of(cls, file: TextFile) -> "OpenedFile":
        """What is told of a file that was read."""
        text = LargeBytes(bytearray(file.text))
        return cls(text, file.encoding, file.replaced, file.basis, file.others, file.document)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Read one file as text."""

    path: Path
    reading: ReadOptions = FOUND_OUT
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> OpenedFile:
        """The file's text and encoding; ReadError says in one sentence why there is none."""
        return OpenedFile.of(read_text(self.path, self.reading))

    def __str__(self) -> str:
        return pgettext("stopped while …", "reading {file}", file=self.path.name)
