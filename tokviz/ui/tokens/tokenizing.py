"""Keeps the tokens of a text buffer: what is edited is tokenized again by the worker, what is in sight first.

Everything here is quick: a step searches a few kilobytes for split points, copies one range of the text for
the worker, or puts one range's tokens in their place.
"""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from tokviz.analysis.tokens.token_list import NO_TOKENS
from tokviz.analysis.tokens.token_map import CHUNK, TokenMap, TokenRun
from tokviz.language import _
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.tokens.request_pump import RequestPump, Submitter
from tokviz.worker.jobs import Job
from tokviz.worker.token_map_jobs import Prepared, PrepareTokenizer, RangeTokens, TokenizeRange

_SECONDS = 0.006
"""How long the worker should be busy with one request."""
_LEAST = 1 << 14
"""Bytes of a request even for the slowest tokenizer."""
_PATIENCE = 40
"""Milliseconds that the right tokens may take before it is shown that the old ones are stale: they come in
two or three, and colours should not flash at each key."""
_AROUND = 1 << 16
"""Bytes before and after what is in sight of which the other tokenizer's boundaries are still shown."""


class Tokenizing(QObject):
    """Owns the token map of one buffer under the chosen tokenizer and brings it up to date.

    Until the right tokens come the old ones are in the map, marked as stale and moved with the text; after
    another tokenizer was chosen, the old one's boundaries in sight.
    """

    map_changed = Signal(object)
    """Another ``TokenMap`` is in force, or None: no tokenizer can be used."""
    tokens_changed = Signal(int, int)
    """The tokens of these bytes are others now, and perhaps the indices of those after them."""
    progressed = Signal(int, int)
    """So many bytes of so many have their right tokens."""
    settled = Signal(int)
    """Every token is right; their count."""
    failed = Signal(str)
    """The tokenizer cannot be used, or a range could not be tokenized: one sentence."""
    recovered = Signal(str)
    """What this sentence told of is over: another tokenizer is chosen, or the same one again."""

    def __init__(self, buffer: TextBuffer, worker: Submitter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buffer = buffer
        self._worker = worker
        self._tokenizer = ""
        self._mode = SpecialTokens.PLAIN
        self._map: TokenMap | None = None
        self._prepared: Prepared | None = None
        self._preparing: int | None = None
        self._pump = RequestPump(worker, self, self)
        self._visible = (0, 0)
        self._size = _LEAST
        self._failure = ""
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._go_on)
        self._late = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._late.timeout.connect(self._show_stale)
        buffer.follow(Phase.DERIVED, self._apply)

    @property
    def map(self) -> TokenMap | None:
        """The tokens as they are known; None before a tokenizer is chosen, or if it cannot be used."""
        return self._map

    def tokens_in(self, start: int, end: int) -> TokenRun:
        """The tokens of these bytes as they are to be drawn: right after an edit those of before pass for
        right ones. Without a map there are none."""
        if self._map is None:
            return NO_TOKENS
        return self._map.shown_in(start, end) if self._late.isActive() else self._map.tokens_in(start, end)

    @property
    def tokenizer(self) -> str:
        """The chosen tokenizer's name; empty before one is chosen."""
        return self._tokenizer

    @property
    def mode(self) -> SpecialTokens:
        """What is done with the text of special tokens."""
        return self._mode

    @property
    def special_tokens(self) -> Mapping[int, str]:
        """The chosen tokenizer's special tokens by id, with their text; empty until it is loaded."""
        return self._prepared.special_tokens if self._prepared else {}

    @property
    def failure(self) -> str:
        """Why there are no tokens, or not all; empty if nothing failed."""
        return self._failure

    @property
    def is_settled(self) -> bool:
        """Whether every token of the text is right."""
        return self._prepared is not None and self.map is not None and self.map.complete

    def choose(self, tokenizer: str, mode: SpecialTokens = SpecialTokens.PLAIN) -> None:
        """Tokenize with ``tokenizer`` from now on. Choosing the same one again tries it again."""
        self._forget_work()
        if self._failure:
            self.recovered.emit(self._failure)
        self._tokenizer, self._mode, self._prepared, self._failure = tokenizer, mode, None, ""
        self._size = _LEAST
        self._preparing = self._worker.submit(
            PrepareTokenizer(tokenizer, mode), self._take_prepared, partial(self._fail, fatal=True)
        )
        # Nothing may be requested yet: which split points are safe is not known.
        self._set_map(self._new_map(SafeSplitRule.never()))

    def set_visible(self, start: int, end: int) -> None:
        """These bytes are in sight: they come first."""
        self._visible = (start, end)
        self._pump.fill()

    def close(self) -> None:
        """Stop for good: nothing is asked of the worker any more."""
        self._forget_work()
        self._prepared = None
        self._map = None

    def _take_prepared(self, prepared: Prepared) -> None:
        self._preparing = None
        self._prepared = prepared
        self._set_map(self._new_map(prepared.split_policy.rule, prepared.prefix, prepared.suffix))
        self._pump.fill()
        self._announce()

    def _new_map(
        self, rule: SafeSplitRule, prefix: tuple[int, ...] = (), suffix: tuple[int, ...] = ()
    ) -> TokenMap:
        start, end = max(self._visible[0] - _AROUND, 0), self._visible[1] + _AROUND
        stale = self.map.tokens_in(start, end) if self.map else None
        return TokenMap(len(self._buffer), rule, prefix, suffix, stale)

    def _set_map(self, token_map: TokenMap | None) -> None:
        self._map = token_map
        self.map_changed.emit(token_map)

    def _apply(self, change: Change) -> None:
        if self._map is None:
            return
        if change.keeps_nothing and self._failure:  # of a range of the text that is gone
            self.recovered.emit(self._failure)
            self._failure = ""
        changed = self._map.apply(change, self._buffer.text)
        self._again.start()
        if self._map.is_known(*changed):  # nothing is left there, so nothing will arrive
            self.tokens_changed.emit(*changed)
        elif not self._late.isActive():
            self._late.start()

    def _go_on(self) -> None:
        """Ask for what an edit made stale."""
        self._pump.fill()
        self._announce()

    def _show_stale(self) -> None:
        if self._map is not None and not self._map.is_known(*self._visible):
            self.tokens_changed.emit(*self._visible)

    def next_request(self) -> tuple[int, Job] | None:
        """The range that is to be tokenized next."""
        if self._prepared is None or self._map is None:
            return None
        request = self._map.next_request(self._buffer.text, self._visible, self._size)
        if request is None:
            return None
        data, policy = self._buffer.slice(request.start, request.end), self._prepared.split_policy
        return request.key, TokenizeRange(self._tokenizer, self._mode, policy, request.start == 0, data)

    def deliver(self, key: int, result: RangeTokens) -> None:
        """Apply a range's tokens, and ask on."""
        size = int(result.ends[-1]) if self._map and len(result.ends) else 0
        if size >= _LEAST:
            possible = int(size * _SECONDS / max(result.seconds, 1e-6))
            self._size = max(_LEAST, min(possible, 2 * self._size, CHUNK))
        try:
            changed = self._map.deliver(key, result.ids, result.ends) if self._map else None
        except ValueError as error:
            self._fail(_("{tokenizer} went wrong: {error}.", tokenizer=self._tokenizer, error=error))
            return
        self._pump.fill()
        if changed:
            self.tokens_changed.emit(*changed)
        self._announce()

    def give_up(self, sentence: str) -> None:
        """Tell that a range could not be tokenized, and ask on."""
        self._fail(sentence)
        self._pump.fill()

    def _announce(self) -> None:
        if self._map is None or self._prepared is None:
            return
        self.progressed.emit(self._map.known_bytes, len(self._map))
        if self._map.count is not None:
            self.settled.emit(self._map.count)

    def _fail(self, sentence: str, fatal: bool = False) -> None:
        self._failure = sentence
        if fatal:
            self._preparing = None
            self._set_map(None)
        self.failed.emit(sentence)

    def _forget_work(self) -> None:
        self._worker.cancel(self._preparing)
        self._preparing = None
        self._pump.cancel_all()
