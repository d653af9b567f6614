"""Adds up what the inputs of ``tokviz count`` hold: files, folders and standard input, by every tokenizer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.scan import Counter, MeasuredBatch, columns, count, measure
from tokviz.cli.console import Console
from tokviz.cli.inputs import STANDARD_INPUT, read_input, shown
from tokviz.documents.listing import Listing, list_folder, named_file, without_repeats
from tokviz.documents.reading import ReadError
from tokviz.documents.tree_reading import ReadAhead, TextBatch, read_files
from tokviz.documents.walking import LeftOut


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not counted."""

    path: str
    reason: str


@dataclass(slots=True)
class Tally:
    """What all inputs hold together."""

    columns: tuple[str, ...]
    """The names of ``figures``: see ``scan.columns``."""
    figures: NDArray[np.int64]
    """Their sums over all files: ``int64[len(columns)]``."""
    files: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """A sentence for each input that was named and could not be counted."""

    def __getitem__(self, column: str) -> int:
        """The sum of one column."""
        return int(self.figures[self.columns.index(column)])


class Inputs:
    """What the command names: files, folders and standard input, listed and not yet read."""

    def __init__(self, paths: Sequence[str], console: Console) -> None:
        """List ``paths``; where one holds another, its files count once."""
        self.failures: list[tuple[Skipped, str]] = []
        """What could not even be listed, with a sentence."""
        self._listed = [(path, listing) for path in dict.fromkeys(paths) if (listing := self._list(path))]
        without_repeats([listing for _, listing in self._listed])
        self._piped = self._read_piped(console) if STANDARD_INPUT in paths else None

    @property
    def size(self) -> int:
        """Bytes of all inputs as they lie there."""
        files = sum(file.size for _, listing in self._listed for file in listing.files)
        return files + (self._piped.size if self._piped else 0)

    def tally(self, counters: Sequence[Counter]) -> Tally:
        """Read everything once and count it with all ``counters``."""
        names = columns(counters)
        sums = Tally(names, np.zeros(len(names), np.int64))
        for skipped, sentence in self.failures:
            sums.skipped.append(skipped)
            sums.failed.append(sentence)
        if self._piped:
            _add(sums, STANDARD_INPUT, [measure(self._piped)], counters)
        for path, listing in self._listed:
            sums.skipped += [_skipped(path, gone) for gone in listing.left_out]
            batches = (measure(batch) for batch in read_files(listing.root, enumerate(listing.files)))
            with ReadAhead(batches) as ahead:
                _add(sums, path, ahead, counters)
        return sums

    def _list(self, path: str) -> Listing | None:
        if path == STANDARD_INPUT:
            return None
        try:
            return list_folder(path) if Path(path).is_dir() else named_file(path)
        except ReadError as error:
            self.failures.append((Skipped(path, error.reason), str(error)))
            return None

    def _read_piped(self, console: Console) -> TextBatch | None:
        try:
            text = read_input(STANDARD_INPUT, console)
        except ReadError as error:
            self.failures.append((Skipped(shown(STANDARD_INPUT), error.reason), str(error)))
            return None
        return TextBatch([0], [text.text], [text.encoding], [text.replaced], size=len(text.text))


def _add(sums: Tally, path: str, batches: Iterable[MeasuredBatch], counters: Sequence[Counter]) -> None:
    for counted in count(batches, counters):
        sums.files += len(counted.numbers)
        sums.figures += counted.figures.sum(axis=0)
        for _, gone in counted.left_out:
            sums.skipped.append(_skipped(path, gone))
            if not Path(path).is_dir():
                sums.failed.append(f"Cannot read {path}: {gone.describe()}.")


def _skipped(path: str, gone: LeftOut) -> Skipped:
    folder = Path(path)
    return Skipped(str(folder / gone.path if folder.is_dir() else folder), gone.describe())
