"""What a walk has found, gathered: the files of one root, and what is left out of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tokviz.documents.reading import file_status
from tokviz.documents.tree.walking import FolderListing, FoundFile, LeftOut, WalkOptions, walk

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
