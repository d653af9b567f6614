"""Where the chosen tokenizer's normalization changes a text: found by the worker, chunk by chunk, and again
where the text is edited."""

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.tokenization.normalization import Form
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.tokens.chunk_values import ChunkValues
from tokviz.ui.tokens.request_pump import Submitter
from tokviz.worker.jobs import Job
from tokviz.worker.text_jobs import NORMALIZATION_CHANGES, FindNormalizationChanges

_PAUSE = 60
"""Milliseconds without an edit after which the edited chunks are looked through again."""
_REFRESH = 100
"""Least milliseconds between two announcements while chunks stream in."""

Ranges = NDArray[np.uint32]


class NormalizationChanges(QObject):
    """The ranges (bytes) of one buffer's text that a normalization reads as something else."""

    changed = Signal()
    """Other ranges are known now."""
    failed = Signal(str)

    def __init__(self, buffer: TextBuffer, worker: Submitter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buffer = buffer
        self._form: Form | None = None
        # Across a split point that is safe for every tokenizer no normalization joins anything.
        self._chunks = ChunkValues(buffer, worker, SafeSplitRule.common(), [], self._job, self)
        self._chunks.delivered.connect(self._delivered)
        self._chunks.failed.connect(self.failed)
        self._placed: tuple[list[int], list[Ranges]] | None = None
        self._pause = Debouncer(self._chunks.fill, _PAUSE, self)
        self._refresh = Debouncer(self.changed.emit, _REFRESH, self)
        buffer.follow(Phase.DERIVED, self._apply)

    @property
    def form(self) -> Form | None:
        """The normalization whose changes are looked for; None: none."""
        return self._form

    def choose(self, form: Form | None) -> None:
        """Look for the changes of another normalization."""
        if form != self._form:
            self._form = form
            self._chunks.map.names[:] = [NORMALIZATION_CHANGES] if form else []
            self._chunks.restart()
            self._placed = None
            self._pause.restart()
            self.changed.emit()

    @property
    def size(self) -> int:
        """Bytes of the text."""
        return len(self._buffer)

    @property
    def complete(self) -> bool:
        """Whether the whole text was looked through as it is now."""
        return self._form is not None and self._chunks.map.complete

    @property
    def count(self) -> int:
        """How many ranges are known."""
        return sum(len(ranges) for ranges in self._index()[1])

    def ranges_in(self, start: int, end: int) -> list[tuple[int, int]]:
        """Start and end of the known ranges that hold any of these bytes."""
        bases, chunks = self._index()
        found: list[tuple[int, int]] = []
        for number in range(max(bisect_right(bases, start) - 1, 0), len(bases)):
            base, ranges = bases[number], chunks[number]
            if base >= end:
                break
            low = int(np.searchsorted(ranges[:, 1], max(start - base, 0), side="right"))
            high = int(np.searchsorted(ranges[:, 0], end - base, side="left"))
            found += [(base + first, base + last) for first, last in ranges[low:high].tolist()]
        return found

    def following(self, offset: int) -> tuple[int, int] | None:
        """The first known range that begins at or after ``offset``, else the first of all."""
        bases, chunks = self._index()
        for base, ranges in zip(bases, chunks, strict=True):
            at = int(np.searchsorted(ranges[:, 0], max(offset - base, 0), side="left"))
            if at < len(ranges):
                return _placed(base, ranges[at])
        return self.following(0) if offset > 0 else None

    def preceding(self, offset: int) -> tuple[int, int] | None:
        """The last known range that begins before ``offset``, else the last of all."""
        bases, chunks = self._index()
        for base, ranges in zip(reversed(bases), reversed(chunks), strict=True):
            at = int(np.searchsorted(ranges[:, 0], max(offset - base, 0), side="left"))
            if at:
                return _placed(base, ranges[at - 1])
        size = len(self._buffer) + 1
        return self.preceding(size) if offset < size else None

    def _index(self) -> tuple[list[int], list[Ranges]]:
        """Where the chunks that were looked through begin, and their ranges."""
        if self._placed is None:
            known = [
                (base, ranges)
                for base, ranges in self._chunks.map.placed(NORMALIZATION_CHANGES)
                if len(ranges)
            ]
            self._placed = [base for base, _ in known], [ranges for _, ranges in known]
        return self._placed

    def _apply(self, change: Change) -> None:
        if self._form is not None:  # else the chunks begin anew once there is one
            self._chunks.apply(change)
            self._placed = None
            self._pause.restart()
            self._refresh.request()

    def _job(self, _: tuple[str, ...], data: bytes, opens: bool) -> Job:
        assert self._form is not None  # nothing is wanted without one
        return FindNormalizationChanges(self._form, data)

    def _delivered(self) -> None:
        self._chunks.fill()
        self._placed = None
        self._refresh.request()


def _placed(base: int, changed: NDArray[np.uint32]) -> tuple[int, int]:
    return base + int(changed[0]), base + int(changed[1])
