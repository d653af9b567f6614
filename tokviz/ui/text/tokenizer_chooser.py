"""The box in which a tokenizer is chosen, the user's own files among them."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from tokviz.tokenization.registry import Registry

_OPEN = "Open tokenizer file…"
_TIP = "Use your own tokenizer.json, .tiktoken or .model file"


class TokenizerChooser(QComboBox):
    """Lists the registry's tokenizers; the last entry, after a line, asks for a file."""

    tokenizer_chosen = Signal(str)
    """The user chose this one."""
    file_wanted = Signal()

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registry = registry
        self._chosen = ""
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.refresh()
        self.currentIndexChanged.connect(self._changed)

    @property
    def tokenizer(self) -> str:
        """The name of the chosen tokenizer."""
        return self._chosen

    def choose(self, name: str) -> bool:
        """Show this choice without emitting it; False if there is no such tokenizer, and nothing changes."""
        at = self.findData(name)
        if not name or at < 0:
            return False
        with QSignalBlocker(self):
            self.setCurrentIndex(at)
        self._chosen = name
        return True

    def refresh(self) -> None:
        """List the registry's tokenizers again, keeping the choice."""
        with QSignalBlocker(self):
            self._items.clear()
            for name in self._registry.names():
                info = self._registry.info(name)
                tip = f"{name}: {info.vocabulary_size:,} tokens. {info.note}".rstrip()
                self._items.appendRow(_item(info.display_name, name, tip))
            self.insertSeparator(self.count())
            self._items.appendRow(_item(_OPEN, "", _TIP))
        self.choose(self._chosen) or self.choose(self._registry.names()[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Keys and the wheel step through tokenizers; only a click or Enter in the list opens a file.
        self._last.setEnabled(False)
        super().keyPressEvent(event)
        self._last.setEnabled(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._last.setEnabled(False)
        super().wheelEvent(event)
        self._last.setEnabled(True)

    @property
    def _last(self) -> QStandardItem:
        return self._items.item(self._items.rowCount() - 1)

    def _changed(self) -> None:
        name = str(self.currentData() or "")
        if name:
            self._chosen = name
            self.tokenizer_chosen.emit(name)
        else:
            self.choose(self._chosen)
            self.file_wanted.emit()


def _item(text: str, name: str, tip: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(name, Qt.ItemDataRole.UserRole)
    item.setData(tip, Qt.ItemDataRole.ToolTipRole)
    return item
