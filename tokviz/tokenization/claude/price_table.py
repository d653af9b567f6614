"""What spans of text cost, looked up for many of them at once."""

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FIRST_BITS = 16
_MOST_BITS = 21


class PriceTable:
    """Prices by 64-bit key, by open addressing in two arrays; forgets everything when it holds a million."""

    def __init__(self) -> None:
        self._allocate(_FIRST_BITS)

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """The price of each key, -1 where it is unknown. A key is never 0."""
        slot = self._slots(keys)
        there = self._keys[slot]
        prices = np.where(there == keys, self._prices[slot], -1)
        other = np.flatnonzero((there != keys) & (there != 0))
        slot = slot[other]
        while len(other):
            slot = slot + 1 & (len(self._keys) - 1)
            wanted, there = keys[other], self._keys[slot]
            prices[other] = np.where(there == wanted, self._prices[slot], -1)
            on = (there != wanted) & (there != 0)
            other, slot = other[on], slot[on]
        return prices

    def add(self, keys: Keys, prices: NDArray[np.int64]) -> None:
        """Keep the prices of distinct keys that are not in the table."""
        if 2 * (self._count + len(keys)) > len(self._keys):
            known = self._keys != 0
            old = self._keys[known], self._prices[known]
            bits = int(4 * (self._count + len(keys))).bit_length()
            self._allocate(min(bits, _MOST_BITS))
            if bits <= _MOST_BITS:
                self._put(*old)
        # More than fit are not kept.
        room = len(self._keys) // 2 - self._count
        self._put(keys[:room], prices[:room])

    def _allocate(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)
        self._keys = np.zeros(1 << bits, np.uint64)
        self._prices = np.zeros(1 << bits, np.int64)
        self._count = 0

    def _put(self, keys: Keys, prices: NDArray[np.int64]) -> None:
        self._count += len(keys)
        slot = self._slots(keys)
        waiting = np.arange(len(keys))
        while len(waiting):
            at = slot[waiting]
            free = self._keys[at] == 0
            # Of several that want one slot the last gets it.
            self._keys[at[free]] = keys[waiting[free]]
            placed = self._keys[at] == keys[waiting]
            self._prices[at[placed]] = prices[waiting[placed]]
            waiting = waiting[~placed]
            slot[waiting] = slot[waiting] + 1 & (len(self._keys) - 1)

    def _slots(self, keys: Keys) -> NDArray[np.int64]:
        return (keys * _SPREAD >> self._shift).astype(np.int64)
