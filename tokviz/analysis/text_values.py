"""The counts of one text by many tokenizers at once, kept right through edits without counting all again.

The text is a list of pieces between cuts that are safe for every tokenizer (`split_points`), so that the
pieces' counts add up to the text's. An edit makes the pieces it touches unknown, and only those are counted
again. Nothing here counts: the owner asks for the next piece and hands its figures back, however late.

A figure is whatever adds up: a number of tokens, the features of an estimate, a number of words. Each has a
name; which are wanted may grow, as tokenizers are loaded one after the other.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tokviz.tokenization.splitting.split_points import REACH, SafeSplitRule, Text

PIECE = 1 << 16
"""Bytes of one piece, where the text can be cut: what an edit makes every tokenizer count again."""

_LARGE = 64 * PIECE
"""A stretch of more bytes is cut into pieces four times as large, so that there are not too many."""


@dataclass(slots=True, eq=False)
class _Piece:
    length: int
    figures: dict[str, Any] = field(default_factory=dict)
    key: int = 0
    """Of the request under way; 0 if none is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The figures ``names`` of bytes ``start`` to ``end`` are wanted; hand them in under ``key``."""

    key: int
    start: int
    end: int
    names: tuple[str, ...]


class TextValues:
    """The figures of a text of ``length`` bytes, all unknown at first."""

    def __init__(self, length: int, rule: SafeSplitRule) -> None:
        self._rule = rule
        self._length = length
        self._keys = count(1)
        self._pieces = [_Piece(length)] if length else []
        self._under_way: dict[int, _Piece] = {}

    def __len__(self) -> int:
        return self._length

    @property
    def under_way(self) -> set[int]:
        """The keys of the pieces given out, not delivered and not overtaken by an edit."""
        return set(self._under_way)

    def complete(self, names: Collection[str]) -> bool:
        """Whether every piece has the figures ``names``."""
        wanted = set(names)
        return all(piece.figures.keys() >= wanted for piece in self._pieces)

    def known_bytes(self, names: Collection[str]) -> int:
        """How many bytes have the figures ``names``."""
        wanted = set(names)
        return sum(piece.length for piece in self._pieces if piece.figures.keys() >= wanted)

    def parts(self, name: str) -> list[Any] | None:
        """The figure of each piece, in order; None while one is unknown."""
        return [piece.figures[name] for piece in self._pieces] if self.complete([name]) else None

    def placed(self, name: str) -> Iterator[tuple[int, Any]]:
        """Where each piece begins that has the figure ``name``, and the figure."""
        base = 0
        for piece in self._pieces:
            if name in piece.figures:
                yield base, piece.figures[name]
            base += piece.length

    def edited(self, start: int, removed: int, inserted: int) -> None:
        """``removed`` bytes at ``start`` gave way to ``inserted`` others: what they touch is unknown now.

        A boundary whose deciding bytes are touched may be no cut any more, so its two pieces become one.
        """
        first, last, length = None, 0, 0
        base = 0
        for number, piece in enumerate(self._pieces):
            end = base + piece.length
            if end > start - REACH and base < start + removed + REACH:
                first = number if first is None else first
                last, length = number + 1, length + piece.length
                self._under_way.pop(piece.key, None)
            base = end
        size = length + inserted - removed
        self._pieces[first or 0 : last] = [_Piece(size)] if size else []
        self._length += inserted - removed

    def next_piece(self, text: Text, names: Collection[str]) -> Wanted | None:
        """A piece that lacks some of the figures ``names``, the first that is not under way; None: none."""
        wanted, base = set(names), 0
        for number, piece in enumerate(self._pieces):
            if not piece.key and not piece.figures.keys() >= wanted:
                piece = self._shortened(number, base, text)  # changes the list, and so ends the loop
                piece.key = next(self._keys)
                self._under_way[piece.key] = piece
                missing = tuple(name for name in names if name not in piece.figures)
                return Wanted(piece.key, base, base + piece.length, missing)
            base += piece.length
        return None

    def deliver(self, key: int, figures: Mapping[str, Any]) -> bool:
        """Take in figures of the piece given out as ``key``; False if an edit has overtaken it."""
        piece = self._under_way.pop(key, None)
        if piece is None:
            return False
        piece.key = 0
        piece.figures.update(figures)
        return True

    def abandon(self, key: int) -> None:
        """The piece given out as ``key`` will not be counted by that request; offer it again."""
        if piece := self._under_way.pop(key, None):
            piece.key = 0

    def _shortened(self, number: int, base: int, text: Text) -> _Piece:
        """Cut a long piece after about ``PIECE`` bytes, if it can be cut; the first part."""
        piece = self._pieces[number]
        size = PIECE if piece.length <= _LARGE else 4 * PIECE
        if piece.length <= size + size // 2 or piece.figures:
            return piece
        # Neither end of the piece is a place to divide it.
        last = base + piece.length - 1
        cut = self._rule.previous_split(text, base + size // 2, base + size)
        if cut < 0:
            cut = self._rule.next_split(text, base + size, last)
        if cut < 0:
            return piece
        first = _Piece(cut - base)
        self._pieces[number : number + 1] = [first, _Piece(piece.length - first.length)]
        return first
