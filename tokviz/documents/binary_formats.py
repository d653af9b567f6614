"""Binary formats that name themselves in a file's first bytes."""

from tokviz.language import _

PDF = b"%PDF-"
"""What every PDF begins with; no text does, so a PDF is none even where all its bytes are ASCII."""
_PDF_BEGINS = 1_024
"""Bytes of a file, within which readers of PDF look for its beginning."""
_BEFORE_PDF = b"\xef\xbb\xbf\0 \t\r\n"
"""What may stand before a PDF's first bytes; any other text that has them in it may be about PDF."""
_PRINTER = b"\x1b%-12345X"
"""What is sent to a printer begins so: its settings, in PJL, stand before the PDF that is to be printed."""
# Translators: as in “it is binary data (a PDF document)”
_FORMATS = (
    (0, b"PK\x03\x04", _("a ZIP archive")),
    (0, b"PK\x05\x06", _("a ZIP archive")),
    (0, b"\x1f\x8b\x08", _("gzip data")),
    (4, b"1AY&SY", _("bzip2 data")),
    (0, b"\xfd7zXZ\x00", _("xz data")),
    (0, b"7z\xbc\xaf\x27\x1c", _("a 7-Zip archive")),
    (0, b"\x28\xb5\x2f\xfd", _("Zstandard data")),
    (0, b"\x04\x22\x4d\x18", _("LZ4 data")),
    (0, b"Rar!\x1a\x07", _("a RAR archive")),
    (0, b"MSCF\0\0\0\0", _("a cabinet archive")),
    (257, b"ustar", _("a tar archive")),
    (0, b"\x89PNG\r\n\x1a\n", _("a PNG image")),
    (0, b"\xff\xd8\xff", _("a JPEG image")),
    (0, b"GIF87a", _("a GIF image")),
    (0, b"GIF89a", _("a GIF image")),
    (0, b"II*\0", _("a TIFF image")),
    (0, b"MM\0*", _("a TIFF image")),
    (8, b"WEBP", _("a WebP image")),
    (4, b"ftyp", _("a video or image container")),
    (0, b"\x1aE\xdf\xa3", _("a Matroska video")),
    (8, b"AVI ", _("an AVI video")),
    (8, b"WAVE", _("a WAVE sound")),
    (0, b"ID3", _("an MP3 sound")),
    (0, b"OggS", _("an Ogg stream")),
    (0, b"fLaC", _("a FLAC sound")),
    (0, b"\x7fELF", _("an ELF program")),
    (0, b"MZ\x90\0", _("a Windows program")),
    (0, b"\xca\xfe\xba\xbe", _("a Java class")),
    (0, b"\xcf\xfa\xed\xfe", _("a macOS program")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _("an old Microsoft Office document")),
    (0, b"SQLite format 3\0", _("an SQLite database")),
    (0, b"wOFF", _("a web font")),
    (0, b"wOF2", _("a web font")),
    (0, b"OTTO", _("a font")),
    (0, b"\0\x01\0\0\0", _("a font")),
    (0, b"glTF", _("a 3D model")),
    (0, b"\0asm", _("a WebAssembly module")),
    (0, b"!<arch>\n", _("a library archive")),
    (0, b"\x80\x04\x95", _("a Python pickle")),
)


def is_pdf(data: bytes) -> bool:
    """Whether a file that begins so is a PDF, also where it was written for a printer."""
    head = data[:_PDF_BEGINS]
    return head.lstrip(_BEFORE_PDF).startswith(PDF) or (head.startswith(_PRINTER) and PDF in head)


def binary_format(data: bytes) -> str:
    """What the first bytes say that this is, in words; empty if they name no format known here.

    Some signatures are letters, with which a text may begin as well: ask only of what is not UTF-8.
    """
    if is_pdf(data):
        # Translators: as in “it is binary data (a PDF document)”
        return _("a PDF document")
    return next((name for offset, sign, name in _FORMATS if data.startswith(sign, offset)), "")
