"""The text that the view shows and edits: UTF-8 bytes, never altered by anything but an edit."""

from collections.abc import Callable
from dataclasses import dataclass

from tokviz.text.line_index import LineIndex
from tokviz.text.storage import Text, TextStorage


@dataclass(frozen=True, slots=True)
class Edit:
    """``removed`` bytes from offset ``start`` on gave way to ``inserted`` others, which made ``revision``."""

    start: int
    removed: int
    inserted: int
    revision: int

    @property
    def delta(self) -> int:
        """By how many bytes what follows has moved."""
        return self.inserted - self.removed

    def moved(self, offset: int) -> int:
        """Where ``offset`` of the earlier revision is now; what was removed is at the edit's end."""
        if offset <= self.start:
            return offset
        if offset >= self.start + self.removed:
            return offset + self.delta
        return self.start + self.inserted

    def moved_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the bytes ``start`` to ``end`` of the earlier revision are now; None if any was removed or
        something came between them, or if there are none. What is inserted at their start is before them."""
        if start < end <= self.start:
            return start, end
        if self.start + self.removed <= start < end:
            return start + self.delta, end + self.delta
        return None


class TextBuffer:
    """One text as UTF-8, a revision number, and where its lines are.

    Listeners are called with each ``Edit`` after it was made, in the order they were added.
    """

    def __init__(self, data: bytes = b"") -> None:
        """A buffer of ``data``, which must be valid UTF-8 (``documents.reading`` sees to that)."""
        self.text = TextStorage(data)
        """The storage, to read parts of it."""
        self.revision = 0
        self.last_edit: Edit | None = None
        """The edit that led to this revision; None before the first."""
        self.lines = LineIndex(self.text)
        self._listeners: list[Callable[[Edit], None]] = []
        self._listeners_before: list[Callable[[int, int], None]] = []

    def __len__(self) -> int:
        return len(self.text)

    @property
    def data(self) -> Text:
        """The whole text, to read at once and not to keep: no view of it may outlive an edit. After an edit
        this moves what follows it (2 to 4 ms for 20 MB): a key's own frame should do with ``text``."""
        return self.text.whole

    def snapshot(self) -> bytes:
        """The whole text as a value of its own (a copy only if it was ever edited)."""
        data = self.text.whole
        return data if isinstance(data, bytes) else bytes(data)

    def slice(self, start: int, end: int) -> bytes:
        """A copy of the bytes from ``start`` to ``end``."""
        return bytes(self.text[start:end])

    def listen(self, listener: Callable[[Edit], None]) -> None:
        """Have ``listener`` called after every edit."""
        self._listeners.append(listener)

    def listen_before(self, listener: Callable[[int, int], None]) -> None:
        """Have ``listener`` called before every edit, with the bytes (start, end) that will be removed."""
        self._listeners_before.append(listener)

    def load(self, data: Text) -> Edit:
        """Make ``data`` (valid UTF-8) the whole text, as one edit, without copying it: it is ours now."""
        removed = len(self.text)
        self._announce_before(0, removed)
        self.text = TextStorage(data)
        self.lines = LineIndex(self.text)
        return self._announce(0, removed, len(data))

    def replace(self, start: int, end: int, data: bytes) -> Edit:
        """Replace the bytes from ``start`` to ``end`` by ``data``.

        ValueError if an offset lies outside the text or inside a character, or ``data`` is not valid UTF-8.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"bytes {start} to {end} are not in a text of {len(self.text)} bytes")
        for offset in (start, end):
            if not self.is_boundary(offset):
                raise ValueError(f"byte {offset} is inside a character")
        if not data.isascii():
            data.decode("utf-8")  # UnicodeDecodeError is a ValueError and names the place
        self.lines.prepare(start, end, data)
        self._announce_before(start, end)
        self.text.replace(start, end, data)
        self.lines.edited(start, end - start, len(data))
        return self._announce(start, end - start, len(data))

    def is_other_text(self, edit: Edit) -> bool:
        """Whether the last edit, ``edit``, left nothing of what was there: another text was opened."""
        return edit.start == 0 and edit.inserted == len(self)

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

    def _announce_before(self, start: int, end: int) -> None:
        for listener in self._listeners_before:
            listener(start, end)

    def _announce(self, start: int, removed: int, inserted: int) -> Edit:
        self.revision += 1
        edit = self.last_edit = Edit(start, removed, inserted, self.revision)
        for listener in self._listeners:
            listener(edit)
        return edit
