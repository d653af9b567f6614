"""Does a text fit in a model's window, with room for the answer?"""

from dataclasses import dataclass

from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count

DEFAULT_RESERVE = 4096
"""Tokens kept for the answer where the user says nothing: about six pages, more than most answers."""
_LARGEST_SHARE = 4
"""The default takes at most this fraction of a window (a quarter), so that small windows stay usable."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a counted text stands to a model's window. All sizes are tokens; None is unknown."""

    count: Count
    window: int | None
    """Input and answer together."""
    reserve: int
    """Kept for the answer."""
    usable: int | None
    """What the text may take: the smaller of the largest input and the window less the reserve."""

    @property
    def used(self) -> int:
        """What the text takes, as the likely count has it."""
        return self.count.tokens

    @property
    def left(self) -> int | None:
        """What is still free for text; negative when it is over."""
        return None if self.usable is None else self.usable - self.count.tokens

    @property
    def share(self) -> float | None:
        """The part of the window that the text takes: 1.0 is all of it."""
        return None if self.window is None else self.count.tokens / self.window

    @property
    def fits(self) -> bool | None:
        """True if the text fits even at the high end of its count, False if it does not even at the low end.

        None if that depends on where in its range an estimate lies, or if the window is unknown
        (then ``usable`` is None too).
        """
        if self.usable is None:
            return None
        if self.count.high <= self.usable:
            return True
        return False if self.count.low > self.usable else None


def default_reserve(model: LanguageModel) -> int:
    """The tokens kept for the answer by default: 4,096, or less where the window or the answer is small."""
    limits = [DEFAULT_RESERVE]
    if model.max_output is not None:
        limits.append(model.max_output)
    if model.context_window is not None:
        limits.append(model.context_window // _LARGEST_SHARE)
    return min(limits)


def fit(count: Count, model: LanguageModel, reserve: int | None = None) -> Fit:
    """How ``count`` stands to the window of ``model`` with ``reserve`` tokens (None: the default) kept."""
    kept = default_reserve(model) if reserve is None else reserve
    limits = [limit for limit in (model.max_input,) if limit is not None]
    if model.context_window is not None:
        limits.append(max(0, model.context_window - kept))
    return Fit(count, model.context_window, kept, min(limits) if limits else None)
