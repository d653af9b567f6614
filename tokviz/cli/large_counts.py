"""Counts of files that are too large to hold, kept from one run to the next."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tokviz.analysis.codebase.recalling import Known
from tokviz.analysis.codebase.scan import CountedBatch, MeasuredBatch
from tokviz.analysis.count_plan import SIZE_COLUMNS
from tokviz.count_cache.cache import CountCache, Facts
from tokviz.count_cache.store import Words
from tokviz.documents.decoding import NotTextError, ReadOptions, TextFile, decode_bytes
from tokviz.documents.large_text import Blocks
from tokviz.documents.reading import ReadError
from tokviz.documents.tree.reading import TextBatch
from tokviz.documents.tree.walking import FoundFile


class LargeCounts:
    """Recalls large files, and keeps what is counted of those that stayed the same meanwhile."""

    def __init__(self, cache: CountCache | None, columns: Sequence[str]) -> None:
        """``columns``: those of the tokenizers."""
        self._cache = cache
        self._columns = (*SIZE_COLUMNS, *columns)
        self._waiting: dict[Path, _Reading] = {}

    def recall(
        self, place: Path, number: int, file: FoundFile, blocks: Blocks, options: ReadOptions
    ) -> tuple[MeasuredBatch | None, Blocks]:
        """What is kept of the file that is at ``place`` and read by ``blocks``; and what to read it by, if
        that is nothing."""
        cache = self._cache
        if cache is None or not _is_text(blocks, options):
            return None, blocks
        reading = _Reading(cache, blocks, options.fingerprint(file.path))
        try:
            for _block in reading.blocks():
                pass
        except ReadError:  # told by whoever reads it
            return None, blocks
        key = reading.key
        found = None if key is None else self._recalled(cache, key, number)
        if found is None:
            self._waiting[place] = reading
        return found, reading.blocks

    def keep(self, place: Path, counted: CountedBatch) -> None:
        """Keep what was counted of a file, if it was recalled before and held the same all the time."""
        reading = self._waiting.pop(place, None)
        key = reading.key if reading else None
        if self._cache is None or key is None or not len(counted.numbers):
            return
        values = counted.values[0]
        if (values < 0).any():
            return
        number = int(counted.numbers[0])
        file = counted.known.get(number) or TextFile(b"", counted.encodings[0])
        # Its characters and lines are among the numbers, which have no bound.
        self._cache.keep_facts(key, [Facts(file, 0, 0, bool(counted.generated[0]))])
        for name, value in zip(self._columns, values, strict=True):
            self._cache.keep_numbers(key, name, np.array([value], np.int64))

    def _recalled(self, cache: CountCache, key: Words, number: int) -> MeasuredBatch | None:
        values = cache.recall_numbers(key, self._columns)
        facts = cache.recall(key, ()).facts(0)
        if facts is None or (values < 0).any():
            return None
        file, size = facts.file, int(values[0, 0])
        known = {} if file.plain else {number: file}
        texts = TextBatch([number], [b""], [file.encoding], [file.replaced], [size], known)
        sizes = values[:, : len(SIZE_COLUMNS)]
        return MeasuredBatch(texts, sizes, [facts.generated], Known(values[:, len(SIZE_COLUMNS) :]))


class _Reading:
    """A file that is read several times, and each time hashed."""

    def __init__(self, cache: CountCache, blocks: Blocks, way: str) -> None:
        self._cache = cache
        self._blocks = blocks
        self._way = way
        self._digests: set[bytes] = set()

    def blocks(self) -> Iterator[bytes]:
        """All of it, block by block."""
        hashing = self._cache.hashing()
        for block in self._blocks():
            hashing.update(block)
            yield block
        self._digests.add(self._cache.digest_of(hashing))

    @property
    def key(self) -> Words | None:
        """The key of the file; None if it was not the same each time."""
        return self._cache.keys(list(self._digests), [self._way]) if len(self._digests) == 1 else None


def _is_text(blocks: Blocks, options: ReadOptions) -> bool:
    """Whether the first block does not tell already that it is none."""
    try:
        decode_bytes(next(blocks(), b""), options)
    except (NotTextError, ReadError):
        return False
    return True
