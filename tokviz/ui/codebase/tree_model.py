"""The codebase as a Qt model over integer nodes: no object per file, children looked up when asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from tokviz.analysis.codebase.token_tree import Inclusion
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.tree_metrics import HEADERS, NUMERIC, Column, TreeMetrics

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
CHECK_STATES = {
    Inclusion.NONE: Qt.CheckState.Unchecked,
    Inclusion.PARTLY: Qt.CheckState.PartiallyChecked,
    Inclusion.ALL: Qt.CheckState.Checked,
}
_COLUMNS = tuple(Column)
_CHANGED = [Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.CheckStateRole]
# Made once: putting flags together takes Python longer than all else that Qt asks of a row.
_FOLDER = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_FILE = _FOLDER | Qt.ItemFlag.ItemNeverHasChildren
_CHECKABLE_FOLDER = _FOLDER | Qt.ItemFlag.ItemIsUserCheckable
_CHECKABLE_FILE = _FILE | Qt.ItemFlag.ItemIsUserCheckable
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TreeModel(QAbstractItemModel):
    """An index's internal id is its node. The order of a folder's children is made when it is first seen."""

    checked = Signal(int, bool)
    """The user includes or excludes a node (its number); the model changes when it is given new metrics."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.metrics: TreeMetrics | None = None
        """What is shown; None while nothing is open."""
        self._visible: NDArray[np.bool_] | None = None
        self._column = Column.TOKENS
        self._descending = True
        self._children: dict[int, list[int]] = {}
        self._shape: TreeShape | None = None
        # Plain lists: Qt asks for these many times a row, and numpy takes ten times as long for one number.
        self._rows: list[int] = []
        self._parents: list[int] = []
        self._is_file: list[bool] = []

    @property
    def order(self) -> tuple[Column, bool]:
        """The column by which the rows are ordered, and whether the largest stands first."""
        return self._column, self._descending

    @property
    def rows_known(self) -> int:
        """How many rows stand in folders that have been looked into."""
        return sum(map(len, self._children.values()))

    def show(self, metrics: TreeMetrics | None, visible: NDArray[np.bool_] | None = None) -> None:
        """Show another tree, or other nodes of it (``visible``: ``bool[n]``, None is all)."""
        self.beginResetModel()
        self.metrics = metrics
        self._visible = visible
        self._children.clear()
        shape = metrics.tree.shape if metrics else None
        if shape is not self._shape:
            self._shape = shape
            self._rows = [0] * (len(shape) if shape else 0)
            self._parents = shape.parents.tolist() if shape else []
            self._is_file = shape.is_file.tolist() if shape else []
        self.endResetModel()

    def update_metrics(self, metrics: TreeMetrics, rows: Mapping[int, tuple[int, int]]) -> None:
        """Take new metrics of the same tree. Only ``rows`` are announced as changed, the first and the last
        by their folder's node: the view knows which ones are visible, and asks again for others."""
        self.metrics = metrics
        for node, (first, last) in rows.items():
            parent = self.index_of(node)
            self.dataChanged.emit(
                self.index(first, 0, parent), self.index(last, len(Column) - 1, parent), _CHANGED
            )

    def node_of(self, index: Index) -> int:
        """The node of an index; the top for an invalid one."""
        return int(index.internalId()) if index.isValid() else TOP

    def index_of(self, node: int, column: int = 0) -> QModelIndex:
        """The index of a node; invalid for the top, and for a node that a filter hides."""
        if node == TOP or self.metrics is None or not self._is_visible(node):
            return QModelIndex()
        parent = self._parents[node]
        if parent not in self._children:
            self._ordered(parent)
        return self.createIndex(self._rows[node], column, node)

    def reorder(self) -> None:
        """Put the rows in order again, after their metrics have changed."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        nodes = [(self.node_of(index), index.column()) for index in before]
        self._children.clear()
        self.changePersistentIndexList(before, [self.index_of(node, place) for node, place in nodes])
        self.layoutChanged.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._descending = Column(column), order == Qt.SortOrder.DescendingOrder
        self.reorder()

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        if row < 0 or not 0 <= column < len(Column) or parent.column() > 0:
            return QModelIndex()
        children = self._ordered(parent.internalId() if parent.isValid() else TOP)
        return self.createIndex(row, column, children[row]) if row < len(children) else QModelIndex()

    def parent(self, index: Index | None = None) -> Any:  # Qt overloads it with QObject's parent()
        if index is None:
            return super().parent()
        if not index.isValid() or self.metrics is None:
            return QModelIndex()
        return self.index_of(self._parents[index.internalId()])

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.column() > 0 else len(self._ordered(self.node_of(parent)))

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.column() > 0 else len(Column)

    def hasChildren(self, parent: Index = _ROOT) -> bool:
        # A folder in the tree holds a file, and one that a filter shows holds one that it shows.
        if self.metrics is None or parent.column() > 0:
            return False
        return not self._is_file[parent.internalId()] if parent.isValid() else bool(self._ordered(TOP))

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.metrics is None:
            return Qt.ItemFlag.NoItemFlags
        node = index.internalId()
        if index.column() or self.metrics.left_out[node]:
            return _FILE if self._is_file[node] else _FOLDER
        return _CHECKABLE_FILE if self._is_file[node] else _CHECKABLE_FOLDER

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return HEADERS[column][0]
            case Qt.ItemDataRole.ToolTipRole:
                return HEADERS[column][1]
            case Qt.ItemDataRole.TextAlignmentRole if column in NUMERIC:
                return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.metrics is None:
            return None
        node, column = index.internalId(), _COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cells.cell(self.metrics, node, column)
            case Qt.ItemDataRole.CheckStateRole if column is Column.NAME:
                found = self.metrics.of(node)
                return None if found.left_out else CHECK_STATES[found.inclusion]
            case Qt.ItemDataRole.ToolTipRole:
                return cells.tooltip(self.metrics, node)
            case Qt.ItemDataRole.TextAlignmentRole if column in NUMERIC:
                return _RIGHT
            case Qt.ItemDataRole.AccessibleTextRole if column is Column.NAME:
                name = self.metrics.tree.shape.names[node]
                return f"{name}, {cells.summary(self.metrics, node)}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or index.column() != Column.NAME:
            return False
        self.checked.emit(int(index.internalId()), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _is_visible(self, node: int) -> bool:
        return self._visible is None or bool(self._visible[node])

    def _ordered(self, node: int) -> list[int]:
        """The children of a node that are shown, in order."""
        found = self._children.get(node)
        if found is None:
            if self.metrics is None:
                return []
            nodes = self.metrics.tree.shape.children(node)
            if self._visible is not None:
                nodes = nodes[self._visible[nodes]]
            found = self.metrics.ordered(nodes, self._column, self._descending).tolist()
            self._children[node] = found
            for row, child in enumerate(found):
                self._rows[child] = row
        return found


def places(shape: TreeShape | None, nodes: Sequence[int]) -> list[tuple[str, str]]:
    """Where nodes lie, as (root's name, path): that outlives a scan."""
    if shape is None:
        return []
    return [
        (shape.names[shape.root_nodes[shape.root(node)]], shape.path(node)) for node in nodes if node != TOP
    ]


def nodes_at(shape: TreeShape | None, found: Sequence[tuple[str, str]]) -> list[int]:
    """The nodes at such places, of those that are there."""
    if shape is None:
        return []
    roots = {shape.names[node]: number for number, node in enumerate(shape.root_nodes)}
    nodes = [shape.find(path, roots[root]) for root, path in found if root in roots]
    return [node for node in nodes if node is not None]
