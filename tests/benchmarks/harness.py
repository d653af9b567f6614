"""How a benchmark is measured and reported.

A benchmark module beside this one holds ``BENCHMARKS``: names and functions that return rows. Times on a
shared machine are noisy, so a row is a ratio: subject and baseline run turn by turn in one run, and their
medians are compared.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One result. ``ok`` is whether ``ratio`` keeps to ``limit`` (an upper bound unless ``at_least``)."""

    name: str
    """What was measured, against what, and the unit of both figures."""
    value: float
    baseline: float
    limit: float
    at_least: bool = False

    @property
    def ratio(self) -> float:
        """``value / baseline``, or how many times faster the subject is (``at_least``)."""
        above, below = (self.baseline, self.value) if self.at_least else (self.value, self.baseline)
        return above / below if below else float("inf")

    @property
    def ok(self) -> bool:
        """Whether the limit is kept."""
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


@dataclass(frozen=True, slots=True)
class Missing:
    """A benchmark that cannot run here, and why. It is printed, never passed over."""

    name: str
    reason: str


Result = Row | Missing
Benchmark = Callable[[], list[Result]]


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call of ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleave(*works: Callable[[], float], rounds: int = 5) -> list[float]:
    """The median of each function's own measurements, taken turn by turn over ``rounds``."""
    measured: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, values in zip(works, measured, strict=True):
            values.append(work())
    return [statistics.median(values) for values in measured]
