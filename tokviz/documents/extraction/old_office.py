"""Compound files, in which Microsoft Office kept documents before it had archives: what one is."""

from enum import Enum, auto

SIGN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROOT = "Root Entry\0".encode("utf-16-le")  # verbatim
_CLASS = 80
"""Bytes from the name of an entry to the class of what is in it."""
_EXCEL = frozenset((0x00020810, 0x00020820))
"""The beginnings of Excel's classes."""


class Compound(Enum):
    """What a compound file may be."""

    ENCRYPTED = auto()
    """A document of a later kind, with a password."""
    MESSAGE = auto()
    WORKBOOK = auto()
    WORD = auto()
    POWERPOINT = auto()


_STREAMS = (
    # In this order: a message may hold all of the others, a document one of another kind.
    ("__nameid_version1.0", Compound.MESSAGE),
    ("EncryptedPackage", Compound.ENCRYPTED),
    ("WordDocument", Compound.WORD),
    ("PowerPoint Document", Compound.POWERPOINT),  # verbatim
    ("Workbook", Compound.WORKBOOK),  # verbatim
    ("Book\0", Compound.WORKBOOK),  # verbatim
)
"""The stream that each has, and no other but by embedding."""


def compound(data: bytes) -> Compound | None:
    """What a compound file is, by the names and the class in its folders; None: something else."""
    if not data.startswith(SIGN):
        return None
    found = [kind for name, kind in _STREAMS if name.encode("utf-16-le") in data]
    if Compound.WORKBOOK in found and found[0] is not Compound.MESSAGE:
        root = data.find(_ROOT)
        if int.from_bytes(data[root + _CLASS : root + _CLASS + 4], "little") in _EXCEL:
            return Compound.WORKBOOK
    return found[0] if found else None
