"""Counting many files: what each adds to the tree's metrics, for all tokenizers in one reading.

Nothing here opens a file. Texts come in batches (``documents.tree_reading``), each is handed to every
counter, and the metrics leave as arrays. All metrics add up, so a folder's are the sum of its files'.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.generated import says_generated
from tokviz.analysis.count_plan import SIZE_COLUMNS, Counter, Decoder, later_parts
from tokviz.documents.decoding import TextFile
from tokviz.documents.tree.reading import BATCH, TextBatch
from tokviz.documents.tree.walking import LeftOut
from tokviz.tokens import Count

_LF, _CR = 0x0A, 0x0D
_AHEAD = 1
"""Batches begun before the metrics of the one before them are asked for."""
_WHOLE_BATCH = 4 << 20
"""Bytes of text to be counted from which on a batch of which something is kept is as much work as others."""


@dataclass(frozen=True, slots=True)
class MeasuredBatch:
    """A batch with the metrics that need no tokenizer."""

    texts: TextBatch
    sizes: NDArray[np.int64]
    """``int64[len(texts), 3]``: see ``SIZE_COLUMNS``."""
    generated: list[bool]
    """Which texts say in their first lines that a program wrote them."""
    kept: "KeptCounts | None" = None
    """What a cache knows of them."""

    def at(self, rows: Sequence[int], kept: "KeptCounts | None") -> "MeasuredBatch":
        """Some of its texts, of which ``kept`` is known, with all that is left out."""
        generated = [self.generated[row] for row in rows]
        return MeasuredBatch(self.texts.at(rows), self.sizes[list(rows)], generated, kept)


@dataclass(frozen=True, slots=True, eq=False)
class CountedBatch:
    """The metrics of some files; it pickles small and holds no text."""

    numbers: NDArray[np.int64]
    """Which files: ``int64[n]``."""
    values: NDArray[np.int64]
    """``int64[n, columns]``: ``SIZE_COLUMNS``, then each counter's."""
    encodings: list[str]
    replaced: NDArray[np.int64]
    """How many U+FFFD stand for bytes that could not be decoded: ``int64[n]``."""
    left_out: list[tuple[int, LeftOut]]
    """Files that turned out binary or unreadable, by number."""
    generated: NDArray[np.bool_]
    """Which say in their first lines that a program wrote them: ``bool[n]``."""
    known: dict[int, TextFile] = field(default_factory=dict)
    """By number, what is known of each file that is not just UTF-8; without its text."""
    ends: bool = True
    """False: of a large file's parts this is not the last; see ``TextBatch``."""

    def behind(self, parts: Sequence["CountedBatch"]) -> "CountedBatch":
        """The metrics of a file of which this is the last part and these are the others."""
        if not parts or not len(self.numbers):  # it was left out in the end
            return self
        return replace(
            self,
            values=self.values + sum(part.values for part in parts),
            replaced=self.replaced + sum(part.replaced for part in parts),
            generated=parts[0].generated,
        )


class KeptCounts(Protocol):
    """What earlier runs counted of a batch's texts."""

    @property
    def counts(self) -> NDArray[np.int64]:
        """``int64[texts, columns]``, in the order of the counters' columns; -1: not known. A text all of
        whose counts are known is empty in the batch."""

    def keep(self, column: str, rows: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        """Keep what was counted of some of the texts."""


class CounterLoader(Protocol):
    """Counters that are loaded when the first text needs them."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that they may fill."""

    def load(self, columns: Sequence[str]) -> Sequence[Counter]:
        """What fills these columns, which is loaded once. A column that nothing can fill is passed over."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Counters that need not be loaded."""

    counters: Sequence[Counter]

    @property
    def columns(self) -> tuple[str, ...]:
        """See CounterLoader."""
        return tuple(name for counter in self.counters for name in counter.columns)

    def load(self, columns: Sequence[str]) -> Sequence[Counter]:
        """See CounterLoader."""
        return [counter for counter in self.counters if not set(columns).isdisjoint(counter.columns)]


Counters = Sequence[Counter] | CounterLoader


def columns(counters: Counters) -> tuple[str, ...]:
    """The names of a ``CountedBatch``'s columns."""
    return (*SIZE_COLUMNS, *loader(counters).columns)


def loader(counters: Counters) -> CounterLoader:
    """What loads them, if they are not loaded yet."""
    return Loaded(counters) if isinstance(counters, Sequence) else counters


def measure(batch: TextBatch) -> MeasuredBatch:
    """Measure a batch. It belongs on the thread that reads, which otherwise waits for the disk."""
    sizes = text_sizes(batch.texts)
    if batch.known or not (batch.opens and batch.ends):  # the bytes of the others are those of their texts
        sizes[:, 0] = batch.sizes
    if not batch.ends:  # a split stands inside a line
        sizes[:, 2] -= 1
    return MeasuredBatch(batch, sizes, list(map(says_generated, batch.texts)))


def batch_size(counters: int) -> int:
    """Bytes of text that are best read at once for so many counters: each at work holds ten times as much,
    and with a quarter of a batch, six counters took 25 MB more and no less time."""
    return BATCH if _parallel(counters) else BATCH // 8


def usable_processors() -> int:
    """The processors that this process may use: in a container or under ``taskset`` fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _parallel(counters: int) -> bool:
    return counters < usable_processors()


def count(batches: Iterable[MeasuredBatch], counters: Counters) -> Iterator[CountedBatch]:
    """Count each batch with all counters, in order. To cancel, close the iterator (or ask no more).

    A column that no counter can fill has -1 in it where nothing is kept of it.
    """
    with ThreadPoolExecutor(usable_processors(), thread_name_prefix="count") as pool:
        counting = _Counting(loader(counters), pool)
        try:
            for batch in batches:
                counting.begin(batch)
                while counting.enough:
                    yield counting.finish()
            while counting.begun:
                yield counting.finish()
        finally:
            counting.close()
            pool.shutdown(cancel_futures=True)


@dataclass(slots=True, eq=False)
class _Begun:
    """A batch that is being counted."""

    batch: MeasuredBatch
    missing: list[str]
    """The columns in which something is not known."""
    work: float
    """How much there is to count: 1 is a batch of which nothing is known."""
    parts: list[tuple[Counter, NDArray[np.int64], Future[NDArray[np.int64]]]] | None = None
    """Which texts which counter counts; None until the counters are there."""


class _Counting:
    """Batches that are being counted.

    Each counter and batch is a piece of work for a thread, so that all processors are busy although a
    tokenizer does one thing at a time, and the Python between its calls is not waited for. The batch after
    the one that is asked for is begun too. Counters are loaded on a thread as well: meanwhile batches go by
    of which all is known.
    """

    def __init__(self, counters: CounterLoader, pool: ThreadPoolExecutor) -> None:
        self._counters = counters
        self._columns = counters.columns
        self._pool = pool
        self._parallel = _parallel(len(self._columns))
        self._loading = ThreadPoolExecutor(1, thread_name_prefix="load")
        self._loads: dict[str, Future[Sequence[Counter]]] = {}
        self.begun: deque[_Begun] = deque()

    @property
    def enough(self) -> bool:
        """Whether the first batch is to be finished before another is begun."""
        return bool(self.begun) and (not self.begun[0].missing or sum(b.work for b in self.begun) > _AHEAD)

    def begin(self, batch: MeasuredBatch) -> None:
        """Begin to count a batch."""
        missing: list[str] = list(self._columns) if batch.texts.texts else []
        work = 1.0
        if batch.kept is not None:
            unknown = np.flatnonzero((batch.kept.counts < 0).any(axis=0))
            missing = [self._columns[number] for number in unknown.tolist()]
            work = min(1.0, batch.texts.size / _WHOLE_BATCH)
        self.begun.append(_Begun(batch, missing, work if missing else 0.0))
        wanted = [name for name in missing if name not in self._loads]
        if wanted:
            self._loads |= dict.fromkeys(wanted, self._loading.submit(self._counters.load, wanted))
        for each in self.begun:
            if each.parts is None and all(self._loads[name].done() for name in each.missing):
                self._submit(each)

    def finish(self) -> CountedBatch:
        """The metrics of the first batch, as soon as they are there."""
        begun = self.begun.popleft()
        if begun.parts is None:
            self._submit(begun)
        assert begun.parts is not None
        texts, kept = begun.batch.texts, begun.batch.kept
        values = np.full((len(texts.numbers), len(self._columns)), -1, np.int64)
        if kept is not None:
            values[:] = kept.counts
        for counter, rows, future in begun.parts:
            counted = future.result()
            for number, name in enumerate(counter.columns):
                if name in self._columns:
                    values[rows, self._columns.index(name)] = counted[:, number]
                    if kept is not None:
                        kept.keep(name, rows, counted[:, number])
        return CountedBatch(
            numbers=np.array(texts.numbers, np.int64),
            values=np.concatenate([begun.batch.sizes, values], axis=1),
            encodings=texts.encodings,
            replaced=np.array(texts.replaced, np.int64),
            known=texts.known,
            left_out=texts.left_out,
            generated=np.array(begun.batch.generated, np.bool_),
            ends=texts.ends,
        )

    def close(self) -> None:
        """Let no thread begin anything more."""
        self._loading.shutdown(cancel_futures=True)

    def _submit(self, begun: _Begun) -> None:
        """Have a batch counted by the counters of its missing columns, which are waited for."""
        batch, kept = begun.batch.texts, begun.batch.kept
        counters = {id(one): one for name in begun.missing for one in self._loads[name].result()}
        begun.parts = []
        for counter in counters.values():
            rows = np.arange(len(batch.texts))
            if kept is not None:
                filled = [self._columns.index(name) for name in counter.columns if name in self._columns]
                rows = np.flatnonzero((kept.counts[:, filled] < 0).any(axis=1))
            texts = batch.texts if len(rows) == len(batch.texts) else [batch.texts[row] for row in rows]
            if len(rows):
                fill = counter.count if batch.opens else later_parts(counter).count
                begun.parts.append((counter, rows, self._pool.submit(fill, texts, self._parallel)))


def count_texts(texts: Sequence[bytes], decoder: Decoder, counters: Counters) -> list[Count]:
    """The count of each text by a tokenizer or estimator, with the ``counters`` it needs."""
    found: dict[str, NDArray[np.int64]] = {}
    for counter in loader(counters).load(decoder.sources) if texts else ():
        found |= dict(zip(counter.columns, counter.count(texts).T, strict=True))
    return (
        [decoder.count(row) for row in np.array([found[one] for one in decoder.sources]).T] if texts else []
    )


def text_sizes(texts: Sequence[bytes]) -> NDArray[np.int64]:
    """Bytes of UTF-8, characters and lines of each text: ``int64[len(texts), 3]``."""
    sizes = [(len(text), len(text) if text.isascii() else len(text.decode()), _lines(text)) for text in texts]
    return np.array(sizes, np.int64).reshape(-1, 3)


def _lines(text: bytes) -> int:
    """Line ends (LF, CR LF, CR), and one more for what follows the last of them."""
    if not text:
        return 0
    # Text by text: a file stays in the processor's cache, a batch does not.
    codes = np.frombuffer(text, np.uint8)
    feeds: NDArray[np.bool_] = codes == _LF
    breaks = np.count_nonzero(feeds)
    if b"\r" in text:
        returns = codes == _CR
        breaks += np.count_nonzero(returns) - np.count_nonzero(returns[:-1] & feeds[1:])
    return int(breaks) + (text[-1] not in (_LF, _CR))
