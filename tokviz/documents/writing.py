"""Writing a file, all of it or nothing."""

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from tokviz import system_errors
from tokviz.language import _

_CANNOT_FLUSH = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""What file systems answer that know no flushing, as some of a network: it is no fault of the text's."""


class WriteError(Exception):
    """A file that cannot be written; ``str()`` is one sentence."""


def write_file(path: Path, data: bytes | bytearray) -> None:
    """Put ``data`` in the file, all of it or nothing; WriteError if that cannot be.

    What is no regular file (a pipe, a device) is written into.
    """
    for _step in write_steps(path, [data]):
        pass


def write_steps(path: Path, parts: Iterable[bytes | bytearray], private: bool = False) -> Iterator[None]:
    """Write ``parts`` one after the other, one with each step; the last step puts them in the file. A
    ``private`` file can be read by nobody but its owner.

    WriteError, here or from a step, if that cannot be. Whatever fails, and if the steps are left off, the
    file is as it was.
    """
    steps = _steps(path, parts, private)
    next(steps)
    return steps


def _steps(path: Path, parts: Iterable[bytes | bytearray], private: bool) -> Iterator[None]:
    """The first step says whether the file can be written at all."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            # Put in its place, a file would end it: nobody could use the pipe or the device any more.
            with path.open("wb") as stream:
                yield from _fill(stream, parts)
            return
        path = Path(os.path.realpath(path))  # where a link leads to is written, and the link stays
        if path.is_dir():
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.is_symlink():  # it leads in a circle
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        mode = path.stat().st_mode & 0o777 if path.exists() else None
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield from _fill(file, parts)
                _flush(file)
            if not private:  # which a temporary file is
                temporary.chmod(_usual_mode() if mode is None else mode)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = system_errors.reason(error)
        raise WriteError(
            _("Cannot write {file}: {why}; choose another place.", file=path, why=reason)
        ) from error


def _fill(file: BinaryIO, parts: Iterable[bytes | bytearray]) -> Iterator[None]:
    yield
    for part in parts:
        file.write(part)
        yield


def _flush(file: BinaryIO) -> None:
    """Have the text on the disk, or a machine that goes down may keep the file's name and lose the text."""
    file.flush()
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise


def _usual_mode() -> int:
    """The rights that a new file has; a temporary one can be read by nobody else."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
