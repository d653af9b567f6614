"""What a request comes to for every model: of those that can be seen first, of all others then."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from tokviz.language import ngettext
from tokviz.tokens import Count
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.page import model_key

_PAUSE = 250
"""Milliseconds after the last change before models count anew."""

Take = Callable[[dict[str, Count]], None]
"""Takes counts by models' ids."""


class ModelCounts(QObject):
    """Asks for the counts that are not known yet. It is asked again where others can be seen meanwhile."""

    changed = Signal()

    def __init__(self, ask: Callable[[Sequence[str], frozenset[str], Take], None], parent: QObject) -> None:
        """``ask(first, known, take)`` has models counted in the order of the tokenizers ``first``, but for
        those whose ids are ``known``, in the place of what was asked for before."""
        super().__init__(parent)
        self.counts: dict[str, Count] = {}
        """By ``model_key``."""
        self._ask = ask
        self._first: tuple[str, ...] = ()
        self._known: set[str] = set()
        self.complete = True
        """Whether all are counted that can be."""
        self._late = Debouncer(self._begin, _PAUSE, self)

    @property
    def words(self) -> str:
        """How far it is."""
        return ngettext(
            "Counting for other models: {n} model so far",
            "Counting for other models: {n} models so far",
            len(self.counts),
        )

    def clear(self) -> None:
        """No request is looked at."""
        self._late.cancel()
        self.counts, self._known, self.complete = {}, set(), True

    def renew(self, known: dict[str, Count]) -> None:
        """Another request is looked at; ``known``: what is counted of it already, by models' ids."""
        self.counts, self._known = {}, set()
        self._take(known)
        self.count_again(keep=known)

    def count_again(self, keep: Iterable[str] = ()) -> None:
        """The request is another than before but for the models ``keep``; until then the old counts stay."""
        self._known, self.complete = set(keep), False
        self._late.restart()

    def set_needed(self, tokenizers: Sequence[str]) -> None:
        """The models of these tokenizers can be seen, the most urgent first."""
        if tuple(tokenizers) != self._first:
            self._first = tuple(tokenizers)
            if not self.complete:
                self._late.request()

    def resume(self) -> None:
        """Ask once more for what is not known yet: something else took the place of it."""
        if not self.complete:
            self._late.restart()

    def _begin(self) -> None:
        self._ask(self._first, frozenset(self._known), self._take)

    def _take(self, found: dict[str, Count]) -> None:
        self._known |= found.keys()
        self.counts |= {model_key(model_id): count for model_id, count in found.items()}
        self.changed.emit()

    def end(self) -> None:
        """All are counted that can be."""
        self.complete = True
