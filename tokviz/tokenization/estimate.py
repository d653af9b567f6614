"""Token counts for Claude models, which have had no public tokenizer since Claude 2: estimates, with a range.

Sources, all measured or read in November 2026:

- Claude 3 to 4.6 and Haiku 4.5 (``claude``): a linear fit to 120 real answers of Anthropic's count_tokens for
  Haiku 4.5 (short, deliberately mixed samples): mean absolute error 7.5 %, 95th percentile 20 %; 4 to 5 % on
  prose, code and numbers, 14 % on CJK, 22 % on tiny strings. ``likely = 1.066 n - 0.342 arabic + 0.096 emoji
  + 1.359 symbols - 0.089 cjk``, where n is the number of tokens of the NFKC text under Claude 2's ranks,
  digits split in threes. (Claude 2 itself does not split digits so; n is taken from its tokenizer and the
  digits: within 1.1 % of the true n for 95 % of 2,928 files of code, data and prose, 2.3 % for 99 %.)
- Opus 4.7 and later (``claude-new``): "about 30 % more" tokens (the vendor); published measurements for Latin
  text and code range from 1.1 to 1.47 times, and are about 1.0 for CJK, Cyrillic, Arabic and Devanagari.
- A request of one message has about 7 tokens more, for its framing; they count only in the upper end.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.tokenizer import Tokenizer
from tokviz.tokens import Count, Provenance

FEATURES = (
    "tokens",
    "digits",
    "numbers",
    "spaced_numbers",
    "arabic",
    "emoji",
    "symbols",
    "cjk",
    "bytes",
    "other",
)
"""What is counted of a text, in this order: tokens under Claude 2; digits, runs of them, and those behind a
space; characters of four kinds; bytes; bytes of scripts that newer models do not split finer (``other``)."""
_TOKENS, _DIGITS, _NUMBERS, _SPACED, _ARABIC, _EMOJI, _SYMBOLS, _CJK, _BYTES, _OTHER = range(len(FEATURES))

_LIKELY = {_TOKENS: 1.066, _ARABIC: -0.342, _EMOJI: 0.096, _SYMBOLS: 1.359, _CJK: -0.089}
_DIGITS_IN_THREES = {_DIGITS: 0.104, _NUMBERS: -0.138, _SPACED: 1.040}
_ERROR, _ERROR_CJK = 0.10, 0.28
"""Half the range: twice the mean error on prose and code, and on CJK."""
_ERROR_DIGITS = 0.20
"""Added for a text of nothing but digits: for a table of numbers the three weights above are off by 18 %."""
_TINY = 3
"""Tokens of half a range that even the shortest text has (22 % of a tiny string of a dozen tokens)."""
_FRAMING = 7
_NEWER, _NEWER_LOW, _NEWER_HIGH = 1.30, 1.10, 1.47

_ARABIC_RANGES = ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
_CJK_RANGES = (
    *((0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)),
    *((0xAC00, 0xD7AF), (0x1100, 0x11FF), (0x20000, 0x3134F)),
)
_FIRST_EMOJI = 0x1F000


@dataclass(frozen=True, slots=True)
class Scale:
    """How a model's count stands to that of Claude 3 to 4.6, for Latin text and code."""

    low: float = 1.0
    likely: float = 1.0
    high: float = 1.0


SCALES = {"claude": Scale(), "claude-new": Scale(_NEWER_LOW, _NEWER, _NEWER_HIGH)}
"""The estimators by name."""


class Estimator:
    """Estimates one family of models. The features of texts add up, so a folder's are its files' sum."""

    def __init__(self, name: str, claude_2: Tokenizer) -> None:
        self.name = name
        self._scale = SCALES[name]
        self._tokenizer = claude_2

    def features(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """``int64[len(texts), len(FEATURES)]`` of texts in valid UTF-8; ``parallel``: see Tokenizer."""
        features = np.zeros((len(texts), len(FEATURES)), np.int64)
        if texts:
            features[:, _TOKENS] = self._tokenizer.count_many(texts, parallel)
        for row, text in zip(features, texts, strict=True):
            self._fill(row, text)
        return features

    def estimate(self, features: NDArray[np.int64]) -> Count:
        """The count for a text, or for several kept apart, from the sum of their features."""
        return estimate(self.name, features)

    def _fill(self, row: NDArray[np.int64], text: bytes) -> None:
        row[_BYTES] = len(text)
        codes = np.frombuffer(text, np.uint8)
        digits = codes - np.uint8(ord("0")) < 10
        row[_DIGITS] = np.count_nonzero(digits)
        if row[_DIGITS]:
            first = digits[1:] & ~digits[:-1]
            row[_NUMBERS] = np.count_nonzero(first) + int(digits[0])
            row[_SPACED] = np.count_nonzero(first & (codes[:-1] == ord(" ")))
        if text.isascii():
            return
        points = np.frombuffer(text.decode().encode("utf-32-le"), np.uint32)
        points = points[points >= 0x80]
        row[_ARABIC] = _within(points, _ARABIC_RANGES)
        row[_EMOJI] = np.count_nonzero(points >= _FIRST_EMOJI)
        row[_CJK] = _within(points, _CJK_RANGES)
        row[_SYMBOLS] = np.count_nonzero(self._is_symbol[np.minimum(points, _FIRST_EMOJI)])
        # Arabic and Cyrillic take two bytes a letter, the others three.
        row[_OTHER] = 3 * row[_CJK] + 2 * row[_ARABIC] + _within(points, ((0x400, 0x52F),)) * 2
        row[_OTHER] += 3 * _within(points, ((0x900, 0x97F),))

    @cached_property
    def _is_symbol(self) -> NDArray[np.bool_]:
        """``bool[0x1F001]``: whether a code point below the emoji is of a category S*."""
        flags = [unicodedata.category(chr(code))[0] == "S" for code in range(_FIRST_EMOJI)]
        return np.array([*flags, False])


def estimate(name: str, features: NDArray[np.int64]) -> Count:
    """What the estimator ``name`` makes of features (``int64[len(FEATURES)]``); loads nothing."""
    scale = SCALES[name]
    if not features[_BYTES]:
        return Count(0, Provenance.ESTIMATE, 0, 0)
    tokens = features[_TOKENS] + sum(weight * features[i] for i, weight in _DIGITS_IN_THREES.items())
    weighed = features.astype(np.float64)
    weighed[_TOKENS] = tokens
    base = max(1.0, float(sum(weight * weighed[i] for i, weight in _LIKELY.items())))
    size = float(features[_BYTES])
    cjk = min(1.0, 3 * float(features[_CJK]) / size)
    digits = float(features[_DIGITS]) / size
    error = _ERROR + (_ERROR_CJK - _ERROR) * cjk + _ERROR_DIGITS * digits
    latin = 1.0 - min(1.0, float(features[_OTHER]) / size)

    def scaled(factor: float) -> float:
        return 1.0 + (factor - 1.0) * latin

    likely = round(base * scaled(scale.likely))
    # The published factors are a range already: the fit's own error comes on top of it only half.
    own = error if scale.low == scale.high else error / 2
    low = base * scaled(scale.low) * (1 - own) - _TINY
    high = base * scaled(scale.high) * (1 + own) + _TINY + _FRAMING
    return Count(likely, Provenance.ESTIMATE, max(1, min(likely, round(low))), max(likely, round(high)))


def _within(points: NDArray[np.uint32], ranges: Sequence[tuple[int, int]]) -> int:
    return sum(int(np.count_nonzero((points >= first) & (points <= last))) for first, last in ranges)
