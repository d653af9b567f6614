"""Adds up what the inputs of ``tokviz count`` hold: files, folders and standard input, by every tokenizer."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.recalling import recall
from tokviz.analysis.codebase.scan import (
    CountedBatch,
    CounterLoader,
    MeasuredBatch,
    batch_size,
    columns,
    count,
    measure,
    usable_processors,
)
from tokviz.analysis.count_plan import Counter
from tokviz.analysis.escaping import encodable
from tokviz.cli.console import Console
from tokviz.cli.input_reading import InputReader, Read
from tokviz.cli.inputs import STANDARD_INPUT, pack_left_out, shown
from tokviz.cli.large_counts import LargeCounts
from tokviz.cli.pack_request import Written
from tokviz.cli.process_shards import MOST_BYTES, usable_processes
from tokviz.cli.progress import Progress
from tokviz.count_cache.cache import CountCache
from tokviz.count_cache.hashing import HashingProcess
from tokviz.documents.decoding import ReadOptions, TextFile
from tokviz.documents.document_text import DocumentText
from tokviz.documents.image_size import ImageSize, NoImageError, read_image_size, sized_image
from tokviz.documents.reading import ReadError, document_reader, is_folder
from tokviz.documents.tree.listing import Listing, list_folder, named_file, without_repeats
from tokviz.documents.tree.reading import BATCH, ReadAhead, TextBatch
from tokviz.documents.tree.walking import FoundFile, LeftOut, Reason, WalkOptions, walk
from tokviz.language import _

LISTED = _("the listed files")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not counted."""

    path: str
    reason: str


@dataclass(slots=True)
class Part:
    """One input: a folder, a file, or standard input as a file of its own."""

    path: str
    """As it was named."""
    listing: Listing
    is_folder: bool = False
    unlisted: Iterator[tuple[int, FoundFile]] = field(default_factory=lambda: iter(()))
    """The files that the walk has not come to yet; they are in ``listing`` once they are taken from here."""
    counted: list[CountedBatch] = field(default_factory=list)
    """Its files' metrics, if they are kept."""

    def shown(self, path: str) -> str:
        """A file of it as it is reached from where the command was given."""
        if not self.is_folder:
            return shown(self.path)
        root = str(Path(self.path))
        return path if root == "." else os.path.join(root, path)  # noqa: PTH118 - a tenth of a Path's time

    def reading(self, options: ReadOptions) -> ReadOptions:
        """How its files are read: in a folder, what is UTF-8 stays UTF-8 whatever encoding was named, and the
        text of documents is taken only if that is asked for."""
        if self.is_folder:
            return replace(options, forced=False)
        return replace(options, document_text=options.document_text or not options.binaries)

    @property
    def counted_files(self) -> list[int]:
        """The numbers of those whose metrics are kept."""
        return [number for batch in self.counted for number in batch.numbers.tolist()]

    def files(self) -> Iterator[tuple[int, FoundFile]]:
        """Its files with their numbers, the rest of the walk included. To be taken once."""
        return chain(enumerate(tuple(self.listing.files)), self.unlisted)


@dataclass(slots=True)
class Totals:
    """What all inputs hold together."""

    columns: tuple[str, ...]
    """The names of ``values``: see ``scan.columns``."""
    values: NDArray[np.int64]
    """Their sums over all files: ``int64[len(columns)]``."""
    parts: list[Part]
    files: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """A sentence for each input that was named and could not be counted."""
    readings: list[tuple[str, TextFile]] = field(default_factory=list)
    """Each input that is not just UTF-8, with what is known of its encoding."""
    images: list[tuple[str, ImageSize]] = field(default_factory=list)
    """Each image that is counted by formula."""
    image_places: list[tuple[Part, int]] = field(default_factory=list)
    """Of each of them its input and its number there."""
    unread: int = 0
    """How many of the inputs could not be read at all."""
    problems: list[str] = field(default_factory=list)
    """A sentence for each ignore file that could not be read, and for packs that are left out."""

    def __getitem__(self, column: str) -> int:
        """The sum of one column."""
        return int(self.values[self.columns.index(column)])

    def keep_columns(self, kept: NDArray[np.bool_]) -> None:
        """Drop all other columns."""
        if kept.all():
            return
        self.columns = tuple(name for name, keep in zip(self.columns, kept, strict=True) if keep)
        self.values = self.values[kept]
        for part in self.parts:
            part.counted = [replace(batch, values=batch.values[:, kept]) for batch in part.counted]

    def placed(self) -> Iterator[tuple[Part, int]]:
        """Each part with the number that its first file has among those of all."""
        first = 0
        for part in self.parts:
            yield part, first
            first += len(part.listing.files)

    def image_numbers(self) -> NDArray[np.int64]:
        """The numbers of ``images`` among the files of all inputs: ``int64[images]``."""
        first = {id(part): number for part, number in self.placed()}
        return np.array([first[id(part)] + number for part, number in self.image_places], np.int64)

    @property
    def documents(self) -> list[DocumentText]:
        """The documents whose text was counted in their place."""
        return [text.document for _path, text in self.readings if text.document]

    def skipped_records(self) -> list[dict[str, str]]:
        """What was not counted, for JSON."""
        return [{"path": encodable(gone.path), "reason": gone.reason} for gone in self.skipped]


class Inputs:
    """What the command names: files, folders and standard input, as far as listed and not yet read."""

    def __init__(
        self,
        paths: Sequence[str],
        console: Console,
        options: WalkOptions | None = None,
        enough: int | None = None,
        apart: Written | None = None,
        listed: Sequence[Part] = (),
        in_parts: bool = True,
        cache: CountCache | None = None,
        images: bool | None = None,
        project: str = "",
    ) -> None:
        """List ``paths``; where one holds another, its files count once.

        A single folder is listed until that comes to more than ``enough`` bytes; the rest is listed while it
        is read. ``apart`` is no input: what is going to be written. ``listed`` is what has been listed beside
        them. ``in_parts``: large files are counted part by part. ``cache``: counts of earlier runs.
        ``images``: whether those of folders are counted by formula, as named ones are then; None: images are
        no input. ``project``: the file that says what to include, which may match nothing.
        """
        self.failures: list[tuple[Skipped, str]] = []
        """What could not even be listed, with a sentence."""
        self._options = options or WalkOptions()
        self._in_parts = in_parts
        self._project = project
        self._cache = cache
        self._hashing: HashingProcess | None = None
        self.expect_few: Callable[[], object] = lambda: None
        """Called, on the thread that reads, where most turns out to be known."""
        self._large = LargeCounts(cache, ())
        self._images = images
        self._apart = apart
        self._piped = console.piped_input if STANDARD_INPUT in paths else None
        alone = len(set(paths)) == 1
        found = [self._list(path, enough if alone else None) for path in dict.fromkeys(paths)]
        self._parts = [part for part in (*found, *listed) if part]
        without_repeats([part.listing for part in self._parts if part.path != STANDARD_INPUT])

    @property
    def nothing(self) -> bool:
        """Whether no input could even be listed."""
        return not self._parts

    @property
    def size(self) -> int:
        """Bytes of all inputs as they lie there, as far as they are listed."""
        return sum(file.size for part in self._parts for file in part.listing.files)

    @property
    def files(self) -> int:
        """How many files are listed so far."""
        return sum(len(part.listing.files) for part in self._parts)

    def processes(self) -> int:
        """In how many processes, at most, they are best counted: one where there is much to count."""
        known, much = self._cache is not None and self._cache.knows_most, self.size > MOST_BYTES
        return usable_processes(own_load=much) if known or not much else 1

    def read_ahead(self, columns: Sequence[str]) -> ReadAhead[tuple[Part, MeasuredBatch]]:
        """Reads everything once, on a thread of its own, from when the context is entered; to be counted by
        these columns."""
        return ReadAhead(self._measured(columns))

    def _measured(self, columns: Sequence[str]) -> Iterator[tuple[Part, MeasuredBatch]]:
        def size() -> int:
            # Of what is known nothing is held but the file itself: a large batch is looked up at once.
            known = self._cache is not None and self._cache.knows_most
            return BATCH if known else batch_size(len(columns))

        self._large = LargeCounts(self._cache, columns)
        reading = [part.reading(self._options.reading) for part in self._parts]
        asking = next((options for options in reading if options.document_text), self._options.reading)
        with document_reader(asking) as documents, ExitStack() as stack:
            hashing = partial(self._hashing_process, stack)
            for part, options in zip(self._parts, reading, strict=True):
                # All of it on one thread: two that read and hash hold one another up, by 0.6 s for Linux.
                for batch in self._read(part, size, hashing):
                    if isinstance(batch, MeasuredBatch):
                        yield part, batch
                    elif isinstance(batch, TextBatch):
                        yield part, measure(batch)
                    else:
                        yield part, recall(batch, options, columns, self._cache, documents)

    def _hashing_process(self, stack: ExitStack) -> HashingProcess | None:
        """What reads beside this process, where that is of use; ``stack`` ends it."""
        if self._cache is None or not self._cache.knows_most or usable_processors() < 2:
            return None
        if self._hashing is None:
            self._hashing = stack.enter_context(self._cache.hashing_process())
            self.expect_few()
        return self._hashing

    def count(
        self,
        batches: Iterable[tuple[Part, MeasuredBatch]],
        counters: Sequence[Counter] | CounterLoader,
        progress: Progress | None = None,
        file_by_file: bool = True,
    ) -> Totals:
        """Count what ``read_ahead`` reads with all ``counters``; ``file_by_file`` keeps what each has.

        Columns that nothing can fill are left out."""
        names = columns(counters)
        filled = np.ones(len(names), np.bool_)
        totals = Totals(names, np.zeros(len(names), np.int64), self._parts)
        for skipped, sentence in self.failures:
            totals.skipped.append(skipped)
            totals.failed.append(sentence)
            totals.unread += 1
        parts: deque[Part] = deque()
        begun: list[CountedBatch] = []
        """What is counted of a large file so far."""
        for counted in count(_noting_parts(batches, parts), counters):
            part = parts.popleft()
            if not counted.ends:
                begun.append(counted)
                if progress:
                    size = sum(int(part.values[0, 0]) for part in begun)
                    progress.show(totals.files, totals["bytes"] + size, self.files, self.size)
                continue
            if begun:
                counted, begun = counted.behind(begun), []
                self._keep_large(part, counted)
            if file_by_file:
                part.counted.append(counted)
            totals.files += len(counted.numbers)
            totals.values += counted.values.sum(axis=0)
            filled &= (counted.values >= 0).all(axis=0)
            totals.readings += [
                (part.shown(part.listing.files[number].path), text) for number, text in counted.known.items()
            ]
            for number, gone in counted.left_out:
                if image := self._image(part, gone):
                    totals.images.append((part.shown(gone.path), image))
                    totals.image_places.append((part, number))
                    continue
                totals.skipped.append(Skipped(part.shown(gone.path), gone.describe()))
                if not part.is_folder:
                    totals.unread += 1
                    values = {"file": shown(part.path), "reason": gone.describe()}
                    told = _("Cannot read {file}: {reason}.", **values)
                    if gone.reason is Reason.TOO_LARGE:
                        told = _(
                            "Cannot read {file}: {reason}; take more with --largest MB, or split it.",
                            **values,
                        )
                    totals.failed.append(told)
            if progress:
                progress.show(totals.files, totals["bytes"], self.files)
        if self._cache is not None:
            self._cache.flush()
        totals.keep_columns(filled)
        for part in self._parts:
            totals.problems += part.listing.problems
            totals.problems += _packs(part)
            for gone in part.listing.left_out:
                totals.skipped.append(Skipped(part.shown(gone.path), gone.describe()))
        (totals.problems if self._project else totals.failed).extend(self._unmatched(totals.files))
        return totals

    def _keep_large(self, part: Part, counted: CountedBatch) -> None:
        for number in counted.numbers.tolist():
            self._large.keep(part.listing.root / part.listing.files[number].path, counted)

    def _image(self, part: Part, gone: LeftOut) -> ImageSize | None:
        """The size of what is left out, if it is an image that is to be counted."""
        wanted = self._images if part.is_folder else self._images is not None
        if gone.reason is not Reason.BINARY or not wanted:
            return None
        if part.path == STANDARD_INPUT and self._piped:
            with suppress(NoImageError):
                return read_image_size(BytesIO(self._piped.read()))
            return None
        return sized_image(part.listing.root / gone.path)

    def _unmatched(self, files: int) -> list[str]:
        """A sentence for each ``--include`` that matched nothing in any folder, or one for all."""
        found = [set(part.listing.unmatched) for part in self._parts if part.is_folder]
        if not (found and self._options.include):
            return []
        missed = [pattern for pattern in self._options.include if all(pattern in each for each in found)]
        name = f"{self._project}: include" if self._project else "--include"
        if not (missed or files):
            return [_("All that {option} matches is left out; --json says why.", option=name)]
        return [
            _(
                "{option} {pattern} matches nothing here, or only what is left out.",
                option=name,
                pattern=pattern,
            )
            for pattern in missed
        ]

    def _list(self, path: str, enough: int | None) -> Part | None:
        if path == STANDARD_INPUT:
            assert self._piped is not None
            return Part(path, Listing(Path(), [FoundFile(shown(path), self._piped.size, 0)]))
        try:
            if not is_folder(path):
                return Part(path, named_file(path))
            if enough is None:
                return Part(path, list_folder(path, self._options), is_folder=True)
            listing = Listing(Path(path))
            unlisted = listing.filled_from(walk(path, self._options))
            size = 0
            for _, file in unlisted:
                size += file.size
                if size > enough:
                    break
            return Part(path, listing, is_folder=True, unlisted=unlisted)
        except ReadError as error:
            self.failures.append((Skipped(path, error.reason), str(error)))
            return None

    def _read(
        self, part: Part, size: Callable[[], int], hashing: Callable[[], HashingProcess | None]
    ) -> Iterator[Read]:
        options = part.reading(self._options.reading)
        files = part.files()
        if apart := self._apart:
            root = part.listing.root
            files = ((number, file) for number, file in files if not apart.holds(root, file.path))
        digest = self._cache.digest if self._cache else None
        reader = InputReader(options, size, self._in_parts, self._large, digest, hashing)
        if part.path == STANDARD_INPUT and self._piped:
            return reader.piped(part.listing.files[0], self._piped)
        return reader.files(part.listing.root, files)


def _packs(part: Part) -> list[str]:
    """A sentence for the first packed texts that are left out."""
    gone = [each.path for each in part.listing.left_out if each.reason is Reason.PACK][:3]
    return [pack_left_out(part.shown(path), path) for path in gone]


def _noting_parts(
    batches: Iterable[tuple[Part, MeasuredBatch]], parts: deque[Part]
) -> Iterator[MeasuredBatch]:
    """The batches alone; whose each is goes to the end of ``parts``."""
    for part, batch in batches:
        parts.append(part)
        yield batch
