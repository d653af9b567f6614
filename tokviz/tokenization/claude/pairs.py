"""What texts in ASCII cost, by pairs of an anchor and the gap behind it.

Half as many pairs as spans are to be looked up. The few that are not known wait until there are many of them,
and are priced span by span: the steps of that cost more than the spans.
"""

import secrets

import numpy as np

from tokviz.tokenization.claude.price_table import Keys, PairTable, Strips
from tokviz.tokenization.claude.pricing import LONGEST, Pricer
from tokviz.tokenization.claude.spans import Numbers, Pairs, Part, Spans, Units

_MOST_WAITING = 1 << 15
"""Pairs that are priced together."""


class PairPricer:
    """Adds up what pairs cost. Keeps the prices of all short ones."""

    def __init__(self, pricer: Pricer) -> None:
        self._pricer = pricer
        self._table = PairTable()
        self._salts = np.frombuffer(secrets.token_bytes(8 * len(Part)), np.uint64)
        self._waiting: list[tuple[Units, Spans, Numbers, Numbers, Keys]] = []
        self._number = 0

    def prices(self, units: Units, pairs: Pairs) -> tuple[Numbers, Numbers, Keys]:
        """The tokens of each pair, 0 where they are not known; which those are, and their keys (0: too long
        to be kept)."""
        lengths = pairs.lengths
        long = (lengths > LONGEST).nonzero()[0]
        short = np.minimum(lengths, LONGEST) if len(long) else lengths
        keys = Strips(units).keys(pairs.starts[:-1], short, self._salts.take(pairs.behind))
        keys[long] = 0
        prices, unknown = self._table.find(keys)
        return prices, unknown, keys[unknown]

    def wait(self, units: Units, pairs: Pairs, unknown: Numbers, keys: Keys, owners: Numbers) -> None:
        """Price these pairs later, for the texts that own them."""
        if len(unknown):
            self._waiting.append((*pairs.spans(units, unknown), owners, keys))
            self._number += len(unknown)

    @property
    def has_enough(self) -> bool:
        """Whether so many pairs wait that they are best priced now."""
        return self._number > _MOST_WAITING

    def settle(self, counts: Numbers) -> None:
        """Add what the waiting pairs cost to the counts of their texts."""
        if not self._waiting:
            return
        waiting, self._waiting, self._number = self._waiting, [], 0
        sizes = np.cumsum([0, *(len(units) for units, *_ in waiting)])
        numbers = np.cumsum([0, *(len(spans.starts) for _, spans, *_ in waiting)])
        shifted = [spans.moved(int(by)) for (_, spans, *_), by in zip(waiting, sizes[:-1], strict=True)]
        prices = self._pricer.prices(np.concatenate([one[0] for one in waiting]), Spans.joined(shifted))
        opens = [one[2] + by for one, by in zip(waiting, numbers[:-1], strict=True)]
        costs = np.add.reduceat(prices, np.concatenate(opens))
        np.add.at(counts, np.concatenate([one[3] for one in waiting]), costs)
        keys = np.concatenate([one[4] for one in waiting])
        kept = keys != 0
        self._table.add(keys[kept], costs[kept])
