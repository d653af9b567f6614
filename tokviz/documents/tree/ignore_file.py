"""Adding rules to a folder's own ignore file."""

from collections.abc import Sequence
from pathlib import Path

from tokviz.documents.reading import exists, read_bytes
from tokviz.documents.writing import write_file

IGNORE_FILE = ".tokvizignore"


def add_rules(folder: Path, lines: Sequence[str]) -> Path:
    """Add lines to the ignore file of a folder, and return it. Lines that it has already are not added
    again. WriteError or ReadError if that cannot be."""
    target = folder / IGNORE_FILE
    before = read_bytes(target).decode("utf-8", "surrogateescape") if exists(target) else ""
    known = set(before.splitlines())
    added = _without_empty_headings([line for line in lines if line.startswith("#") or line not in known])
    if added:
        gap = "" if not before or before.endswith("\n") else "\n"
        text = before + gap + "".join(f"{line}\n" for line in added)
        write_file(target, text.encode("utf-8", "surrogateescape"))
    return target


def _without_empty_headings(lines: Sequence[str]) -> list[str]:
    """Without comments that no line follows."""
    following = [*lines[1:], "#"]
    return [
        line
        for line, after in zip(lines, following, strict=True)
        if not (line.startswith("#") and after.startswith("#"))
    ]
