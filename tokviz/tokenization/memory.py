"""Bounding what gigatoken 0.10 remembers: each word it has met, for ever, unless it is loaded anew."""

import ctypes
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from weakref import WeakKeyDictionary

_STATM = Path("/proc/self/statm")
_LIMIT = 520 << 20
"""Bytes of the process above which something must be forgotten."""
_LIMIT_OF_TEXT = 1 << 30
"""The same in bytes of text encoded since each was loaded, where memory cannot be measured."""
_FEWEST = 96 << 20
"""Bytes of text that a tokenizer encodes before it may be loaded anew, which takes as long as 30 MB more."""
_STEP = 16 << 20
"""Bytes of text encoded between two looks at the memory."""


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


def return_free_memory() -> None:
    """Give back to the system what the C library keeps of freed memory (glibc; elsewhere nothing)."""
    if _LIBRARY is not None and hasattr(_LIBRARY, "malloc_trim"):
        _LIBRARY.malloc_trim(0)


_LIBRARY = ctypes.CDLL(None) if os.name == "posix" else None
"""The C library."""


class MemoryBound:
    """Makes tokenizers forget, the one with most to forget first, while the process holds too much.

    What they learn grows fast at first and slowly then, so it is best that they forget in turn. What else the
    process holds is not theirs; each keeps what 96 MB of text have taught it, whatever the limit.
    """

    def __init__(
        self,
        limit: int = _LIMIT,
        resident: Callable[[], int | None] = resident_bytes,
        trim: Callable[[], None] = return_free_memory,
    ) -> None:
        self._limit = limit
        self._resident = resident
        self._trim = trim
        self._lock = threading.Lock()
        self._encoded: WeakKeyDictionary[Forgetful, int] = WeakKeyDictionary()
        self._since = 0

    def note(self, who: Forgetful, size: int) -> None:
        """``who`` has encoded ``size`` bytes of text."""
        with self._lock:
            self._encoded[who] = self._encoded.get(who, 0) + size
            self._since += size
            if self._since < _STEP:
                return
            self._since = 0
            oldest = max(self._encoded, key=self._encoded.__getitem__)
            if self._encoded[oldest] < _FEWEST or not self._too_much():
                return
            self._encoded[oldest] = 0
        oldest.forget()

    def _too_much(self) -> bool:
        resident = self._resident()
        if resident is None:
            return sum(self._encoded.values()) > _LIMIT_OF_TEXT
        if resident <= self._limit:
            return False
        self._trim()
        return (self._resident() or 0) > self._limit
