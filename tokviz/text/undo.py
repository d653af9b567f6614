"""Undo and redo: byte-exact, in the steps a person expects, within a bound of memory."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from tokviz.text.buffer import Edit, TextBuffer

PAUSE_SECONDS = 2.0
"""After this long without a key, what is typed next is a step of its own."""
MEMORY_LIMIT = 64 << 20
"""Bytes of removed text that the steps may hold together; the oldest steps go first. The last step is always
kept whole, so that what was just deleted can come back whatever its size."""


class Kind(Enum):
    """What an edit was, which decides whether it joins the step before."""

    TYPING = auto()
    DELETING = auto()
    COMPOSING = auto()
    """Taking away the selection that something is composed over, which then is one step with what comes of
    it."""
    OTHER = auto()


@dataclass(slots=True)
class _Change:
    """At ``start``, ``removed`` gave way to ``inserted`` bytes, which the text itself holds."""

    start: int
    removed: bytes
    inserted: int


@dataclass(slots=True)
class _Step:
    changes: list[_Change]
    kind: Kind
    cursor_before: tuple[int, int]
    cursor_after: tuple[int, int]
    when: float

    @property
    def size(self) -> int:
        return sum(len(change.removed) for change in self.changes)


class UndoHistory:
    """Makes the edits of a buffer and takes them back. An edit made by others (another text is opened) ends
    all steps: they would not fit any more.

    A step holds only what was removed, as what was inserted is in the text. A cursor is
    ``(anchor, position)`` in bytes.
    """

    def __init__(self, buffer: TextBuffer, clock: Callable[[], float] = time.monotonic) -> None:
        self._buffer = buffer
        self._clock = clock
        self._undo: deque[_Step] = deque()
        self._redo: list[_Step] = []
        self._sealed = True
        self._memory = 0
        self._own_edit = False
        buffer.listen(self._edited)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a step taken back can be made again."""
        return bool(self._redo)

    def _edited(self, _: Edit) -> None:
        if not self._own_edit:  # the steps no longer lead from the text as it is
            self.clear()

    def clear(self) -> None:
        """Forget every step (another text was loaded)."""
        self._undo.clear()
        self._redo.clear()
        self._memory = 0
        self._sealed = True

    def seal(self) -> None:
        """Have the next edit begin a step of its own (the cursor was moved by hand)."""
        self._sealed = True

    def replace(self, start: int, end: int, data: bytes, kind: Kind, cursor: tuple[int, int]) -> Edit:
        """Edit the buffer and remember how to take it back; ``cursor`` is where it was before."""
        removed = self._buffer.slice(start, end)
        edit = self._replace(start, end, data)
        change = _Change(start, removed, len(data))
        after = (start + len(data), start + len(data))
        now = self._clock()
        self._redo.clear()
        if self._joins(change, data, kind, now):
            step = self._undo[-1]
            self._join(step.changes, change)
            step.kind, step.cursor_after, step.when = kind, after, now
        else:
            self._undo.append(_Step([change], kind, cursor, after, now))
        self._memory += len(removed)
        self._sealed = kind is Kind.OTHER
        while self._memory > MEMORY_LIMIT and len(self._undo) > 1:
            self._memory -= self._undo.popleft().size
        return edit

    def undo(self) -> tuple[int, int] | None:
        """Take the last step back; the cursor it had before, or None if there is no step."""
        if not self._undo:
            return None
        step = self._undo.pop()
        self._memory -= step.size
        step.changes = [self._swap(change) for change in reversed(step.changes)]
        self._redo.append(step)
        self._sealed = True
        return step.cursor_before

    def redo(self) -> tuple[int, int] | None:
        """Make the step last taken back again; the cursor it left, or None if there is no step."""
        if not self._redo:
            return None
        step = self._redo.pop()
        step.changes = [self._swap(change) for change in reversed(step.changes)]
        self._undo.append(step)
        self._memory += step.size
        self._sealed = True
        return step.cursor_after

    def _replace(self, start: int, end: int, data: bytes) -> Edit:
        self._own_edit = True
        try:
            return self._buffer.replace(start, end, data)
        finally:
            self._own_edit = False

    def _swap(self, change: _Change) -> _Change:
        """Undo ``change``; the change that would make it again."""
        end = change.start + change.inserted
        taken = self._buffer.slice(change.start, end)
        self._replace(change.start, end, change.removed)
        return _Change(change.start, taken, len(change.removed))

    def _joins(self, change: _Change, data: bytes, kind: Kind, now: float) -> bool:
        if self._sealed or kind is Kind.OTHER or not self._undo:
            return False
        step = self._undo[-1]
        if step.kind is Kind.COMPOSING:
            return kind is Kind.TYPING and change.start == step.changes[-1].start
        if step.kind is not kind or now - step.when > PAUSE_SECONDS:
            return False
        last = step.changes[-1]
        if kind is Kind.TYPING:
            if change.start != last.start + last.inserted or data[:1] in (b"\n", b"\r"):
                return False
            # A word and the blanks after it are one step: the first letter after a blank begins the next.
            before = self._buffer.text[change.start - 1 : change.start]
            return not (before in (b" ", b"\t") and not data[:1].isspace())
        return change.start in (last.start, last.start - len(change.removed))

    @staticmethod
    def _join(changes: list[_Change], change: _Change) -> None:
        last = changes[-1]
        if change.inserted and not change.removed:
            last.inserted += change.inserted
        elif not last.inserted and not change.inserted and change.start == last.start:
            last.removed += change.removed
        elif not last.inserted and not change.inserted:
            last.start, last.removed = change.start, change.removed + last.removed
        else:
            changes.append(change)
