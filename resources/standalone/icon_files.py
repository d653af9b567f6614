"""The application icon as Windows and macOS want it: files that hold PNGs of several sizes."""

import struct
from collections.abc import Mapping
from pathlib import Path

_ICO = (16, 24, 32, 48, 64, 128, 256)
_ICNS = {
    b"icp4": 16,
    b"icp5": 32,
    b"icp6": 64,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
"""Types of macOS with their sizes in pixels; those from ``ic11`` on are for screens of twice the density."""


def pictures(folder: Path) -> dict[int, bytes]:
    """The PNGs ``SIZE.png`` of a folder, by their sizes in pixels."""
    return {int(path.stem): path.read_bytes() for path in folder.glob("*.png")}


def ico(images: Mapping[int, bytes]) -> bytes:
    """A Windows icon: a head, an entry of 16 bytes for each image, and the images."""
    offset = 6 + 16 * len(_ICO)
    entries = b""
    for size in _ICO:
        side = size % 256  # 256 is written as 0
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(images[size]), offset)
        offset += len(images[size])
    return struct.pack("<HHH", 0, 1, len(_ICO)) + entries + b"".join(images[size] for size in _ICO)


def icns(images: Mapping[int, bytes]) -> bytes:
    """A macOS icon: a head, and each image behind its type and length."""
    parts = b"".join(
        kind + struct.pack(">I", 8 + len(images[size])) + images[size] for kind, size in _ICNS.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(parts)) + parts
