"""Numbers by keys, kept on the disk. Whatever happens to the files costs time and never a wrong number.

A record is 32 bytes: a key of 16, a number of 8, and a check of 8 that only the holder of the secret can
make. Records stand in 32 logs by the first bits of their keys, in no order, and are only ever appended: what
is torn, damaged or another's fails its check and is passed over.

Each log has two generations. When the new one is full it takes the place of the old one, which is dropped;
what is found in the old one is written to the new one again. So what was not used for longest goes first, and
nothing is ever rewritten to keep count of use.

Measured with 78,000 keys among 400,000, in seconds of processor time: found 0.05 here after 0.16 to read the
logs, 0.39 in SQLite, 0.14 in LMDB; written 0.05, 2.25, 0.59. LMDB maps its file: a damaged one ends the
process.
"""

import contextlib
import os
import secrets
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from tokviz.documents.private_files import private_folder
from tokviz.documents.reading import ReadError, read_bytes
from tokviz.language import _

MOST_BYTES = 128 << 20
"""Of all logs: as much as 3 Linux kernels counted by 6 tokenizers is sure to stay, and up to 7 may."""
LOGS = 32
_SHIFT = np.uint64(64 - 5)
_RECORD = 32
_SECRET = 32
_WIDE = np.uint64(0xFFFF)
"""Tokens of a text are seldom as many."""
_FLUSH = 1 << 16
"""Records that wait before they are written."""
_APPEND = os.O_APPEND | os.O_CREAT | os.O_WRONLY
for _flag in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT", "O_NOFOLLOW"):
    _APPEND |= getattr(os, _flag, 0)
Words = NDArray[np.uint64]


class _Log:
    """The records of one log as they were read, sorted by their keys' first words.

    15 bytes are held of the 32 of most: all logs take 60 MB, beside as much as 480 MB of tokenizers. Of a
    key 80 bits are held: 4 million records answer one of a million other keys by mistake once in 10**11
    times.
    """

    def __init__(self, new: Words, old: Words) -> None:
        """Of two records with one key, the one of ``new`` is found: ``uint64[n, 4]`` each."""
        records = np.concatenate([new, old])
        order = np.argsort(records[:, 0], kind="stable")
        self._high = records[order, 0]
        self._low = records[order, 1].astype(np.uint16)
        values = records[order, 2]
        self._values = np.minimum(values, _WIDE).astype(np.uint16)
        self._wide_at = np.flatnonzero(values >= _WIDE).astype(np.uint32)
        self._wide = values[self._wide_at]
        """The values that are not below _WIDE, those of the records ``_wide_at``."""
        self._old = order >= len(new)

    def find(self, keys: Words) -> tuple[NDArray[np.bool_], Words, NDArray[np.bool_]]:
        """Which of ``keys`` are there; of those, the values, and which of them stand in the old generation
        only and have not been found before."""
        if not len(self._high):
            return np.zeros(len(keys), np.bool_), np.zeros(0, np.uint64), np.zeros(0, np.bool_)
        at = np.minimum(np.searchsorted(self._high, keys[:, 0]), len(self._high) - 1)
        hit = (self._high[at] == keys[:, 0]) & (self._low[at] == keys[:, 1].astype(np.uint16))
        at = at[hit]
        values = self._values[at].astype(np.uint64)
        wide = values == _WIDE
        values[wide] = self._wide[np.searchsorted(self._wide_at, at[wide])]
        aged = self._old[at]
        self._old[at] = False
        return hit, values, aged


class NumberStore:
    """Numbers of 64 bits by random keys of 128 (``uint64[n, 2]``). Safe to use from several threads, and by
    several processes at once. No method raises for what is wrong with the files."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        """``folder`` is made when something is written; its logs have at most ``most`` bytes together."""
        self.folder = folder
        self._most = max(_RECORD, most // (2 * LOGS) // _RECORD * _RECORD)
        """Bytes of one generation of a log."""
        self.secret = self._read_secret() or secrets.token_bytes(_SECRET)
        words = blake3(b"the factors of a record's check", key=self.secret).digest(length=7 * 8)
        self._factors = np.frombuffer(words, "<u8").astype(np.uint64) | np.uint64(1)
        self._logs: dict[int, _Log] = {}
        self._pending: list[tuple[Words, Words]] = []
        self._waiting = 0
        self._lock = threading.Lock()

    def find(self, keys: Words) -> tuple[Words, NDArray[np.bool_]]:
        """The numbers of ``keys``, and which of them were found: ``uint64[n]`` and ``bool[n]``.

        Of two keys with the same first word one may be missed: hashes have none.
        """
        values = np.zeros(len(keys), np.uint64)
        found = np.zeros(len(keys), np.bool_)
        with self._lock:
            for number, rows in _by_log(keys):
                hit, hits, aged = self._log(number).find(keys[rows])
                rows = rows[hit]
                values[rows] = hits
                found[rows] = True
                if aged.any():  # it is used: it may not go with its generation
                    self._wait(keys[rows[aged]], hits[aged])
        return values, found

    def add(self, keys: Words, values: Words) -> None:
        """Keep these numbers. They are found by whoever opens the store after a flush."""
        with self._lock:
            self._wait(keys, values)

    def flush(self) -> None:
        """Write what waits; it is lost if that cannot be."""
        with self._lock:
            self._flush()

    def size(self) -> int:
        """Bytes of all logs."""
        return sum(_size(file) for file in self._files())

    def clear(self) -> None:
        """Remove everything, the secret too; OSError if that cannot be."""
        with self._lock:
            self._logs.clear()
            self._pending.clear()
            self._waiting = 0
            for file in [*self._files(), self.folder / "secret"]:
                file.unlink(missing_ok=True)

    # -- reading ---------------------------------------------------------------------------------------

    def _log(self, number: int) -> _Log:
        if number not in self._logs:
            self._logs[number] = _Log(*(self._records(file) for file in self._generations(number)))
        return self._logs[number]

    def _records(self, file: Path) -> Words:
        """The records of a file that are whole: ``uint64[n, 4]``."""
        try:
            data = read_bytes(file, follow=False, limit=self._most)
        except (ReadError, MemoryError):
            return np.zeros((0, 4), np.uint64)
        whole = len(data) // _RECORD * _RECORD
        records = np.frombuffer(data[:whole] if whole < len(data) else data, "<u8").reshape(-1, 4)
        whole_ones: Words = records[self._checks(records) == records[:, 3]].astype(np.uint64, copy=False)
        return whole_ones

    def _checks(self, records: Words) -> Words:
        """A sum of the record's six halves, each times a secret odd number, and another one: it changes with
        any one of them, and another record has the same sum once in 2**32 times."""
        halves = np.ascontiguousarray(records[:, :3], "<u8").view("<u4").astype(np.uint64)
        sums: Words = halves @ self._factors[:6] + self._factors[6]
        return sums

    # -- writing ---------------------------------------------------------------------------------------

    def _wait(self, keys: Words, values: Words) -> None:
        self._pending.append((keys, values))
        self._waiting += len(keys)
        if self._waiting >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        keys = np.concatenate([keys for keys, _values in self._pending])
        values = np.concatenate([values for _keys, values in self._pending])
        self._pending.clear()
        self._waiting = 0
        records = np.concatenate([keys, values[:, None], values[:, None]], axis=1)
        records[:, 3] = self._checks(records)
        if not self._may_write():
            return
        for number, rows in _by_log(keys):
            new, old = self._generations(number)
            data = records[rows].astype("<u8", copy=False).tobytes()[-self._most :]
            with contextlib.suppress(OSError):  # another has put something there, or has it open (Windows)
                if (size := _size(new)) and size + len(data) > self._most:
                    new.replace(old)
                _append(new, data)

    def append_to(self, name: str, data: bytes, most: int) -> None:
        """Append to a file of this name in the folder, which is begun anew where it has more than ``most``
        bytes. Nothing is written if that cannot be."""
        file = self.folder / name
        if self._may_write():
            with contextlib.suppress(OSError):
                if _size(file) > most:
                    file.unlink()
                _append(file, data, 1)

    # -- files -----------------------------------------------------------------------------------------

    def _generations(self, number: int) -> tuple[Path, Path]:
        return self.folder / f"{number:02}.new", self.folder / f"{number:02}.old"

    def _files(self) -> list[Path]:
        return [file for number in range(LOGS) for file in self._generations(number)] + [
            self.folder / "about"
        ]

    def _read_secret(self) -> bytes:
        """The secret that lies beside the logs; empty if there is none."""
        try:
            secret = read_bytes(self.folder / "secret", follow=False, limit=_SECRET)
        except ReadError:
            return b""
        return secret if len(secret) == _SECRET else b""

    def _may_write(self) -> bool:
        """Whether records of this secret can be read again. It is written where there is none."""
        if not self._read_secret():
            fresh = self.folder / f"secret.{os.getpid()}"
            with contextlib.suppress(OSError):
                private_folder(self.folder)
                descriptor = os.open(fresh, os.O_CREAT | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
                try:
                    os.write(descriptor, self.secret)
                finally:
                    os.close(descriptor)
                fresh.replace(self.folder / "secret")
        # Of two that began at once, one has the other's now.
        return self._read_secret() == self.secret


def _by_log(keys: Words) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """The rows of the keys of each log, in the order of the keys: sorted ones are found in half the time."""
    order = np.argsort(keys[:, 0])
    numbers = (keys[order, 0] >> _SHIFT).astype(np.int64)
    ends = np.flatnonzero(np.diff(numbers, append=LOGS)) + 1
    start = 0
    for end in ends.tolist():
        yield int(numbers[start]), order[start:end]
        start = end


def _append(file: Path, data: bytes, unit: int = _RECORD) -> None:
    descriptor = os.open(file, _APPEND, 0o600)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(_("{file} is no regular file", file=file))
        # A writer that was cut off leaves part of a record, after which others would be read askew.
        os.write(descriptor, bytes(-status.st_size % unit) + data)
    finally:
        os.close(descriptor)


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:
        return 0
