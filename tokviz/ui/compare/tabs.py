"""The figures under the panes: table, chart, kinds of text, agreement, languages, file types."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from tokviz.analysis.comparison.comparison import BoundaryCounts
from tokviz.analysis.comparison.comparison_table import ComparisonEntry, TableRow
from tokviz.documents.samples import Samples
from tokviz.language import _
from tokviz.text.buffer import TextBuffer
from tokviz.tokens import Count
from tokviz.ui.common.cell_table import CellTable
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import fill
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.compare.chart_tab import ChartTab
from tokviz.ui.compare.forms_tab import FormsTab
from tokviz.ui.compare.kinds_tab import KindsTab
from tokviz.ui.compare.languages_tab import LanguagesTab
from tokviz.ui.compare.lines import agreement_lines
from tokviz.ui.compare.models_tab import ModelsTab
from tokviz.ui.compare.tokenizers_tab import TokenizersTab
from tokviz.ui.compare.types_tab import TypesTab


class ComparisonTabs(QTabWidget):
    """Passes what the page knows to the tab that shows it."""

    def __init__(
        self,
        buffer: TextBuffer,
        entries: Sequence[ComparisonEntry],
        samples: Samples,
        worker: Worker,
        theme: Theme,
        models: ModelsTab,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAccessibleName(_("Figures of the comparison"))
        self.tabBar().setAccessibleName(_("Figures of the comparison"))
        self.tabBar().setObjectName("pages")  # they look like the tabs of the other pages
        self.tabBar().setDrawBase(False)
        self.tabBar().setUsesScrollButtons(True)
        # Many tabs are no reason to make the window wider: where they have no room, they scroll.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._entries = entries
        self._wide = 0
        """Pixels that the titles take with all the room around them."""
        self.models = models
        self.forms = FormsTab(buffer, entries, worker)
        self.tokenizers = TokenizersTab()
        self.chart = ChartTab(theme)
        self.kinds = KindsTab(buffer)
        self.agreement = CellTable(_("Agreement of boundaries, pair by pair"))
        self.languages = LanguagesTab(entries, samples, worker)
        self.types = TypesTab()
        self.addTab(self.tokenizers, _("Tokenizers"))
        self.addTab(self.models, _("Models"))
        self.addTab(self.chart, _("Chart"))
        self.addTab(self.forms, _("Forms"))
        self.addTab(self.kinds, _("Kinds of text"))
        self.addTab(_padded(self.agreement), _("Agreement"))
        self.addTab(self.languages, _("Languages"))
        self.addTab(self.types, _("File types"))
        self.setTabToolTip(
            self.indexOf(self.forms), _("The same data as JSON, YAML, CSV, XML, TOON and others")
        )
        self.setTabToolTip(
            self.indexOf(self.types), _("The codebase that is open, by file type and tokenizer")
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_tabs()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_tabs()

    def _fit_tabs(self) -> None:
        """Have titles stand closer where they have no room otherwise."""
        bar = self.tabBar()
        if bar.property("tight") is None:
            self._wide = sum(bar.tabRect(place).width() for place in range(bar.count()))
        tight = self._wide > self.width()
        if tight is not bool(bar.property("tight")):
            bar.setProperty("tight", tight or None)
            bar.style().polish(bar)
            bar.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self.chart.chart.set_theme(theme)

    def set_rows(self, rows: Sequence[TableRow], note: str) -> None:
        """Show the table and the chart."""
        self.tokenizers.set_rows(rows, note)
        self.chart.set_rows(rows, self.tokenizers.baseline)

    def set_counts(self, counts: Mapping[str, Count]) -> None:
        """Show what these counts are to the chosen models."""
        self.models.set_counts(counts)
        self.chart.set_models(self.models.rows, self.models.baseline)

    def shown_tokenizers(self) -> Sequence[str]:
        """The tokenizers and estimators whose counts the page shows with the tab in front."""
        shown = self.currentWidget()
        names = [self.tokenizers.baseline]
        if shown in (self.models, self.chart):
            names += self.models.tokenizers
        if shown in (self.tokenizers, self.chart):
            names += [entry.name for entry in self._entries]
        return names

    def set_agreement(self, titles: Sequence[str], counts: BoundaryCounts | None) -> None:
        """Show the panes' agreement; None while it is being counted."""
        self.agreement.set_table(*agreement_lines(titles, counts))


def _padded(table: CellTable) -> QWidget:
    holder = QWidget()
    fill(QVBoxLayout(holder), table, above=6)
    return holder
