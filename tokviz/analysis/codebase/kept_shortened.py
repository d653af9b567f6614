"""What files count when they are shortened, kept from one run to the next: finding comments takes lexers far
longer than a count takes a tokenizer.

Of each file the cache keeps which masks change its text (one number, a bit for each mask), and of each such
text its sizes and tokens. Bit 0, for which there is no text, says that a reason is kept as well.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.shortened_counts import MASKS, ShortenedBatch
from tokviz.analysis.count_plan import SIZE_COLUMNS
from tokviz.count_cache.cache import CountCache
from tokviz.count_cache.store import Words
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import document_reader
from tokviz.documents.shortening.shortenings import RULES, Shortening
from tokviz.documents.tree.reading import ContentBatch, TextBatch, make_texts, read_contents
from tokviz.documents.tree.walking import FoundFile

if TYPE_CHECKING:
    from tokviz.documents.extraction.reader import DocumentReader

_VARIANTS = "variants"  # verbatim
_NO_BITS = np.uint64(0)


class KeptShortened:
    """Reads files for ``count_shortened``: what is kept is not made a text of but told by ``take``."""

    def __init__(
        self, cache: CountCache | None, columns: Sequence[str], ways: Collection[Shortening]
    ) -> None:
        """``columns``: those of the tokenizers, in the order of the batches' values."""
        self._cache = cache
        self._columns = (*SIZE_COLUMNS, *columns)
        self._ways = f"{RULES}:{','.join(sorted(ways))}"
        self._recalled: deque[ShortenedBatch] = deque()
        self._keys: dict[int, Words] = {}
        """Of files that are not known."""
        words = [cache.word_key(f"mask {mask}") for mask in range(MASKS)] if cache else []  # verbatim
        self._masks = np.array(words, np.uint64)
        """By mask, what is added to a file's key for the text that it makes: ``uint64[MASKS, 2]``."""

    def texts(
        self,
        root: str | Path,
        files: Iterable[tuple[int, FoundFile]],
        options: ReadOptions,
        batch: int,
        documents: "DocumentReader | None" = None,
    ) -> Iterator[TextBatch]:
        """The texts of those files (numbered, paths from ``root``) of which nothing is kept, as
        ``read_files`` has them."""
        digest = self._cache.digest if self._cache else None
        with document_reader(options, documents) as reader:
            for read in read_contents(root, files, batch, digest):
                yield make_texts(self._unknown(read, options), options, documents=reader)

    def take(self) -> Iterator[ShortenedBatch]:
        """What was recalled since the last time."""
        while self._recalled:
            yield self._recalled.popleft()

    def keep(self, looked: Sequence[int], found: ShortenedBatch) -> None:
        """Keep what was counted of the files ``looked`` at."""
        cache, numbers = self._cache, [number for number in looked if number in self._keys]
        if cache is None or not numbers:
            return
        bits = dict.fromkeys(numbers, 0) | {number: 1 for number in found.kept if number in self._keys}
        rows = [row for row, key in enumerate(found.keys.tolist()) if key // MASKS in bits]
        for key in found.keys[rows].tolist():
            bits[key // MASKS] |= 1 << key % MASKS
        keys = np.array([self._keys.pop(number) for number in numbers], np.uint64)
        by_number = dict(zip(numbers, keys, strict=True))
        told = [number for number, of in bits.items() if of & 1]
        cache.keep_reasons(
            np.array([by_number[number] for number in told], np.uint64).reshape(-1, 2),
            [found.kept[number] for number in told],
        )
        masks = found.keys[rows] % MASKS
        own = np.array([by_number[key // MASKS] for key in found.keys[rows].tolist()], np.uint64)
        texts = own.reshape(-1, 2) ^ self._masks[masks]
        for column, name in enumerate(self._columns):
            values = found.values[rows, column]
            cache.keep_numbers(texts[values >= 0], name, values[values >= 0])
        cache.keep_words(keys, _VARIANTS, np.array([bits[number] for number in numbers], np.uint64))

    def flush(self) -> None:
        """Write what waits."""
        if self._cache is not None:
            self._cache.flush()

    def _unknown(self, read: ContentBatch, options: ReadOptions) -> ContentBatch:
        """The files of a batch of which not all is kept; the others are told."""
        cache = self._cache
        if cache is None or not read.numbers:
            return read
        about = f"shortened {self._ways} {options.fingerprint('')} "  # verbatim
        names = [about + file.path.rpartition("/")[2] for file in read.files]
        keys = cache.keys(read.digests, names)
        known = self._recall(cache, keys, read)
        rest = ContentBatch(left_out=read.left_out)
        for row, (number, file) in enumerate(zip(read.numbers, read.files, strict=True)):
            if not known[row]:
                self._keys[number] = keys[row]
                rest.add(number, file, read.contents[row])
        return rest

    def _recall(self, cache: CountCache, keys: Words, read: ContentBatch) -> NDArray[np.bool_]:
        """Tell what is kept; of which files that is all: ``bool[n]``."""
        bits, known = cache.recall_words(keys, _VARIANTS)
        told = np.flatnonzero(known & ((bits & np.uint64(1)) > _NO_BITS))
        reasons = dict(zip(told.tolist(), cache.recall_reasons(keys[told]), strict=True))
        known[[row for row, reason in reasons.items() if reason is None]] = False
        masks = np.arange(1, MASKS, dtype=np.uint64)
        rows, at = np.nonzero((bits[:, None] >> masks & np.uint64(1)) > _NO_BITS)
        mask = at + 1
        values = cache.recall_numbers(keys[rows] ^ self._masks[mask], self._columns)
        whole = (values >= 0).all(axis=1)
        known[rows[~whole]] = False
        told_rows = known[rows]
        numbers = np.array(read.numbers, np.int64)
        self._recalled.append(
            ShortenedBatch(
                numbers[rows[told_rows]] * MASKS + mask[told_rows],
                values[told_rows],
                {read.numbers[row]: reason for row, reason in reasons.items() if reason and known[row]},
                int(np.array(read.sizes, np.int64)[known].sum()),
            )
        )
        return known
