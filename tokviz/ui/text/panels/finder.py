"""Finds text and tokens in the text in short steps: the next, the one before, and how many there are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.tokens.search import (
    Matches,
    Search,
    SearchError,
    TextQuery,
    TokenIdSearch,
    TokenTextSearch,
    TooSlowError,
    search_ranges,
    text_search,
)
from tokviz.language import _
from tokviz.text.change import Change, Phase
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.tokens.shown_tokens import ShownTokens

_PAUSE = 250
"""Milliseconds after the last change of the text before it is counted again."""
_MOST = 1_000_000
"""Matches whose positions are remembered; more are counted only."""
_MOST_MARKED = 2_000


@dataclass(frozen=True, slots=True)
class TokenIdQuery:
    """All tokens with one id."""

    token_id: int


@dataclass(frozen=True, slots=True)
class TokenTextQuery:
    """All tokens that cover exactly these bytes."""

    data: bytes


Query = TextQuery | TokenIdQuery | TokenTextQuery


class Finder(QObject):
    """Looks for one query in one text, also while the text and its tokens change."""

    found = Signal(int, int, bool)
    """A match that was asked for: its start and end, and whether the search went round the text's end."""
    missed = Signal()
    """What was asked for is nowhere in the text (or in none of the tokens that are known)."""
    failed = Signal(str)
    """One sentence: why the search cannot go on."""
    changed = Signal()
    """The count, or what ``matches_in`` says, changed."""

    def __init__(self, shown: ShownTokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._query: Query | None = None
        self._search: Search | None = None
        self._count = 0
        self._reached = 0
        self._parts: list[NDArray[np.int64]] = []
        self._starts: NDArray[np.int64] | None = None
        self._counting = SlicedWork(self)
        self._looking = SlicedWork(self)
        self._pause = Debouncer(self._count_again, _PAUSE, self)
        shown.buffer.follow(Phase.VIEW, self._edited)
        shown.changed.connect(self._tokens_changed)

    @property
    def query(self) -> Query | None:
        """What is looked for; None for nothing."""
        return self._query

    @property
    def count(self) -> int:
        """How many matches there are, as far as they are counted."""
        return self._count

    @property
    def is_complete(self) -> bool:
        """Whether the whole text was counted, all tokens being known where they are looked for."""
        known = isinstance(self._query, TextQuery) or self._shown.settled is not None
        return self._starts is not None and known

    def look_for(self, query: Query | None) -> None:
        """Count the matches of another query; SearchError if it is no valid question."""
        self.stop()
        self._query, self._search = query, None
        self._forget()
        if query is not None:
            self._search = self._build(query)
            self._start_counting()
        self.changed.emit()

    def go(self, offset: int, backwards: bool = False) -> None:
        """Find the first match that begins at or after ``offset``, or the last that begins before it.

        Beyond the text's end the search goes on from the other end. ``found`` or ``missed`` tells later.
        """
        if self._search is not None:
            self._looking.start(self._steps(self._search, offset, backwards))

    def stop(self) -> None:
        """Look no further."""
        self._counting.stop()
        self._looking.stop()
        self._pause.cancel()

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where all matches begin; none while they are being counted."""
        return np.zeros(0, np.int64) if self._starts is None else self._starts

    def ordinal(self, start: int) -> int | None:
        """Which match (from 1) begins at ``start``; None if none does or that is not known."""
        if self._starts is None:
            return None
        at = int(np.searchsorted(self._starts, start))
        return at + 1 if at < len(self._starts) and int(self._starts[at]) == start else None

    def matches_in(self, start: int, end: int) -> list[tuple[int, int]]:
        """Start and end of the matches that begin in a part of the text, such as the one in sight."""
        if self._search is None or start >= end:
            return []
        try:
            matches = self._search.find(max(0, start), min(end, len(self._shown.buffer)))
        except TooSlowError:
            return []
        pairs = zip(matches.starts.tolist(), matches.ends.tolist(), strict=True)
        return [pair for pair, _ in zip(pairs, range(_MOST_MARKED), strict=False)]

    def _build(self, query: Query) -> Search:
        if isinstance(query, TextQuery):
            return text_search(self._shown.buffer, query)
        tokens = self._shown.tokens
        if tokens is None:
            raise SearchError(_("There are no tokens to look through."))
        if isinstance(query, TokenIdQuery):
            return TokenIdSearch(tokens, query.token_id)
        return TokenTextSearch(self._shown.buffer, tokens, query.data)

    def _steps(self, search: Search, offset: int, backwards: bool) -> Iterator[None]:
        length = len(self._shown.buffer)
        parts = ((0, offset), (offset, length)) if backwards else ((offset, length), (0, offset))
        try:
            for number, (low, high) in enumerate(parts):
                for matches in search_ranges(search, low, high, backwards):
                    if len(matches):
                        at = -1 if backwards else 0
                        self._looking.stop()
                        self.found.emit(int(matches.starts[at]), int(matches.ends[at]), number > 0)
                        return
                    yield
        except SearchError as error:
            self.failed.emit(str(error))
            return
        self.missed.emit()

    def _start_counting(self) -> None:
        assert self._search is not None
        self._forget()
        self._counting.start(self._count_steps(self._search))

    def _count_steps(self, search: Search) -> Iterator[None]:
        try:
            for number, matches in enumerate(search_ranges(search, 0, len(self._shown.buffer))):
                self._add(matches)
                if number % 32 == 0:
                    self.changed.emit()
                yield
        except SearchError as error:
            self.failed.emit(str(error))
            return
        self._starts = np.concatenate([np.zeros(0, np.int64), *self._parts])
        self._parts = []
        self.changed.emit()

    def _add(self, matches: Matches) -> None:
        # One that reached into this range from the one before may overlap the first here.
        starts = matches.starts[matches.starts >= self._reached]
        if len(matches):
            self._reached = max(self._reached, int(matches.ends[-1]))
        if self._count < _MOST:
            self._parts.append(starts)
        self._count += len(starts)

    def _forget(self) -> None:
        self._count = self._reached = 0
        self._parts, self._starts = [], None

    def _edited(self, _: Change) -> None:
        if self._query is not None:
            self.stop()
            self._starts = None
            self._pause.restart()

    def _tokens_changed(self) -> None:
        # An edit has set the clock already; beside it only searches for tokens see anything new.
        if self._query is not None and not isinstance(self._query, TextQuery):
            self._pause.restart()

    def _count_again(self) -> None:
        if self._query is None:
            return
        self._counting.stop()
        try:
            self._search = self._build(self._query)
        except SearchError as error:
            self._search = None
            self._forget()
            self.failed.emit(str(error))
            return
        self._start_counting()
