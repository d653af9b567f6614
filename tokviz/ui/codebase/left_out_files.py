"""What of the open codebase is not counted, and the images among it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import FileState
from tokviz.analysis.codebase.tree_images import TreeImages
from tokviz.documents.tree.walking import LeftOut, Reason
from tokviz.worker.codebase_finding import FoundTree


@dataclass(frozen=True, slots=True)
class LeftOutEntry:
    """Something that is not counted, and where it lies."""

    root: Path
    what: LeftOut


class LeftOutFiles:
    """What the walk left out, and the files that turned out to be no text when they were read."""

    def __init__(self, found: FoundTree | None = None, before: "LeftOutFiles | None" = None) -> None:
        """``before``: what was known of the tree before, of which files may have stayed the same."""
        self._found = found
        self._on_reading: dict[int, LeftOut] = {}
        """By the file's number."""
        self.images: TreeImages | None = None
        """Those of them that are counted by formula."""
        if found is None or before is None:
            return
        still = found.tree.states[found.kept[:, 1]] == FileState.LEFT_OUT
        numbers = dict(found.kept[still].tolist())
        gone = before._on_reading
        self._on_reading = {now: gone[then] for then, now in numbers.items() if then in gone}
        if before.images is not None:
            self.images = before.images.moved({then: now for then, now in numbers.items() if then in gone})

    def add(self, batches: Iterable[CountedBatch]) -> bool:
        """Note what turned out to be no text; whether anything did."""
        gone = {number: what for batch in batches for number, what in batch.left_out}
        self._on_reading |= gone
        return bool(gone)

    def binaries(self) -> dict[int, Path]:
        """Where the files lie that are no texts and may be images, by their numbers."""
        return {
            number: self._root(number) / gone.path
            for number, gone in self._on_reading.items()
            if gone.reason is Reason.BINARY
        }

    def entries(self) -> list[LeftOutEntry]:
        """Everything, in no particular order; but images that are counted."""
        if self._found is None:
            return []
        entries = [LeftOutEntry(self._found.roots[root], gone) for root, gone in self._found.left_out]
        images = frozenset(self.images.numbers.tolist()) if self.images else frozenset[int]()
        return entries + [
            LeftOutEntry(self._root(number), gone)
            for number, gone in self._on_reading.items()
            if number not in images
        ]

    def __len__(self) -> int:
        """How many entries there are."""
        of_walk = len(self._found.left_out) if self._found else 0
        return of_walk + len(self._on_reading) - (len(self.images.numbers) if self.images else 0)

    def _root(self, number: int) -> Path:
        assert self._found is not None
        shape = self._found.tree.shape
        return self._found.roots[shape.root(int(shape.file_nodes[number]))]
