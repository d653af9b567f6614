"""One scan under way: walk, load the tokenizers, count slice by slice; all of it in the worker process."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import FileState
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import CountPlan
from tokviz.documents.decoding import FOUND_OUT
from tokviz.documents.tree.reading import BATCH
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import clause, ngettext
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_counting import CountFiles
from tokviz.worker.codebase_finding import FindFiles, FoundTree, Walking
from tokviz.worker.jobs import Job, LoadTokenizer

_SLICE_TIME = 0.4
"""Seconds of work that one request asks for: what other requests to the worker may have to wait."""
_FIRST_SLICE, _LARGEST_SLICE = 1 << 20, 8 * BATCH
"""Bytes on the disk."""
_MOST_FILES = 4000
_IN_FLIGHT = 2
"""Slices under way at once: the worker never waits for the window."""
_MOST_MISSING = 0.5
"""Where more than this share of a slice is not kept of earlier runs, tokenizers are loaded at once. Else what
is kept is looked up for all files first."""
_SMOOTHING = 0.3
"""How much the newest slice changes the rate."""


class Stage(Enum):
    """How far a scan has come."""

    IDLE = "idle"
    WALKING = "walking"
    LOADING = "loading"
    COUNTING = "counting"


@dataclass(slots=True)
class Progress:
    """What is done and what is to do. Bytes are those on the disk."""

    stage: Stage = Stage.IDLE
    files: int = 0
    all_files: int = 0
    bytes: int = 0
    all_bytes: int = 0
    rate: float = 0.0
    """Bytes a second; 0 until it is known."""
    loading: str = ""
    """The tokenizer that is being loaded."""

    @property
    def seconds_left(self) -> float | None:
        """None until the rate is known."""
        return (self.all_bytes - self.bytes) / self.rate if self.rate else None


class Scan(QObject):
    """Drives one scan at a time; a new one ends the one before."""

    previewed = Signal(object)
    """A part of the tree (TokenTree), while the walk goes on."""
    found = Signal(object)
    """The whole tree (FoundTree)."""
    ready = Signal(object)
    """The CountPlan with those tokenizers and estimators that could be loaded."""
    counted = Signal(object)
    """The metrics of some files (CountedBatch)."""
    progressed = Signal()
    ended = Signal()
    """Nothing is under way any more; how far it came says ``progress``."""
    problem = Signal(str)
    begun = Signal()
    """A scan of everything begins: what was told of the last one is over."""

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self.progress = Progress()
        self._tickets: set[int] = set()
        self._plan = CountPlan(())
        self._reading = FOUND_OUT
        self._tree: FoundTree | None = None
        self._queue: NDArray[np.int64] = np.zeros(0, np.int64)
        self._next = 0
        self._done: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._only_kept = False
        """Counts of earlier runs are looked up; tokenizers are loaded afterwards, if they are needed."""
        self._missing: list[NDArray[np.int64]] = []
        """Files of which none are kept."""
        self._slice = float(_FIRST_SLICE)
        self._last_done = 0.0

    @property
    def under_way(self) -> bool:
        """Whether a scan is under way."""
        return self.progress.stage is not Stage.IDLE

    def start(
        self,
        paths: Sequence[Path],
        options: WalkOptions,
        plan: CountPlan,
        before: FoundTree | None,
        changed: frozenset[str] = frozenset(),
    ) -> None:
        """Find the files under ``paths`` and count them by ``plan``; see ``FindFiles``."""
        self.stop()
        if not changed:
            self.begun.emit()
        self._plan = plan
        self.progress = Progress(Stage.WALKING)
        job = FindFiles(tuple(paths), options, plan.columns, before, changed)
        self._submit(job, self._walked, self._walking)
        self.progressed.emit()

    def stop(self) -> bool:
        """End what is under way; False if nothing is."""
        if not self.under_way:
            return False
        for ticket in self._tickets:
            self._worker.cancel(ticket)
        self._tickets.clear()
        self._end()
        return True

    def _submit(
        self,
        job: Job,
        done: Callable[[Any], None],
        progress: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        def over(call: Callable[[Any], None], value: object) -> None:
            self._tickets.discard(ticket)
            call(value)

        ticket = self._worker.submit(job, partial(over, done), partial(over, failed or self._fail), progress)
        self._tickets.add(ticket)

    def _fail(self, sentence: str) -> None:
        self.problem.emit(sentence)
        self._end()

    def _end(self) -> None:
        self.progress.stage = Stage.IDLE
        self._tree = None
        self.ended.emit()

    # -- walking ---------------------------------------------------------------------------------------

    def _walking(self, walking: Walking) -> None:
        self.progress.all_files = walking.files
        if walking.preview is not None:
            self.previewed.emit(walking.preview)
        self.progressed.emit()

    def _walked(self, found: FoundTree) -> None:
        self._tree, self._reading = found, found.reading
        tree = found.tree
        waiting = tree.states == FileState.WAITING
        # What the user has excluded is counted too, but last.
        self._queue = np.concatenate(
            [np.flatnonzero(waiting & tree.included), np.flatnonzero(waiting & ~tree.included)]
        )
        self.progress = Progress(
            Stage.LOADING,
            files=len(tree.sizes) - len(self._queue),
            all_files=len(tree.sizes),
            bytes=int(tree.sizes[~waiting].sum()),
            all_bytes=int(tree.sizes.sum()),
        )
        self.found.emit(found)
        for sentence in found.problems:
            self.problem.emit(sentence)
        if self._tree is not found:  # whoever was told has stopped it, or begun another
            return
        self._done = np.zeros(self.progress.all_files, np.bool_)
        self._missing = []
        self._begin_counting(only_kept=True)

    # -- loading ---------------------------------------------------------------------------------------

    def _load(self, number: int) -> None:
        """Load the tokenizers one by one, so that other requests get their turn in between."""
        if number == len(self._plan.names):
            self.ready.emit(self._plan)
            self._begin_counting(only_kept=False)
            return
        name = self._plan.names[number]
        self.progress.loading = name
        self.progressed.emit()
        self._submit(
            LoadTokenizer(name), lambda _: self._load(number + 1), failed=partial(self._without, number)
        )

    def _without(self, number: int, sentence: str) -> None:
        """Go on without a tokenizer that cannot be used."""
        self.problem.emit(sentence)
        names = self._plan.names
        self._plan = replace(self._plan, names=names[:number] + names[number + 1 :])
        self._load(number)

    # -- counting --------------------------------------------------------------------------------------

    def _begin_counting(self, only_kept: bool) -> None:
        self._only_kept = only_kept
        self.progress.stage = Stage.COUNTING
        self.progress.rate = 0.0
        self._next = 0
        self._slice = float(_FIRST_SLICE)
        self._last_done = time.monotonic()
        self._fill()

    def _fill(self) -> None:
        """Ask for slices until enough are under way; go on when all are done."""
        while len(self._tickets) < _IN_FLIGHT and self._next < len(self._queue):
            numbers = self._next_slice()
            job = self._count_job(numbers)
            self._submit(job, partial(self._counted, numbers), self._batch, partial(self._give_up, numbers))
        if not self._tickets:
            if self._only_kept and self._missing:
                self._count_missing()
            else:
                if self._only_kept:
                    self.ready.emit(self._plan)
                self._end()

    def _count_missing(self) -> None:
        """Load the tokenizers, and count what is not kept, in the order of the queue."""
        missing = np.concatenate(self._missing)
        place = np.empty(self.progress.all_files, np.int64)
        place[self._queue] = np.arange(len(self._queue))
        self._queue = missing[np.argsort(place[missing])]
        self._missing = []
        self.progress.stage = Stage.LOADING
        self._load(0)

    def _next_slice(self) -> NDArray[np.int64]:
        """The next files of one root, about ``_SLICE_TIME`` of work."""
        assert self._tree is not None
        shape = self._tree.tree.shape
        ahead = self._queue[self._next : self._next + _MOST_FILES]
        ahead = ahead[ahead < shape.end_files[shape.root_nodes[shape.root(int(shape.file_nodes[ahead[0]]))]]]
        # Included ones stand in order before those excluded: a slice ends where the numbers fall.
        falls = np.flatnonzero(np.diff(ahead) < 0)
        ahead = ahead[: int(falls[0]) + 1] if len(falls) else ahead
        sizes = np.cumsum(self._tree.tree.sizes[ahead])
        taken: NDArray[np.int64] = ahead[
            : max(1, int(np.searchsorted(sizes, int(self._slice), side="right")))
        ]
        self._next += len(taken)
        return taken

    def _count_job(self, numbers: NDArray[np.int64]) -> CountFiles:
        assert self._tree is not None
        tree = self._tree.tree
        shape = tree.shape
        paths = file_paths(shape, numbers)
        return CountFiles(
            root=self._tree.roots[shape.root(int(shape.file_nodes[numbers[0]]))],
            files=tuple(zip(numbers.tolist(), paths, tree.sizes[numbers].tolist(), strict=True)),
            plan=self._plan,
            reading=self._reading,
            batch=min(max(_FIRST_SLICE, int(self._slice) // 4), BATCH),
            only_kept=self._only_kept,
        )

    def _batch(self, batch: CountedBatch) -> None:
        assert self._tree is not None
        done = np.concatenate([batch.numbers, np.array([n for n, _ in batch.left_out], np.int64)])
        # A replaced worker starts its slice again.
        done = done[~self._done[done]]
        self._done[done] = True
        self.progress.files += len(done)
        self.progress.bytes += int(self._tree.tree.sizes[done].sum())
        self.counted.emit(batch)
        self.progressed.emit()

    def _counted(self, numbers: NDArray[np.int64], missing: NDArray[np.int64]) -> None:
        assert self._tree is not None
        if len(missing):
            self._missing.append(missing)
            sizes = self._tree.tree.sizes
            if sizes[missing].sum() > _MOST_MISSING * sizes[numbers].sum():
                self._missing.append(self._queue[self._next :])
                self._next = len(self._queue)
        now = time.monotonic()
        took, self._last_done = max(now - self._last_done, 1e-3), now
        size = int(self._tree.tree.sizes[numbers].sum())
        rate = size / took
        smoothed = self.progress.rate + _SMOOTHING * (rate - self.progress.rate)
        self.progress.rate = smoothed if self.progress.rate else rate
        wanted = min(self.progress.rate * _SLICE_TIME, 2 * self._slice)
        self._slice = min(max(wanted, _FIRST_SLICE), _LARGEST_SLICE)
        self.progressed.emit()
        self._fill()

    def _give_up(self, numbers: NDArray[np.int64], sentence: str) -> None:
        """Go on without some files, which stay estimated."""
        self.problem.emit(
            ngettext(
                "{problem}; {n} file could not be counted.",
                "{problem}; {n} files could not be counted.",
                len(numbers),
                problem=clause(sentence),
            )
        )
        self._fill()


def file_paths(shape: TreeShape, numbers: NDArray[np.int64]) -> list[str]:
    """The paths of files, from their roots. Those of a folder stand together, so its own is put together once
    for all of them."""
    nodes = shape.file_nodes[numbers]
    paths: list[str] = []
    folder, inside = -1, ""
    for node, parent in zip(nodes.tolist(), shape.parents[nodes].tolist(), strict=True):
        if parent != folder:
            folder, above = parent, shape.path(parent)
            inside = f"{above}/" if above else ""
        paths.append(inside + shape.names[node])
    return paths
