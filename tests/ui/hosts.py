"""What tests of the panels around the text share: a text with its tokens, without a worker process."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from tests.analysis.tokens.known_tokens import registry
from tokviz.analysis.tokens.token_map import Request, TokenMap
from tokviz.assets import Assets
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Phase
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.tokens.shown_tokens import ShownTokens
from tokviz.ui.tokens.token_facts import TokenFacts
from tokviz.worker.jobs import Job, Reporter, WorkerContext


@cache
def worker_context() -> WorkerContext:
    return WorkerContext(Assets())


@cache
def theme(name: str = "light") -> Theme:
    return Themes(Assets()).load(name)


def whole(tokens: TokenMap, data: bytes) -> Request | None:
    """The one request (none of an empty text) of a map without split points: the whole text."""
    while not (request := tokens.next_request(data, (0, len(data)))) and tokens.searching:
        pass
    return request


class HereWorker(QObject):
    """Does jobs in this process, in the event loop's next turn, and remembers them."""

    def __init__(self, context: WorkerContext | None = None) -> None:
        """``context``: what jobs work with, if it is not that of all others."""
        super().__init__()
        self._context = context or worker_context()
        self.jobs: list[Job] = []
        self.counts: Path | None = None
        self._cancelled: set[int] = set()
        self._closed = False

    def submit(
        self,
        job: Job,
        done: Callable[[Any], None],
        failed: Callable[[str], None],
        progress: Callable[[Any], None] | None = None,
    ) -> int:
        self.jobs.append(job)
        ticket = len(self.jobs)

        def perform() -> None:
            if self._closed or ticket in self._cancelled:
                return
            try:
                result = job.perform(self._context, Reporter(progress or (lambda _: None), lambda: True))
            except Exception as error:
                failed(str(error))
            else:
                done(result)

        QTimer.singleShot(0, self, perform)
        return ticket

    def cancel(self, ticket: int | None) -> None:
        if ticket is not None:
            self._cancelled.add(ticket)

    def close(self) -> None:
        """Deliver nothing any more: who asked is gone."""
        self._closed = True


class StillTokens(QObject):
    """Owns the tokens of a buffer as ``Tokenizing`` does, all at once."""

    map_changed = Signal(object)
    tokens_changed = Signal(int, int)

    def __init__(self, buffer: TextBuffer, name: str, mode: SpecialTokens) -> None:
        super().__init__()
        self._buffer = buffer
        self.choose(name, mode)
        buffer.follow(Phase.DERIVED, lambda _: self.choose(self.tokenizer, self.mode))

    def choose(self, name: str, mode: SpecialTokens = SpecialTokens.PLAIN) -> None:
        self.tokenizer, self.mode = name, mode
        data = self._buffer.snapshot()
        tokenizer = registry().get(name, mode)
        self.special_tokens: Mapping[int, str] = tokenizer.special_tokens
        tokens = tokenizer.encode(data)
        starts = np.concatenate(([0], tokens.ends[:-1])).astype(np.int64)
        before = int(np.argmax(tokens.ends > starts)) if data else len(tokens)
        after = int(np.argmax((tokens.ends > starts)[::-1])) if data else 0
        stop = len(tokens) - after
        self.map: TokenMap | None = TokenMap(
            len(data), SafeSplitRule.never(), tokens.ids[:before].tolist(), tokens.ids[stop:].tolist()
        )
        if request := whole(self.map, data):
            self.map.deliver(request.key, tokens.ids[before:stop], tokens.ends[before:stop])
        self.map_changed.emit(self.map)

    def forget(self) -> None:
        """Know no token any more, as after another tokenizer was chosen."""
        self.map = TokenMap(len(self._buffer), SafeSplitRule.never())
        self.map_changed.emit(self.map)


class Host:
    """A text and everything a panel reads."""

    def __init__(
        self, data: bytes, name: str = "o200k_base", mode: SpecialTokens = SpecialTokens.PLAIN
    ) -> None:
        self.buffer = TextBuffer(data)
        self.worker = HereWorker()
        self.owner = StillTokens(self.buffer, name, mode)
        self.facts = TokenFacts(self.worker)
        self.shown = ShownTokens(self.buffer, self.owner, registry(), self.facts)

    @property
    def tokens(self) -> TokenMap:
        assert self.owner.map is not None
        return self.owner.map
