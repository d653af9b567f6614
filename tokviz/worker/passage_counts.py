"""Counts the same passage in several languages: a job for the worker, one for each tokenizer."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from tokviz.analysis.chunk_metrics import ColumnCounter
from tokviz.analysis.count_plan import make_decoder
from tokviz.tokens import Count


class Context(Protocol):
    """What the job needs of the worker's context."""

    def counter(self, name: str) -> ColumnCounter:
        """What counts chunks of text with a tokenizer or estimator."""


@dataclass(frozen=True, slots=True)
class CountPassages:
    """Count whole texts (valid UTF-8) with one tokenizer or estimator."""

    name: str
    texts: tuple[bytes, ...]
    long: ClassVar[bool] = True

    def perform(self, context: Context, reporter: object) -> tuple[Count, ...]:  # noqa: ARG002
        """A count for each text; the registry's errors if the tokenizer cannot be used."""
        counter, decoder = context.counter(self.name), make_decoder(self.name)
        return tuple(decoder.count(counter(text, True)) for text in self.texts)

    def __str__(self) -> str:
        return f"counting the languages with {self.name}"
