"""Texts that tokviz packed, known again by their bytes, wherever they lie and whatever their names are: they
are not counted among the files that they were made of.

What is remembered are sizes and hashes, in one small file of the user's; no text, and no name of a file.
"""

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tokviz.documents.reading import ReadError, read_bytes
from tokviz.documents.writing import WriteError, write_file
from tokviz.language import _

_WILDCARD = re.compile(r"[*?\[\\!]")
_DIGEST = 20
_MOST = 2_000
"""So many are remembered, the latest."""


class PackMark(NamedTuple):
    """What one text is known by."""

    size: int
    digest: str

    @classmethod
    def of(cls, text: bytes | bytearray | memoryview) -> "PackMark":
        """That of a text."""
        return cls(len(text), hashlib.blake2b(text, digest_size=_DIGEST).hexdigest())


@dataclass(frozen=True)
class KnownPacks:
    """The file that remembers them. It need not be there."""

    file: Path

    def read(self) -> frozenset[PackMark]:
        """All that are remembered; none where the file cannot be read."""
        return frozenset(self._marks())

    def remember(self, texts: Iterable[bytes | bytearray | memoryview]) -> None:
        """Know these texts from now on. WriteError if that cannot be kept."""
        marks = dict.fromkeys([*self._marks(), *map(PackMark.of, texts)])
        lines = "".join(f"{mark.size} {mark.digest}\n" for mark in list(marks)[-_MOST:])
        with contextlib.suppress(OSError):  # writing says what is wrong
            self.file.parent.mkdir(parents=True, exist_ok=True)
        write_file(self.file, lines.encode())

    def try_to_remember(self, texts: Iterable[bytes | bytearray | memoryview]) -> str:
        """The same; a sentence if that cannot be kept, else nothing."""
        try:
            self.remember(texts)
        except WriteError as error:
            return _("It cannot be remembered that this is a packed text: {problem}", problem=error)
        return ""

    def _marks(self) -> list[PackMark]:
        try:
            words = [line.split() for line in read_bytes(self.file).decode("ascii", "replace").splitlines()]
        except ReadError:
            return []
        return [PackMark(int(each[0]), each[1]) for each in words if len(each) == 2 and each[0].isdecimal()]


class PackFinder:
    """Tells which files of a folder are remembered texts; what an ``include`` pattern names is none."""

    def __init__(self, marks: frozenset[PackMark], include: Iterable[str]) -> None:
        self._marks = marks
        self.sizes = frozenset(mark.size for mark in marks)
        self._named = frozenset(
            os.fsencode(pattern.removeprefix("./").lstrip("/"))
            for pattern in include
            if not _WILDCARD.search(pattern)
        )

    def find(self, entry: "os.DirEntry[bytes]", path: bytes, status: os.stat_result) -> bool:
        """Whether an entry, at ``path`` from the root, is a remembered text that nobody names."""
        may_be = stat.S_ISREG(status.st_mode) and self._may_be(path, status.st_size)
        return may_be and is_known(os.fsdecode(entry.path), self._marks)

    def holds(self, path: str, text: bytes) -> bool:
        """The same of the file at ``path`` whose text was read."""
        return self._may_be(os.fsencode(path), len(text)) and PackMark.of(text) in self._marks

    def _may_be(self, path: bytes, size: int) -> bool:
        return size in self.sizes and not {path, path.rpartition(b"/")[2]} & self._named


def is_known(path: str | Path, marks: frozenset[PackMark]) -> bool:
    """Whether a file holds one of these texts; False if it cannot be read."""
    try:
        data = read_bytes(path)
    except ReadError:
        return False
    return PackMark.of(data) in marks
