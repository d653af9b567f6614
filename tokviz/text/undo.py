"""Undo and redo: byte-exact, in the steps a person expects, within a bound of memory."""

import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Parts, Phase, Reason, inverted

PAUSE_SECONDS = 2.0
"""After this long without a key, what is typed next is a step of its own."""
MEMORY_LIMIT = 64 << 20
"""Bytes that the steps to undo and to redo may hold together; those farthest from now go first. The next step
of either kind is always kept whole, so that what was just deleted can come back whatever its size."""


class Kind(Enum):
    """What an edit was, which decides whether it joins the step before."""

    TYPING = auto()
    DELETING = auto()
    COMPOSING = auto()
    """Taking away the selection that something is composed over, which then is one step with what comes of
    it."""
    OTHER = auto()


@dataclass(slots=True)
class _Replacement:
    """At ``start``, ``removed`` gave way to ``inserted`` bytes, which the text itself holds."""

    start: int
    removed: bytes | bytearray
    inserted: int
    parts: Parts | None = None

    @classmethod
    def of(cls, change: Change) -> "_Replacement":
        return cls(change.start, change.removed_text, change.inserted, change.parts)

    @property
    def size(self) -> int:
        return len(self.removed) + (0 if self.parts is None else self.parts.nbytes)


@dataclass(slots=True)
class _Step:
    replacements: list[_Replacement]
    kind: Kind
    cursor_before: tuple[int, int]
    cursor_after: tuple[int, int]
    when: float
    state_before: int
    state_after: int

    @property
    def size(self) -> int:
        return sum(replacement.size for replacement in self.replacements)


@dataclass(frozen=True, slots=True)
class Steps:
    """What can be undone and redone in a text that is not in the buffer now."""

    undo: deque[_Step]
    redo: deque[_Step]
    memory: int
    state: int


class UndoHistory:
    """Makes the edits of a buffer and takes them back. A change made by others (another text is opened) ends
    all steps: they would not fit any more.

    A step holds only what was removed, as what was inserted is in the text. A cursor is
    ``(anchor, position)`` in bytes. A state is a number for the text as it is: undo and redo bring it back
    with the text, and no two texts share one.
    """

    def __init__(self, buffer: TextBuffer, clock: Callable[[], float] = time.monotonic) -> None:
        self._buffer = buffer
        self._clock = clock
        self._undo: deque[_Step] = deque()
        self._redo: deque[_Step] = deque()
        self._sealed = True
        self._memory = 0
        self._states = itertools.count(1)
        self._state = 0
        buffer.follow(Phase.MODEL, self._follow)

    @property
    def state(self) -> int:
        """The text as it is, as a number. Followers of a change find that of the text after it."""
        return self._state

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a step taken back can be made again."""
        return bool(self._redo)

    def _follow(self, change: Change) -> None:
        if change.reason in (Reason.LOAD, Reason.DIRECT):
            self.clear()

    def clear(self) -> None:
        """Forget every step (another text was loaded)."""
        self.bring_back(Steps(deque(), deque(), 0, next(self._states)))

    @property
    def steps(self) -> Steps:
        """All steps, to be brought back with the text that they belong to."""
        return Steps(self._undo, self._redo, self._memory, self._state)

    def bring_back(self, steps: Steps) -> None:
        """Have these steps again: the text that they belong to is in the buffer again."""
        self._undo, self._redo, self._memory = steps.undo, steps.redo, steps.memory
        self._state = steps.state
        self._sealed = True

    def seal(self) -> None:
        """Have the next edit begin a step of its own (the cursor was moved by hand)."""
        self._sealed = True

    def replace(
        self,
        start: int,
        end: int,
        data: bytes,
        kind: Kind,
        cursor: tuple[int, int],
        parts: Parts | None = None,
    ) -> Change:
        """Edit the buffer and remember how to take it back; ``cursor`` is where it was before. ``parts`` says
        what really changes between ``start`` and ``end``."""
        before, self._state = self._state, next(self._states)
        change = self._buffer.replace(start, end, data, Reason.EDIT, parts)
        replacement = _Replacement.of(change)
        after = (start + len(data), start + len(data))
        now = self._clock()
        self._memory += replacement.size - sum(step.size for step in self._redo)
        self._redo.clear()
        if self._joins(replacement, data, kind, now):
            step = self._undo[-1]
            self._join(step.replacements, replacement)
            step.kind, step.cursor_after, step.when, step.state_after = kind, after, now, self._state
        else:
            self._undo.append(_Step([replacement], kind, cursor, after, now, before, self._state))
        self._sealed = kind is Kind.OTHER
        self._forget_farthest()
        return change

    def undo(self) -> tuple[int, int] | None:
        """Take the last step back; the cursor it had before, or None if there is no step."""
        if not self._undo:
            return None
        self._state = self._undo[-1].state_before
        self._redo.append(self._reversed(self._undo.pop(), Reason.UNDO))
        self._forget_farthest()
        return self._redo[-1].cursor_before

    def redo(self) -> tuple[int, int] | None:
        """Make the step last taken back again; the cursor it left, or None if there is no step."""
        if not self._redo:
            return None
        self._state = self._redo[-1].state_after
        self._undo.append(self._reversed(self._redo.pop(), Reason.REDO))
        self._forget_farthest()
        return self._undo[-1].cursor_after

    def _reversed(self, step: _Step, reason: Reason) -> _Step:
        """Reverse the step in the text; the step that reverses it again."""
        self._memory -= step.size
        step.replacements = [self._swap(replacement, reason) for replacement in reversed(step.replacements)]
        self._memory += step.size
        self._sealed = True
        return step

    def _swap(self, done: _Replacement, reason: Reason) -> _Replacement:
        end, parts = done.start + done.inserted, inverted(done.parts)
        return _Replacement.of(self._buffer.replace(done.start, end, bytes(done.removed), reason, parts))

    def _forget_farthest(self) -> None:
        for steps in (self._redo, self._undo):
            while self._memory > MEMORY_LIMIT and len(steps) > 1:
                self._memory -= steps.popleft().size

    def _joins(self, replacement: _Replacement, data: bytes, kind: Kind, now: float) -> bool:
        if self._sealed or kind is Kind.OTHER or not self._undo:
            return False
        step = self._undo[-1]
        if step.kind is Kind.COMPOSING:
            return kind is Kind.TYPING and replacement.start == step.replacements[-1].start
        if step.kind is not kind or now - step.when > PAUSE_SECONDS:
            return False
        last = step.replacements[-1]
        if kind is Kind.TYPING:
            if replacement.start != last.start + last.inserted or data[:1] in (b"\n", b"\r"):
                return False
            # A word and the blanks after it are one step: the first letter after a blank begins the next.
            before = self._buffer.text[replacement.start - 1 : replacement.start]
            return not (before in (b" ", b"\t") and not data[:1].isspace())
        return replacement.start in (last.start, last.start - len(replacement.removed))

    @staticmethod
    def _join(replacements: list[_Replacement], replacement: _Replacement) -> None:
        last = replacements[-1]
        if replacement.inserted and not replacement.removed:
            last.inserted += replacement.inserted
        elif not last.inserted and not replacement.inserted and replacement.start == last.start:
            last.removed += replacement.removed
        elif not last.inserted and not replacement.inserted:
            last.start, last.removed = replacement.start, replacement.removed + last.removed
        else:
            replacements.append(replacement)
