"""Which tokenizers an open text is counted with: those that someone wants, loaded one after the other.

A vocabulary takes up to half a second and 90 MB, so one that nobody looks at is not loaded.
"""

from collections.abc import Sequence
from functools import partial
from itertools import chain

from PySide6.QtCore import QObject, Signal

from tokviz.analysis.count_plan import CountPlan
from tokviz.ui.tokens.request_pump import Submitter
from tokviz.worker.jobs import LoadTokenizer

_ASKED = "asked"


class WantedTokenizers(QObject):
    """Loads what is wanted of a plan's tokenizers and estimators, what was wanted first first."""

    changed = Signal()
    """Others are wanted, or one more is loaded."""
    failed = Signal(str)
    """A tokenizer cannot be used: one sentence."""

    def __init__(self, worker: Submitter, plan: CountPlan, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._plan = plan
        self._wanted: dict[str, tuple[str, ...]] = {}
        """Names by who wants them."""
        self._sources: tuple[str, ...] = ()
        self._loaded: set[str] = set()
        self._broken: set[str] = set()
        self._loading = ""

    def want(self, who: str, names: Sequence[str]) -> None:
        """Load ``names`` in this order, for ``who``, instead of what it wanted before. A name that is not in
        the plan is passed over."""
        wanted = tuple(name for name in dict.fromkeys(names) if name in self._plan.decoders)
        if self._wanted.get(who) == wanted:
            return
        self._wanted[who] = wanted
        names = [*dict.fromkeys(chain.from_iterable(self._wanted.values()))]
        self._sources = CountPlan(tuple(names)).sources
        self._load_next()
        self.changed.emit()

    def ask(self, names: Sequence[str]) -> None:
        """Load ``names`` too, for good."""
        self.want(_ASKED, (*self._wanted.get(_ASKED, ()), *names))

    @property
    def usable(self) -> list[str]:
        """The sources that are wanted and loaded, in the order in which they are wanted."""
        return [source for source in self._sources if source in self._loaded]

    def counts_with(self, name: str) -> bool:
        """Whether the tokenizer or estimator ``name`` is wanted, and what it needs loaded or to be loaded."""
        decoder = self._plan.decoders.get(name)
        return decoder is not None and set(decoder.sources) <= set(self._sources) - self._broken

    def _load_next(self) -> None:
        """Load one, then the next: what is asked of the worker meanwhile has its turn between."""
        done = self._loaded | self._broken
        source = next((source for source in self._sources if source not in done), None)
        if source is not None and not self._loading:
            self._loading = source
            self._worker.submit(
                LoadTokenizer(source), partial(self._end_loading, source), partial(self._fail, source)
            )

    def _end_loading(self, source: str, _: None) -> None:
        self._loading = ""
        self._loaded.add(source)
        self._load_next()
        self.changed.emit()

    def _fail(self, source: str, sentence: str) -> None:
        self._loading = ""
        self._broken.add(source)
        self._load_next()
        self.changed.emit()
        self.failed.emit(sentence)
