"""Reading the files that a walk has found: each once, in batches, ahead of whoever counts them."""

import os
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from tokviz.documents.decoding import FOUND_OUT, NotTextError, ReadOptions, TextFile
from tokviz.documents.large_text import Blocks, LargeText, Splitting, UnsplittableError
from tokviz.documents.reading import BinaryError, ReadError, make_text, read_listed
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.walking import FoundFile, LeftOut, Reason

BATCH = 8 << 20
"""Bytes of text handed on at once: enough to keep every core of a tokenizer busy, little to hold."""

T = TypeVar("T")


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


def read_files(
    root: str | Path,
    files: Iterable[tuple[int, FoundFile]],
    options: ReadOptions = FOUND_OUT,
    batch: int = BATCH,
    shortened: Mapping[int, frozenset[Shortening]] | None = None,
) -> Iterator[TextBatch]:
    """The texts of ``files`` (numbered, paths from ``root``), read one after the other when asked for.
    ``shortened``: by number, what is to make a file's text shorter, where it is not what ``options`` say.

    What is not text is left out, unless ``options`` want binaries; what cannot be read is left out too.
    """
    folder = os.path.join(root, "")  # noqa: PTH118 - joined to names, not used as a path
    gathered = TextBatch()
    for number, file in files:
        try:
            data = read_listed(folder + file.path)
            own = shortened.get(number) if shortened else None
            text = make_text(data, file.path, options if own is None else replace(options, shortened=own))
        except BinaryError as error:
            gone = LeftOut(file.path, False, Reason.BINARY, file.size, detail=error.reason)
            gathered.left_out.append((number, gone))
            continue
        except ReadError as error:
            gone = LeftOut(file.path, False, Reason.UNREADABLE, file.size, detail=error.reason)
            gathered.left_out.append((number, gone))
            continue
        gathered.add(number, text, len(data))
        if gathered.size >= batch:
            yield gathered
            gathered = TextBatch()
    if gathered.numbers or gathered.left_out:
        yield gathered


def read_in_parts(
    number: int, file: FoundFile, blocks: Blocks, options: ReadOptions, splitting: Splitting
) -> Iterator[TextBatch]:
    """The text of one file, read by ``blocks``, in parts, a batch each.

    The last of several may say that it is left out, for something that only showed further on.
    """
    try:
        text = LargeText(blocks, options)
        replaced = 0
        kept = "it is too large to be shortened" if options.shortened else ""
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
        self._thread = threading.Thread(target=self._run, name="read ahead", daemon=True)

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
