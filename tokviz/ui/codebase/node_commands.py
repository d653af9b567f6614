"""What the user does to files and folders, in the tree and in the treemap alike."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from tokviz.analysis.codebase.shortened_counts import shortenings_of
from tokviz.analysis.codebase.token_tree import Inclusion
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.documents.shortening.shortenings import shortened_words
from tokviz.language import _
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.filtering import Filter
from tokviz.ui.codebase.fit_plan import FitPlan
from tokviz.ui.codebase.node_menu import NodeActions, node_menu
from tokviz.ui.codebase.shortening import Shortenings
from tokviz.ui.codebase.smaller_menu import SmallerMenu
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_shortening import ReadShortened


class NodeCommands(QWidget):
    """Takes nodes of the tree that is shown. An invisible widget, which the context menu belongs to."""

    file_chosen = Signal(object)
    """A file (Path) to open in the text page."""
    text_wanted = Signal(bytes, str)
    """A text to show in the text page, and its title."""
    information = Signal(str)
    problem = Signal(str)
    map_wanted = Signal(int)
    """A folder to show in the treemap."""

    def __init__(
        self,
        codebase: Codebase,
        plan: FitPlan,
        filtering: Filter,
        shortenings: Shortenings,
        metrics: Callable[[], TreeMetrics | None],
        worker: Worker,
        parent: QWidget,
    ) -> None:
        """``metrics``: what is shown now."""
        super().__init__(parent)
        self._codebase = codebase
        self._plan = plan
        self._filter = filtering
        self._shortenings = shortenings
        self._metrics = metrics
        self._worker = worker
        self.hide()

    def toggle(self, node: int, included: bool) -> None:
        """Include or exclude a node; with a filter, what it leaves of it."""
        self._codebase.set_nodes_included([node], included, self._filter.files)

    def flip(self, node: int) -> None:
        """Exclude a node, or include it if it is excluded."""
        metrics = self._metrics()
        if metrics is not None and node != TOP:
            self.toggle(node, metrics.of(node).inclusion is Inclusion.NONE)

    def include_only(self, node: int) -> None:
        """Exclude all others."""
        tree = self._codebase.tree
        if tree is not None:
            flags = np.zeros(len(tree.sizes), np.bool_)
            flags[tree.shape.first_files[node] : tree.shape.end_files[node]] = True
            self._codebase.set_included(flags)

    def toggle_kind(self, kind: int, included: bool) -> None:
        """Include or exclude the files of a kind (a position in ``language_names``)."""
        tree = self._codebase.tree
        if tree is not None:
            files = tree.language_of == kind
            if self._filter.files is not None:
                files = files & self._filter.files
            self._codebase.set_included(np.where(files, included, tree.included))

    def path_of(self, node: int) -> Path:
        """Where a node lies on the disk."""
        metrics = self._metrics()
        assert metrics is not None
        shape = metrics.tree.shape
        return self._codebase.roots[shape.root(node)] / shape.path(node)

    def open_file(self, node: int) -> None:
        """Open a file in the text page: all of it, and if its shorter text is counted, say so."""
        metrics = self._metrics()
        if self._codebase.roots and metrics is not None:
            path = self.path_of(node)
            self.file_chosen.emit(path)
            if shortened := metrics.shortened(node):
                self.information.emit(
                    _(
                        "This is the whole of {file}; the tree counts it shortened ({how}). Its menu in "
                        "the tree opens the shortened text.",
                        file=path.name,
                        how=shortened,
                    )
                )

    def open_shortened(self, node: int) -> None:
        """Show the text of a file as it is counted and packed: a copy, which is saved by another name."""
        tree = self._codebase.tree
        if tree is None:
            return
        path, mask = self.path_of(node), int(tree.shortened[tree.shape.first_files[node]])
        reading = replace(self._codebase.reading, shortened=frozenset(shortenings_of(mask)))
        title = f"{path.name}, {shortened_words(shortenings_of(mask))}"
        self._worker.submit(
            ReadShortened(path, reading),
            lambda opened: self.text_wanted.emit(bytes(opened.text.data), title),
            self.problem.emit,
        )

    def show_menu(self, node: int, place: QPoint) -> None:
        """Offer what can be done to a node."""
        metrics = self._metrics()
        if metrics is not None and self._codebase.roots:
            actions = NodeActions(
                open=self.open_file,
                open_shortened=self.open_shortened,
                toggle=self.toggle,
                exclude_others=self.include_only,
                show_in_map=self.map_wanted.emit,
                toggle_kind=self.toggle_kind,
                keep=self._plan.keep,
                is_kept=self._plan.kept.holds,
            )
            smaller = SmallerMenu(
                _("Make &smaller"), self._shortenings, lambda: metrics.decoder.name, node, parent=self
            )
            menu = node_menu(self, metrics, node, self.path_of(node), actions, smaller)
            menu.exec(place)
            menu.deleteLater()
            smaller.deleteLater()
