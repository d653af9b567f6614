"""The counts of one text by many tokenizers at once, kept right through edits without counting all again.

The text is a list of pieces between cuts that are safe for every tokenizer (`tokenization.cuts`), so that the
pieces' counts add up to the text's. An edit makes the pieces it touches unknown, and only those are counted
again. Nothing here counts: the owner asks for the next piece and hands its figures back, however late.
"""

from dataclasses import dataclass
from itertools import count
from typing import Generic, Protocol, TypeVar

from tokviz.tokenization.cuts import REACH, CutRule, Text

PIECE = 1 << 16
"""Bytes of one piece, where the text can be cut: what an edit makes every tokenizer count again."""


class Figures(Protocol):
    """What is known of a piece; neighbours add up."""

    def __add__(self: "F", other: "F") -> "F": ...


F = TypeVar("F", bound=Figures)


@dataclass(slots=True, eq=False)
class _Piece(Generic[F]):
    length: int
    figures: F | None = None
    key: int = 0
    """Of the request under way; 0 if none is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Bytes ``start`` to ``end`` of the text wait to be counted; hand in their figures under ``key``."""

    key: int
    start: int
    end: int


class TextCounts(Generic[F]):
    """The figures of a text of ``length`` bytes, all unknown at first."""

    def __init__(self, length: int, rule: CutRule) -> None:
        self._rule = rule
        self._keys = count(1)
        self._pieces: list[_Piece[F]] = [_Piece(length)] if length else []

    def __len__(self) -> int:
        return sum(piece.length for piece in self._pieces)

    @property
    def complete(self) -> bool:
        """Whether every piece is counted."""
        return all(piece.figures is not None for piece in self._pieces)

    @property
    def known_bytes(self) -> int:
        """How many bytes are counted."""
        return sum(piece.length for piece in self._pieces if piece.figures is not None)

    def total(self, nothing: F) -> F:
        """The figures of all counted pieces in order, added to those of an empty text, ``nothing``."""
        for piece in self._pieces:
            if piece.figures is not None:
                nothing = nothing + piece.figures
        return nothing

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
            base = end
        size = length + inserted - removed
        whole: list[_Piece[F]] = [_Piece(size)] if size else []
        self._pieces[first or 0 : last] = whole

    def next_piece(self, text: Text) -> Wanted | None:
        """A piece to count next, from the start on; None if all are counted or under way."""
        base = 0
        for number, piece in enumerate(self._pieces):
            if piece.figures is None and not piece.key:
                piece = self._shortened(number, base, text)
                piece.key = next(self._keys)
                return Wanted(piece.key, base, base + piece.length)
            base += piece.length
        return None

    def deliver(self, key: int, figures: F) -> bool:
        """Take in the figures of the piece given out as ``key``; False if an edit has overtaken it."""
        for piece in self._pieces:
            if piece.key == key:
                piece.key, piece.figures = 0, figures
                return True
        return False

    def abandon(self, key: int) -> None:
        """The piece given out as ``key`` will not be counted by that request; offer it again."""
        for piece in self._pieces:
            if piece.key == key:
                piece.key = 0

    def _shortened(self, number: int, base: int, text: Text) -> _Piece[F]:
        """Cut a long piece after about ``PIECE`` bytes, if it can be cut; the first part."""
        piece = self._pieces[number]
        if piece.length <= PIECE + PIECE // 2:
            return piece
        # Neither end of the piece is a place to divide it.
        last = base + piece.length - 1
        cut = self._rule.previous_cut(text, base + PIECE // 2, base + PIECE)
        if cut < 0:
            cut = self._rule.next_cut(text, base + PIECE, last)
        if cut < 0:
            return piece
        first: _Piece[F] = _Piece(cut - base)
        self._pieces[number : number + 1] = [first, _Piece(piece.length - first.length)]
        return first
