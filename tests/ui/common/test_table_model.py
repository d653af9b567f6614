"""The model of all tables of figures: order, selection, check boxes, and what a cell says."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from tokviz.ui.common.table_model import TableColumn, TableModel, TableRole, copy_cells


@dataclass(frozen=True)
class Fruit:
    name: str
    count: int | None
    bought: bool = False


COLUMNS = [
    TableColumn[Fruit]("Fruit", "What it is", lambda row: row.name, lambda row: row.name, number=False),
    TableColumn[Fruit](
        "Count",
        "",
        lambda row: "" if row.count is None else f"{row.count:,}",
        lambda row: row.count,
        cell_tip=lambda row: f"{row.count} of {row.name}",
        share=lambda row: None if row.count is None else row.count / 10,
    ),
]
ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def fruits(**counts: int | None) -> list[Fruit]:
    return [Fruit(name, count) for name, count in counts.items()]


@pytest.fixture
def model(qapp: object) -> TableModel[Fruit]:
    return TableModel(
        COLUMNS,
        lambda row: row.name,
        check=lambda row: Qt.CheckState.Checked if row.bought else Qt.CheckState.Unchecked,
        muted=lambda row: row.bought,
        color=lambda row: QColor("red") if row.name == "apple" else None,
    )


def names(model: TableModel[Fruit]) -> list[str]:
    return [row.name for row in model.rows]


def test_the_model_is_a_sound_one(model: TableModel[Fruit]) -> None:
    watching = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for rows in (fruits(b=1, a=None, c=3), fruits(b=2, a=5, c=None), fruits(a=1), [], fruits(z=1)):
        model.set_rows(rows)
        for column in (1, 0, -1):
            for order in (ASCENDING, DESCENDING):
                model.sort(column, order)
    model.set_columns(COLUMNS[:1], fruits(a=1))
    assert watching.model() is model
    assert (model.columnCount(), model.rowCount()) == (1, 1)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 4)), max_size=12), st.booleans())
def test_order_is_stable_and_the_unknown_last(counts: list[int | None], descending: bool) -> None:
    model = TableModel(COLUMNS, lambda row: row.name)
    rows = [Fruit(f"{number:02}", count) for number, count in enumerate(counts)]
    model.set_rows(rows)
    model.sort(1, DESCENDING if descending else ASCENDING)
    sign = -1 if descending else 1
    assert model.rows == sorted(rows, key=lambda row: (row.count is None, sign * (row.count or 0)))
    model.sort(-1)
    assert model.rows == rows


def test_rows_stay_selected_when_figures_and_order_change(model: TableModel[Fruit], qtbot: QtBot) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    model.set_rows(fruits(a=1, b=2, c=3))
    model.sort(1, DESCENDING)
    assert names(model) == ["c", "b", "a"]
    view.selectionModel().select(
        model.index(2, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    )
    resets = QSignalSpy(model.modelReset)
    model.set_rows(fruits(a=9, b=2, c=3))
    assert names(model) == ["a", "c", "b"]
    assert [index.data() for index in view.selectionModel().selectedRows()] == ["a"]
    assert resets.count() == 0
    model.set_rows(fruits(a=9, b=2))
    assert resets.count() == 1
    assert names(model) == ["a", "b"]


def test_cells_say_what_their_columns_make_of_the_row(model: TableModel[Fruit]) -> None:
    model.set_rows(fruits(apple=1000, pear=None))
    role = Qt.ItemDataRole
    name, count, none = model.index(0, 0), model.index(0, 1), model.index(1, 1)
    assert (name.data(), count.data(), none.data()) == ("apple", "1,000", "")
    assert count.data(role.AccessibleTextRole) == "Count: 1,000"
    assert none.data(role.AccessibleTextRole) == "Count: none"
    assert (name.data(role.ToolTipRole), count.data(role.ToolTipRole)) == (None, "1000 of apple")
    assert name.data(role.TextAlignmentRole) is None
    assert Qt.AlignmentFlag(count.data(role.TextAlignmentRole)) & Qt.AlignmentFlag.AlignRight
    assert (count.data(TableRole.SHARE), none.data(TableRole.SHARE), name.data(TableRole.MUTED)) == (
        100.0,
        None,
        False,
    )
    assert (name.data(role.DecorationRole), count.data(role.DecorationRole)) == (QColor("red"), None)
    heads = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(3)]
    assert heads == ["Fruit", "Count", None]
    assert model.headerData(0, Qt.Orientation.Horizontal, role.ToolTipRole) == "What it is"
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_a_check_box_asks_and_shows_what_the_row_says(model: TableModel[Fruit]) -> None:
    row = Fruit("apple", 1)
    model.set_rows([row])
    asked = QSignalSpy(model.checked)
    first = model.index(0, 0)
    assert first.flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert not model.index(0, 1).flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert model.setData(first, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert not model.setData(first, "pear")
    assert [asked.at(number) for number in range(asked.count())] == [[row, True]]
    assert Qt.CheckState(first.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Unchecked
    model.set_rows([replace(row, bought=True)])
    assert Qt.CheckState(first.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked


def test_rows_are_copied_as_they_are_shown(model: TableModel[Fruit]) -> None:
    model.set_rows(fruits(b=2000, a=None))
    model.sort(0)
    copy_cells(model.texts([1, 0]))
    assert QGuiApplication.clipboard().text() == "b\t2,000\na\t"
