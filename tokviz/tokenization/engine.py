"""What tokviz asks of a tokenizing library: the ids of an ordinary text, and nothing else.

Added tokens, normalization, spaces and offsets are ours, so they are the same whichever library tokenizes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.vocabularies import VocabularyError


class EngineError(Exception):
    """A library refuses a vocabulary; the message is its reason."""


class Engine(Protocol):
    """Tokenizes ordinary text (valid UTF-8). Safe to call from several threads."""

    @property
    def name(self) -> str:
        """The library, such as ``gigatoken``."""

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """The ids (``uint32[n]``) of ``data``; special-token text in it is text like any other."""

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """How many ids ``encode`` gives for each text: ``int64[len(batch)]``, of at least one text.

        ``parallel``: on all processors, where the library can; else as far as it can on one.
        """


@contextmanager
def refusal(engine: str) -> Iterator[None]:
    """Turns whatever a library raises while it loads a vocabulary into EngineError."""
    try:
        yield
    except (ImportError, VocabularyError, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        reason = str(error).strip().splitlines()
        raise EngineError(
            f"{engine} cannot read it ({reason[0] if reason else type(error).__name__})"
        ) from error


def is_panic(error: BaseException) -> bool:
    """Whether a library written in Rust panicked, which arrives as a BaseException that is no Exception."""
    return type(error).__name__ == "PanicException"
