"""The models panel: search, order, reserve, and the table. What it shows is a page's counts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count
from tokviz.ui.common.settings import MOST_RESERVE, RESERVE, Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import caption, set_up_table
from tokviz.ui.models import cells
from tokviz.ui.models.delegate import ModelDelegate
from tokviz.ui.models.proxy import ModelsProxy
from tokviz.ui.models.rows import Column, Row, SortKey
from tokviz.ui.models.table import ModelsTable

_MODEL_WIDTHS = {Column.MODEL: 186, Column.TOKENS: 110, Column.WINDOW: 150, Column.COST: 84}
_HEADER_KEYS = {
    Column.MODEL: SortKey.NAME,
    Column.TOKENS: SortKey.TOKENS,
    Column.WINDOW: SortKey.SHARE,
    Column.COST: SortKey.INPUT_COST,
}
_DARKENED = 140
"""How much darker Fusion's outlines are than the window, as QColor.darker has it."""


class ModelsPanel(QWidget):
    """Every model with its fit and cost. The user's choices are kept in the settings."""

    model_chosen = Signal(object)
    """The model (LanguageModel) whose row the user has selected."""

    def __init__(self, models: Sequence[LanguageModel], settings: Settings, theme: Theme) -> None:
        super().__init__()
        self._settings = settings
        self._table = ModelsTable(models, self)
        self._proxy = ModelsProxy(self)
        self._proxy.setSourceModel(self._table)
        self._delegate = ModelDelegate(theme, self)
        self._search = QLineEdit()
        self._order = QComboBox()
        self._direction = QToolButton()
        self._reserve = QSpinBox()
        self._view = QTableView()
        self._summary = QLabel()
        self._filtering = False
        self._outline_reserve(theme)
        self._build()
        self._apply_choices()

    @property
    def proxy(self) -> ModelsProxy:
        """The rows as they are shown."""
        return self._proxy

    @property
    def current(self) -> LanguageModel | None:
        """The model of the current row."""
        index = self._view.currentIndex()
        return self._proxy.row_at(index.row()).model if index.isValid() else None

    def tokenizers(self) -> tuple[str, ...]:
        """The tokenizers and estimators that the models need, each once."""
        return tuple(dict.fromkeys(row.model.tokenizer for row in self._table.rows))

    def set_counts(self, counts: Mapping[str, Count]) -> None:
        """Show what these counts, by tokenizer, mean for each model."""
        self._table.set_counts(counts)
        self._summary.setText(cells.summary(self._table.rows))

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._delegate.theme = theme
        self._view.viewport().update()
        self._outline_reserve(theme)

    def _outline_reserve(self, theme: Theme) -> None:
        # Fusion outlines a spin box in the window's colour, darkened, which nobody sees on a dark window. A
        # style sheet would take its arrows away.
        palette = theme.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.control.lighter(_DARKENED))
        self._reserve.setPalette(palette)

    def toggle_action(self, parent: QWidget) -> QAction:
        """A menu entry that shows and hides the panel."""
        entry = QAction("&Models Panel", parent, checkable=True, checked=True)
        entry.setShortcut(QKeySequence("F9"))
        entry.toggled.connect(self.setVisible)
        return entry

    def _build(self) -> None:
        self._search.setPlaceholderText("Search models")
        self._search.setAccessibleName("Search models")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._apply_search)
        self._order.addItems([str(key) for key in SortKey])
        self._order.setAccessibleName("Order the models by")
        self._order.setToolTip("What the models are ordered by; favourites stay on top")
        self._order.currentTextChanged.connect(self._reorder)
        self._direction.setCheckable(True)
        self._direction.setAccessibleName("Largest first")
        self._direction.setToolTip("Largest first")
        self._direction.toggled.connect(self._reorder)
        self._reserve.setRange(-1, MOST_RESERVE)
        self._reserve.setSpecialValueText("by model")
        self._reserve.setSingleStep(1000)
        self._reserve.setGroupSeparatorShown(True)
        self._reserve.setKeyboardTracking(False)
        self._reserve.setAccessibleName("Tokens reserved for the answer")
        self._reserve.setToolTip(cells.RESERVE_TIP)
        self._reserve.valueChanged.connect(self._set_reserve)
        self._summary.setWordWrap(True)
        self._summary.setProperty("role", "muted")
        self._build_view()
        self._lay_out()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self._search, 1)
        first.addWidget(self._order)
        first.addWidget(self._direction)
        second = QHBoxLayout()
        second.addWidget(caption("Reserved for the &answer:", self._reserve))
        second.addWidget(self._reserve)
        second.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 10, 10, 6)
        column.setSpacing(6)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self._view, 1)
        column.addWidget(self._summary)

    def _build_view(self) -> None:
        view = self._view
        view.setModel(self._proxy)
        view.setItemDelegate(self._delegate)
        row_height = 2 * view.fontMetrics().lineSpacing() + 14
        set_up_table(view, "Models, their context windows and costs", row_height)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = view.horizontalHeader()
        header.setSectionsClickable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _MODEL_WIDTHS.items():
            header.resizeSection(column, width)
        header.setSectionResizeMode(Column.WINDOW, QHeaderView.ResizeMode.Stretch)
        header.sectionClicked.connect(self._order_by_header)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.selectionModel().selectionChanged.connect(self._announce)
        favourite = QAction("Favourite", view)
        favourite.setShortcut(QKeySequence("Ctrl+D"))
        favourite.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        favourite.triggered.connect(lambda: self._toggle("models/favourites"))
        view.addAction(favourite)

    def _apply_choices(self) -> None:
        order = self._settings.text("models/order", SortKey.CATALOG)
        with QSignalBlocker(self._order), QSignalBlocker(self._direction), QSignalBlocker(self._reserve):
            self._order.setCurrentText(order)
            self._direction.setChecked(self._settings.flag("models/descending"))
            self._reserve.setValue(-1 if self._settings.reserve is None else self._settings.reserve)
        self._reorder()
        self._set_reserve(self._reserve.value())
        self._apply_marks()

    def _apply_marks(self) -> None:
        self._table.set_favourites(self._settings.names("models/favourites"))
        with self._rows_changing():
            self._proxy.set_hidden(
                self._settings.names("models/hidden"), self._settings.flag("models/show_hidden")
            )

    def _apply_search(self, text: str) -> None:
        with self._rows_changing():
            self._proxy.set_search(text)

    @contextmanager
    def _rows_changing(self) -> Iterator[None]:
        """Where the current row goes, Qt makes a neighbour the current one; nobody has chosen that."""
        self._filtering = True
        try:
            yield
        finally:
            self._filtering = False

    def _announce(self) -> None:
        # What is selected, not what is current: a view that gets the focus makes its first row current.
        rows = self._view.selectionModel().selectedRows()
        if rows and not self._filtering:
            self.model_chosen.emit(self._proxy.row_at(rows[0].row()).model)

    def _reorder(self) -> None:
        descending = self._direction.isChecked()
        self._direction.setText("↓" if descending else "↑")
        self._proxy.order_by(SortKey(self._order.currentText()), descending)
        self._settings.set("models/order", self._order.currentText())
        self._settings.set("models/descending", descending)

    def _order_by_header(self, section: int) -> None:
        """A click on a header orders by it; a second one turns the order round."""
        key = _HEADER_KEYS[Column(section)]
        if self._proxy.key is key:
            self._direction.toggle()
        else:
            self._order.setCurrentText(key)

    def _set_reserve(self, tokens: int) -> None:
        self._settings.set(RESERVE, tokens)
        self._table.set_reserve(None if tokens < 0 else tokens)
        self._summary.setText(cells.summary(self._table.rows))

    def _toggle(self, key: str) -> None:
        """Put the current model into the list under ``key``, or take it out."""
        if not (model := self.current):
            return
        names = self._settings.names(key)
        self._settings.set(
            key, [n for n in names if n != model.id] if model.id in names else [*names, model.id]
        )
        self._apply_marks()

    def _show_hidden(self, on: bool) -> None:
        self._settings.set("models/show_hidden", on)
        self._apply_marks()

    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        index = self._view.indexAt(point)
        if index.isValid():
            self._view.setCurrentIndex(index)
            self._add_row_entries(menu, self._proxy.row_at(index.row()))
            menu.addSeparator()
        shown = menu.addAction("Show hidden models")
        shown.setCheckable(True)
        shown.setChecked(self._settings.flag("models/show_hidden"))
        shown.toggled.connect(self._show_hidden)
        menu.exec(self._view.viewport().mapToGlobal(point))
        menu.deleteLater()

    def _add_row_entries(self, menu: QMenu, row: Row) -> None:
        favourite = menu.addAction("Not a favourite any more" if row.favourite else "Favourite: keep on top")
        favourite.triggered.connect(lambda: self._toggle("models/favourites"))
        hidden = row.model.id in self._settings.names("models/hidden")
        hide = menu.addAction("Show always" if hidden else f"Hide {row.model.name}")
        hide.triggered.connect(lambda: self._toggle("models/hidden"))
        copy = menu.addAction("Copy the figures of this row")
        copy.triggered.connect(lambda: QApplication.clipboard().setText(cells.tooltip(row)))
