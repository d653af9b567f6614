"""Making a codebase fit: what may be left out, what of it is, and the ignore file that says so."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.budget import Fit
from tokviz.analysis.codebase.file_kinds import FileKinds
from tokviz.analysis.codebase.shortened_counts import bit_of
from tokviz.analysis.codebase.shrinking import Shrinking
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.analysis.count_plan import CountPlan
from tokviz.language import _
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.kept_nodes import KeptNodes
from tokviz.ui.codebase.plan_lines import dropped_files, plan_lines, taken_out, with_ways
from tokviz.ui.codebase.shortening import Shortenings
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_choosing import plan_fit, plan_shrinking, rank_suggestions, save_plan, sort_files

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

    def __init__(
        self, codebase: Codebase, worker: Worker, shortenings: Shortenings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._codebase = codebase
        self._shortenings = shortenings
        self._known = shortenings.measured, shortenings.expected
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
        self.kept = KeptNodes(codebase)
        """What no suggestion may touch."""
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
        shortenings.changed.connect(self._see_shortenings)

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
            self.applied = [
                one if one.shortening else replace(one, saves=int(metrics.file_tokens[one.files].sum()))
                for one in self.applied
                if not self._would_change(one)
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

    def _see_shortenings(self) -> None:
        """Another plan may be better where it is known now what can be made smaller."""
        known = self._shortenings.measured, self._shortenings.expected
        if known != self._known:
            self._known = known
            self._stale = self._unranked = True
            self._pause.restart()

    # -- the plan at hand ------------------------------------------------------------------------------

    @property
    def unsettled(self) -> str:
        """Why it is not said what fits; empty where it is."""
        if self.settled:
            return ""
        name = self._metrics.model.name if self._metrics and self._metrics.model else _("a window")
        if self._codebase.scan.under_way or self._codebase.complete:
            return _("Counting: whether it fits {model} is said when every file is counted.", model=name)
        return _(
            "Stopped: whether it fits {model} is said when every file is counted. F5 goes on.", model=name
        )

    @property
    def settled(self) -> bool:
        """Whether every file is counted, so that it can be said what fits."""
        codebase = self._codebase
        return codebase.complete and not codebase.scan.under_way and not codebase.measuring_images

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
        return self._at_hand is not None

    @property
    def unmeasured(self) -> str:
        """That the plan at hand does not know what could be made smaller; empty where it does, or where it is
        being worked out."""
        if not self.planned or self._shortenings.measured or self._shortenings.under_way:
            return ""
        return _("Not known: what could be made smaller before it is left out. “Smaller” works it out.")

    @property
    def steps(self) -> list[Step]:
        """The plan at hand, most dispensable first; nothing of it is left out yet."""
        return [Step(one, _key(one) not in self._skipped) for one in self._at_hand or ()]

    @property
    def excluded(self) -> int:
        """How many files are left out, by a plan or by hand."""
        tree = self._codebase.tree
        return 0 if tree is None else taken_out(tree, self._codebase.images)

    @property
    def shortened(self) -> int:
        """How many files are shortened, by a plan or by hand."""
        tree = self._codebase.tree
        return 0 if tree is None else int(np.count_nonzero(tree.shortened))

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
        chosen = [step.suggestion for step in self.steps if step.chosen and not step.suggestion.shortening]
        return None if self._metrics is None or not chosen else dropped_files(self._metrics.whole, chosen)

    def fit_after(self) -> Fit | None:
        """How the rest would stand to the window after the chosen steps."""
        chosen = [step.suggestion for step in self.steps if step.chosen]
        if self._metrics is None or not chosen:
            return self.fit
        key = (self._metrics, chosen)
        if key != self._after[0]:
            included = self._metrics.whole.included & ~dropped_files(self._metrics.whole, chosen)
            tree = self._codebase.tree_with(included, with_ways(self._codebase.wanted, chosen))
            self._after = key, self._metrics.of_tree(tree).of(TOP).fit
        return self._after[1]

    def _forget_needless(self) -> None:
        """Drop the plan, or the steps of it that say nothing any more."""
        if not self.wanted or self._metrics is None or self._at_hand is None:
            self._at_hand = None
            return
        self._at_hand = [one for one in self._at_hand if self._would_change(one)] or None

    def _would_change(self, one: Suggestion) -> bool:
        """Whether a suggestion still says something."""
        if one.shortening is None:
            tree = self._codebase.tree
            return tree is not None and bool(tree.included[one.files].any())
        return not (self._codebase.wanted[one.files] & bit_of(one.shortening)).all()

    # -- leaving out and taking back -------------------------------------------------------------------

    def apply(self, *suggestions: Suggestion) -> None:
        """Leave out what suggestions say."""
        self.offered = [one for one in self.offered if one not in suggestions]
        self._set_applied([*self.applied, *suggestions])

    def restore(self, *suggestions: Suggestion) -> None:
        """Include again what suggestions left out, except what another one leaves out too."""
        self._set_applied([one for one in self.applied if one not in suggestions])

    def restore_all(self) -> None:
        """Include everything again, whether a plan or the user left it out, and shorten nothing."""
        if (tree := self._codebase.tree) is not None:
            self._codebase.choose(np.ones_like(tree.included), np.zeros_like(self._codebase.wanted))

    def _set_applied(self, suggestions: list[Suggestion]) -> None:
        if (tree := self._codebase.tree) is None:
            return
        wanted = self._codebase.wanted.copy()
        for before in self.applied:
            if before.shortening is not None:
                wanted[before.files] &= ~np.uint8(bit_of(before.shortening))
        included = tree.included | dropped_files(tree, self.applied)
        self.applied = suggestions
        self._codebase.choose(included & ~dropped_files(tree, suggestions), with_ways(wanted, suggestions))

    # -- what stays ------------------------------------------------------------------------------------

    def keep(self, node: int, on: bool) -> None:
        """Let no suggestion touch a file or folder, or any one again."""
        self.kept.set(node, on)
        kept = self.kept.files
        if kept is not None:
            self.restore(*(one for one in self.applied if kept[one.files].any()))
        self._stale = self._unranked = True
        self._pause.restart()
        self.changed.emit()

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
        self._stale = False
        images = metrics.images_to_plan(kept := self.kept.files)
        if shrinking := self._shrinking(_WRAPPING):
            job = plan_shrinking(shrinking, kinds, budget, kept, images)
        else:
            job = plan_fit(metrics.texts, metrics.text_tokens + _WRAPPING, kinds, budget, kept, images)
        self._ticket = self._worker.submit(job, self._planned, self._failed)

    def _planned(self, suggestions: list[Suggestion]) -> None:
        self._ticket = None
        if self._stale or not self.wanted or self._metrics is None:
            self._ask()
            return
        tokens = self._metrics.file_tokens
        # Planned with what packing adds to each file; told without it, as the tree counts.
        if not any(one.shortening for one in suggestions):
            suggestions = [replace(one, saves=int(tokens[one.files].sum())) for one in suggestions]
        self._at_hand = suggestions
        if self._apply_next:
            self._apply_next = False
            self._skipped.clear()
            self.apply_plan()
        elif not self._shortenings.expected:
            self._shortenings.measure_meanwhile()  # and the plan is made anew when that is known
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
        elif due and self._shortenings.expected:
            self._shortenings.measure()  # and the plan is made when that is known
        elif due and budget is not None:
            self._plan(metrics, self._kinds, budget)
        elif self._unranked:
            self._unranked = False
            shrinking, kept = self._shrinking(0), self.kept.files
            # What a file is, is told by its whole text.
            tree, images = shrinking.tree if shrinking else metrics.texts, metrics.images_to_plan(kept)
            job = rank_suggestions(tree, metrics.text_tokens, self._kinds, kept, shrinking, images)
            self._ticket = self._worker.submit(job, self._suggested, self._failed)
        self.changed.emit()

    def _shrinking(self, around: int) -> Shrinking | None:
        """What can be made smaller, by the model's own tokenizer; None while that is not known. ``around``:
        tokens that stand around each file."""
        tree, found, metrics = self._codebase.whole, self._codebase.measured, self._metrics
        if tree is None or found is None or metrics is None:
            return None
        columns = CountPlan((metrics.decoder.name,)).columns
        narrow = found.narrowed(tree.positions(columns))
        return Shrinking(tree.narrowed(columns), narrow, self._codebase.wanted, metrics.decoder.name, around)

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
        return () if tree is None else plan_lines(tree, self.applied, root)


def _key(suggestion: Suggestion) -> tuple[str, str]:
    return suggestion.kind.value, suggestion.title
