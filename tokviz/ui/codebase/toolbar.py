"""The codebase page's two rows of controls."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tokviz.catalog.model import LanguageModel
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.widgets import caption, menu_button

_PAUSE = 200
"""Milliseconds without a key after which the filter is applied."""
OF_MODEL = ""
"""In the place of a tokenizer's name: the one that the chosen model uses."""


class Panes(StrEnum):
    """Which parts of the page are seen."""

    TREE = "tree"
    BOTH = "both"
    LOWER = "lower"


_PANES = {
    Panes.TREE: ("Tree", "The tree alone"),
    Panes.BOTH: ("Both", "The tree, and the treemap or what else is chosen below it"),
    Panes.LOWER: ("Map", "The treemap, or what else is chosen, alone"),
}


class CodebaseToolbar(QWidget):
    """Says what the user chooses; it knows nothing of trees."""

    filter_changed = Signal(str)
    model_changed = Signal(object)
    """The model (LanguageModel) whose window the shares are of."""
    tokenizer_changed = Signal(str)
    """A tokenizer's or estimator's name, or ``OF_MODEL``."""
    panes_changed = Signal(object)

    def __init__(
        self,
        models: Sequence[LanguageModel],
        tokenizers: Sequence[str],
        choices: QMenu,
        export: QMenu,
        rescan: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = list(models)
        self.filter = QLineEdit()
        self.model = QComboBox()
        self.tokenizer = QComboBox()
        self._pause = Debouncer(self._apply_filter, _PAUSE, self)
        self._group = QButtonGroup(self)
        self._build_filter()
        self._build_combos(tokenizers)
        again = QToolButton()
        again.setDefaultAction(rescan)
        first = QHBoxLayout()
        first.setSpacing(4)
        first.addWidget(again)
        first.addWidget(menu_button("Counted files", choices, "Which files are counted"))
        first.addWidget(self.filter, 1)
        first.addLayout(self._pane_buttons())
        first.addWidget(menu_button("Export", export, "Take the text or the figures away"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(first)
        column.addLayout(self._second_row())

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """Offer these, and what they count by; what is chosen stays if it is still there."""
        chosen = str(self.model.currentData())
        self._models = list(models)
        with QSignalBlocker(self.model):
            self.model.clear()
            for model in models:
                self.model.addItem(model.name, model.id)
        self.choose_model(chosen)
        for name in dict.fromkeys(model.tokenizer for model in models):
            if self.tokenizer.findData(name) < 0:
                self.tokenizer.addItem(name, name)

    def choose_model(self, model_id: str) -> None:
        """Choose a model by its id, without telling anybody."""
        with QSignalBlocker(self.model):
            self.model.setCurrentIndex(max(0, self.model.findData(model_id)))

    def choose_tokenizer(self, name: str) -> None:
        """Choose a tokenizer by its name, without telling anybody."""
        with QSignalBlocker(self.tokenizer):
            self.tokenizer.setCurrentIndex(max(0, self.tokenizer.findData(name)))

    def choose_panes(self, panes: Panes) -> None:
        """Press the button of ``panes``, without telling anybody."""
        with QSignalBlocker(self._group):
            self._group.button(list(Panes).index(panes)).setChecked(True)

    @property
    def chosen_model(self) -> LanguageModel | None:
        """The model whose window the shares are of."""
        index = self.model.currentIndex()
        return self._models[index] if 0 <= index < len(self._models) else None

    @property
    def chosen_tokenizer(self) -> str:
        """A name, or ``OF_MODEL``."""
        return str(self.tokenizer.currentData() or OF_MODEL)

    def mark_filter(self, problem: str) -> None:
        """Say in the field's tip why the filter matches nothing; empty: it does."""
        self.filter.setProperty("problem", bool(problem))
        self.filter.setToolTip(problem or _FILTER_TIP)

    def _build_filter(self) -> None:
        self.filter.setPlaceholderText("Filter: a name or *.glob")
        self.filter.setAccessibleName("Filter the files")
        self.filter.setToolTip(_FILTER_TIP)
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._pause.restart)
        self.filter.returnPressed.connect(self._apply_filter)
        leave = QAction(self.filter)
        leave.setShortcut(QKeySequence(Qt.Key.Key_Escape))
        leave.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        leave.triggered.connect(self.filter.clear)
        self.filter.addAction(leave)

    def _apply_filter(self) -> None:
        self._pause.cancel()
        self.filter_changed.emit(self.filter.text().strip())

    def _build_combos(self, tokenizers: Sequence[str]) -> None:
        for model in self._models:
            self.model.addItem(model.name, model.id)
        self.model.setAccessibleName("Model whose context window the shares are of")
        self.model.setToolTip("Shares are of this model's context window, by its own tokenizer")
        self.model.currentIndexChanged.connect(lambda: self.model_changed.emit(self.chosen_model))
        self.tokenizer.addItem("the model's own", OF_MODEL)
        for name in tokenizers:
            self.tokenizer.addItem(name, name)
        self.tokenizer.setAccessibleName("Tokenizer of the tree's figures")
        self.tokenizer.setToolTip("The tokens of the tree and the treemap are counted by this tokenizer")
        self.tokenizer.currentIndexChanged.connect(lambda: self.tokenizer_changed.emit(self.chosen_tokenizer))
        for combo in (self.model, self.tokenizer):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(16)

    def _pane_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        for number, (panes, (text, tip)) in enumerate(_PANES.items()):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            self._group.addButton(button, number)
            row.addWidget(button)
            if panes is Panes.BOTH:
                button.setChecked(True)
        self._group.idToggled.connect(
            lambda number, on: self.panes_changed.emit(list(Panes)[number]) if on else None
        )
        return row

    def _second_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for text, combo in (("&Window of", self.model), ("Tokens b&y", self.tokenizer)):
            row.addWidget(caption(text, combo, "muted"))
            row.addWidget(combo)
            row.addSpacing(8)
        row.addStretch(1)
        return row


_FILTER_TIP = (
    "Shows the files and folders whose name holds this; with *, ? or [ it is a glob as in an ignore file, "
    "and with / it is about the path. Check boxes then act on what is shown."
)
