"""Which tokens stand together in a row of ids: each line of the text begins a new row, as in the text."""

from typing import NamedTuple

from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.text.buffer import TextBuffer


class IdRow(NamedTuple):
    """The indices of a row's tokens: the first, and the next row's first."""

    start: int
    stop: int

    @property
    def key(self) -> int:
        """Tells rows apart, and orders them."""
        return self.start


class IdRows:
    """Walks the rows of the first ``count`` tokens of a text, ``columns`` in a row at most.

    Nothing is kept: any row is found from any token in it, so it costs the same for a hundred tokens as for
    a hundred million. A token that reaches over a line's end stands on the line it begins in.
    """

    def __init__(
        self, tokens: TokenMap | None, buffer: TextBuffer, count: int, columns: int, row_height: int = 1
    ) -> None:
        """``tokens`` may be missing where ``count`` is 0; ``row_height`` is in pixels."""
        self._tokens = tokens
        self._buffer = buffer
        self.count = count
        self.columns = columns
        self.row_height = row_height

    @property
    def version(self) -> object:
        """Changes as soon as any row may be another."""
        return self, self._buffer.revision

    def at(self, position: int) -> IdRow:
        """The row that holds the token of that index; the last row past the end, an empty one if there are no
        tokens."""
        if not self.count:
            return IdRow(0, 0)
        index = max(0, min(position, self.count - 1))
        line = self._first_from(self._buffer.lines.start_of_line(self._start(index) or 0))
        first = line + (index - line) // self.columns * self.columns
        return IdRow(first, self._stop(first))

    def following(self, row: IdRow) -> IdRow | None:
        """The next row, or None after the last."""
        return IdRow(row.stop, self._stop(row.stop)) if row.stop < self.count else None

    def preceding(self, row: IdRow) -> IdRow | None:
        """The row before, or None before the first."""
        return self.at(row.start - 1) if row.start else None

    def _start(self, index: int) -> int | None:
        """Where a token begins; None while that is not known (a change is being applied)."""
        span = self._tokens.span(index) if self._tokens is not None else None
        return span[0] if span else None

    def _stop(self, first: int) -> int:
        """Where the row that begins with token ``first`` ends."""
        limit = min(first + self.columns, self.count)
        end_of_line = self._buffer.lines.end_of_line(self._start(first) or 0)
        # Within the columns as a rule, so that one look settles it.
        if (self._start(limit - 1) or 0) < end_of_line:
            return limit
        return max(first + 1, min(limit, self._first_from(end_of_line)))

    def _first_from(self, offset: int) -> int:
        """The index of the first token that begins at or after byte ``offset``."""
        index = self._tokens.index_at(offset) if self._tokens is not None else 0
        if not 0 <= index < self.count:
            index = self.count
        while index and (start := self._start(index - 1)) is not None and start >= offset:
            index -= 1
        while index < self.count and (start := self._start(index)) is not None and start < offset:
            index += 1
        return index
