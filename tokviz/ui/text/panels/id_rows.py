"""Which tokens stand together in a row of ids: each line of the text begins a new row, as in the text."""

from collections.abc import Iterator

from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.text.buffer import TextBuffer

IdRow = tuple[int, int]
"""The indices of a row's tokens: first, last (excluded)."""


class IdRows:
    """Walks the rows of the first ``count`` tokens of a text, ``columns`` in a row at most.

    Nothing is kept: any row is found from any token in it, so it costs the same for a hundred tokens as for
    a hundred million. A token that reaches over a line's end stands on the line it begins in.
    """

    def __init__(self, tokens: TokenMap, buffer: TextBuffer, count: int, columns: int) -> None:
        self._tokens = tokens
        self._buffer = buffer
        self.count = count
        self.columns = columns

    def at(self, index: int) -> IdRow | None:
        """The row that holds the token of that index; the last row past the end, None if there is none."""
        if not self.count:
            return None
        index = max(0, min(index, self.count - 1))
        line = self._first_from(self._buffer.lines.start_of_line(self._start(index) or 0))
        first = line + (index - line) // self.columns * self.columns
        return first, self._stop(first)

    def after(self, row: IdRow) -> IdRow | None:
        """The next row, or None after the last."""
        return (row[1], self._stop(row[1])) if row[1] < self.count else None

    def before(self, row: IdRow) -> IdRow | None:
        """The row before, or None before the first."""
        return self.at(row[0] - 1) if row[0] else None

    def following(self, row: IdRow | None) -> Iterator[IdRow]:
        """This row and all after it."""
        while row is not None:
            yield row
            row = self.after(row)

    def moved(self, row: IdRow, by: int) -> IdRow:
        """The row so many rows down (or up, if negative), as far as there are any."""
        step = self.after if by > 0 else self.before
        for _ in range(abs(by)):
            further = step(row)
            if further is None:
                break
            row = further
        return row

    def _start(self, index: int) -> int | None:
        """Where a token begins; None while that is not known (an edit is being taken in)."""
        span = self._tokens.span(index)
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
        index = self._tokens.index_at(offset)
        if not 0 <= index < self.count:
            index = self.count
        while index and (start := self._start(index - 1)) is not None and start >= offset:
            index -= 1
        while index < self.count and (start := self._start(index)) is not None and start < offset:
            index += 1
        return index
