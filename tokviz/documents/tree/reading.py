"""Reading the files that a walk has found: each once, in batches, ahead of whoever counts them."""

import os
import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from tokviz.documents.decoding import FOUND_OUT, NotTextError, ReadOptions, TextFile
from tokviz.documents.large_text import Blocks, LargeText, Splitting, UnsplittableError
from tokviz.documents.reading import (
    BinaryError,
    ReadError,
    document_reader,
    make_text,
    read_listed,
)
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.walking import FoundFile, LeftOut, Reason
from tokviz.language import _

BATCH = 8 << 20
"""Bytes of text handed on at once: enough to keep every core of a tokenizer busy, little to hold."""

if TYPE_CHECKING:
    from tokviz.documents.extraction.reader import DocumentReader

T = TypeVar("T")
Digest = Callable[[bytes], bytes]


@dataclass(slots=True)
class TextBatch:
    """The texts of some files. The first five lists run in parallel."""

    numbers: list[int] = field(default_factory=list)
    """Which files, in the order in which they were given."""
    texts: list[bytes] = field(default_factory=list)
    """Valid UTF-8."""
    encodings: list[str] = field(default_factory=list)
    """As shown to the user."""
    replaced: list[int] = field(default_factory=list)
    """How many U+FFFD stand for bytes that could not be decoded."""
    sizes: list[int] = field(default_factory=list)
    """The files' own bytes, as they lie on the disk."""
    known: dict[int, TextFile] = field(default_factory=dict)
    """By number, what is known of each file that is not UTF-8 as it lies on the disk; without its text."""
    left_out: list[tuple[int, LeftOut]] = field(default_factory=list)
    """The files that turned out binary or unreadable, by number."""
    size: int = 0
    """Bytes of all texts."""
    opens: bool = True
    ends: bool = True
    """Whether its text begins and ends here: one that is too large to hold comes in several batches of its
    own, split where its tokens may be."""

    def shortened(self, number: int) -> tuple[Shortening, ...]:
        """What made the text of a file shorter, by its number."""
        known = self.known.get(number)
        return known.shortened if known else ()

    def at(self, rows: Sequence[int]) -> "TextBatch":
        """Some of its texts, with all that is left out."""
        numbers, texts = [self.numbers[row] for row in rows], [self.texts[row] for row in rows]
        return TextBatch(
            numbers,
            texts,
            [self.encodings[row] for row in rows],
            [self.replaced[row] for row in rows],
            [self.sizes[row] for row in rows],
            {number: self.known[number] for number in numbers if number in self.known},
            self.left_out,
            sum(map(len, texts)),
            self.opens,
            self.ends,
        )

    def add(self, number: int, text: TextFile, size: int) -> None:
        """Add a file of ``size`` bytes."""
        self.numbers.append(number)
        self.texts.append(text.text)
        self.encodings.append(text.encoding)
        self.replaced.append(text.replaced)
        self.sizes.append(size)
        self.size += len(text.text)
        if not text.plain:
            self.known[number] = text._replace(text=b"")


@dataclass(slots=True)
class ContentBatch:
    """What some files hold, as it lies on the disk. The first four lists run in parallel."""

    numbers: list[int] = field(default_factory=list)
    """Which files, in the order in which they were given."""
    files: list[FoundFile] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    """Of the contents; empty where none were asked for."""
    left_out: list[tuple[int, LeftOut]] = field(default_factory=list)
    """The files that could not be read, by number."""
    folder: str = ""
    """Where the files lie of which only the digests are known; empty if there are none. Their contents are
    empty until they are ``filled`` in."""
    sizes: list[int] = field(init=False)
    """Bytes of each file."""
    size: int = field(init=False)
    """Bytes of all contents."""

    def __post_init__(self) -> None:
        self.sizes = list(map(len, self.contents))
        self.size = sum(self.sizes)

    def add(self, number: int, file: FoundFile, data: bytes) -> None:
        """Add a file that holds ``data``."""
        self.numbers.append(number)
        self.files.append(file)
        self.contents.append(data)
        self.sizes.append(len(data))
        self.size += len(data)

    def add_unread(self, number: int, file: FoundFile, size: int, digest: bytes) -> None:
        """Add a file of ``size`` bytes of which the digest is known."""
        self.numbers.append(number)
        self.files.append(file)
        self.contents.append(b"")
        self.sizes.append(size)
        self.digests.append(digest)

    def filled(self, rows: Sequence[int], digest: Digest) -> "ContentBatch":
        """The same files with the contents of some, read and hashed now: they may have changed."""
        filled, wanted = ContentBatch(left_out=self.left_out, folder=self.folder), set(rows)
        for row, (number, file) in enumerate(zip(self.numbers, self.files, strict=True)):
            if row not in wanted:
                filled.add_unread(number, file, self.sizes[row], self.digests[row])
                continue
            for read in read_contents(self.folder, [(number, file)], digest=digest):
                filled.left_out += read.left_out
                for data in read.contents:
                    filled.add(number, file, data)
                    filled.digests += read.digests
        return filled


def read_contents(
    root: str | Path,
    files: Iterable[tuple[int, FoundFile]],
    batch: int | Callable[[], int] = BATCH,
    digest: Digest | None = None,
) -> Iterator[ContentBatch]:
    """What ``files`` hold (numbered, paths from ``root``), read one after the other when asked for, about
    ``batch`` bytes at once, which may be asked for each time. What cannot be read is left out.

    ``digest``: how to hash each, which is best done while the processor still has it at hand.
    """
    folder = os.path.join(root, "")  # noqa: PTH118 - joined to names, not used as a path
    most = batch if isinstance(batch, int) else batch()
    gathered = ContentBatch()
    for number, file in files:
        try:
            data = read_listed(folder + file.path)
        except ReadError as error:
            gone = LeftOut(file.path, False, Reason.UNREADABLE, file.size, detail=error.reason)
            gathered.left_out.append((number, gone))
            continue
        gathered.add(number, file, data)
        if digest is not None:
            gathered.digests.append(digest(data))
        if gathered.size >= most:
            yield gathered
            gathered = ContentBatch()
            most = batch if isinstance(batch, int) else batch()
    if gathered.numbers or gathered.left_out:
        yield gathered


def make_texts(
    read: ContentBatch,
    options: ReadOptions = FOUND_OUT,
    shortened: Mapping[int, frozenset[Shortening]] | None = None,
    documents: "DocumentReader | None" = None,
) -> TextBatch:
    """The texts of files. What is not text is left out, unless ``options`` want binaries.

    ``shortened``: by number, what is to make a file's text shorter, where it is not what ``options`` say.
    ``documents``: see ``make_text``.
    """
    batch = TextBatch(left_out=read.left_out)
    with document_reader(options, documents) as reader:
        for number, file, data in zip(read.numbers, read.files, read.contents, strict=True):
            own = shortened.get(number) if shortened else None
            wanted = options if own is None else replace(options, shortened=own)
            try:
                batch.add(number, make_text(data, file.path, wanted, reader), len(data))
            except BinaryError as error:
                batch.left_out.append((number, left_out_as_binary(file, error.reason)))
    return batch


def left_out_as_binary(file: FoundFile, reason: str) -> LeftOut:
    """A file that is not text."""
    return LeftOut(file.path, False, Reason.BINARY, file.size, detail=reason)


def read_files(
    root: str | Path,
    files: Iterable[tuple[int, FoundFile]],
    options: ReadOptions = FOUND_OUT,
    batch: int = BATCH,
    shortened: Mapping[int, frozenset[Shortening]] | None = None,
    documents: "DocumentReader | None" = None,
) -> Iterator[TextBatch]:
    """The texts of ``files``: see ``read_contents`` and ``make_texts``."""
    with document_reader(options, documents) as reader:
        for read in read_contents(root, files, batch):
            yield make_texts(read, options, shortened, reader)


def read_in_parts(
    number: int, file: FoundFile, blocks: Blocks, options: ReadOptions, splitting: Splitting
) -> Iterator[TextBatch]:
    """The text of one file, read by ``blocks``, in parts, a batch each.

    The last of several may say that it is left out, for something that only showed further on.
    """
    try:
        text = LargeText(blocks, options)
        replaced = 0
        kept = _("it is too large to be shortened") if options.shortened else ""
        for part in text.parts(splitting):
            replaced += part.replaced
            batch = TextBatch(opens=part.opens, ends=part.ends)
            known = text.file._replace(text=part.text, replaced=replaced, kept=kept)
            batch.add(number, known, part.size)
            batch.replaced = [part.replaced]
            yield batch
        return
    except NotTextError as error:
        reason, detail = Reason.BINARY, str(error)
    except UnsplittableError as error:
        reason, detail = Reason.TOO_LARGE, str(error)
    except ReadError as error:
        reason, detail = Reason.UNREADABLE, error.reason
    gone = LeftOut(file.path, False, reason, file.size, detail=detail)
    yield TextBatch(left_out=[(number, gone)])


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


class ReadAhead(Generic[T]):
    """Iterates over what another thread takes from ``source``, at most ``depth`` items ahead.

    A context manager: leaving it stops the thread and waits for it. An exception of ``source`` is raised
    here. ``source`` is used on that thread only.
    """

    def __init__(self, source: Iterable[T], depth: int = 2) -> None:
        self._source = source
        self._ready: queue.Queue[T | _End] = queue.Queue(depth)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        while self._thread.is_alive():
            # It may wait for room to put one more item.
            while not self._ready.empty():
                self._ready.get_nowait()
            self._thread.join(0.01)

    def __iter__(self) -> Iterator[T]:
        while not isinstance(item := self._ready.get(), _End):
            yield item
        if item.error:
            raise item.error

    def _run(self) -> None:
        try:
            for item in self._source:
                if self._stopped.is_set():
                    return
                self._ready.put(item)
        except BaseException as error:  # whoever iterates must see it, whatever it is
            self._ready.put(_End(error))
        else:
            self._ready.put(_End())
        finally:
            if isinstance(self._source, Generator):  # what it holds open is let go of on this thread
                self._source.close()
