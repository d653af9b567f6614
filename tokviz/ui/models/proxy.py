"""Order and choice of the rows: favourites on top, hidden ones away, a search, one sort key."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from tokviz.ui.models.rows import Row, SortKey
from tokviz.ui.models.table import Role

Index = QModelIndex | QPersistentModelIndex


class ModelsProxy(QSortFilterProxyModel):
    """What the panel shows of the models table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key = SortKey.CATALOG
        self._descending = False
        self._hidden: frozenset[str] = frozenset()
        self._show_hidden = False
        self._words: list[str] = []
        self.setDynamicSortFilter(True)
        self.sort(0)

    @property
    def key(self) -> SortKey:
        """What the rows are ordered by."""
        return self._key

    def order_by(self, key: SortKey, descending: bool) -> None:
        """Order the rows by ``key``; what is unknown stands last either way."""
        self._key, self._descending = key, descending
        self.invalidate()

    def set_hidden(self, ids: Sequence[str], show: bool) -> None:
        """Leave out the models with these ids, or show all for once."""
        self._hidden, self._show_hidden = frozenset(ids), show
        self.invalidate()

    def set_search(self, text: str) -> None:
        """Show only rows in which every word of ``text`` occurs."""
        self._words = text.casefold().split()
        self.invalidate()

    def row_at(self, row: int) -> Row:
        """The row shown as number ``row``."""
        found: Row = self.index(row, 0).data(Role.ROW)
        return found

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row: Row = self.sourceModel().index(source_row, 0).data(Role.ROW)
        model = row.model
        if not self._show_hidden and model.id in self._hidden:
            return False
        text = f"{model.name} {model.developer} {model.access} {model.tokenizer} {model.strengths}".casefold()
        return all(word in text for word in self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        return self._rank(left.data(Role.ROW)) < self._rank(right.data(Role.ROW))

    def _rank(self, row: Row) -> tuple[bool, bool, object, int]:
        # The proxy always sorts upward, so that favourites and unknown values keep their ends.
        value = row.sort_value(self._key)
        if value is None:
            return (not row.favourite, True, 0, row.position)
        ordered: object = value
        if self._descending:
            ordered = _backwards(value) if isinstance(value, str) else -value
        return (not row.favourite, False, ordered, row.position)


def _backwards(text: str) -> tuple[int, ...]:
    """Orders texts the other way round; the 1 puts a text behind those that go on where it ends."""
    return (*(-ord(letter) for letter in text), 1)
