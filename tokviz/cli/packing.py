"""``--pack``: the inputs as one text for a model, checked before it is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.packing import MOST_BYTES, PackedFile, format_for, pack
from tokviz.analysis.codebase.secrets import Secret, SecretFinder, searched
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import STANDARD_INPUT, read_input
from tokviz.cli.totals import Part, Totals
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.reading import read_files
from tokviz.documents.writing import WriteError, write_file


@dataclass(frozen=True, slots=True)
class Pack:
    """A packed text."""

    text: bytes
    files: int
    secrets: list[Secret]
    """What looks like a key or a password in it."""


def packed(
    totals: Totals,
    target: str,
    reading: ReadOptions,
    console: Console,
    chosen: NDArray[np.bool_] | None = None,
    finder: SecretFinder | None = None,
) -> Pack:
    """All counted files of ``totals``, or those of them that are ``chosen`` (``bool[files]``), as one text in
    the format that the name of ``target`` asks for.

    ``Failure`` where it would be larger than ``MOST_BYTES``.
    """
    if totals["bytes"] > MOST_BYTES:
        raise Failure(
            f"{totals['bytes']:,} bytes are more than any model takes; leave files out before packing, "
            "as with --exclude."
        )
    alone = len(totals.parts) == 1 and totals.parts[0].is_folder
    name = totals.parts[0].listing.root.resolve().name if alone else "files"
    parts = _chosen(totals, chosen)
    paths = [
        _name(part, part.listing.files[number].path, alone) for part, numbers in parts for number in numbers
    ]
    files = _files(parts, alone, reading, console)
    secrets: list[Secret] = []
    if finder:
        files = searched(files, finder, secrets)
    return Pack(b"".join(pack(name, paths, files, format_for(target))), len(paths), secrets)


def write(target: str, text: bytes) -> None:
    """Put ``text`` in the file ``target``, all of it or nothing; ``Failure`` if that cannot be."""
    try:
        write_file(Path(target), text)
    except WriteError as error:
        raise Failure(str(error)) from error


def _chosen(totals: Totals, chosen: NDArray[np.bool_] | None) -> list[tuple[Part, list[int]]]:
    """Each part with the numbers of its counted files, or of those of them that are chosen."""
    found, first = [], 0
    for part in totals.parts:
        numbers = [number for batch in part.counted for number in batch.numbers.tolist()]
        if chosen is not None:
            numbers = [number for number in numbers if chosen[first + number]]
        found.append((part, numbers))
        first += len(part.listing.files)
    return found


def _files(
    parts: Sequence[tuple[Part, list[int]]], alone: bool, reading: ReadOptions, console: Console
) -> Iterator[PackedFile]:
    for part, numbers in parts:
        if part.path == STANDARD_INPUT:
            if numbers:
                text = read_input(STANDARD_INPUT, console, replace(reading, largest=None)).text
                yield PackedFile(_name(part, "", alone), text)
            continue
        files = ((number, part.listing.files[number]) for number in numbers)
        for batch in read_files(part.listing.root, files, part.reading(reading)):
            for number, text in zip(batch.numbers, batch.texts, strict=True):
                yield PackedFile(_name(part, part.listing.files[number].path, alone), text)


def _name(part: Part, path: str, alone: bool) -> str:
    """Relative to the only root; where there are several, as it is reached from here, but never absolute."""
    if alone:
        return path
    if not Path(part.path).is_absolute():
        return Path(part.shown(path)).as_posix()
    return f"{Path(part.path).name}/{path}" if part.is_folder else Path(part.path).name
