"""Making a codebase fit: what may be left out, what of it is, and the ignore file that says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.budget import Fit
from tokviz.analysis.codebase.file_kinds import FileKinds
from tokviz.analysis.codebase.suggestions import Suggestion, ignore_line, ignore_text
from tokviz.analysis.codebase.token_tree import Inclusion, TokenTree
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_choosing import plan_fit, rank_suggestions, save_plan, sort_files

_BY_HAND = "# taken out by hand"
_WRAPPING = 32
"""Tokens that packing adds to a file: its line in the tree, its heading, its fence."""
_REFRESH = 300
"""Milliseconds without a change after which suggestions are asked for again."""


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the plan at hand."""

    suggestion: Suggestion
    chosen: bool
    """Whether applying the plan takes this step."""


class FitPlan(QObject):
    """The suggestions for one tree and one model, worked out while somebody looks (``active``); and the plan
    at hand, worked out whenever the whole tree is counted and does not fit."""

    changed = Signal()
    """The suggestions, which of them are applied, or the plan at hand have changed."""
    problem = Signal(str)
    saved = Signal(object)
    """A ``.tokvizignore`` (Path) was written."""

    def __init__(self, codebase: Codebase, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._codebase = codebase
        self._worker = worker
        self._metrics: TreeMetrics | None = None
        self._kinds: FileKinds | None = None
        self._kinds_of: TreeShape | None = None
        self._ticket: int | None = None
        self._active = False
        self.applied: list[Suggestion] = []
        """What is left out on a suggestion's account, in the order of applying."""
        self.offered: list[Suggestion] = []
        """What else may be left out."""
        self._kept: set[tuple[int, str]] = set()
        """Files and folders, as (root, path), that no suggestion may touch."""
        self._at_hand: list[Suggestion] | None = None
        """The plan for the shown metrics; None while it is not worked out."""
        self._stale = True
        """Whether the plan at hand is of other metrics."""
        self._skipped: set[tuple[str, str]] = set()
        """The steps, by kind and title, that the user has taken out of the plan."""
        self._unranked = True
        """Whether the suggestions are of other metrics."""
        self._after: tuple[object, Fit | None] = None, None
        """What ``fit_after`` said last, with what it said that of."""
        self._apply_next = False
        """Whether the next plan is applied as soon as it is there."""
        self._was_settled = False
        self._pause = Debouncer(self._ask, _REFRESH, self)
        codebase.ended.connect(self._watch)
        codebase.scan.progressed.connect(self._watch)

    @property
    def busy(self) -> bool:
        """Whether something is being worked out."""
        return self._ticket is not None or self._pause.pending

    def set_active(self, active: bool) -> None:
        """Work out suggestions from now on, or no more."""
        self._active = active
        if active:
            self._unranked = True
            self._ask()

    def set_metrics(self, metrics: TreeMetrics | None) -> None:
        """Work with these metrics, which count by the model's own tokenizer."""
        another = metrics is None or self._kinds_of is not metrics.tree.shape
        self._metrics = metrics
        if another:
            self._worker.cancel(self._ticket)
            self._ticket = None
            self.applied, self.offered, self._kinds = [], [], None
            self._kinds_of = metrics.tree.shape if metrics else None
            self._at_hand, self._skipped, self._apply_next = None, set(), False
        elif metrics is not None and self.applied:
            tokens, included = metrics.file_tokens, metrics.whole.included
            self.applied = [
                replace(one, saves=int(tokens[one.files].sum()))
                for one in self.applied
                if not included[one.files].any()
            ]
        self._stale = self._unranked = True
        self._forget_needless()
        if self._active or self.wanted:
            self._pause.delay = 0 if another else _REFRESH
            self._pause.restart()
        self.changed.emit()

    def _watch(self) -> None:
        """A scan has begun or ended: while one is under way, nothing is known for sure."""
        if self.settled != self._was_settled:
            self._was_settled = self.settled
            self._stale = self._unranked = True
            self._forget_needless()
            self._pause.restart()
            self.changed.emit()

    # -- the plan at hand ------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Whether every file is counted, so that it can be said what fits."""
        return self._codebase.complete and not self._codebase.scan.under_way

    @property
    def metrics(self) -> TreeMetrics | None:
        """What the plan is for, counted by the model's own tokenizer."""
        return self._metrics

    @property
    def fit(self) -> Fit | None:
        """How what takes part stands to the model's window."""
        return self._metrics.of(TOP).fit if self._metrics else None

    @property
    def wanted(self) -> bool:
        """Whether there is something to plan: all is counted, and it does not fit."""
        fit = self.fit
        return self.settled and fit is not None and fit.usable is not None and fit.fits is not True

    @property
    def planned(self) -> bool:
        """Whether the plan at hand is worked out."""
        return self._at_hand is not None

    @property
    def steps(self) -> list[Step]:
        """The plan at hand, most dispensable first; nothing of it is left out yet."""
        return [Step(one, _key(one) not in self._skipped) for one in self._at_hand or ()]

    @property
    def excluded(self) -> int:
        """How many files are left out, by a plan or by hand."""
        tree = self._codebase.tree
        return 0 if tree is None else len(tree.included) - int(np.count_nonzero(tree.included))

    def choose_step(self, suggestion: Suggestion, on: bool) -> None:
        """Let applying the plan take a step, or not."""
        self._skipped = self._skipped - {_key(suggestion)} if on else self._skipped | {_key(suggestion)}
        self.changed.emit()

    def apply_plan(self) -> None:
        """Leave out what the chosen steps of the plan at hand say."""
        if chosen := [step.suggestion for step in self.steps if step.chosen]:
            self._at_hand = None
            self.apply(*chosen)

    def planned_files(self) -> NDArray[np.bool_] | None:
        """What the chosen steps would leave out: ``bool[m]``; None if that is nothing."""
        chosen = [step.suggestion for step in self.steps if step.chosen]
        return None if self._metrics is None or not chosen else _flags(self._metrics.whole, chosen)

    def fit_after(self) -> Fit | None:
        """How the rest would stand to the window after the chosen steps."""
        planned = self.planned_files()
        if self._metrics is None or planned is None:
            return self.fit
        key = (self._metrics, [step.suggestion for step in self.steps if step.chosen])
        if key != self._after[0]:
            after = self._metrics.with_flags(self._metrics.whole.included & ~planned)
            self._after = key, after.of(TOP).fit
        return self._after[1]

    def _forget_needless(self) -> None:
        """Drop the plan, or the steps of it that say nothing any more."""
        if not self.wanted or self._metrics is None or self._at_hand is None:
            self._at_hand = None
            return
        included = self._metrics.whole.included
        self._at_hand = [one for one in self._at_hand if included[one.files].any()] or None

    # -- leaving out and taking back -------------------------------------------------------------------

    def apply(self, *suggestions: Suggestion) -> None:
        """Leave out what suggestions say."""
        self.offered = [one for one in self.offered if one not in suggestions]
        self._set_applied([*self.applied, *suggestions])

    def restore(self, *suggestions: Suggestion) -> None:
        """Include again what suggestions left out, except what another one leaves out too."""
        self._set_applied([one for one in self.applied if one not in suggestions])

    def restore_all(self) -> None:
        """Include everything again, whether a plan or the user left it out."""
        self._codebase.set_nodes_included([TOP], True)

    def _set_applied(self, suggestions: list[Suggestion]) -> None:
        if self._codebase.tree is None:
            return
        flags = self._codebase.tree.included.copy()
        for before in self.applied:
            flags[before.files] = True
        for now in suggestions:
            flags[now.files] = False
        self.applied = suggestions
        self._codebase.set_included(flags)

    # -- what stays ------------------------------------------------------------------------------------

    @property
    def kept(self) -> list[str]:
        """The files and folders that are kept, by path, and the patterns that the project keeps."""
        project = self._codebase.project
        return [*sorted(path for _, path in self._kept), *(project.keep if project else ())]

    def is_kept(self, node: int) -> bool:
        """Whether no suggestion may touch a file or folder, or what it lies in."""
        shape = self._codebase.tree.shape if self._codebase.tree else None
        return shape is not None and any(
            self._place(shape, above) in self._kept for above in (node, *shape.ancestors(node))
        )

    def keep(self, node: int, on: bool) -> None:
        """Let no suggestion touch a file or folder, or any one again."""
        if self._codebase.tree is None:
            return
        shape = self._codebase.tree.shape
        places = {self._place(shape, above) for above in (node, *shape.ancestors(node))}
        self._kept = self._kept | {self._place(shape, node)} if on else self._kept - places
        kept = self._kept_files()
        if kept is not None:
            self.restore(*(one for one in self.applied if kept[one.files].any()))
        self._stale = self._unranked = True
        self._pause.restart()
        self.changed.emit()

    def _kept_files(self) -> NDArray[np.bool_] | None:
        """``bool[m]``; None if all may go."""
        by_project = self._codebase.kept_by_project
        if self._codebase.tree is None or not (self._kept or by_project is not None):
            return None
        shape = self._codebase.tree.shape
        flags = np.zeros(len(shape.file_nodes), np.bool_) if by_project is None else by_project.copy()
        for root, path in self._kept:
            node = shape.find(path, root) if root < len(shape.root_nodes) else None
            if node is not None:
                flags[shape.first_files[node] : shape.end_files[node]] = True
        return flags

    def _place(self, shape: TreeShape, node: int) -> tuple[int, str]:
        return shape.root(node), shape.path(node)

    # -- fitting ---------------------------------------------------------------------------------------

    def fit_all(self) -> None:
        """Leave out as little as it takes to fit, packed as one text, most dispensable first."""
        if self.planned and not self._stale:
            self._skipped.clear()
            self.apply_plan()
        elif self.wanted:
            self._apply_next = True
            self._ask()

    def _plan(self, metrics: TreeMetrics, kinds: FileKinds, budget: int) -> None:
        tree, weights = metrics.tree, metrics.file_tokens + _WRAPPING
        self._stale = False
        job = plan_fit(tree, weights, kinds, budget, self._kept_files())
        self._ticket = self._worker.submit(job, self._planned, self._failed)

    def _planned(self, suggestions: list[Suggestion]) -> None:
        self._ticket = None
        if self._stale or not self.wanted or self._metrics is None:
            self._ask()
            return
        tokens = self._metrics.file_tokens
        # Planned with what packing adds to each file; told without it, as the tree counts.
        self._at_hand = [replace(one, saves=int(tokens[one.files].sum())) for one in suggestions]
        if self._apply_next:
            self._apply_next = False
            self._skipped.clear()
            self.apply_plan()
        self._ask()
        self.changed.emit()

    def _budget(self) -> int | None:
        """The likely tokens at which even the high end of an estimate fits."""
        fit = self._metrics.of(0).fit if self._metrics else None
        if fit is None or fit.usable is None:
            return None
        return fit.usable * fit.count.tokens // max(1, fit.count.high)

    # -- suggestions -----------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Have the next thing worked out: what the files of a tree are, the plan, the suggestions."""
        metrics, budget = self._metrics, self._budget()
        due = self._stale and self.wanted and budget is not None
        if metrics is None or self._ticket is not None or not (due or self._active):
            return
        if self._kinds is None:
            job = sort_files(metrics.tree.shape, self._codebase.roots)
            self._ticket = self._worker.submit(job, self._sorted, self._failed)
        elif due and budget is not None:
            self._plan(metrics, self._kinds, budget)
        elif self._unranked:
            self._unranked = False
            job = rank_suggestions(metrics.tree, metrics.file_tokens, self._kinds, self._kept_files())
            self._ticket = self._worker.submit(job, self._suggested, self._failed)
        self.changed.emit()

    def _sorted(self, kinds: FileKinds) -> None:
        self._ticket = None
        self._kinds = kinds
        self._ask()

    def _suggested(self, suggestions: list[Suggestion]) -> None:
        self._ticket = None
        self.offered = suggestions
        self._ask()
        self.changed.emit()

    def _failed(self, sentence: str) -> None:
        self._ticket = None
        self._apply_next = False
        self.problem.emit(sentence)
        self.changed.emit()

    # -- saving ----------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what is excluded, by a suggestion or by hand, to the ``.tokvizignore`` of each root."""
        if self._codebase.tree is None:
            return
        for number, folder in enumerate(self._codebase.roots):
            if lines := self.lines(number):
                self._worker.submit(save_plan(folder, lines), self.saved.emit, self._failed)

    def lines(self, root: int) -> tuple[str, ...]:
        """What stands in the ``.tokvizignore`` of a root (its number)."""
        tree = self._codebase.tree
        if tree is None:
            return ()
        planned = _flags(tree, self.applied)
        lines = ignore_text(tree.shape, self.applied, root).splitlines()
        by_hand = [ignore_line(tree.shape, node) for node in _excluded(tree, planned, root)]
        return (*lines, _BY_HAND, *by_hand) if by_hand else tuple(lines)


def _key(suggestion: Suggestion) -> tuple[str, str]:
    return suggestion.kind.value, suggestion.title


def _flags(tree: TokenTree, suggestions: Sequence[Suggestion]) -> NDArray[np.bool_]:
    flags = np.zeros(len(tree.sizes), np.bool_)
    for suggestion in suggestions:
        flags[suggestion.files] = True
    return flags


def _excluded(tree: TokenTree, planned: NDArray[np.bool_], root: int) -> list[int]:
    """The outermost nodes of a root that are excluded as a whole, where ``planned`` does not say so."""
    shape = tree.shape
    out = tree.inclusion(np.arange(len(shape))) == Inclusion.NONE
    unplanned = np.concatenate([[0], np.cumsum(~tree.included & ~planned)])
    out &= unplanned[shape.end_files] > unplanned[shape.first_files]
    top = shape.root_nodes[root]
    out[[0, *shape.root_nodes]] = False  # a root cannot name itself
    chosen = out & ~out[shape.parents]
    inside = slice(top + 1, int(shape.ends[top]))
    nodes: list[int] = (top + 1 + np.flatnonzero(chosen[inside])).tolist()
    return nodes
