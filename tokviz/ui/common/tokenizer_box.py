"""The box in which one of the registry's tokenizers is chosen."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from tokviz.language import _, gettext, number
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.choice_box import ChoiceBox


class TokenizerBox(ChoiceBox):
    """Lists the registry's tokenizers, each with what must be known of it as its tip."""

    tokenizer_chosen = Signal(str)
    """The user chose this one."""

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registry = registry
        self._chosen = ""
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
            self.clear()
            for name in self._registry.names():
                info = self._registry.info(name)
                tip = _(
                    "{name}: {vocabulary_size} tokens. {note}",
                    name=name,
                    vocabulary_size=number(info.vocabulary_size),
                    note=gettext(info.note),
                ).rstrip()
                self._list(info.display_name, name, tip)
            self._list_more()
        self.choose(self._chosen) or self.choose(self._registry.names()[0])

    def _list(self, text: str, name: str, tip: str) -> None:
        self.addItem(text, name)
        self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _list_more(self) -> None:
        """List what stands behind the tokenizers: nothing here."""

    def _changed(self) -> None:
        self._chosen = str(self.currentData())
        self.tokenizer_chosen.emit(self._chosen)
