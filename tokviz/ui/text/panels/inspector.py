"""The inspector: everything about the token under the mouse, or about the one that was clicked."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTextBrowser, QVBoxLayout, QWidget

from tokviz.analysis.tokens.token_details import TokenDetails
from tokviz.language import _
from tokviz.text.change import Change, Phase
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import NamedLabel, fill, icon_button, tool_button
from tokviz.ui.editor.layout.fonts import text_font
from tokviz.ui.text.panels.inspector_html import TOKEN_LINK, inspector_html
from tokviz.ui.tokens.shown_tokens import ShownTokens

_NOTHING = _("Point at a token to see what it is; click it to keep it here.")

_LEAST = 54
"""Pixels: two lines of what is said, where the window is low."""
_LEFT_TO_RIGHT = "\u200e"
"""Before a line that begins with a token: Hebrew or Arabic in it must not turn the whole line round."""


@dataclass(frozen=True, slots=True)
class _TokenAt:
    """A token: its index (-1: not known) and bytes in the text."""

    index: int
    start: int
    end: int


class Inspector(QWidget):
    """Shows the pinned token, else the one under the mouse.

    ``hover`` and ``pin`` take what the view's ``token_hovered`` and ``token_clicked`` say. Left and right
    (with the focus here), the two buttons and links go to other tokens; Esc unpins.
    """

    token_chosen = Signal(int, int, int)
    """The user went to another token here: its index, start and end. Show it in the text."""
    pinned_changed = Signal(int, int)
    """Start and end of the token that is pinned now; -1, -1 if none is."""

    def __init__(self, shown: ShownTokens, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._theme = theme
        self._hovered: _TokenAt | None = None
        self._pinned: _TokenAt | None = None
        self._html = ""
        self._state = QLabel()
        self._browser = QTextBrowser()
        self._previous = icon_button("chevron-left", _("Previous token"), lambda: self.step(-1))
        self._next = icon_button("chevron-right", _("Next token"), lambda: self.step(1))
        self._copy = tool_button(_("Copy"), _("Copy what is said here"), self.copy)
        self._unpin = tool_button(_("Unpin"), _("Let this token go (Esc)"), self.unpin)
        self._lay_out()
        shown.changed.connect(self._tokens_changed)
        shown.facts_arrived.connect(self._tokens_changed)
        shown.buffer.follow(Phase.VIEW, self._follow)
        self._refresh()

    @property
    def details(self) -> TokenDetails | None:
        """What is shown; None if nothing is."""
        token = self._pinned or self._hovered
        return self._details_of(token) if token else None

    @property
    def text(self) -> str:
        """All that is said, as plain text."""
        return self._browser.toPlainText()

    @property
    def pinned(self) -> tuple[int, int] | None:
        """The bytes of the pinned token."""
        return (self._pinned.start, self._pinned.end) if self._pinned else None

    def set_theme(self, theme: Theme) -> None:
        """Use these colours from now on."""
        self._theme = theme
        self._refresh()

    def hover(self, index: int, start: int, end: int) -> None:
        """The mouse is over this token; start -1: over none."""
        self._hovered = _TokenAt(index, start, end) if start >= 0 else None
        # What was under the mouse last stays: the way to this panel leads out of the text.
        if self._hovered and not self._pinned:
            self._refresh()

    def pin(self, index: int, start: int, end: int) -> None:
        """Keep showing this token."""
        self._pinned = _TokenAt(index, start, end)
        self._refresh()
        self.pinned_changed.emit(start, end)

    def unpin(self) -> None:
        """Show the token under the mouse again."""
        if self._pinned:
            self._hovered = self._pinned
            self._pinned = None
            self._refresh()
            self.pinned_changed.emit(-1, -1)

    def step(self, by: int) -> None:
        """Go to the next token (1) or the one before (-1)."""
        details, tokens = self.details, self._shown.tokens
        if details is not None and details.index >= 0 and tokens is not None:
            self.go_to(details.index + by)

    def go_to(self, index: int) -> None:
        """Pin the token of that index, if there is one, and have it shown in the text."""
        tokens = self._shown.tokens
        span = tokens.span(index) if tokens is not None and index >= 0 else None
        if span is not None:
            self.pin(index, *span)
            self.token_chosen.emit(index, *span)

    def copy(self) -> None:
        """Put what is said here on the clipboard, as text."""
        if self.details:
            QGuiApplication.clipboard().setText(self.text)

    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._handle(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._handle(event):
            return True
        return super().eventFilter(watched, event)

    def _handle(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if event.key() == Qt.Key.Key_Right else -1)
            return True
        if event.key() == Qt.Key.Key_Escape and self._pinned:
            self.unpin()
            return True
        return False

    def _lay_out(self) -> None:
        self._state.setProperty("role", "muted")
        self._browser.setAccessibleName(_("Token inspector"))
        self._browser.setOpenLinks(False)
        self._browser.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._browser.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._browser.document().setDocumentMargin(8)
        self._browser.setMinimumHeight(_LEAST)
        self._browser.anchorClicked.connect(self._follow_link)
        self._browser.installEventFilter(self)
        buttons = (self._previous, self._next, self._copy, self._unpin)
        row = fill(QHBoxLayout(), self._state, *buttons, wide=self._state, spacing=2)
        fill(QVBoxLayout(self), row, self._browser, wide=self._browser, spacing=2)

    def _tokens_changed(self) -> None:
        # Hidden behind another tab only the pinned token is followed: the text shows it.
        if self.isVisible() or self._pinned:
            self._refresh()

    def _details_of(self, token: _TokenAt) -> TokenDetails | None:
        details = self._shown.details(token.index, token.start, token.end)
        if details is not None and (details.start, details.end) == (token.start, token.end):
            return details
        # The boundaries changed: the token that holds the first byte stands in for it.
        tokens = self._shown.tokens
        index = tokens.index_at(token.start) if tokens is not None else -1
        return self._shown.details(index, -1, -1) if index >= 0 else None

    def _refresh(self) -> None:
        details = self.details
        if self._pinned and details and (details.start, details.end) != self.pinned:
            self._pinned = _TokenAt(details.index, details.start, details.end)
            self.pinned_changed.emit(details.start, details.end)
        if details is None and (self._pinned or self._hovered) and self._html:
            return  # for the moment only: the tokens after an edit are on their way
        if details is None:
            self._show(f"<p style='color:{self._theme.muted.name()}'>{_NOTHING}</p>", "")
        else:
            line = self._shown.buffer.lines.line_of(details.start) + 1
            html = inspector_html(details, self._theme, line, text_font(0).family())
            self._show(html, details.line)
        self._state.setText(
            _("Pinned token") if self._pinned else _("Token under the mouse") if details else ""
        )
        self._unpin.setEnabled(self._pinned is not None)
        for button in (self._previous, self._next, self._copy):
            button.setEnabled(details is not None)

    def _show(self, html: str, line: str) -> None:
        if html != self._html:
            self._html = html
            self._browser.setHtml(html)
            self._browser.verticalScrollBar().setValue(0)
            self._browser.setAccessibleDescription(line)

    def _follow_link(self, url: QUrl) -> None:
        target = url.toString()
        if target.startswith(TOKEN_LINK):
            self.go_to(int(target.removeprefix(TOKEN_LINK)))

    def _follow(self, change: Change) -> None:
        """Keep to the pinned token's bytes; let it go if they are edited."""
        self._hovered = None
        if self._pinned is None:
            self._html = ""
            return
        moved = change.map_range(self._pinned.start, self._pinned.end)
        if moved is None:
            self._pinned = None
            self._html = ""
            self.pinned_changed.emit(-1, -1)
        else:
            self._pinned = _TokenAt(-1, *moved)


class HoverLine(NamedLabel):
    """The token under the mouse on one line, to stand under the text."""

    def __init__(self, shown: ShownTokens, parent: QWidget | None = None) -> None:
        super().__init__(_("Token under the mouse"))
        self.setParent(parent)
        self._shown = shown
        self._at: _TokenAt | None = None
        self._whole = ""
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        shown.facts_arrived.connect(self._refresh)
        shown.changed.connect(self._refresh)

    def hover(self, index: int, start: int, end: int) -> None:
        """The mouse is over this token; start -1: over none."""
        self._at = _TokenAt(index, start, end) if start >= 0 else None
        self._refresh()

    def minimumSizeHint(self) -> QSize:
        # A long token must not make the window wider.
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        self._elide()

    def _refresh(self) -> None:
        token = self._at
        details = self._shown.details(token.index, token.start, token.end) if token else None
        if details is not None:
            self._whole = details.line
        elif token is None:
            self._whole = ""
        self._elide()

    def _elide(self) -> None:
        text = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(0, self.width()))
        self.setText(_LEFT_TO_RIGHT + text if text else "")
        self.setToolTip(self._whole)
        self.say(self._whole)
