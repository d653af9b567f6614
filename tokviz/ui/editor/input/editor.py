"""Moving the caret, selecting and editing: what an editor does, without a window."""

import re
from collections.abc import Callable
from enum import Enum, auto

from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Parts, line_parts
from tokviz.text.undo import Kind, UndoHistory
from tokviz.ui.editor.input.editor_state import EditorState
from tokviz.ui.editor.input.movement import Movement
from tokviz.ui.editor.layout.row_navigator import Caret

_INDENT = re.compile(rb"\A(?:\t| {1,4})")
_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


class Move(Enum):
    """The movements of the caret."""

    LEFT = auto()
    RIGHT = auto()
    WORD_LEFT = auto()
    WORD_RIGHT = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    ROW_START = auto()
    ROW_END = auto()
    LINE_START = auto()
    LINE_END = auto()
    START = auto()
    END = auto()


class Editor:
    """The movements and edits made through one view: they go by its state, and leave the caret in it."""

    def __init__(
        self, buffer: TextBuffer, history: UndoHistory, movement: Movement, state: EditorState
    ) -> None:
        self.buffer = buffer
        self.history = history
        self.movement = movement
        self.state = state
        self._goal_x: float | None = None
        """The x that moving up and down aims at."""

    # -- selection -------------------------------------------------------------------------------------

    def place(self, caret: Caret, extend: bool = False) -> None:
        """Put the caret somewhere; with ``extend`` the selection reaches up to there."""
        self._goal_x = None
        self.history.seal()
        self.state.set_selection(self.state.anchor if extend else caret.offset, caret)

    def select(self, anchor: int, position: int) -> None:
        """Select from ``anchor`` to ``position``, where the caret goes."""
        self._goal_x = None
        self.history.seal()
        self.state.set_selection(anchor, Caret(position))

    def select_all(self) -> None:
        """Select the whole text."""
        self.select(0, len(self.buffer))

    def move(self, move: Move, extend: bool = False) -> None:
        """Move the caret."""
        if self.state.has_selection and not extend and move in (Move.LEFT, Move.RIGHT):
            start, end = self.state.selection
            self.place(Caret(start if move is Move.LEFT else end))
            return
        goal = None
        if move in (Move.UP, Move.DOWN, Move.PAGE_UP, Move.PAGE_DOWN):
            goal = self.movement.x_of(self.state.caret) if self._goal_x is None else self._goal_x
        self.place(self._target(move, goal or 0.0), extend)
        self._goal_x = goal

    def _target(self, move: Move, x: float) -> Caret:
        moves, caret = self.movement, self.state.caret
        match move:
            case Move.LEFT | Move.RIGHT:
                return moves.sideways(caret, move is Move.RIGHT)
            case Move.WORD_LEFT | Move.WORD_RIGHT:
                return moves.sideways_word(caret, move is Move.WORD_RIGHT)
            case Move.UP | Move.DOWN:
                return moves.vertical(caret, 1 if move is Move.DOWN else -1, x)
            case Move.PAGE_UP | Move.PAGE_DOWN:
                return moves.page(caret, move is Move.PAGE_DOWN, x)
            case Move.ROW_START | Move.ROW_END:
                return moves.row_edge(caret, move is Move.ROW_END)
            case Move.LINE_START | Move.LINE_END:
                return moves.line_edge(caret.offset, move is Move.LINE_END)
            case Move.START:
                return Caret(0)
            case Move.END:
                return Caret(len(self.buffer))

    # -- edits -----------------------------------------------------------------------------------------

    def insert(self, data: bytes, kind: Kind = Kind.OTHER) -> None:
        """Replace the selection by ``data`` (valid UTF-8); typed over what follows in overwrite mode."""
        start, end = self.state.selection
        if kind is Kind.TYPING and self.state.overwrite and start == end:
            content_end = self.buffer.line_content_end(end)
            end = min(self.movement.next_character(end), content_end) if end < content_end else end
        if start != end or data:
            self.replace(start, end, data, kind)

    def replace(
        self, start: int, end: int, data: bytes, kind: Kind = Kind.OTHER, parts: Parts | None = None
    ) -> None:
        """Replace the bytes from ``start`` to ``end`` by ``data`` and put the caret after it. ``parts`` says
        what really changes between them: then the caret stays where it was in what did not change, and other
        views keep their place, too."""
        if self.state.read_only:
            return
        cursor = (self.state.anchor, self.state.caret.offset)
        change = self.history.replace(start, end, data, kind, cursor, parts)
        self._goal_x = None
        at = start + len(data) if parts is None else change.map_offset(cursor[1], 1)
        self.state.set_selection(at, Caret(at))

    def delete(self, forward: bool, words: bool = False) -> None:
        """Delete the selection, or the character or word before or after the caret."""
        start, end = self.state.selection
        if start == end and forward:
            end = self.movement.next_character(end, words)
        elif start == end:
            start = (
                self._backspace_start(start) if not words else self.movement.previous_character(start, True)
            )
        if start != end:
            self.replace(start, end, b"", Kind.DELETING if not words else Kind.OTHER)

    def _backspace_start(self, offset: int) -> int:
        """Backspace takes the last code point of a combining sequence, but all of an emoji or a CRLF."""
        start = self.movement.previous_character(offset)
        last = self.buffer.boundary_before(offset - 1) if offset else 0
        whole = self.buffer.slice(start, offset)
        if last == start or whole[:1] in (b"\r", b"\n") or whole[0] >= 0xF0 or "\u200d".encode() in whole:
            return start
        if self.buffer.slice(last, offset)[:2] in (b"\xef\xb8",):
            return start  # a variation selector cannot be seen, so it does not go alone
        return last

    def delete_line_part(self, forward: bool) -> None:
        """Delete from the caret to the line's end or beginning."""
        start, end = self.state.selection
        if forward:
            end = self.movement.line_edge(end, end=True).offset
            end = self.buffer.lines.end_of_line(end) if end == start else end
        else:
            start = self.movement.line_edge(start, end=False).offset
        if start != end:
            self.replace(start, end, b"")

    def drop(self, data: bytes, at: int, moved: tuple[int, int] | None = None) -> None:
        """Insert dropped text at byte ``at`` and select it; ``moved``: take it away from these bytes."""
        if moved and moved[0] <= at <= moved[1]:
            self.select(*moved)
            return
        if moved:
            text, (start, end) = self.buffer, moved
            if at > end:  # one step: what lies between moves over
                self.replace(start, at, text.slice(end, at) + data)
                at -= end - start
            else:
                self.replace(at, end, data + text.slice(at, start))
        else:
            self.replace(at, at, data)
        self.select(at, at + len(data))

    def indent(self) -> None:
        """A tab at the caret, or one before each line that a selection over several lines touches."""
        start, end = self.state.selection
        lines = self.buffer.lines
        if lines.start_of_line(start) == lines.start_of_line(end):
            self.insert(b"\t", Kind.TYPING)
            return
        self._rewrite_lines(lambda line: b"\t" + line if line.strip() else line)

    def outdent(self) -> None:
        """Take a tab, or up to four blanks, from the beginning of each line that is touched."""
        self._rewrite_lines(lambda line: _INDENT.sub(b"", line, count=1))

    def _rewrite_lines(self, rewrite: Callable[[bytes], bytes]) -> None:
        start, end = self.state.selection
        lines = self.buffer.lines
        begin = lines.start_of_line(start)
        last = end - 1 if end > start and lines.start_of_line(end) == end else end
        stop = lines.end_of_line(last)
        old = self.buffer.slice(begin, stop)
        before = _LINES.findall(old)
        after = [rewrite(line) for line in before]
        new = b"".join(after)
        if new != old:
            several = self.state.has_selection
            self.replace(begin, stop, new, parts=line_parts(begin, before, after))
            moved = max(begin, end + len(new) - len(old))
            self.select(begin if several else moved, begin + len(new) if several else moved)

    def line_break(self) -> bytes:
        """The break that the line at the caret, or the one before it, ends with; a line feed where there is
        none to go by."""
        lines = self.buffer.lines
        offset = self.state.selection[0]
        end = lines.end_of_line(offset)
        if not self.buffer.break_length(end):
            end = lines.start_of_line(offset)
        return self.buffer.slice(end - self.buffer.break_length(end), end) or b"\n"

    def undo(self) -> None:
        """Take the last step back and show where it was."""
        self._restore(self.history.undo())

    def redo(self) -> None:
        """Make the step last taken back again."""
        self._restore(self.history.redo())

    def _restore(self, cursor: tuple[int, int] | None) -> None:
        if cursor is not None:
            self._goal_x = None
            self.state.set_selection(cursor[0], Caret(cursor[1]))
