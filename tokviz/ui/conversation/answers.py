"""The lines at the top of a conversation: what takes the room, what stands there twice, what the cache did
not give; and the buttons that act on them."""

from itertools import zip_longest

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from tokviz.analysis import formatting
from tokviz.language import _
from tokviz.ui.common.widgets import ElidedLabel, fill
from tokviz.ui.conversation.request_words import answers
from tokviz.ui.conversation.session import Session

LINES = 3
"""Where there is room."""


class Answers(QWidget):
    """As many sentences as there is room for; the tooltip has all of them."""

    without_repeats_wanted = Signal()
    everything_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = [ElidedLabel() for _ in range(LINES)]
        self.save = QPushButton(_("Leave &Out Repeats"))
        self.save.setToolTip(
            _("Leave out what was read again later: only the last reading of each file stays")
        )
        self.all = QPushButton(_("&Take All Back"))
        self.save.clicked.connect(self.without_repeats_wanted)
        self.all.clicked.connect(self.everything_wanted)
        self._room = LINES
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._buttons = QWidget()
        fill(QHBoxLayout(self._buttons), self.save, self.all, spacing=8)
        for number, line in enumerate(self.lines):
            self._grid.addWidget(line, number, 0)
        for part in (*self.lines, self.save, self.all):
            part.hide()

    def show_answers(self, session: Session) -> None:
        """Say what is known of the request that is looked at."""
        sentences, everything = answers(session)
        for line, sentence in zip_longest(self.lines, sentences[:LINES], fillvalue=""):
            assert isinstance(line, ElidedLabel)
            line.setText(sentence)
            line.setToolTip(everything)
        view = session.view
        parts = set(view.repeated) - session.without if view is not None else set()
        saved = sum(view.parts[index].tokens or 0 for index in parts) if view is not None else 0
        self.save.setVisible(bool(parts))
        self.save.setText(_("Leave &Out Repeats (−{saved})", saved=formatting.grouped(saved)))
        self.all.setVisible(bool(session.without))
        self.give_room(self._room)

    def give_room(self, lines: int) -> None:
        """Show so many lines at most."""
        self._room = lines
        # The first line has the whole width where the buttons can stand beside the others.
        beside = lines > 1 and bool(self.lines[1].text())
        self._grid.addWidget(self.lines[0], 0, 0, 1, 2 if beside else 1)
        self._grid.addWidget(self._buttons, int(beside), 1, 2 if beside else 1, 1)
        for number, line in enumerate(self.lines):
            line.setVisible(bool(line.text()) and number < lines)
