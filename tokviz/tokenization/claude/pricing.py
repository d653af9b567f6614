"""What the spans of a text cost: looked up where a span has been met before, else worked out."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.claude.cover import fewest_pieces
from tokviz.tokenization.claude.price_table import UNKNOWN, Keys, PriceTable, Strips
from tokviz.tokenization.claude.rewriting import Rewriter
from tokviz.tokenization.claude.spans import (
    CONTEXTS,
    WORD_CONTEXT,
    After,
    Before,
    Numbers,
    Part,
    Spans,
    Units,
)
from tokviz.tokenization.claude.vocabulary import Codes, Vocabulary

LONGEST = 128
"""Units of the longest span that is kept in the table."""
_MOST_LONG = 1 << 16
"""Longer spans whose prices are kept."""
_TOGETHER = 1 << 14
"""Spans hashed at once, few enough to stay in the processor's cache."""
_DIGITS_OF_A_TOKEN = 3
_BEFORE = {
    Before.TEXT: "",
    Before.TEXT_WITH_SPACE: "",
    Before.WORD: "a",
    Before.OTHER: "0",
    Before.SYMBOL: "Ⓐ",
}
_AFTER = {After.TEXT: "", After.WORD: "a", After.OTHER: "0"}
"""What is put around a gap to price it. What these cost themselves is taken away again."""
_BLANKS = WORD_CONTEXT + 1
"""That of runs of blanks."""
_BEFORE_CODES = np.array([*(ord(_BEFORE[before] or "\0") for before, _ in CONTEXTS), 0], np.uint32)
_AFTER_CODES = np.array([*(ord(_AFTER[after] or "\0") for _, after in CONTEXTS), 0], np.uint32)
_ENDS_TEXT = np.array([*(after is After.TEXT for _, after in CONTEXTS), False])
_WITH_SPACE = np.array([*(before is Before.TEXT_WITH_SPACE for before, _ in CONTEXTS), False])
_LINE_FEED = ord("\n")
_STAND_IN = 0x01
"""A control, which no normalized text holds and no piece; by itself one token."""


class Pricer:
    """Prices spans for one family. Keeps the prices of all short spans."""

    def __init__(self, rewriter: Rewriter, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rewriter = rewriter
        self._table = PriceTable()
        # The bytes of † in UTF-16 are those of two spaces in ASCII, so a width has seeds of its own.
        self._salts = {
            width: np.frombuffer(secrets.token_bytes(8 * _BLANKS + 8), np.uint64) for width in (1, 2, 4)
        }
        self._low = vocabulary.prices(np.arange(0x10000, dtype=np.uint32)).astype(np.int64)
        self._edges = np.zeros(len(After), np.int64)
        self._around = np.zeros(WORD_CONTEXT + 1, np.int64)
        self._long: dict[tuple[int, int, bytes], int] = {}
        self._tails: dict[int, int] = {0: 0}
        self.nothing = self._whole("")
        """Tokens of a text of which normalization leaves nothing."""
        # A word takes up the frame's mark, so what a digit costs alone tells what the frame adds to it.
        word = self._whole("a")
        around = {After.TEXT: 0, After.WORD: word, After.OTHER: self._whole("a0") - word}
        self._edges[After.OTHER] = self._whole("0") - around[After.OTHER]
        for context, (before, after) in enumerate(CONTEXTS):
            self._around[context] = around[after]
            if _BEFORE[before]:
                self._around[context] += self._whole(_BEFORE[before])

    def prices(self, units: Units, spans: Spans) -> Numbers:
        """Tokens of each span."""
        prices = np.zeros(len(spans.parts), np.int64)
        new: list[_New] = []
        strips = Strips(units)
        for first in range(0, len(prices), _TOGETHER):
            chunk = slice(first, first + _TOGETHER)
            unknown = self._look_up(units, strips, spans.part(chunk), prices[chunk])
            new.append(unknown.moved(first))
        self._price_new(units, spans, _New.joined(new), prices)
        return prices

    def _look_up(self, units: Units, strips: Strips, spans: Spans, prices: Numbers) -> "_New":
        """Fill in all prices that are known or simple; the others."""
        parts = spans.parts
        long = np.flatnonzero(spans.lengths > LONGEST)
        lengths = np.minimum(spans.lengths, LONGEST) if len(long) else spans.lengths
        keys = strips.keys(spans.starts, lengths, self._salts[units.itemsize].take(spans.contexts))
        prices[:] = self._table.find(keys)
        prices[long] = UNKNOWN
        digits = np.flatnonzero(parts == Part.DIGITS)
        prices[digits] = -(-spans.lengths[digits] // _DIGITS_OF_A_TOKEN)
        alone = np.flatnonzero(parts == Part.ALONE)
        if len(alone):
            prices[alone] = self._alone(units, spans.starts[alone], spans.lengths[alone])
        edges = np.flatnonzero(parts == Part.EDGE)
        prices[edges] = self._edges[spans.contexts[edges] % len(After)]
        unknown = np.flatnonzero(prices == UNKNOWN)
        short = unknown[spans.lengths[unknown] <= LONGEST] if len(long) else unknown
        return _New(short, keys[short], long[spans.parts[long] <= Part.WORD])

    def _price_new(self, units: Units, spans: Spans, new: "_New", prices: Numbers) -> None:
        """Fill in the prices of spans that have not been met, or are too long for the table."""
        keys, first, which = np.unique(new.keys, return_index=True, return_inverse=True)
        names = [self._name(units, spans, index) for index in new.long.tolist()]
        named = dict(zip(names, new.long.tolist(), strict=True))
        unknown = {name: index for name, index in named.items() if name not in self._long}
        chosen = np.concatenate([new.short[first], np.array([*unknown.values()], np.int64)])
        if len(chosen):
            costs = self._work_out(units, spans.starts[chosen], spans.lengths[chosen], spans.contexts[chosen])
            self._table.add(keys, costs[: len(keys)])
            prices[new.short] = costs[which]
            self._long.update(zip(unknown, costs[len(keys) :].tolist(), strict=True))
        prices[new.long] = [self._long[name] for name in names]
        if len(self._long) > _MOST_LONG:
            self._long.clear()

    def _name(self, units: Units, spans: Spans, index: int) -> tuple[int, int, bytes]:
        """What a long span is known by: in which context, of which width, and a hash."""
        start = int(spans.starts[index])
        span = np.ascontiguousarray(units[start : start + int(spans.lengths[index])])
        digest = blake2b(span.data, digest_size=16).digest()
        return int(spans.contexts[index]), units.itemsize, digest

    def _alone(self, units: Units, starts: Numbers, lengths: Numbers) -> Numbers:
        """Tokens of runs of letters that are priced one by one."""
        until = np.cumsum(lengths)
        places = np.repeat(starts - until + lengths, lengths) + np.arange(until[-1])
        letters = units[places].astype(np.uint32)
        prices = self._low[letters]
        high = np.flatnonzero((letters >= 0xD800) & (letters < 0xDC00))
        if len(high):
            codes = 0x10000 + ((letters[high] - 0xD800) << 10) + (letters[high + 1] - 0xDC00)
            prices[high] = self._vocabulary.prices(codes)
            prices[high + 1] = 0
        sums: Numbers = np.add.reduceat(prices, until - lengths)
        return sums

    def _work_out(self, units: Units, starts: Numbers, lengths: Numbers, contexts: Numbers) -> Numbers:
        """Tokens of words and gaps."""
        lengths, tails = lengths.copy(), np.zeros(len(starts), np.int64)
        for index in np.flatnonzero(_ENDS_TEXT[contexts]).tolist():
            gap = units[starts[index] : starts[index] + lengths[index]]
            kept = int(np.flatnonzero(np.append(True, gap != _LINE_FEED))[-1])
            tails[index] = self._tail(len(gap) - kept)
            lengths[index] = kept
        texts = _put_around(units, starts, lengths, _BEFORE_CODES[contexts], _AFTER_CODES[contexts])
        return self._costs(texts, _WITH_SPACE[contexts]) + tails - self._around[contexts]

    def _whole(self, text: str) -> int:
        """Tokens of one text that does not end in a line feed."""
        codes = np.frombuffer(f"\0{text}\0".encode("utf-32-le"), np.uint32)
        return int(self._costs(codes, np.array([False]))[0])

    def _tail(self, line_feeds: int) -> int:
        """Tokens of the line feeds that end a text. The frame puts two more behind them, and pays for the
        last piece of the run."""
        if line_feeds not in self._tails:
            surplus, tokens = self._vocabulary.runs.surplus("\n", line_feeds + 2)
            codes = np.full(line_feeds + 2 - surplus, _LINE_FEED, np.uint32)
            self._tails[line_feeds] = int(fewest_pieces(self._vocabulary, codes)[0][-1]) - 1 + tokens
        return self._tails[line_feeds]

    def _costs(self, texts: Codes, leading_space: NDArray[np.bool_]) -> Numbers:
        """Tokens of each of the texts, which are given as ``Rewriter.rewrite`` takes them."""
        codes = self._rewriter.rewrite(texts, leading_space).codes
        codes, more = self._vocabulary.runs.shorten(*self._without_blanks(codes))
        totals = fewest_pieces(self._vocabulary, codes)[0][:-1]
        return np.diff((totals + np.cumsum(more))[codes == 0])

    def _without_blanks(self, codes: Codes) -> tuple[Codes, Numbers]:
        """The texts with one character in place of several blanks in a row, and what has to be added at each
        character. Blanks share pieces with nothing else, and a few runs of them come again and again, with
        more pieces in them than in all the rest."""
        blank = _is_blank(codes)
        starts = np.flatnonzero(blank & ~np.append(False, blank[:-1]))
        lengths = np.flatnonzero(blank & ~np.append(blank[1:], False)) + 1 - starts
        several = (lengths > 1) & (lengths <= LONGEST)
        starts, lengths = starts[several], lengths[several]
        keys = Strips(codes).keys(starts, lengths, np.full(len(starts), self._salts[4][_BLANKS]))
        prices = self._table.find(keys)
        missing = np.flatnonzero(prices == UNKNOWN)
        if len(missing):
            new, first, which = np.unique(keys[missing], return_index=True, return_inverse=True)
            none = np.zeros(len(new), np.uint32)
            runs = _put_around(codes, starts[missing[first]], lengths[missing[first]], none, none)
            costs = np.diff(fewest_pieces(self._vocabulary, runs)[0][:-1][runs == 0])
            self._table.add(new, costs)
            prices[missing] = costs[which]
        codes, more = codes.copy(), np.zeros(len(codes), np.int64)
        codes[starts] = _STAND_IN
        more[starts] = prices - 1
        removed = np.zeros(len(codes) + 1, np.int64)
        removed[starts + 1] += 1
        removed[starts + lengths] -= 1
        kept = np.cumsum(removed[:-1]) == 0
        return codes[kept], more[kept]


@dataclass(frozen=True, slots=True)
class _New:
    """Spans whose price has to be worked out."""

    short: Numbers
    """Which spans; those with the same key are the same."""
    keys: Keys
    long: Numbers

    def moved(self, by: int) -> "_New":
        """The same in a longer row of spans."""
        return _New(self.short + by, self.keys, self.long + by)

    @staticmethod
    def joined(all_new: "Sequence[_New]") -> "_New":
        """All of them."""
        return _New(
            np.concatenate([new.short for new in all_new]),
            np.concatenate([new.keys for new in all_new]),
            np.concatenate([new.long for new in all_new]),
        )


def _is_blank(codes: Codes) -> NDArray[np.bool_]:
    blank: NDArray[np.bool_] = (codes == 0x20) | (codes == 0x0A) | (codes == 0x09) | (codes == 0x3000)
    return blank


def _put_around(units: Units, starts: Numbers, lengths: Numbers, before: Codes, after: Codes) -> Codes:
    """Spans of units as texts, each between two characters, of which 0 is none; a 0 around each text."""
    sizes = (before != 0) + lengths + (after != 0) + 1
    until = 1 + np.cumsum(sizes)
    codes = np.zeros(int(until[-1]), np.uint32)
    codes[until - 2] = after
    codes[until - sizes] = before
    inside = np.cumsum(lengths) - lengths
    offsets = np.arange(int(lengths.sum()))
    places = np.repeat(until - sizes + (before != 0) - inside, lengths) + offsets
    codes[places] = units[np.repeat(starts - inside, lengths) + offsets]
    codes[until - 1] = 0
    return codes
