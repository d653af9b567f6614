"""Compares two requests token by token: what a cache of the first serves of the second, and why not more.

A cache serves a prefix. So the first token that differs counts: everything from there on is read anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1 << 16
"""Tokens compared at once: a difference near the beginning is found without reading the rest."""
SHOWN = 16
"""Tokens shown of what stood at the difference, before and now."""


@dataclass(frozen=True, slots=True)
class StreamPart:
    """One part of a request as a cache sees it: a tool, the system prompt, a part of a message, framing."""

    kind: str
    message: int | None = None
    """Index of the message; None for what stands before all messages."""
    name: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TokenStream:
    """A request's tokens in the order in which the model reads them.

    ``ids`` is ``uint32[n]``; ``ends`` is ``int64[parts]``, for each part the index after its last token.
    """

    ids: NDArray[np.uint32]
    ends: NDArray[np.int64]
    parts: tuple[StreamPart, ...]

    def __post_init__(self) -> None:
        if len(self.ends) != len(self.parts) or (len(self.ends) and self.ends[-1] != len(self.ids)):
            raise ValueError("ends must name the end of each part, the last one that of the tokens")

    @classmethod
    def join(cls, parts: Iterable[tuple[StreamPart, NDArray[np.uint32]]]) -> "TokenStream":
        """The stream of parts that were tokenized one by one."""
        given = list(parts)
        ids = [part_ids for _, part_ids in given]
        joined = np.concatenate(ids) if ids else np.zeros(0, np.uint32)
        ends = np.cumsum([len(part_ids) for part_ids in ids], dtype=np.int64)
        return cls(joined, ends, tuple(part for part, _ in given))

    def __len__(self) -> int:
        return len(self.ids)

    def place(self, index: int) -> "Place | None":
        """The part that holds the token at ``index``; None past the last token."""
        if index >= len(self.ids):
            return None
        number = int(np.searchsorted(self.ends, index, side="right"))
        start = int(self.ends[number - 1]) if number else 0
        return Place(number, self.parts[number], index - start, int(self.ends[number]) - start)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token stands: in the ``number``-th part, ``offset`` tokens after that part's beginning."""

    number: int
    part: StreamPart
    offset: int
    length: int
    """Tokens of the part."""


class Change(StrEnum):
    """What became of a request's prefix."""

    SAME = "same"
    """Both hold the same tokens."""
    EXTENDED = "extended"
    """The later one only goes on where the earlier one ends, as every turn of a chat should."""
    SHORTENED = "shortened"
    """The later one is a beginning of the earlier one."""
    REPLACED = "replaced"
    """A part has other tokens than before."""
    INSERTED = "inserted"
    """A part stands where another one stood, which follows later."""
    REMOVED = "removed"
    """A part is gone, and what followed it stands in its place."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the later request shares with the earlier one, and where they part.

    ``before`` and ``now`` are the first tokens there, at most SHOWN; empty where a request ends.
    """

    change: Change
    shared: int
    """Tokens before the first that differs."""
    reread: int
    """Tokens of the later request from there on."""
    place_before: Place | None
    place_now: Place | None
    before: tuple[int, ...]
    now: tuple[int, ...]


def compare(before: TokenStream, now: TokenStream) -> Difference:
    """The first difference between two requests. A million tokens take milliseconds."""
    shared = shared_prefix(before.ids, now.ids)
    place_before, place_now = before.place(shared), now.place(shared)
    return Difference(
        _change(before, now, place_before, place_now),
        shared,
        len(now) - shared,
        place_before,
        place_now,
        tuple(before.ids[shared : shared + SHOWN].tolist()),
        tuple(now.ids[shared : shared + SHOWN].tolist()),
    )


def shared_prefix(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> int:
    """How many tokens both begin with."""
    length = min(len(one), len(other))
    for start in range(0, length, _BLOCK):
        end = min(start + _BLOCK, length)
        differs = one[start:end] != other[start:end]
        if differs.any():
            return start + int(differs.argmax())
    return length


def _change(before: TokenStream, now: TokenStream, was: Place | None, became: Place | None) -> Change:
    if was is None or became is None:
        if was is None:
            return Change.SAME if became is None else Change.EXTENDED
        return Change.SHORTENED
    if _holds(now, before, was.number, became.number + 1):
        return Change.INSERTED
    if _holds(before, now, became.number, was.number + 1):
        return Change.REMOVED
    return Change.REPLACED


def _holds(stream: TokenStream, other: TokenStream, number: int, first: int) -> bool:
    """True if ``stream`` has the ``number``-th part of ``other`` again, from its part ``first`` on."""
    wanted = _tokens(other, number)
    if not len(wanted):
        return False
    starts = np.concatenate(([0], stream.ends[:-1])) if len(stream.ends) else stream.ends
    lengths = stream.ends - starts
    for index in (np.flatnonzero(lengths[first:] == len(wanted)) + first).tolist():
        alike = stream.parts[index].kind == other.parts[number].kind
        if alike and np.array_equal(_tokens(stream, index), wanted):
            return True
    return False


def _tokens(stream: TokenStream, number: int) -> NDArray[np.uint32]:
    start = int(stream.ends[number - 1]) if number else 0
    return stream.ids[start : int(stream.ends[number])]


@dataclass(frozen=True, slots=True)
class CacheRule:
    """When a maker's cache serves a prefix."""

    minimum: int
    """The shortest prefix that is kept, in tokens."""
    step: int = 1
    """A prefix is served in multiples of this beyond the minimum."""
    lookback: int | None = None
    """How many blocks before a breakpoint of the later request an earlier one's is found; None: all."""


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Where a request asks for all up to there to be kept."""

    end: int
    """Tokens before it."""
    block: int
    """How many blocks end there or before."""
    keep: str = "5m"


def served(shared: int, rule: CacheRule) -> int:
    """Tokens that a cache can serve of a shared prefix, where the maker keeps prefixes unasked."""
    if shared < rule.minimum:
        return 0
    return rule.minimum + (shared - rule.minimum) // rule.step * rule.step


def served_asked(
    shared: int, rule: CacheRule, before: Sequence[Breakpoint], now: Sequence[Breakpoint]
) -> int:
    """The same where only what a request marks is kept: what ends at a breakpoint of the earlier request, and
    that the later one looks for from one of its own on."""
    found = 0
    for point in before:
        reached = any(
            own.end >= point.end and (rule.lookback is None or own.block - point.block <= rule.lookback)
            for own in now
        )
        if reached and rule.minimum <= point.end <= shared:
            found = max(found, point.end)
    return found
