"""Sizes of images: every format as Pillow writes it, cut anywhere, and made up."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.documents.image_size import ImageSize, NoImageError, read_image_size


def png(width: int, height: int) -> bytes:
    """The smallest PNG header of this size."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def size(data: bytes) -> ImageSize:
    return read_image_size(io.BytesIO(data))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("GIF", {}),
        ("WebP", {}),
        ("WebP", {"lossless": True}),
        ("WebP", {"exif": b"Exif\0\0" + bytes(40)}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"big_endian": True}),
    ],
)
def test_every_format_as_a_library_writes_it(name: str, options: dict[str, object]) -> None:
    pictures = pytest.importorskip("PIL.Image")
    stream = io.BytesIO()
    pictures.new("RGB", (321, 123), (9, 99, 200)).save(stream, name, **options)
    assert size(stream.getvalue()) == ImageSize(name, 321, 123)


def test_a_jpeg_with_much_before_its_size() -> None:
    pictures = pytest.importorskip("PIL.Image")
    stream = io.BytesIO()
    pictures.new("RGB", (40, 30)).save(stream, "JPEG")
    data = stream.getvalue()
    segment = b"\xff\xff\xff\xe2" + struct.pack(">H", 65_000) + bytes(64_998)
    assert size(data[:2] + 40 * segment + data[2:]) == ImageSize("JPEG", 40, 30)
    with pytest.raises(NoImageError, match="JPEG image is cut short or damaged"):
        size(data[:2] + 3_000 * (b"\xff\xe2" + struct.pack(">H", 2)) + data[2:])


def test_a_bitmap_from_top_to_bottom_and_an_old_one() -> None:
    assert size(b"BM" + bytes(12) + struct.pack("<Iii", 40, 7, -9)) == ImageSize("BMP", 7, 9)
    assert size(b"BM" + bytes(12) + struct.pack("<IHH", 12, 7, 9)) == ImageSize("BMP", 7, 9)


@pytest.mark.parametrize("data", [b"", b"text", b"%PDF-1.7", b"RIFF\0\0\0\0WAVEfmt "])
def test_what_is_no_image_says_so(data: bytes) -> None:
    with pytest.raises(NoImageError, match="not a PNG, JPEG, GIF, WebP, BMP or TIFF"):
        size(data)


def test_an_image_without_pixels_says_so() -> None:
    with pytest.raises(NoImageError, match="the PNG image says that it is 0 × 5 pixels"):
        size(png(0, 5))


HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"BM", b"II*\0", b"MM\0*")


@given(head=st.sampled_from(HEADS), rest=st.binary(max_size=200))
def test_whatever_follows_a_head_is_a_size_or_one_sentence(head: bytes, rest: bytes) -> None:
    try:
        found = size(head + rest)
    except NoImageError as error:
        assert str(error)
    else:
        assert found.width > 0 < found.height
