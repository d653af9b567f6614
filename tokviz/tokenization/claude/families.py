"""The generations of Claude's tokenizer, and what each does besides looking up pieces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Models that count the same text alike."""

    name: str
    vocabulary: str
    """Name of its vocabulary's file, without the ending."""
    frame_tokens: int
    """Tokens that the maker's count of one user message has besides those of its text."""
    opens_word: bool
    """Whether the frame ends in a word's opening mark, which takes in one leading space."""
    straightens_quotes: bool
    """Whether the four curly quotes are read as ``'`` and ``"``."""
    shortest_capitals: int | None
    """Letters from which on a word in capitals is written as a mark and its small letters; None: never."""
    ignores_final_space: bool = False
    """Whether white space (ASCII) at the end of the text costs nothing."""


FAMILIES = {
    family.name: family
    for family in (
        Family("v3", "claude-v3", 7, True, True, 4),
        Family("v4.7", "claude-v4.7", 11, True, False, None),
        Family("v4.8", "claude-v4.7", 6, False, False, None),
        Family("opus-5", "claude-v4.7", 6, False, False, None, ignores_final_space=True),
    )
}
"""v3: Claude 3 to Opus 4.6. v4.7: Opus 4.7. v4.8: Opus 4.8, Sonnet 5, Fable 5. opus-5: Opus 5 alone."""
