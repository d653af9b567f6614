"""What keys and the menu of the right mouse button do to a view, by name."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractScrollArea, QMenu

from tokviz.text.undo import Kind
from tokviz.ui.editor.input.clipboard import TextMime, publish_selection, text_of
from tokviz.ui.editor.input.editor import Editor
from tokviz.ui.editor.layout.text_viewport import TextViewport
from tokviz.ui.editor.painting.visible_rows import FoundToken

_KEYS = QKeySequence.StandardKey
_MENU = (
    ("&Undo", "undo", _KEYS.Undo),
    ("&Redo", "redo", _KEYS.Redo),
    None,
    ("Cu&t", "cut", _KEYS.Cut),
    ("&Copy", "copy", _KEYS.Copy),
    ("&Paste", "paste", _KEYS.Paste),
    ("&Delete", "delete", _KEYS.Delete),
    None,
    ("Select &All", "select_all", _KEYS.SelectAll),
)


class CommandHost(Protocol):
    """What commands do to the view besides moving the caret and editing."""

    @property
    def row_height(self) -> int: ...
    def finish_composing(self) -> None: ...
    def refresh(self) -> None: ...
    def scroll_pixels(self, down: int, right: int) -> None: ...
    def zoom_by(self, steps: int) -> None: ...
    def step_token(self, step: int) -> None: ...
    def leave(self, forward: bool) -> None: ...
    def open_menu_at_caret(self) -> None: ...


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

    def __init__(self, host: CommandHost, editor: Editor) -> None:
        self.host = host
        self._editor = editor
        self._state = editor.state

    def run(self, name: str) -> bool:
        """Run the command ``name``; False if it does not apply now: the key may mean something else."""
        if name in self.EDITING and self._state.read_only:
            return False
        if name in self.EDITING or name == "select_all":
            self.host.finish_composing()
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
        if self._state.has_selection:
            self.copy()
            self._editor.insert(b"")

    def copy(self) -> None:
        """Copy the selection, exactly its bytes."""
        start, end = self._state.selection
        if start != end:
            QGuiApplication.clipboard().setMimeData(TextMime(self._editor.buffer.slice(start, end)))

    def paste(self) -> None:
        """Insert the clipboard's text as it is."""
        data = text_of(QGuiApplication.clipboard().mimeData())
        if data:
            self._editor.insert(data)

    def select_all(self) -> None:
        """Select the whole text."""
        self._editor.select_all()
        publish_selection(self._editor.buffer, self._state.selection)

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
        lines = self._editor.buffer.lines
        start, end = self._state.selection
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
        self._state.overwrite = not self._state.overwrite
        self.host.refresh()

    def previous_token(self) -> None:
        """Pin the token before."""
        self.host.step_token(-1)

    def next_token(self) -> None:
        """Pin the token after."""
        self.host.step_token(1)

    def scroll_up(self) -> None:
        """Scroll by a row; the caret stays."""
        self.host.scroll_pixels(-self.host.row_height, 0)

    def scroll_down(self) -> None:
        """Scroll by a row; the caret stays."""
        self.host.scroll_pixels(self.host.row_height, 0)

    def zoom_in(self) -> None:
        """Larger letters."""
        self.host.zoom_by(1)

    def zoom_out(self) -> None:
        """Smaller letters."""
        self.host.zoom_by(-1)

    def zoom_reset(self) -> None:
        """Letters of their own size."""
        self.host.zoom_by(0)

    def focus_next(self) -> None:
        """Leave the text, where Tab types."""
        self.host.leave(forward=True)

    def focus_previous(self) -> None:
        """Leave the text backwards."""
        self.host.leave(forward=False)

    def menu(self) -> None:
        """Open the context menu at the caret."""
        self.host.open_menu_at_caret()


class MenuPointing(Protocol):
    """Tells which token the menu is about. Points are in the viewport."""

    def token_at(self, point: QPointF) -> FoundToken | None: ...
    def token_at_caret(self) -> FoundToken | None: ...


class ContextMenu:
    """The menu of the right mouse button."""

    def __init__(
        self,
        widget: QAbstractScrollArea,
        viewport: TextViewport,
        editor: Editor,
        commands: Commands,
        pointing: MenuPointing,
    ) -> None:
        self._widget = widget
        self._viewport = viewport
        self._editor = editor
        self._state = editor.state
        self._commands = commands
        self._pointing = pointing
        self.additions: Callable[[QMenu, FoundToken | None], None] | None = None
        """Adds what concerns the token pointed at, if any, or those selected."""

    def open(self, event: QContextMenuEvent) -> None:
        """Open it where it is asked for; a click outside the selection moves the caret there first."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.open_at_caret()
            return
        point = QPointF(event.pos())
        start, end = self._state.selection
        if not start <= self._viewport.character_at(point) < end:
            self._commands.host.finish_composing()
            self._editor.place(self._viewport.caret_at(point))
        self._popup(event.globalPos(), self._pointing.token_at(point))

    def open_at_caret(self) -> None:
        """Open it below the caret."""
        box = self._viewport.caret_box(self._state.caret) or QRectF(0, 0, 1, 1)
        where = self._widget.viewport().mapToGlobal(box.bottomLeft().toPoint())
        self._popup(where, self._pointing.token_at_caret())

    def _popup(self, where: QPoint, token: FoundToken | None) -> None:
        menu = self._menu()
        if self.additions is not None:
            menu.addSeparator()
            self.additions(menu, token)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def _menu(self) -> QMenu:
        """A menu of what can be done with the text and the selection now."""
        clipboard = QGuiApplication.clipboard().mimeData()
        editable, selected = not self._state.read_only, self._state.has_selection
        enabled = {
            "undo": editable and self._editor.history.can_undo,
            "redo": editable and self._editor.history.can_redo,
            "cut": editable and selected,
            "copy": selected,
            "paste": editable and clipboard is not None and clipboard.hasText(),
            "delete": editable and selected,
            "select_all": len(self._editor.buffer) > 0,
        }
        menu = QMenu(self._widget)
        for entry in _MENU:
            if entry is None:
                menu.addSeparator()
                continue
            text, name, key = entry
            action = menu.addAction(text)
            action.setShortcut(QKeySequence(key))
            action.setEnabled(enabled[name])
            action.triggered.connect(partial(self._commands.run, name))
        return menu
