"""At the foot of the window: the open file's encoding, which a click corrects, and its line ends."""

from collections import Counter
from collections.abc import Iterator

from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from tokviz.analysis.formatting import quantity
from tokviz.documents.decoding import Basis
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.tokens.document import Document

_SLICE = 1 << 20
_DELAY = 400
"""Milliseconds after an edit until line ends are looked for anew."""
_HOW = {
    Basis.VALID: "",
    Basis.MARK: "The file's byte order mark says so.",
    Basis.DECLARED: "The file says so itself.",
    Basis.FORM: "No other encoding has bytes like these.",
    Basis.GUESSED: "Guessed from the letters.",
    Basis.UNSURE: "There is little to go by, so this may be wrong.",
    Basis.GIVEN: "Chosen for this file.",
}


class ReadingStatus(QWidget):
    """Two words that stay true while the text is edited."""

    def __init__(self, document: Document, menu: QMenu) -> None:
        """``menu`` chooses another encoding."""
        super().__init__()
        self._document = document
        self._menu = menu
        self.encoding = QToolButton(autoRaise=True, popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.encoding.setMenu(menu)
        self.line_ends = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.encoding)
        row.addWidget(self.line_ends)
        self._found: Counter[str] = Counter()
        self._work = SlicedWork(self)
        self._later = Debouncer(self._look_again, _DELAY, self)
        document.origin_changed.connect(self._show_encoding)
        document.buffer.follow(Phase.VIEW, self._changed)
        self._show_encoding()
        self._show_line_ends()

    def _show_encoding(self) -> None:
        origin = self._document.origin
        note = {Basis.GUESSED: " (guessed)", Basis.UNSURE: " (unsure)"}.get(origin.basis, "")
        shown = str(origin.document) if origin.document else origin.encoding + note
        self.encoding.setText(shown)
        tip = [f"Encoding: {origin.encoding}.", _HOW[origin.basis]]
        if origin.document:
            tip = [f"This is the {origin.document}.", "Saving asks for another name."]
        if origin.others:
            tip.append(f"It may be {' or '.join(origin.others)} as well.")
        if origin.replaced:
            tip.append(f"{quantity(origin.replaced, 'place')} did not decode and stand as � (U+FFFD).")
        # Of a document there is nothing to choose; of HTML and the like, whether to see its source.
        chosen = origin.path is not None and not (origin.document and origin.document.unit)
        tip.append("Click to read the file in another way." if chosen else "")
        self.encoding.setToolTip(" ".join(part for part in tip if part))
        self.encoding.setAccessibleName(f"Encoding: {self.encoding.text()}")
        for part in (self.encoding, self._menu.menuAction()):
            part.setEnabled(chosen)

    def _changed(self, _change: Change) -> None:
        self._work.stop()
        self._later.restart()

    def _look_again(self) -> None:
        self._work.start(self._count(self._document.buffer), self._show_line_ends)

    def _count(self, buffer: TextBuffer) -> Iterator[None]:
        found: Counter[str] = Counter()
        carriage = False
        for start in range(0, len(buffer), _SLICE):
            part = buffer.slice(start, min(len(buffer), start + _SLICE))
            both = part.count(b"\r\n") + (carriage and part.startswith(b"\n"))
            found["CRLF"] += both
            found["LF"] += part.count(b"\n") - both
            found["CR"] += part.count(b"\r") - both
            carriage = part.endswith(b"\r")
            yield
        self._found = found

    def _show_line_ends(self) -> None:
        used = [f"{name}: {count:,}" for name, count in self._found.items() if count]
        names = [name for name, count in self._found.items() if count]
        self.line_ends.setText(names[0] if len(names) == 1 else "mixed" if names else "")
        self.line_ends.setToolTip(f"Line ends: {', '.join(used)}" if used else "")
        self.line_ends.setAccessibleName(self.line_ends.toolTip())
