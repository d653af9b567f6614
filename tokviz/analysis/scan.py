"""Counting many files: what each adds to the tree's figures, for all tokenizers in one reading.

Nothing here opens a file. Texts come in batches (``documents.tree_reading``), each is handed to every
counter, and the figures leave as arrays. All figures add up, so a folder's are the sum of its files'.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.documents.tree_reading import TextBatch
from tokviz.documents.walking import LeftOut
from tokviz.tokenization.estimate import FEATURES, Estimator
from tokviz.tokenization.tokenizer import Tokenizer

SIZE_COLUMNS = ("bytes", "characters", "lines")
"""The figures that need no tokenizer: UTF-8 bytes, code points, and lines as ``statistics`` counts them."""
_LF, _CR = 0x0A, 0x0D


class Counter(Protocol):
    """Gives figures of texts that add up over texts kept apart."""

    @property
    def columns(self) -> tuple[str, ...]:
        """What the figures are called."""

    def figures(self, texts: Sequence[bytes]) -> NDArray[np.int64]:
        """``int64[len(texts), len(columns)]``."""


class TokenCounter:
    """A tokenizer's counts, one column under its name."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.columns: tuple[str, ...] = (tokenizer.name,)

    def figures(self, texts: Sequence[bytes]) -> NDArray[np.int64]:
        """See Counter."""
        return self._tokenizer.count_many(texts).reshape(-1, 1)


class EstimateCounter:
    """What an estimator needs to know of texts: a column for each feature, under the estimator's name."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self.columns: tuple[str, ...] = estimate_columns(estimator.name)

    def figures(self, texts: Sequence[bytes]) -> NDArray[np.int64]:
        """See Counter."""
        return self._estimator.features(texts)


def estimate_columns(estimator: str) -> tuple[str, ...]:
    """The columns of an estimator: what ``tokenization.estimate`` needs to know of texts."""
    return tuple(f"{estimator} {feature}" for feature in FEATURES)


@dataclass(frozen=True, slots=True)
class MeasuredBatch:
    """A batch with the figures that need no tokenizer."""

    texts: TextBatch
    sizes: NDArray[np.int64]
    """``int64[len(texts), 3]``: see ``SIZE_COLUMNS``."""


@dataclass(frozen=True, slots=True, eq=False)
class CountedBatch:
    """The figures of some files; it pickles small and holds no text."""

    numbers: NDArray[np.int64]
    """Which files: ``int64[n]``."""
    figures: NDArray[np.int64]
    """``int64[n, columns]``: ``SIZE_COLUMNS``, then each counter's."""
    encodings: list[str]
    replaced: NDArray[np.int64]
    """How many U+FFFD stand for bytes that could not be decoded: ``int64[n]``."""
    left_out: list[tuple[int, LeftOut]]
    """Files that turned out binary or unreadable, by number."""


def columns(counters: Sequence[Counter]) -> tuple[str, ...]:
    """The names of a ``CountedBatch``'s columns."""
    return (*SIZE_COLUMNS, *(name for counter in counters for name in counter.columns))


def measure(batch: TextBatch) -> MeasuredBatch:
    """Measure a batch. It belongs on the thread that reads, which otherwise waits for the disk."""
    return MeasuredBatch(batch, text_sizes(batch.texts))


def count(batches: Iterable[MeasuredBatch], counters: Sequence[Counter]) -> Iterator[CountedBatch]:
    """Count each batch when asked for, with all counters. To cancel is to ask no more."""
    for batch in batches:
        texts = batch.texts.texts
        parts = [batch.sizes, *_figures(texts, counters)] if texts else []
        yield CountedBatch(
            numbers=np.array(batch.texts.numbers, np.int64),
            figures=np.concatenate(parts, axis=1)
            if texts
            else np.zeros((0, len(columns(counters))), np.int64),
            encodings=batch.texts.encodings,
            replaced=np.array(batch.texts.replaced, np.int64),
            left_out=batch.texts.left_out,
        )


def _figures(texts: Sequence[bytes], counters: Sequence[Counter]) -> Iterator[NDArray[np.int64]]:
    features: NDArray[np.int64] | None = None
    for counter in counters:
        if not isinstance(counter, EstimateCounter):
            yield counter.figures(texts)
            continue
        # All estimators look at the same features.
        features = counter.figures(texts) if features is None else features
        yield features


def text_sizes(texts: Sequence[bytes]) -> NDArray[np.int64]:
    """Bytes, characters and lines of each text: ``int64[len(texts), 3]``."""
    sizes = [(len(text), len(text) if text.isascii() else len(text.decode()), _lines(text)) for text in texts]
    return np.array(sizes, np.int64).reshape(-1, 3)


def _lines(text: bytes) -> int:
    """Line ends (LF, CR LF, CR), and one more for what follows the last of them."""
    if not text:
        return 0
    # Text by text: a file stays in the processor's cache, a batch does not.
    codes = np.frombuffer(text, np.uint8)
    feeds: NDArray[np.bool_] = codes == _LF
    breaks = np.count_nonzero(feeds)
    if b"\r" in text:
        returns = codes == _CR
        breaks += np.count_nonzero(returns) - np.count_nonzero(returns[:-1] & feeds[1:])
    return int(breaks) + (text[-1] not in (_LF, _CR))
