"""What a walk has found, gathered: the files of one root, and what is left out of it."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tokviz.documents.reading import file_status
from tokviz.documents.tree.walking import FolderListing, FoundFile, LeftOut, WalkOptions, walk, walk_again

REPORT_EVERY = 2000
"""Files found between two reports of a listing under way."""


@dataclass(slots=True)
class Listing:
    """The files of one root. A file's number is its index in ``files``; those of a folder lie together."""

    root: Path
    files: list[FoundFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Sentences about ignore files that could not be read."""
    unmatched: tuple[str, ...] = ()
    """The ``include`` patterns that matched nothing."""

    def path(self, number: int) -> Path:
        """Where the file lies."""
        return self.root / self.files[number].path

    def filled_from(self, walked: Iterable[FolderListing]) -> Iterator[tuple[int, FoundFile]]:
        """Add a walk's listings as they come, and yield each file with its number."""
        for folder in walked:
            self.left_out += folder.left_out
            self.problems += folder.problems
            self.unmatched += folder.unmatched
            # One by one: whoever takes them tells from ``files`` what was found so far.
            for file in folder.files:
                self.files.append(file)
                yield len(self.files) - 1, file


def list_folder(
    root: str | Path,
    options: WalkOptions | None = None,
    environment: Mapping[str, str] | None = None,
    found: Callable[[int], None] | None = None,
) -> Listing:
    """Walk ``root`` to its end; ``found`` is told now and then how many files there are so far.

    An exception of ``found`` ends the walk. See ``walk`` for the rest.
    """
    listing = Listing(Path(root))
    for number, _ in listing.filled_from(walk(root, options, environment)):
        if found and number % REPORT_EVERY == 0:
            found(number)
    return listing


def relisted(listing: Listing, options: WalkOptions, changed: Collection[str]) -> None:
    """Bring a folder's listing up to date, of which these folders (paths from the root) have changed: only
    they and what is new in them are looked through. ReadError if the root cannot be."""
    if not changed:
        return
    known = {""}
    for file in listing.files:
        folder = file.path.rpartition("/")[0]
        while folder not in known:
            known.add(folder)
            folder = folder.rpartition("/")[0]
    walked = list(walk_again(listing.root, options, changed, known))
    inside = {found.folder: set(folders) for found, folders in walked}

    @cache
    def there(folder: str) -> bool:
        """Whether a folder still belongs to the tree."""
        above = folder.rpartition("/")[0]
        return not folder or (there(above) and (above not in inside or folder in inside[above]))

    def stays(path: str) -> bool:
        folder = path.rpartition("/")[0]
        return folder not in inside and there(folder)

    files = [file for file in listing.files if stays(file.path)]
    listing.left_out[:] = [gone for gone in listing.left_out if stays(gone.path)]
    for found, _ in walked:
        files += found.files
        listing.left_out += found.left_out
        listing.problems += found.problems
    listing.files[:] = sorted(files, key=lambda file: _place(file.path))


def _place(path: str) -> list[tuple[bool, bytes]]:
    """In the order of a walk: the files of a folder before its subfolders, names in byte order."""
    *folders, name = os.fsencode(path).split(b"/")
    return [*((True, folder) for folder in folders), (False, name)]


def named_file(path: str | Path) -> Listing:
    """A file that the user named, included whatever an ignore file says; where it is a link, what that leads
    to. ``ReadError`` if it is not there or not a regular file."""
    named = Path(path)
    status = file_status(named)
    file = named.resolve() if named.is_symlink() else named
    return Listing(file.parent, [FoundFile(file.name, status.st_size, status.st_mtime_ns)])


def without_repeats(listings: Sequence[Listing]) -> None:
    """Leave each file to the first of the listings that hold it, where one root lies in another."""
    absolute = [listing.root.absolute() for listing in listings]
    for later in range(1, len(listings)):
        for earlier in range(later):
            above, below = absolute[earlier], absolute[later]
            if above in (below, *below.parents) or below in above.parents:
                known = {absolute[earlier] / file.path for file in listings[earlier].files}
                kept = [file for file in listings[later].files if absolute[later] / file.path not in known]
                listings[later].files[:] = kept
