"""The core values: a text's tokens, and how sure a count is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.language import N_, TranslatedEnum, _


class Provenance(TranslatedEnum):
    """How a count is known."""

    EXACT = N_("exact")
    """Counted with the model's own published tokenizer."""
    ASSUMED = N_("assumed")
    """Counted with its family's tokenizer; the vendor has not said which one this model uses."""
    RECONSTRUCTED = N_("reconstructed")
    """Counted with a vocabulary that others rebuilt from counts which the maker published."""
    FORMULA = N_("by formula")
    """An image: what its maker's published formula makes of its width and height."""
    TEXTS_ALONE = N_("texts alone")
    """A request: its texts counted, without what its maker puts around them, which is not known."""
    MEASURED = N_("measured")
    """A request: its texts counted, and around them what recorded requests had, with a range."""
    ESTIMATE = N_("estimate")
    """No public tokenizer: a likely value inside the range that known ones give for the same text."""

    @property
    def explanation(self) -> str:
        """What it means, as the end of a sentence that begins with its name."""
        return _EXPLANATIONS[self]


_ORDER = list(Provenance)
"""What comes later names the whole of several. (With what a request was recorded to read, texts are no longer
alone.)"""
_EXPLANATIONS = {
    Provenance.EXACT: _("counted with the model's own published tokenizer"),
    Provenance.ASSUMED: _(
        "counted with its family's tokenizer; the maker has not said which this model uses"
    ),
    # How many of the maker's recorded counts are equal: tests/tokenization/claude/test_counter.py.
    Provenance.RECONSTRUCTED: _(
        "rebuilt from the maker's published counts; equal on 2,242 of 2,242 texts; unofficial"
    ),
    Provenance.FORMULA: _("worked out from width and height by the formula that the model's maker published"),
    Provenance.TEXTS_ALONE: _(
        "its texts are counted; what the maker puts around them is not known and not counted"
    ),
    Provenance.MEASURED: _(
        "its texts are counted, and what the maker puts around them follows rules that fit recorded requests"
    ),
    Provenance.ESTIMATE: _(
        "nobody has published its tokenizer: what known current ones give for this very text, lowest, "
        "middle and highest"
    ),
}


@dataclass(frozen=True, slots=True)
class Count:
    """A number of tokens with its label; ``low == tokens == high`` unless it is an estimate."""

    tokens: int
    provenance: Provenance
    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.tokens <= self.high:
            raise ValueError(f"a count needs 0 <= low <= tokens <= high, not {self}")

    @classmethod
    def certain(cls, tokens: int, provenance: Provenance = Provenance.EXACT) -> "Count":
        """A count without a range."""
        return cls(tokens, provenance, tokens, tokens)

    def __add__(self, other: "Count") -> "Count":
        """Both together; the later of the two ways says how the sum is known."""
        provenance = max(self.provenance, other.provenance, key=_ORDER.index)
        return Count(self.tokens + other.tokens, provenance, self.low + other.low, self.high + other.high)

    def without(self, less: int) -> "Count":
        """The count with ``less`` tokens left out."""
        tokens = max(0, self.tokens - less)
        low, high = max(0, self.low - less), max(tokens, self.high - less)
        return Count(tokens, self.provenance, min(tokens, low), high)


@dataclass(frozen=True, slots=True, eq=False)
class Tokenization:
    """The tokens of one text. The text is UTF-8 bytes and every offset counts bytes.

    ``ids`` is ``uint32[n]``: the token ids in order. ``ends`` is ``int64[n]``: the offset at which each
    token ends, never decreasing; a token starts where the one before it ends. (``int64`` because
    ``searchsorted`` with a Python int converts a whole ``int32`` array on every call.) A token may end
    inside a character, and may be empty where a tokenizer adds a token that stands for no text.
    """

    tokenizer: str
    ids: NDArray[np.uint32]
    ends: NDArray[np.int64]
    revision: int = 0

    def __post_init__(self) -> None:
        if self.ids.shape != self.ends.shape or self.ids.ndim != 1:
            raise ValueError(
                f"ids {self.ids.shape} and ends {self.ends.shape} must be one-dimensional and equal"
            )

    def __len__(self) -> int:
        return len(self.ids)

    def span(self, index: int) -> tuple[int, int]:
        """The byte offsets (start, end) of the token at ``index``."""
        return (int(self.ends[index - 1]) if index else 0, int(self.ends[index]))

    def index_at(self, offset: int) -> int:
        """The index of the token that holds the byte at ``offset``; ``len(self)`` past the last one."""
        return int(np.searchsorted(self.ends, offset, side="right"))
