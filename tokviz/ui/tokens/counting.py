"""Counts the text for every model's tokenizer, piece by piece in the worker, and again where it is edited."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from tokviz.analysis.chunk_metrics import WORDS
from tokviz.analysis.count_plan import make_decoder
from tokviz.analysis.text_counts import TextCounts
from tokviz.analysis.word_counts import total_words
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.jobs import CountPiece, LoadTokenizer
from tokviz.worker.token_map_jobs import Prepared, PrepareTokenizer

_PAUSE = 60
"""Milliseconds without an edit after which the edited pieces are counted again."""
_REFRESH = 100
"""Least milliseconds between two announcements while pieces stream in."""
_IN_FLIGHT = 3
"""Pieces under way at once: enough to keep the worker busy, few enough to stop soon."""
_MOST_WHOLE = 4 << 20
"""Bytes up to which a tokenizer that allows no cut counts a text: it needs all at once, after each edit."""


@dataclass(slots=True)
class _Group:
    """Tokenizers that count the same pieces of the text."""

    rule: SafeSplitRule
    counts: TextCounts
    ready: list[str]
    """Those that are loaded."""
    flights: dict[int, int] = field(default_factory=dict)
    """The tickets of the pieces under way, by their keys."""
    told: bool = False
    """Whether it was said that the text is too large for them."""


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
        self._common = self._new_group(SafeSplitRule.common(), [WORDS])
        self._added: dict[str, _Group] = {}
        self._preparing: dict[str, int] = {}
        self._totals: dict[str, Any] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._fill)
        self._refresh = QTimer(self, singleShot=True, interval=_REFRESH)
        self._refresh.timeout.connect(self._add_up)
        buffer.follow(Phase.DERIVED, self._apply)

    def start(self) -> None:
        """Load the tokenizers, one after the other, and count with each as soon as it is there."""
        self._load(0)
        self._fill()
        self._announce()

    def add(self, name: str) -> None:
        """Count with one more tokenizer, a user's own; one added before is loaded and counted anew."""
        self._forget(name)
        self._preparing[name] = self._worker.submit(
            PrepareTokenizer(name, SpecialTokens.PLAIN), partial(self._prepared, name), self.failed.emit
        )

    def forget_added(self) -> None:
        """Count no more with what was added: the worker process was replaced, and does not know it."""
        for name in {*self._added, *self._preparing}:
            self._forget(name)

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
        size = len(self._common.counts)
        return self._common.counts.known_bytes(self._common.ready) / size if size else 1.0

    def _load(self, number: int) -> None:
        """Load the tokenizer of that number, then the next: what is asked meanwhile has its turn between."""
        if number < len(self._names):
            self._worker.submit(
                LoadTokenizer(self._names[number]),
                partial(self._loaded, number),
                partial(self._not_loaded, number),
            )

    def _loaded(self, number: int, _: None) -> None:
        self._common.ready.append(self._names[number])
        self._load(number + 1)
        self._fill()
        self._announce()

    def _not_loaded(self, number: int, sentence: str) -> None:
        self._load(number + 1)
        self.failed.emit(sentence)

    def _prepared(self, name: str, prepared: Prepared) -> None:
        self._preparing.pop(name, None)
        # The common cuts are proved for the bundled tokenizers only.
        self._added[name] = self._new_group(prepared.split_policy.rule, [name])
        self._fill()
        self._announce()

    def _forget(self, name: str) -> None:
        self._worker.cancel(self._preparing.pop(name, None))
        group = self._added.pop(name, None)
        if group:
            self._cancel(group, group.flights.keys())
        self._totals.pop(name, None)

    def _cancel(self, group: _Group, keys: Iterable[int]) -> None:
        for key in list(keys):
            self._worker.cancel(group.flights.pop(key))

    def _new_group(self, rule: SafeSplitRule, names: list[str]) -> _Group:
        return _Group(rule, TextCounts(len(self._buffer), rule), names)

    @property
    def _groups(self) -> Iterator[_Group]:
        yield self._common
        yield from self._added.values()

    def _apply(self, change: Change) -> None:
        if change.keeps_nothing:
            self._start_anew()
        else:
            for group in self._groups:
                group.counts.edited(change.start, change.removed, change.inserted)
                self._cancel(group, group.flights.keys() - group.counts.under_way)
        self._pause.start()
        self._announce()

    def _start_anew(self) -> None:
        """It is another text."""
        self._totals.clear()
        for group in self._groups:
            self._cancel(group, group.flights.keys())
            group.counts = TextCounts(len(self._buffer), group.rule)

    def _fill(self) -> None:
        """Ask for pieces until enough are under way."""
        for group in self._groups:
            if self._counts_with(group):
                group.told = False
                self._fill_group(group)
            elif not group.told:
                group.told = True
                self.failed.emit(
                    f"{group.ready[0]} takes a text only as a whole, so a text of more than"
                    f" {_MOST_WHOLE:,} bytes is not counted with it."
                )

    def _counts_with(self, group: _Group) -> bool:
        return group.rule != SafeSplitRule.never() or len(self._buffer) <= _MOST_WHOLE

    def _fill_group(self, group: _Group) -> None:
        while len(group.flights) < _IN_FLIGHT and (
            wanted := group.counts.next_piece(self._buffer.text, group.ready)
        ):
            group.flights[wanted.key] = self._worker.submit(
                CountPiece(wanted.names, self._buffer.slice(wanted.start, wanted.end), wanted.start == 0),
                partial(self._counted, group, wanted.key),
                partial(self._give_up, group, wanted.key),
            )

    def _counted(self, group: _Group, key: int, figures: Mapping[str, Any]) -> None:
        group.flights.pop(key, None)
        group.counts.deliver(key, figures)
        self._fill()
        self._announce()

    def _give_up(self, group: _Group, key: int, sentence: str) -> None:
        # The piece stays under way for ever, and so its counts unknown; asking again would fail again.
        group.flights.pop(key, None)
        self.failed.emit(sentence)

    def _announce(self) -> None:
        if not self._refresh.isActive():
            self._refresh.start()

    def _add_up(self) -> None:
        for group in self._groups:
            for name in group.ready:
                parts = group.counts.parts(name)
                if parts is not None:
                    self._totals[name] = self._total(name, parts)
                elif not self._counts_with(group):
                    self._totals.pop(name, None)
        self.changed.emit()

    def _total(self, name: str, parts: Sequence[Any]) -> int | Count:
        if name == WORDS:
            return total_words(parts)
        decoder = make_decoder(name)
        count = decoder.count(sum(parts, np.zeros(len(decoder.columns), np.int64)))
        assumed = name in self._added and self._registry.info(name).is_assumed
        return replace(count, provenance=Provenance.ASSUMED) if assumed else count
