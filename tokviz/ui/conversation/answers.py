"""The lines at the top of a conversation: what takes the room, what stands there twice, what the cache did
not give; and the buttons that act on them."""

from itertools import pairwise, zip_longest

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from tokviz.analysis import formatting
from tokviz.language import _
from tokviz.ui.common.text_positions import Utf16Map, to_utf8
from tokviz.ui.common.widgets import NamedLabel, fill, shortened
from tokviz.ui.conversation.request_words import answers
from tokviz.ui.conversation.session import Session

LINES = 3
"""Where there is room."""


_ROWS = 3
"""That one sentence takes at most; the last one ends in an ellipsis then, and the tooltip has the whole."""


class Sentence(NamedLabel):
    """Text over as many rows as it needs, up to three."""

    def __init__(self) -> None:
        super().__init__("")
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()

    def rows(self, width: int) -> list[str]:
        """The text by rows of so many pixels, the last one shortened if it is not the end."""
        layout = QTextLayout(self.text(), self.font())
        layout.beginLayout()
        starts: list[int] = []
        while (line := layout.createLine()).isValid() and len(starts) <= _ROWS:
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, 0))
            starts.append(line.textStart())
        layout.endLayout()
        data = to_utf8(self.text())
        positions = Utf16Map(data)
        bounds = [*map(positions.byte, starts[:_ROWS]), len(data)]
        found = [data[start:end].decode().rstrip() for start, end in pairwise(bounds)]
        return [*found[:-1], shortened(found[-1], self.fontMetrics(), width)] if found else []

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(1, len(self.rows(width))) * self._row + 2

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._row + 2)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    @property
    def _row(self) -> int:
        return self.fontMetrics().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            rows = self.rows(self.width())
            top = (self.height() - len(rows) * self._row) // 2
            for number, row in enumerate(rows):
                line = QRect(0, top + number * self._row, self.width(), self._row)
                painter.drawText(line, self.alignment() | Qt.TextFlag.TextSingleLine, row)


class Answers(QWidget):
    """As many sentences as there is room for; the tooltip has all of them."""

    without_repeats_wanted = Signal()
    everything_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = [Sentence() for _ in range(LINES)]
        self.save = QPushButton(_("Leave &Out Repeats"))
        self.save.setToolTip(
            _("Leave out what was read again later: only the last reading of each file stays")
        )
        self.all = QPushButton(_("Take All Bac&k"))
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
            self._grid.addWidget(line, number, 0, 1, 2 if number > 1 else 1)
        for part in (*self.lines, self.save, self.all):
            part.hide()

    def show_answers(self, session: Session) -> None:
        """Say what is known of the request that is looked at."""
        sentences, everything = answers(session)
        for line, sentence in zip_longest(self.lines, sentences[:LINES], fillvalue=""):
            assert isinstance(line, Sentence)
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
        # The second sentence is the short one: the buttons stand beside it where there is one.
        beside = lines > 1 and bool(self.lines[1].text())
        self._grid.addWidget(self.lines[0], 0, 0, 1, 2 if beside else 1)
        self._grid.addWidget(self._buttons, int(beside), 1)
        for number, line in enumerate(self.lines):
            line.setVisible(bool(line.text()) and number < lines)
