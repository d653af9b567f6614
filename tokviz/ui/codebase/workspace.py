"""The open codebase on the screen: controls, tree, and what is below it, all showing the same metrics."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.filtering import Filter
from tokviz.ui.codebase.fit_pane import FitPane
from tokviz.ui.codebase.fit_plan import FitPlan
from tokviz.ui.codebase.left_out_pane import LeftOutPane
from tokviz.ui.codebase.lower_pane import Lower, LowerPane
from tokviz.ui.codebase.node_commands import NodeCommands
from tokviz.ui.codebase.plan_marks import badges
from tokviz.ui.codebase.plan_row import PlanRow
from tokviz.ui.codebase.progress_line import ProgressLine
from tokviz.ui.codebase.shortening import Shortenings
from tokviz.ui.codebase.smaller_menu import SmallerMenu
from tokviz.ui.codebase.toolbar import OF_MODEL, CodebaseToolbar, Panes
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.codebase.tree_model import TreeModel, nodes_at, places
from tokviz.ui.codebase.tree_view import TreeView
from tokviz.ui.codebase.treemap_pane import TreemapPane
from tokviz.ui.codebase.types_pane import TypesPane
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.placement import keep_splitter
from tokviz.ui.common.settings import RESERVE, Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import fill
from tokviz.ui.common.worker_client import Worker

_REORDER = 1500
"""Milliseconds between two orderings of the rows while metrics stream in."""
_MOST_REORDERED = 1500
"""Rows up to which that is done; an order of more takes too long to be seen."""
_WIDE = 1150
"""Width from which the tree and what is below it stand side by side."""
_MODEL, _TOKENIZER = "codebase/model", "codebase/tokenizer"
_PANES, _LOWER, _SPLIT = "codebase/panes", "codebase/lower", "codebase/parts"


class Workspace(QWidget):
    """Makes the metrics of the chosen tokenizer and model, and hands them to every part."""

    file_chosen = Signal(object)
    """A file (Path) to open in the text page."""
    information = Signal(str)
    renewed = Signal()
    """Other metrics are shown: of another tree, another state of it, or another filter."""

    def __init__(
        self,
        codebase: Codebase,
        worker: Worker,
        models: Sequence[LanguageModel],
        tokenizers: Sequence[str],
        settings: Settings,
        theme: Theme,
        menus: tuple[QMenu, QMenu],
        buttons: Sequence[tuple[QAction, str]],
        parent: QWidget | None = None,
    ) -> None:
        """``menus``: the choice of files, and the export; ``buttons``: what the row of controls has one for,
        and its icon."""
        super().__init__(parent)
        self._codebase = codebase
        self._settings = settings
        self.metrics: TreeMetrics | None = None
        """What is shown; None while nothing is open."""
        self.filter = Filter(worker, self)
        self.shortenings = Shortenings(codebase, worker, settings, self)
        self.smaller = SmallerMenu(_("&Smaller"), self.shortenings, self._tokenizer_name, parent=self)
        self.toolbar = CodebaseToolbar(models, tokenizers, menus[0], self.smaller, menus[1], buttons)
        self.progress = ProgressLine()
        self.model = TreeModel(self)
        self.tree = TreeView(self.model, settings, theme)
        self.treemap = TreemapPane(settings, theme)
        self.types = TypesPane(theme)
        self.left_out = LeftOutPane(lambda: codebase.left_out.entries(), theme)
        self.plan = FitPlan(codebase, worker, self.shortenings, self)
        self.commands = NodeCommands(
            codebase, self.plan, self.filter, self.shortenings, lambda: self.metrics, worker, self
        )
        self.fit = FitPane(self.plan, models, theme)
        self.plan_row = PlanRow(self.plan, theme)
        self.parts = LowerPane((self.treemap, self.types, self.left_out, self.fit), self.treemap.color_choice)
        self._marked: tuple[list[Suggestion], object] = [], None
        self._before_filter: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]] | None = None
        """Where the folders lay that stood open, and the current node, before there was a filter."""
        self._below = QWidget()
        """What stands below the tree: the plan at hand, if the tree is there too, and the parts."""
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._reorder = Debouncer(self._put_in_order, _REORDER, self)
        self._lay_out()
        self._restore()
        self._connect()
        self._connect_choices()

    @property
    def chosen_model(self) -> LanguageModel | None:
        """The model whose window the shares are of."""
        return self.toolbar.chosen_model

    @property
    def reserve(self) -> int | None:
        """Tokens kept for the answer; None: each model's own default."""
        return self._settings.reserve

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        for part in (self.tree, self.treemap, self.types, self.left_out, self.fit, self.plan_row):
            part.set_theme(theme)

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """Offer these from now on; the chosen one stays, with what is known of it now."""
        self.toolbar.set_models(models)
        self.fit.set_models(models)
        self.choose_model(str(self.toolbar.model.currentData()))

    def choose_model(self, model_id: str) -> None:
        """Show shares of this model's window."""
        if self.toolbar.model.currentData() != model_id:
            self.toolbar.choose_model(model_id)
        self.fit.choose_model(model_id)
        self._settings.set(_MODEL, model_id)
        self._renew()

    def add_row(self, row: QWidget) -> None:
        """Show a line between the controls and the tree."""
        self._column.insertWidget(1, row)

    def show_lower(self, part: Lower) -> None:
        """Bring a part of the lower pane to the front, and the pane with it."""
        self.parts.show_lower(part)
        if self._settings.text(_PANES, Panes.BOTH) == Panes.TREE:
            self._show_panes(Panes.BOTH)
            self.toolbar.choose_panes(Panes.BOTH)

    # -- the same metrics for every part ---------------------------------------------------------------

    def show_tree(self) -> None:
        """Show another tree, with the same folders open as far as they are there again."""
        shape = self.model.metrics.tree.shape if self.model.metrics else None
        opened = places(shape, self.tree.opened_nodes())
        current = places(shape, [self.tree.current_node])
        tree = self._codebase.tree
        self.filter.set_shape(tree.shape if tree else None)
        self._make_metrics()
        if self.metrics is not None:
            self.tree.make_room(f"~{self.metrics.of(TOP).tokens.tokens:,}")
        self.model.show(self.metrics, self.filter.nodes)
        self.treemap.show_tree(self.metrics)
        self._update_panes()
        self.tree.open_nodes(nodes_at(tree.shape if tree else None, opened))
        if self.metrics and not opened:
            self._open_roots()
        if found := nodes_at(tree.shape if tree else None, current):
            self.tree.show_node(found[0])

    def show_metrics(self) -> None:
        """Show other metrics of the same tree; of one that is not shown yet, nothing."""
        self._make_metrics()
        shown = self.model.metrics
        if self.metrics is None or shown is None or shown.tree.shape is not self.metrics.tree.shape:
            return
        self.tree.make_room(f"~{self.metrics.of(TOP).tokens.tokens:,}")
        self.model.update_metrics(self.metrics, self.tree.visible_rows())
        self.treemap.set_metrics(self.metrics)
        self._update_panes()
        if self._codebase.scan.under_way:
            self._reorder.request()

    def put_in_order(self) -> None:
        """Order the rows by what is known now."""
        self._reorder.cancel()
        self.model.reorder()

    @property
    def chosen_names(self) -> list[str]:
        """The tokenizers and estimators of which counts are to be shown."""
        model, name = self.chosen_model, self.toolbar.chosen_tokenizer
        return [*([model.tokenizer] if model else []), *([name] if name != OF_MODEL else [])]

    def _tokenizer_name(self) -> str:
        return self.metrics.decoder.name if self.metrics else ""

    def _make_metrics(self) -> None:
        tree, model = self._codebase.tree, self.chosen_model
        decoders = self._codebase.plan.decoders
        if tree is None or not decoders:
            self.metrics = None
            return
        name = self.toolbar.chosen_tokenizer
        self._codebase.count_with(self.chosen_names)
        own = decoders.get(model.tokenizer) if model else None
        decoder = decoders.get(name) if name != OF_MODEL else own
        decoder = decoder or next(iter(decoders.values()))
        notes, images = self._codebase.notes, self._codebase.images
        self.metrics = TreeMetrics(tree, decoder, model, own, self.reserve, self.filter.files, notes, images)

    def _update_panes(self) -> None:
        """Show the metrics in the parts below the tree."""
        self.types.set_metrics(self.metrics, self._codebase.plan)
        model = self.chosen_model
        own = self._codebase.plan.decoders.get(model.tokenizer) if model else None
        tree = self._codebase.tree
        if self.metrics and self.metrics.decoder is own and self.filter.files is None:
            self.fit.set_metrics(self.metrics)
        else:
            fits = None
            if tree is not None and own is not None:
                fits = TreeMetrics(tree, own, model, own, self.reserve, images=self._codebase.images)
            self.fit.set_metrics(fits)
        self.renewed.emit()

    def _renew(self) -> None:
        """Show the same tree by another tokenizer or model, in its order."""
        if self.metrics is not None:
            self.show_metrics()
            self.put_in_order()

    def _renew_filter(self) -> None:
        """Show what the filter leaves, opened as far as there is room; without one what stood open before."""
        if self._codebase.tree is None:
            return
        shape, current = self._codebase.tree.shape, self.tree.current_node
        if self.filter.pattern and self._before_filter is None:
            self._before_filter = places(shape, self.tree.opened_nodes()), places(shape, [current])
        self._make_metrics()
        self.model.show(self.metrics, self.filter.nodes)
        if self.metrics is not None:
            self.treemap.set_metrics(self.metrics)
        self._update_panes()
        if self.filter.pattern:
            for row in range(self.model.rowCount()):
                self.tree.open_down(self.model.index(row, 0))
        else:
            before, chosen = self._before_filter or ((), ())
            self._before_filter = None
            if opened := nodes_at(shape, before):
                self.tree.open_nodes(opened)
            else:
                self._open_roots()
            current = current or next(iter(nodes_at(shape, chosen)), TOP)
        self.tree.show_node(current)

    def _put_in_order(self) -> None:
        free = QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
        if self._codebase.scan.under_way and free and self.model.rows_known <= _MOST_REORDERED:
            self.model.reorder()

    def _open_roots(self) -> None:
        roots = self.model.rowCount()
        if roots <= 3:
            for row in range(roots):
                self.tree.expand(self.model.index(row, 0))
        if roots:
            self.tree.setCurrentIndex(self.model.index(0, 0))

    # -- what the user does ----------------------------------------------------------------------------

    def toggle_current(self) -> None:
        """Exclude the current node, or include it if it is excluded."""
        self.commands.flip(self.tree.current_node)

    def _show_plan(self) -> None:
        """Mark in tree and treemap what the plan at hand would leave out, and what is shortened."""
        tree = self._codebase.tree
        shortened = tree.shortened if tree is not None else None
        chosen = [step.suggestion for step in self.plan.steps if step.chosen]
        if chosen == self._marked[0] and shortened is self._marked[1]:
            return
        self._marked = chosen, shortened
        self.tree.set_badges(badges(tree, chosen) if tree is not None else {})
        self.treemap.view.set_planned(self.plan.planned_files())

    def _show_in_map(self, node: int) -> None:
        self.show_lower(Lower.TREEMAP)
        self.treemap.view.show_folder(node)

    # -- panes -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _WIDE
        self._splitter.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self._place_plan_row()

    def _place_plan_row(self) -> None:
        """Between the tree and what is below it; at the foot of both where they are not so."""
        below, column = self._below.layout(), self.layout()
        assert isinstance(below, QVBoxLayout) and isinstance(column, QVBoxLayout)
        between = self._splitter.orientation() == Qt.Orientation.Vertical
        if between and not self.tree.isHidden() and not self._below.isHidden():
            below.insertWidget(0, self.plan_row)
        else:
            column.addWidget(self.plan_row)
        self.plan_row.renew()  # Qt hides what gets another parent

    def _show_panes(self, panes: Panes) -> None:
        self.tree.setVisible(panes is not Panes.LOWER)
        self._below.setVisible(panes is not Panes.TREE)
        self._place_plan_row()
        self._settings.set(_PANES, panes)

    def _restore(self) -> None:
        self.toolbar.choose_model(self._settings.text(_MODEL))
        self.toolbar.choose_tokenizer(self._settings.text(_TOKENIZER))
        self.fit.choose_model(str(self.toolbar.model.currentData()))
        panes = self._settings.text(_PANES, Panes.BOTH)
        chosen = Panes(panes) if panes in list(Panes) else Panes.BOTH
        self.toolbar.choose_panes(chosen)
        self._show_panes(chosen)
        lower = self._settings.text(_LOWER, Lower.TREEMAP)
        self.parts.show_lower(Lower(lower) if lower in list(Lower) else Lower.TREEMAP)
        keep_splitter(self._splitter, self._settings, _SPLIT)

    def _lay_out(self) -> None:
        self._splitter.addWidget(self.tree)
        self._splitter.addWidget(self._below)
        fill(QVBoxLayout(self._below), self.plan_row, self.parts, wide=self.parts, spacing=6)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(7)
        self._splitter.setSizes([300, 320])
        parts = (self.toolbar, self.progress, self._splitter)
        self._column = fill(QVBoxLayout(self), *parts, wide=self._splitter, spacing=6)

    def _connect(self) -> None:
        view = self.treemap.view
        self.model.checked.connect(self.commands.toggle)
        self.tree.node_chosen.connect(self.treemap.select)
        self.tree.node_opened.connect(self.commands.open_file)
        self.tree.menu_wanted.connect(self.commands.show_menu)
        view.node_chosen.connect(self.tree.show_node)
        view.node_opened.connect(self.commands.open_file)
        view.node_toggled.connect(self.commands.flip)
        view.menu_wanted.connect(self.commands.show_menu)
        self.treemap.kind_colors_changed.connect(self.types.set_colors)
        self.types.kind_toggled.connect(self.commands.toggle_kind)
        for part in (self.left_out, self.commands):
            part.file_chosen.connect(self.file_chosen)
        self.commands.information.connect(self.information)
        self.commands.map_wanted.connect(self._show_in_map)
        self.plan.changed.connect(self._show_plan)
        self.plan.saved.connect(
            lambda path: self.information.emit(
                _("Saved in {path}; the next scan (F5) leaves it out.", path=path)
            )
        )

    def _connect_choices(self) -> None:
        self.filter.changed.connect(self._renew_filter)
        self.filter.problem.connect(self.toolbar.mark_filter)
        self.toolbar.filter_changed.connect(self.filter.set_pattern)
        self.toolbar.model_changed.connect(lambda model: self.choose_model(model.id) if model else None)
        self.toolbar.tokenizer_changed.connect(self._choose_tokenizer)
        self.toolbar.panes_changed.connect(self._show_panes)
        self.fit.model_chosen.connect(self.choose_model)
        self.parts.chosen.connect(lambda part: self._settings.set(_LOWER, part.value))
        self._settings.follow(RESERVE, self._renew, self)

    def _choose_tokenizer(self, name: str) -> None:
        self._settings.set(_TOKENIZER, name)
        self._renew()
