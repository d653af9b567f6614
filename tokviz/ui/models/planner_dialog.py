"""The cost planner: what so many calls a day cost with each model, beside the window that is worked in."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from tokviz.analysis import cost_words, planner, table_text
from tokviz.analysis.formatting import told_of
from tokviz.analysis.planner import PlannedCost
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.lists import listed
from tokviz.ui.common.actions import action
from tokviz.ui.common.cell_table import CellTable
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.exporter import Exporter
from tokviz.ui.common.file_dialogs import ask_where, written
from tokviz.ui.common.placement import resize_within
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import NamedLabel, fill
from tokviz.ui.models.model_chooser import ModelChooser
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.models.planner_inputs import PlannerInputs
from tokviz.ui.models.planner_lines import HEADERS, planned_line, uncounted_line

_SETTLE = 40
"""Milliseconds from a change to its figures: one reckoning for a burst of counts."""
_MODELS = "planner/models"
_FORMS = (("&CSV", "csv"), ("&Markdown", "md"), ("&JSON", "json"))  # verbatim
_REMARK_LINES = 3
_MARGIN = 12


class CostPlanner(QObject):
    """Opens the dialog, which is built when it is first asked for: the window is there sooner without it."""

    problem = Signal(str)
    information = Signal(str)
    counts_wanted = Signal(list)
    """The page in front is to count with these tokenizers (``list[str]``) too."""

    def __init__(
        self,
        panel: ModelsPanel,
        in_front: Callable[[], str],
        settings: Settings,
        caching: Callable[[], CachingRules],
        window: QWidget,
    ) -> None:
        """``in_front`` names what the page in front shows; ``caching`` reads what makers keep."""
        super().__init__(window)
        self._panel = panel
        self._in_front = in_front
        self._settings = settings
        self._caching = caching
        self._window = window
        self.dialog: PlannerDialog | None = None

    def open(self, model: LanguageModel | None = None) -> None:
        """Show the planner; ``model`` is among the models then."""
        if self.dialog is None:
            self.dialog = PlannerDialog(
                self._panel, self._in_front, self._settings, self._caching(), self._window
            )
            self.dialog.problem.connect(self.problem)
            self.dialog.information.connect(self.information)
            self.dialog.counts_wanted.connect(self.counts_wanted)
        self.dialog.open_with(model)


class PlannerDialog(QDialog):
    """Follows the counts of the page in front as long as it is open; nothing waits for it."""

    problem = Signal(str)
    information = Signal(str)
    counts_wanted = Signal(list)
    """As of ``CostPlanner``: for models that were chosen, which the page does not count for by itself."""

    def __init__(
        self,
        panel: ModelsPanel,
        in_front: Callable[[], str],
        settings: Settings,
        caching: CachingRules,
        parent: QWidget,
    ) -> None:
        """As ``CostPlanner``."""
        super().__init__(parent)
        self.setWindowTitle(_("Cost Planner"))
        self._panel = panel
        self._in_front = in_front
        self._settings = settings
        self._caching = caching
        self.rows: Sequence[PlannedCost] = ()
        """As they were reckoned last."""
        self.inputs = PlannerInputs(settings)
        self.chooser = ModelChooser(panel.models)
        self.table = CellTable(_("Cost of the plan with each model"))
        self.says = NamedLabel(_("Remarks"))
        self._exporter = Exporter(self)
        self._later = Debouncer(self.reckon, _SETTLE, self)
        self._build()
        known = {model.id for model in panel.models}
        chosen = [name for name in settings.names(_MODELS) if name in known]
        self.chooser.choose(chosen or panel.wanted_ids())
        self._connect()

    def open_with(self, model: LanguageModel | None = None) -> None:
        """Show the planner; ``model`` is among the models then."""
        if model is not None and model.id not in self.chooser.chosen:
            self.chooser.choose([*self.chooser.chosen, model.id])
        self._ask_for_counts()
        self.reckon()
        self.show()
        self.activateWindow()
        self.inputs.calls.setFocus()
        self.inputs.calls.selectAll()

    def reckon(self) -> None:
        """Show what the plan costs now."""
        self._later.cancel()
        plan, table = self.inputs.plan, self._panel.table
        chosen = set(self.chooser.chosen)
        models = [model for model in self._panel.models if model.id in chosen]
        counts = {model.id: count for model in models if (count := table.count_of(model)) is not None}
        self.rows = planner.planned_costs(models, counts, plan, table.today, self._caching)
        reckoned = {row.model.id: row for row in self.rows}
        lines = [
            planned_line(reckoned[model.id])
            if model.id in reckoned
            else uncounted_line(model, table.counted_with(model.tokenizer))
            for model in models
        ]
        self.table.set_table(HEADERS, lines)
        self.inputs.source.setText(self._in_front())
        self._say()

    def text(self, form: str) -> str:
        """The table as ``csv``, ``md`` or ``json``."""
        match form:
            case "csv":
                return planner.csv_table(self.rows)
            case "json":
                return table_text.json_text(planner.json_record(self.rows, self.inputs.plan))
            case _:
                return planner.markdown(self.rows)

    def copy(self, form: str) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.text(form))
        self.information.emit(_("The plan is on the clipboard."))

    def export(self, path: Path, form: str) -> None:
        """Write the table to a file."""
        self._exporter.write(path, self.text(form).encode(), _("Written: {path}", path=path))

    def _build(self) -> None:
        self.chooser.setText(_("&Models"))
        self.chooser.setToolTip(_("Choose which models stand side by side"))
        self.says.setWordWrap(True)
        self.says.setProperty("role", "muted")
        self.says.setMinimumHeight(self.fontMetrics().lineSpacing() * _REMARK_LINES)
        copy, export, close = QPushButton(_("Cop&y")), QPushButton(_("&Export…")), QPushButton(_("Close"))
        copy.setMenu(self._menu(copy, "", self.copy))
        export.setMenu(self._menu(export, "…", self._ask_where))
        close.clicked.connect(self.reject)
        foot = fill(QHBoxLayout(), self.chooser, spacing=8)
        foot.addStretch(1)
        for button in (copy, export, close):
            button.setAutoDefault(False)
            foot.addWidget(button)
        column = fill(QVBoxLayout(self), self.inputs, self.table, self.says, foot, wide=self.table, spacing=8)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        resize_within(self, 860, 460)

    def _menu(self, button: QPushButton, after: str, slot: Callable[[str], object]) -> QMenu:
        menu = QMenu(button)
        for title, form in _FORMS:
            menu.addAction(action(menu, _("As {form}", form=title) + after, partial(slot, form)))
        return menu

    def _connect(self) -> None:
        self.inputs.changed.connect(self._later.request)
        self.chooser.models_chosen.connect(self._models_chosen)
        self._panel.counts_changed.connect(self._follow)
        self._panel.models_changed.connect(self._take_models)
        self.table.selectionModel().selectionChanged.connect(self._say)
        self._exporter.problem.connect(self.problem)
        self._exporter.information.connect(self.information)

    def _follow(self) -> None:
        if self.isVisible():
            self._later.request()

    def _take_models(self) -> None:
        self.chooser.set_models(self._panel.models)
        self._follow()

    def _models_chosen(self, ids: list[str]) -> None:
        self._settings.set(_MODELS, ids)
        self._ask_for_counts()
        self._later.request()

    def _ask_for_counts(self) -> None:
        """Once for each choice, not for each count: what cannot be loaded would be asked for without end."""
        chosen, table = set(self.chooser.chosen), self._panel.table
        names = [model.tokenizer for model in self._panel.models if model.id in chosen]
        missing = [name for name in dict.fromkeys(names) if not table.counted_with(name)]
        if missing and self.inputs.plan.tokens is None:
            self.counts_wanted.emit(missing)

    def _say(self) -> None:
        """Below the table: what is to be known of the selected model, else of all."""
        selected = self.table.selectionModel().selectedRows()
        wanted = self.table.keys[selected[0].row()] if selected else None
        row = next((row for row in self.rows if row.model.id == wanted), None)
        if row is not None:
            sentences = [told_of(row.model.name, remark) for remark in row.remarks]
            self.says.setText(" ".join(sentences) or _("{name}: nothing to remark.", name=row.model.name))
            return
        cheapest = [row.model.name for row in self.rows if row.is_cheapest]
        said = [self.inputs.plan.words]
        if not self.chooser.chosen:
            said = [_("No model is chosen: choose some.")]
        elif cheapest:
            said.append(_("Cheapest that fits: {models}.", models=listed(cheapest)))
        elif self.rows:
            said.append(_("No model that takes this text and is still served has a price."))
        if dates := cost_words.price_dates([row.model for row in self.rows]):
            said.append(_("Prices in US dollars as of {dates}. Select a model for its remarks.", dates=dates))
        self.says.setText(" ".join(said))

    def _ask_where(self, form: str) -> None:
        title, suggested = _("Export the Plan"), f"plan.{form}"
        if path := ask_where(self, self._settings, title, suggested, written(form)):
            self.export(path, form)
