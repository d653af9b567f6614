"""Making texts of what files hold, without the work that an earlier run has done on the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.generated import says_generated
from tokviz.analysis.codebase.scan import MeasuredBatch, measure, text_sizes
from tokviz.count_cache.cache import Binary, CountCache, Facts, Recalled
from tokviz.count_cache.store import Words
from tokviz.documents.decoding import PLAIN_UTF8, ReadOptions, TextFile
from tokviz.documents.reading import BinaryError, document_reader, make_text
from tokviz.documents.tree.reading import ContentBatch, TextBatch, left_out_as_binary, make_texts
from tokviz.documents.tree.walking import LeftOut

if TYPE_CHECKING:
    from tokviz.documents.extraction.reader import DocumentReader


@dataclass(frozen=True, slots=True, eq=False)
class CachedCounts:
    """What a cache has of a batch's texts, and where it keeps more; see ``scan.KeptCounts``."""

    cache: CountCache
    keys: Words
    counts: NDArray[np.int64]

    def keep(self, column: str, rows: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        """See ``scan.KeptCounts``."""
        self.cache.keep_counts(self.keys[rows], column, counts)


def recall(
    read: ContentBatch,
    options: ReadOptions,
    columns: Sequence[str],
    cache: CountCache | None,
    documents: "DocumentReader | None" = None,
) -> MeasuredBatch:
    """The texts of files and what is known of them, to be counted by ``columns``.

    A text all of whose counts are kept is not made: it is empty in the batch. ``documents`` as in
    ``make_text``.
    """
    if cache is None:
        return measure(make_texts(read, options, documents=documents))
    digests = read.digests or list(map(cache.digest, read.contents))
    keys = cache.keys(digests, _ways(read, options))
    found = cache.recall(keys, columns)
    if read.folder and (needed := _needed(found)):
        read = read.filled(needed, cache.digest)
        keys = cache.keys(read.digests, _ways(read, options))
        found = cache.recall(keys, columns)
    complete = np.all(found.counts >= 0, axis=1)
    with document_reader(options, documents) as reader:
        filling = _Filling(read, found, reader)
        for row in np.flatnonzero((found.plain < 0) | ~complete).tolist():
            filling.fill(row, options, bool(complete[row]))
    filling.keep_facts(cache, keys)
    return filling.measured(CachedCounts(cache, keys, found.counts))


def known_part(batch: MeasuredBatch) -> tuple[MeasuredBatch, list[int]]:
    """The texts of a batch all of whose counts are kept, with what is left out; and the others' numbers."""
    texts, kept = batch.texts, batch.kept
    if kept is None:
        return batch.at([], None), texts.numbers
    complete = np.all(kept.counts >= 0, axis=1)
    if complete.all():
        return batch, []
    part = batch.at(np.flatnonzero(complete).tolist(), Known(kept.counts[complete]))
    return part, [number for number, known in zip(texts.numbers, complete, strict=True) if not known]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Counts of texts all of which are known; see ``scan.KeptCounts``."""

    counts: NDArray[np.int64]

    def keep(self, column: str, rows: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        """There is nothing to be counted."""


def _needed(found: Recalled) -> list[int]:
    """The rows of files of which more is needed than what is kept."""
    complete = np.all(found.counts >= 0, axis=1)
    rows = np.flatnonzero((found.plain < 0) | ~complete).tolist()
    others = found.others
    return [
        row
        for row in rows
        if not (isinstance(others.get(row), Binary) or (complete[row] and isinstance(others.get(row), Facts)))
    ]


def _ways(read: ContentBatch, options: ReadOptions) -> list[str]:
    if options.by_name:
        return [options.fingerprint(file.path) for file in read.files]
    return [options.fingerprint("")] * len(read.files)


class _Filling:
    """A batch, at first as if all of it were known; a row for each file read."""

    def __init__(self, read: ContentBatch, found: Recalled, documents: "DocumentReader | None") -> None:
        count = len(read.numbers)
        self._read = read
        self._found = found
        self._documents = documents
        self._texts = [b""] * count
        self._files: dict[int, TextFile] = {}
        """What is known of texts that are not just UTF-8, by row."""
        self._encodings = [PLAIN_UTF8[kind] for kind in found.plain.tolist()]
        self._sizes = np.column_stack([np.array(read.sizes, np.int64), found.sizes])
        self._generated: list[bool] = found.generated.tolist()
        self._new: dict[int, Facts | Binary] = {}
        """What is found out now."""
        self._gone: list[tuple[int, LeftOut]] = []

    def fill(self, row: int, options: ReadOptions, complete: bool) -> None:
        """Put in a file that is not plain UTF-8, or that is to be counted, ``complete`` if it is not."""
        known = self._found.others.get(row)
        file = self._read.files[row]
        try:
            if isinstance(known, Binary):
                raise BinaryError(file.path, known.reason)
            if known and complete:
                text, facts = b"", known
            else:
                text, facts = self._made(row, options)
        except BinaryError as error:
            if known is None and not error.passing:
                self._new[row] = Binary(error.reason)
            self._gone.append((row, left_out_as_binary(file, error.reason)))
            return
        self._texts[row] = text
        self._encodings[row] = facts.file.encoding
        self._sizes[row, 1:] = facts.characters, facts.lines
        self._generated[row] = facts.generated
        if not facts.file.plain:
            self._files[row] = facts.file

    def _made(self, row: int, options: ReadOptions) -> tuple[bytes, Facts]:
        made = make_text(self._read.contents[row], self._read.files[row].path, options, self._documents)
        facts = self._found.others.get(row)
        if not isinstance(facts, Facts):
            ((_, characters, lines),) = text_sizes([made.text]).tolist()
            facts = Facts(made._replace(text=b""), characters, lines, says_generated(made.text))
            if self._found.plain[row] < 0:
                self._new[row] = facts
        return made.text, facts

    def keep_facts(self, cache: CountCache, keys: Words) -> None:
        """Keep what was found out."""
        if self._new:
            cache.keep_facts(keys[list(self._new)], list(self._new.values()))

    def measured(self, kept: CachedCounts) -> MeasuredBatch:
        """The batch, without what is left out."""
        read, out = self._read, dict(self._gone)
        replaced = [0] * len(self._texts)
        for row, file in self._files.items():
            replaced[row] = file.replaced
        texts = TextBatch(
            read.numbers,
            self._texts,
            self._encodings,
            replaced,
            self._sizes[:, 0].tolist(),
            {read.numbers[row]: file for row, file in self._files.items()},
            [*read.left_out, *((read.numbers[row], gone) for row, gone in self._gone)],
            sum(map(len, self._texts)),
        )
        batch = MeasuredBatch(texts, self._sizes, self._generated, kept)
        if not out:
            return batch
        rows = [row for row in range(len(read.numbers)) if row not in out]
        return batch.at(rows, CachedCounts(kept.cache, kept.keys[rows], kept.counts[rows]))
