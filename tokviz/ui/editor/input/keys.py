"""Which key does what: the platform's own habits, then ours."""

import sys
import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from tokviz.text.undo import Kind
from tokviz.ui.common.text_positions import to_utf8
from tokviz.ui.editor.input.clipboard import publish_selection
from tokviz.ui.editor.input.commands import Commands
from tokviz.ui.editor.input.editor import Editor, Move
from tokviz.ui.editor.input.input_method import InputMethod

_STANDARD = QKeySequence.StandardKey
_MOVES: Sequence[tuple[QKeySequence.StandardKey, Move, bool]] = (
    (_STANDARD.MoveToPreviousChar, Move.LEFT, False),
    (_STANDARD.MoveToNextChar, Move.RIGHT, False),
    (_STANDARD.SelectPreviousChar, Move.LEFT, True),
    (_STANDARD.SelectNextChar, Move.RIGHT, True),
    (_STANDARD.MoveToPreviousWord, Move.WORD_LEFT, False),
    (_STANDARD.MoveToNextWord, Move.WORD_RIGHT, False),
    (_STANDARD.SelectPreviousWord, Move.WORD_LEFT, True),
    (_STANDARD.SelectNextWord, Move.WORD_RIGHT, True),
    (_STANDARD.MoveToPreviousLine, Move.UP, False),
    (_STANDARD.MoveToNextLine, Move.DOWN, False),
    (_STANDARD.SelectPreviousLine, Move.UP, True),
    (_STANDARD.SelectNextLine, Move.DOWN, True),
    (_STANDARD.MoveToPreviousPage, Move.PAGE_UP, False),
    (_STANDARD.MoveToNextPage, Move.PAGE_DOWN, False),
    (_STANDARD.SelectPreviousPage, Move.PAGE_UP, True),
    (_STANDARD.SelectNextPage, Move.PAGE_DOWN, True),
    (_STANDARD.MoveToStartOfLine, Move.ROW_START, False),
    (_STANDARD.MoveToEndOfLine, Move.ROW_END, False),
    (_STANDARD.SelectStartOfLine, Move.ROW_START, True),
    (_STANDARD.SelectEndOfLine, Move.ROW_END, True),
    (_STANDARD.MoveToStartOfBlock, Move.LINE_START, False),
    (_STANDARD.MoveToEndOfBlock, Move.LINE_END, False),
    (_STANDARD.SelectStartOfBlock, Move.LINE_START, True),
    (_STANDARD.SelectEndOfBlock, Move.LINE_END, True),
    (_STANDARD.MoveToStartOfDocument, Move.START, False),
    (_STANDARD.MoveToEndOfDocument, Move.END, False),
    (_STANDARD.SelectStartOfDocument, Move.START, True),
    (_STANDARD.SelectEndOfDocument, Move.END, True),
)
COMMANDS: Sequence[tuple[QKeySequence.StandardKey, str]] = (
    (_STANDARD.Undo, "undo"),
    (_STANDARD.Redo, "redo"),
    (_STANDARD.Cut, "cut"),
    (_STANDARD.Copy, "copy"),
    (_STANDARD.Paste, "paste"),
    (_STANDARD.SelectAll, "select_all"),
    (_STANDARD.Delete, "delete"),
    (_STANDARD.Backspace, "backspace"),
    (_STANDARD.DeleteStartOfWord, "delete_word_before"),
    (_STANDARD.DeleteEndOfWord, "delete_word_after"),
    (_STANDARD.DeleteEndOfLine, "delete_to_line_end"),
    (_STANDARD.DeleteCompleteLine, "delete_line"),
    (_STANDARD.ZoomIn, "zoom_in"),
    (_STANDARD.ZoomOut, "zoom_out"),
)
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_ALT_TYPES = sys.platform == "darwin"
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_PLAIN = frozenset((Qt.KeyboardModifier.NoModifier, _SHIFT, _KEYPAD, _SHIFT | _KEYPAD))
"""The modifiers with which a key still types."""
_FIRST_SPECIAL = int(Qt.Key.Key_Escape)
"""From here on keys have no character of their own."""
_OWN: dict[QKeyCombination, str] = {
    QKeyCombination(_ALT, Qt.Key.Key_Left): "previous_token",
    QKeyCombination(_ALT, Qt.Key.Key_Right): "next_token",
    QKeyCombination(_CONTROL, Qt.Key.Key_Up): "scroll_up",
    QKeyCombination(_CONTROL, Qt.Key.Key_Down): "scroll_down",
    QKeyCombination(_CONTROL, Qt.Key.Key_0): "zoom_reset",
    QKeyCombination(_CONTROL, Qt.Key.Key_Equal): "zoom_in",
    QKeyCombination(_CONTROL | _SHIFT, Qt.Key.Key_Plus): "zoom_in",  # where + is above another sign
    QKeyCombination(Qt.Key.Key_Backspace): "backspace",  # a standard key on macOS only
    QKeyCombination(_SHIFT, Qt.Key.Key_Backspace): "backspace",
    QKeyCombination(_CONTROL | _SHIFT, Qt.Key.Key_Backspace): "delete_to_line_start",
    QKeyCombination(_CONTROL | _SHIFT, Qt.Key.Key_Delete): "delete_to_line_end",
    QKeyCombination(_CONTROL | _SHIFT, Qt.Key.Key_K): "delete_line",
    QKeyCombination(_CONTROL | _SHIFT, Qt.Key.Key_Z): "redo",
    QKeyCombination(_CONTROL, Qt.Key.Key_Y): "redo",
    QKeyCombination(_CONTROL, Qt.Key.Key_Tab): "next_text",
    QKeyCombination(_CONTROL | _SHIFT, Qt.Key.Key_Backtab): "previous_text",
    QKeyCombination(Qt.Key.Key_F6): "focus_next",
    QKeyCombination(_SHIFT, Qt.Key.Key_F6): "focus_previous",
    QKeyCombination(_SHIFT, Qt.Key.Key_Backtab): "outdent",
    QKeyCombination(Qt.Key.Key_Tab): "tab",
    QKeyCombination(Qt.Key.Key_Return): "new_line",
    QKeyCombination(Qt.Key.Key_Enter): "new_line",
    QKeyCombination(_SHIFT, Qt.Key.Key_Return): "new_line",
    QKeyCombination(_SHIFT, Qt.Key.Key_Enter): "new_line",
    QKeyCombination(Qt.Key.Key_Insert): "toggle_overwrite",
    QKeyCombination(Qt.Key.Key_Menu): "menu",
    QKeyCombination(_SHIFT, Qt.Key.Key_F10): "menu",
}


def plainly_typed(event: QKeyEvent) -> str:
    """What a key types that can mean nothing else, so that no shortcut need be looked for; else empty."""
    text = event.text()
    if text < " " or event.key() >= _FIRST_SPECIAL or event.modifiers() not in _PLAIN:
        return ""
    return text if text.isprintable() or unicodedata.category(text[0]) not in ("Cc", "Cn") else ""


def move_of(event: QKeyEvent) -> tuple[Move, bool] | None:
    """The movement a key means, and whether it selects."""
    for key, move, extend in _MOVES:
        if event.matches(key):
            return move, extend
    return None


def command_of(event: QKeyEvent) -> str | None:
    """The name of the command that a key means, as ``Commands`` has it."""
    own = _OWN.get(_plain(event.keyCombination()))
    if own is not None:
        return own
    return next((name for key, name in COMMANDS if event.matches(key)), None)


def typed_text(event: QKeyEvent) -> str:
    """What a key types; empty for a shortcut or a key that types nothing."""
    text, modifiers = event.text(), event.modifiers()
    control, alt = bool(modifiers & _CONTROL), bool(modifiers & _ALT)
    # AltGr arrives as Ctrl+Alt on Windows, and what it types must not be lost. Alt alone is for the menus,
    # but for macOS, where it types.
    shortcut = control != alt and (control or not _ALT_TYPES)
    if not text or shortcut or modifiers & Qt.KeyboardModifier.MetaModifier:
        return ""
    return text if unicodedata.category(text[0]) not in ("Cc", "Cn") else ""


def _plain(combination: QKeyCombination) -> QKeyCombination:
    """Without what only tells where on the keyboard the key is."""
    return QKeyCombination(combination.keyboardModifiers() & ~_KEYPAD, combination.key())


class Keys:
    """Does what keys mean: moves, edits, types."""

    def __init__(self, commands: Commands, editor: Editor, input_method: InputMethod) -> None:
        self._commands = commands
        self._editor = editor
        self._state = editor.state
        self._input_method = input_method

    def take_from_shortcuts(self, event: QEvent) -> bool:
        """Whether a key means something here; then it is no shortcut of the window's."""
        taken = isinstance(event, QKeyEvent) and self._means_something(event)
        event.setAccepted(taken)
        return taken

    def _means_something(self, event: QKeyEvent) -> bool:
        if plainly_typed(event):
            return True
        command = command_of(event)
        if command is not None:
            return self._commands.applies(command)
        return move_of(event) is not None or bool(typed_text(event))

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means; False if it means nothing now."""
        text = plainly_typed(event)
        command = None if text else command_of(event)
        moved = None if text or command else move_of(event)
        if not text and command is None and moved is None:
            text = typed_text(event)
        if command is not None and self._commands.run(command):
            return True
        if moved is not None:
            self._input_method.finish()
            self._editor.move(*moved)
            if moved[1]:
                publish_selection(self._editor.buffer, self._state.selection)
            return True
        if text and not self._state.read_only:
            self._editor.insert(to_utf8(text), Kind.TYPING)
            return True
        return False
