"""Finds the token at a place of the picture or of the text, and its neighbours."""

from dataclasses import dataclass

from tokviz.ui.editor.layout.row_space import PlacedRow, RowSpace
from tokviz.ui.editor.painting.row_parts import RowPart, cut_parts
from tokviz.ui.editor.painting.scene import Tokens
from tokviz.ui.editor.painting.token_colors import UNKNOWN, TokenRun

_NEAR = 512
"""Bytes on either side of a place in a long row that are looked at."""


@dataclass(frozen=True, slots=True)
class FoundToken:
    """One token: its index (-1 while it is not known), the bytes it covers, and its id."""

    index: int
    start: int
    end: int
    token_id: int


class TokenFinder:
    """Reads the tokens in force."""

    def __init__(self, rows: RowSpace, tokens: Tokens) -> None:
        self._rows = rows
        self._tokens = tokens

    def at_x(self, placed: PlacedRow, x: float) -> FoundToken | None:
        """The token drawn at ``x`` of a row; within a character that several share, the part's own."""
        source = self._tokens.source
        if source is None:
            return None
        row = self._rows.row(placed)
        start, stop = placed.start, placed.stop
        if stop - start > _NEAR:
            middle = placed.segment.start + row.character_at(x)
            start, stop = max(start, middle - _NEAR), min(stop, middle + _NEAR)
        run = source.tokens_in(start, stop)
        (cut,) = cut_parts([RowPart(0, placed, row, start, stop)], run)
        for owner, left, right in row.spans(cut.cuts - placed.segment.start):
            if left <= x < right:
                return _found(run, int(cut.tokens[owner]))
        return None

    def at_offset(self, offset: int) -> FoundToken | None:
        """The token that holds the byte at ``offset``."""
        source = self._tokens.source
        if source is None:
            return None
        run = source.tokens_in(offset, offset + 1)
        for number in range(len(run.ids)):
            if run.starts[number] <= offset < run.ends[number]:
                return _found(run, number)
        return None

    def beside(self, start: int, end: int, step: int) -> FoundToken | None:
        """The token before (``step`` -1) or after (1) the bytes ``start`` to ``end``."""
        if step < 0:
            return self.at_offset(start - 1) if start else None
        return self.at_offset(end)


def _found(run: TokenRun, number: int) -> FoundToken | None:
    if number < 0 or run.ids[number] == UNKNOWN:
        return None
    index = run.first_index + number if run.first_index >= 0 else -1
    return FoundToken(index, int(run.starts[number]), int(run.ends[number]), int(run.ids[number]))
