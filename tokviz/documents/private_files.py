"""Files and folders that nobody but their owner can read."""

import contextlib
import os
from pathlib import Path

_FOLDER = 0o700
_FILE = 0o600


def private_folder(folder: Path) -> None:
    """Make the folder, or take it from others if it is there; OSError if it cannot be made."""
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    _take(folder, _FOLDER)


def private_file(file: Path) -> None:
    """Make an empty file, or take it from others if it is there; OSError if it cannot be made."""
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, _FILE))
    _take(file, _FILE)


def _take(path: Path, mode: int) -> None:
    # Where a file system knows no rights, or the folder is another's, there is nothing to take.
    with contextlib.suppress(OSError):
        if path.stat().st_mode & 0o777 & ~mode:
            path.chmod(mode)
