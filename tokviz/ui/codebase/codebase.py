"""The codebase that is open: its tree, what the user has excluded, and the scan that fills it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.codebase.glob_budgets import GlobBudget, glob_budgets
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.shortened_counts import ShortenedCounts
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_counts import selection_counts
from tokviz.analysis.codebase.tree_images import TreeImages
from tokviz.analysis.count_plan import CountPlan
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.project_file import ProjectFile
from tokviz.documents.tree.walking import WalkOptions
from tokviz.tokenization.memory import FreedMemory
from tokviz.tokens import Count
from tokviz.ui.codebase.left_out_files import LeftOutFiles
from tokviz.ui.codebase.scan import Scan
from tokviz.ui.codebase.tree_metrics import FileNotes
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_finding import FoundTree, uncounted

_TICK = 100
"""Least milliseconds between two updates while metrics stream in."""
_TICK_SHARE = 6
"""An update may take at most one in so many parts of the time: on a large tree they come more seldom."""
_MOST_UNDO = 100


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What the user decides on, as one value to go back to."""

    included: NDArray[np.bool_]
    wanted: NDArray[np.uint8]


class Codebase(QObject):
    """Owns the token tree. Everything on the page reads it from here."""

    opened = Signal()
    """Another tree is open: node numbers of the last one mean nothing in it."""
    metrics_changed = Signal()
    """The same tree with other metrics: the scan has come further."""
    selection_changed = Signal()
    """The same tree with other files taking part, or shortened otherwise: the user's doing."""
    shortening_changed = Signal()
    """What is to be shortened is another choice."""
    left_out_changed = Signal()
    ended = Signal()

    def __init__(self, worker: Worker, names: Sequence[str], parent: QObject | None = None) -> None:
        """``names``: the tokenizers and estimators that count."""
        super().__init__(parent)
        self.plan_of: Callable[[tuple[str, ...]], CountPlan] = CountPlan
        """How some tokenizers and estimators count."""
        self._whole_plan = CountPlan(tuple(names))
        self.plan = self._planned = self._whole_plan
        """How the tree is counted: with the tokenizers that could be loaded."""
        self.tree: TokenTree | None = None
        """With the counts of the files as they are chosen to be."""
        self.whole: TokenTree | None = None
        """With the counts of whole files."""
        self.wanted: NDArray[np.uint8] = np.zeros(0, np.uint8)
        """What is to make each file shorter: a mask of ``shortened_counts``, ``uint8[m]``."""
        self.measured: ShortenedCounts | None = None
        """What that counts; None: not known yet, and the tree has whole files."""
        self.notes = FileNotes(0)
        self.roots: tuple[Path, ...] = ()
        self.options = WalkOptions()
        self.scan = Scan(worker, self)
        self.paths: tuple[Path, ...] = ()
        """What was opened."""
        self._found: FoundTree | None = None
        self.left_out = LeftOutFiles()
        self.measuring_images = False
        """Whether images are to be counted that are not counted yet."""
        self._undo: list[_Choice] = []
        self._redo: list[_Choice] = []
        self._arrived: list[CountedBatch] = []
        self._tick = Debouncer(self._apply_arrived, _TICK, self)
        self._show = Debouncer(self._show_metrics, 0, self)
        self._took = 0.0
        """Seconds that the last batches took to get into the tree."""
        self._freed = FreedMemory()  # of the arrays that each new version of the tree needs
        self._connect()

    def _connect(self) -> None:
        self.scan.previewed.connect(self._preview)
        self.scan.found.connect(self._show_found)
        self.scan.ready.connect(self._keep_only)
        self.scan.counted.connect(self._collect)
        self.scan.ended.connect(self._end)

    # -- opening and scanning --------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        """Whether every file is found and counted."""
        return self._found is not None and self.tree is not None and not self.tree.waiting

    def open(self, paths: Sequence[Path], options: WalkOptions, names: Sequence[str] = ()) -> None:
        """Find and count everything under ``paths``; what was open is forgotten. ``names``: the tokenizers
        and estimators that count, if they are to be others."""
        self.scan.stop()
        if names:
            self._whole_plan = self.plan_of(tuple(dict.fromkeys(names)))
        self.paths, self.options = tuple(paths), options
        self._found = None
        self._forget(None)
        self.plan = self._whole_plan
        self._start(self.plan, None)

    def rescan(self, options: WalkOptions) -> None:
        """Look again: what did not change is not read again, and what is excluded stays excluded."""
        if not self.paths:
            return
        self.scan.stop()
        before = self._known()
        self.options = options
        self._start(self.plan if before else self._whole_plan, before)

    def look_again(self, options: WalkOptions, changed: frozenset[str]) -> None:
        """Look through these folders (absolute paths) and read what changed in them; through everything, if
        the options are others now."""
        known = self._known()
        if options != self.options or known is None or self._found is None:
            self.rescan(options)
        else:
            self.scan.stop()
            self._start(self.plan, replace(known, left_out=self._found.left_out), changed)

    def count_with(self, names: Sequence[str]) -> None:
        """Count what is open with these tokenizers and estimators too. If one of them is not among those that
        count it, all of it is counted again; what is excluded stays excluded."""
        missing = [name for name in names if name not in self.asked]
        if missing and self.paths:
            self._whole_plan = self.plan_of((*self.asked, *missing))
            self.scan.stop()
            before = self._known()
            columns = self._whole_plan.columns
            self._start(self._whole_plan, uncounted(before, columns) if before else None)

    @property
    def asked(self) -> tuple[str, ...]:
        """The tokenizers and estimators that count, or will."""
        return self._whole_plan.names

    def _start(
        self, plan: CountPlan, before: FoundTree | None, changed: frozenset[str] = frozenset()
    ) -> None:
        self._planned = plan
        self.scan.start(self.paths, self.options, plan, before, changed)

    def stop(self) -> bool:
        """End the scan and keep what is counted; False if there is none."""
        return self.scan.stop()

    def _known(self) -> FoundTree | None:
        if self._found is None or self.whole is None:
            return None
        return replace(self._found, tree=self.whole, left_out=(), problems=())

    @property
    def reading(self) -> ReadOptions:
        """How the files became text that are open."""
        return self._found.reading if self._found else self.options.reading

    @property
    def project(self) -> ProjectFile | None:
        """What was applied of the folder's own choices."""
        return self._found.project if self._found else None

    @property
    def kept_by_project(self) -> NDArray[np.bool_] | None:
        """Which files the project says are to stay (``bool[m]``); None if it says so of none."""
        if self._found is None or self._found.project is None or not self._found.project.keep:
            return None
        kept = [self._found.matched[pattern] for pattern in self._found.project.keep]
        flags: NDArray[np.bool_] = np.logical_or.reduce(kept)
        return flags

    def budgets(self) -> list[GlobBudget]:
        """What the patterns come to that the project gives a budget, by the first tokenizer; none while files
        wait to be counted."""
        project = self.project
        if project is None or self._found is None or self.tree is None or not self.complete:
            return []
        decoder = next(iter(self.plan.decoders.values()), None)
        return glob_budgets(self.tree, project.budgets, self._found.matched, decoder) if decoder else []

    # -- what takes part -------------------------------------------------------------------------------

    def set_nodes_included(
        self, nodes: Sequence[int], included: bool, among: NDArray[np.bool_] | None = None
    ) -> None:
        """Include or exclude all files under ``nodes``; ``among`` (``bool[m]``) limits which."""
        if self.tree is None:
            return
        flags = self.tree.with_included(nodes, included).included
        self.set_included(flags if among is None else np.where(among, flags, self.tree.included))

    def set_included(self, flags: NDArray[np.bool_]) -> None:
        """Have exactly these files (``bool[m]``) take part."""
        self.choose(flags, self.wanted)

    def set_wanted(self, wanted: NDArray[np.uint8]) -> None:
        """Have the files shortened so: a mask for each, ``uint8[m]``."""
        if self.tree is not None:
            self.choose(self.tree.included, wanted)

    def tree_with(self, flags: NDArray[np.bool_], wanted: NDArray[np.uint8]) -> TokenTree:
        """The tree as ``choose`` would make it."""
        assert self.whole is not None
        tree = self.whole.with_flags(flags)
        return self.measured.shorten(tree, wanted) if self.measured is not None and wanted.any() else tree

    def recall_wanted(self, wanted: NDArray[np.uint8]) -> None:
        """Have the files shortened as they were the last time; it is no change to take back."""
        self.wanted = wanted

    def set_measured(self, found: ShortenedCounts) -> None:
        """Now it is known what shortened files count."""
        self.measured = found
        self._shorten()
        self.selection_changed.emit()

    def choose(self, flags: NDArray[np.bool_], wanted: NDArray[np.uint8]) -> None:
        """Have exactly these files take part, shortened so, as one change."""
        if self.tree is None:
            return
        before = _Choice(self.tree.included, self.wanted)
        if np.array_equal(flags, before.included) and np.array_equal(wanted, before.wanted):
            return
        self._undo = [*self._undo, before][-_MOST_UNDO:]
        self._redo.clear()
        self._apply(_Choice(flags, wanted))

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of what takes part to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is one to do again."""
        return bool(self._redo)

    def undo(self) -> None:
        """Take the last change of what takes part back."""
        if self._undo and self.tree is not None:
            self._redo.append(_Choice(self.tree.included, self.wanted))
            self._apply(self._undo.pop())

    def redo(self) -> None:
        """Do it again."""
        if self._redo and self.tree is not None:
            self._undo.append(_Choice(self.tree.included, self.wanted))
            self._apply(self._redo.pop())

    def counts(self) -> dict[str, Count]:
        """Tokens of what takes part by name: estimates while files wait, none while some are to be found."""
        return selection_counts(self.tree, self.plan) if self.tree is not None and self._found else {}

    def _apply(self, choice: "_Choice") -> None:
        assert self.tree is not None and self.whole is not None
        self.whole = self.whole.with_flags(choice.included)
        self.tree = self.tree.with_flags(choice.included)
        if choice.wanted is not self.wanted:
            self.wanted = choice.wanted
            self._shorten()
            self.shortening_changed.emit()
        self.selection_changed.emit()

    def _shorten(self) -> None:
        """Show the counts of the files as they are chosen to be, as far as they are known."""
        if self.whole is not None:
            self.tree = self.tree_with(self.whole.included, self.wanted)

    # -- images ----------------------------------------------------------------------------------------

    @property
    def images(self) -> TreeImages | None:
        """The files that are counted as images; None: none are."""
        return self.left_out.images

    def set_images(self, images: TreeImages | None) -> None:
        """Count these files as images from now on."""
        others = images is not None or self.images is not None or self.measuring_images
        self.measuring_images = False
        if others:
            self.left_out.images = images
            self.left_out_changed.emit()
            self.metrics_changed.emit()

    # -- what the scan brings --------------------------------------------------------------------------

    def _preview(self, tree: TokenTree) -> None:
        # On a rescan the tree that is there says more than a part of the new one.
        if self._found is None:
            self._show_whole(tree)
            self.opened.emit()

    def _show_found(self, found: FoundTree) -> None:
        left_out, notes = self.left_out, self.notes
        steps = [[_moved(choice, found) for choice in choices] for choices in (self._undo, self._redo)]
        self.plan = self._planned
        self._forget(found.tree)
        self._undo, self._redo = steps if len(found.kept) else ([], [])
        self.notes.keep(notes, found.kept)
        self._found, self.roots = found, found.roots
        self.left_out = LeftOutFiles(found, left_out)
        self.opened.emit()
        self.left_out_changed.emit()
        self._freed.give_back()

    def _forget(self, tree: TokenTree | None) -> None:
        self._show_whole(tree)
        self.notes = FileNotes(len(tree.sizes) if tree is not None else 0)
        self._arrived.clear()
        self._tick.cancel()
        self._show.cancel()
        self._undo.clear()
        self._redo.clear()
        self.left_out = LeftOutFiles()
        if tree is None:
            self.roots = ()
            self.opened.emit()
            self.left_out_changed.emit()

    def _keep_only(self, plan: CountPlan) -> None:
        if plan != self.plan and self.tree is not None and self._found is not None:
            self.plan = plan
            wanted = self.wanted
            self._show_whole(self.tree.narrowed(plan.columns))
            self.wanted = wanted
            self.opened.emit()

    def _show_whole(self, tree: TokenTree | None) -> None:
        """Show a tree of which nothing is known to be shortened."""
        self.whole = self.tree = tree
        self.measured = None
        self.wanted = np.zeros(len(tree.sizes) if tree is not None else 0, np.uint8)

    def _collect(self, batch: CountedBatch) -> None:
        self._arrived.append(batch)
        self._tick.request()

    def _apply_arrived(self) -> None:
        """Put what has arrived into the tree. It is shown in the next turn of the event loop: on a large tree
        each of the two takes its time."""
        if not self._arrived or self.whole is None:
            return
        begun = time.monotonic()
        self.whole = self.tree = self.whole.with_counts(self._arrived)
        self.notes.add(self._arrived)
        gone = self.left_out.add(self._arrived)
        self._arrived.clear()
        if gone:
            self.left_out_changed.emit()
        self._took = time.monotonic() - begun
        self._show.restart()

    def _show_metrics(self) -> None:
        begun = time.monotonic()
        self.metrics_changed.emit()
        took = self._took + time.monotonic() - begun
        self._tick.delay = max(_TICK, int(took * 1000 * _TICK_SHARE))
        self._freed.give_back()

    def _end(self) -> None:
        self._tick.cancel()
        self._apply_arrived()
        self._show.flush()
        self.ended.emit()


def _moved(choice: _Choice, found: FoundTree) -> _Choice:
    """An earlier choice for the files that are there now: what is new takes part as it does now."""
    included, wanted = found.tree.included.copy(), np.zeros(len(found.tree.sizes), np.uint8)
    then, now = found.kept.T
    included[now], wanted[now] = choice.included[then], choice.wanted[then]
    return _Choice(included, wanted)
