"""The bar under the text that finds text, token ids and tokens."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from tokviz.analysis.formatting import grouped, ungrouped
from tokviz.analysis.tokens.search import SearchError, TextQuery, token_text
from tokviz.language import N_, TranslatedEnum, _, ngettext, right_to_left
from tokviz.ui.common.actions import action
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.text_field import TextField
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import (
    fill,
    icon_button,
    name_box,
    name_clear_button,
    offer,
    plain_label,
    tool_button,
)
from tokviz.ui.text.panels.finder import Finder, Query, TokenIdQuery, TokenTextQuery
from tokviz.ui.text.panels.replace_row import Edit, ReplaceRow
from tokviz.ui.tokens.shown_tokens import ShownTokens

_PAUSE = 120
"""Milliseconds after a key before the search begins."""
_LEFT_TO_RIGHT = "\u200e"
_LONGEST_PREFILL = 200
"""Bytes of a selection that are taken over as what to find."""


class Kind(TranslatedEnum):
    """What is looked for."""

    TEXT = N_("Text")
    TOKEN_ID = N_("Token id")
    TOKEN_TEXT = N_("Token text")


_HINTS = {
    Kind.TEXT: _("Find in the text"),
    Kind.TOKEN_ID: _("A token's id, such as 290"),
    Kind.TOKEN_TEXT: _(r"A token's exact text; \n, \t and \xE2 stand for bytes"),
}


class FindBar(QWidget):
    """Hidden until ``open``; Esc or ✕ closes it. Enter and F3 go to the next match, with Shift to the last.

    ``selection`` says what is selected in the text now; ``match_chosen`` is what it should be next.
    """

    match_chosen = Signal(int, int)
    """Select and show these bytes."""
    marks_changed = Signal()
    """``matches_in`` has other answers."""
    closed = Signal()

    def __init__(
        self,
        shown: ShownTokens,
        settings: Settings,
        theme: Theme,
        selection: Callable[[], tuple[int, int]],
        edit: Edit,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._settings = settings
        self._selection = selection
        self.finder = Finder(shown, self)
        self._message = ""
        self._replaced = ""
        """What came of replacing, until something else is asked for."""
        self._origin = 0
        self._last = (-1, -1)
        self._typing = Debouncer(self._search_as_typed, _PAUSE, self)
        self._kind = ChoiceBox()
        self._field = TextField()
        self._replacing = ReplaceRow(shown.buffer, edit)
        self._status = plain_label(name=_("Matches"))
        self._problem = plain_label()
        self._case = self._option("Aa", _("Match case"), "match_case")
        self._words = self._option("W", _("Whole words only"), "whole_words")
        pattern = f"{_LEFT_TO_RIGHT}.*{_LEFT_TO_RIGHT}" if right_to_left() else ".*"
        self._pattern = self._option(pattern, _("Regular expression"), "pattern")
        self.set_theme(theme)
        self._lay_out()
        self._connect()
        self.hide()

    @property
    def status(self) -> str:
        """What is said about the matches, or about what is wrong with the question."""
        return self._problem.text() or self._status.text()

    def set_theme(self, theme: Theme) -> None:
        """Use these colours from now on."""
        self._colors = (theme.muted.name(), theme.error.name())
        self._show_status()

    def find_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the Edit menu."""
        key = QKeySequence.StandardKey
        return [
            action(parent, _("&Find…"), self.open, key.Find),
            action(parent, _("Find Ne&xt"), self.find_next, "F3"),
            action(parent, _("Find Pre&vious"), self.find_previous, "Shift+F3"),
            action(parent, _("Rep&lace…"), self.open_replacing, "Ctrl+H"),
        ]

    def open(self) -> None:
        """Show the bar, with what is selected as what to find, and give it the keyboard."""
        start, end = self._selection()
        selected = self._shown.buffer.slice(start, end) if end - start <= _LONGEST_PREFILL else b""
        if not self.isVisible():
            self._origin = start
        if selected and b"\n" not in selected and b"\r" not in selected and self._chosen is Kind.TEXT:
            with QSignalBlocker(self._field):
                self._field.setText(selected.decode())
        self.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()
        self._ask()

    def open_replacing(self) -> None:
        """Show the bar with what to put in the place of the matches."""
        self._kind.setCurrentIndex(self._kind.findData(Kind.TEXT))
        self._replacing.set_shown(True)
        self.open()

    def find_token(self, token_id: int) -> None:
        """Show the bar with all tokens of one id."""
        self._kind.setCurrentIndex(self._kind.findData(Kind.TOKEN_ID))
        self._field.setText(str(token_id))
        self.show()
        self._ask()

    def close_bar(self) -> None:
        """Hide the bar, forget the matches, and give the keyboard back."""
        self.hide()
        self.closed.emit()

    def find_next(self) -> None:
        """Go to the next match; opens the bar if there is nothing to look for."""
        self._go(backwards=False)

    def find_previous(self) -> None:
        """Go to the match before."""
        self._go(backwards=True)

    def matches_in(self, start: int, end: int) -> list[tuple[int, int]]:
        """What to mark in a part of the text: nothing while the bar is hidden."""
        return self.finder.matches_in(start, end) if self.isVisible() else []

    def positions(self) -> NDArray[np.int64]:
        """Where the matches begin, as far as they are known: none while the bar is hidden."""
        return self.finder.starts if self.isVisible() else np.zeros(0, np.int64)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # Hidden with the page it will come back; closed it has no matches to mark.
        if self.isHidden():
            self._typing.cancel()
            self.finder.stop()
            self._replacing.stop()
            self._replacing.set_shown(False)
            self.marks_changed.emit()

    # -- building --------------------------------------------------------------------------------------

    def _option(self, text: str, name: str, key: str) -> QToolButton:
        button = tool_button(text, name, self._search_as_typed)
        button.setCheckable(True)
        button.setChecked(self._settings.flag(f"find/{key}"))
        button.toggled.connect(lambda on: self._settings.set(f"find/{key}", on))
        return button

    def _lay_out(self) -> None:
        offer(self._kind, ((kind.words, kind) for kind in Kind))
        name_box(self._kind, _("What to find"))
        self._field.setAccessibleName(_("Find"))
        name_clear_button(self._field)
        self._field.setPlaceholderText(_HINTS[Kind.TEXT])
        self._status.setMinimumWidth(self.fontMetrics().horizontalAdvance(_of(8_888, "88,888")))
        self._problem.setWordWrap(True)
        self._problem.hide()
        options = (self._case, self._words, self._pattern, self._status)
        buttons = (
            icon_button("chevron-up", _("Previous match (Shift+F3)"), self.find_previous),
            icon_button("chevron-down", _("Next match (F3)"), self.find_next),
            icon_button("x", _("Close (Esc)"), self.close_bar),
        )
        fields, beside, replacing = QWidget(), QWidget(), self._replacing
        field = fill(QHBoxLayout(), self._kind, self._field, wide=self._field, spacing=4)
        fill(QVBoxLayout(fields), field, replacing, spacing=4)
        finding = fill(QHBoxLayout(), *options, *buttons, wide=self._status, spacing=4)
        fill(QVBoxLayout(beside), finding, replacing.buttons, spacing=4)
        row = fill(QHBoxLayout(), fields, beside, wide=fields, spacing=4)
        self._kind.setMinimumWidth(max(self._kind.sizeHint().width(), self._replacing.indent))
        replacing.indent = self._kind.minimumWidth()
        replacing.set_shown(False)
        fill(QVBoxLayout(self), row, self._problem, spacing=4)

    def _connect(self) -> None:
        self._field.textChanged.connect(self._typing.restart)
        self._kind.currentIndexChanged.connect(self._kind_changed)
        self.finder.found.connect(self._found)
        self.finder.missed.connect(self._missed)
        self.finder.failed.connect(self._failed)
        self.finder.changed.connect(lambda: self._show_status(self._problem.text()))
        self.finder.changed.connect(self.marks_changed)

        self._replacing.one_wanted.connect(self._replace_one)
        self._replacing.all_wanted.connect(self._replace_all)
        self._replacing.failed.connect(self._failed)
        self._replacing.said.connect(self._say)

    # -- searching -------------------------------------------------------------------------------------

    @property
    def _chosen(self) -> Kind:
        return Kind(self._kind.currentData())

    def _kind_changed(self) -> None:
        for option in (self._case, self._words, self._pattern):
            option.setVisible(self._chosen is Kind.TEXT)
        if self._chosen is not Kind.TEXT:
            self._replacing.set_shown(False)
        self._field.setPlaceholderText(_HINTS[self._chosen])
        self._search_as_typed()

    def _query(self) -> Query | None:
        """What the bar asks for; None if it asks for nothing. SearchError if that is no valid question."""
        text = self._field.text()
        if not text:
            return None
        match self._chosen:
            case Kind.TEXT:
                return TextQuery(
                    text, self._case.isChecked(), self._words.isChecked(), self._pattern.isChecked()
                )
            case Kind.TOKEN_TEXT:
                return TokenTextQuery(token_text(text))
        digits = ungrouped(text)
        if not digits.isascii() or not digits.isdigit():
            raise SearchError(_("A token's id is a number."))
        return TokenIdQuery(int(digits))

    def _ask(self) -> bool:
        """Have the finder look for what the bar asks for; False if that is nothing, or no valid question."""
        self._typing.cancel()
        self._message = self._replaced = ""
        self._last = (-1, -1)
        try:
            query = self._query()
            if query is None or query != self.finder.query or not self.finder.is_complete:
                self.finder.look_for(query)
        except SearchError as error:
            self.finder.look_for(None)
            self._failed(str(error))
            return False
        self._show_status()
        self.marks_changed.emit()
        return query is not None

    def _search_as_typed(self) -> None:
        # From where the search began, so that each letter narrows down the same match.
        if self.isVisible() and self._ask():
            self.finder.go(min(self._origin, len(self._shown.buffer)))

    def _go(self, backwards: bool) -> None:
        if not self._field.text():
            self.open()
            return
        if self._typing.pending or not self.isVisible() or self.finder.query is None:
            self.show()
            if not self._ask():
                return
        start, end = self._selection()
        # A token without bytes is behind itself: the next one begins at least one byte on.
        forwards = end + 1 if start == end == self._last[0] == self._last[1] else end
        self.finder.go(min(start if backwards else forwards, len(self._shown.buffer)), backwards)

    def _replace_one(self) -> None:
        if self._ask() and isinstance(query := self.finder.query, TextQuery):
            start, end = self._selection()
            if self._replacing.replace_one(query, start, end) or not self._problem.text():
                self._go(backwards=False)

    def _replace_all(self) -> None:
        if self._ask() and isinstance(query := self.finder.query, TextQuery):
            self._replacing.replace_all(query)

    def _say(self, words: str) -> None:
        self._replaced = words
        self._show_status()

    def _found(self, start: int, end: int, wrapped: bool) -> None:
        self._message = _("from the other end") if wrapped else ""
        self._last = (start, end)
        if not self._field.hasFocus():
            self._origin = start
        self.match_chosen.emit(start, end)
        self._show_status()

    def _missed(self) -> None:
        self._message = _("not found") if self.finder.is_complete else _("not found so far")
        self._show_status()

    def _failed(self, sentence: str) -> None:
        self._message = ""
        self._show_status(sentence)

    def _show_status(self, problem: str = "") -> None:
        finder = self.finder
        missing = finder.query is not None and finder.is_complete and not finder.count and not self._replaced
        parts = []
        if self._replaced:
            parts.append(self._replaced)
        elif finder.query is not None and not problem and finder.count:
            number = finder.ordinal(self._last[0])
            more = "" if finder.is_complete else "+"
            total = grouped(finder.count) + more
            parts.append(
                _of(number, total) if number else ngettext("{n} match", "{n} matches", finder.count, n=total)
            )
        elif missing and not problem:
            self._message = _("not found")
        if self._message:
            parts.append(self._message)
        muted, error = self._colors
        self._status.setStyleSheet(f"color: {error if missing else muted}")  # verbatim
        self._problem.setStyleSheet(f"color: {error}")  # verbatim
        self._problem.setVisible(bool(problem))
        for label, text in ((self._status, " · ".join(parts)), (self._problem, problem)):
            if text != label.text():
                label.setText(text)
                label.setAccessibleDescription(text)


def _of(match: int, matches: str) -> str:
    return _("{match} of {matches}", match=grouped(match), matches=matches)
