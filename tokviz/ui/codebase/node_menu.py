"""The context menu of a file or folder, in the tree and in the treemap alike."""

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.analysis.codebase.token_tree import Inclusion
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.tree_metrics import TreeMetrics


class NodeMenu(QObject):
    """Asks for what the user picks."""

    open_wanted = Signal(int)
    toggle_wanted = Signal(int, bool)
    only_wanted = Signal(int)
    """Exclude everything but this node."""
    map_wanted = Signal(int)
    """Show this folder in the treemap."""
    kind_toggled = Signal(int, bool)
    """Exclude or include all files of a kind (its place in ``language_names``)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent

    def show(self, metrics: TreeMetrics, node: int, path: Path, place: QPoint) -> None:
        """Show the menu of ``node``, which lies at ``path``, at a place of the screen."""
        menu = self.build(metrics, node, path)
        menu.exec(place)
        menu.deleteLater()

    def build(self, metrics: TreeMetrics, node: int, path: Path) -> QMenu:
        """The menu of a node."""
        menu = QMenu(self._parent)
        found, is_file = metrics.of(node), bool(metrics.tree.shape.is_file[node])
        if is_file:
            menu.addAction("Open in the &text page").triggered.connect(lambda: self.open_wanted.emit(node))
        else:
            menu.addAction("Show in the &treemap").triggered.connect(lambda: self.map_wanted.emit(node))
        menu.addSeparator()
        if not found.left_out:
            self._add_choices(menu, metrics, node, found.inclusion)
            menu.addSeparator()
        copy = QGuiApplication.clipboard().setText
        menu.addAction("&Copy the path").triggered.connect(lambda: copy(str(path)))
        text = cells.tooltip(metrics, node)
        menu.addAction("Copy the &figures").triggered.connect(lambda: copy(text))
        return menu

    def _add_choices(self, menu: QMenu, metrics: TreeMetrics, node: int, inclusion: Inclusion) -> None:
        if inclusion is not Inclusion.NONE:
            menu.addAction("Take &out").triggered.connect(lambda: self.toggle_wanted.emit(node, False))
        if inclusion is not Inclusion.ALL:
            menu.addAction("Take &in").triggered.connect(lambda: self.toggle_wanted.emit(node, True))
        menu.addAction("Take out everything &else").triggered.connect(lambda: self.only_wanted.emit(node))
        shape = metrics.tree.shape
        if shape.is_file[node]:
            kind = int(metrics.tree.language_of[shape.first_files[node]])
            taken = inclusion is not Inclusion.NONE
            text = f"Take {'out' if taken else 'in'} all files of the type {metrics.language(node)}"
            menu.addAction(text).triggered.connect(lambda: self.kind_toggled.emit(kind, not taken))
