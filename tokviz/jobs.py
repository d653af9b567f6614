"""What the worker process is asked to do. No Qt here: the worker never loads it.

A job is a small picklable value that says what to do and does it with what the worker holds (its
`Workshop`). The window submits jobs through ``ui.worker``; tests and the command line call the same
functions without a process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from tokviz.assets import Assets
from tokviz.documents.reading import TextFile, read_text
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokens import Tokenization


class Workshop:
    """What jobs work with: the tokenizers, loaded once and kept."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets
        self.registry = Registry(assets)


class SupersededError(Exception):
    """Raised inside a job that nobody waits for any more."""


class Reporter:
    """A job's line to whoever waits for it."""

    def __init__(self, post: Callable[[object], None], wanted: Callable[[], bool]) -> None:
        self._post = post
        self._wanted = wanted

    def progress(self, value: object) -> None:
        """Send a part of the result, or how far the job has come; SupersededError if nobody waits."""
        self.check()
        self._post(value)

    def check(self) -> None:
        """Raise SupersededError if nobody waits any more. Long jobs call this often."""
        if not self._wanted():
            raise SupersededError


class Job(Protocol):
    """One request. ``long`` jobs run beside the quick ones and never make them wait."""

    long: ClassVar[bool]

    def perform(self, shop: Workshop, reporter: Reporter) -> object:
        """Do the work in the worker process; what it returns is pickled back."""

    def __str__(self) -> str:
        """What is being done, to complete "The worker stopped while …"."""


@dataclass(frozen=True, slots=True)
class TokenizePiece:
    """Tokenize one piece of a text: valid UTF-8 bytes, cut where the caller knows it is safe."""

    tokenizer: str
    special: SpecialTokens
    data: bytes
    long: ClassVar[bool] = False

    def perform(self, shop: Workshop, reporter: Reporter) -> Tokenization:
        """The piece's tokens; ends count bytes from the piece's start."""
        return shop.registry.get(self.tokenizer, self.special).encode(self.data)

    def __str__(self) -> str:
        return f"tokenizing with {self.tokenizer}"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Read one file as text."""

    path: Path
    long: ClassVar[bool] = True

    def perform(self, shop: Workshop, reporter: Reporter) -> TextFile:
        """The file's text and encoding; ReadError says in one sentence why there is none."""
        return read_text(self.path)

    def __str__(self) -> str:
        return f"reading {self.path.name}"
