"""The codebase page: what a folder's files cost a model, and what to leave out."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout

from tokviz.analysis import formatting
from tokviz.analysis.codebase.tree_counts import likely_counts, type_counts
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.catalog.model import LanguageModel
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.language import _, ngettext
from tokviz.tokens import Count
from tokviz.ui.codebase.changed_dialog import ChangedDialog, told
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.exports import CodebaseExports
from tokviz.ui.codebase.history_dialog import HistoryDialog
from tokviz.ui.codebase.image_counting import ImageCounting, with_images
from tokviz.ui.codebase.image_row import ImageRow
from tokviz.ui.codebase.kept_counts import KeptCounts
from tokviz.ui.codebase.options import FileChoices
from tokviz.ui.codebase.pack_choices import OwnTexts
from tokviz.ui.codebase.pack_dialog import PackDialog
from tokviz.ui.codebase.page_actions import PageActions
from tokviz.ui.codebase.progress_line import progress_text
from tokviz.ui.codebase.project_row import ProjectRow
from tokviz.ui.codebase.start import StartPage
from tokviz.ui.codebase.status_words import filter_text, tree_text
from tokviz.ui.codebase.watching import Watching
from tokviz.ui.codebase.workspace import Workspace
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.file_dialogs import ask_folder
from tokviz.ui.common.page import Page
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_finding import FoundTree

_PROGRESS = 100
"""Least milliseconds between two announcements of the progress."""
_RECENT, _MOST_RECENT = "codebase/recent", 8


class CodebasePage(Page):
    """Opens folders and sets of files, counts them, and shows what is worth leaving out."""

    wanted_width = 844

    file_chosen = Signal(object)
    """A file (Path) to open in the text page."""
    text_wanted = Signal(bytes, str)
    """A text to show in the text page, and its title."""
    prompt_wanted = Signal(object)
    """Ask a model about these texts: a tuple of names and texts (str)."""
    types_changed = Signal(bool)
    """``type_counts`` may have changed; whether there are any."""

    def __init__(
        self,
        worker: Worker,
        tokenizers: Sequence[str],
        models: Sequence[LanguageModel],
        settings: Settings,
        theme: Theme,
        packs: KnownPacks | None = None,
    ) -> None:
        """``tokenizers``: the tokenizers and estimators whose counts the models need; ``packs``: where packed
        texts are remembered."""
        super().__init__()
        self._worker = worker
        self._models = list(models)
        self._settings = settings
        self._theme = theme
        self._own_texts = OwnTexts()
        self._counts: Mapping[str, Count] | None = {}
        self.wanted_tokenizers: Callable[[], Sequence[str]] = lambda: tokenizers
        """Those that count what is opened next."""
        self.codebase = Codebase(worker, tokenizers, self)
        self.choices = FileChoices(settings, self, packs)
        self.kept_counts = KeptCounts(worker.counts, self.choices.menu, self) if worker.counts else None
        self.page_actions = PageActions(
            self,
            rescan=lambda: self.codebase.rescan(self.choices.options),
            undo=self.codebase.undo,
            redo=self.codebase.redo,
            find=lambda: self.workspace.toolbar.filter.setFocus(),
            toggle=lambda: self.workspace.toggle_current(),
            include_all=lambda: self.codebase.set_nodes_included([TOP], True),
            show_part=lambda part: self.workspace.show_lower(part),
            only_changed=self.choose_changed,
            history=self.show_history,
            ask=lambda: self.pack(asking=True),
        )
        export_menu = QMenu(_("&Export"), self)
        menus = (self.choices.menu, export_menu)
        self.workspace = Workspace(
            self.codebase, worker, models, tokenizers, settings, theme, menus, self.page_actions.buttons
        )
        shown, view = (lambda: self.workspace.metrics), self.workspace.treemap.view
        self.exports = CodebaseExports(self.codebase, shown, view, worker, settings, packs, export_menu, self)
        self.watching = Watching(self.codebase, worker, settings, lambda: self.choices.options, self)
        self.project_row = ProjectRow(self.codebase)
        self.workspace.add_row(self.project_row)
        self.images = ImageCounting(self.codebase, worker, lambda: self.choices.images, self)
        self.image_row = ImageRow(self.codebase, models, shown)
        self.workspace.add_row(self.image_row)
        self._start = StartPage(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._start)
        self._stack.addWidget(self.workspace)
        self._ticker = Debouncer(self._show_progress, _PROGRESS, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._connect()
        self._start.show_recent(self._recent_folders())

    # -- what the window asks --------------------------------------------------------------------------

    @property
    def icon_name(self) -> str:
        return "folder"

    @property
    def title(self) -> str:
        return _("Codebase")

    @property
    def location(self) -> str:
        paths = self.codebase.paths
        if len(paths) > 1:
            return ngettext("{folder} and {n} more", "{folder} and {n} more", len(paths) - 1, folder=paths[0])
        return str(paths[0]) if paths else ""

    @property
    def status(self) -> str:
        metrics = self.workspace.metrics
        if metrics is None:
            return ""
        pattern = self.workspace.filter.pattern
        if pattern and self.workspace.filter.files is not None:
            return filter_text(metrics, pattern)
        parts = [self.location, *tree_text(metrics, self.codebase, bool(self.counts()))]
        if self.watching.says:
            parts.append(self.watching.says)
        return "   ·   ".join(parts)

    @property
    def work(self) -> str:
        shortenings = self.workspace.shortenings
        if shortenings.under_way:
            return _("Working out what can be made smaller: {share}", share=shortenings.share_done)
        return progress_text(self.codebase.scan.progress, "")

    def counts(self) -> Mapping[str, Count]:
        if self._counts is None:
            known, tree = self.codebase.counts(), self.codebase.tree
            names = (model.tokenizer for model in self._models)
            others = [name for name in names if name not in self.codebase.asked]
            likely = likely_counts(tree, known, others) if tree is not None and known else {}
            self._counts = with_images(known | likely, self.codebase, self._models)
        return self._counts

    def counts_with(self, name: str) -> bool:
        return bool(self.counts() or self.codebase.scan.under_way) and name in self.codebase.asked

    def count_also(self, names: Sequence[str]) -> None:
        self.codebase.count_with(names)

    def actions_for(self, menu: str) -> list[QAction]:
        if menu == "file":
            return self.exports.actions
        if menu == "tools":
            menus = (self.choices.menu, self.workspace.smaller)
            return [*self.page_actions.entries(menu), *(one.menuAction() for one in menus)]
        return self.page_actions.entries(menu)

    def set_theme(self, theme: Theme) -> None:
        self._theme = self._start.theme = theme
        self._start.update()
        self.workspace.set_theme(theme)

    def stop(self) -> bool:
        return self.codebase.stop() or self.workspace.shortenings.stop()

    # -- opening ---------------------------------------------------------------------------------------

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Count everything under ``paths``: folders and files."""
        if not paths:
            return
        self.workspace.toolbar.filter.clear()
        self._stack.setCurrentWidget(self.workspace)
        self._remember(paths)
        self.choices.folder = paths[0]
        names = [*self.wanted_tokenizers(), *self.workspace.chosen_names]
        self.codebase.open(paths, self.choices.options, names)
        self.workspace.tree.setFocus()
        self.location_changed.emit()

    def choose_model(self, model: LanguageModel | None) -> None:
        """Show shares of this model's window."""
        if model is not None:
            self.workspace.choose_model(model.id)

    @property
    def tokenizer(self) -> str:
        """The tokenizer or estimator by which the tree is counted; empty while nothing is open."""
        return self.workspace.metrics.decoder.name if self.workspace.metrics else ""

    def type_counts(self) -> TypeCounts | None:
        """Tokens by file type and tokenizer, of what takes part and the filter leaves. None while nothing is
        open."""
        metrics = self.workspace.metrics
        return type_counts(metrics.shown_whole, self.codebase.plan) if metrics is not None else None

    @property
    def is_open(self) -> bool:
        """Whether there is a tree."""
        return self.codebase.tree is not None

    def ask_for_folder(self) -> None:
        """Open the folder that the user picks in a dialog."""
        if folder := ask_folder(self, self._settings, _("Open Folder")):
            self._open_remembered(folder)

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """These are the models from now on."""
        self._models = list(models)
        self.workspace.set_models(models)
        self.image_row.set_models(models)

    def pack(self, asking: bool = False) -> PackDialog | None:
        """Open the dialog that packs the selection for a model; ``asking``: for a prompt about it."""
        selection = self.exports.selection()
        if selection is None:
            self.problem.emit(_("There is nothing to pack; open a folder first."))
            return None
        dialog = PackDialog(
            selection,
            self._models,
            self.workspace.chosen_model,
            self.workspace.reserve,
            self._worker,
            self._settings,
            self._own_texts,
            self._theme,
            asking,
            self,
        )
        dialog.prompt_wanted.connect(self.prompt_wanted)
        dialog.write_wanted.connect(lambda path, text: self.exports.write_text(path, text, dialog))
        dialog.information.connect(self.information)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def choose_changed(self) -> ChangedDialog | None:
        """Ask what is meant by changed, and take out everything else."""
        tree, roots = self.codebase.tree, self.codebase.roots
        if tree is None or not roots:
            return None
        dialog = ChangedDialog(tree.shape, roots, self._worker, self._settings, self)
        dialog.found.connect(self._take_only)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def show_history(self) -> HistoryDialog | None:
        """Show what the open folder counted at its last commits."""
        roots, options = self.codebase.roots, self.codebase.options
        if not roots or not self.tokenizer:
            return None
        shared = (self._worker, self._settings, self._theme)
        dialog = HistoryDialog(roots[0], self.tokenizer, options, *shared, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
        return dialog

    def _take_only(self, flags: NDArray[np.bool_], compared: str) -> None:
        tree = self.codebase.tree
        if tree is None or len(tree.included) != len(flags):  # it was scanned again meanwhile
            self.problem.emit(_("The folder has changed; ask again."))
            return
        self.codebase.set_included(flags)
        self.information.emit(told(int(flags.sum()), compared))

    def _open_remembered(self, folder: Path) -> None:
        self._settings.add_recent(folder)
        self.open_paths([folder])

    def _remember(self, paths: Sequence[Path]) -> None:
        """Keep what was opened for the start page; it is not looked up on the disk again there."""
        if len(paths) == 1:
            others = [path for path in self._settings.paths(_RECENT) if path not in paths]
            self._settings.set_paths(_RECENT, [*paths, *others][:_MOST_RECENT])

    def _recent_folders(self) -> list[Path]:
        return self._settings.paths(_RECENT)

    def _use_models_of_project(self, found: FoundTree) -> None:
        """Show shares of the window of the first model that the project names, when its folder is opened."""
        if found.project is None or len(found.kept):
            return
        known = {model.id for model in self._models}
        if chosen := next((name for name in found.project.models if name in known), None):
            self.workspace.choose_model(chosen)

    # -- what changes ----------------------------------------------------------------------------------

    def _show_tree(self) -> None:
        self.workspace.show_tree()
        self._update_actions()
        self._renew_counts()
        self.location_changed.emit()

    def _show_metrics(self) -> None:
        self.workspace.show_metrics()
        self._renew_counts()

    def _show_selection(self) -> None:
        self._show_metrics()
        self._update_actions()

    def _renew_counts(self) -> None:
        self._counts = None
        self.counts_changed.emit()

    def _update_actions(self) -> None:
        tree = self.codebase.tree
        self.page_actions.update_state(
            opened=tree is not None,
            can_undo=self.codebase.can_undo,
            can_redo=self.codebase.can_redo,
            all_in=tree is None or bool(tree.included.all()),
        )
        self.exports.set_enabled(tree is not None and bool(self.codebase.roots))

    def _show_progress(self) -> None:
        progress, metrics = self.codebase.scan.progress, self.workspace.metrics
        tokens = ""
        if metrics is not None and progress.files:
            tokens = formatting.count(metrics.counted_tokens())
        self.workspace.progress.show_progress(progress, tokens)
        self.work_changed.emit()

    def _end(self) -> None:
        self._ticker.cancel()
        self._show_progress()
        self.workspace.put_in_order()
        if self.codebase.tree is None and not self.codebase.scan.under_way:
            self._start.show_recent(self._recent_folders())
            self._stack.setCurrentWidget(self._start)
        self.location_changed.emit()

    def _renew_left_out(self) -> None:
        self.workspace.parts.set_left_out(len(self.codebase.left_out))
        self.workspace.left_out.renew()

    def _connect(self) -> None:
        codebase, workspace = self.codebase, self.workspace
        codebase.opened.connect(self._show_tree)
        codebase.metrics_changed.connect(self._show_metrics)
        codebase.selection_changed.connect(self._show_selection)
        codebase.left_out_changed.connect(self._renew_left_out)
        codebase.scan.progressed.connect(self._ticker.request)
        codebase.scan.found.connect(self._use_models_of_project)
        codebase.ended.connect(self._end)
        workspace.shortenings.changed.connect(self.work_changed)
        telling = [codebase.scan, workspace.plan, workspace.shortenings, workspace.commands, self.exports]
        telling += [self.images, self.watching]
        for source in [*telling, *([self.kept_counts] if self.kept_counts else ())]:
            source.problem.connect(self.problem)
        codebase.scan.begun.connect(lambda: self.problem_over.emit(""))
        for information in (workspace.information, self.exports.information):
            information.connect(self.information)
        workspace.file_chosen.connect(self.file_chosen)
        workspace.commands.text_wanted.connect(self.text_wanted)
        workspace.progress.cancelled.connect(self.stop)
        workspace.filter.changed.connect(self.location_changed)
        workspace.renewed.connect(lambda: self.types_changed.emit(self.is_open))
        self.exports.pack_wanted.connect(lambda: self.pack())
        workspace.left_out.include_wanted.connect(self.choices.take_in)
        self.watching.changed.connect(self.location_changed)
        self.choices.images_changed.connect(self.images.renew)
        workspace.renewed.connect(self.image_row.renew)
        self.choices.changed.connect(lambda: self.codebase.rescan(self.choices.options))
        self._start.folder_wanted.connect(self.ask_for_folder)
        self._start.recent_chosen.connect(self._open_remembered)
