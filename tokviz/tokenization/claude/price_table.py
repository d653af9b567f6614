"""What spans of text cost, looked up by hashes for many of them at once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Units = NDArray[np.unsignedinteger[Any]]
Places = NDArray[np.int64]

UNKNOWN = -1
"""In place of the price of a key that is not in the table."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FIRST_BITS = 16
_MOST_BITS = 21

_PAIR_BITS = 21
_NUMBERS = np.uint64(1 << _PAIR_BITS - 1)
"""What is added to the numbers of keys."""
_MOST_NUMBERS = (1 << _PAIR_BITS - 1) - 1
_FACTOR = np.uint64(0xD6E8FEB86659FD93)


class Strips:
    """Texts as eight bytes from every byte on, to hash spans of them by."""

    def __init__(self, units: Units) -> None:
        self._width = units.itemsize
        padded = np.zeros(units.nbytes + 8, np.uint8)
        padded[: units.nbytes] = units.view(np.uint8)
        self._strips = np.ndarray(units.nbytes + 1, np.dtype("<u8"), padded.data, strides=(1,))

    def keys(self, starts: Places, lengths: Places, seeds: Keys) -> Keys:
        """A hash of each span. Spans of eight bytes, and longer ones that differ in eight successive bytes
        only, never share one under the same seed."""
        place, left = starts, lengths
        if self._width > 1:
            place, left = starts * self._width, lengths * self._width
        keys = _mixed(seeds, self._first_bytes(place, left))
        which = (left > 8).nonzero()[0]
        place, left = place[which], left[which]
        while len(which):
            place, left = place + 8, left - 8
            keys[which] = _mixed(keys[which], self._first_bytes(place, left))
            longer = (left > 8).nonzero()[0]
            which, place, left = which[longer], place[longer], left[longer]
        return keys

    def _first_bytes(self, place: Places, left: Places) -> Keys:
        """The bytes at each place, at most eight of so many (1 or more), as one number."""
        strips: Keys = self._strips[place]
        # Faster than to look up masks.
        rest = np.minimum(left, 8)
        rest *= -8
        rest += 64
        strips <<= rest.view(np.uint64)
        return strips


class PriceTable:
    """Prices by 64-bit key, by open addressing in two arrays; forgets everything when it holds a million."""

    def __init__(self) -> None:
        self._allocate(_FIRST_BITS)

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """The price of each key, or UNKNOWN. A key is never 0."""
        slot = self._slots(keys)
        there = self._keys.take(slot)
        found = there == keys
        prices = np.where(found, self._prices.take(slot), UNKNOWN)
        other = (~found & (there != 0)).nonzero()[0]
        slot = slot[other]
        while len(other):
            slot = slot + 1 & (len(self._keys) - 1)
            wanted, there = keys[other], self._keys[slot]
            prices[other] = np.where(there == wanted, self._prices[slot], UNKNOWN)
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
        self._prices = np.zeros(1 << bits, np.int32)
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
        slots = keys * _SPREAD
        slots >>= self._shift
        return slots.view(np.int64)


class PairTable:
    """Prices by 64-bit key, in one array with one place for each key: what comes later takes the place.

    A place is a key's first bits. An entry is the others and, in their stead, the price and one; 0 is none.
    Above all prices are the numbers of keys whose price is not known yet.
    """

    def __init__(self) -> None:
        self._entries = np.zeros(1 << _PAIR_BITS, np.uint64)

    def find(self, keys: Keys) -> tuple[NDArray[np.int64], Places, NDArray[np.int64]]:
        """The price of each key, 0 if it is not known; which are not known; and the numbers that these wait
        by, or UNKNOWN."""
        prices = self._entries.take(self._places(keys))
        prices ^= keys << np.uint64(_PAIR_BITS)
        prices -= np.uint64(1)
        unknown = (prices >= _NUMBERS).nonzero()[0]
        # Without this bit, what was no number is none either: it has higher ones, if it was no price.
        numbers = (prices[unknown] ^ _NUMBERS).view(np.int64)
        numbers[(numbers < 0) | (numbers >= _MOST_NUMBERS)] = UNKNOWN
        prices[unknown] = 0
        return prices.view(np.int64), unknown, numbers

    def add(self, keys: Keys, prices: NDArray[np.int64]) -> None:
        """Keep the prices, but for immense ones."""
        self._put(keys, np.where(prices < int(_NUMBERS), prices, -1))

    def add_waiting(self, keys: Keys, numbers: NDArray[np.int64]) -> None:
        """Keep the numbers that keys wait by until their prices are added, but for immense ones."""
        self._put(keys, np.where(numbers < _MOST_NUMBERS, numbers + int(_NUMBERS), -1))

    def _put(self, keys: Keys, values: NDArray[np.int64]) -> None:
        """Of -1, nothing is kept."""
        entries = (values + 1).view(np.uint64)
        entries ^= keys << np.uint64(_PAIR_BITS)
        entries[values < 0] = 0
        self._entries[self._places(keys)] = entries

    def _places(self, keys: Keys) -> Places:
        return (keys >> np.uint64(64 - _PAIR_BITS)).view(np.int64)


def _mixed(keys: Keys, strips: Keys) -> Keys:
    """One to one in ``strips`` for any keys, and in ``keys`` for any strips."""
    mixed = keys ^ strips
    mixed *= _FACTOR
    mixed ^= mixed >> np.uint64(29)
    return mixed
