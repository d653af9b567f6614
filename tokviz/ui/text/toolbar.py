"""The row above the text: which tokenizer, how it treats special tokens, and what is drawn."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from tokviz.language import _
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.staying_menu import StayingMenu
from tokviz.ui.common.widgets import caption, fill, menu_button, name_box, show_words, tool_button
from tokviz.ui.text.tokenizer_chooser import TokenizerChooser

MODES = {
    SpecialTokens.PLAIN: (
        _("Special tokens: plain text"),
        _("What looks like <|endoftext|> is text like any other"),
    ),
    SpecialTokens.PARSED: (
        _("Special tokens: parsed"),
        _("What looks like <|endoftext|> becomes the token it names"),
    ),
    SpecialTokens.FRAMED: (
        _("Special tokens: parsed, framed"),
        _("And the tokens the model adds around a text"),
    ),
}


_WORDS = ((True, True, True), (False, True, True), (False, False, True), (False, False, False))
"""What stands in words, where there is ever less room: the button that finds, a title, the menu."""


class TextToolbar(QWidget):
    """Emits what the user chose; shows what is in force."""

    tokenizer_chosen = Signal(str, SpecialTokens)
    find_wanted = Signal()

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registry = registry
        self.tokenizers = TokenizerChooser(registry)
        name_box(self.tokenizers, _("Tokenizer"))
        self.tokenizers.setMinimumContentsLength(20)
        self.tokenizers.setMaximumWidth(300)
        self._modes = ChoiceBox()
        self._menu: QToolButton | None = None
        name_box(self._modes, _("Special tokens"))
        self._title = caption(_("To&kenizer"), self.tokenizers, "muted")
        self._row = fill(QHBoxLayout(self), self._title, self.tokenizers, self._modes, spacing=8)
        self._row.addStretch(1)
        self._find = tool_button(_("Find"), _("Find (Ctrl+F)"), self.find_wanted.emit, "search")
        self._row.addWidget(self._find)
        self._offer_modes(SpecialTokens.PLAIN)
        self.tokenizers.tokenizer_chosen.connect(self._tokenizer_changed)
        self._modes.currentIndexChanged.connect(self._emit)

    @property
    def tokenizer(self) -> str:
        """The name of the chosen tokenizer."""
        return self.tokenizers.tokenizer

    @property
    def mode(self) -> SpecialTokens:
        """How the chosen tokenizer treats special tokens."""
        return SpecialTokens(self._modes.currentData())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _fit_words(self) -> None:
        """Say in words what there is room for: first the button's goes, then the title, then the menu's."""
        for find, title, menu in _WORDS:
            self._title.setVisible(title)
            show_words(self._find, find)
            if self._menu:
                show_words(self._menu, menu)
            if self._row.sizeHint().width() <= self.width():
                return

    def refresh_tokenizers(self) -> None:
        """List the registry's tokenizers again, keeping the choice."""
        mode = self.mode
        self.tokenizers.refresh()
        self.choose(self.tokenizer, mode)

    def choose(self, name: str, mode: SpecialTokens = SpecialTokens.PLAIN) -> None:
        """Show this choice without emitting it; an unknown name leaves the choice as it is."""
        if self.tokenizers.choose(name):
            self._offer_modes(mode)

    def add_menu(self, text: str, entries: Sequence[QAction]) -> None:
        """Put a button at the right end that opens a menu of these entries."""
        menu = StayingMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(list(entries))
        self._menu = menu_button(text, menu, text, "eye")
        self._row.addWidget(self._menu)

    def _offer_modes(self, wanted: SpecialTokens) -> None:
        """Offer only what the tokenizer knows."""
        modes = self._registry.info(self.tokenizer).modes
        with QSignalBlocker(self._modes):
            self._modes.clear()
            for mode in modes:
                text, tip = MODES[mode]
                self._modes.addItem(text, mode)
                self._modes.setItemData(self._modes.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            self._modes.setCurrentIndex(modes.index(wanted) if wanted in modes else 0)
        self._modes.setVisible(len(modes) > 1)

    def _tokenizer_changed(self, _: str) -> None:
        self._offer_modes(self.mode)
        self._emit()

    def _emit(self) -> None:
        self.tokenizer_chosen.emit(self.tokenizer, self.mode)
