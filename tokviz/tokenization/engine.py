"""What tokviz asks of a tokenizing library: the ids of an ordinary text, and nothing else.

Added tokens, normalization, spaces and offsets are ours, so they are the same whichever library cuts.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class EngineError(Exception):
    """A library refuses a vocabulary; the message is its reason."""


class Engine(Protocol):
    """Cuts ordinary text. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """The library, such as ``gigatoken``."""

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """The ids (``uint32[n]``) of ``data``; special-token text in it is text like any other."""

    def count_many(self, batch: Sequence[bytes]) -> NDArray[np.int64]:
        """How many ids ``encode`` gives for each text: ``int64[len(batch)]``."""
