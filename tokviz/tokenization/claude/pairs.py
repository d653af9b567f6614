"""What texts cost, by pairs of an anchor and the gap behind it.

Half as many pairs as spans are to be looked up. The few that are not known wait until there are many of them,
and are priced span by span: the steps of that cost more than the spans.
"""

import secrets
from collections.abc import Sequence

import numpy as np

from tokviz.tokenization.claude.price_table import Keys, PairTable, Strips
from tokviz.tokenization.claude.pricing import LONGEST, Pricer
from tokviz.tokenization.claude.spans import Numbers, Pairs, Part, Spans, Units

_MOST_WAITING = 1 << 16
"""Pairs that are priced together."""
_NOT_KEPT = np.uint64(0)
"""The key of pairs that are too long for the table, or hardly ever come again."""
_Waiting = tuple[tuple[Units, Spans, Numbers], Keys, Numbers]


class PairPricer:
    """Adds up what pairs cost. Keeps the prices of all short ones."""

    def __init__(self, pricer: Pricer) -> None:
        self._pricer = pricer
        self._table = PairTable()
        # The bytes of † in UTF-16 are those of two spaces in ASCII, so a width has seeds of its own.
        self._salts = {
            width: np.frombuffer(secrets.token_bytes(8 * len(Part)), np.uint64) for width in (1, 2)
        }
        self._waiting: list[_Waiting] = []
        self._number = 0

    def prices(self, units: Units, pairs: Pairs) -> tuple[Numbers, Numbers, Keys]:
        """The tokens of each pair, 0 where they are not known; which those are, and their keys."""
        lengths = pairs.lengths
        long = (lengths > LONGEST).nonzero()[0]
        short = np.minimum(lengths, LONGEST) if len(long) else lengths
        salts = self._salts[units.itemsize].take(pairs.behind)
        keys = Strips(units).keys(pairs.starts[:-1], short, salts)
        keys[long] = _NOT_KEPT
        if units.itemsize > 1:
            keys[pairs.parts.take(pairs.starts[:-1]) == Part.ALONE] = _NOT_KEPT
        prices, unknown = self._table.find(keys)
        return prices, unknown, keys[unknown]

    def wait(self, spans: tuple[Units, Spans, Numbers], keys: Keys, owners: Numbers) -> None:
        """Price pairs later, for the texts that own them. ``spans``: see ``Splitter.spans``."""
        self._waiting.append((spans, keys, owners))
        self._number += len(keys)

    @property
    def has_enough(self) -> bool:
        """Whether so many pairs wait that they are best priced now."""
        return self._number > _MOST_WAITING

    def settle(self, counts: Numbers) -> None:
        """Add what the waiting pairs cost to the counts of their texts."""
        waiting, self._waiting, self._number = self._waiting, [], 0
        for width in self._salts:
            self._settle([one for one in waiting if one[0][0].itemsize == width], counts)

    def _settle(self, waiting: Sequence[_Waiting], counts: Numbers) -> None:
        if not waiting:
            return
        units, spans, opens = zip(*(one[0] for one in waiting), strict=True)
        sizes = np.cumsum([0, *map(len, units)])[:-1].tolist()
        numbers = np.cumsum([0, *(len(one.starts) for one in spans)])[:-1].tolist()
        moved = [one.moved(by) for one, by in zip(spans, sizes, strict=True)]
        first = np.concatenate([one + by for one, by in zip(opens, numbers, strict=True)])
        prices = self._pricer.prices(np.concatenate(units), Spans.joined(moved))
        costs = np.add.reduceat(prices, first)
        np.add.at(counts, np.concatenate([owners for *_, owners in waiting]), costs)
        keys = np.concatenate([keys for _, keys, _ in waiting])
        kept = keys != _NOT_KEPT
        self._table.add(keys[kept], costs[kept])
