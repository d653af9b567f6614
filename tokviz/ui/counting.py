"""Counts the text for every model's tokenizer, piece by piece in the worker, and again where it is edited."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from tokviz.analysis.figures import WORDS
from tokviz.analysis.text_counts import TextCounts
from tokviz.analysis.word_counts import total_words
from tokviz.jobs import CountPiece, LoadTokenizer
from tokviz.tokenization.cuts import CutRule
from tokviz.tokenization.estimate import FEATURES, estimate
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count
from tokviz.ui.text.buffer import Edit, TextBuffer
from tokviz.ui.worker import Worker

_PAUSE = 60
"""Milliseconds without an edit after which the edited pieces are counted again."""
_REFRESH = 100
"""Least milliseconds between two announcements while pieces stream in."""
_IN_FLIGHT = 3
"""Pieces under way at once: enough to keep the worker busy, few enough to stop soon."""


class TextCounter(QObject):
    """Keeps the counts of one buffer's text. ``changed`` says that they are others now.

    While edited pieces are counted again, a count is the one of before the edit (at most a moment old); of
    a newly opened text nothing is told before it is counted.
    """

    changed = Signal()
    failed = Signal(str)
    """A tokenizer cannot be used, or a piece could not be counted: one sentence."""

    def __init__(
        self,
        buffer: TextBuffer,
        worker: Worker,
        registry: Registry,
        names: Sequence[str],
        parent: QObject | None = None,
    ) -> None:
        """``names``: tokenizers and estimators, in the order in which they are loaded."""
        super().__init__(parent)
        self._buffer = buffer
        self._worker = worker
        self._registry = registry
        self._names = tuple(names)
        self._ready: list[str] = [WORDS]
        self._counts = TextCounts(len(buffer), CutRule.common())
        self._totals: dict[str, Any] = {}
        self._flights: dict[int, int] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._fill)
        self._refresh = QTimer(self, singleShot=True, interval=_REFRESH)
        self._refresh.timeout.connect(self._add_up)
        buffer.listen(self._edited)

    def start(self) -> None:
        """Load the tokenizers, one after the other, and count with each as soon as it is there."""
        self._load(0)
        self._fill()
        self._announce()

    @property
    def counts(self) -> Mapping[str, Count]:
        """Tokens by tokenizer and estimator; those not counted yet are absent."""
        return {name: total for name, total in self._totals.items() if name != WORDS}

    @property
    def words(self) -> int | None:
        """Runs without white space; None: not counted yet."""
        return self._totals.get(WORDS)

    @property
    def share(self) -> float:
        """How much of the text is counted for every tokenizer that is loaded: 1.0 is all."""
        size = len(self._counts)
        return self._counts.known_bytes(self._ready) / size if size else 1.0

    def _load(self, number: int) -> None:
        """Load the tokenizer of that number, then the next: what is asked meanwhile has its turn between."""
        if number < len(self._names):
            self._worker.submit(
                LoadTokenizer(self._names[number]),
                partial(self._loaded, number),
                partial(self._not_loaded, number),
            )

    def _loaded(self, number: int, _: None) -> None:
        self._ready.append(self._names[number])
        self._load(number + 1)
        self._fill()
        self._announce()

    def _not_loaded(self, number: int, sentence: str) -> None:
        self._load(number + 1)
        self.failed.emit(sentence)

    def _edited(self, edit: Edit) -> None:
        if edit.removed == len(self._counts):
            for ticket in self._flights.values():
                self._worker.cancel(ticket)
            self._flights.clear()
            self._totals.clear()
            self._counts = TextCounts(len(self._buffer), CutRule.common())
        else:
            self._counts.edited(edit.start, edit.removed, edit.inserted)
        self._pause.start()
        self._announce()

    def _fill(self) -> None:
        """Ask for pieces until enough are under way."""
        while len(self._flights) < _IN_FLIGHT and (
            wanted := self._counts.next_piece(self._buffer.data, self._ready)
        ):
            self._flights[wanted.key] = self._worker.submit(
                CountPiece(wanted.names, self._buffer.slice(wanted.start, wanted.end), wanted.start == 0),
                partial(self._counted, wanted.key),
                partial(self._give_up, wanted.key),
            )

    def _counted(self, key: int, figures: Mapping[str, Any]) -> None:
        self._flights.pop(key, None)
        self._counts.deliver(key, figures)
        self._fill()
        self._announce()

    def _give_up(self, key: int, sentence: str) -> None:
        # The piece stays under way for ever, and so its counts unknown; asking again would fail again.
        self._flights.pop(key, None)
        self.failed.emit(sentence)

    def _announce(self) -> None:
        if not self._refresh.isActive():
            self._refresh.start()

    def _add_up(self) -> None:
        for name in self._ready:
            parts = self._counts.parts(name)
            if parts is not None:
                self._totals[name] = self._total(name, parts)
        self.changed.emit()

    def _total(self, name: str, parts: Sequence[Any]) -> int | Count:
        if name == WORDS:
            return total_words(parts)
        if name in self._registry.estimator_names():
            return estimate(name, sum(parts, np.zeros(len(FEATURES), np.int64)))
        return Count.certain(sum(parts))
