"""What keys and the menu of the right mouse button do to a view, by name."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractScrollArea, QMenu

from tokviz.language import _
from tokviz.text.undo import Kind
from tokviz.ui.common.settings import ZOOM_STEPS
from tokviz.ui.editor.input.clipboard import TextMime, publish_selection, text_of
from tokviz.ui.editor.input.editor import Editor
from tokviz.ui.editor.layout.text_viewport import TextViewport
from tokviz.ui.editor.painting.visible_rows import FoundToken

_KEYS = QKeySequence.StandardKey
_MENU = (
    (_("&Undo"), "undo", _KEYS.Undo),
    (_("&Redo"), "redo", _KEYS.Redo),
    None,
    (_("Cu&t"), "cut", _KEYS.Cut),
    (_("&Copy"), "copy", _KEYS.Copy),
    (_("&Paste"), "paste", _KEYS.Paste),
    (_("&Delete"), "delete", _KEYS.Delete),
    None,
    (_("Select &All"), "select_all", _KEYS.SelectAll),
)


class CommandHost(Protocol):
    """What commands do to the view besides moving the caret and editing."""

    zoom: int

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
    """The commands of one view, by name: what keys (see ``keys``) and menus do."""

    def __init__(self, host: CommandHost, editor: Editor) -> None:
        self.host = host
        self._editor = editor
        self._state = editor.state
        self._edits: dict[str, Callable[[], object]] = {
            "undo": editor.undo,
            "redo": editor.redo,
            "cut": self._cut,
            "paste": self._paste,
            "delete": partial(editor.delete, forward=True),
            "backspace": partial(editor.delete, forward=False),
            "delete_word_before": partial(editor.delete, forward=False, words=True),
            "delete_word_after": partial(editor.delete, forward=True, words=True),
            "delete_to_line_end": partial(editor.delete_line_part, forward=True),
            "delete_to_line_start": partial(editor.delete_line_part, forward=False),
            "delete_line": self._delete_lines,
            "tab": editor.indent,
            "outdent": editor.outdent,
            "new_line": self._break_line,
            "toggle_overwrite": self._toggle_overwrite,
        }
        """Those that a read-only view does not run."""
        self.turn: Callable[[int], bool] = lambda _: False
        """Shows the next text (1) or the one before (-1) in this view; False where there is one alone."""
        self._others: dict[str, Callable[[], object]] = {
            "copy": self._copy,
            "select_all": self._select_all,
            "previous_token": partial(host.step_token, -1),
            "next_token": partial(host.step_token, 1),
            "scroll_up": partial(self._scroll_rows, -1),
            "scroll_down": partial(self._scroll_rows, 1),
            "zoom_in": partial(host.zoom_by, 1),
            "zoom_out": partial(host.zoom_by, -1),
            "zoom_reset": partial(host.zoom_by, 0),
            "focus_next": partial(host.leave, forward=True),
            "focus_previous": partial(host.leave, forward=False),
            "next_text": partial(self._turn, 1),
            "previous_text": partial(self._turn, -1),
            "menu": host.open_menu_at_caret,
        }

    def applies(self, name: str) -> bool:
        """Whether the command ``name`` may be run now."""
        return not (self._state.read_only and name in self._edits)

    def can(self, name: str) -> bool:
        """Whether running it now would do something: whether a menu is to offer it."""
        if not self.applies(name):
            return False
        match name:
            case "undo":
                return self._editor.history.can_undo
            case "redo":
                return self._editor.history.can_redo
            case "cut" | "copy" | "delete":
                return self._state.has_selection
            case "paste":
                clipboard = QGuiApplication.clipboard().mimeData()
                return clipboard is not None and clipboard.hasText()
            case "select_all":
                return len(self._editor.buffer) > 0
            case "zoom_in":
                return self.host.zoom < ZOOM_STEPS[1]
            case "zoom_out":
                return self.host.zoom > ZOOM_STEPS[0]
            case "zoom_reset":
                return self.host.zoom != 0
        return True

    def run(self, name: str) -> bool:
        """Run the command ``name``; False if it does not apply now: the key may mean something else."""
        if not self.applies(name):
            return False
        if name in self._edits or name == "select_all":
            self.host.finish_composing()
        (self._edits.get(name) or self._others[name])()
        return True

    def _cut(self) -> None:
        if self._state.has_selection:
            self._copy()
            self._editor.insert(b"")

    def _copy(self) -> None:
        """Copy the selection, exactly its bytes."""
        if self._state.has_selection:
            data = self._editor.buffer.slice(*self._state.selection)
            QGuiApplication.clipboard().setMimeData(TextMime(data))

    def _paste(self) -> None:
        """Insert the clipboard's text as it is."""
        data = text_of(QGuiApplication.clipboard().mimeData())
        if data:
            self._editor.insert(data)

    def _select_all(self) -> None:
        self._editor.select_all()
        publish_selection(self._editor.buffer, self._state.selection)

    def _delete_lines(self) -> None:
        """Delete the lines that the selection touches."""
        lines = self._editor.buffer.lines
        start, end = self._state.selection
        start, end = lines.start_of_line(start), lines.end_of_line(end)
        if start != end:
            self._editor.replace(start, end, b"")

    def _break_line(self) -> None:
        """Break the line, as the text's other lines are broken."""
        self._editor.insert(self._editor.line_break(), Kind.TYPING)

    def _turn(self, step: int) -> None:
        """Show another text, or leave the view if there is none."""
        if not self.turn(step):
            self.host.leave(forward=step > 0)

    def _toggle_overwrite(self) -> None:
        """Type over what follows, or insert again."""
        self._state.overwrite = not self._state.overwrite
        self.host.refresh()

    def _scroll_rows(self, rows: int) -> None:
        """Scroll; the caret stays."""
        self.host.scroll_pixels(rows * self.host.row_height, 0)


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
        menu = QMenu(self._widget)
        for entry in _MENU:
            if entry is None:
                menu.addSeparator()
                continue
            text, name, key = entry
            action = menu.addAction(text)
            action.setShortcut(QKeySequence(key))
            action.setEnabled(self._commands.can(name))
            action.triggered.connect(partial(self._commands.run, name))
        return menu
