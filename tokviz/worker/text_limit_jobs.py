"""Where so many tokens of a text end, and which chunks it makes: jobs for the worker (see `jobs.Job`)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import formatting
from tokviz.analysis.tokens.chunking import TextChunk, TooFewTokensError, split, take
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.analysis.tokens.token_gauge import make_gauge
from tokviz.language import pgettext
from tokviz.worker.jobs import Reporter, WorkerContext

_STEP = 64
"""Chunks after which it is asked whether anybody still waits."""


@dataclass(frozen=True, slots=True)
class TextEnds:
    """The last offsets at which what stands before is at most so many tokens, by itself."""

    token: int
    line: int
    sentence: int


@dataclass(frozen=True, slots=True, eq=False)
class FindTextEnds:
    """Find where ``most`` tokens of a text end, in a part of it (see ``text_ends.limit_range``)."""

    name: str
    """The tokenizer or estimator."""
    data: bytes
    before: NDArray[np.int64] | None
    """The columns of what stands before ``data``; None if nothing does."""
    most: int
    high: bool
    """By the high end of an estimate, else by its low end."""
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> TextEnds:  # noqa: ARG002
        """Offsets in ``data``; the registry's errors if the tokenizer cannot be used."""
        gauge = make_gauge(context.registry, self.name, self.data, self.before, self.high)
        try:
            ends = [take(self.data, gauge, 0, self.most, at).end for at in BreakAt]
        except TooFewTokensError:
            return TextEnds(0, 0, 0)
        return TextEnds(*ends)

    def __str__(self) -> str:
        return pgettext(
            "stopped while …",
            "looking for the end of {tokens} of {tokenizer}",
            tokens=formatting.tokens(self.most),
            tokenizer=self.name,
        )


@dataclass(frozen=True, slots=True)
class SplitPart:
    """Split a part of a text into chunks: from where a chunk begins, as far as chunks are complete."""

    name: str
    data: bytes
    most: int
    overlap: int
    at: BreakAt
    last: bool
    """Whether the text ends where ``data`` ends."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> tuple[tuple[TextChunk, ...], int]:
        """Chunks with offsets in ``data``, and where the next one begins: one that reaches the end of
        ``data`` may be cut short there, and is left out unless the text ends there too. ValueError or the
        registry's errors, in a sentence."""
        gauge = make_gauge(context.registry, self.name, self.data)
        found: list[TextChunk] = []
        for chunk in split(self.data, gauge, self.most, self.overlap, self.at):
            if chunk.end == len(self.data) and not self.last:
                return tuple(found), chunk.start
            found.append(chunk)
            if len(found) % _STEP == 0:
                reporter.check()
        return tuple(found), len(self.data)

    def __str__(self) -> str:
        return pgettext("stopped while …", "splitting the text by {tokenizer}", tokenizer=self.name)
