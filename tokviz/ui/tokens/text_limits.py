"""Where in the text the chosen models' windows end, kept up to date while it is edited.

The counts of the text's chunks say in which chunk a limit falls; the worker tokenizes that one alone. Until
it answers, an end known before moves with the text. For the tokenizer that the text is shown in, the token
map knows the end at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from tokviz.analysis.count_plan import make_decoder
from tokviz.analysis.tokens.text_ends import LimitRange, RunningSums, limit_range
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokens import Count
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.model_limits import ModelLimit
from tokviz.ui.tokens.counting import TextCounter
from tokviz.ui.tokens.request_pump import Submitter
from tokviz.ui.tokens.tokenizing import Tokenizing
from tokviz.worker.text_limit_jobs import FindTextEnds, TextEnds

_SETTLE = 30
"""Milliseconds after which the ends follow the counts."""


@dataclass(frozen=True, slots=True)
class LimitEnd:
    """Where one model's window ends in a text that is longer. Offsets are bytes."""

    limit: ModelLimit
    count: Count | None
    """Of the whole text; None: not known yet."""
    offset: int
    """What stands before it fits, for sure."""
    latest: int | None = None
    """What stands behind it does not fit, for sure: the low end of an estimate; None if that is its high
    end."""
    cut: int | None = None
    line: int | None = None
    sentence: int | None = None
    """Where to cut at a token, a line or a sentence, so that what is left fits by itself; None: not known
    yet."""


_Key = tuple[ModelLimit, bool]
"""A limit, and whether its high end is meant."""


class TextLimits(QObject):
    """Knows the ends of the limits that it was told, of one buffer's text."""

    changed = Signal()
    """An end is another, or there is one more or less."""

    def __init__(
        self,
        buffer: TextBuffer,
        worker: Submitter,
        counter: TextCounter,
        tokenizing: Tokenizing,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._buffer = buffer
        self._worker = worker
        self._counter = counter
        self._tokenizing = tokenizing
        self._selected: ModelLimit | None = None
        self._others: tuple[ModelLimit, ...] = ()
        self._ends: dict[ModelLimit, LimitEnd] = {}
        self._asked: dict[_Key, tuple[int, bytes]] = {}
        """What was asked of the text as it is: the same is asked once."""
        self._sums: dict[str, RunningSums] = {}
        """What the chunks come to by tokenizer, added up once for all limits."""
        self._tickets: dict[_Key, int] = {}
        self._later = Debouncer(self._refresh, _SETTLE, self)
        buffer.follow(Phase.DERIVED, self._apply)
        counter.changed.connect(self._later.request)

    def set_limits(self, selected: ModelLimit | None, others: Sequence[ModelLimit]) -> None:
        """Find the ends of these from now on."""
        rest = tuple(limit for limit in dict.fromkeys(others) if limit != selected)
        if (selected, rest) == (self._selected, self._others):
            return
        self._selected, self._others = selected, rest
        wanted = {*self._others, *([selected] if selected else [])}
        for limit in self._ends.keys() - wanted:
            self._forget(limit)
        self._later.request()
        self.changed.emit()

    @property
    def limit(self) -> ModelLimit | None:
        """That of the selected model."""
        return self._selected

    @property
    def selected(self) -> LimitEnd | None:
        """The end of the selected model's window; None: the text fits, or it is not known yet."""
        limit = self._selected
        if limit is None:
            return None
        known = self._ends.get(limit)
        tokens = self._tokenizing.map
        if (
            tokens is None
            or self._tokenizing.tokenizer != limit.tokenizer
            or self._tokenizing.mode is not SpecialTokens.PLAIN
        ):
            return known
        if tokens.count is not None and tokens.count <= limit.tokens:
            return None
        first_over = tokens.token(limit.tokens)
        if first_over is None:
            return known
        offset = self._buffer.boundary_before(first_over[1])
        if known is None:
            return LimitEnd(limit, self._counter.counts.get(limit.tokenizer), offset)
        return known if known.offset == offset else replace(known, offset=offset)

    @property
    def is_known(self) -> bool:
        """Whether the whole text is counted for the selected model, so that no end means that it fits."""
        return self._selected is not None and self._selected.tokenizer in self._counter.counts

    @property
    def others(self) -> list[LimitEnd]:
        """The ends of the other models' windows."""
        return [self._ends[limit] for limit in self._others if limit in self._ends]

    def _apply(self, change: Change) -> None:
        """Have the ends move with the text until they are found again."""
        if change.keeps_nothing:
            for limit in list(self._ends):
                self._forget(limit)
            return
        for limit, end in self._ends.items():
            latest = None if end.latest is None else change.map_offset(end.latest, -1)
            offset = change.map_offset(end.offset, -1)
            self._ends[limit] = LimitEnd(limit, end.count, offset, latest)
        self._asked.clear()

    def _refresh(self) -> None:
        before = dict(self._ends)
        self._sums.clear()
        counts = self._counter.counts
        for limit in (*([self._selected] if self._selected else []), *self._others):
            self._find(limit, counts)
        if before != self._ends:
            self.changed.emit()

    def _find(self, limit: ModelLimit, counts: Mapping[str, Count]) -> None:
        count = counts.get(limit.tokenizer)
        if count is not None and count.high <= limit.tokens:
            self._forget(limit)
            return
        end = self._ends.get(limit)
        if end is not None and end.count != count:
            self._ends[limit] = replace(end, count=count)
        self._ask(limit, high=True)
        if count is not None and count.low < count.high:
            if count.low > limit.tokens:
                self._ask(limit, high=False)
            elif end is not None:
                self._ends[limit] = replace(self._ends[limit], latest=len(self._buffer))

    def _ask(self, limit: ModelLimit, high: bool) -> None:
        if limit.tokenizer not in self._sums:
            self._sums[limit.tokenizer] = RunningSums.of(*self._counter.chunks_of(limit.tokenizer))
        counted, decoder = self._sums[limit.tokenizer], make_decoder(limit.tokenizer)
        found = limit_range(counted, len(self._buffer), decoder, limit.tokens, high)
        if found is None:
            return
        key, asked = (limit, high), (found.start, found.before.tobytes())
        if self._asked.get(key) == asked:
            return
        self._asked[key] = asked
        self._worker.cancel(self._tickets.pop(key, None))
        data, before = self._buffer.slice(found.start, found.end), found.before if found.start else None
        job = FindTextEnds(limit.tokenizer, data, before, limit.tokens, high)
        done = partial(self._found, key, found, self._buffer.revision)
        self._tickets[key] = self._worker.submit(job, done, partial(self._failed, key))

    def _failed(self, key: _Key, _: str) -> None:
        # Whoever counts by the same tokenizer has told it.
        self._tickets.pop(key, None)

    def _found(self, key: _Key, where: LimitRange, revision: int, ends: TextEnds) -> None:
        self._tickets.pop(key, None)
        if revision != self._buffer.revision:  # the counts will be others in a moment
            return
        limit, high = key
        offset = where.start + ends.token
        end = self._ends.get(limit)
        if high:
            count = self._counter.counts.get(limit.tokenizer)
            latest = end.latest if end else None
            line, sentence = where.start + ends.line, where.start + ends.sentence
            self._ends[limit] = LimitEnd(limit, count, offset, latest, offset, line, sentence)
            if count is not None and count.low <= limit.tokens < count.high:
                self._ends[limit] = replace(self._ends[limit], latest=len(self._buffer))
        elif end is not None:
            self._ends[limit] = replace(end, latest=offset)
        else:
            self._asked.pop(key, None)
            self._later.request()
        self.changed.emit()

    def _forget(self, limit: ModelLimit) -> None:
        self._ends.pop(limit, None)
        for high in (True, False):
            self._asked.pop((limit, high), None)
            self._worker.cancel(self._tickets.pop((limit, high), None))
