"""What a sparse checkout leaves out: git's index says so of each file, in a flag that the library hides.

The index begins with a head of 12 bytes: “DIRC”, its version, and how many entries follow. Of an entry its
path and its flags are read here; see gitformat-index(5).
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path

from tokviz.documents.reading import ReadError, read_bytes

_HEAD = struct.Struct(">4sII")
_FLAGS_AT = 60
"""Bytes before an entry's flags: times, numbers, and the id of what is staged."""
_EXTENDED, _SKIPPED = 0x4000, 0x4000
"""Of the flags: more follow; of those: the file is left out."""
_COMPRESSED = 4
"""The version in which a path has what it shares with the one before left out."""
_LARGEST = 512 << 20


def left_out_paths(index: Path) -> frozenset[str]:
    """The paths that belong to the repository and are not to lie in its folder. None of an index that cannot
    be read, or is split."""
    try:
        data = read_bytes(index, follow=False, limit=_LARGEST)
        return frozenset(os.fsdecode(path) for path, skipped in _entries(data) if skipped)
    except (ReadError, struct.error, ValueError, IndexError):
        return frozenset()


def _entries(data: bytes) -> Iterator[tuple[bytes, bool]]:
    sign, version, count = _HEAD.unpack_from(data)
    if sign != b"DIRC" or not 2 <= version <= _COMPRESSED:
        return
    start, path = _HEAD.size, b""
    for _entry in range(count):
        at = start + _FLAGS_AT
        (flags,) = struct.unpack_from(">H", data, at)
        at += 2
        skipped = False
        if flags & _EXTENDED:
            (more,) = struct.unpack_from(">H", data, at)
            skipped = bool(more & _SKIPPED)
            at += 2
        kept = b""
        if version == _COMPRESSED:
            gone, at = _number(data, at)
            kept = path[: max(0, len(path) - gone)]
        end = data.index(b"\0", at)
        path = kept + data[at:end]
        yield path, skipped
        # Without compression one to eight zeros follow: an entry takes a multiple of 8 bytes.
        start = end + 1 if version == _COMPRESSED else start + ((end - start) // 8 + 1) * 8


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (data[at] & 0x7F)
    return value, at + 1
