"""The tokens of one text under one tokenizer, kept right through changes of the text: see ``range_map``.

A change makes the tokens stale between the last safe split point before it and the first after it; that range
is tokenized again, and the rest stays valid as it is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.range_map import NEAR, SMALL, Request, SplitSearch
from tokviz.analysis.tokens.token_list import TokenList, TokenRun
from tokviz.analysis.tokens.token_map_chunks import UNKNOWN, TokenChunk, join, unknown, unknown_tokens
from tokviz.text.change import Change
from tokviz.tokenization.splitting.split_points import REACH, SafeSplitRule, Text

__all__ = ["UNKNOWN", "Request", "TokenMap", "TokenRun"]

CHUNK = 1 << 18
"""Bytes to tokenize in one request, unless the caller says otherwise; chunks are joined up to this too."""
_SHOWN = 1 << 16
"""How far from a change old tokens are still shown while the right ones are on their way."""


class TokenMap(TokenList):
    """The tokens of a text of ``length`` bytes, all unknown at first. Offsets are bytes, indices tokens."""

    def __init__(
        self,
        length: int,
        rule: SafeSplitRule,
        prefix: Sequence[int] = (),
        suffix: Sequence[int] = (),
        stale: TokenRun | None = None,
    ) -> None:
        """``prefix`` and ``suffix``: ids that the model adds around the text, which cover no byte of it.

        ``stale``: tokens (another tokenizer's, say) whose boundaries to show until the right ones come.
        """
        super().__init__([unknown_tokens(length, stale.ends) if stale else unknown(length)], prefix, suffix)
        self._rule = rule

    def apply(self, change: Change, text: Text) -> tuple[int, int]:
        """Make the tokens that ``change`` disturbs stale; ``text`` is the whole text after it. Returns their
        range (start, end)."""
        if change.old_length != len(self) or len(text) != len(self) + change.delta:
            raise ValueError(
                f"a change at byte {change.start} from {change.removed} to {change.inserted} bytes does not "
                f"lead from a text of {len(self)} bytes to one of {len(text)}"
            )
        left, right = self._disturbed(change, text)
        start, end = change.start, change.start + change.removed
        shown_from, shown_to = max(left, start - _SHOWN), min(right, end + _SHOWN)
        before, behind = join(self._parts(shown_from, start)), join(self._parts(end, shown_to))
        # What was inserted belongs to the token before it, or at the text's beginning to the first.
        if before.length or not behind.length:
            before = before.stretched(change.inserted)
        else:
            behind = behind.stretched(change.inserted, first=True)
        old_tokens = join([unknown(shown_from - left), before, behind, unknown(right - shown_to)])
        old_tokens.valid = False
        old_tokens.ends[-1:] = old_tokens.length  # after blanks without tokens
        self._replace(left, right, old_tokens)
        return left, right + change.delta

    def next_request(self, text: Text, visible: tuple[int, int], size: int = CHUNK) -> Request | None:
        """What to tokenize next: first what is ``visible`` (start, end), then what follows it, then the rest,
        ``size`` bytes each or up to the next split point. ``text`` is the text as it is.

        A range is requested once, until a change disturbs it or it is abandoned. Where split points are far
        apart the search for one may need more than one call: see ``searching``.
        """
        search = SplitSearch(self._rule, text)
        request = self._request_visible(search, *visible)
        if request is None and (number := self._next_waiting(visible[0])) is not None:
            request = self._request_first(number, size, search)
        return request

    def deliver(self, key: int, ids: NDArray[np.uint32], ends: NDArray[np.integer]) -> tuple[int, int] | None:
        """Apply the tokens of the range requested under ``key``; ``ends`` count bytes from its start.

        Returns the range of the text that has its right tokens now, or None if a change has overtaken them.
        ValueError if they do not cover the range (there may be none at all, where the tokenizer drops it).
        """
        number = self._number_of(key)
        if number is None:
            return None
        start, length = self._starts[number], self._chunks[number].length
        if len(ids) != len(ends) or (len(ends) and int(ends[-1]) != length):
            raise ValueError(f"these {len(ids)} tokens do not cover the {length} bytes asked for")
        self._chunks[number] = TokenChunk(length, ids, ends.astype(np.uint32, copy=False), True)
        around = self._joinable(number)
        if around.stop - around.start > 1:
            self._chunks[around] = [join(self._chunks[around])]
        self._lay_out()
        return start, start + length

    def _request_visible(self, search: SplitSearch, start: int, end: int) -> Request | None:
        """Ask for the visible bytes, as far as split points near them are found."""
        numbers = self._between(start, end)
        for number in filter(self._is_waiting, range(numbers.start, numbers.stop)):
            base, stop = self._starts[number], self._end_of(number)
            low = search.before(base, max(start, base))
            high = search.after(min(end, stop), stop)
            if low is not None and high is not None:
                return self._request(number, low, high)
        return None

    def _joinable(self, number: int) -> slice:
        """Which chunks around this one to join: valid, and together no longer than a request, unless the
        second has no tokens: then its bytes are the first one's."""
        low, high, length = number, number + 1, self._chunks[number].length
        # Neither the first nor the last chunk: they frame the text.
        if low > 1 and self._chunks[low - 1].valid:
            before = self._chunks[low - 1].length
            if length + before <= CHUNK or not len(self._chunks[low].ids):
                low -= 1
                length += before
        if high < len(self._chunks) - 1 and self._chunks[high].valid:
            high += length + self._chunks[high].length <= CHUNK or not len(self._chunks[high].ids)
        return slice(low, high)

    def _disturbed(self, change: Change, text: Text) -> tuple[int, int]:
        """The range (as of before ``change``) between the nearest split points that it leaves standing, and
        what small chunks there wait for anyway."""
        left, right = self._touched(change)
        limit = change.start - REACH
        split = self._rule.previous_split(text, max(left + 1, limit - NEAR), limit)
        left = split if split >= 0 else left
        limit = change.start + change.inserted + REACH
        split = self._rule.next_split(text, limit, min(right - 1 + change.delta, limit + NEAR))
        right = split - change.delta if split >= 0 else right
        for number in {self._number_at(left), self._number_at(right - 1)}:
            if not self._chunks[number].valid and self._chunks[number].length <= SMALL:
                left, right = min(left, self._starts[number]), max(right, self._end_of(number))
        return left, right
