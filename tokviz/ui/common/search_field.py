"""The field that narrows a list."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from tokviz.language import _
from tokviz.ui.common.icons import icon
from tokviz.ui.common.text_field import TextField
from tokviz.ui.common.widgets import name_clear_button

_AROUND_HINT = 42
"""Pixels of a search field that are not its hint's: edges, and the icon."""


class SearchField(TextField):
    """What narrows a list. Esc empties it, and reaches whatever is around it once it is empty."""

    _hints: Sequence[str] = ()
    """Here, since Qt tells of changes before it is made."""

    def __init__(self, name: str, hint: str = "", tip: str = "") -> None:
        super().__init__()
        self._hints = (hint,) if hint else ()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        name_clear_button(self)
        self.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._fit_hint()

    def set_hints(self, *hints: str) -> None:
        """What the empty field says: the first that there is room for, else a word, or nothing."""
        self._hints = hints
        self._fit_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_hint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_hint()

    def _fit_hint(self) -> None:
        room = self.width() - _AROUND_HINT
        texts = (*self._hints, _("Search") if self._hints else "")
        fitting = (text for text in texts if self.fontMetrics().horizontalAdvance(text) <= room)
        self.setPlaceholderText(next(fitting, ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
