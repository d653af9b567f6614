"""What one view on a text holds besides the text: caret and selection, options, decorations, tokens."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect, Signal

from tokviz.language import _
from tokviz.text.change import Change
from tokviz.ui.editor.layout.row_navigator import Caret
from tokviz.ui.editor.layout.text_viewport import TextViewport
from tokviz.ui.editor.painting.frame import Decorations, DisplayOptions, Frame, Overlay, Tokens

EDITABLE_LIMIT = 32 << 20
"""Bytes up to which a text is editable: past this an edit would take more than a frame."""
_TOO_LARGE = _(
    "Read-only: this text is larger than {limit} MB, the most that can be edited at the speed of typing."
)


class EditorState(QObject):
    """The state of one view, in bytes of the text. The selection is from ``anchor`` to the caret."""

    cursor_moved = Signal()
    selection_changed = Signal(int, int)
    read_only_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.caret = Caret(0)
        self.anchor = 0
        self.overwrite = False
        """Whether typing replaces what follows the caret."""
        self.read_only_reason = ""
        """Why nothing can be edited; empty where it can."""
        self._asked_reason = ""
        self.options = DisplayOptions()
        self.decorations = Decorations()
        self.tokens = Tokens()

    @property
    def selection(self) -> tuple[int, int]:
        """The selected bytes: start and end, equal if nothing is selected."""
        return min(self.anchor, self.caret.offset), max(self.anchor, self.caret.offset)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be edited."""
        return bool(self.read_only_reason)

    def refuse_edits(self, reason: str) -> None:
        """Refuse edits because of ``reason``; the empty string allows them, up to ``EDITABLE_LIMIT``."""
        self._asked_reason = reason

    def set_size(self, size: int) -> None:
        """The text has so many bytes now: whether it can be edited depends on that too."""
        reason = self._asked_reason
        if not reason and size > EDITABLE_LIMIT:
            reason = _TOO_LARGE.format(limit=EDITABLE_LIMIT >> 20)
        if reason != self.read_only_reason:
            self.read_only_reason = reason
            self.read_only_changed.emit(reason)

    @property
    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return self.anchor != self.caret.offset

    def set_selection(self, anchor: int, caret: Caret) -> None:
        """Select from ``anchor`` to ``caret``, and tell."""
        before, selected = self.selection, self.has_selection
        self.anchor, self.caret = anchor, caret
        if self.selection != before and (selected or self.has_selection):
            self.selection_changed.emit(*self.selection)
        self.cursor_moved.emit()

    def apply(self, change: Change) -> bool:
        """Move along with a change, whoever made it. Returns whether any decoration changed by it."""
        self.anchor = change.map_offset(self.anchor, -1)
        upstream = self.caret.upstream and not change.is_load
        self.caret = Caret(change.map_offset(self.caret.offset, -1), upstream)
        return self.decorations.apply(change)

    def frame(
        self, area: QRect, viewport: TextViewport, caret_shown: bool, overlays: Sequence[Overlay]
    ) -> Frame:
        """What to paint of ``area``."""
        return Frame(
            area,
            viewport.between(area.top(), area.bottom()),
            viewport.geometry,
            self.options,
            self.tokens,
            self.decorations,
            self.selection,
            self.caret,
            caret_shown and not self.read_only,
            self.overwrite,
            overlays,
        )
