"""Counts the text for the tokenizers that are wanted, chunk by chunk in the worker, and again where it is
edited.

What is counted are the sources of a count plan; what they come to is read off when it is asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.chunk_metrics import WORDS, total_words
from tokviz.analysis.count_plan import CountPlan, make_decoder
from tokviz.language import _, number
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.splitting.split_policy import common_rule
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokens import Count
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.tokens.chunk_values import ChunkValues
from tokviz.ui.tokens.wanted_tokenizers import WantedTokenizers
from tokviz.worker.jobs import CountChunk
from tokviz.worker.token_map_jobs import Prepared, PrepareTokenizer

_PAUSE = 60
"""Milliseconds without an edit after which the edited chunks are counted again."""
_REFRESH = 100
"""Least milliseconds between two announcements while chunks stream in."""
_MOST_WHOLE = 4 << 20
"""Bytes up to which a tokenizer without split points counts a text: it needs all of it after each edit."""


class TextCounter(QObject):
    """Keeps the counts of one buffer's text. ``changed`` says that they are others now.

    While edited chunks are counted again, a count is the one of before the edit (at most a moment old); of
    a newly opened text nothing is told before it is counted. What is not wanted any more keeps its count
    until the next edit.
    """

    changed = Signal()
    failed = Signal(str)
    """A tokenizer cannot be used, or a chunk could not be counted: one sentence."""
    recovered = Signal(str)
    """What this sentence told of is over: another text is counted."""

    def __init__(
        self,
        buffer: TextBuffer,
        worker: Worker,
        registry: Registry,
        names: Sequence[str],
        parent: QObject | None = None,
    ) -> None:
        """``names``: the tokenizers and estimators that can be wanted."""
        super().__init__(parent)
        self._buffer = buffer
        self._worker = worker
        self._registry = registry
        self._plan = CountPlan(tuple(names))
        self._wanted = WantedTokenizers(worker, self._plan, self)
        self._pause = Debouncer(self._fill, _PAUSE, self)
        self._refresh = Debouncer(self._add_up, _REFRESH, self)
        self._common = self._new_group(common_rule(), [WORDS])
        self._added: dict[str, ChunkValues] = {}
        self._told: set[str] = set()
        """The added tokenizers of which it was said that the text is too large for them."""
        self._preparing: dict[str, int] = {}
        self._totals: dict[str, int] = {}
        self._of_text: set[str] = set()
        """What failed with this text, in sentences."""
        self._wanted.changed.connect(self._follow_wanted)
        self._wanted.failed.connect(self.failed)
        buffer.follow(Phase.DERIVED, self._apply)

    def start(self) -> None:
        """Count the words; the tokens too, as soon as tokenizers are wanted."""
        self._fill()
        self._refresh.request()

    def want(self, who: str, names: Sequence[str]) -> None:
        """Count with ``names``, loaded in this order, for ``who``, instead of with what it wanted before."""
        self._wanted.want(who, names)

    def ask(self, names: Sequence[str]) -> None:
        """Count with ``names`` too, for good."""
        self._wanted.ask(names)

    def counts_with(self, name: str) -> bool:
        """Whether ``name`` is counted, or will be, without being asked for."""
        if group := self._added.get(name):
            return self._counts_with(group) and not group.lacks_some
        counted = self._wanted.counts_with(name) and not self._common.lacks_some
        return name in self._preparing or counted

    def most_tokens(self, name: str) -> int | None:
        """An upper bound of the text's tokens under ``name``, known without counting; None: there is none."""
        sources = make_decoder(name).sources
        if not set(sources) <= set(self._registry.names()):
            return None
        most = [self._registry.info(source).most_tokens(len(self._buffer)) for source in sources]
        sure = [tokens for tokens in most if tokens is not None]
        return max(sure) if len(sure) == len(most) else None

    def add(self, name: str) -> None:
        """Count with one more tokenizer, a user's own; one added before is loaded and counted anew."""
        self._forget(name)
        self._preparing[name] = self._worker.submit(
            PrepareTokenizer(name, SpecialTokens.PLAIN),
            partial(self._prepared, name),
            partial(self._not_prepared, name),
        )

    def forget_added(self) -> None:
        """Count no more with what was added: the worker process was replaced, and does not know it."""
        for name in {*self._added, *self._preparing}:
            self._forget(name)

    @property
    def counts(self) -> Mapping[str, Count]:
        """Tokens by tokenizer and estimator; those not counted yet are absent."""
        totals = {name: total for name, total in self._totals.items() if name != WORDS}
        sums = np.array([*totals.values()], np.int64)
        counts = self._plan.counts([*totals], sums)
        for name in self._added.keys() & totals.keys():
            counts[name] = Count.certain(totals[name], self._registry.info(name).provenance)
        return counts

    @property
    def totals(self) -> Mapping[str, int]:
        """What is counted, to be recalled with the text."""
        return dict(self._totals)

    def recall(self, totals: Mapping[str, int]) -> None:
        """A text is back of which these were the totals; they stand until it is counted again."""
        self._totals = dict(totals)
        self.changed.emit()

    def chunks_of(self, name: str) -> tuple[list[int], list[NDArray[np.int64]]]:
        """Where the chunks begin that ``name`` has counted from the text's beginning on without a gap, and
        their columns."""
        group = self._added.get(name, self._common)
        sources = make_decoder(name).sources
        known = zip(*(group.map.placed(source) for source in sources), strict=False)
        starts: list[int] = []
        columns: list[NDArray[np.int64]] = []
        for placed, begin in zip(known, group.map.starts, strict=False):
            if any(start != begin for start, _ in placed):
                break
            starts.append(begin)
            columns.append(np.concatenate([counted for _, counted in placed]))
        return starts, columns

    @property
    def words(self) -> int | None:
        """Runs without white space; None: not counted yet."""
        return self._totals.get(WORDS)

    @property
    def share(self) -> float:
        """How much of the text is counted for every tokenizer that is wanted and loaded: 1.0 is all."""
        size = len(self._buffer)
        return self._common.map.known_bytes / size if size else 1.0

    def _follow_wanted(self) -> None:
        self._common.map.names[:] = [WORDS, *self._wanted.usable]
        self._fill()
        self._refresh.request()

    def _prepared(self, name: str, prepared: Prepared) -> None:
        self._preparing.pop(name, None)
        # The common split points are proved for the bundled tokenizers only.
        self._added[name] = self._new_group(prepared.split_policy.rule, [name])
        self._fill()
        self._refresh.request()

    def _not_prepared(self, name: str, sentence: str) -> None:
        self._preparing.pop(name, None)
        self._refresh.request()
        self.failed.emit(sentence)

    def _forget(self, name: str) -> None:
        self._worker.cancel(self._preparing.pop(name, None))
        group = self._added.pop(name, None)
        if group:
            group.stop()
            group.deleteLater()
        self._totals.pop(name, None)
        self._told.discard(name)

    def _new_group(self, rule: SafeSplitRule, names: list[str]) -> ChunkValues:
        """What keeps the counts of tokenizers that count the same chunks."""
        group = ChunkValues(self._buffer, self._worker, rule, names, CountChunk, self)
        group.delivered.connect(self._delivered)
        group.failed.connect(self._refresh.request)  # nobody waits for that chunk's count any more
        group.failed.connect(self._fail_with_text)
        return group

    @property
    def _groups(self) -> Iterator[ChunkValues]:
        yield self._common
        yield from self._added.values()

    def _apply(self, change: Change) -> None:
        if change.keeps_nothing:
            self._totals.clear()
            self._told.clear()
            over, self._of_text = self._of_text, set()
            for sentence in over:
                self.recovered.emit(sentence)
        for name in self._totals.keys() - {name for group in self._groups for name in group.map.names}:
            del self._totals[name]  # nobody counts it again
        for group in self._groups:
            group.apply(change)
        self._pause.restart()
        self._refresh.request()

    def _fill(self) -> None:
        """Ask for chunks until enough are in flight."""
        self._common.fill()
        for name, group in self._added.items():
            if self._counts_with(group):
                self._told.discard(name)
                group.fill()
            elif name not in self._told:
                self._told.add(name)
                self._fail_with_text(
                    _(
                        "{tokenizer} takes a text only as a whole, so a text of more than {size} bytes is not"
                        " counted with it.",
                        tokenizer=name,
                        size=number(_MOST_WHOLE),
                    )
                )

    def _fail_with_text(self, sentence: str) -> None:
        self._of_text.add(sentence)
        self.failed.emit(sentence)

    def _counts_with(self, group: ChunkValues) -> bool:
        return group.rule != SafeSplitRule.never() or len(self._buffer) <= _MOST_WHOLE

    def _delivered(self) -> None:
        self._fill()
        self._refresh.request()

    def _add_up(self) -> None:
        for group in self._groups:
            for name in group.map.names:
                parts = group.map.values(name)
                if parts is not None:
                    self._totals[name] = (
                        total_words(parts) if name == WORDS else sum(int(part[0]) for part in parts)
                    )
                elif not self._counts_with(group):
                    self._totals.pop(name, None)
        self.changed.emit()
