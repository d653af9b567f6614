"""Files that somebody else has listed, such as ``git diff --name-only``: read as they stand."""

import os
from collections.abc import Iterable
from pathlib import Path

from tokviz.documents.reading import ReadError, file_status
from tokviz.documents.tree.listing import Listing
from tokviz.documents.tree.walking import FoundFile, LeftOut, Reason


def listed_names(data: bytes, null: bool) -> list[str]:
    """The names in a list: one a line, or with ``null`` each behind a NUL; as Python has paths."""
    parts = data.split(b"\0") if null else [line.removesuffix(b"\r") for line in data.split(b"\n")]
    return [os.fsdecode(part) for part in parts if part]


def list_files(names: Iterable[str]) -> Listing:
    """The files of these names, each once, under the folder that holds them all. What is not there, or is no
    regular file, is left out with its reason: lists often name what was deleted."""
    absolute = set(map(_absolute, names))
    paths = sorted(absolute, key=lambda path: path.parts)  # the order of a walk: folders stay together
    root = Path(os.path.commonpath([path.parent for path in paths])) if paths else Path.cwd()
    listing = Listing(root)
    for path in paths:
        name = path.relative_to(root).as_posix()
        try:
            status = file_status(path)
        except ReadError as error:
            listing.left_out.append(LeftOut(name, False, Reason.UNREADABLE, detail=error.reason))
        else:
            listing.files.append(FoundFile(name, status.st_size, status.st_mtime_ns))
    return listing


def _absolute(name: str) -> Path:
    path = os.path.normpath(Path(name).absolute())
    # Two slashes at the beginning would be another root, which none of the other files lie under.
    return Path(path[1:] if path.startswith("//") else path)
