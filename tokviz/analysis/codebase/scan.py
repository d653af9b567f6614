"""Counting many files: what each adds to the tree's metrics, for all tokenizers in one reading.

Nothing here opens a file. Texts come in batches (``documents.tree_reading``), each is handed to every
counter, and the metrics leave as arrays. All metrics add up, so a folder's are the sum of its files'.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.generated import says_generated
from tokviz.analysis.count_plan import SIZE_COLUMNS, Counter, CountPlan, later_parts, make_decoder
from tokviz.documents.decoding import TextFile
from tokviz.documents.tree.reading import BATCH, TextBatch
from tokviz.documents.tree.walking import LeftOut
from tokviz.tokens import Count

_LF, _CR = 0x0A, 0x0D
_AHEAD = 1
"""Batches begun before the metrics of the one before them are asked for."""


@dataclass(frozen=True, slots=True)
class MeasuredBatch:
    """A batch with the metrics that need no tokenizer."""

    texts: TextBatch
    sizes: NDArray[np.int64]
    """``int64[len(texts), 3]``: see ``SIZE_COLUMNS``."""
    generated: list[bool]
    """Which texts say in their first lines that a program wrote them."""


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


def columns(counters: Sequence[Counter]) -> tuple[str, ...]:
    """The names of a ``CountedBatch``'s columns."""
    return (*SIZE_COLUMNS, *(name for counter in counters for name in counter.columns))


def measure(batch: TextBatch) -> MeasuredBatch:
    """Measure a batch. It belongs on the thread that reads, which otherwise waits for the disk."""
    sizes = text_sizes(batch.texts)
    if batch.known or not (batch.opens and batch.ends):  # the bytes of the others are those of their texts
        sizes[:, 0] = batch.sizes
    if not batch.ends:  # a split stands inside a line
        sizes[:, 2] -= 1
    return MeasuredBatch(batch, sizes, list(map(says_generated, batch.texts)))


def batch_size(counters: int) -> int:
    """Bytes of text that are best read at once for so many counters: each at work holds ten times as much."""
    return BATCH if _parallel(counters) else BATCH // 4


def usable_processors() -> int:
    """The processors that this process may use: in a container or under ``taskset`` fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _parallel(counters: int) -> bool:
    return counters < usable_processors()


def count(batches: Iterable[MeasuredBatch], counters: Sequence[Counter]) -> Iterator[CountedBatch]:
    """Count each batch with all counters, in order. To cancel, close the iterator (or ask no more).

    Each counter and batch is a piece of work for a thread, so that all processors are busy although a
    tokenizer does one thing at a time, and the Python between its calls is not waited for. The batch after
    the one that is asked for is begun too.
    """
    parallel = _parallel(len(counters))
    pool = ThreadPoolExecutor(usable_processors(), thread_name_prefix="count")
    begun: deque[tuple[MeasuredBatch, list[Future[NDArray[np.int64]]]]] = deque()
    try:
        for batch in batches:
            begun.append((batch, _begin(pool, batch.texts, counters, parallel)))
            if len(begun) > _AHEAD:
                yield _counted(*begun.popleft(), counters)
        while begun:
            yield _counted(*begun.popleft(), counters)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(
    pool: ThreadPoolExecutor, batch: TextBatch, counters: Sequence[Counter], parallel: bool
) -> list[Future[NDArray[np.int64]]]:
    if not batch.texts:
        return []
    count = [counter.count if batch.opens else later_parts(counter).count for counter in counters]
    return [pool.submit(each, batch.texts, parallel) for each in count]


def _counted(
    batch: MeasuredBatch, work: Sequence[Future[NDArray[np.int64]]], counters: Sequence[Counter]
) -> CountedBatch:
    texts = batch.texts
    parts = [batch.sizes, *(future.result() for future in work)] if work else []
    return CountedBatch(
        numbers=np.array(texts.numbers, np.int64),
        values=np.concatenate(parts, axis=1) if parts else np.zeros((0, len(columns(counters))), np.int64),
        encodings=texts.encodings,
        replaced=np.array(texts.replaced, np.int64),
        known=texts.known,
        left_out=texts.left_out,
        generated=np.array(batch.generated, np.bool_),
        ends=texts.ends,
    )


def count_text(text: bytes, plan: CountPlan, counters: Sequence[Counter]) -> dict[str, Count]:
    """The counts of one text, by the names of ``plan`` whose ``counters`` there are."""
    batch = TextBatch()
    batch.add(0, TextFile(text, "UTF-8"), len(text))
    (counted,) = count([measure(batch)], counters)
    return plan.counts(columns(counters), counted.values[0])


def count_texts(texts: Sequence[bytes], name: str, counters: Sequence[Counter]) -> list[Count]:
    """The count of each text by the tokenizer or estimator ``name``, with the ``counters`` it needs."""
    decoder = make_decoder(name)
    by_column = {counter.columns[0]: counter for counter in counters}
    sums = [by_column[source].count(texts) for source in decoder.sources]
    return [decoder.count(row) for row in np.concatenate(sums, axis=1)] if texts else []


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
