"""Counts the same passage in several languages: a job for the worker, one for each tokenizer."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from tokviz.analysis.figures import PieceCounter
from tokviz.analysis.word_counts import WordCount
from tokviz.tokenization.estimate import estimate
from tokviz.tokens import Count


class Context(Protocol):
    """What the job needs of the worker's context."""

    def counter(self, name: str) -> PieceCounter:
        """What counts the figure ``name`` of a piece of text."""


@dataclass(frozen=True, slots=True)
class CountPassages:
    """Count whole texts (valid UTF-8) with one tokenizer or estimator."""

    name: str
    texts: tuple[bytes, ...]
    long: ClassVar[bool] = True

    def perform(self, context: Context, reporter: object) -> tuple[Count, ...]:  # noqa: ARG002
        """A count for each text; the registry's errors if the tokenizer cannot be used."""
        counter = context.counter(self.name)
        return tuple(self._count(counter, text) for text in self.texts)

    def _count(self, counter: PieceCounter, text: bytes) -> Count:
        figure = counter(text, True)
        if isinstance(figure, int):
            return Count.certain(figure)
        if isinstance(figure, WordCount):
            raise TypeError(f"{self.name} is no tokenizer")
        return estimate(self.name, figure)

    def __str__(self) -> str:
        return f"counting the languages with {self.name}"
