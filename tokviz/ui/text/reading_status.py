"""At the foot of the window: the open file's encoding, which a click corrects, and its line ends."""

from collections import Counter
from collections.abc import Iterator

from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from tokviz.analysis.formatting import grouped
from tokviz.documents.decoding import Basis
from tokviz.documents.document_text import encoding_words
from tokviz.language import _, ngettext, pgettext
from tokviz.lists import either, listed
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.tokens.document import Document, Origin

_SLICE = 1 << 20
_DELAY = 400
"""Milliseconds after an edit until line ends are looked for anew."""
_HOW = {
    Basis.VALID: "",
    Basis.MARK: _("The file's byte order mark says so."),
    Basis.DECLARED: _("The file says so itself."),
    Basis.FORM: _("No other encoding has bytes like these."),
    Basis.GUESSED: _("Guessed from the letters."),
    Basis.UNSURE: _("There is little to go by, so this may be wrong."),
    Basis.GIVEN: _("Chosen for this file."),
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
        self.encoding.setText(str(origin.document) if origin.document else _said(origin))
        tip = [_("Encoding: {encoding}.", encoding=encoding_words(origin.encoding)), _HOW[origin.basis]]
        if origin.document:
            tip = [_("This is the {document}.", document=origin.document), _("Saving asks for another name.")]
        if origin.others:
            # Translators: {others} are encodings, such as “UTF-16 or GBK”.
            tip.append(_("It may be {others} as well.", others=either(origin.others)))
        if origin.replaced:
            tip.append(
                ngettext(
                    "{n} place did not decode and stands as � (U+FFFD).",
                    "{n} places did not decode and stand as � (U+FFFD).",
                    origin.replaced,
                )
            )
        # Of a document there is nothing to choose; of HTML and the like, whether to see its source.
        chosen = origin.path is not None and not (origin.document and origin.document.unit)
        tip.append(_("Click to read the file in another way.") if chosen else "")
        self.encoding.setToolTip(" ".join(part for part in tip if part))
        self.encoding.setAccessibleName(_("Encoding: {encoding}", encoding=self.encoding.text()))
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
        used = [f"{name}: {grouped(count)}" for name, count in self._found.items() if count]
        names = [name for name, count in self._found.items() if count]
        self.line_ends.setText(
            names[0] if len(names) == 1 else pgettext("line ends", "mixed") if names else ""
        )
        self.line_ends.setToolTip(_("Line ends: {kinds}", kinds=listed(used)) if used else "")
        self.line_ends.setAccessibleName(self.line_ends.toolTip())


def _said(origin: Origin) -> str:
    """The name of an encoding, and how sure it is."""
    match origin.basis:
        case Basis.GUESSED:
            return _("{encoding} (guessed)", encoding=origin.encoding)
        case Basis.UNSURE:
            return _("{encoding} (unsure)", encoding=origin.encoding)
    return encoding_words(origin.encoding)
