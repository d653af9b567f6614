"""What keys and menus do to a view, by name."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from tokviz.text.undo import Kind
from tokviz.ui.editor.input.clipboard import TextMime, text_of

if TYPE_CHECKING:
    from tokviz.ui.editor.token_view import TokenView


class Commands:
    """The commands of one view. Each is a method without arguments, named as in ``keys``."""

    EDITING = frozenset(
        [
            "undo",
            "redo",
            "cut",
            "paste",
            "delete",
            "backspace",
            "delete_word_before",
            "delete_word_after",
            "delete_to_line_end",
            "delete_to_line_start",
            "delete_line",
            "outdent",
            "tab",
            "new_line",
            "toggle_overwrite",
        ]
    )
    """Those that change the text, which a read-only view does not do."""

    def __init__(self, view: "TokenView") -> None:
        self._view = view
        self._editor = view.editor

    def run(self, name: str) -> bool:
        """Run the command ``name``; False if it does not apply now: the key may mean something else."""
        if name in self.EDITING and self._editor.read_only:
            return False
        if name in self.EDITING or name == "select_all":
            self._view.finish_composing()
        getattr(self, name)()
        return True

    def undo(self) -> None:
        """Take the last step back."""
        self._editor.undo()

    def redo(self) -> None:
        """Make it again."""
        self._editor.redo()

    def cut(self) -> None:
        """Move the selection to the clipboard."""
        if self._editor.has_selection:
            self.copy()
            self._editor.insert(b"")

    def copy(self) -> None:
        """Copy the selection, exactly its bytes."""
        start, end = self._editor.selection
        if start != end:
            QGuiApplication.clipboard().setMimeData(TextMime(self._view.buffer.slice(start, end)))

    def paste(self) -> None:
        """Insert the clipboard's text as it is."""
        data = text_of(QGuiApplication.clipboard().mimeData())
        if data:
            self._editor.insert(data)

    def select_all(self) -> None:
        """Select the whole text."""
        self._editor.select_all()
        self._view.publish_selection()

    def delete(self) -> None:
        """Delete the selection or the next character."""
        self._editor.delete(forward=True)

    def backspace(self) -> None:
        """Delete the selection or the character before."""
        self._editor.delete(forward=False)

    def delete_word_before(self) -> None:
        """Delete back to the word's beginning."""
        self._editor.delete(forward=False, words=True)

    def delete_word_after(self) -> None:
        """Delete up to the next word."""
        self._editor.delete(forward=True, words=True)

    def delete_to_line_end(self) -> None:
        """Delete the rest of the line."""
        self._editor.delete_line_part(forward=True)

    def delete_to_line_start(self) -> None:
        """Delete the line up to here."""
        self._editor.delete_line_part(forward=False)

    def delete_line(self) -> None:
        """Delete the lines that the selection touches."""
        lines = self._view.buffer.lines
        start, end = self._editor.selection
        start, end = lines.start_of_line(start), lines.end_of_line(end)
        if start != end:
            self._editor.replace(start, end, b"")

    def tab(self) -> None:
        """Insert a tab, or indent the selected lines."""
        self._editor.indent()

    def outdent(self) -> None:
        """Take one tab or up to four blanks from the beginning of the selected lines."""
        self._editor.outdent()

    def new_line(self) -> None:
        """Break the line, as the text's other lines are broken."""
        self._editor.insert(self._editor.line_break(), Kind.TYPING)

    def toggle_overwrite(self) -> None:
        """Type over what follows, or insert again."""
        self._editor.overwrite = not self._editor.overwrite
        self._view.viewport().update()

    def previous_token(self) -> None:
        """Pin the token before."""
        self._view.step_token(-1)

    def next_token(self) -> None:
        """Pin the token after."""
        self._view.step_token(1)

    def scroll_up(self) -> None:
        """Scroll by a row; the caret stays."""
        self._view.scroll_pixels(-self._view.row_height, 0)

    def scroll_down(self) -> None:
        """Scroll by a row; the caret stays."""
        self._view.scroll_pixels(self._view.row_height, 0)

    def zoom_in(self) -> None:
        """Larger letters."""
        self._view.zoom_by(1)

    def zoom_out(self) -> None:
        """Smaller letters."""
        self._view.zoom_by(-1)

    def zoom_reset(self) -> None:
        """Letters of their own size."""
        self._view.zoom_by(0)

    def focus_next(self) -> None:
        """Leave the text, where Tab types."""
        self._view.leave(forward=True)

    def focus_previous(self) -> None:
        """Leave the text backwards."""
        self._view.leave(forward=False)

    def menu(self) -> None:
        """Open the context menu at the caret."""
        self._view.open_menu_at_caret()
