"""What of the open codebase can be made smaller: measured in the worker, and what is chosen of it."""

import time
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.codebase.shortened_counts import (
    MASKS,
    Saving,
    ShortenedBatch,
    ShortenedCounts,
    bit_of,
    mask_of,
    savings,
)
from tokviz.analysis.codebase.token_tree import FileState, TokenTree
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.formatting import percent
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.language import clause, ngettext
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.scan import file_paths
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_shortening import CountShortened

UNASKED = 16_000_000
"""Bytes on the disk up to which a plan waits for it, and has it measured without being asked for."""
WHILE_SHOWN = 32_000_000
"""Bytes on the disk up to which it is measured unasked while a plan without it is shown: some half a minute,
as much as the command line takes for it."""
_SLICE_TIME = 0.4
"""Seconds of work that one request asks for: what other requests to the worker may have to wait."""
_FIRST_SLICE, _MOST_SLICE = 1 << 16, 1 << 23
"""Bytes on the disk."""
_PATHS, _MASKS = "codebase/shortened", "codebase/shortened_ways"
_MOST = 200
"""So many choices are remembered, the latest first."""


class Shortenings(QObject):
    """Measures once, at the first asking, and again where the tree is another; choices are the codebase's."""

    changed = Signal()
    """It has come further, has ended, or is to be done again."""
    problem = Signal(str)

    def __init__(
        self, codebase: Codebase, worker: Worker, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._codebase = codebase
        self._worker = worker
        self._settings = settings
        self._shape: TreeShape | None = None
        self._plan = CountPlan(())
        self._queue: list[int] = []
        self._ticket: int | None = None
        self._batches: list[ShortenedBatch] = []
        self._slice, self._begun = float(_FIRST_SLICE), 0.0
        self._wanted = False
        """Whether it is to be measured as soon as the scan has ended."""
        self._quiet = False
        """Whether nobody waits for it."""
        self.declined = False
        """Whether the user has ended it for the tree that is open."""
        self._done = self._all = 0
        """Bytes on the disk that are measured, and of all files."""
        codebase.opened.connect(self._see_tree)
        codebase.ended.connect(self._go_on)
        codebase.shortening_changed.connect(self._remember)

    # -- measuring -------------------------------------------------------------------------------------

    @property
    def under_way(self) -> bool:
        """Whether it is being measured."""
        return self._ticket is not None

    @property
    def share_done(self) -> str:
        """How much of it is measured, in percent; empty while there is nothing."""
        return percent(self._done / self._all) if self._all else ""

    @property
    def measured(self) -> bool:
        """Whether it is known what can be made smaller."""
        return self._codebase.measured is not None

    @property
    def expected(self) -> bool:
        """Whether it is worth waiting for: the tree is small, or it was begun because somebody asked."""
        asked = self.under_way and not self._quiet
        return not self.measured and not self.declined and (self._size <= UNASKED or asked)

    @property
    def _size(self) -> int:
        tree = self._codebase.tree
        return 0 if tree is None else int(tree.sizes.sum())

    def measure(self) -> None:
        """Measure, unless it is done or under way; while files are still being counted, after that."""
        self._wanted, self.declined, self._quiet = True, False, False
        self._go_on()

    def measure_meanwhile(self) -> None:
        """Measure while a plan without it is shown, unless the tree is large or the user has ended it."""
        if self.measured or self.under_way or self.declined or self._size > WHILE_SHOWN:
            return
        self._wanted = self._quiet = True
        self._go_on()

    def stop(self) -> bool:
        """Measure no more, unless asked again; False if nothing was under way."""
        under_way = self.under_way
        self.declined = self.declined or under_way
        self._end()
        if under_way:
            self.changed.emit()
        return under_way

    def _end(self) -> None:
        self._wanted = False
        self._worker.cancel(self._ticket)
        self._ticket, self._batches = None, []

    def _see_tree(self) -> None:
        """Another tree is open, or the same one with other files or columns."""
        tree = self._codebase.tree
        shape = tree.shape if tree is not None else None
        if shape is not self._shape:
            self._shape = shape
            self.declined = False
            self._recall()
        wanted = self._wanted
        self._end()
        self._wanted = wanted and tree is not None
        self.changed.emit()

    def _go_on(self) -> None:
        codebase, tree = self._codebase, self._codebase.whole
        if codebase.wanted.any() and not self.declined:
            self._wanted = True
        if tree is None or not self._wanted or self.measured or self.under_way:
            return
        if codebase.scan.under_way or tree.waiting:
            return
        self._plan = codebase.plan
        self._queue = np.flatnonzero(tree.states == FileState.COUNTED).tolist()
        self._batches = []
        self._slice = float(_FIRST_SLICE)
        self._done, self._all = 0, int(tree.sizes[self._queue].sum())
        self._next()

    def _next(self) -> None:
        tree = self._codebase.whole
        assert tree is not None
        if not self._queue:
            self._ticket = None
            found = ShortenedCounts.of(self._batches, len(tree.columns))
            self._batches = []
            self._codebase.set_measured(found)
            self.changed.emit()
            return
        numbers = self._next_slice(tree)
        root = tree.shape.root(int(tree.shape.file_nodes[numbers[0]]))
        paths = file_paths(tree.shape, np.array(numbers, np.int64))
        job = CountShortened(
            self._codebase.roots[root],
            tuple(zip(numbers, paths, strict=True)),
            self._plan,
            self._codebase.reading,
        )
        self._begun = time.monotonic()
        size = int(tree.sizes[numbers].sum())
        self._ticket = self._worker.submit(
            job, partial(self._counted, size), partial(self._give_up, len(numbers), size), self._take
        )
        self.changed.emit()

    def _next_slice(self, tree: TokenTree) -> list[int]:
        """The next files of one root, about ``_SLICE_TIME`` of work."""
        shape = tree.shape
        end = shape.end_files[shape.root_nodes[shape.root(int(shape.file_nodes[self._queue[0]]))]]
        size, taken = 0, 0
        while taken < len(self._queue) and self._queue[taken] < end and (not taken or size < self._slice):
            size += int(tree.sizes[self._queue[taken]])
            taken += 1
        numbers, self._queue = self._queue[:taken], self._queue[taken:]
        return numbers

    def _take(self, batch: ShortenedBatch) -> None:
        self._batches.append(batch)

    def _counted(self, size: int, _: None) -> None:
        took = max(time.monotonic() - self._begun, 1e-3)
        self._done += size
        self._slice = min(max(_FIRST_SLICE, size / took * _SLICE_TIME), 2 * self._slice, _MOST_SLICE)
        self._next()

    def _give_up(self, files: int, size: int, sentence: str) -> None:
        """Go on without some files, which stay as they are."""
        self.problem.emit(
            ngettext(
                "{problem}; {n} file cannot be shortened.",
                "{problem}; {n} files cannot be shortened.",
                files,
                problem=clause(sentence),
            )
        )
        self._done += size
        self._next()

    # -- choosing --------------------------------------------------------------------------------------

    def savings(self, name: str, node: int = TOP) -> list[Saving]:
        """What each shortening saves in a node's files that take part, by one tokenizer or estimator; nothing
        while that is not measured."""
        tree, found = self._codebase.whole, self._codebase.measured
        if tree is None or found is None:
            return []
        plan = self._codebase.plan_of((name,))
        narrow = found.narrowed(tree.positions(plan.columns))
        return savings(tree.narrowed(plan.columns), narrow, self._codebase.wanted, plan, self._files(node))

    def kept(self, node: int = TOP) -> list[str]:
        """Why files of a node cannot be shortened in one of the ways, by path."""
        tree, found = self._codebase.whole, self._codebase.measured
        if tree is None or found is None:
            return []
        shape = tree.shape
        first, end = int(shape.first_files[node]), int(shape.end_files[node])
        inside = sorted(number for number in found.kept if first <= number < end)
        return [f"{shape.path(int(shape.file_nodes[number]))}: {found.kept[number]}" for number in inside]

    def choose(self, one: Shortening, on: bool, node: int = TOP) -> None:
        """Shorten a node's files so, or no longer."""
        bit = np.uint8(bit_of(one))
        wanted = self._codebase.wanted
        changed = wanted | bit if on else wanted & ~bit
        self._codebase.set_wanted(np.where(self._files(node), changed, wanted))

    def restore_all(self) -> None:
        """Shorten nothing any more."""
        self._codebase.set_wanted(np.zeros_like(self._codebase.wanted))

    def _files(self, node: int) -> NDArray[np.bool_]:
        tree = self._codebase.whole
        assert tree is not None
        files = np.zeros(len(tree.sizes), np.bool_)
        files[tree.shape.first_files[node] : tree.shape.end_files[node]] = True
        return files

    # -- remembering -----------------------------------------------------------------------------------

    def _remember(self) -> None:
        """Remember the choice: that of most files for the folder, and files with another one by name."""
        tree, wanted = self._codebase.whole, self._codebase.wanted
        if tree is None or not self._codebase.roots:
            return
        shape, roots = tree.shape, self._codebase.roots
        chosen: dict[Path, int] = {}
        for root, folder in zip(shape.root_nodes, roots, strict=True):
            first, end = int(shape.first_files[root]), int(shape.end_files[root])
            usual = int(np.bincount(wanted[first:end], minlength=1).argmax()) if end > first else 0
            chosen[folder.absolute()] = usual
            others = first + np.flatnonzero(wanted[first:end] != usual)
            for number in others[:_MOST].tolist():
                inside = shape.path(int(shape.file_nodes[number]))
                chosen[(folder / inside).absolute()] = int(wanted[number])
        here = [folder.absolute() for folder in roots]
        for path, mask in self._known().items():
            if path not in chosen and not any(folder in path.parents for folder in here):
                chosen[path] = mask
        project = self._codebase.project
        silent = set() if project and project.shorten else set(here)
        latest = [(path, mask) for path, mask in chosen.items() if mask or path not in silent][:_MOST]
        self._settings.set_paths(_PATHS, [path for path, _ in latest])
        self._settings.set(_MASKS, [mask for _, mask in latest])

    def _known(self) -> dict[Path, int]:
        paths, masks = self._settings.paths(_PATHS), self._settings.numbers(_MASKS, 0, MASKS - 1)
        return dict(zip(paths, masks, strict=True)) if len(paths) == len(masks) else {}

    def _recall(self) -> None:
        """Choose for a tree that was opened what was chosen for it the last time."""
        tree, roots, known = self._codebase.whole, self._codebase.roots, self._known()
        if tree is None or not roots:
            return
        project = self._codebase.project
        usual = mask_of(project.shorten) if project else 0
        wanted = np.zeros(len(tree.sizes), np.uint8)
        shape = tree.shape
        for number, (root, folder) in enumerate(zip(shape.root_nodes, roots, strict=True)):
            place = folder.absolute()
            wanted[shape.first_files[root] : shape.end_files[root]] = known.get(place, usual)
            for path, mask in known.items():
                inside = path.relative_to(place).as_posix() if place in path.parents else ""
                node = shape.find(inside, number) if inside else None
                if node is not None and shape.is_file[node]:
                    wanted[shape.first_files[node]] = mask
        self._codebase.recall_wanted(wanted)
