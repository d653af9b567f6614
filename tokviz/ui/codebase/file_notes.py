"""What reading has found out about files beside their metrics: their encodings. No Qt here."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import formatting
from tokviz.analysis.codebase.scan import CountedBatch

_UNREAD = ""


class FileNotes:
    """The encodings of ``files`` files, a byte each."""

    def __init__(self, files: int) -> None:
        self._names = [_UNREAD]
        self._places = {_UNREAD: 0}
        self._encoding_of = np.zeros(files, np.uint8)
        self._replaced: dict[int, int] = {}

    def add(self, batches: Iterable[CountedBatch]) -> None:
        """Note what a scan has read."""
        for batch in batches:
            self._encoding_of[batch.numbers] = [self._place(name) for name in batch.encodings]
            for at in np.flatnonzero(batch.replaced).tolist():
                self._replaced[int(batch.numbers[at])] = int(batch.replaced[at])

    def keep(self, before: "FileNotes", pairs: NDArray[np.int64]) -> None:
        """Take over what is known of files that did not change, as (number before, number now)."""
        then, now = pairs.T
        places = np.array([self._place(name) for name in before._names], np.uint8)
        self._encoding_of[now] = places[before._encoding_of[then]]
        known = dict(zip(then.tolist(), now.tolist(), strict=True)) if before._replaced else {}
        self._replaced |= {known[old]: number for old, number in before._replaced.items() if old in known}

    def encoding(self, file: int) -> str:
        """A file's encoding; empty until it is read."""
        return self._names[int(self._encoding_of[file])]

    def describe(self, file: int) -> str:
        """The encoding, with what could not be decoded."""
        name, replaced = self.encoding(file), self._replaced.get(file, 0)
        if not replaced:
            return name
        return f"{name}, {formatting.quantity(replaced, 'character')} not decodable, counted as U+FFFD"

    def _place(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = len(self._names)
            self._names.append(name)
        return self._places[name]
