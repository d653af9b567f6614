"""The line above the page that says what went wrong, or what happened, without stopping anybody."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from tokviz.language import _
from tokviz.ui.common.widgets import plain_label, restyle, tool_button

_STAYS = 8000
"""Milliseconds for which a plain message stays; problems stay until they are closed."""


class Kind(StrEnum):
    """How serious a notice is."""

    INFORMATION = "information"
    PROBLEM = "problem"


class Banner(QFrame):
    """Shows one sentence at a time; the newest wins, a repeated one counts up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._label = plain_label()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = tool_button("✕", _("Close this message"), self.hide)
        close.setAutoRaise(True)
        self._offer = QPushButton()
        self._offer.clicked.connect(self._take_offer)
        self._offered: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._label, 1)
        row.addWidget(self._offer)
        row.addWidget(close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self._last = ""
        self._times = 1
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, or the last one."""
        return self._label.text()

    def show_problem(self, sentence: str) -> None:
        """Show a problem until the user closes it or the next one comes."""
        self._show(sentence, Kind.PROBLEM)

    def show_offer(self, sentence: str, text: str, act: Callable[[], object]) -> None:
        """Show a problem with a button that says ``text``: it closes the notice and calls ``act``."""
        # The same again is no news: what it asks for is still to be done.
        self.hide()
        self._show(sentence, Kind.PROBLEM, text, act)

    def show_information(self, sentence: str) -> None:
        """Show a passing message; it never covers a problem that is still open."""
        if self.isVisible() and self.property("kind") == Kind.PROBLEM:
            return
        self._show(sentence, Kind.INFORMATION)

    def show_suggestion(self, sentence: str, text: str, act: Callable[[], object]) -> None:
        """Show a message with a button, as ``show_offer`` does, that is no problem; it stays."""
        if self.isVisible() and self.property("kind") == Kind.PROBLEM:
            return
        self._show(sentence, Kind.INFORMATION, text, act)
        self._timer.stop()

    def _take_offer(self) -> None:
        self.hide()
        if self._offered:
            self._offered()

    def _show(
        self, sentence: str, kind: Kind, offer: str = "", act: Callable[[], object] | None = None
    ) -> None:
        self._times = self._times + 1 if self.isVisible() and sentence == self._last else 1
        self._last = sentence
        self._label.setText(
            sentence
            if self._times == 1
            else _("{sentence} ({times} times)", sentence=sentence, times=self._times)
        )
        self._offer.setText(offer)
        self._offer.setVisible(bool(offer))
        self._offered = act
        restyle(self, "kind", kind)
        self.show()
        self._label.setAccessibleName(sentence)
        QAccessible.updateAccessibility(QAccessibleEvent(self._label, QAccessible.Event.Alert))
        if kind is Kind.INFORMATION:
            self._timer.start(_STAYS)
        else:
            self._timer.stop()
