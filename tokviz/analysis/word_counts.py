"""Counting the words of a text in pieces, where a piece may begin or end inside a word."""

from collections.abc import Iterable
from dataclasses import dataclass

from tokviz.analysis.tokens.statistics import text_size


@dataclass(frozen=True, slots=True)
class WordCount:
    """The words of a piece (runs without white space), and whether its edges stand inside one."""

    words: int
    starts_inside: bool
    """Its first character is no white space."""
    ends_inside: bool
    """Its last character is no white space."""


def count_words(data: bytes) -> WordCount:
    """The words of ``data``, which is valid UTF-8 and not cut inside a character."""
    head, tail = data[:4].decode("utf-8", "ignore")[:1], data[-4:].decode("utf-8", "ignore")[-1:]
    return WordCount(
        text_size(data).words, bool(head) and not head.isspace(), bool(tail) and not tail.isspace()
    )


def total_words(pieces: Iterable[WordCount]) -> int:
    """The words of the text that the pieces make up: a word over an edge counts once."""
    total, inside = 0, False
    for piece in pieces:
        total += piece.words - (inside and piece.starts_inside)
        inside = piece.ends_inside
    return total
