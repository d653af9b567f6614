"""The find bar's second row: what to put in the place of the matches, one by one or all at once."""

from collections.abc import Generator
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tokviz.analysis.tokens.replacing import make_replacer, replace_all
from tokviz.analysis.tokens.search import SearchError, TextQuery, text_search
from tokviz.language import _, ngettext
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Parts, Phase
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.text_field import TextField
from tokviz.ui.common.widgets import caption, fill, name_clear_button, tool_button


class Edit(Protocol):
    """Replaces bytes of the text, so that it can be taken back; returns a sentence that says why not, or an
    empty one if it is done."""

    def __call__(self, start: int, end: int, data: bytes, parts: Parts | None = None) -> str: ...


class ReplaceRow(QWidget):
    """Says what it wants; the find bar knows what is looked for and what is selected.

    Replacing all is done in slices, and given up if the text changes meanwhile.
    """

    one_wanted = Signal()
    all_wanted = Signal()
    said = Signal(str)
    """What came of it, in a few words."""
    failed = Signal(str)
    """One sentence: why nothing was replaced."""

    def __init__(self, buffer: TextBuffer, edit: Edit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buffer = buffer
        self._edit = edit
        self._work = SlicedWork(self)
        self.field = TextField()
        self.field.setAccessibleName(_("Replace with"))
        name_clear_button(self.field)
        self.buttons = _Buttons(self)
        """They stand beside the row, so that Tab leads from what to find to what to replace it with."""
        buffer.follow(Phase.VIEW, self._text_changed)
        self._caption = caption(_("Replace with"), self.field)
        fill(QHBoxLayout(self), self._caption, self.field, wide=self.field, spacing=4)

    @property
    def indent(self) -> int:
        """How many pixels from the left the field begins: below the one above it."""
        return max(self._caption.minimumWidth(), self._caption.sizeHint().width())

    @indent.setter
    def indent(self, width: int) -> None:
        self._caption.setFixedWidth(width)

    def set_shown(self, shown: bool) -> None:
        """Show the row and its buttons, or hide them."""
        self.setVisible(shown)
        self.buttons.setVisible(shown)

    def stop(self) -> None:
        """Replace nothing more."""
        self._work.stop()

    def replace_one(self, query: TextQuery, start: int, end: int) -> bool:
        """Replace the match from ``start`` to ``end``; False, and nothing done, if these bytes are none."""
        try:
            matches = text_search(self._buffer, query).find(start, start + 1)
            if not len(matches) or (int(matches.starts[0]), int(matches.ends[0])) != (start, end):
                return False
            data = make_replacer(query, self.field.text())(self._buffer.data, start, end)
        except SearchError as error:
            self.failed.emit(str(error))
            return False
        return self._make(start, end, data)

    def replace_all(self, query: TextQuery) -> None:
        """Replace every match, as one step to undo."""
        self.said.emit(_("replacing…"))
        self._work.start(self._steps(query, self.field.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.all_wanted.emit()
        else:
            self.one_wanted.emit()

    def _steps(self, query: TextQuery, replacement: str) -> Generator[None, None, None]:
        buffer = self._buffer
        try:
            search, replacer = text_search(buffer, query), make_replacer(query, replacement)
            made = yield from replace_all(buffer.data, search, replacer)
        except SearchError as error:
            self.failed.emit(str(error))
            return
        self._work.stop()
        if made is None:
            self.said.emit(_("not found"))
        elif self._make(made.start, made.end, made.data, made.parts):
            self.said.emit(ngettext("{n} replaced", "{n} replaced", made.count))

    def _make(self, start: int, end: int, data: bytes, parts: Parts | None = None) -> bool:
        refusal = self._edit(start, end, data, parts)
        if refusal:
            self.failed.emit(refusal)
        return not refusal

    def _text_changed(self, _change: Change) -> None:
        if self._work.running:
            self._work.stop()
            self.failed.emit(_("Nothing was replaced, because the text changed meanwhile; try again."))


class _Buttons(QWidget):
    """Replace one, or all. Enter does here what it does in the field."""

    def __init__(self, row: ReplaceRow) -> None:
        super().__init__()
        self._row = row
        one = tool_button(
            _("Replace"), _("Replace this match and go to the next (Enter)"), row.one_wanted.emit
        )
        every = tool_button(_("Replace All"), _("Replace all matches (Ctrl+Enter)"), row.all_wanted.emit)
        fill(QHBoxLayout(self), one, every, spacing=4).addStretch()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._row.keyPressEvent(event)
