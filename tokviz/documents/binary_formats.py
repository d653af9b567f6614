"""Binary formats that name themselves in a file's first bytes."""

PDF = b"%PDF-"
"""What every PDF begins with; no text does, so a PDF is none even where all its bytes are ASCII."""
_FORMATS = (
    (0, PDF, "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"PK\x05\x06", "a ZIP archive"),
    (0, b"\x1f\x8b\x08", "gzip data"),
    (4, b"1AY&SY", "bzip2 data"),
    (0, b"\xfd7zXZ\x00", "xz data"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (0, b"\x04\x22\x4d\x18", "LZ4 data"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"MSCF\0\0\0\0", "a cabinet archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (8, b"WEBP", "a WebP image"),
    (4, b"ftyp", "a video or image container"),
    (0, b"\x1aE\xdf\xa3", "a Matroska video"),
    (8, b"AVI ", "an AVI video"),
    (8, b"WAVE", "a WAVE sound"),
    (0, b"ID3", "an MP3 sound"),
    (0, b"OggS", "an Ogg stream"),
    (0, b"fLaC", "a FLAC sound"),
    (0, b"\x7fELF", "an ELF program"),
    (0, b"MZ\x90\0", "a Windows program"),
    (0, b"\xca\xfe\xba\xbe", "a Java class"),
    (0, b"\xcf\xfa\xed\xfe", "a macOS program"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office document"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"wOFF", "a web font"),
    (0, b"wOF2", "a web font"),
    (0, b"OTTO", "a font"),
    (0, b"\0\x01\0\0\0", "a font"),
    (0, b"glTF", "a 3D model"),
    (0, b"\0asm", "a WebAssembly module"),
    (0, b"!<arch>\n", "a library archive"),
    (0, b"\x80\x04\x95", "a Python pickle"),
)


def binary_format(data: bytes) -> str:
    """What the first bytes say that this is, in words; empty if they name no format known here.

    Some signatures are letters, with which a text may begin as well: ask only of what is not UTF-8.
    """
    return next((name for offset, sign, name in _FORMATS if data.startswith(sign, offset)), "")
