"""The row above: which conversation, for which model it is counted, following, figures, export."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.icons import Tint, icon
from tokviz.ui.common.mnemonics import without_mnemonic
from tokviz.ui.common.widgets import (
    ElidedLabel,
    fill,
    menu_button,
    name_box,
    offer,
    plain_label,
    show_words,
    tool_button,
)

_NAME = 200
"""Pixels of a file's name at most."""
_WORDS = 860
"""Pixels from which on buttons have words beside their icons."""


class ConversationToolbar(QWidget):
    """Emits what the user chose; shows what is in force."""

    model_chosen = Signal(str)
    """A model's id."""
    back_wanted = Signal()
    """The list that the conversation came from."""
    messages_wanted = Signal()
    """The list of messages, where it has no room of its own."""

    def __init__(
        self,
        models: Sequence[LanguageModel],
        follow: QAction,
        text: QAction,
        opening: QMenu,
        export: QMenu,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = menu_button("", opening, _("Open another conversation"), "file")
        self._back = tool_button(
            _("All"), _("Back to the list of conversations"), self.back_wanted.emit, "list"
        )
        self.messages = tool_button(
            _("Messages"), _("The messages of the request"), self.messages_wanted.emit, "list"
        )
        self._role = plain_label(_("recorded with"), "muted")
        self._models = ChoiceBox()
        name_box(self._models, _("Model that is counted for"))
        self._models.setMaximumWidth(170)
        self.set_models(models)
        self._figures = ElidedLabel("muted")
        self._export = menu_button("", export, _("Take the parts away"))
        self._export.setIcon(icon("share", Tint.ALONE))
        self._export.setAccessibleName(_("Export"))
        for part in (self.name, self._back, self.messages, self._models, self._export):
            part.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._buttons = [_action_button(text), _action_button(follow)]
        self._row = fill(
            QHBoxLayout(self),
            self._back,
            self.name,
            self.messages,
            self._role,
            self._models,
            *self._buttons,
            self._figures,
            self._export,
            wide=self._figures,
            spacing=8,
        )
        self._models.activated.connect(lambda: self.model_chosen.emit(str(self._models.currentData())))

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """Offer these; ``show_model`` says which is in force."""
        offer(self._models, ((model.name, model.id) for model in models))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_words()

    def _show_words(self) -> None:
        """Words beside the icons where they have room beside the figures, in whatever language."""
        self._role.hide()
        steps = ((True, True, self._whole()), (True, False, self._first()), (False, False, 0))
        for ours, others, figures in steps[self.width() <= _WORDS :]:
            show_words(self.messages, ours)
            for button in self._buttons:
                show_words(button, others)
            if self._least() + figures <= self.width():
                break
        self._show_role()

    def _show_role(self) -> None:
        """What the model has to do with the conversation, unless the figures need its room."""
        self._role.show()
        self._role.setVisible(self._least() + self._whole() <= self.width())

    def _least(self) -> int:
        """Pixels that all but the figures need: a least width in a style sheet would hide it from the row."""
        self._row.invalidate()
        return self._row.sizeHint().width()

    def _whole(self) -> int:
        """Pixels of all the figures."""
        return self.fontMetrics().horizontalAdvance(self._figures.text())

    def _first(self) -> int:
        """Pixels of the first of the figures."""
        first, more, _rest = self._figures.text().partition(" · ")
        return self.fontMetrics().horizontalAdvance(f"{first}{more}…" if more else first)

    def show_name(self, name: str, path: str, listed: bool) -> None:
        """What is open, and whether a list leads back."""
        metrics = self.fontMetrics()
        self.name.setText(f" {metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME)}")
        self.name.setAccessibleName(_("{file}: open another conversation", file=name))
        self.name.setToolTip(path or name)
        self._back.setVisible(listed)
        self._show_words()

    def show_model(self, model: LanguageModel | None, role: str, name: str) -> None:
        """Which model is counted for; ``role``: what it has to do with the conversation."""
        with QSignalBlocker(self._models):
            unknown = self._models.findData("")
            if unknown >= 0:
                self._models.removeItem(unknown)
            if model is None:
                self._models.insertItem(0, name, "")
            self._models.setCurrentIndex(self._models.findData(model.id if model else ""))
        self._role.setText(role)
        self._models.setToolTip(role)
        self._show_words()

    def show_figures(self, words: str) -> None:
        """The sums of the session."""
        self._figures.setText(words)
        self._show_words()


def _action_button(entry: QAction) -> QToolButton:
    button = QToolButton()
    entry.setIcon(icon(str(entry.data()), Tint.ALONE))
    entry.setIconVisibleInMenu(False)
    words = without_mnemonic(entry.text())
    entry.setIconText(f" {words}")
    button.setDefaultAction(entry)
    button.setAccessibleName(words)
    return button
