"""Reading and hashing files in a process beside this one, where an earlier run has counted most of them.

Of a file whose counts are kept nothing else is needed than the hash of its bytes. Reading and hashing takes
most of the time then, and Python does only one thing at a time: threads that share it hold one another up by
as much as they save.
"""

import contextlib
import os
import queue
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import IO, Self

from blake3 import blake3

from tokviz.documents.own_process import command_line, own_environment
from tokviz.documents.reading import ReadError, read_listed
from tokviz.documents.tree.reading import ContentBatch, Digest, read_contents
from tokviz.documents.tree.walking import FoundFile

DIGEST = 16
"""Bytes of a digest."""
_KEY = 32
_LENGTH = struct.Struct("<Q")
_ANSWER = struct.Struct(f"<q{DIGEST}s")
"""A file's bytes, -1 if it cannot be read, and the digest."""
_MOST_FILES = 2048
_MOST_BYTES = 16 << 20
"""Of a batch: where little of it is known after all, that much is read here."""
_AHEAD = 3
"""Batches that the process has before it."""
_PIPE = 1 << 20
"""Bytes of paths that may wait for it: it would else be waited for, batch by batch."""
_Numbered = tuple[int, FoundFile]


class HashingProcess:
    """A process that reads files and tells their digests, started when it is first asked. A context manager:
    leaving it ends the process. Whatever it fails at is done here."""

    def __init__(self, key: bytes, digest: Digest) -> None:
        """``digest``: the same hash, with the same ``key``, for what is read here."""
        self._key = key
        self._digest = digest
        self._process: subprocess.Popen[bytes] | None = None
        self._listening: threading.Thread | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        """Empty: the process has ended."""
        self._asked: queue.SimpleQueue[int] = queue.SimpleQueue()
        """How many files each batch has that it is asked about."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process and self._process.stdin and self._listening:
            self._process.kill()
            self._process.wait()
            with contextlib.suppress(OSError):  # what waits there is for nobody
                self._process.stdin.close()
            self._asked.put(0)
            self._listening.join()

    def digests(self, root: str, files: Iterable[_Numbered]) -> Iterator[ContentBatch]:
        """The digests of ``files`` (paths from ``root``) in batches without contents, which are read by
        ``ContentBatch.filled`` where they are needed. To be taken to its end before the next one begins."""
        folder = os.path.join(root, "")  # noqa: PTH118 - joined to names, not used as a path
        pending: deque[tuple[list[_Numbered], bool]] = deque()
        for batch in _batches(files):
            pending.append((batch, self._ask("\0".join(folder + file.path for _, file in batch), len(batch))))
            if len(pending) > _AHEAD:
                yield from self._told(folder, *pending.popleft())
        while pending:
            yield from self._told(folder, *pending.popleft())

    def _told(self, folder: str, batch: list[_Numbered], asked: bool) -> Iterator[ContentBatch]:
        answers = self._answers.get() if asked else b""
        if not answers:
            yield from read_contents(folder, batch, digest=self._digest)
            return
        told = ContentBatch(folder=folder)
        for (number, file), (size, digest) in zip(batch, _ANSWER.iter_unpack(answers), strict=True):
            told.add_unread(number, file, max(0, size), digest)
        unread = [row for row, (size, _) in enumerate(_ANSWER.iter_unpack(answers)) if size < 0]
        yield told.filled(unread, self._digest) if unread else told

    def _ask(self, paths: str, count: int) -> bool:
        """Have the process told of these files; False if there is none any more."""
        data = os.fsencode(paths)
        try:
            target = self._started().stdin
            assert target is not None
            target.write(_LENGTH.pack(len(data)) + data)
            target.flush()
        except OSError:  # it cannot be started, or has ended
            return False
        self._asked.put(count)
        return True

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            process = subprocess.Popen(
                command_line("tokviz.count_cache.hashing"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pipesize=_PIPE,
                stderr=subprocess.DEVNULL,
                env=own_environment(),
            )
            assert process.stdin is not None and process.stdout is not None
            # What it answers is taken at once: it would wait for that, and we for it to take more.
            self._listening = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
            self._listening.start()
            process.stdin.write(self._key)
            self._process = process
        return self._process

    def _listen(self, source: IO[bytes]) -> None:
        while count := self._asked.get():
            data = source.read(count * _ANSWER.size)
            self._answers.put(data if len(data) == count * _ANSWER.size else b"")
        source.close()


def _batches(files: Iterable[_Numbered]) -> Iterator[list[_Numbered]]:
    batch: list[_Numbered] = []
    size = 0
    for numbered in files:
        batch.append(numbered)
        size += numbered[1].size
        if len(batch) >= _MOST_FILES or size >= _MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def main() -> int:
    """The process: a key, then paths from standard input, batch after batch; answers to standard output."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    begun = blake3(key=source.read(_KEY))
    while len(head := source.read(_LENGTH.size)) == _LENGTH.size:
        paths = os.fsdecode(source.read(_LENGTH.unpack(head)[0])).split("\0")
        target.write(b"".join(_answer(path, begun) for path in paths))
        target.flush()
    return 0


def _answer(path: str, begun: blake3) -> bytes:
    try:
        data = read_listed(path)
    except (ReadError, MemoryError):
        return _ANSWER.pack(-1, bytes(DIGEST))
    found = begun.copy()
    found.update(data)
    return _ANSWER.pack(len(data), found.digest(length=DIGEST))
