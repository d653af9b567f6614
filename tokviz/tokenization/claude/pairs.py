"""What texts cost, by pairs of an anchor and the gap behind it.

Half as many pairs as spans are to be looked up. The few that are not known wait until there are many of them,
and are priced span by span: the steps of that cost more than the spans. Of those that wait and are alike, one
is priced: of the pairs of Linux that are not known when they are met, three of four.
"""

import secrets
from dataclasses import dataclass, field

import numpy as np

from tokviz.tokenization.claude.price_table import UNKNOWN, Keys, PairTable, Strips
from tokviz.tokenization.claude.pricing import LONGEST, Pricer
from tokviz.tokenization.claude.spans import Numbers, Pairs, Part, Spans, Splitter, Units

_MOST_WAITING = 1 << 16
"""Pairs that are priced together."""
_NOT_KEPT = np.uint64(0)
"""The key of pairs that are too long for the table, or hardly ever come again."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Pairs whose prices are not known."""

    pairs: Numbers
    """Which of a block's pairs."""
    keys: Keys
    numbers: Numbers
    """By which number each waits already, or UNKNOWN."""


@dataclass(slots=True)
class _Waiting:
    """Pairs that wait, of texts of one width. Those that are alike share a number."""

    spans: list[tuple[Units, Spans, Numbers]] = field(default_factory=list)
    """Of each number; see ``Splitter.spans``."""
    keys: list[Keys] = field(default_factory=list)
    size: int = 0
    """How many numbers there are."""
    places: list[tuple[Numbers, Numbers]] = field(default_factory=list)
    """Where they stand: a number, and the text."""


class PairPricer:
    """Adds up what pairs cost. Keeps the prices of all short ones."""

    def __init__(self, pricer: Pricer, splitter: Splitter) -> None:
        self._pricer = pricer
        self._splitter = splitter
        self._table = PairTable()
        # The bytes of † in UTF-16 are those of two spaces in ASCII, so a width has seeds of its own.
        self._salts = {
            width: np.frombuffer(secrets.token_bytes(8 * len(Part)), np.uint64) for width in (1, 2)
        }
        self._waiting = {width: _Waiting() for width in self._salts}

    def prices(self, units: Units, pairs: Pairs) -> tuple[Numbers, Unknown]:
        """The tokens of each pair, 0 where they are not known."""
        lengths = pairs.lengths
        long = (lengths > LONGEST).nonzero()[0]
        short = np.minimum(lengths, LONGEST) if len(long) else lengths
        salts = self._salts[units.itemsize].take(pairs.behind)
        keys = Strips(units).keys(pairs.starts[:-1], short, salts)
        keys[long] = _NOT_KEPT
        if units.itemsize > 1:
            keys[pairs.parts.take(pairs.starts[:-1]) == Part.ALONE] = _NOT_KEPT
        prices, unknown, numbers = self._table.find(keys)
        return prices, Unknown(unknown, keys[unknown], numbers)

    def wait(self, units: Units, pairs: Pairs, unknown: Unknown, owners: Numbers) -> None:
        """Price the unknown pairs later, for the texts that own them."""
        waiting, numbers = self._waiting[units.itemsize], unknown.numbers
        new = (numbers == UNKNOWN).nonzero()[0]
        if len(new):
            keys = unknown.keys[new]
            chosen, which = _distinct(keys)
            numbers[new] = which + waiting.size
            keys = keys[chosen]
            waiting.spans.append(self._splitter.spans(units, pairs, unknown.pairs[new[chosen]]))
            waiting.keys.append(keys)
            kept = (keys != _NOT_KEPT).nonzero()[0]
            self._table.add_waiting(keys[kept], kept + waiting.size)
            waiting.size += len(keys)
        waiting.places.append((numbers, owners))

    @property
    def has_enough(self) -> bool:
        """Whether so many pairs wait that they are best priced now."""
        return sum(waiting.size for waiting in self._waiting.values()) > _MOST_WAITING

    def settle(self, counts: Numbers) -> None:
        """Add what the waiting pairs cost to the counts of their texts."""
        for width, waiting in self._waiting.items():
            if waiting.size:
                self._settle(waiting, counts)
                self._waiting[width] = _Waiting()

    def _settle(self, waiting: _Waiting, counts: Numbers) -> None:
        units, spans, opens = _joined(waiting.spans)
        costs = np.add.reduceat(self._pricer.prices(units, spans), opens)
        numbers, owners = (np.concatenate(each) for each in zip(*waiting.places, strict=True))
        np.add.at(counts, owners, costs[numbers])
        keys = np.concatenate(waiting.keys)
        kept = keys != _NOT_KEPT
        self._table.add(keys[kept], costs[kept])


def _joined(some: list[tuple[Units, Spans, Numbers]]) -> tuple[Units, Spans, Numbers]:
    """The units and spans of all, and which span begins each pair."""
    units, spans, opens = zip(*some, strict=True)
    sizes = np.cumsum([0, *map(len, units)])[:-1].tolist()
    numbers = np.cumsum([0, *(len(one.starts) for one in spans)])[:-1].tolist()
    moved = [one.moved(by) for one, by in zip(spans, sizes, strict=True)]
    first = [one + by for one, by in zip(opens, numbers, strict=True)]
    return np.concatenate(units), Spans.joined(moved), np.concatenate(first)


def _distinct(keys: Keys) -> tuple[Numbers, Numbers]:
    """Some keys, nearly all of them different, and which of these each key is. Those of pairs that are not
    kept are all among them."""
    numbers, bits = np.arange(len(keys)), len(keys).bit_length()
    slots = (keys & np.uint64((1 << bits) - 1)).view(np.int64)
    in_slot = np.empty(1 << bits, np.int64)
    in_slot[slots] = numbers  # of several the last
    like = in_slot[slots]
    alone = ((keys[like] != keys) | (keys == _NOT_KEPT)).nonzero()[0]
    like[alone] = alone
    chosen = (like == numbers).nonzero()[0]
    in_slot[chosen] = np.arange(len(chosen))
    return chosen, in_slot[like]
