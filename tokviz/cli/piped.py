"""Standard input, to be read more than once and whatever its size: a large one waits in a file."""

import io
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from tokviz.documents.large_text import BLOCK

_IN_MEMORY = 32 << 20
"""Bytes of standard input that are held in memory."""


class PipedInput:
    """All of standard input. OSError where there is no room for it."""

    def __init__(self, stream: BinaryIO | None) -> None:
        self._start, self._keeps = 0, False
        if stream is None:
            self._file: BinaryIO = io.BytesIO()
        elif _is_regular(stream):
            self._file, self._start = stream, stream.tell()
        else:
            spool = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - see close
            self._file, self._keeps = spool, True
            try:
                shutil.copyfileobj(stream, spool, BLOCK)
            except OSError:
                spool.close()
                raise
        self.size = self._file.seek(0, io.SEEK_END) - self._start
        """Bytes."""

    def blocks(self) -> Iterator[bytes]:
        """All of it from the beginning, block by block."""
        at = self._start
        while True:
            self._file.seek(at)
            block = self._file.read(BLOCK)
            if not block:
                return
            at += len(block)
            yield block

    def close(self) -> None:
        """Remove what was kept of it."""
        if self._keeps:
            self._file.close()

    def read(self) -> bytes:
        """All of it at once."""
        self._file.seek(self._start)
        return self._file.read()


def _is_regular(stream: BinaryIO) -> bool:
    """Whether it is a file, which can be read again."""
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):  # there is no file behind it
        return False
