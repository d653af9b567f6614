"""The tokenizer that the window starts with: the one used last, unless one is to be the default."""

from PySide6.QtCore import QObject

from tokviz.language import _
from tokviz.ui.common.actions import action
from tokviz.ui.common.settings import DEFAULT_TOKENIZER, Settings

_LAST = "text/tokenizer"
_FIRST = "o200k_base"
"""Of the very first start."""


class DefaultTokenizer(QObject):
    """Remembers it. ``entry`` is checked where the tokenizer in use is the default."""

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._name = self.at_start
        tip = _("Start with this tokenizer, whichever was used last")
        self.entry = action(parent, _("&Default Tokenizer"), tip=tip)
        self.entry.setCheckable(True)
        self.entry.triggered.connect(self._decide)
        self.use(self._name)
        settings.follow(DEFAULT_TOKENIZER, lambda: self.use(self._name), self)

    @property
    def at_start(self) -> str:
        """The tokenizer to begin with; it may be a user's own that is still being read."""
        return self._settings.text(DEFAULT_TOKENIZER) or self._settings.text(_LAST, _FIRST)

    def use(self, name: str) -> None:
        """The tokenizer ``name`` is the one in use now."""
        self._name = name
        self.entry.setChecked(self._settings.text(DEFAULT_TOKENIZER) == name)

    def remember(self, name: str) -> None:
        """The user has chosen the tokenizer ``name``."""
        self._settings.set(_LAST, name)
        self.use(name)

    def _decide(self, is_default: bool) -> None:
        self._settings.set(DEFAULT_TOKENIZER, self._name if is_default else "")
