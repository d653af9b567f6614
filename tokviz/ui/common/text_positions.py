"""The one place that converts between bytes of UTF-8, UTF-16 units (Qt's positions) and code points."""

import numpy as np
from numpy.typing import NDArray


def to_utf8(text: str) -> bytes:
    """``text`` as UTF-8; a lone surrogate becomes U+FFFD, as documents.reading does it."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def is_utf8(data: bytes) -> bool:
    """Whether ``data`` is valid UTF-8."""
    try:
        return data.isascii() or data.decode() is not None
    except UnicodeDecodeError:
        return False


def for_qt(text: str) -> str:
    """``text`` such that Qt gets all of it: PySide drops a leading BOM from every string it hands over."""
    return "\ufeff" + text if text.startswith("\ufeff") else text


def utf16_length(text: str) -> int:
    """How many UTF-16 units ``text`` takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class Utf16Map:
    """The positions of a short UTF-8 text (a display piece): ``byte`` is 0 to ``len(data)``, ``unit`` is
    0 to ``units``. A byte inside a character maps to that character's first unit, and a unit inside a
    surrogate pair to that character's first byte.
    """

    def __init__(self, data: bytes) -> None:
        """A map of ``data``, valid UTF-8."""
        self.size = len(data)
        self._units: NDArray[np.int32] | None = None
        self._bytes: NDArray[np.int32] | None = None
        if data.isascii():
            self.units = len(data)
            return
        view = np.frombuffer(data, np.uint8)
        lead = (view & 0xC0) != 0x80
        widths = lead.astype(np.int32) + (view >= 0xF0)
        through = np.cumsum(widths, dtype=np.int32)
        self.units = int(through[-1])
        # The units of the characters before the one that holds each byte.
        own = widths[np.maximum.accumulate(np.where(lead, np.arange(len(view)), 0))]
        self._units = np.append(through - own, np.int32(self.units)).astype(np.int32)
        starts = np.flatnonzero(lead).astype(np.int32)
        self._bytes = np.append(np.repeat(starts, widths[starts]), np.int32(len(view))).astype(np.int32)

    def unit(self, byte: int) -> int:
        """The UTF-16 position of ``byte``."""
        return byte if self._units is None else int(self._units[byte])

    def byte(self, unit: int) -> int:
        """The byte offset of UTF-16 position ``unit``."""
        return unit if self._bytes is None else int(self._bytes[unit])

    def unit_array(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """``unit`` of many bytes: ``int64[n]`` to ``int64[n]``."""
        return positions if self._units is None else self._units[positions].astype(np.int64)
