"""Counts for models whose tokenizer nobody has published: what today's known ones give for the same text.

Tokenizers of one generation are trained on much the same and differ by script and by kind of text; the
lowest, the middle and the highest of their counts are a range that the text itself makes. It is no promise: a
tokenizer may lie outside.
"""

import numpy as np
from numpy.typing import NDArray

from tokviz.tokens import Count, Provenance

ESTIMATE = "estimate"
"""The name by which models ask for it."""
SOURCES = (
    *("o200k_base", "claude-v4.8", "llama4", "gemma", "tekken"),
    *("deepseek-v3", "qwen3.5", "glm-4.7", "kimi-k2"),
)
"""The newest vocabulary of each maker that is bundled: one each, so that no maker counts twice. Their number
is odd, so that the middle one is a count that one of them gives."""


def estimate(tokens: NDArray[np.int64]) -> Count:
    """The count for a text, or for several kept apart, of which the ``SOURCES`` count so many tokens
    (``int64[len(SOURCES)]``, in any order)."""
    low, likely, high = (int(value) for value in np.quantile(tokens, (0, 0.5, 1), method="lower"))
    return Count(likely, Provenance.ESTIMATE, low, high)
