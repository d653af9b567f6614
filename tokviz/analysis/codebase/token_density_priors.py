"""What a byte of a file probably brings before any like it is counted: by tokenizer and kind of file.

Measured on the sources of Django and Linux: a kind of file is within some 15 % of its figure here, and a
tokenizer within 10 % of its own, so that a whole codebase is within a quarter. Only for what is marked ``~``.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.languages import BINARY
from tokviz.tokenization.estimate import FEATURES

_TOKENS = 0.28
"""Tokens under o200k_base a byte of a file of which nothing is known: 3.6 bytes a token."""
_BY_LANGUAGE: Mapping[str, float] = {
    "Assembly": 0.41,
    BINARY: 0.0,
    "C": 0.33,
    "CSV": 0.45,
    "Device tree": 0.39,
    "JSON": 0.32,
    "JavaScript": 0.31,
    "Makefile": 0.35,
    "Markdown": 0.25,
    "Perl": 0.38,
    "Python": 0.23,
    "SVG": 0.45,
    "Shell": 0.33,
    "Text": 0.26,
    "reStructuredText": 0.25,
}
_AGAINST_O200K: Mapping[str, float] = {
    "claude-2": 1.12,
    "deepseek-v3": 1.07,
    "gemma": 1.23,
    "mistral-v3": 1.35,
    "mistral-v7": 1.35,
    "qwen3": 1.06,
    "r50k_base": 1.50,
    "tekken": 1.12,
}
"""A tokenizer's tokens for each of o200k_base's; 1 for those that are as good."""
_FEATURES: Mapping[str, float] = {"digits": 0.02, "numbers": 0.01, "spaced_numbers": 0.003, "bytes": 1.0}
"""An estimator's features a byte, other than tokens; 0 for what is rare in code and English."""
_SIZES: Mapping[str, float] = {"characters": 1.0, "lines": 1 / 32}


def likely_per_byte(columns: Sequence[str], languages: Sequence[str]) -> NDArray[np.float64]:
    """``float64[columns, languages]``: what a byte on the disk brings to a column of a token tree. An
    estimator's columns end in the name of a feature. A file whose name says that it is no text brings no
    token."""
    density = np.array([_BY_LANGUAGE.get(language, _TOKENS) for language in languages])
    text = (density > 0).astype(np.float64)
    rows = [_row(column, density, text) for column in columns]
    return np.array(rows, np.float64).reshape(len(columns), len(languages))


def _row(column: str, density: NDArray[np.float64], text: NDArray[np.float64]) -> NDArray[np.float64]:
    if column == "bytes":
        return np.ones(len(density))
    if column in _SIZES:
        return text * _SIZES[column]
    _, space, feature = column.rpartition(" ")
    if space and feature in FEATURES:
        if feature == "tokens":
            return density * _AGAINST_O200K["claude-2"]
        return text * _FEATURES.get(feature, 0.0)
    return density * _AGAINST_O200K.get(column, 1.0)
