"""A header stands over its cells, and its columns have room for their titles in any language."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from tokviz.ui.common.table_header import PADDING, TableHeader


@pytest.fixture
def header(qtbot: QtBot) -> Iterator[TableHeader]:
    table = QTableView()
    qtbot.addWidget(table)
    model = QStandardItemModel(1, 3, table)
    for column, title in enumerate(("Size", "Kontextfenster", "Donaudampfschifffahrtsgesellschaft")):
        model.setHeaderData(column, Qt.Orientation.Horizontal, title)
    table.setModel(model)
    made = TableHeader(table)
    table.setHorizontalHeader(made)
    yield made
    assert table.horizontalHeader() is made  # and the table lives as long


def test_a_column_is_as_wide_as_it_is_to_be_where_its_title_fits(header: TableHeader) -> None:
    assert header.fitting(0, 100) == 100


def test_a_column_grows_with_a_longer_title_up_to_half_as_much_again(header: TableHeader) -> None:
    needed = header.fontMetrics().horizontalAdvance("Kontextfenster") + 2 * PADDING + 1
    assert header.fitting(1, needed - 10) == needed
    assert header.fitting(2, 60) == 90
    header.set_widths([(1, needed - 10), (2, 60)])
    assert [header.sectionSize(column) for column in (1, 2)] == [needed, 90]
