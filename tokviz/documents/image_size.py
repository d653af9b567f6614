"""How wide and high an image is, from its header: nothing is decoded, and a few kilobytes are read.

Written here rather than taken from Pillow: six headers are a page of code, while Pillow brings 20 MB and
decoders that have been broken into through images.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tokviz.documents.reading import open_regular
from tokviz.language import _

_MOST_SEGMENTS = 2_000
"""Segments of a JPEG before the one that says its size; colour profiles take a few dozen."""
_MOST_ENTRIES = 4_096
"""Entries of a TIFF's first directory."""


@dataclass(frozen=True, slots=True)
class ImageSize:
    """Pixels as they lie in the file: a turn that is only noted beside them is not made."""

    format: str
    """``PNG``, ``JPEG``…"""
    width: int
    height: int


class NoImageError(Exception):
    """No width and height can be found; ``str()`` says why in a few words."""


def read_image_size(stream: BinaryIO) -> ImageSize:
    """The size of the image at the beginning of ``stream``, which can seek; NoImageError if there is none."""
    head = stream.read(32)
    for matches, name, read in _FORMATS:
        if matches(head):
            try:
                stream.seek(0)
                width, height = read(stream)
            except (struct.error, OverflowError, OSError):
                raise NoImageError(_("the {format} image is cut short or damaged", format=name)) from None
            if width < 1 or height < 1:
                raise NoImageError(
                    _(
                        "the {format} image says that it is {width} × {height} pixels",
                        format=name,
                        width=width,
                        height=height,
                    )
                )
            return ImageSize(name, width, height)
    raise NoImageError(_("it is not a PNG, JPEG, GIF, WebP, BMP or TIFF image"))


def sized_image(path: Path) -> ImageSize | None:
    """The size of the image in a regular file; None if it is none, or cannot be read."""
    try:
        with open_regular(path) as stream:
            return read_image_size(stream)
    except (OSError, ValueError, NoImageError):
        return None


def _unpack(layout: str, stream: BinaryIO, skip: int = 0) -> tuple[int, ...]:
    stream.seek(skip, 1)
    return struct.unpack(layout, stream.read(struct.calcsize(layout)))


def _png(stream: BinaryIO) -> tuple[int, int]:
    chunk, width, height = struct.unpack(">4sII", stream.read(24)[12:])
    if chunk != b"IHDR":
        raise struct.error
    return width, height


def _gif(stream: BinaryIO) -> tuple[int, int]:
    width, height = _unpack("<HH", stream, 6)
    return width, height


def _bmp(stream: BinaryIO) -> tuple[int, int]:
    (size,) = _unpack("<I", stream, 14)
    width, height = _unpack("<HH" if size == 12 else "<ii", stream)
    return width, abs(height)  # from top to bottom where it is negative


def _webp(stream: BinaryIO) -> tuple[int, int]:
    head = stream.read(30)
    kind = head[12:16]
    if kind == b"VP8X":
        width, height = int.from_bytes(head[24:27], "little"), int.from_bytes(head[27:30], "little")
        return (width + 1, height + 1) if len(head) == 30 else _fail()
    if kind == b"VP8L" and head[20:21] == b"\x2f":
        (bits,) = struct.unpack("<I", head[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return _fail()


def _jpeg(stream: BinaryIO) -> tuple[int, int]:
    stream.seek(2)
    for _segment in range(_MOST_SEGMENTS):
        (marker,) = _unpack(">B", stream)
        if marker != 0xFF:
            return _fail()
        while marker == 0xFF:  # as many as one likes may fill the space before a marker
            (marker,) = _unpack(">B", stream)
        if 0xD0 <= marker <= 0xD7 or marker == 0x01:
            continue
        (length,) = _unpack(">H", stream)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _unpack(">HH", stream, 1)
            return width, height
        if length < 2 or marker == 0xDA:
            return _fail()
        stream.seek(length - 2, 1)
    return _fail()


def _tiff(stream: BinaryIO) -> tuple[int, int]:
    order = "<" if stream.read(4)[:2] == b"II" else ">"
    (directory,) = _unpack(f"{order}I", stream)
    stream.seek(directory)
    (count,) = _unpack(f"{order}H", stream)
    sizes = {}
    for _entry in range(min(count, _MOST_ENTRIES)):
        tag, kind, _count, value = struct.unpack(f"{order}HHI4s", stream.read(12))
        if tag in (256, 257):
            short = kind == 3
            (sizes[tag],) = struct.unpack(f"{order}{'H2x' if short else 'I'}", value)
    return (sizes[256], sizes[257]) if len(sizes) == 2 else _fail()


def _fail() -> tuple[int, int]:
    raise struct.error


_FORMATS: tuple[tuple[Callable[[bytes], bool], str, Callable[[BinaryIO], tuple[int, int]]], ...] = (
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), "PNG", _png),
    (lambda head: head.startswith(b"\xff\xd8\xff"), "JPEG", _jpeg),
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), "GIF", _gif),
    (lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP", "WebP", _webp),
    (lambda head: head.startswith(b"BM"), "BMP", _bmp),
    (lambda head: head.startswith((b"II*\0", b"MM\0*")), "TIFF", _tiff),
)
