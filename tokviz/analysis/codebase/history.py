"""What a codebase counted at each of its versions, and what each added and removed."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.recalling import recall
from tokviz.analysis.codebase.scan import Counters, MeasuredBatch, batch_size, columns, count
from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan
from tokviz.count_cache.cache import CountCache
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.git_versions import Blob, FileChange, History, Version, Versions
from tokviz.documents.tree.reading import ContentBatch
from tokviz.documents.tree.walking import FoundFile
from tokviz.tokens import Count

Key = tuple[bytes, str]
"""A blob's id, and how it is read."""


@dataclass(frozen=True, slots=True)
class VersionCounts:
    """A version of a codebase, counted."""

    version: Version
    files: int
    not_text: int
    """Files that are not counted: they are no text, or too large."""
    counts: Mapping[str, Count]
    """By tokenizer and estimator."""
    added: Mapping[str, int] | None
    removed: Mapping[str, int] | None
    """Tokens, since the version before: what files grew and shrank by, one by one. None where that is not
    known."""


class BlobCounter:
    """Counts blobs, each once: what an earlier run has counted is known by the blob's id."""

    def __init__(
        self, history: History, options: ReadOptions, counters: Counters, cache: CountCache | None
    ) -> None:
        self.columns = columns(counters)
        self._history = history
        self._options = options
        self._counters = counters
        self._cache = cache
        self._values: dict[Key, NDArray[np.int64] | None] = {}
        """``int64[columns]``; None: it is not text."""
        self._ways: dict[str, str] = {}
        """How each path is read."""
        self._no_text = f"no text {options.largest}"  # verbatim

    def key(self, path: str, blob: bytes) -> Key:
        """What a file's counts depend on."""
        way = self._ways.get(path)
        if way is None:
            way = self._ways[path] = self._options.fingerprint(path)
        return blob, way

    def values(self, path: str, blob: bytes) -> NDArray[np.int64] | None:
        """What was counted of a blob."""
        return self._values[self.key(path, blob)]

    def count(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Count what is not yet known of these files (path and blob)."""
        new = {self.key(path, blob): Blob(blob, path) for path, blob in files}
        new = {key: blob for key, blob in new.items() if key not in self._values}
        if self._cache is not None:
            new = self._recalled(new, self._cache)
        for counted in count(self._read(list(new.items())), self._counters):
            for number, row in zip(counted.numbers.tolist(), counted.values, strict=True):
                self._values[self._numbered[number]] = row
            for number, _ in counted.left_out:
                self._values[self._numbered[number]] = None

    def keep(self) -> None:
        """Keep what was counted by the blobs' ids: the next run need not even read them."""
        cache = self._cache
        if cache is None:
            return
        counted = [(key, row) for key, row in self._values.items() if row is not None and (row >= 0).all()]
        none = [key for key, row in self._values.items() if row is None]
        if none:
            ones = np.ones(len(none), np.uint64)
            cache.keep_words(self._cache_keys(none, cache), self._no_text, ones)
        if counted:
            keys = self._cache_keys([key for key, _ in counted], cache)
            values = np.stack([row for _, row in counted])
            for number, name in enumerate(self.columns):
                cache.keep_numbers(keys, name, values[:, number])
        cache.flush()

    def _recalled(self, new: dict[Key, Blob], cache: CountCache) -> dict[Key, Blob]:
        if not new:
            return new
        keys = list(new)
        wanted = self._cache_keys(keys, cache)
        found = cache.recall_numbers(wanted, self.columns)
        _ones, none = cache.recall_words(wanted, self._no_text)
        for key, row, no_text in zip(keys, found, none.tolist(), strict=True):
            if no_text:
                self._values[key] = None
            elif (row >= 0).all():
                self._values[key] = row
        return {key: blob for key, blob in new.items() if key not in self._values}

    @staticmethod
    def _cache_keys(keys: Sequence[Key], cache: CountCache) -> NDArray[np.uint64]:
        ways = [f"blob {way}" for _blob, way in keys]  # verbatim
        return cache.keys([cache.digest(blob) for blob, _way in keys], ways)

    def _read(self, blobs: Sequence[tuple[Key, Blob]]) -> Iterator[MeasuredBatch]:
        self._numbered = [key for key, _ in blobs]
        names = self.columns[len(SIZE_COLUMNS) :]
        most = batch_size(len(names))
        batch = ContentBatch()
        for number, (key, blob) in enumerate(blobs):
            data = self._history.content(blob)
            if data is None:
                self._values[key] = None
                continue
            batch.add(number, FoundFile(blob.path, len(data), 0), data)
            if batch.size >= most:
                yield recall(batch, self._options, names, self._cache)
                batch = ContentBatch()
        if batch.numbers:
            yield recall(batch, self._options, names, self._cache)


def count_versions(
    history: History, found: Versions, plan: CountPlan, blobs: BlobCounter
) -> Generator[VersionCounts, None, None]:
    """Each version's counts, in the order given (the newest first).

    To cancel, close the iterator (or ask no more): what is counted so far is kept."""
    try:
        sums, newer = _Sums(blobs), None
        for several in history.changes((*found.listed, *((found.before,) if found.before else ()))):
            own = ((file.path, file.own) for one in several for file in one.files)
            blobs.count((path, blob) for path, blob in own if blob is not None)
            for one in several:
                if newer is not None:
                    yield sums.counts(newer, plan, _changes(one.files, plan, blobs))
                sums.move_to(one.files)
                newer = one.version
        if newer is not None and found.before is None:
            yield sums.counts(newer, plan, sums.all_new(plan) if found.begins else None)
    finally:
        blobs.keep()


class _Sums:
    """The sums of a version's files, made of those of the next by what differs: most of it does not."""

    def __init__(self, blobs: BlobCounter) -> None:
        self._blobs = blobs
        self._values = np.zeros(len(blobs.columns), np.int64)
        self._texts = self._files = 0

    def move_to(self, changed: Sequence[FileChange]) -> None:
        """Another version, which differs so."""
        for path, *blobs in changed:
            for blob, sign in zip(blobs, (-1, 1), strict=True):
                if blob is None:
                    continue
                self._files += sign
                if (row := self._blobs.values(path, blob)) is not None:
                    self._values = self._values + sign * row
                    self._texts += sign

    def all_new(self, plan: CountPlan) -> "_Changes":
        """What the version adds where nothing was before it."""
        counts = plan.counts(self._blobs.columns, self._values)
        return {name: one.tokens for name, one in counts.items()}, dict.fromkeys(counts, 0)

    def counts(self, version: Version, plan: CountPlan, changes: "_Changes | None") -> VersionCounts:
        """What ``VersionCounts`` says of the version."""
        added, removed = changes or (None, None)
        counts = plan.counts(self._blobs.columns, self._values)
        return VersionCounts(version, self._texts, self._files - self._texts, counts, added, removed)


_Changes = tuple[dict[str, int], dict[str, int]]
"""What was added and removed, by tokenizer."""


def _changes(changed: Iterable[FileChange], plan: CountPlan, blobs: BlobCounter) -> _Changes:
    added, removed = dict.fromkeys(plan.names, 0), dict.fromkeys(plan.names, 0)
    for sides in _sides(changed):
        now, then = (_tokens(path, blob, plan, blobs) for path, blob in sides)
        for name in plan.names:
            growth = now.get(name, 0) - then.get(name, 0)
            added[name] += max(0, growth)
            removed[name] += max(0, -growth)
    return added, removed


_Side = tuple[str, bytes | None]


def _sides(changed: Iterable[FileChange]) -> Iterator[tuple[_Side, _Side]]:
    """Each file in the newer version and in the older one; one that was renamed, and is the same, once."""
    gone: dict[bytes, list[str]] = {}
    new: list[tuple[str, bytes]] = []
    for path, newer, own in changed:
        if newer is None and own is not None:
            gone.setdefault(own, []).append(path)
        elif own is None and newer is not None:
            new.append((path, newer))
        else:
            yield (path, newer), (path, own)
    for path, blob in new:
        former = gone.get(blob)
        yield (path, blob), (former.pop(), blob) if former else (path, None)
    for blob, paths in gone.items():
        yield from (((path, None), (path, blob)) for path in paths)


def _tokens(path: str, blob: bytes | None, plan: CountPlan, blobs: BlobCounter) -> dict[str, int]:
    row = blobs.values(path, blob) if blob is not None else None
    return {} if row is None else {name: one.tokens for name, one in plan.counts(blobs.columns, row).items()}
