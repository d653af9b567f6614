"""What the spans of a text cost: looked up where a span has been met before, else worked out."""

import secrets
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.claude.characters import Characters
from tokviz.tokenization.claude.cover import fewest_pieces
from tokviz.tokenization.claude.families import Family
from tokviz.tokenization.claude.price_table import Keys, PriceTable
from tokviz.tokenization.claude.rewriting import Rewriter
from tokviz.tokenization.claude.spans import After, Before, Numbers, Part, Spans, Units
from tokviz.tokenization.claude.vocabulary import Vocabulary

_LONGEST = 64
"""Units of the longest span that is kept by its hash: those of long texts can be made to meet."""
_TOGETHER = 1 << 15
"""Spans looked up at once."""
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
_CONTEXTS = [(before, after) for before in Before for after in After]
_WORD = len(_CONTEXTS)
"""The context of words, which is none."""


class Pricer:
    """Prices spans for one family. Keeps the prices of all short spans."""

    def __init__(self, family: Family, vocabulary: Vocabulary, characters: Characters) -> None:
        self._vocabulary = vocabulary
        self._rewriter = Rewriter(family, characters)
        self._table = PriceTable()
        self._powers, self._inverses = _powers(0, 1)
        self._base = secrets.randbits(64) | 1
        self._salt = np.array([secrets.randbits(64) for _ in range(_WORD + 1)], np.uint64)
        self._low = vocabulary.prices(np.arange(0x10000, dtype=np.uint32)).astype(np.int64)
        self._edges = np.zeros(len(After), np.int64)
        anchors = self._costs([self._rewriter.word("a"), "0"]).tolist()
        around: dict[Before | After, int] = {After.TEXT: 0, After.WORD: anchors[0], After.OTHER: anchors[1]}
        self._around = np.zeros(_WORD + 1, np.int64)
        self.nothing = self._whole("", True)
        """Tokens of a text of which normalization leaves nothing."""
        for context, (before, after) in enumerate(_CONTEXTS):
            opening = self._whole(_BEFORE[before], True) if _BEFORE[before] else 0
            self._around[context] = opening + around[after]
            if before is Before.TEXT and _AFTER[after]:
                self._edges[after] = self._whole(_AFTER[after], True) - around[after]

    def prices(self, units: Units, spans: Spans) -> Numbers:
        """Tokens of each span."""
        found = [
            self._prices(units, spans.part(first, first + _TOGETHER))
            for first in range(0, len(spans.starts), _TOGETHER)
        ]
        return np.concatenate(found)

    def _prices(self, units: Units, spans: Spans) -> Numbers:
        parts = spans.parts
        contexts = np.where(parts == Part.WORD, _WORD, spans.before * len(After) + spans.after)
        short = spans.lengths <= _LONGEST
        keys = self._keys(units, spans, short) + self._salt[contexts]
        prices = self._table.find(keys)
        looked_up = parts <= Part.WORD
        missing = np.flatnonzero((prices < 0) & looked_up & short)
        if len(missing):
            new, first, which = np.unique(keys[missing], return_index=True, return_inverse=True)
            first = missing[first]
            costs = self._work_out(units, spans.starts[first], spans.lengths[first], contexts[first])
            self._table.add(new, costs)
            prices[missing] = costs[which]
        if not short.all():
            long = np.flatnonzero(looked_up & ~short)
            if len(long):
                prices[long] = self._work_out(units, spans.starts[long], spans.lengths[long], contexts[long])
        digits = parts == Part.DIGITS
        prices[digits] = -(-spans.lengths[digits] // _DIGITS_OF_A_TOKEN)
        alone = np.flatnonzero(parts == Part.ALONE)
        if len(alone):
            prices[alone] = self._alone(units, spans.starts[alone], spans.lengths[alone])
        edges = parts == Part.EDGE
        prices[edges] = self._edges[spans.after[edges]]
        return prices

    def _keys(self, units: Units, spans: Spans, short: NDArray[np.bool_]) -> Keys:
        """A hash of each short span; nothing of use for others."""
        begin = int(spans.starts[0])
        units = units[begin : int(spans.starts[-1] + spans.lengths[-1])]
        starts, lengths = spans.starts - begin, spans.lengths
        if not short.all():
            units = units[np.repeat(short, lengths)]
            lengths = np.where(short, lengths, 0)
            starts = np.cumsum(lengths) - lengths
        size = len(units)
        if size >= len(self._powers):
            self._powers, self._inverses = _powers(self._base, size + 1)
        until = np.zeros(size + 1, np.uint64)
        np.cumsum(units * self._powers[:size], out=until[1:])
        keys: Keys = (until[starts + lengths] - until[starts]) * self._inverses[starts]
        return keys

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
        data, width = units.tobytes(), units.itemsize
        coding = "ascii" if width == 1 else "utf-16-le"
        rewritten, tails = [], np.zeros(len(starts), np.int64)
        ends = starts + lengths
        spelled = zip((starts * width).tolist(), (ends * width).tolist(), contexts.tolist(), strict=True)
        for index, (start, end, context) in enumerate(spelled):
            text = data[start:end].decode(coding)
            if context == _WORD:
                rewritten.append(self._rewriter.word(text))
                continue
            before, after = _CONTEXTS[context]
            if after is After.TEXT:
                kept = text.rstrip("\n")
                tails[index] = self._tail(len(text) - len(kept))
                text = kept
            text = f"{_BEFORE[before]}{text}{_AFTER[after]}"
            rewritten.append(self._rewriter.text(text, before is Before.TEXT_WITH_SPACE))
        return self._costs(rewritten) + tails - self._around[contexts]

    def _whole(self, text: str, leading_space: bool) -> int:
        return int(self._costs([self._rewriter.text(text, leading_space)])[0])

    def _tail(self, line_feeds: int) -> int:
        """Tokens of the line feeds that end a text. The frame puts two more behind them, and pays for the
        last piece of the run."""
        return int(self._costs(["\n" * (line_feeds + 2)])[0]) - 1 if line_feeds else 0

    def _costs(self, rewritten: Sequence[str]) -> Numbers:
        """Tokens of each of the texts."""
        codes = np.frombuffer("\0".join(rewritten).encode("utf-32-le"), np.uint32)
        totals = fewest_pieces(self._vocabulary, codes)[0]
        return np.diff(np.append(0, totals[np.append(np.flatnonzero(codes == 0), len(codes))]))


def _powers(base: int, size: int) -> tuple[Keys, Keys]:
    """``base ** n`` and its inverse, modulo 2 ** 64, for every n below ``size``; ``base`` is odd."""
    both = []
    for factor in (base, pow(base, -1, 1 << 64) if base else 0):
        powers = np.full(size, factor, np.uint64)
        powers[0] = 1
        both.append(np.cumprod(powers))
    return both[0], both[1]
