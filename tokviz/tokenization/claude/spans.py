"""A normalized text in spans that are priced one by one.

*Anchors* are whole words, runs of 0 to 9, and runs of letters that stand alone (Han, Hangul, all above
U+FFFF). What an anchor costs depends on nothing around it: a piece never reaches over a word's end or
beginning, digits share pieces with digits only, and letters that stand alone with nothing. All between two
anchors is a *gap*. What it costs depends on itself and on whether a word or another anchor (or an end of the
text) stands at each side: a single space between words costs nothing, and border marks look no further than
the next character. The suffix of a contraction has pieces with the apostrophe before it, so it belongs to the
gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.claude.characters import KIND, Characters, Kind

Units = NDArray[np.unsignedinteger[Any]]
"""ASCII (``uint8``) or UTF-16 (``uint16``) of normalized texts, each behind a unit for its beginning."""

BEGIN, BEGIN_WITH_SPACE, END = 1, 2, 3
"""Units between texts, controls that no normalized text holds: before a text, before one that began with a
space as it was given, and behind the last text."""

Numbers = NDArray[np.int64]


class Part(IntEnum):
    """What a span is."""

    GAP = 0
    WORD = 1
    DIGITS = 2
    ALONE = 3
    EDGE = 4
    """One of the units between texts."""


class Before(IntEnum):
    """What stands before a gap."""

    TEXT = 0
    TEXT_WITH_SPACE = 1
    """The text's beginning, which was a space before the text was normalized."""
    WORD = 2
    OTHER = 3
    SYMBOL = 4
    """A word that ends in a symbol, after which there is no contraction."""


class After(IntEnum):
    """What stands behind a gap."""

    TEXT = 0
    WORD = 1
    OTHER = 2


CONTEXTS = [(before, after) for before in Before for after in After]
"""What can stand around a gap."""
WORD_CONTEXT = len(CONTEXTS)
_BEFORE = (Before.TEXT, Before.WORD, Before.OTHER, Before.OTHER, Before.TEXT)
_AFTER = (After.TEXT, After.WORD, After.OTHER, After.OTHER, After.TEXT)
"""What a part is to the gap behind it, and to the one before it."""
_CONTEXT_OF = bytes(
    WORD_CONTEXT if part is Part.WORD else CONTEXTS.index((_BEFORE[left], _AFTER[right]))
    for left in Part
    for part in Part
    for right in Part
).ljust(256)
"""The context of a span by its own part and those beside it."""
_CONTEXTS = np.frombuffer(_CONTEXT_OF, np.uint8)
_AFTER_SPACE = np.uint8((Before.TEXT_WITH_SPACE - Before.TEXT) * len(After))
"""Added to the context of a gap at a text's beginning, if that was a space."""
_AFTER_SYMBOL = np.uint8((Before.SYMBOL - Before.WORD) * len(After))
"""The same of one behind a word that ends in a symbol."""
_APOSTROPHE = ord("'")
_ONE_LETTER = [ord(c) for c in "stdm"]
_FIRST_LETTERS = [ord(c) for c in "stdmlrv"]
_TWO_LETTERS = [ord(a) << 16 | ord(b) for a, b in ("ll", "re", "ve")]


@dataclass(frozen=True, slots=True)
class Spans:
    """Successive spans of units."""

    starts: Numbers
    lengths: Numbers
    parts: NDArray[np.uint8]
    contexts: NDArray[np.uint8]
    """For gaps the number in ``CONTEXTS``, for words ``WORD_CONTEXT``; of an edge, modulo ``len(After)``, how
    the text begins if with no gap."""

    def part(self, chosen: slice) -> "Spans":
        """Some of them."""
        return Spans(self.starts[chosen], self.lengths[chosen], self.parts[chosen], self.contexts[chosen])

    def moved(self, by: int) -> "Spans":
        """The same further on in their units."""
        return Spans(self.starts + by, self.lengths, self.parts, self.contexts)

    @staticmethod
    def joined(some: "Sequence[Spans]") -> "Spans":
        """All of them."""
        return Spans(
            np.concatenate([spans.starts for spans in some]),
            np.concatenate([spans.lengths for spans in some]),
            np.concatenate([spans.parts for spans in some]),
            np.concatenate([spans.contexts for spans in some]),
        )


@dataclass(frozen=True, slots=True)
class Pairs:
    """Successive pairs of an anchor and the gap behind it, which may be empty. What a pair costs depends on
    its units and on what part stands behind it."""

    parts: NDArray[np.uint8]
    """Of each unit."""
    starts: Numbers
    """Where the pairs begin, and at last where the last of them ends."""

    @property
    def lengths(self) -> Numbers:
        """Units of each pair."""
        return np.diff(self.starts)

    @property
    def behind(self) -> NDArray[np.uint8]:
        """The part behind each pair."""
        return self.parts.take(self.starts[1:], mode="clip")

    @property
    def edges(self) -> Numbers:
        """Which pairs begin a text or stand behind the last."""
        return np.flatnonzero(self.parts.take(self.starts[:-1]) == Part.EDGE)

    def until(self, number: int) -> "Pairs":
        """The first so many."""
        return Pairs(self.parts, self.starts[: number + 1])


class Splitter:
    """Finds the spans of texts. Immutable."""

    def __init__(self, characters: Characters) -> None:
        parts = np.full(16, Part.GAP, np.uint8)
        parts[[Kind.WORD, Kind.WORD_SYMBOL]] = Part.WORD
        parts[Kind.DIGIT] = Part.DIGITS
        parts[Kind.LETTER_ALONE] = Part.ALONE
        kinds = characters & KIND
        self._parts = parts[kinds]
        self._parts[[BEGIN, BEGIN_WITH_SPACE, END]] = Part.EDGE
        self._ascii_parts = self._parts[:256].tobytes()
        self._symbols = kinds == Kind.WORD_SYMBOL

    def pairs(self, units: Units) -> Pairs:
        """All pairs of units that begin with an anchor or an edge; the last may go on where they end."""
        parts = self._parts_of(units)
        begins = parts[1:] != parts[:-1]
        begins &= parts[1:] != Part.GAP
        inner = begins.nonzero()[0] + 1
        return Pairs(parts, np.concatenate(([0], inner, [len(units)])))

    def spans(self, units: Units, pairs: Pairs, chosen: Numbers) -> tuple[Units, Spans, Numbers]:
        """The units of chosen pairs put together, their spans, and which span begins each pair."""
        starts, lengths = pairs.starts[chosen], pairs.lengths[chosen]
        until = np.cumsum(lengths)
        places = np.repeat(starts - until + lengths, lengths) + np.arange(int(until[-1]))
        parts, units = pairs.parts[places], units[places]
        begins = np.zeros(len(parts), np.bool_)
        begins[until - lengths] = True
        first = np.flatnonzero(begins | (parts != np.roll(parts, 1)))
        opens = np.flatnonzero(begins[first])
        parts = parts[first]
        around = parts * np.uint8(len(Part)) + np.roll(parts, 1) * np.uint8(len(Part) ** 2)
        around[np.append(opens[1:], len(first)) - 1] += pairs.behind[chosen]
        contexts = _CONTEXTS[around]
        gaps = np.flatnonzero(parts == Part.GAP)
        before = units[first[gaps] - 1]
        contexts[gaps[before == BEGIN_WITH_SPACE]] += _AFTER_SPACE
        if units.dtype == np.uint16:
            contexts[gaps[self._symbols[before]]] += _AFTER_SYMBOL
        return units, Spans(first, np.diff(np.append(first, len(units))), parts, contexts), opens

    def _parts_of(self, units: Units) -> NDArray[np.uint8]:
        """The part to which each unit belongs."""
        parts = np.zeros(len(units) + 2, np.uint8)
        if units.dtype == np.uint8:
            # Four times as fast as to index.
            ascii_parts = units.tobytes().translate(self._ascii_parts)
            parts[: len(units)] = np.frombuffer(ascii_parts, np.uint8)
        else:
            parts[: len(units)] = self._parts[units]
        _move_suffixes(units, parts)
        return parts[: len(units)]


def _move_suffixes(units: Units, parts: NDArray[np.uint8]) -> None:
    """Make what an apostrophe joins to the word before it part of the gap. ``parts``: two more than units."""
    first = np.flatnonzero(units[:-1] == _APOSTROPHE) + 1
    first = first[np.isin(units[first], _FIRST_LETTERS)]
    one = first[parts[first + 1] != Part.WORD]
    one = one[np.isin(units[one], _ONE_LETTER)]
    two = first[(parts[first + 1] == Part.WORD) & (parts[np.minimum(first + 2, len(units))] != Part.WORD)]
    two = two[np.isin(units[two].astype(np.int64) << 16 | units[two + 1], _TWO_LETTERS)]
    for moved in (one, two, two + 1):
        parts[moved] = Part.GAP
