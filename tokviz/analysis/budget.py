"""Does a text fit in a model's window, with room for the answer?"""

from dataclasses import dataclass
from enum import StrEnum

from tokviz.catalog.model import LanguageModel
from tokviz.language import N_, TranslatedEnum
from tokviz.tokens import Count

DEFAULT_RESERVE = 4096
"""Tokens kept for the answer where the user says nothing: about six pages, more than most answers."""
_LARGEST_SHARE = 4
"""The default takes at most this fraction of a window (a quarter), so that small windows stay usable."""


class Limit(StrEnum):
    """What keeps a text from being longer."""

    RESERVE = "window less the reserve"  # verbatim
    """The window would take more, but only at the expense of the answer."""
    INPUT = "max input"  # verbatim
    """The maker takes no longer input, whatever the window."""
    WINDOW = "window"


class Standing(TranslatedEnum):
    """How a text stands to its limit, in the words that stand for it."""

    FITS = N_("fits")
    """Even at the high end of its count, with the whole reserve free."""
    MAY_NOT_FIT = N_("may not fit")
    """That depends on where in its range an estimate lies."""
    ANSWER_CUT = N_("answer cut")
    """It can be sent, but leaves the answer less than the reserve."""
    TOO_LONG = N_("too long")
    """Even at the low end of its count it cannot be sent."""
    UNKNOWN = N_("unknown")


@dataclass(frozen=True, slots=True)
class Fit:
    """How a counted text stands to a model's window. All sizes are tokens; None is unknown."""

    count: Count
    window: int | None
    """Input and answer together."""
    reserve: int
    """Kept for the answer."""
    max_input: int | None = None

    @property
    def used(self) -> int:
        """What the text takes, as the likely count has it."""
        return self.count.tokens

    @property
    def sendable(self) -> int | None:
        """The longest text that can be sent at all: the smaller of the largest input and the window."""
        limits = [limit for limit in (self.max_input, self.window) if limit is not None]
        return min(limits) if limits else None

    @property
    def usable(self) -> int | None:
        """The longest text that leaves the whole reserve free."""
        if self.window is None:
            return self.max_input
        free = max(0, self.window - self.reserve)
        return free if self.max_input is None else min(free, self.max_input)

    @property
    def limit(self) -> Limit | None:
        """The limit that binds: the one that ``over`` is past, else the one that ``left`` is up to."""
        if self.window is None:
            return None if self.max_input is None else Limit.INPUT
        if self.max_input is not None and (self.max_input == self.usable or self.over):
            return Limit.INPUT if self.max_input < self.window else Limit.WINDOW
        return Limit.WINDOW if self.over or not self.reserve else Limit.RESERVE

    @property
    def left(self) -> int | None:
        """What may be added with the whole reserve kept free; negative where that is cut into."""
        return None if self.usable is None else self.usable - self.count.tokens

    @property
    def over(self) -> int | None:
        """How much the likely count is too long to be sent at all, the reserve not counted; else 0."""
        return None if self.sendable is None else max(0, self.count.tokens - self.sendable)

    @property
    def answer_room(self) -> int | None:
        """What the text leaves for the answer: the reserve, or less; 0 where it cannot be sent."""
        if self.window is None:
            return None if self.max_input is None else self.reserve
        return 0 if self.over else max(0, min(self.reserve, self.window - self.count.tokens))

    @property
    def share(self) -> float | None:
        """The part of the window that the text takes: 1.0 is all of it."""
        return None if self.window is None else self.count.tokens / self.window

    @property
    def fits(self) -> bool | None:
        """True if text and reserve fit even at the high end of the count, False if not even at the low end.

        None if that depends on where in its range an estimate lies, or if the window is unknown
        (then ``usable`` is None too).
        """
        if self.usable is None:
            return None
        if self.count.high <= self.usable:
            return True
        return False if self.count.low > self.usable else None

    @property
    def standing(self) -> Standing:
        """The same in a word, which tells what cannot be sent from what only shortens the answer."""
        if self.sendable is None:
            return Standing.UNKNOWN
        if self.count.low > self.sendable:
            return Standing.TOO_LONG
        if self.fits:
            return Standing.FITS
        cut = self.left is not None and self.left < 0 and not self.over
        return Standing.ANSWER_CUT if cut else Standing.MAY_NOT_FIT


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
    return Fit(count, model.context_window, kept, model.max_input)
