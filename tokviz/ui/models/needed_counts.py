"""Which tokenizers' counts the models panel shows: those that can be seen, and those of all its models."""

from PySide6.QtCore import QObject, Signal

from tokviz.ui.models.table import ModelsTable
from tokviz.ui.models.view import ModelsView


class NeededCounts(QObject):
    """Follows what is in sight, what is selected, and what the models are ordered and filtered by."""

    changed = Signal()
    """``tokenizers`` may be others now."""

    def __init__(self, table: ModelsTable, view: ModelsView, parent: QObject) -> None:
        super().__init__(parent)
        self._table = table
        self._view = view
        # The titles show the order: others are another order.
        for other in (view.sight_settled, view.chosen, table.headerDataChanged):
            other.connect(self.changed)
        table.shown_changed.connect(self._follow_shown)

    @property
    def tokenizers(self) -> tuple[str, ...]:
        """Tokenizers and estimators, the most urgent first: those of the favourites, the selected model,
        the rows in sight, and all whose figures decide which models are shown or in which order."""
        every = self._table.all_rows
        rows = [row for row in every if row.favourite]
        rows += [row for row in every if row.model.id == self._view.selected]
        rows += [*self._view.in_sight, *self._table.deciding]
        return tuple(dict.fromkeys(row.model.tokenizer for row in rows))

    @property
    def of_all_shown(self) -> tuple[str, ...]:
        """Tokenizers and estimators of all models that the list holds, each once."""
        return tuple(dict.fromkeys(row.model.tokenizer for row in self._table.rows))

    def _follow_shown(self) -> None:
        # What else is in sight now is needed once it stays so: a search shows other rows with every key.
        if self._table.deciding:
            self.changed.emit()
