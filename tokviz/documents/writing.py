"""Writing a file, all of it or nothing."""

import os
import tempfile
from pathlib import Path


class WriteError(Exception):
    """A file that cannot be written; ``str()`` is one sentence."""


def write_file(path: Path, data: bytes | bytearray) -> None:
    """Put ``data`` in the file, all of it or nothing; WriteError if that cannot be."""
    try:
        path = path.resolve()  # where a link leads to is written, and the link stays
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
