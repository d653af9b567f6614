"""The codebase page's row of controls."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from tokviz.catalog.model import LanguageModel
from tokviz.language import _, pgettext
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.icons import icon
from tokviz.ui.common.mnemonics import without_mnemonic
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.type_sizes import scaled
from tokviz.ui.common.widgets import caption, choose, fill, icon_button, name_box, offer, set_icon, show_words

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
    Panes.BOTH: (
        pgettext("tree and treemap", "Both"),
        _("The tree, and the treemap or what else is chosen below it"),
        "rows-2",
    ),
    Panes.TREE: (_("Tree"), _("The tree alone"), "list"),
    Panes.LOWER: (
        pgettext("treemap", "Map"),
        _("The treemap, or what else is chosen, alone"),
        "layout-panel-left",
    ),
}
_AROUND, _ICON, _WIDEST = 44, 24, 190
"""Pixels of a choice's box: around its words, before them where they have an icon, and at most."""
_LEAST, _HEIGHT = 580, 44
"""Pixels: the width that the icons need, and the height."""
_SHORTER = (True, True, True), (True, False, True), (False, False, True), (False, False, False)
"""In ever less room: whether words stand beside icons, whether any stand before the model, and whether all of
the model's and the tokenizer's are seen."""


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
        smaller: QMenu,
        export: QMenu,
        buttons: Sequence[tuple[QAction, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = list(models)
        self.filter = SearchField(_("Filter the files"), _("Name or *.glob"), _FILTER_TIP)
        self.model = ChoiceBox()
        self.tokenizer = ChoiceBox()
        self._pause = Debouncer(self._apply_filter, _PAUSE, self)
        self._group = QButtonGroup(self)
        self._shortened = 0
        self._build_filter()
        self._build_combos(tokenizers)
        self._of = caption(_("&Window of"), self.model, "muted")
        self._lay_out(
            *(_icon_action(name, entry) for entry, name in buttons),
            _icon_menu("settings", choices, _("Counted files: which files are counted")),
            _icon_menu("scissors", smaller, _("Smaller: shorten notebooks, lock files, comments and more")),
            _icon_menu("share", export, _("Export: take the text or the figures away")),
        )

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """Offer these, and what they count by; what is chosen stays if it is still there."""
        self._models = list(models)
        offer(self.model, ((model.name, model.id) for model in models), self.model.currentData())
        for name in dict.fromkeys(model.tokenizer for model in models):
            if self.tokenizer.findData(name) < 0:
                self.tokenizer.addItem(name, name)

    def choose_model(self, model_id: str) -> None:
        """Choose a model by its id, without telling anybody."""
        choose(self.model, model_id)
        self._shorten_to_fit(0)

    def choose_tokenizer(self, name: str) -> None:
        """Choose a tokenizer by its name, without telling anybody."""
        choose(self.tokenizer, name)

    def choose_panes(self, panes: Panes) -> None:
        """Press the button of ``panes``, without telling anybody."""
        with QSignalBlocker(self._group):
            self.button_of(panes).setChecked(True)

    def button_of(self, panes: Panes) -> QAbstractButton:
        """The button that shows ``panes``."""
        return self._group.button(list(_PANES).index(panes))

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
        self.filter.setMinimumWidth(110)
        self.filter.setMaximumWidth(360)
        self.filter.textChanged.connect(self._pause.restart)
        self.filter.returnPressed.connect(self._apply_filter)

    def _apply_filter(self) -> None:
        self._pause.cancel()
        self.filter_changed.emit(self.filter.text().strip())

    def _build_combos(self, tokenizers: Sequence[str]) -> None:
        offer(self.model, ((model.name, model.id) for model in self._models))
        name_box(self.model, _("Model whose context window the shares are of"))
        self.model.setToolTip(_("Shares are of this model's context window, by its own tokenizer"))
        self.model.currentIndexChanged.connect(lambda: self._shorten_to_fit(0))
        self.model.currentIndexChanged.connect(lambda: self.model_changed.emit(self.chosen_model))
        self.tokenizer.addItem(icon("hash"), _("its tokenizer"), OF_MODEL)
        for name in tokenizers:
            self.tokenizer.addItem(icon("hash"), name, name)
        name_box(self.tokenizer, _("Tokenizer of the tree's figures"))
        self.tokenizer.setToolTip(_("The tokens of the tree and the treemap are counted by this tokenizer"))
        self.tokenizer.currentIndexChanged.connect(lambda: self.tokenizer_changed.emit(self.chosen_tokenizer))
        for combo in (self.model, self.tokenizer):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(5)
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tokenizer.setMinimumContentsLength(9)

    def _pane_buttons(self) -> QWidget:
        frame = QFrame()
        frame.setObjectName("oneOf")
        row = fill(QHBoxLayout(frame), spacing=0)
        for number, (panes, (text, tip, name)) in enumerate(_PANES.items()):
            button = QToolButton()
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            set_icon(button, name)
            self._group.addButton(button, number)
            row.addWidget(button)
            if panes is Panes.BOTH:
                button.setChecked(True)
        self._group.idToggled.connect(
            lambda number, on: self.panes_changed.emit(list(_PANES)[number]) if on else None
        )
        return frame

    def _lay_out(self, *buttons: QWidget) -> None:
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(_LEAST)
        self._row = row = fill(QHBoxLayout(self), spacing=8)
        self._switch = self._pane_buttons()
        row.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.filter, 4)
        row.addSpacing(4)
        row.addWidget(self._of)
        row.addWidget(self.model, 1)
        row.addWidget(self.tokenizer, 1)
        row.addStretch(0)  # what is left goes to the field for the filter, as far as it may grow
        last = fill(QHBoxLayout(), *buttons, spacing=2)
        row.addLayout(last)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten_to_fit(0)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        # A part of the row may take more room than before: its words, its font. What was shortened stays so
        # until the width changes, else showing it would ask for a layout, and that for this, without end.
        if event.type() == QEvent.Type.LayoutRequest and not self._fits():
            self._shorten_to_fit(self._shortened + 1)
        return done

    def _fits(self) -> bool:
        return self._row.minimumSize().width() <= self.width()

    def _shorten_to_fit(self, first: int) -> None:
        """Use as many words as there is room for, which depends on their language; ``first``: the first of
        ``_SHORTER`` to be tried."""
        for self._shortened in range(first, len(_SHORTER)):
            self._show_words(*_SHORTER[self._shortened])
            if self._fits():
                break

    def _show_words(self, shown: bool, of: bool, name: bool) -> None:
        """See ``_SHORTER``."""
        for button in self._group.buttons():
            if isinstance(button, QToolButton):
                show_words(button, shown)
                # What is not seen yet tells nobody by itself that it needs more room now.
                button.updateGeometry()
        self._switch.updateGeometry()
        self._of.setVisible(of)
        for box, before, text in (
            (self.model, 0, self.model.currentText()),
            (self.tokenizer, _ICON, self.tokenizer.itemText(0)),
        ):
            words = box.fontMetrics().horizontalAdvance(text) + _AROUND + before
            widest = max(_WIDEST, scaled(box.font(), _WIDEST))
            box.setMaximumWidth(widest)
            box.setMinimumWidth(min(words, widest) if name else 0)
        self._row.invalidate()


def _icon_action(name: str, entry: QAction) -> QToolButton:
    keys = entry.shortcut().toString()
    words = without_mnemonic(entry.text()).removesuffix("…")
    button = icon_button(name, f"{words}{f' ({keys})' if keys else ''}: {entry.toolTip()}")
    button.clicked.connect(lambda: entry.trigger())
    entry.changed.connect(lambda: button.setEnabled(entry.isEnabled()))
    button.setEnabled(entry.isEnabled())
    return button


def _icon_menu(name: str, menu: QMenu, tip: str) -> QToolButton:
    button = icon_button(name, tip)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


_FILTER_TIP = _(
    "Shows the files and folders whose name holds this; with *, ? or [ it is a glob as in an ignore file, "
    "and with / it is about the path. Check boxes then act on what is shown."
)
