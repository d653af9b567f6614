"""The models panel: what the text in front means for every model. What it shows is a page's counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from tokviz.analysis.evaluation import Evaluation
from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.tokens import Count
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.settings import PANEL_SHOWN, RESERVE, Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import BODY, scaled
from tokviz.ui.common.widgets import fill, holds_focus, select_row
from tokviz.ui.models import cells
from tokviz.ui.models.card import ModelCard
from tokviz.ui.models.choices import PanelChoices
from tokviz.ui.models.empty_list import EmptyList
from tokviz.ui.models.figures import figures
from tokviz.ui.models.filters import Filters, capabilities_of, makers_of
from tokviz.ui.models.foot import PanelFoot
from tokviz.ui.models.head import PanelHead
from tokviz.ui.models.needed_counts import NeededCounts
from tokviz.ui.models.rows import Column, Row
from tokviz.ui.models.shapes import shape_for
from tokviz.ui.models.table import HEADER_KEYS, ModelsTable
from tokviz.ui.models.view import ModelsView

FIRST_FAVOURITES = 8
"""So many models, the first as listed, are favourites until the user chooses."""
_UNBOUNDED = 16_777_215
"""Qt's own word for no greatest height."""
_LIST_PART = 32
"""Percent of the height that the list keeps beside an open card."""
_LEAST = 280
"""Pixels; without it, the controls of a wide panel would keep it from becoming narrow."""
_PAUSE = 60
"""Milliseconds from a key in the search field to the rows it finds."""


class ModelsPanel(QWidget):
    """Every model with its fit and cost. The user's choices are kept in the settings."""

    model_chosen = Signal(object)
    """The model (LanguageModel) whose row the user has selected."""
    evaluation_changed = Signal(object)
    """What the text means for the selected model (Evaluation), or None: see ``evaluation``."""
    tokenizer_wanted = Signal(str)
    """The text is to be cut by this tokenizer."""
    codebase_wanted = Signal(object)
    """The codebase is to be held against this model (LanguageModel)."""
    collapse_toggled = Signal()
    """The drawer is to be closed to its head, or opened."""
    card_toggled = Signal(bool)
    """A model's card is open now, or closed."""
    plan_wanted = Signal(object)
    """The cost of calls to this model (LanguageModel) is to be planned."""
    counts_changed = Signal()
    models_changed = Signal()
    shown_changed = Signal()
    """Other models are shown than before: see ``shown_ids``."""

    def __init__(
        self, models: Sequence[LanguageModel], settings: Settings, theme: Theme, today: date | None = None
    ) -> None:
        super().__init__()
        self._settings = settings
        self._drawer = False
        self._evaluation: Evaluation | None = None
        self._table = ModelsTable(models, today or date.today(), self)
        self._head = PanelHead(models, theme)
        self._view = ModelsView(self._table, theme)
        self.needs = NeededCounts(self._table, self._view, self)
        self._empty = EmptyList()
        self._list = QStackedWidget()
        self._body = QSplitter(Qt.Orientation.Vertical)
        self._card = ModelCard(theme, self._table.today)
        self.foot = PanelFoot(theme)
        self.toggle_action = self._make_toggle()
        """A menu entry that shows and hides the panel."""
        self._searching = Debouncer(
            lambda: self._set_filters(replace(self._table.filters, search=self._head.search.text())),
            _PAUSE,
            self,
        )
        self._choices = PanelChoices(settings, [model.id for model in models[:FIRST_FAVOURITES]], self)
        self._lay_out()
        self._follow_reserve()
        self._follow_choices()
        self._connect()
        self._show_summary()

    @property
    def table(self) -> ModelsTable:
        """The rows as they are shown."""
        return self._table

    @property
    def selected(self) -> str | None:
        """The id of the selected model, whether or not its row is shown; None if none is."""
        return self._view.selected

    @property
    def evaluation(self) -> Evaluation | None:
        """What the text in front means for the selected model; None if none is selected, or not counted."""
        return self._evaluation

    @property
    def shown_ids(self) -> tuple[str, ...]:
        """The ids of the models that are shown, from the top."""
        return tuple(row.model.id for row in self._table.rows)

    @property
    def models(self) -> tuple[LanguageModel, ...]:
        """All models, as listed."""
        return tuple(row.model for row in self._table.all_rows)

    def wanted_ids(self) -> list[str]:
        """The ids of the favourites that are shown, else of all that are."""
        shown = self._table.rows
        return [row.model.id for row in shown if row.favourite] or list(self.shown_ids)

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """List these from now on, with the choices that were made."""
        self._head.filters.offer(makers_of(models), capabilities_of(models))
        self._table.set_models(models)
        self._table.set_favourites(self._choices.favourites)
        if self._selected_row() is None:
            self.close_card()
        self._show_figures()
        self.models_changed.emit()

    def tokenizers(self) -> tuple[str, ...]:
        """The tokenizers and estimators that the models need, each once."""
        return tuple(dict.fromkeys(row.model.tokenizer for row in self._table.all_rows))

    def wanted_tokenizers(self) -> tuple[str, ...]:
        """The tokenizers and estimators that a folder is counted with unless more are asked for: those of the
        favourites that are shown, else of all that are, and of the selected model."""
        ids = {*self.wanted_ids(), self.selected}
        return tuple(dict.fromkeys(model.tokenizer for model in self.models if model.id in ids))

    def set_counts(
        self,
        counts: Mapping[str, Count],
        counted_with: Callable[[str], bool] = lambda _: True,
        most_tokens: Callable[[str], int | None] = lambda _: None,
    ) -> None:
        """Show what these counts, by tokenizer, mean for each model; ``counted_with``: whether a tokenizer
        counts at all, or is not asked to; ``most_tokens``: see
        ``Page.most_tokens``."""
        self._table.set_counts(counts, counted_with, most_tokens)
        self._show_figures()
        self.counts_changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        for part in (self._head, self._view, self.foot, self._card):
            part.set_theme(theme)

    def set_drawer(self, drawer: bool) -> None:
        """Lie below the pages, one line a model, or stand at their side."""
        self._drawer = drawer
        self._fit_shape()

    def choose(self, model_id: str) -> None:
        """Select that model, as a click does; nothing if there is none such."""
        if any(row.model.id == model_id for row in self._table.all_rows):
            self._view.select(model_id)
            self._choose()

    @property
    def card_open(self) -> bool:
        """Whether a model's card is open."""
        return not self._card.isHidden()

    def open_card(self) -> None:
        """Show the card of the selected model."""
        if (row := self._selected_row()) is None:
            return
        self._card.show_row(row)
        if not self.card_open:
            self._card.show()
            self._make_room()
            self.card_toggled.emit(True)
        self._view.show_selected()

    def close_card(self) -> None:
        """Close the card; the keys go to the list again."""
        if self.card_open:
            self._card.hide()
            self._make_room()
            self.card_toggled.emit(False)
            self._view.setFocus()

    @property
    def collapsed(self) -> bool:
        """Whether the drawer is closed to its head."""
        return self._body.isHidden()

    def set_collapsed(self, collapsed: bool) -> None:
        """Close the drawer to its head, or open it."""
        if collapsed and holds_focus(self._body):
            self.setFocus()  # Qt would lead the keys to a page's tab
        self._body.setVisible(not collapsed)
        self._head.show_collapsed(collapsed)
        self.setMaximumHeight(self._head.sizeHint().height() if collapsed else _UNBOUNDED)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.card_open:
            self.close_card()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_shape()

    def _fit_shape(self) -> None:
        # Larger type needs more room for the same columns.
        shape = shape_for(self.width() * BODY / scaled(self.font(), BODY), self._drawer)
        if shape is not self._view.shape_shown:
            self._head.set_shape(shape)
            self._view.set_shape(shape)
            self._make_room()
            self._show_summary()

    def _make_room(self) -> None:
        """Show what there is room for beside an open card: in the drawer, nothing."""
        covered = self.card_open and self._drawer
        if covered and holds_focus(self):
            self._card.setFocus()  # Qt would lead the keys out of the panel, where Esc does not close it
        self._head.setVisible(not covered)
        self._list.setVisible(not covered)
        self.foot.setVisible(not self._drawer and not self.card_open)
        if self.card_open and not covered:
            self._body.setSizes([_LIST_PART, 100 - _LIST_PART])

    def _make_toggle(self) -> QAction:
        entry = QAction(_("&Models Panel"), self, checkable=True, shortcut=QKeySequence("F9"))
        entry.setChecked(self._settings.flag(PANEL_SHOWN, True))
        if not entry.isChecked():
            self.hide()
        entry.toggled.connect(self.setVisible)
        entry.toggled.connect(lambda on: self._settings.set(PANEL_SHOWN, on))
        return entry

    def _lay_out(self) -> None:
        self.setObjectName("panel")
        self.setMinimumWidth(_LEAST)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._list.addWidget(self._view)
        self._list.addWidget(self._empty)
        self._body.addWidget(self._list)
        self._body.addWidget(self._card)
        self._body.setChildrenCollapsible(False)
        self._body.setObjectName("edge")
        self._body.setHandleWidth(1)
        self._card.hide()
        fill(QVBoxLayout(self), self._head, self._body, self.foot, wide=self._body, spacing=0)

    def _connect(self) -> None:
        head, view = self._head, self._view
        head.search.textChanged.connect(self._searching.request)
        head.reserve.valueChanged.connect(lambda tokens: self._settings.set(RESERVE, tokens))
        self._settings.follow(RESERVE, self._follow_reserve, self)
        self._choices.changed.connect(self._follow_choices)
        head.filters.filters_changed.connect(self._set_filters)
        head.order_changed.connect(self._choices.set_order)
        head.collapse_toggled.connect(self.collapse_toggled)
        self._empty.cleared.connect(lambda: self._set_filters(self._table.filters.cleared()))
        self._table.shown_changed.connect(self._follow_shown)
        view.horizontalHeader().sectionClicked.connect(
            lambda section: self._choices.set_order(self._table.order.by(HEADER_KEYS[Column(section)]))
        )
        view.chosen.connect(self._choose)
        view.opened.connect(self.open_card)
        self._card.closed.connect(self.close_card)
        self._card.tokenizer_wanted.connect(self.tokenizer_wanted)
        self._card.codebase_wanted.connect(self.codebase_wanted)
        self._card.plan_wanted.connect(self.plan_wanted)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        self._favourite = QAction(_("Favourite"), view)
        self._favourite.setShortcut(QKeySequence("Ctrl+D"))
        self._favourite.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._favourite.triggered.connect(self._toggle_favourite)
        view.addAction(self._favourite)

    def _follow_choices(self) -> None:
        choices, table = self._choices, self._table
        order, filters = choices.order, choices.filters(table.filters)
        table.set_favourites(choices.favourites)
        table.set_filters(filters)
        table.set_order(order)
        self._head.filters.show_filters(filters)
        self._head.show_order(order)
        self._view.show_selected()

    def _set_filters(self, filters: Filters) -> None:
        if filters.search != self._head.search.text():
            with QSignalBlocker(self._head.search):
                self._head.search.setText(filters.search)
        self._head.filters.show_filters(filters)
        self._table.set_filters(filters)
        self._choices.set_traits(filters.traits)

    def _follow_reserve(self) -> None:
        tokens = self._settings.reserve
        with QSignalBlocker(self._head.reserve):
            self._head.reserve.setValue(-1 if tokens is None else tokens)
        self._table.set_reserve(tokens)
        self._show_figures()

    def _follow_shown(self) -> None:
        self._list.setCurrentWidget(self._view if self._table.rows else self._empty)
        self._view.show_selected()
        self._show_summary()
        self.shown_changed.emit()

    def _choose(self) -> None:
        if (row := self._selected_row()) is not None:
            self._show_selected()
            self.model_chosen.emit(row.model)

    def _show_figures(self) -> None:
        self._show_summary()
        self._show_selected()

    def _show_summary(self) -> None:
        summary = cells.summary(self._table.rows, self._table.undecided)
        self._head.show_summary(summary)
        self._empty.show_summary(summary)

    def _show_selected(self) -> None:
        """Announce what the text means for the selected model, if that has changed."""
        row = self._selected_row()
        found = row.evaluation if row else None
        if row is not None and self.card_open:
            self._card.show_row(row)
        if found != self._evaluation:
            self._evaluation = found
            self.evaluation_changed.emit(found)

    def _selected_row(self) -> Row | None:
        wanted = self.selected
        return next((row for row in self._table.all_rows if row.model.id == wanted), None)

    def _toggle_favourite(self) -> None:
        if self.selected is not None:
            self._choices.toggle_favourite(self.selected)

    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        if (index := self._view.indexAt(point)).isValid():
            select_row(self._view, index.row())
            self._add_row_entries(menu, self._table.rows[index.row()])
            menu.addSeparator()
        shown = menu.addAction(_("Show Hidden Models"))
        shown.setCheckable(True)
        shown.setChecked(self._choices.shows_hidden)
        shown.toggled.connect(self._choices.show_hidden)
        menu.exec(self._view.viewport().mapToGlobal(point))
        menu.deleteLater()

    def _add_row_entries(self, menu: QMenu, row: Row) -> None:
        favourite = menu.addAction(
            _("Not a Favourite Any More") if row.favourite else _("Favourite: Keep on Top")
        )
        favourite.setShortcut(self._favourite.shortcut())
        favourite.triggered.connect(self._toggle_favourite)
        hidden = row.model.id in self._table.filters.hidden
        hide = menu.addAction(_("Show Always") if hidden else _("Hide {name}", name=row.model.name))
        hide.triggered.connect(lambda: self._choices.toggle_hidden(row.model.id))
        copy = menu.addAction(_("Copy the Figures of This Row"))
        copy.triggered.connect(lambda: QApplication.clipboard().setText(figures(row, self._table.today)))
