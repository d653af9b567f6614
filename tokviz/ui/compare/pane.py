"""One pane of a comparison: a chooser, the figures of its tokenizer, and the text as its tokens."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tokviz.language import _, gettext
from tokviz.text.buffer import TextBuffer
from tokviz.text.undo import UndoHistory
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.tokenizer_box import TokenizerBox
from tokviz.ui.common.widgets import ElidedLabel, fill, name_box, plain_label
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.compare.compared_view import ComparedView
from tokviz.ui.tokens.tokenizing import Tokenizing


class Pane(QWidget):
    """Joins a view with the tokens of the chosen tokenizer. It tokenizes from ``start`` to ``rest`` only."""

    tokenizer_chosen = Signal(str)
    """The user chose another one."""
    map_changed = Signal()
    """Another map is in force."""
    tokens_changed = Signal(bool)
    """Some of its tokens are others now; whether any of them is in sight, or before it."""

    def __init__(
        self,
        number: int,
        buffer: TextBuffer,
        history: UndoHistory,
        worker: Worker,
        registry: Registry,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        """``number`` counts the panes from 1."""
        super().__init__(parent)
        self._registry = registry
        self._number = number
        self._working = False
        self.view = ComparedView(buffer, theme, history)
        self.tokenizing = Tokenizing(buffer, worker, self)
        self._chooser = TokenizerBox(registry)
        name_box(self._chooser, _("Tokenizer of pane {number}", number=number))
        self._chooser.setMinimumContentsLength(5)
        self._figures = ElidedLabel(asks=True)
        self._line = plain_label(role="muted", name=_("About the tokenizer of pane {number}", number=number))
        self._line.setWordWrap(True)
        self._lay_out()
        self._connect()

    @property
    def tokenizer(self) -> str:
        """The name of the chosen tokenizer."""
        return self._chooser.tokenizer

    @property
    def title(self) -> str:
        """What a person reads for it."""
        return self._chooser.currentText()

    @property
    def note(self) -> str:
        """What must be said of the tokenizer's boundaries; empty if nothing."""
        info = self._registry.info(self.tokenizer)
        if info.provenance is Provenance.RECONSTRUCTED:
            return f"{self.title}: {gettext(info.note)}"
        form = info.normalization
        if not form:
            return ""
        return _("{tokenizer} rewrites the text ({form}) before it cuts it", tokenizer=self.title, form=form)

    def put_after(self, widget: QWidget) -> QWidget:
        """Have Tab go from ``widget`` to the chooser, then to the view, which is returned."""
        QWidget.setTabOrder(widget, self._chooser)
        QWidget.setTabOrder(self._chooser, self.view)
        return self.view

    def choose(self, name: str) -> None:
        """Cut with this tokenizer; an unknown name (a file that is gone) leaves the choice as it is."""
        if self._chooser.choose(name):
            self._apply()

    def refresh_tokenizers(self) -> None:
        """List the registry's tokenizers again, keeping the choice."""
        self._chooser.refresh()

    def set_figures(self, text: str, tip: str = "") -> None:
        """What stands beside the chooser."""
        self._figures.setText(text)
        self._figures.setToolTip(tip)
        self._figures.setAccessibleName(_("Pane {number}: {figures}", number=self._number, figures=text))

    def start(self) -> None:
        """Tokenize from now on."""
        if not self._working:
            self._working = True
            self._apply()

    def rest(self) -> None:
        """Tokenize nothing and forget the tokens, until the next ``start``."""
        if self._working:
            self._working = False
            self.tokenizing.close()
            self.view.set_token_map(None)

    def _apply(self) -> None:
        self.view.setAccessibleName(_("Text cut by {tokenizer}", tokenizer=self.title))
        info = self._registry.info(self.tokenizer)
        unknown = info.provenance is Provenance.RECONSTRUCTED
        self._line.setText(gettext(info.note) if unknown else "")
        self._line.setVisible(unknown)
        if self._working:
            self.tokenizing.set_visible(*self.view.visible_bytes())
            self.tokenizing.choose(self.tokenizer)

    def _lay_out(self) -> None:
        head = fill(QHBoxLayout(), self._chooser, self._figures, wide=self._chooser, spacing=8)
        fill(QVBoxLayout(self), head, self._line, self.view, wide=self.view, spacing=4)

    def _connect(self) -> None:
        view, tokenizing = self.view, self.tokenizing
        self._chooser.tokenizer_chosen.connect(self._user_chose)
        view.visible_changed.connect(tokenizing.set_visible)
        tokenizing.map_changed.connect(self._take_map)
        tokenizing.tokens_changed.connect(self._take_tokens)

    def _user_chose(self) -> None:
        self._apply()
        self.tokenizer_chosen.emit(self.tokenizer)

    def _take_map(self, token_map: object) -> None:
        self.view.set_token_map(self.tokenizing if token_map is not None else None)
        self.view.set_special_tokens(self.tokenizing.special_tokens)
        self.map_changed.emit()

    def _take_tokens(self, start: int, end: int) -> None:
        # Most of a large text is tokenized after what is in sight, which need not be drawn again for it.
        seen = start <= self.view.visible_bytes()[1]
        if seen:
            self.view.tokens_changed(start, end)
        self.tokens_changed.emit(seen)
