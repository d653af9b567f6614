"""Where the caret goes: by character as people see it, word, row, line and page. Offsets are bytes."""

from PySide6.QtCore import QTextBoundaryFinder
from PySide6.QtGui import QTextLayout

from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.text_positions import Utf16Map, for_qt
from tokviz.ui.editor.layout.row_navigator import Caret, Row
from tokviz.ui.editor.layout.text_viewport import TextViewport

_REACH = 2048
"""Bytes around the caret that are looked at; a longer word is crossed in several moves."""
_SKIP_WORDS = QTextLayout.CursorMode.SkipWords
_SKIP_CHARACTERS = QTextLayout.CursorMode.SkipCharacters


class _Window:
    """What of the caret's line is near it, as Qt sees it."""

    def __init__(self, buffer: TextBuffer, offset: int) -> None:
        line_start = buffer.lines.start_of_line(offset)
        content_end = buffer.line_content_end(offset)
        self.start = buffer.boundary_before(max(line_start, offset - _REACH))
        end = buffer.boundary_after(max(offset, min(content_end, offset + _REACH)))
        data = buffer.slice(self.start, end)
        self.text = for_qt(data.decode())
        self._map = Utf16Map(data)
        self.size = self._map.units

    def unit(self, offset: int) -> int:
        return self._map.unit(offset - self.start)

    def offset(self, unit: int) -> int:
        return self.start + self._map.byte(unit)


class Movement:
    """Answers where each movement leads."""

    def __init__(self, buffer: TextBuffer, viewport: TextViewport) -> None:
        self._buffer = buffer
        self._viewport = viewport
        self._rows = viewport.navigator

    def next_character(self, offset: int, words: bool = False) -> int:
        """The end of the character (or, with ``words``, the next word's beginning) after ``offset``."""
        if offset >= self._buffer.line_content_end(offset):
            return self._buffer.lines.end_of_line(offset)
        window = _Window(self._buffer, offset)
        mode = _SKIP_WORDS if words else _SKIP_CHARACTERS
        return window.offset(QTextLayout(window.text).nextCursorPosition(window.unit(offset), mode))

    def previous_character(self, offset: int, words: bool = False) -> int:
        """The beginning of the character (or word) before ``offset``."""
        line_start = self._buffer.lines.start_of_line(offset)
        if offset == line_start:
            return offset - self._buffer.break_length(offset)
        content_end = self._buffer.line_content_end(offset)
        if offset > content_end:  # between \r and \n, where no caret of ours stands
            return content_end
        window = _Window(self._buffer, offset)
        mode = _SKIP_WORDS if words else _SKIP_CHARACTERS
        return window.offset(QTextLayout(window.text).previousCursorPosition(window.unit(offset), mode))

    def sideways(self, caret: Caret, right: bool) -> Caret:
        """One character to the left or right as the eye goes, whatever direction the text has."""
        row = self._rows.of_caret(caret)
        within = min(caret.offset, row.end) - row.segment.start
        moved = row.shape.step(within, right)
        if moved is not None:
            return Caret(row.segment.start + moved)
        forward = right is not row.segment.right_to_left
        return Caret(self.next_character(caret.offset) if forward else self.previous_character(caret.offset))

    def sideways_word(self, caret: Caret, right: bool) -> Caret:
        """One word to the left or right; in a line from right to left, left is forward."""
        forward = right is not self._rows.of_caret(caret).segment.right_to_left
        step = self.next_character if forward else self.previous_character
        return Caret(step(caret.offset, words=True))

    def row_edge(self, caret: Caret, end: bool) -> Caret:
        """The beginning or end of the caret's row."""
        row = self._rows.of_caret(caret)
        if not end:
            return Caret(row.start)
        return Caret(row.end, upstream=not row.is_last or not row.segment.ends_line)

    def line_edge(self, offset: int, end: bool) -> Caret:
        """The beginning or end of the line, however many rows it takes."""
        if end:
            return Caret(self._buffer.line_content_end(offset))
        return Caret(self._buffer.lines.start_of_line(offset))

    def vertical(self, caret: Caret, rows: int, x: float) -> Caret:
        """``rows`` rows down (up, if negative), nearest to ``x``; the text's edge where there are fewer."""
        row: Row = self._rows.of_caret(caret)
        for _ in range(abs(rows)):
            following = self._rows.following(row) if rows > 0 else self._rows.preceding(row)
            if following is None:
                return Caret(len(self._buffer)) if rows > 0 else Caret(0)
            row = following
        return row.caret_at(x)

    def page(self, caret: Caret, down: bool, x: float) -> Caret:
        """As many rows down or up as are in sight, but for one."""
        rows = max(1, self._viewport.whole_rows - 1)
        return self.vertical(caret, rows if down else -rows, x)

    def x_of(self, caret: Caret) -> float:
        """Where on its row the caret stands, in pixels."""
        return self._rows.of_caret(caret).x_of(caret.offset)

    def word_at(self, offset: int) -> tuple[int, int]:
        """The word (or the run of blanks, or the sign) at ``offset``; the one before it at a line's end."""
        window = _Window(self._buffer, offset)
        if not window.text:
            return offset, offset
        unit = min(window.unit(offset), window.size - 1)
        finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, window.text)
        finder.setPosition(unit)
        start = unit if finder.isAtBoundary() else finder.toPreviousBoundary()
        finder.setPosition(unit)
        end = finder.toNextBoundary()
        return window.offset(max(0, start)), window.offset(end if end >= 0 else window.size)

    def line_at(self, offset: int) -> tuple[int, int]:
        """The whole line that holds ``offset``, its break included."""
        lines = self._buffer.lines
        return lines.start_of_line(offset), lines.end_of_line(offset)
