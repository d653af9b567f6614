"""The summary by file type, and the same for every tokenizer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QToolButton, QWidget

from tokviz.analysis.codebase.tree_counts import type_counts
from tokviz.analysis.count_plan import CountPlan
from tokviz.language import _
from tokviz.ui.codebase.tables import QuietTable, TablePane
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.codebase.types_model import TypeColumn, TypesModel, type_rows
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_table import TypeTable

_WIDTHS = (110, 100, 130, 76, 88)
"""Of the columns after the first."""


class TypesPane(TablePane):
    """One row for each kind of file. It is brought up to date when it is seen."""

    kind_toggled = Signal(int, bool)
    """All files of a kind (its position in ``language_names``) are to be included or excluded."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metrics: TreeMetrics | None = None
        self._plan = CountPlan(())
        self.model = TypesModel(self)
        self.model.checked.connect(lambda row, on: self.kind_toggled.emit(row.number, on))
        self._view = QuietTable(_("Tokens by file type"), self.model, theme, _WIDTHS)
        self._by_tokenizer = TypeTable()
        self._every = QToolButton()
        self._every.setText(_("Every to&kenizer"))
        self._every.setCheckable(True)
        self._every.setToolTip(_("What each tokenizer makes of each type of file, and how they differ"))
        self._stack = QStackedWidget()
        self._build()

    def set_metrics(self, metrics: TreeMetrics | None, plan: CountPlan) -> None:
        """Show these metrics; ``plan``: how they are counted."""
        self._metrics, self._plan = metrics, plan
        if self.isVisible():
            self._refresh()

    def set_colors(self, colors: dict[str, QColor]) -> None:
        """The colours that kinds have in the treemap."""
        self.model.set_colors(colors)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._view.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if self._metrics is None:
            self.model.set_rows([])
        elif self._every.isChecked():
            self._by_tokenizer.set_counts(type_counts(self._metrics.shown_whole, self._plan))
        else:
            self.model.set_rows(type_rows(self._metrics))

    def _show_every(self, on: bool) -> None:
        self._stack.setCurrentIndex(int(on))
        self._refresh()

    def _build(self) -> None:
        self._view.setSortingEnabled(True)
        self._view.sortByColumn(TypeColumn.TOKENS, Qt.SortOrder.DescendingOrder)
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._by_tokenizer)
        self._every.toggled.connect(self._show_every)
        self.stack(self._every, self._stack, table=self._stack)
        self.give_way(self._every)
