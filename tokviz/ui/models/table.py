"""The models as rows of a table: what the current text means for each, which are shown, in which order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from tokviz.analysis.budget import Standing, fit
from tokviz.analysis.evaluation import evaluate
from tokviz.catalog.model import LanguageModel
from tokviz.language import _, pgettext
from tokviz.tokens import Count
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.page import model_key
from tokviz.ui.models import cells
from tokviz.ui.models.filters import Filters, Trait
from tokviz.ui.models.rows import BY_TEXT, Column, Order, Row, SortKey

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_PAUSE = 200
"""Milliseconds after which rows move because of what is typed: they stand still under a reader's eye, and
putting 130 in order takes longer (2 ms) than the figures themselves (0.8 ms)."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TITLES = {
    Column.MODEL: (
        _("Model"),
        _("Name, maker, and whether the text goes to a server or weights can be run at home"),
    ),
    Column.TOKENS: (
        _("Tokens"),
        _("Tokens of the text under the model's tokenizer, and how surely they are known"),
    ),
    Column.WINDOW: (
        pgettext("use of a context window", "Window"),
        _("To scale: used, an estimate's range (stripes), reserve (pale), max input (tick), over (red)"),
    ),
    Column.SHARE: (_("Share"), _("The part of the context window that the text takes")),
    Column.LEFT: (_("Left"), _("Tokens left up to the limit that binds, or how far over it the text is")),
    Column.COST: (_("Cost"), _("US dollars: for the input; and with an answer of the reserved length")),
}
_DENSE_COST = _("Input · with answer")
HEADER_KEYS = {
    Column.MODEL: SortKey.NAME,
    Column.TOKENS: SortKey.TOKENS,
    Column.WINDOW: SortKey.SHARE,
    Column.SHARE: SortKey.SHARE,
    Column.LEFT: SortKey.LEFT,
    Column.COST: SortKey.INPUT_COST,
}
"""What a click on a header orders by."""


class Role(IntEnum):
    """What the delegate asks for beside Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole + 12


class ModelsTable(QAbstractTableModel):
    """The models that are shown. Recomputed whenever counts, reserve or choices change: arithmetic only."""

    shown_changed = Signal()
    """Other models are shown than before; not for another order."""

    def __init__(self, models: Sequence[LanguageModel], today: date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self._all = [Row(position, model) for position, model in enumerate(models)]
        self._shown = list(self._all)
        self._counts: Mapping[str, Count] = {}
        self._counted_with: Callable[[str], bool] = lambda _: True
        self._most_tokens: Callable[[str], int | None] = lambda _: None
        self._reserve: int | None = None
        self.dense = False
        """Whether a row is one line: both costs then stand side by side, and the header names them."""
        self.figures_from = Column.TOKENS
        """The first column that changes with the text: names need not be painted with every key."""
        self.filters = Filters()
        self.order = Order()
        self._arranging = Debouncer(self._arrange, _PAUSE, self)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows as they are shown."""
        return self._shown

    @property
    def all_rows(self) -> Sequence[Row]:
        """Those of all models, as listed."""
        return self._all

    def count_of(self, model: LanguageModel) -> Count | None:
        """What was counted of the page in front: what the model makes of it, or its tokenizer."""
        own = self._counts.get(model_key(model.id))
        return self._counts.get(model.tokenizer) if own is None else own

    def counted_with(self, name: str) -> bool:
        """Whether the page in front counts with that tokenizer, or will."""
        return self._counted_with(name)

    @property
    def deciding(self) -> Sequence[Row]:
        """The rows whose figures decide which are shown or in which order; none if no figure is asked for."""
        by_text = self.order.key in BY_TEXT
        if Trait.FITS not in self.filters.traits:
            return self._shown if by_text else ()
        rows = self.filters.with_trait(Trait.FITS, on=False).accepted(self._all, self.today)
        return rows if by_text else [row for row in rows if row.evaluation or row.standing is None]

    @property
    def undecided(self) -> Sequence[Row]:
        """The rows that are not shown only because it is not known yet whether the text fits."""
        if Trait.FITS not in self.filters.traits:
            return ()
        return [row for row in self.deciding if row.standing is None]

    def place_of(self, model_id: str) -> int | None:
        """The number of the row of that model; None if it is not shown."""
        return next((place for place, row in enumerate(self._shown) if row.model.id == model_id), None)

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """List these from now on; counts, filters and order stay."""
        favourites = {row.model.id for row in self._all if row.favourite}
        rows = (Row(place, model, model.id in favourites) for place, model in enumerate(models))
        self.beginResetModel()
        self._all = list(map(self._measured, rows))
        self._shown = self.order.sorted(self.filters.accepted(self._all, self.today))
        self.endResetModel()
        self.shown_changed.emit()

    def set_counts(
        self,
        counts: Mapping[str, Count],
        counted_with: Callable[[str], bool] = lambda _: True,
        most_tokens: Callable[[str], int | None] = lambda _: None,
    ) -> None:
        """Take the counts by tokenizer; a model whose tokenizer is absent shows that it is being counted, or
        that it is not (see ``ModelsPanel.set_counts``)."""
        self._counts = counts
        self._counted_with = counted_with
        self._most_tokens = most_tokens
        self._recompute()

    def set_reserve(self, tokens: int | None) -> None:
        """Keep this many tokens free for the answer; None: each model's own default."""
        self._reserve = tokens
        self._recompute()

    def set_favourites(self, ids: Sequence[str]) -> None:
        """Put the models whose id is in ``ids`` on top."""
        self._all = [replace(row, favourite=row.model.id in ids) for row in self._all]
        self._arrange()

    def set_filters(self, filters: Filters) -> None:
        """Show only what these accept."""
        self.filters = filters
        self._arrange()

    def set_order(self, order: Order) -> None:
        """Show the rows in this order."""
        self.order = order
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        left = column in (Column.MODEL, Column.WINDOW)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._titled(column, left)
            case Qt.ItemDataRole.ToolTipRole:
                return _TITLES[column][1]
            case Qt.ItemDataRole.TextAlignmentRole:
                return _LEFT if left else _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._shown[index.row()], Column(index.column())
        match role:
            case Role.ROW:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return cells.lines(row, column).first
            case Qt.ItemDataRole.ToolTipRole:
                return cells.tooltip(row, column, self.today) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return cells.spoken(row, column, self.today)
        return None

    def _titled(self, column: Column, left: bool) -> str:
        """The title, with an arrow on its inner side if the rows are ordered by it."""
        title = _DENSE_COST if self.dense and column is Column.COST else _TITLES[column][0]
        if self.order.key is not HEADER_KEYS[column]:
            return title
        arrow = "▾" if self.order.descending else "▴"
        return f"{title} {arrow}" if left else f"{arrow} {title}"

    def arrange_now(self) -> None:
        """Do at once what waits for a pause in the typing."""
        self._arranging.flush()

    def _recompute(self) -> None:
        """Show new figures at once; which rows are shown, and in which order, follows a moment later."""
        before = [row.preliminary for row in self._shown]
        self._all = list(map(self._measured, self._all))
        self._shown = [self._all[row.position] for row in self._shown]
        self._refresh(self.figures_from)
        if before != [row.preliminary for row in self._shown]:
            self._refresh(Column.MODEL)  # the badge beside a range has less room
        if self.order.key in BY_TEXT or Trait.FITS in self.filters.traits:
            self._arranging.request()

    def _refresh(self, column: Column) -> None:
        if self._shown:
            first, last = self.index(0, column), self.index(len(self._shown) - 1, len(Column) - 1)
            self.dataChanged.emit(first, last)

    def _measured(self, row: Row) -> Row:
        model = row.model
        count, asked = self.count_of(model), self._counted_with(model.tokenizer)
        if count is not None:
            found = evaluate(model, count, self._reserve)
            return Row(row.position, model, row.favourite, found, asked)
        most = None if asked else self._most_tokens(model.tokenizer)
        fits = most is not None and fit(Count.certain(most), model, self._reserve).standing is Standing.FITS
        return Row(row.position, model, row.favourite, None, asked, most if fits else None)

    def _arrange(self) -> None:
        """Show what the filters accept in the order chosen; what is selected stays so if it stays shown."""
        rows = self.order.sorted(self.filters.accepted(self._all, self.today))
        before, after = ([row.model.id for row in some] for some in (self._shown, rows))
        if before == after:
            self._shown = rows
            self._refresh(self.figures_from)
        elif len(before) == len(after) and set(before) == set(after):
            self._reorder(rows)
        else:
            self.beginResetModel()
            self._shown = rows
            self.endResetModel()
            self.shown_changed.emit()

    def _reorder(self, rows: list[Row]) -> None:
        self.layoutAboutToBeChanged.emit()
        places = {row.model.id: place for place, row in enumerate(rows)}
        old = self.persistentIndexList()
        new = [self.index(places[self._shown[one.row()].model.id], one.column()) for one in old]
        self._shown = rows
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()
