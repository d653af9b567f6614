"""The text that the view shows and edits: UTF-8 bytes, never altered by anything but an edit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tokviz.text.change import Change, Parts, Phase, Reason
from tokviz.text.line_index import LineIndex
from tokviz.text.storage import Text, TextStorage

Follower: TypeAlias = Callable[[Change], object]
"""Is called with each change after it was made."""


@dataclass(frozen=True, slots=True)
class Content:
    """A text that a buffer holds, or has held and may hold again."""

    text: TextStorage
    lines: LineIndex


class TextBuffer:
    """One text as UTF-8, a revision number, and where its lines are.

    Followers are told of every change, phase by phase.
    """

    def __init__(self, data: bytes = b"") -> None:
        """A buffer of ``data``, which must be valid UTF-8 (``documents.reading`` sees to that)."""
        self.text = TextStorage(data)
        """The storage, to read parts of it."""
        self.revision = 0
        self.lines = LineIndex(self.text)
        self._followers: dict[Phase, list[Follower]] = {phase: [] for phase in Phase}

    def __len__(self) -> int:
        return len(self.text)

    @property
    def data(self) -> Text:
        """The whole text, not copied: to read at once and not to keep; no view of it may outlive an edit."""
        return self.text.whole

    def snapshot(self) -> bytes:
        """The whole text as a value of its own (a copy only if it was ever edited)."""
        data = self.text.whole
        return data if isinstance(data, bytes) else bytes(data)

    def slice(self, start: int, end: int) -> bytes:
        """A copy of the bytes from ``start`` to ``end``."""
        return bytes(self.text[start:end])

    def follow(self, phase: Phase, follower: Follower) -> None:
        """Have ``follower`` told of every change, after all followers of earlier phases."""
        self._followers[phase].append(follower)

    def load(self, data: Text) -> Change:
        """Make ``data`` (valid UTF-8) the whole text, as one change, without copying it: it is ours now."""
        storage = TextStorage(data)
        return self.show(Content(storage, LineIndex(storage)))

    @property
    def content(self) -> Content:
        """The text as it is now, to be shown again once another one took its place."""
        return Content(self.text, self.lines)

    def show(self, content: Content) -> Change:
        """Make a text that was the ``content`` before the whole text again, as one change: nothing of it is
        copied, nor are its lines counted again."""
        before = self.text.whole
        self.text, self.lines = content.text, content.lines
        return self._announce(Change(0, before, len(self.text), len(before), self.revision + 1, Reason.LOAD))

    def replace(
        self,
        start: int,
        end: int,
        data: bytes,
        reason: Reason = Reason.DIRECT,
        parts: Parts | None = None,
    ) -> Change:
        """Replace the bytes from ``start`` to ``end`` by ``data``. ``parts`` says what really changes.

        ValueError if an offset lies outside the text or inside a character, or ``data`` is not valid UTF-8.
        """
        length = len(self.text)
        if not 0 <= start <= end <= length:
            raise ValueError(f"bytes {start} to {end} are not in a text of {length} bytes")
        for offset in (start, end):
            if not self.is_boundary(offset):
                raise ValueError(f"byte {offset} is inside a character")
        if not data.isascii():
            data.decode("utf-8")  # UnicodeDecodeError is a ValueError and names the position
        self.lines.complete_now()
        removed = self.slice(start, end)
        self.text.replace(start, end, data)
        self.lines.apply(start, end - start, len(data))
        return self._announce(Change(start, removed, len(data), length, self.revision + 1, reason, parts))

    def is_boundary(self, offset: int) -> bool:
        """Whether ``offset`` is not inside a character."""
        return offset >= len(self.text) or self.text.byte(offset) & 0xC0 != 0x80

    def boundary_before(self, offset: int) -> int:
        """The last offset not after ``offset`` that is not inside a character."""
        offset = max(0, min(offset, len(self.text)))
        while not self.is_boundary(offset):
            offset -= 1
        return offset

    def boundary_after(self, offset: int) -> int:
        """The first offset not before ``offset`` that is not inside a character."""
        offset = max(0, offset)
        while not self.is_boundary(offset):
            offset += 1
        return min(offset, len(self.text))

    def line_content_end(self, offset: int) -> int:
        """Where the text of the line that holds ``offset`` ends, before its break; where ``offset`` is inside
        that, it is before ``offset``. (After the text's last break there is an empty line.)"""
        end = self.lines.end_of_line(offset)
        return end - self.break_length(end) if end > offset else end

    def break_length(self, end: int) -> int:
        """How many bytes (0, 1 or 2) the line break that ends at ``end`` takes."""
        text = self.text
        last = text.byte(end - 1) if end else 0
        if last == 0x0A:
            return 2 if end > 1 and text.byte(end - 2) == 0x0D else 1
        follows = text.byte(end) if end < len(text) else 0
        return 1 if last == 0x0D and follows != 0x0A else 0

    def _announce(self, change: Change) -> Change:
        self.revision = change.revision
        for phase in Phase:
            for follower in self._followers[phase]:
                follower(change)
        return change
