"""The line on a terminal that says how far a count is."""

import sys
import time

from tokviz.language import _, ngettext, number

_EVERY = 0.1
_AFTER = 0.5
"""Seconds between two changes of the line, and before the first: what is quick needs no progress."""
_TO_START_OF_LINE = "\r\x1b[K"


class Progress:
    """Shows progress on standard error, if that is a terminal. Leaving its context clears the line."""

    def __init__(self) -> None:
        self._shown = False
        self._begun = time.monotonic()
        self._last = self._begun + _AFTER - _EVERY

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write(_TO_START_OF_LINE)
            sys.stderr.flush()

    def show(self, files: int, size: int, found: int, whole: int = 0) -> None:
        """Files and bytes counted so far, of as many files as are found so far and, within a large one, of
        ``whole`` bytes."""
        now = time.monotonic()
        if now - self._last < _EVERY or not sys.stderr.isatty():
            return
        self._shown_at(now)
        megabytes = size / 1e6
        rate = megabytes / (now - self._begun)
        counted = ngettext("{files} of {n} file", "{files} of {n} files", found, files=number(files))
        speed = {"size": _whole(megabytes), "speed": _whole(rate)}
        if whole:
            sizes = _("{size} of {whole} MB, {speed} MB/s", whole=_whole(whole / 1e6), **speed)
        else:
            sizes = _("{size} MB, {speed} MB/s", **speed)
        self._write(f"{counted}, {sizes}")

    def show_versions(self, done: int, of: int) -> None:
        """How many versions of a codebase are counted, of how many."""
        now = time.monotonic()
        if now - self._last >= _EVERY and sys.stderr.isatty():
            self._shown_at(now)
            self._write(ngettext("{done} of {n} version", "{done} of {n} versions", of, done=number(done)))

    def _shown_at(self, now: float) -> None:
        self._last, self._shown = now, True

    @staticmethod
    def _write(line: str) -> None:
        sys.stderr.write(f"{_TO_START_OF_LINE}{line}")
        sys.stderr.flush()


def _whole(value: float) -> str:
    return number(f"{value:,.0f}")
