"""What the chosen tokenizer's vocabulary says of token ids: asked from the worker once, then remembered."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from tokviz.analysis.tokens.token_details import TokenFact
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.tokens.request_pump import Submitter
from tokviz.worker.text_jobs import DescribeTokens

_MOST_AT_ONCE = 2000
_REMEMBERED = 50_000
"""Facts kept (some 200 bytes each) before all are forgotten and asked again where needed."""


class TokenFacts(QObject):
    """Answers at once what it knows; what it does not know it asks for and announces."""

    arrived = Signal()
    """Ids that were asked for are known now."""

    def __init__(self, worker: Submitter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._tokenizer = ""
        self._mode = SpecialTokens.PLAIN
        self._known: dict[int, TokenFact] = {}
        self._wanted: dict[int, None] = {}
        self._asked: frozenset[int] = frozenset()
        self._ticket: int | None = None
        self._failed = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._ask)

    def choose(self, tokenizer: str, mode: SpecialTokens) -> None:
        """Speak about another vocabulary from now on."""
        if (tokenizer, mode) != (self._tokenizer, self._mode) or self._failed:
            self._tokenizer, self._mode = tokenizer, mode
            self._forget_all()

    def forget(self, tokenizer: str) -> None:
        """The vocabulary of ``tokenizer`` was read anew: what was known of it is to be asked again."""
        if tokenizer == self._tokenizer:
            self._forget_all()

    def _forget_all(self) -> None:
        self._worker.cancel(self._ticket)
        self._ticket, self._asked, self._failed = None, frozenset(), False
        self._known.clear()
        self._wanted.clear()

    def get(self, token_id: int) -> TokenFact | None:
        """What is known about an id; None means that it is being asked for."""
        fact = self._known.get(token_id)
        if fact is None:
            self.ask((token_id,))
        return fact

    def ask(self, ids: Iterable[int]) -> None:
        """Ask for those of ``ids`` that are not known yet."""
        if not self._tokenizer or self._failed:
            return
        for token_id in ids:
            if token_id not in self._known and token_id not in self._asked:
                self._wanted[token_id] = None
        if self._wanted and self._ticket is None:
            self._timer.start()

    def _ask(self) -> None:
        # The newest first: they are what the user looks at now.
        chosen = list(self._wanted)[-_MOST_AT_ONCE:]
        if not chosen or self._ticket is not None:
            return
        for token_id in chosen:
            del self._wanted[token_id]
        self._asked = frozenset(chosen)
        job = DescribeTokens(self._tokenizer, self._mode, tuple(chosen))
        self._ticket = self._worker.submit(job, self._take, self._give_up)

    def _take(self, facts: tuple[TokenFact, ...]) -> None:
        self._ticket, self._asked = None, frozenset()
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self._known.update((fact.token_id, fact) for fact in facts)
        if self._wanted:
            self._timer.start()
        self.arrived.emit()

    def _give_up(self, sentence: str) -> None:
        # The tokens themselves fail for the same reason, and the page says so; asking again would fail again.
        self._ticket, self._asked, self._failed = None, frozenset(), True
        self._wanted.clear()
