"""Which lines cost the most tokens, and which cost more than their length would explain.

A line's waste is the number of tokens it has beyond what the whole text's average would give it: long runs of
hexadecimal, base64, rare scripts and the like stand on top.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.characters import Text
from tokviz.analysis.tokens.token_list import TokenRun
from tokviz.language import N_, TranslatedEnum

_Numbers = NDArray[np.int64]


class LineOrder(TranslatedEnum):
    """What makes a line costly."""

    WASTE = N_("tokens over the average")
    TOKENS = N_("tokens")


@dataclass(frozen=True, slots=True)
class LineCost:
    """One line: bytes ``start`` to ``end`` of the text, its break included. Lines count from 0.

    A token that reaches over a line's end counts for the line it begins in.
    """

    line: int
    start: int
    end: int
    tokens: int
    waste: float
    """Tokens beyond the average; negative if it costs less."""

    @property
    def bytes_per_token(self) -> float:
        """How many bytes each of its tokens holds on average."""
        return (self.end - self.start) / self.tokens if self.tokens else 0.0


class LineCosts:
    """Finds the costliest lines of a text, fed with all its tokens in order."""

    def __init__(self, text_bytes: int, text_tokens: int, most: int = 100) -> None:
        """``most``: how many lines are listed. The average is that of the whole text."""
        self._average = text_bytes / text_tokens if text_tokens else 1.0
        self._most = most
        self._line = 0
        self._start = 0
        self._tokens = 0
        self._reached = 0
        self._best: dict[LineOrder, list[LineCost]] = {order: [] for order in LineOrder}

    @property
    def lines(self) -> int:
        """How many lines have ended so far."""
        return self._line

    def feed(self, text: Text, run: TokenRun) -> None:
        """Take in the next tokens."""
        if not len(run):
            return
        low, high = self._reached, int(run.ends[-1])
        self._reached = high
        ends = line_ends(text, low, high)
        if not len(ends):
            self._tokens += len(run)
            return
        before = np.searchsorted(run.starts, ends, side="left")
        tokens = np.diff(before, prepend=0)
        tokens[0] += self._tokens
        self._keep(np.append(self._start, ends[:-1]), ends, tokens)
        self._line += len(ends)
        self._start = int(ends[-1])
        self._tokens = len(run) - int(before[-1])

    def finish(self) -> None:
        """All tokens were fed: the last line ends here."""
        if self._reached > self._start:
            ends = np.array([self._reached], np.int64)
            self._keep(np.array([self._start]), ends, np.array([self._tokens]))
            self._line += 1
            self._start = self._reached

    def costliest(self, order: LineOrder) -> list[LineCost]:
        """The costliest lines so far, the worst first; only those above the average if it is about waste."""
        found = self._best[order]
        return [cost for cost in found if cost.waste > 0] if order is LineOrder.WASTE else list(found)

    def _keep(self, starts: _Numbers, ends: _Numbers, tokens: _Numbers) -> None:
        waste = tokens - (ends - starts) / self._average
        for order, key in ((LineOrder.WASTE, waste), (LineOrder.TOKENS, tokens)):
            new = [
                LineCost(self._line + at, int(starts[at]), int(ends[at]), int(tokens[at]), float(waste[at]))
                for at in _largest(key, self._most)
            ]
            self._best[order] = self._ranked([*self._best[order], *new], order)[: self._most]

    @staticmethod
    def _ranked(costs: Iterable[LineCost], order: LineOrder) -> list[LineCost]:
        if order is LineOrder.WASTE:
            return sorted(costs, key=lambda cost: (-cost.waste, cost.line))
        return sorted(costs, key=lambda cost: (-cost.tokens, cost.line))


def line_ends(text: Text, start: int, stop: int) -> _Numbers:
    """The offsets in ``start < offset <= stop`` right after a line break (LF, CR LF or a lone CR)."""
    view = np.frombuffer(text, np.uint8, min(stop + 1, len(text)) - start, start)
    inside = view[: stop - start]
    found = inside == 0x0A
    returns = np.flatnonzero(inside == 0x0D)
    if len(returns):
        following = np.zeros(len(returns), np.uint8)
        known = returns + 1 < len(view)
        following[known] = view[returns[known] + 1]
        found[returns[following != 0x0A]] = True
    return np.flatnonzero(found) + (start + 1)


def _largest(key: NDArray[np.float64] | _Numbers, most: int) -> list[int]:
    """The places of the largest, ascending; of equals at the edge, the first."""
    if len(key) <= most:
        return list(range(len(key)))
    least = np.partition(key, len(key) - most)[len(key) - most]
    above = np.flatnonzero(key > least)
    equal = np.flatnonzero(key == least)[: most - len(above)]
    chosen: list[int] = np.sort(np.concatenate((above, equal))).tolist()
    return chosen
