"""Which token the mouse or a key points at: hovered, clicked, stepped to."""

from PySide6.QtCore import QObject, QPointF, Signal

from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.input.editor_state import EditorState
from tokviz.ui.editor.layout.text_viewport import TextViewport
from tokviz.ui.editor.painting.visible_rows import FoundToken, token_at_offset, token_at_x
from tokviz.ui.editor.repainting import Repainting


class TokenPointing(QObject):
    """Finds tokens, and outlines the one that is hovered. Points are in the viewport."""

    hovered = Signal(int, int, int)
    """Index or -1, start, end; start = end = -1 when the mouse is over none."""
    clicked = Signal(int, int, int)

    def __init__(
        self,
        buffer: TextBuffer,
        viewport: TextViewport,
        state: EditorState,
        repainting: Repainting,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._buffer = buffer
        self._viewport = viewport
        self._state = state
        self._repainting = repainting

    def hover_at(self, point: QPointF | None) -> None:
        """The mouse is over a point, or over none."""
        inside = point is not None and self._viewport.geometry.contains(point)
        found = self.token_at(point) if point is not None and inside else None
        span = None if found is None else (found.start, found.end)
        decorations = self._state.decorations
        if span != decorations.hovered:
            before, decorations.hovered = decorations.hovered, span
            self._repainting.spans(before, span)
            self.hovered.emit(*((found.index, *span) if found and span else (-1, -1, -1)))

    def click_at(self, point: QPointF) -> None:
        """A token was clicked, if one is there."""
        found = self.token_at(point)
        if found is not None:
            self.clicked.emit(found.index, found.start, found.end)

    def token_at(self, point: QPointF) -> FoundToken | None:
        """The token drawn at a point."""
        geometry = self._viewport.geometry
        y, row = self._viewport.row_at(point.y())
        if point.x() < geometry.gutter or not y <= point.y() < y + self._viewport.row_height:
            return None
        return token_at_x(self._state.tokens.source, row, point.x() - geometry.text_left)

    def token_at_caret(self) -> FoundToken | None:
        """The token behind the caret; None at the text's end."""
        return token_at_offset(self._state.tokens.source, self._state.caret.offset)

    def neighbour(self, step: int) -> FoundToken | None:
        """The token before (-1) or after (1) the pinned one; without one, the token behind the caret, or the
        last at the text's end."""
        pinned = self._state.decorations.pinned
        if pinned is None:
            at = min(self._state.caret.offset, max(0, len(self._buffer) - 1))
        else:
            at = pinned[0] - 1 if step < 0 else pinned[1]
        return token_at_offset(self._state.tokens.source, at)
