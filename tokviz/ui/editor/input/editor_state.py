"""What one view on a text holds besides the text: caret and selection, options, decorations, tokens."""

from PySide6.QtCore import QObject, Signal

from tokviz.text.change import Change
from tokviz.ui.editor.layout.row_navigator import Caret
from tokviz.ui.editor.painting.frame import Decorations, DisplayOptions, Tokens


class EditorState(QObject):
    """The state of one view, in bytes of the text. The selection is from ``anchor`` to the caret."""

    cursor_moved = Signal()
    selection_changed = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.caret = Caret(0)
        self.anchor = 0
        self.overwrite = False
        """Whether typing replaces what follows the caret."""
        self.read_only = False
        self.options = DisplayOptions()
        self.decorations = Decorations()
        self.tokens = Tokens()

    @property
    def selection(self) -> tuple[int, int]:
        """The selected bytes: start and end, equal if nothing is selected."""
        return min(self.anchor, self.caret.offset), max(self.anchor, self.caret.offset)

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
