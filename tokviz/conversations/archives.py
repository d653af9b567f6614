"""Archives that hold one conversation, or a list of them: an export as it is handed out, a log of Inspect."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from tokviz.language import _, number

_ARCHIVE = b"PK\x03\x04"
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_EXPORT = re.compile(r"(?:[^/]+/)*conversations(?:-\d+)?\.json")
"""What ChatGPT's and Claude.ai's exports call their conversations; a large one has several files."""
_SAMPLE = re.compile(r"samples/[^/]+\.json")
_HEADERS = ("header.json", "_journal/start.json")
"""What an Inspect log says of itself: the second one where it was broken off."""
_JSON = re.compile(r"(?!(?:.*/)?(?:\.|__MACOSX/)).*\.jsonl?")
_CHUNK = 1 << 20
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class ArchiveError(Exception):
    """Why nothing of an archive can be read, in one sentence."""


def is_archive(start: bytes) -> bool:
    """Whether a file with these first bytes is an archive."""
    return start.startswith(_ARCHIVE)


def may_hold_conversations(file: BinaryIO) -> bool:
    """By the names in an archive alone."""
    try:
        with zipfile.ZipFile(file) as archive:
            return bool(_members(archive.namelist()))
    except _FAULTS:
        return False


def unarchived(file: BinaryIO, most: int) -> bytes:
    """The archive's conversations as one JSON document, or its one file of them; ``most`` is in bytes."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _document(archive, most)
    except _FAULTS as error:
        raise ArchiveError(_("The archive is damaged or cut off.")) from error


def _members(names: list[str]) -> list[str]:
    """Those that hold conversations: an export's, a log's samples, or the only JSON that there is."""
    for pattern in (_EXPORT, _SAMPLE):
        if found := sorted(name for name in names if pattern.fullmatch(name)):
            return found
    others = [name for name in names if _JSON.fullmatch(name)]
    return others if len(others) == 1 else []


def _document(archive: zipfile.ZipFile, most: int) -> bytes:
    names = archive.namelist()
    members = _members(names)
    if not members:
        raise ArchiveError(_("The archive holds no conversations. Unpack it to open its files."))
    header = next((name for name in _HEADERS if name in names), None)
    samples = header is not None and _SAMPLE.fullmatch(members[0]) is not None
    left, read = most, []
    for name in ([header] if samples and header else []) + members:
        data = b"".join(_chunks(archive, name, left, most)).strip()
        left -= len(data)
        read.append(data)
    if samples:
        whole = read[0].removesuffix(b"}").rstrip()
        return whole + b',"samples":[' + b",".join(read[1:]) + b"]}"
    if len(read) == 1:
        return read[0]
    lists = (each.removeprefix(b"[").removesuffix(b"]").strip() for each in read)
    return b"[" + b",".join(filter(None, lists)) + b"]"


def _chunks(archive: zipfile.ZipFile, name: str, left: int, most: int) -> Iterator[bytes]:
    info = archive.getinfo(name)
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveError(_("The archive is encrypted. Unpack it first."))
    if info.compress_type not in _PLAIN:
        raise ArchiveError(_("The archive is packed in a way that cannot be read. Unpack it first."))
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                said = number(most)
                raise ArchiveError(
                    _("Unpacked, the archive holds more than {n} bytes. Unpack it first.", n=said)
                )
            yield chunk
