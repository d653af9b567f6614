"""The bar under the text that goes to a line, a token, a byte or a character by its number."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from tokviz.analysis.formatting import grouped, ungrouped
from tokviz.language import N_, TranslatedEnum, _, ngettext
from tokviz.ui.common.actions import action
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.text_field import TextField
from tokviz.ui.common.widgets import icon_button, name_box, offer, plain_label
from tokviz.ui.tokens.shown_tokens import ShownTokens

_BEYOND = 1 << 62
"""More than any text has of anything."""


class Target(TranslatedEnum):
    """What a number counts."""

    LINE = N_("Line")
    TOKEN = N_("Token")
    BYTE = N_("Byte")
    CHARACTER = N_("Character")


class NoSuchPositionError(Exception):
    """The text has no such position; the message is one sentence."""


class GoToBar(QWidget):
    """Hidden until ``open``; Enter goes there and closes it, Esc only closes it.

    Lines count from 1 (``12:5`` is the fifth character of line 12); tokens, bytes and characters from 0, as
    everywhere in tokviz.
    """

    position_chosen = Signal(int, int)
    """Select and show these bytes: a token's own, else none, where the caret goes."""
    closed = Signal()

    def __init__(self, shown: ShownTokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._target = ChoiceBox()
        self._field = TextField()
        self._hint = plain_label(role="muted", name=_("Possible numbers"))
        self._lay_out()
        self._target.currentIndexChanged.connect(self._show_hint)
        self._field.textEdited.connect(self._show_hint)
        shown.changed.connect(self._show_hint)
        self.hide()

    @property
    def hint(self) -> str:
        """What is said beside the field: the numbers there are, or why there is no such position."""
        return self._hint.text()

    def go_to_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the Edit menu."""
        return [action(parent, _("&Go To Line or Token…"), self.open, "Ctrl+G")]

    def open(self) -> None:
        """Show the bar and give it the keyboard."""
        self.show()
        self._show_hint()
        self._field.selectAll()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Hide the bar and give the keyboard back."""
        self.hide()
        self.closed.emit()

    def go(self) -> None:
        """Go to what is written in the field, or say why that is not possible."""
        try:
            start, end = self._position()
        except NoSuchPositionError as error:
            self._say(str(error))
            self._field.selectAll()
            return
        self.position_chosen.emit(start, end)
        self.close_bar()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        offer(self._target, ((target.words, target) for target in Target))
        name_box(self._target, _("Go to a"))
        self._field.setAccessibleName(_("Number"))
        self._field.setMaximumWidth(180)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(QLabel(_("Go to")))
        row.addWidget(self._target)
        row.addWidget(self._field)
        row.addWidget(self._hint, 1)
        row.addWidget(icon_button("x", _("Close (Esc)"), self.close_bar))

    @property
    def _chosen(self) -> Target:
        return Target(self._target.currentData())

    def _position(self) -> tuple[int, int]:
        first, colon, second = ungrouped(self._field.text()).replace(" ", "").partition(":")
        if not first.isdecimal() or (colon and not (second.isdecimal() and self._chosen is Target.LINE)):
            line = self._chosen is Target.LINE
            raise NoSuchPositionError(
                _("Write a number, such as 12 or 12:5.") if line else _("Write a number, such as 120.")
            )
        number = min(int(first), _BEYOND)
        buffer = self._shown.buffer
        match self._chosen:
            case Target.LINE:
                return self._line_position(number, int(second) if colon else 1)
            case Target.TOKEN:
                return self._token_position(number)
            case Target.BYTE | Target.CHARACTER as target:
                if number > (size := self._size(target)):
                    raise NoSuchPositionError(_has(size, target))
                byte = target is Target.BYTE
                offset = buffer.boundary_before(number) if byte else buffer.lines.offset_of_code_point(number)
        return offset, offset

    def _size(self, target: Target) -> int:
        """How many bytes or characters the text has."""
        buffer = self._shown.buffer
        return len(buffer) if target is Target.BYTE else buffer.lines.code_points_before(len(buffer))

    def _line_position(self, line: int, column: int) -> tuple[int, int]:
        buffer = self._shown.buffer
        try:
            start = buffer.lines.line_start(line - 1)
        except IndexError:
            raise NoSuchPositionError(
                _("There are lines {numbers}.", numbers=self._range(Target.LINE))
            ) from None
        characters = buffer.lines.code_points_before(start)
        offset = buffer.lines.offset_of_code_point(characters + max(0, column - 1))
        offset = min(offset, buffer.line_content_end(start))
        return offset, offset

    def _token_position(self, index: int) -> tuple[int, int]:
        tokens = self._shown.tokens
        span = tokens.span(index) if tokens is not None else None
        if span is None:
            known = self._range(Target.TOKEN)
            raise NoSuchPositionError(
                _("There are tokens {numbers}.", numbers=known)
                if known
                else _("The tokens are not known yet.")
            )
        return span

    def _range(self, target: Target) -> str:
        """The numbers there are, as ``1–12,345``; empty if there are none."""
        buffer = self._shown.buffer
        match target:
            case Target.LINE:
                return _numbers(1, buffer.lines.line_count, buffer.lines.complete)
            case Target.TOKEN:
                count = self._shown.indexed
                return _numbers(0, count - 1, bool(self._shown.settled)) if count else ""
            case Target.BYTE | Target.CHARACTER:
                return _numbers(0, self._size(target))

    def _show_hint(self) -> None:
        if self.isVisible():
            self._say(self._range(self._chosen))

    def _say(self, text: str) -> None:
        if text != self._hint.text():
            self._hint.setText(text)
            self._hint.setAccessibleDescription(text)


def _numbers(first: int, last: int, complete: bool = True) -> str:
    between = f"{grouped(first)}–{grouped(last)}"
    return between if complete else _("{numbers} and more", numbers=between)


def _has(size: int, target: Target) -> str:
    if target is Target.BYTE:
        return ngettext("The text has {n} byte.", "The text has {n} bytes.", size)
    return ngettext("The text has {n} character.", "The text has {n} characters.", size)
