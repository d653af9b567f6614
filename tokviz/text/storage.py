"""UTF-8 bytes that can be edited where one types without moving what follows."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Text: TypeAlias = bytes | bytearray

NEAR = 1 << 12
"""Bytes from the last edit up to which another belongs to the same place."""
LONGEST = 1 << 15
"""Bytes that the place being edited may have; a longer insertion goes into the text at once."""


class TextStorage:
    """A text, and the place in it that is being edited, apart: ``bytes`` as they were given until something
    needs the whole (no copy: 100 MB would take 60 ms), then a ``bytearray``.

    Typing into 5 MB would move all that follows for each key, a tenth of the key's frame. So what is typed
    stays in a small array of its own, and joins the text only when another place is edited or somebody asks
    for the ``whole``. Reading a part costs what the part is long. Offsets are bytes of the text as it is now.
    """

    def __init__(self, data: Text = b"") -> None:
        """Storage of ``data``, which belongs to it from now on."""
        self._base = data
        self._place = bytearray()
        # The place stands for the base's bytes from ``_start`` to ``_old_end``, and ends at ``_end`` now.
        self._start = self._end = self._old_end = len(data)

    def __len__(self) -> int:
        return len(self._base) + self._end - self._old_end

    def __getitem__(self, part: slice) -> Text:
        """A copy of the bytes ``part.start`` to ``part.stop``: in this order, neither of them negative."""
        start, end = part.start, part.stop
        if end <= self._start:
            return self._base[start:end]
        behind = self._old_end - self._end
        if start >= self._end:
            return self._base[start + behind : end + behind]
        first = self._start
        if start >= first and end <= self._end:
            return self._place[start - first : end - first]
        before = self._base[start:first] if start < first else b""
        inside = self._place[max(start - first, 0) : end - first]
        return before + inside + self._base[self._old_end : max(end + behind, self._old_end)]

    def byte(self, offset: int) -> int:
        """The byte at ``offset``, which must be in the text."""
        if offset < self._start:
            return self._base[offset]
        if offset < self._end:
            return self._place[offset - self._start]
        return self._base[offset + self._old_end - self._end]

    def array(self, start: int, end: int) -> NDArray[np.uint8]:
        """The bytes ``start`` to ``end``, ``uint8[n]``: to read at once, as it may keep an edit from being
        made. A copy only where what is being edited is among them."""
        end = min(end, len(self))
        if start >= end:
            return np.zeros(0, np.uint8)
        if end <= self._start:
            return np.frombuffer(self._base, np.uint8, end - start, start)
        if start >= self._end:
            return np.frombuffer(self._base, np.uint8, end - start, start + self._old_end - self._end)
        return np.frombuffer(self[start:end], np.uint8)

    @property
    def whole(self) -> Text:
        """All of it as one object: to read at once and not to keep, as no view of it may outlive an edit."""
        self._join()
        return self._base

    def replace(self, start: int, end: int, data: bytes) -> None:
        """Have ``data`` take the place of the bytes ``start`` to ``end``, which must be in the text."""
        size = end - start + len(data)
        if not self._is_near(start, end) or self._end - self._start + size > LONGEST:
            self._join()
            if size > LONGEST:
                base = self._editable()
                base[start:end] = data
                self._begin(len(base))
                return
            self._begin(start)
        self._reach(start, end)
        self._place[start - self._start : end - self._start] = data
        self._end += len(data) - (end - start)

    def _join(self) -> None:
        """Put the place back into the text."""
        if self._old_end != self._start or self._place:
            self._editable()[self._start : self._old_end] = self._place
        self._begin(len(self._base))

    def _editable(self) -> bytearray:
        if not isinstance(self._base, bytearray):
            self._base = bytearray(self._base)
        return self._base

    def _begin(self, at: int) -> None:
        """Have the place be at ``at``, with nothing in it."""
        self._start = self._end = self._old_end = at
        self._place = bytearray()

    def _is_near(self, start: int, end: int) -> bool:
        return self._start - NEAR <= start and end <= self._end + NEAR

    def _reach(self, start: int, end: int) -> None:
        """Make the place wide enough for an edit from ``start`` to ``end``."""
        if start < self._start:
            self._place[:0] = self._base[start : self._start]
            self._start = start
        if end > self._end:
            more = end - self._end
            self._place += self._base[self._old_end : self._old_end + more]
            self._old_end += more
            self._end = end
