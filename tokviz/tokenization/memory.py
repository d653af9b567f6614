"""Bounding what gigatoken 0.10 remembers: each word it has met, for ever, unless it is loaded anew."""

import ctypes
import math
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from weakref import WeakKeyDictionary

_STATM = Path("/proc/self/statm")
_LIMIT = 480 << 20
"""Bytes of the process above which something must be forgotten. The tokenizers of the first eight models take
320 MB of it; reading and counting need up to 60 MB more."""
_LIMIT_OF_TEXT = 1 << 30
"""The same in bytes of text encoded since each was loaded, where memory cannot be measured."""
_SELDOM = 500 << 20
"""Bytes of text that all tokenizers together encode before another one is loaded anew, which takes as long
as 30 MB more. Of source code they learn most from the first 40 MB, and little from the next 500."""
_TIGHT = range(80 << 20, 240 << 20)
"""Bytes above the limit where it is 14 MB: where words are new again and again, that is up to 60 MB of what
is learned."""
_BEYOND = 28 << 20
"""The same further above: others hold too much there."""
_LEAST_SECONDS = 0.02
"""Of loading a tokenizer: what is measured is seldom more exact."""
_STEP = 7 << 20
"""Bytes of text encoded between two looks at the memory."""
_ROOM = 112 << 20
"""Bytes of address space that loading the largest tokenizer takes."""
_SLACK = 16 << 20
"""Bytes that the process may have grown by since freed memory was last given back."""


class Forgetful(Protocol):
    """Something that can forget what it has learned from the texts it has encoded."""

    def forget(self) -> None:
        """Give the memory back, at once or when the work at hand is done."""


def resident_bytes() -> int | None:
    """The resident memory of this process; None where there is no such file (all but Linux)."""
    try:
        pages = _STATM.read_bytes().split()[1]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def require_room(size: int = _ROOM) -> None:
    """MemoryError if the process may not grow by so many bytes (``ulimit -v``): a library that lacks memory
    would end it without a word."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return
    try:
        held = int(_STATM.read_bytes().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return
    if held + size > most:
        raise MemoryError(f"{size:,} bytes of address space are not left")  # verbatim


def return_free_memory() -> None:
    """Give back to the system what the C library keeps of freed memory (glibc; elsewhere nothing)."""
    if _LIBRARY is not None and hasattr(_LIBRARY, "malloc_trim"):
        _LIBRARY.malloc_trim(0)


def keep_few_heaps() -> None:
    """Have threads share two heaps, and keep large blocks out of them (glibc; elsewhere nothing).

    By default there are eight heaps for each processor, and what one job's threads have freed lies about in
    the heaps of others. Also by default a block of up to 32 MB lies in a heap once one as large was freed:
    with six tokenizers that are loaded in turn, 173 of 664 MB were holes that those had left.
    """
    if _LIBRARY is not None and hasattr(_LIBRARY, "mallopt"):
        _LIBRARY.mallopt(_M_ARENA_MAX, 2)
        _LIBRARY.mallopt(_M_MMAP_THRESHOLD, 1 << 20)
        # Else each MB that is freed at a heap's end is given back, to be asked for again at once.
        _LIBRARY.mallopt(_M_TRIM_THRESHOLD, 16 << 20)


_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LIBRARY = ctypes.CDLL(None) if os.name == "posix" else None
"""The C library."""


class FreedMemory:
    """Gives freed memory back to the system whenever the process has grown by _SLACK.

    By itself the C library keeps much of what batches and arrays needed: a sixth of all, counting with six
    tokenizers.
    """

    def __init__(
        self,
        resident: Callable[[], int | None] = resident_bytes,
        trim: Callable[[], None] = return_free_memory,
    ) -> None:
        self._resident = resident
        self._trim = trim
        self._least = resident() or 0
        """What the process held when memory was last given back, or less."""

    def give_back(self) -> int | None:
        """What the process holds in the end; None where that is not known. To be called now and then."""
        resident = self._resident()
        if resident is None:
            return None
        self._least = min(self._least, resident)
        if resident > self._least + _SLACK:
            self._trim()
            self._least = resident = self._resident() or 0
        return resident


class MemoryBound:
    """Makes tokenizers forget, the one with most to forget first, while the process holds too much.

    What they learn grows fast at first and slowly then, so it is best that they forget in turn; and those
    that are soon loaded again (0.1 to 0.9 s), more often: as the root of the time, which costs least for the
    same memory. They do so seldom where that may be enough, and often where it is not. What else the process
    holds is not theirs: whatever the limit, each keeps what some 28 MB of text have taught it, or half of
    that for a time.
    """

    def __init__(
        self,
        limit: int = _LIMIT,
        resident: Callable[[], int | None] = resident_bytes,
        trim: Callable[[], None] = return_free_memory,
    ) -> None:
        self._limit = limit
        self._freed = FreedMemory(resident, trim)
        self._lock = threading.Lock()
        self._trim = trim
        self._encoded: WeakKeyDictionary[Forgetful, int] = WeakKeyDictionary()
        self._seconds: WeakKeyDictionary[Forgetful, float] = WeakKeyDictionary()
        self._since = 0
        """Bytes encoded since the last look."""
        self._since_forgotten = 0

    def make_room(self) -> None:
        """A tokenizer is about to be loaded: give back what the one before it has left."""
        self._trim()

    def loaded(self, who: Forgetful, seconds: float) -> None:
        """``who`` has been loaded, in so many seconds of work."""
        with self._lock:
            self._seconds[who] = max(seconds, _LEAST_SECONDS)
        # What the work needed may be as much again as the tokenizer.
        self._trim()

    def note(self, who: Forgetful, size: int) -> None:
        """``who`` has encoded ``size`` bytes of text."""
        with self._lock:
            self._encoded[who] = self._encoded.get(who, 0) + size
            self._since += size
            if self._since < _STEP:
                return
            self._since_forgotten += self._since
            self._since = 0
            if self._since_forgotten < self._between():
                return
            oldest = max(self._encoded, key=self._due)
            self._encoded[oldest] = self._since_forgotten = 0
        oldest.forget()

    def _due(self, who: Forgetful) -> float:
        """How much ``who`` is due to forget."""
        return self._encoded[who] / math.sqrt(self._seconds.get(who, _LEAST_SECONDS))

    def _between(self) -> float:
        """How much is encoded before another one forgets; without end where nothing is to be forgotten."""
        resident = self._freed.give_back()
        if resident is None:
            return _BEYOND if sum(self._encoded.values()) > _LIMIT_OF_TEXT else math.inf
        if resident <= self._limit:
            return math.inf
        if resident <= self._limit + _TIGHT.start:
            return _SELDOM
        return _BEYOND // 2 if resident - self._limit in _TIGHT else _BEYOND
