"""The tokens of a text a chunk at a time: little enough that whoever works on them can stop in between."""

from collections.abc import Iterator

from tokviz.analysis.tokens.token_list import TokenList, TokenRun

CHUNK = 1 << 14
"""Tokens in a chunk: numpy needs a millisecond or so for what is counted in them."""
_ALL = 1 << 62


def token_chunks(
    tokens: TokenList, size: int = CHUNK, first: int = 0, last: int | None = None
) -> Iterator[TokenRun]:
    """Tokens ``first`` to ``last`` (excluded; None: all) in order, ``size`` at a time, each once.

    Ends where they are not known. No edit may come between two chunks.
    """
    stop = _ALL if last is None else last
    while first < stop and len(run := tokens.tokens_between(first, min(first + size, stop))):
        yield run
        first += len(run)
