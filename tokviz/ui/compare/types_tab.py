"""What each tokenizer makes of the codebase that is open: tokens by file type."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.language import _, ngettext
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.type_table import TypeTable
from tokviz.ui.common.widgets import fill, plain_label

_PAUSE = 250
"""Least milliseconds between two looks at the counts while they stream in."""
_NOTHING = _("No codebase is open. Open a folder, and its tokens stand here by file type and tokenizer.")


class TypesTab(QWidget):
    """Asks for the counts while it is shown; no file is read for it."""

    folder_wanted = Signal()
    """The user wants to open a folder."""
    availability_changed = Signal(bool)
    """There are counts to export now, or none any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source: Callable[[], TypeCounts | None] = lambda: None
        """Gives the counts as they are now; None while no codebase is open."""
        self._available = False
        self.types = TypeTable()
        self._note = plain_label(role="muted")
        self._note.setContentsMargins(0, 0, 0, 4)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._full())
        fill(QVBoxLayout(self), self._stack, wide=self._stack, above=6)
        self._pause = Debouncer(self.refresh, _PAUSE, self)

    def renew(self, available: bool) -> None:
        """The counts are others now; ``available``: there are any."""
        if available != self._available:
            self._available = available
            self.availability_changed.emit(available)
        if self.isVisible():
            self._pause.request()

    def refresh(self) -> None:
        """Show the counts as they are now."""
        found = self.source()
        if found is None:
            self._stack.setCurrentIndex(0)
            return
        size = int(found.matrix.sizes.sum())
        said = ngettext(
            "{n} file of the open codebase that take part, {size}",
            "{n} files of the open codebase that take part, {size}",
            sum(found.files),
            size=ngettext("{n} byte", "{n} bytes", size),
        )
        if any(found.estimated):
            # Translators: {sentence} is about the files; numbers with a ~ are estimated.
            said = _("{sentence}; ~ is estimated", sentence=said)
        self._note.setText(said)
        self.types.set_counts(found)
        self._stack.setCurrentIndex(1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.cancel()

    def _empty(self) -> QWidget:
        text = QLabel(_NOTHING)
        text.setWordWrap(True)
        text.setProperty("role", "muted")
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        button = QPushButton(_("&Open Folder…"))
        button.clicked.connect(self.folder_wanted)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(button)
        middle.addStretch(1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(text)
        column.addLayout(middle)
        column.addStretch(1)
        return page

    def _full(self) -> QWidget:
        page = QWidget()
        fill(QVBoxLayout(page), self._note, self.types, wide=self.types, spacing=0)
        return page
