"""Files that were packed, and in which of Unicode's encodings they are, by their first bytes."""

import gzip
import io
import zlib
from typing import Any, BinaryIO, cast

from tokviz.language import _

_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_UTF16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Joined:
    """Bytes already read, then the rest of the file."""

    def __init__(self, start: bytes, file: BinaryIO) -> None:
        self._start = io.BytesIO(start)
        self.file = file
        """What follows, once the others are ``spent``."""
        self.spent = False

    def after(self, start: bytes) -> "Joined":
        """The same after other bytes that were read; nothing is left of its own."""
        return Joined(start, self.file)

    def read(self, limit: int) -> bytes:
        """Up to ``limit`` bytes."""
        raw = self._start.read(limit)
        return raw + self.file.read(limit - len(raw))

    def readline(self, limit: int) -> bytes:
        """Up to ``limit`` bytes of the next line."""
        raw = self._start.readline(limit)
        if raw.endswith(b"\n") or len(raw) == limit:
            return raw
        self.spent = True
        return raw + self.file.readline(limit - len(raw))


class Gunzipped(io.RawIOBase):
    """What a file packed with gzip holds, up to where it is cut off or broken: ``broken`` tells of that."""

    def __init__(self, file: Joined) -> None:
        super().__init__()
        self._file = gzip.GzipFile(fileobj=cast("BinaryIO", file), mode="rb")  # it only reads
        self.broken = False

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        try:
            data = self._file.read1(len(buffer))
        except (EOFError, OSError, zlib.error):
            self.broken, data = True, b""
        buffer[: len(data)] = data
        return len(data)


def packed_otherwise(start: bytes) -> str | None:
    """Why a file with these first bytes cannot be read, in a sentence; None if that is not known of it."""
    if start.startswith(_ZSTANDARD):
        return _("The file is packed with Zstandard. Unpack it first: zstd -d FILE.")
    return None


def is_gzip(start: bytes) -> bool:
    """Whether a file with these first bytes is packed with gzip."""
    return start.startswith(_GZIP)


def utf16_of(start: bytes) -> str | None:
    """The codec of a file in UTF-16, with a byte order mark or without; None for any other."""
    for mark, codec in _UTF16:
        if start.startswith(mark):
            return codec
    if len(start) > 1 and 0 in start[:2] and start[0] != start[1]:
        return "utf-16-le" if start[1] == 0 else "utf-16-be"  # JSON begins with ASCII
    return None
