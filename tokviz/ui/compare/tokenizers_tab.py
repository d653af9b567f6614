"""All tokenizers for one text, as a table and as a chart."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tokviz.analysis.comparison.comparison_table import TableRow
from tokviz.language import _
from tokviz.ui.common.cell_table import CellTable
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.widgets import ElidedLabel, caption, fill, name_box, offer
from tokviz.ui.compare.lines import tokenizer_lines


class TokenizersTab(QWidget):
    """The table; the user chooses the baseline, and by a double click or Enter what a pane shows."""

    baseline_chosen = Signal(str)
    tokenizer_wanted = Signal(str)
    """A row was entered: show this tokenizer in a pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = CellTable(_("All tokenizers for this text"))
        self._baselines = ChoiceBox()
        name_box(self._baselines, _("Baseline, which is 100 %"))
        self._note = ElidedLabel(role="muted")
        title = caption(_("&100 % is"), self._baselines)
        head = fill(QHBoxLayout(), title, self._baselines, self._note, wide=self._note)
        fill(QVBoxLayout(self), head, self.table, wide=self.table, above=6)
        base = QAction(_("Make This the &Baseline (100%)"), self)
        base.triggered.connect(self._choose_current)
        self.table.add_action(base)
        self.table.line_chosen.connect(self.tokenizer_wanted)
        self._baselines.currentIndexChanged.connect(lambda: self.baseline_chosen.emit(self.baseline))

    @property
    def baseline(self) -> str:
        """The name of the tokenizer that is 100%."""
        return str(self._baselines.currentData() or "")

    def set_entries(self, names: Sequence[str], titles: Sequence[str], baseline: str) -> None:
        """Offer these as baselines."""
        offer(self._baselines, zip(titles, names, strict=True), baseline)

    def set_rows(self, rows: Sequence[TableRow], note: str) -> None:
        """Show these; ``note`` is a line about the text."""
        self.table.set_table(*tokenizer_lines(rows, self.baseline))
        self._note.setText(note)

    def _choose_current(self) -> None:
        line = self.table.currentIndex().row()
        if line >= 0:
            self._baselines.setCurrentIndex(self._baselines.findData(self.table.keys[line]))
