"""How many tokens a part of a text has when it is tokenized by itself, and how far so many tokens reach.

A part's own tokens are not always those that the whole text has there: at its edges nothing merges with what
stands outside. Between safe split points (see ``split_points``) they are the same. So a part is tokenized
chunk by chunk, and for another end only what stands behind the last split point is tokenized again.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.chunk_metrics import ColumnCounter, column_counter
from tokviz.analysis.count_plan import Decoder, make_decoder
from tokviz.analysis.tokens.characters import character_end, character_start
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_points import SafeSplitRule, Text
from tokviz.tokenization.splitting.split_policy import SplitPolicy, common_rule, split_policy_of
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokens import Provenance

_TYPICAL = 5
"""Bytes of a token, roughly: how much is tokenized first."""
_LEAST, _MOST = 1 << 10, 1 << 18
"""Bytes tokenized in one step."""
_CHUNK = 1 << 16
"""Bytes counted in one step."""
Columns = NDArray[np.int64]
"""The sums of the columns that a decoder reads."""
_NO_ENDS = np.zeros(0, np.int64)


class Gauge(Protocol):
    """Measures parts of one text by their tokens. All offsets are at the edges of characters."""

    def reach(self, start: int, most: int) -> int:
        """How far about ``most`` tokens from ``start`` reach: ``start`` if not over a whole character."""

    def end_before(self, start: int, end: int) -> int:
        """The last offset before ``end`` where a token of the part from ``start`` ends; ``start`` if there
        is none."""

    def count(self, start: int, end: int) -> int:
        """The tokens of the bytes ``start`` to ``end``, taken by themselves: of an estimate its high end."""

    def last_tokens(self, start: int, end: int, most: int) -> int:
        """Where the last ``most`` tokens (or fewer) of the part from ``start`` to ``end`` begin."""


class TokenGauge:
    """Measures by a tokenizer, which frames no text."""

    def __init__(
        self, text: Text, tokenizer: Tokenizer, policy: SplitPolicy, after: int | None = None
    ) -> None:
        """``after``: the tokens of what stands before ``text``, which then begins at a split point. They
        count for every part from its beginning."""
        self._text = text
        self._after = after
        self._tokenizer = tokenizer
        self._policy = policy
        self._forget(0)

    def reach(self, start: int, most: int) -> int:
        """See Gauge."""
        most -= self._before(start)
        self._extend(start, most)
        if self._reached == len(self._text) and len(self._ends) <= most:
            return len(self._text)
        return self._whole_character(min(most, len(self._ends)) - 1)

    def end_before(self, start: int, end: int) -> int:
        """See Gauge."""
        self._extend(start, 1)
        return self._whole_character(int(np.searchsorted(self._ends, end)) - 1)

    def count(self, start: int, end: int) -> int:
        """See Gauge."""
        split = -1
        if start == self._start and end <= self._reached:
            split = self._policy.rule.previous_split(self._text, start + 1, end)
        if split < 0:
            return self._before(start) + self._encoded(start, end, self._opens(start))
        before = int(np.searchsorted(self._ends, split, side="right"))
        return self._before(start) + before + self._encoded(split, end, False)

    def last_tokens(self, start: int, end: int, most: int) -> int:
        """See Gauge."""
        self._extend(start, 1)
        number = int(np.searchsorted(self._ends, end)) + 1 - most
        return min(character_end(self._text, int(self._ends[number - 1])), end) if number > 0 else start

    def _opens(self, start: int) -> bool:
        """Whether nothing stands before the part from ``start``."""
        return start > 0 or self._after is None

    def _before(self, start: int) -> int:
        """The tokens that count for a part from ``start`` besides its own."""
        return 0 if self._opens(start) else self._after or 0

    def _encoded(self, start: int, end: int, opens: bool) -> int:
        data = bytes(self._text[start:end])
        return len(self._policy.encode(self._tokenizer, data, opens)) if data else 0

    def _forget(self, start: int) -> None:
        """Measure from ``start`` now."""
        self._start = self._split = self._reached = start
        self._ends = _NO_ENDS
        """The ends of the tokens from ``start`` to ``reached``. Up to ``split`` they are the right ones."""

    def _extend(self, start: int, most: int) -> None:
        """Tokenize from ``start`` until more than ``most`` tokens are known, or all."""
        if start != self._start:
            self._forget(start)
        size = min(max(most * _TYPICAL, _LEAST), _MOST)
        while len(self._ends) <= most and self._reached < len(self._text):
            split = self._split_near(self._reached + size, size)
            end = split if split >= 0 else character_end(self._text, self._reached + size)
            end = min(end, len(self._text))
            known = int(np.searchsorted(self._ends, self._split, side="right"))
            part = bytes(self._text[self._split : end])
            opens = self._split == start and self._opens(start)
            tokens = self._policy.encode(self._tokenizer, part, opens)
            self._ends = np.concatenate([self._ends[:known], tokens.ends + self._split])
            self._reached = end
            if split >= 0:
                self._split = split
            else:  # where there are no split points, the whole part is tokenized again each time
                size *= 2

    def _split_near(self, offset: int, size: int) -> int:
        return self._policy.rule.next_split(self._text, offset, min(offset + size, len(self._text)))

    def _whole_character(self, number: int) -> int:
        """The end of the token of that number, or of the last one before it that ends with a character."""
        while number >= 0:
            end = int(self._ends[number])
            if character_start(self._text, end) == end:
                return max(end, self._start)
            number -= 1
        return self._start


class CountGauge:
    """Measures by counts that say nothing of boundaries: each character may be the last.

    ``high``: by the high end of an estimate, so that what is measured surely is no more; else by the low end.
    """

    def __init__(
        self,
        text: Text,
        counter: ColumnCounter,
        decoder: Decoder,
        rule: SafeSplitRule,
        high: bool = True,
        after: Columns | None = None,
    ) -> None:
        """``rule``: where a text may be split so that the columns of its chunks add up. ``after``: the
        columns of what stands before ``text``, as in TokenGauge."""
        self._text = text
        self._counter = counter
        self._decoder = decoder
        self._rule = rule
        self._high = high
        self._after = after

    def reach(self, start: int, most: int) -> int:
        """See Gauge."""
        before, low = self._before(start), start
        while low < len(self._text):
            end = self._chunk_end(low)
            opens = low == start and self._opens(start)
            columns = self._columns(low, end, opens)
            if self._tokens(before + columns) > most:
                return self._reach_within(before, low, end, most, opens)
            before, low = before + columns, end
        return len(self._text)

    def end_before(self, start: int, end: int) -> int:
        """See Gauge."""
        return max(character_start(self._text, max(end - 1, 0)), start)

    def count(self, start: int, end: int) -> int:
        """See Gauge."""
        sums, low = self._before(start), start
        while low < end:
            high = min(self._chunk_end(low), end)
            sums = sums + self._columns(low, high, low == start and self._opens(start))
            low = high
        return self._tokens(sums)

    def last_tokens(self, start: int, end: int, most: int) -> int:
        """See Gauge."""
        low, high = start, end
        while low < high:
            middle = character_start(self._text, (low + high) // 2)
            if self.count(middle, end) <= most:
                high = middle
            else:
                low = character_end(self._text, middle + 1)
        return high

    def _opens(self, start: int) -> bool:
        return start > 0 or self._after is None

    def _before(self, start: int) -> Columns:
        """The columns that count for a part from ``start`` besides its own."""
        none = np.zeros(len(self._decoder.sources), np.int64)
        return none if self._after is None or start > 0 else self._after

    def _reach_within(self, before: Columns, start: int, end: int, most: int, opens: bool) -> int:
        """How far ``most`` tokens reach into a chunk, which has too many, behind columns ``before`` it."""
        low, high = start, end
        while (middle := self._middle(low, high)) > low:
            if self._tokens(before + self._columns(start, middle, opens)) <= most:
                low = middle
            else:
                high = middle
        return low

    def _middle(self, low: int, high: int) -> int:
        """An offset between the two; ``low`` if there is none."""
        middle = character_start(self._text, (low + high) // 2)
        if middle <= low:
            middle = character_end(self._text, low + 1)
        return middle if middle < high else low

    def _columns(self, start: int, end: int, opens: bool) -> Columns:
        return self._counter(bytes(self._text[start:end]), opens)

    def _tokens(self, sums: Columns) -> int:
        count = self._decoder.count(sums)
        return count.high if self._high else count.low

    def _chunk_end(self, start: int) -> int:
        offset = start + _CHUNK
        if offset >= len(self._text):
            return len(self._text)
        split = self._rule.next_split(self._text, offset, len(self._text))
        return split if split >= 0 else len(self._text)


def make_gauge(
    registry: Registry, name: str, text: Text, after: Columns | None = None, high: bool = True
) -> Gauge:
    """What measures ``text`` by the tokenizer or estimator ``name``: where there are no boundaries to
    be had, by the counts alone. The registry's errors if it cannot be used. ``after``: the columns of what
    stands before ``text``, which begins at a split point then; ``high``: see CountGauge.
    """
    decoder = make_decoder(name)
    if decoder.provenance not in (Provenance.ESTIMATE, Provenance.RECONSTRUCTED):
        tokenizer = registry.get(name)
        policy = split_policy_of(registry.info(name), tokenizer, SpecialTokens.PLAIN)
        return TokenGauge(text, tokenizer, policy, None if after is None else int(after[0]))
    counter, rule = column_counter(registry, name), common_rule()
    return CountGauge(text, counter, decoder, rule, high, after)
