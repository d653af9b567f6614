"""Where in a text pieces stand, found for all its places at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_BITS_OF_SYMBOL = np.uint64(13)


class PieceTrie:
    """The prefixes of the pieces, each a node with a number; 0 is no node.

    A step from a node along a character is found in a hash table, so that a million of them take one look
    each, made in numpy.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        """``pieces``: distinct, sorted, of characters from U+0001 to U+FFFF."""
        text = np.frombuffer("".join(pieces).encode("utf-16-le"), np.uint16)
        self._longest = max(map(len, pieces), default=0)
        used = np.bincount(text, minlength=0x10000).nonzero()[0]
        if len(used) >= 1 << int(_BITS_OF_SYMBOL):
            raise ValueError(f"the pieces hold {len(used)} different characters, too many")
        self._symbols = np.zeros(0x10000, np.uint16)
        self._symbols[used] = np.arange(1, len(used) + 1)
        self._first, steps, children, ends = _nodes(self._symbols[text], list(map(len, pieces)))
        self._is_piece = np.zeros(int(children.max(initial=0)) + 2, np.bool_)
        self._is_piece[ends] = True
        self._table = _StepTable(steps, children)

    def find(self, codes: NDArray[np.uint32], stop: int) -> tuple[Places, Places]:
        """Starts (below ``stop``) and ends of every piece of two or more characters in the text, overlapping
        ones too; the longer a piece, the later it comes."""
        # U+FFFF, for which all above stand, is in no piece.
        near = codes[: stop + self._longest]
        symbols = np.zeros(len(near) + 1, np.uint16)
        symbols[:-1] = self._symbols[np.minimum(near, 0xFFFF)]
        place = symbols[:stop].nonzero()[0]
        node = self._first[symbols[place]]
        starts, ends = [place[:0]], [place[:0]]
        for depth in range(1, self._longest):
            symbol = symbols[place + depth]
            alive = ((node != 0) & (symbol != 0)).nonzero()[0]
            if not len(alive):
                break
            place = place[alive]
            node = self._table.find(_step(node[alive], symbol[alive]))
            found = self._is_piece[node].nonzero()[0]
            starts.append(place[found])
            ends.append(place[found] + depth + 1)
            # The end of the text is no symbol, so nothing is looked up beyond it.
            inside = node.nonzero()[0]
            place, node = place[inside], node[inside]
        return np.concatenate(starts), np.concatenate(ends)


def _step(node: NDArray[np.int32], symbol: NDArray[np.uint16]) -> NDArray[np.uint64]:
    return node.astype(np.uint64) << _BITS_OF_SYMBOL | symbol


def _nodes(
    symbols: NDArray[np.uint16], lengths: Sequence[int]
) -> tuple[NDArray[np.int32], NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32]]:
    """The trie, level by level: the node of each first symbol, then steps and the nodes they lead to, and
    the node at which each piece ends."""
    length = np.array(lengths, np.int64)
    offset = np.cumsum(length) - length
    ends = np.zeros(len(length), np.int32)
    first = np.zeros(1 << int(_BITS_OF_SYMBOL), np.int32)
    steps, children = [], []
    piece = np.arange(len(length))
    parent = np.zeros(len(length), np.int32)
    count = 0
    for depth in range(int(length.max(initial=0))):
        inside = (length[piece] > depth).nonzero()[0]
        piece, parent = piece[inside], parent[inside]
        step = _step(parent, symbols[offset[piece] + depth])
        # The pieces are sorted, so those with a common prefix stand together.
        new = np.append(True, step[1:] != step[:-1])
        node = (count + np.cumsum(new)).astype(np.int32)
        count = int(node[-1])
        if depth:
            steps.append(step[new])
            children.append(node[new])
        else:
            first[step[new].astype(np.int64)] = node[new]
        last = length[piece] == depth + 1
        ends[piece[last]] = node[last]
        parent = node
    none = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
    return first, np.concatenate(none[0] + steps), np.concatenate(none[1] + children), ends


class _StepTable:
    """Steps and where they lead, by open addressing."""

    def __init__(self, steps: NDArray[np.uint64], children: NDArray[np.int32]) -> None:
        bits = len(steps).bit_length() + 2
        self._shift = np.uint64(64 - bits)
        self._steps = np.zeros(1 << bits, np.uint64)
        self._children = np.zeros(1 << bits, np.int32)
        slot = self._slots(steps)
        waiting = np.arange(len(steps))
        while len(waiting):
            at = slot[waiting]
            free = self._steps[at] == 0
            # Of several that want one slot the last gets it.
            self._steps[at[free]] = steps[waiting[free]]
            placed = self._steps[at] == steps[waiting]
            self._children[at[placed]] = children[waiting[placed]]
            waiting = waiting[~placed]
            slot[waiting] = (slot[waiting] + 1) & (len(self._steps) - 1)

    def find(self, steps: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The node each step leads to, 0 where there is none."""
        slot = self._slots(steps)
        there = self._steps[slot]
        found = there == steps
        nodes = np.where(found, self._children[slot], 0)
        other = (~found & (there != 0)).nonzero()[0]
        slot = slot[other]
        while len(other):
            slot = slot + 1 & (len(self._steps) - 1)
            wanted, there = steps[other], self._steps[slot]
            nodes[other] = np.where(there == wanted, self._children[slot], 0)
            on = (there != wanted) & (there != 0)
            other, slot = other[on], slot[on]
        return nodes

    def _slots(self, steps: NDArray[np.uint64]) -> NDArray[np.int64]:
        return (steps * _SPREAD >> self._shift).astype(np.int64)
