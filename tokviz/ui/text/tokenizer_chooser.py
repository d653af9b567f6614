"""The box in which a tokenizer is chosen, the user's own files among them."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel, QWheelEvent

from tokviz.language import _
from tokviz.ui.common.tokenizer_box import TokenizerBox

_OPEN = _("Open tokenizer file…")
_TIP = _("Use your own tokenizer.json, .tiktoken or .model file")


class TokenizerChooser(TokenizerBox):
    """The last entry, after a line, asks for a file."""

    file_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Keys and the wheel step through tokenizers; only a click or Enter in the list opens a file.
        self._enable_last(False)
        super().keyPressEvent(event)
        self._enable_last(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._enable_last(False)
        super().wheelEvent(event)
        self._enable_last(True)

    def _enable_last(self, enabled: bool) -> None:
        items = self.model()
        assert isinstance(items, QStandardItemModel)  # as a combo box has by default
        items.item(items.rowCount() - 1).setEnabled(enabled)

    def _list_more(self) -> None:
        self.insertSeparator(self.count())
        self._list(_OPEN, "", _TIP)

    def _changed(self) -> None:
        if self.currentData():
            super()._changed()
        else:
            self.choose(self._chosen)
            self.file_wanted.emit()
