"""Writing a file, all of it or nothing."""

import errno
import os
import tempfile
from pathlib import Path


class WriteError(Exception):
    """A file that cannot be written; ``str()`` is one sentence."""


def write_file(path: Path, data: bytes | bytearray) -> None:
    """Put ``data`` in the file, all of it or nothing; WriteError if that cannot be.

    What is no regular file (a pipe, a device) is written into.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            # Put in its place, a file would end it: nobody could use the pipe or the device any more.
            with path.open("wb") as stream:
                stream.write(data)
            return
        path = Path(os.path.realpath(path))  # where a link leads to is written, and the link stays
        if path.is_symlink():  # it leads in a circle
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        mode = path.stat().st_mode & 0o777 if path.exists() else None
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            temporary.chmod(_usual_mode() if mode is None else mode)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WriteError(f"Cannot write {path}: {reason}; choose another place.") from error


def _usual_mode() -> int:
    """The rights that a new file has; a temporary one can be read by nobody else."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
