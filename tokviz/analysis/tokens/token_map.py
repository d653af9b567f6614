"""The tokens of one text under one tokenizer, kept right through edits.

The text is held as a list of pieces between safe cuts (`split_points`), each with its own tokens. An
edit disturbs only the stretch between the last cut before it and the first after it; that stretch is
tokenized again, and the rest stays right as it is. **Every boundary between two pieces is a safe cut of the
text as it is now**: this is what makes the pieces' tokens, one after the other, the text's tokens.

Nothing here tokenizes. Whoever owns the map asks it what to tokenize next (`next_stretches`), has that done
elsewhere, and hands the tokens back (`deliver`), in any order and however late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.token_list import TokenList, TokenRun
from tokviz.analysis.tokens.token_map_chunks import UNKNOWN, TokenChunk, join, stale_chunk, stretched, unknown
from tokviz.tokenization.splitting.split_points import REACH, SafeSplitRule, Text

__all__ = ["UNKNOWN", "Request", "TokenMap", "TokenRun"]

STRETCH = 1 << 18
"""Bytes to tokenize in one request, unless the caller says otherwise; pieces are joined up to this too."""
_SMALL = 1 << 14
"""A stretch of this many bytes is not worth dividing further."""
_NEAR = 1 << 18
"""How far from a place a cut is looked for before the piece's own end is taken."""
_SHOWN = 1 << 16
"""How far from an edit old tokens are still shown while the right ones are on their way."""
_BUDGET = 1 << 20
"""Bytes searched for cuts in one call (2 ns each, or ten times that where every one nearly is a cut)."""


@dataclass(frozen=True, slots=True)
class Request:
    """Bytes ``start`` to ``end`` of the text wait to be tokenized; hand in the tokens under ``key``."""

    key: int
    start: int
    end: int


class TokenMap(TokenList):
    """The tokens of a text of ``length`` bytes, all unknown at first. Offsets are bytes, indices tokens."""

    def __init__(
        self,
        length: int,
        rule: SafeSplitRule,
        prefix: Sequence[int] = (),
        suffix: Sequence[int] = (),
        backdrop: TokenRun | None = None,
    ) -> None:
        """``prefix`` and ``suffix``: ids that the model adds around the text, which cover no byte of it.

        ``backdrop``: boundaries to show as stale until the right tokens come (another tokenizer's, say).
        """
        super().__init__(
            [stale_chunk(length, backdrop.ends) if backdrop else unknown(length)], prefix, suffix
        )
        self._rule = rule
        self._keys = count(1)
        self._searching = False

    @property
    def searching(self) -> bool:
        """Whether the last ``next_stretches`` ended before it had looked everywhere: call it again."""
        return self._searching

    @property
    def under_way(self) -> set[int]:
        """The keys of the stretches given out, not delivered and not disturbed."""
        return {piece.key for piece in self._pieces if piece.key}

    def edited(self, start: int, removed: int, inserted: int, text: Text) -> tuple[int, int]:
        """Take in that ``removed`` bytes at ``start`` gave way to ``inserted`` others; ``text`` is the whole
        text after that. Returns the range (start, end) whose tokens are stale now."""
        end, delta = start + removed, inserted - removed
        if not 0 <= start <= end <= len(self) or len(text) != len(self) + delta:
            raise ValueError(
                f"an edit at byte {start} from {removed} to {inserted} bytes does not lead from a text of "
                f"{len(self)} bytes to one of {len(text)}"
            )
        left, right = self._absorbing(self._cut_before(start, text), self._cut_after(end, delta, text))
        shown_from, shown_to = max(left, start - _SHOWN), min(right, end + _SHOWN)
        before, behind = self._shown(shown_from, start), self._shown(end, shown_to)
        # What was inserted belongs to the token before it, or at the text's beginning to the first.
        if before.length or not behind.length:
            before = stretched(before, inserted)
        else:
            behind = stretched(behind, inserted, first=True)
        old_tokens = join([unknown(shown_from - left), before, behind, unknown(right - shown_to)])
        old_tokens.fresh = False
        self._put(left, right, old_tokens)
        return left, right + delta

    def next_stretches(
        self, text: Text, visible: tuple[int, int], limit: int = 1, size: int = STRETCH
    ) -> list[Request]:
        """At most ``limit`` stretches to tokenize next: first what is ``visible`` (start, end), then what
        follows it, then the rest, ``size`` bytes each or up to the next cut. ``text`` is the text as it is.

        A stretch is given out once, until an edit disturbs it or it is abandoned. Where cuts are far apart
        the search for one may need more than one call: see ``searching``.
        """
        search = _Search(self._rule, text)
        found: list[Request] = []
        while len(found) < limit and not search.exhausted:
            place = self._visible_place(search, *visible) or self._following_place(search, visible[0], size)
            if place is None:
                break
            found.append(self._give_out(*place))
        self._searching = search.exhausted
        return found

    def deliver(self, key: int, ids: NDArray[np.uint32], ends: NDArray[np.integer]) -> tuple[int, int] | None:
        """Put in the tokens of the stretch given out under ``key``; ``ends`` count bytes from its start.

        Returns the range of the text that has its right tokens now, or None if an edit has overtaken them.
        ValueError if they do not cover the stretch (there may be none at all, where the tokenizer drops it).
        """
        number = next((n for n, piece in enumerate(self._pieces) if piece.key == key), None)
        if number is None or not key:
            return None
        length = self._pieces[number].length
        if len(ids) != len(ends) or (len(ends) and int(ends[-1]) != length):
            raise ValueError(f"these {len(ids)} tokens do not cover the {length} bytes asked for")
        start = self._starts[number + self._before]
        self._pieces[number] = TokenChunk(length, ids, ends.astype(np.uint32, copy=False), True)
        low, high = self._joinable(number)
        self._pieces[low:high] = [join(self._pieces[low:high])]
        self._lay_out()
        return start, start + length

    def abandon(self, key: int | None = None) -> None:
        """Nobody works on the stretch given out under ``key`` (None: on any of them) any more."""
        for piece in self._pieces:
            if key is None or piece.key == key:
                piece.key = 0

    def _give_out(self, start: int, end: int) -> Request:
        """Make these bytes a piece that is under way."""
        piece = self._shown(start, end)
        self._put(start, end, piece)
        piece.key = next(self._keys)
        return Request(piece.key, start, end)

    def _waiting(self, number: int) -> bool:
        return not self._all[number].fresh and not self._all[number].key

    def _visible_place(self, search: "_Search", start: int, end: int) -> tuple[int, int] | None:
        """What to tokenize so that the visible bytes become known, as far as cuts near them are found."""
        for number in range(max(self._number_at(start), 0), len(self._all)):
            base, length = self._starts[number], self._all[number].length
            if base >= end:
                break
            if not self._waiting(number):
                continue
            low = search.before(base, max(start, base))
            high = search.after(min(end, base + length), base + length)
            if low is not None and high is not None:
                return low, high
        return None

    def _following_place(self, search: "_Search", start: int, size: int) -> tuple[int, int] | None:
        """The next ``size`` bytes that wait, from ``start`` on and round from the beginning of the text."""
        first = max(self._number_at(start), 0)
        for number in chain(range(first, len(self._all)), range(first)):
            if self._waiting(number):
                piece, base = self._all[number], self._starts[number]
                end = search.divide(base, base + piece.length, size, piece.searched)
                if end is not None:
                    return base, end
                piece.searched = search.reached - base
                return None
        return None

    def _joinable(self, number: int) -> tuple[int, int]:
        """Which of ``_pieces`` around this one to join: fresh, and together no longer than a stretch."""
        low, high, length = number, number + 1, self._pieces[number].length
        if low and self._pieces[low - 1].fresh and length + self._pieces[low - 1].length <= STRETCH:
            low -= 1
            length += self._pieces[low].length
        if high < len(self._pieces) and self._pieces[high].fresh:
            high += length + self._pieces[high].length <= STRETCH
        return low, high

    def _cut_before(self, start: int, text: Text) -> int:
        """The last known cut that an edit at ``start`` leaves standing, before and after it."""
        limit = start - REACH
        if limit <= 0:
            return 0
        piece_start = self._starts[self._number_at(limit)]
        cut = self._rule.previous_split(text, max(piece_start + 1, limit - _NEAR), limit)
        return piece_start if cut < 0 else cut

    def _cut_after(self, end: int, delta: int, text: Text) -> int:
        """The first known cut that an edit up to ``end`` (before it) leaves standing, as an old offset."""
        limit = end + REACH
        if limit >= len(self):
            return len(self)
        number = self._number_at(limit - 1)
        piece_end = self._starts[number] + self._all[number].length
        cut = self._rule.next_split(text, limit + delta, min(piece_end - 1, limit + _NEAR) + delta)
        return piece_end if cut < 0 else cut - delta

    def _absorbing(self, left: int, right: int) -> tuple[int, int]:
        """The range made wider by what small pieces at its edges wait for anyway."""
        for number in (self._number_at(left), self._number_at(max(right - 1, 0))):
            if 0 <= number < len(self._all):
                piece, base = self._all[number], self._starts[number]
                if not piece.fresh and piece.length <= _SMALL:
                    left, right = min(left, base), max(right, base + piece.length)
        return left, right


class _Search:
    """Looks for cuts where stretches may be divided, within a budget of bytes."""

    def __init__(self, rule: SafeSplitRule, text: Text) -> None:
        self._rule = rule
        self._text = text
        self._left = _BUDGET
        self.reached = 0
        """Where the last search of ``divide`` that ran out of budget ended."""

    @property
    def exhausted(self) -> bool:
        return self._left <= 0

    def before(self, low: int, offset: int) -> int | None:
        """The last cut near and not after ``offset``, or ``low`` (a cut) if that is near; else None."""
        if offset - low <= _SMALL:
            return low
        bound = max(low + 1, offset - _NEAR)
        cut = self._rule.previous_split(self._text, bound, offset)
        self._left -= offset - max(cut, bound)
        return cut if cut >= 0 else low if bound == low + 1 else None

    def after(self, offset: int, high: int) -> int | None:
        """The first cut near and not before ``offset``, or ``high`` (a cut) if that is near; else None."""
        if high - offset <= _SMALL:
            return high
        bound = min(high - 1, offset + _NEAR)
        cut = self._rule.next_split(self._text, offset, bound)
        self._left -= (cut if cut >= 0 else bound) - offset
        return cut if cut >= 0 else high if bound == high - 1 else None

    def divide(self, low: int, high: int, size: int, searched: int) -> int | None:
        """Where the first ``size`` bytes of ``low`` to ``high`` end at a cut (or ``high``); None if the
        budget ran out first. Up to ``low + searched`` there is none."""
        if high - low <= size + _SMALL:
            return high
        if searched <= size:
            cut = self._rule.previous_split(self._text, low + size // 2, low + size)
            self._left -= low + size - max(cut, low + size // 2)
            if cut >= 0:
                return cut
        start = low + max(size, searched)
        stop = min(high - 1, start + max(self._left, _NEAR))
        cut = self._rule.next_split(self._text, start, stop)
        self._left -= (cut if cut >= 0 else stop) - start
        if cut >= 0:
            return cut
        self.reached = stop + 1
        return high if stop == high - 1 else None
