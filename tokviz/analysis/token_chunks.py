"""All tokens of a text, a chunk at a time: little enough that whoever works on them can stop in between."""

from collections.abc import Iterator

from tokviz.analysis.token_map_list import PieceList, TokenRun

CHUNK = 1 << 14
"""Tokens in a chunk: numpy needs a millisecond or so for what is counted in them."""


def token_chunks(tokens: PieceList, size: int = CHUNK) -> Iterator[TokenRun]:
    """The tokens in order, ``size`` at a time, each once; ends where they are not known.

    No edit may come between two chunks.
    """
    first = 0
    while len(run := tokens.tokens_between(first, first + size)):
        yield run
        first += len(run)
